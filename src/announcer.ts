// Keeps what is posted true: the card of each payout and payee in the approvals channels follows its
// state, the audit channels get each step, the alerts channels what must not be overlooked, and the
// requester hears how it ended. The store remembers where a card stands; everything here can be lost
// and is made again from the payouts themselves.
import { z } from 'zod';
import type { Clock } from './clock.ts';
import {
  composeAlarm,
  composeAlert,
  composeFreezeAlert,
  composeFreezeStep,
  composePayeeStep,
  composePayoutStep,
  isAlarming,
} from './commands/announcements.ts';
import type { Card } from './commands/card.ts';
import { composePayeeCard } from './commands/payee-card.ts';
import { composePayoutLine } from './commands/payout-card.ts';
import { composePayoutCardFor } from './commands/payout-view.ts';
import type { Account, Poster } from './commands/types.ts';
import type { Log } from './log.ts';
import { createRecords, type Notice, type PayoutOffice } from './payouts/index.ts';
import { finalStates, type Payout } from './payouts/types.ts';
import type { Store } from './store/types.ts';
import type { Team } from './team.ts';

export interface Announcer {
  /** Brings every card of open work up to date; posts those that are gone. */
  recover(): Promise<void>;
  /** Tries again what could not be posted. */
  tick(): Promise<void>;
  notify(notice: Notice): void;
  /** Resolves when nothing is being posted. */
  settle(): Promise<void>;
}

export interface AnnouncerDeps {
  readonly store: Store;
  readonly team: Team;
  readonly payouts: PayoutOffice;
  readonly posters: readonly Poster[];
  readonly clock: Clock;
  readonly log: Log;
}

type ChannelUse = keyof Team['channels'];

const postSchema = z.object({
  /** `<payout or payee> <channel>`, `alarm <payout> <state> <channel>` */
  id: z.string(),
  channel: z.string(),
  message: z.string(),
  isOver: z.boolean(),
});

const retryMaxMs = 5 * 60_000;
/** What was to be told when Purser died is told after the next start, this far back. */
const alarmsForMs = 31 * 24 * 3_600_000;
const alarmsMax = 20_000;

