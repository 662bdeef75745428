// The card of a delivery. A digest that goes to several channels at once is composed once.
import { composeAlertCard } from '../commands/alert-card.ts';
import type { Picture } from '../commands/card.ts';
import { composeDigestCard, troubledMax } from '../commands/digest-card.ts';

import type { Delivery, DigestOffice, DigestReport } from '../digests/index.ts';
import type { Team } from '../team.ts';
import type { Cards } from './posting.ts';

export interface CardsDeps {
  readonly team: Team;
  readonly digests: DigestOffice;
  readonly clock: { now(): number };
  /** Where the card of a payout stands on that platform: an address. */
  findLink(payout: string, platform: string): Promise<string | undefined>;
}

type Edition = NonNullable<Delivery['digest']>;

interface Composed {
  readonly report: DigestReport;
  readonly picture: Picture | undefined;
}

/** As long as that a report is of now. */
const freshForMs = 2 * 60_000;

export function createCards({ team, digests, clock, findLink }: CardsDeps): Cards {
  const kept = new Map<string, { atMs: number; composed: Promise<Composed> }>();

  const compose = async (id: string, date: string, isExtra: boolean): Promise<Composed> => {
    const digest = team.digests.find((one) => one.id === id);
    const report = await digests.compose(digest, isExtra ? undefined : date);
    return { report, picture: await digests.draw(report) };
  };

  const composeOnce = (digest: Edition): Promise<Composed> => {
    const isExtra = digest.by !== undefined;
    const name = JSON.stringify([digest.id, digest.date, isExtra]);
    const known = kept.get(name);
    if (known !== undefined && clock.now() - known.atMs < freshForMs) return known.composed;
    const composed = compose(digest.id, digest.date, isExtra);
    for (const [one, { atMs }] of kept) if (clock.now() - atMs >= freshForMs) kept.delete(one);
    kept.set(name, { atMs: clock.now(), composed });
    // What failed is not the answer for the next channel.
    composed.catch(() => kept.delete(name));
    return composed;
  };

  const findLinks = async ({ payouts }: DigestReport, channel: string) => {
    const [platform = ''] = channel.split(':', 1);
    const found = payouts.troubled.slice(0, troubledMax).map(async ({ id }) => {
      const link = await findLink(id, platform);
      return link === undefined ? [] : [[id, link] as const];
    });
    return new Map((await Promise.all(found)).flat());
  };

  return {
    async compose(delivery, isLate) {
      const { digest, alert, mark, dueAtMs } = delivery;
      if (alert !== undefined)
        return { ...composeAlertCard(alert, { team, providers: digests.providers }), mark };
      if (digest === undefined) throw new TypeError(`nothing to post for ${delivery.id}`);
      const { report, picture } = await composeOnce(digest);
      const card = composeDigestCard(report, {
        team,
        digest: team.digests.find(({ id }) => id === digest.id),
        links: await findLinks(report, delivery.channel),
        ...(isLate ? { lateSinceMs: dueAtMs } : {}),
        ...(digest.by === undefined ? {} : { by: digest.by }),
      });
      return { ...card, mark, ...(picture === undefined ? {} : { picture }) };
    },
    async notePosted({ digest }) {
      if (digest === undefined || digest.by !== undefined) return;
      const name = JSON.stringify([digest.id, digest.date, false]);
      const composed = await kept.get(name)?.composed;
      if (composed !== undefined) await digests.noteShown(digest.id, composed.report);
    },
  };
}
