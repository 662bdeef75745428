// Which digests are due: one for each digest, channel and local date. How far a channel has been looked
// through stands in the store, so that downtime leaves no date out: of several that were missed the
// newest is posted late, and the older ones are on record as missed.
import { z } from 'zod';
import {
  type Deliveries,
  type Delivery,
  type Digest,
  type Due,
  findNext,
  listDue,
  markOfDigest,
  toDelivery,
} from '../digests/index.ts';
import type { Log } from '../log.ts';
import { createRecords } from '../store/index.ts';
import type { Store } from '../store/types.ts';

export interface Editions {
  /** Never rejects: what fails is logged and looked at again. */
  claimDue(digests: readonly Digest[]): Promise<void>;
}

export interface EditionsDeps {
  readonly store: Store;
  readonly deliveries: Deliveries;
  readonly clock: { now(): number };
  readonly log: Log;
}

const cursorSchema = z.object({
  /** `<digest> <channel>` */
  id: z.string(),
  /** Everything that was due until then is on record. */
  untilMs: z.number(),
});

/** Missed dates before that are one line in the log. */
const missedForMs = 31 * 86_400_000;
const againAfterMs = 30_000;
/** A digest that is never due again is looked at once a day. */
const dayMs = 86_400_000;

export function createEditions({ store, deliveries, clock, log }: EditionsDeps): Editions {
  const cursors = createRecords(store, {
    kind: 'digest-cursor',
    schema: cursorSchema,
    idOf: ({ id }) => id,
    isOpen: () => false,
  });
  /** By cursor: nothing is due before. */
  const nextAtMs = new Map<string, number>();

  async function claimFor(digest: Digest, channel: string, nowMs: number): Promise<void> {
    const id = `${digest.id} ${channel}`;
    const known = (await cursors.find(id))?.value;
    // A digest that is new here begins with its next date.
    if (known !== undefined && known.untilMs < nowMs) {
      const fromMs = Math.max(known.untilMs, nowMs - missedForMs);
      if (fromMs > known.untilMs) {
        log.warn(
          { digest: digest.id, channel, untilMs: fromMs },
          'digests of long ago were missed',
        );
      }
      const due = listDue(digest, fromMs, nowMs);
      for (const [index, one] of due.entries()) {
        await claim(digest, channel, one, index < due.length - 1);
      }
    }
    await cursors.change(id, (cursor) =>
      cursor !== undefined && cursor.untilMs >= nowMs
        ? undefined
        : { next: { id, untilMs: nowMs } },
    );
    nextAtMs.set(id, findNext(digest, nowMs)?.atMs ?? nowMs + dayMs);
  }

  async function claim(digest: Digest, channel: string, due: Due, isMissed: boolean) {
    const mark = markOfDigest(digest.id, due.date);
    const one: Delivery = toDelivery(
      {
        id: `${mark} ${channel}`,
        mark,
        channel,
        digest: { id: digest.id, date: due.date },
        dueAtMs: due.atMs,
      },
      clock.now(),
    );
    const reason = 'Purser did not run at the time, and a newer digest was due when it did again.';
    const isNew = await deliveries.claim(isMissed ? { ...one, state: 'missed', reason } : one);
    const said = { digest: digest.id, date: due.date, channel };
    if (isNew && isMissed) log.warn(said, 'a digest was missed: Purser did not run at the time');
    else if (isNew) log.info(said, 'a digest is due');
  }

  return {
    async claimDue(digests) {
      const nowMs = clock.now();
      for (const digest of digests) {
        for (const channel of new Set(digest.to)) {
          const id = `${digest.id} ${channel}`;
          if (nowMs < (nextAtMs.get(id) ?? 0)) continue;
          try {
            await claimFor(digest, channel, nowMs);
          } catch (error) {
            nextAtMs.set(id, nowMs + againAfterMs);
            log.error(
              { digest: digest.id, channel, err: error },
              'a digest could not be looked for',
            );
          }
        }
      }
    },
  };
}