export function createAnnouncer(deps: AnnouncerDeps): Announcer {
  const { team, payouts, posters, clock, log } = deps;
  const posts = createRecords(deps.store, {
    kind: 'post',
    schema: postSchema,
    idOf: ({ id }) => id,
    isOpen: ({ isOver }) => !isOver,
  });
  const queues = new Map<string, Promise<void>>();
  const failed = new Map<string, { work: () => Promise<void>; tries: number; atMs: number }>();
  /** Where a card stands, also while the store cannot keep it: it must not be posted again. */
  const messages = new Map<string, string>();

  const nameOf = (id: string) => team.people.find((person) => person.id === id)?.name ?? id;

  /** One after the other for each subject, so that an older card never replaces a newer one. */
  const enqueue = (subject: string, work: () => Promise<void>) => {
    const before = queues.get(subject) ?? Promise.resolve();
    const running = before
      .then(work)
      .then(() => void failed.delete(subject))
      .catch((error: unknown) => {
        const tries = (failed.get(subject)?.tries ?? 0) + 1;
        failed.set(subject, { work, tries, atMs: clock.now() });
        log.error({ subject, err: error }, 'could not be posted; it is tried again');
      })
      .finally(() => {
        if (queues.get(subject) === running) queues.delete(subject);
      });
    queues.set(subject, running);
  };

  const channelsFor = (use: ChannelUse) => listChannels(team.channels[use], posters);

  async function show(subject: string, card: Card, isOver: boolean): Promise<void> {
    for (const { key, poster, channel } of channelsFor('approvals')) {
      const id = `${subject} ${key}`;
      const kept = (await posts.find(id))?.value;
      const unkept = messages.get(id);
      const posted =
        unkept === undefined ? kept : { id, channel: key, message: unkept, isOver: false };
      const isThere = posted !== undefined && (await poster.update(channel, posted.message, card));
      // What is over and gone need not be posted again.
      if (!isThere && posted !== undefined && posted.isOver) continue;
      const message = isThere ? posted.message : await poster.post(channel, card);
      if (isThere && unkept === undefined && posted.isOver === isOver) continue;
      messages.set(id, message);
      await posts.change(id, () => ({ next: { id, channel: key, message, isOver } }));
      messages.delete(id);
    }
  }

  const showPayout = (id: string) =>
    enqueue(id, async () => {
      const payout = await payouts.desk.find(id);
      if (payout === undefined) return;
      const card = composePayoutCardFor({ payouts, team }, payout);
      await show(id, card, finalStates.has(payout.state));
    });

  const showPayee = (id: string) =>
    enqueue(`payee ${id}`, async () => {
      const payee = await payouts.payees.find(id);
      if (payee === undefined) return;
      const card = await composePayeeCard({ payouts, team }, payee);
      await show(`payee ${id}`, card, payee.proposed === undefined);
    });

  const broadcast = (use: ChannelUse, card: Card) => {
    for (const { poster, channel } of channelsFor(use)) {
      poster.post(channel, card).catch((error: unknown) => {
        log.error({ channel, err: error }, `a message for the ${use} channel was lost`);
      });
    }
  };

  /** Once for each payout and channel, and not lost: the store remembers that it was said. */
  const raise = (payout: Payout) =>
    enqueue(`alarm ${payout.id}`, async () => {
      for (const { key, poster, channel } of channelsFor('alerts')) {
        const id = `alarm ${payout.id} ${payout.state} ${key}`;
        if (messages.has(id) || (await posts.find(id)) !== undefined) continue;
        const message = await poster.post(channel, composeAlarm(payout));
        messages.set(id, message);
        await posts.change(id, () => ({ next: { id, channel: key, message, isOver: true } }));
        messages.delete(id);
      }
    });

  payouts.journal.subscribe((payout, before, by) => {
    showPayout(payout.id);
    const step = composePayoutStep(payout, before, nameOf(by.person));
    if (step !== undefined) broadcast('audit', step);
    if (payout.state !== before?.state && isNewsForRequester(payout)) tellRequester(payout);
    if (isAlarming(payout)) raise(payout);
  });
  payouts.payees.subscribe((payee, step) => {
    broadcast('audit', composePayeeStep(payee, step, nameOf(step.person)));
    if (payee.proposed !== undefined || queues.has(`payee ${payee.id}`)) showPayee(payee.id);
    else void refreshPayee(payee.id);
  });
  payouts.freezes.subscribe((freeze, person) => {
    const { scope } = freeze;
    const provider = payouts.payers.get(scope)?.name ?? scope;
    const what = scope === 'all' ? 'All payouts' : `Payouts at ${provider}`;
    broadcast('audit', composeFreezeStep(freeze, what, nameOf(person)));
    const alert = composeFreezeAlert(freeze, what);
    if (alert !== undefined) broadcast('alerts', alert);
  });

  /** A payee without a card of its own is not posted because it was removed or decided. */
  async function refreshPayee(id: string): Promise<void> {
    const known = channelsFor('approvals').map(({ key }) => posts.find(`payee ${id} ${key}`));
    if ((await Promise.all(known)).some((post) => post !== undefined)) showPayee(id);
  }

  function tellRequester(payout: Payout): void {
    const { platform, team: workspace, user } = payout.place;
    const poster = posters.find((one) => one.platform === platform);
    if (poster === undefined) return;
    const account: Account = {
      platform: poster.platform,
      user,
      ...(workspace === undefined ? {} : { team: workspace }),
    };
    const card = composePayoutCardFor({ payouts, team }, payout);
    poster.tell(account, composePayoutLine(card, payout)).catch((error: unknown) => {
      log.error({ payout: payout.id, err: error }, 'the requester could not be told');
    });
  }

  return {
    async recover() {
      for (const { id } of await payouts.desk.listOpen()) showPayout(id);
      for (const { id, proposed } of await payouts.payees.list()) {
        if (proposed !== undefined) showPayee(id);
      }
      const recent = await payouts.desk.listSince(clock.now() - alarmsForMs, alarmsMax);
      for (const payout of recent.filter(isAlarming)) raise(payout);
      await this.settle();
    },
    async tick() {
      for (const [subject, { work, tries, atMs }] of failed) {
        const waitMs = Math.min(retryMaxMs, 2 ** tries * 1000);
        if (!queues.has(subject) && clock.now() - atMs >= waitMs) enqueue(subject, work);
      }
    },
    notify(notice) {
      const { payout } = notice;
      const text =
        notice.kind === 'alarm'
          ? notice.text
          : `It still waits for ${waitingFor(payout, team)}.${
              notice.isEscalated ? ` ${escalationNames(team)}: nobody has decided yet.` : ''
            }`;
      const use = notice.kind === 'alarm' || notice.isEscalated ? 'alerts' : 'approvals';
      broadcast(use, composeAlert(payout, text));
      showPayout(payout.id);
    },
    async settle() {
      while (queues.size > 0) await Promise.all(queues.values());
    },
  };
}

interface Target {
  /** `playground:approvals` */
  readonly key: string;
  readonly poster: Poster;
  readonly channel: string;
}

/** The named channels of running bots; the playground is never without one. */
function listChannels(keys: readonly string[], posters: readonly Poster[]): Target[] {
  const named = keys.flatMap((key): Target[] => {
    const [platform, channel = ''] = key.split(/:(.*)/s);
    const poster = posters.find((one) => one.platform === platform);
    return poster === undefined ? [] : [{ key, poster, channel }];
  });
  const playground = posters.find(({ platform }) => platform === 'playground');
  if (named.length > 0 || playground === undefined) return named;
  return [{ key: 'playground:general', poster: playground, channel: 'general' }];
}

const toldStates: ReadonlySet<Payout['state']> = new Set([...finalStates, 'unknown']);

function isNewsForRequester({ state }: Payout): boolean {
  return toldStates.has(state) && state !== 'cancelled';
}

function waitingFor({ requirement, decisions }: Payout, team: Team): string {
  const done = decisions.map(({ person }) => person);
  const left = requirement.from.filter((id) => !done.includes(id));
  return left.map((id) => team.people.find((one) => one.id === id)?.name ?? id).join(' or ');
}

function escalationNames({ people, expiry }: Team): string {
  const names = people.filter(({ roles }) => roles.includes(expiry.escalate_to));
  return names.map(({ name }) => name).join(', ');
}
