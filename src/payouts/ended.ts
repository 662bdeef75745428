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

  const planFor = (payout: Payout): { forMs: number; everyMs: number } | undefined => {
    const payer = payers.get(payout.content.provider);
    if (payer?.payouts.getStatus === undefined) return undefined;
    if (isClosedByPeople(payout)) return closedByPeople;
    const { returnWindowMs } = payer.payouts;
    if (payout.state !== 'paid' || returnWindowMs === 0) return undefined;
    return { forMs: returnWindowMs, everyMs: paidEveryMs };
  };

  return {
    longestMs: Math.max(
      closedByPeople.forMs,
      ...[...payers.values()].map(({ payouts }) => payouts.returnWindowMs),
    ),
    watch(payout) {
      if (planFor(payout) === undefined) {
        watched.delete(payout.id);
        return;
      }
      const askedAtMs = watched.get(payout.id)?.askedAtMs ?? payout.endedAtMs ?? 0;
      watched.set(payout.id, { payout, askedAtMs });
    },
    listDue(now) {
      const due: Payout[] = [];
      for (const [id, one] of watched) {
        const plan = planFor(one.payout);
        const endedAtMs = one.payout.endedAtMs ?? 0;
        if (plan === undefined || now - endedAtMs > plan.forMs) {
          watched.delete(id);
        } else if (now - one.askedAtMs >= plan.everyMs) {
          one.askedAtMs = now;
          due.push(one.payout);
        }
      }
      return due;
    },
  };
}
