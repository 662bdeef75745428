// Payouts that are over and may not be: money comes back after it was paid, and what two people
// closed may still turn out otherwise. Kept in memory, so that nothing is read for them in between.
import type { Payer } from './checks.ts';
import { isClosedByPeople } from './limits.ts';
import type { Payout } from './types.ts';

export interface EndedWatch {
  /** No payout that ended longer ago is asked about. */
  readonly longestMs: number;
  /** Begins or ends the watch over it, as its state now demands. */
  watch(payout: Payout): void;
  /** Those to ask about now; each is given once until it is due again. */
  listDue(now: number): readonly Payout[];
}

const closedByPeople = { forMs: 7 * 24 * 3_600_000, everyMs: 3_600_000 };
const paidEveryMs = 24 * 3_600_000;

export function createEndedWatch(payers: ReadonlyMap<string, Payer>): EndedWatch {
  const watched = new Map<string, { payout: Payout; askedAtMs: number }>();

  /** How often it is asked about at this age; undefined where that is over. */
  const findEveryMs = (payout: Payout, ageMs: number): number | undefined => {
    const payer = payers.get(payout.content.provider);
    if (payer?.payouts.getStatus === undefined) return undefined;
    if (isClosedByPeople(payout) && ageMs < closedByPeople.forMs) return closedByPeople.everyMs;
    const mayReturn = payout.state === 'paid' && ageMs < payer.payouts.returnWindowMs;
    return mayReturn ? paidEveryMs : undefined;
  };

  return {
    longestMs: Math.max(
      closedByPeople.forMs,
      ...[...payers.values()].map(({ payouts }) => payouts.returnWindowMs),
    ),
    watch(payout) {
      if (findEveryMs(payout, 0) === undefined) {
        watched.delete(payout.id);
        return;
      }
      const askedAtMs = watched.get(payout.id)?.askedAtMs ?? payout.endedAtMs ?? 0;
      watched.set(payout.id, { payout, askedAtMs });
    },
    listDue(now) {
      const due: Payout[] = [];
      for (const [id, one] of watched) {
        const everyMs = findEveryMs(one.payout, now - (one.payout.endedAtMs ?? 0));
        const agoMs = now - one.askedAtMs;
        if (everyMs === undefined) {
          watched.delete(id);
        } else if (agoMs >= everyMs || agoMs < 0) {
          one.askedAtMs = now;
          due.push(one.payout);
        }
      }
      return due;
    },
  };
}
