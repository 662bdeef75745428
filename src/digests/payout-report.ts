// What a digest says of payouts: how those of the last day ended, what waits, and what somebody must
// look at. Counts and amounts stand apart for each currency.
import { addMoney, type Money } from '../money.ts';
import { amountOf, type Freeze } from '../payouts/index.ts';
import type { Payout } from '../payouts/types.ts';
import { dayMs } from '../store/index.ts';

export const endings = ['paid', 'failed', 'returned'] as const;
export type Ending = (typeof endings)[number];

export interface Tally {
  readonly count: number;
  readonly amount: Money;
}

export interface PayoutReport {
  /** Of the last 24 hours, each with one tally a currency. */
  readonly ended: Readonly<Record<Ending, readonly Tally[]>>;
  /** Nobody has decided yet, or it was approved and cannot be sent. */
  readonly waiting: { readonly tallies: readonly Tally[]; readonly oldestAtMs: number | undefined };
  /** Oldest first. */
  readonly troubled: readonly Payout[];
  readonly frozen: readonly Freeze[];
}

export function composePayouts(
  payouts: readonly Payout[],
  frozen: readonly Freeze[],
  nowMs: number,
): PayoutReport {
  const endedAs = (state: Ending) =>
    tally(
      payouts.filter(
        (one) => one.state === state && (one.endedAtMs ?? 0) > nowMs - dayMs && !isTroubled(one),
      ),
    );
  const waiting = payouts.filter(({ state }) => state === 'requested' || state === 'approved');
  return {
    ended: { paid: endedAs('paid'), failed: endedAs('failed'), returned: endedAs('returned') },
    waiting: {
      tallies: tally(waiting),
      oldestAtMs:
        waiting.length === 0 ? undefined : Math.min(...waiting.map((one) => one.requestedAtMs)),
    },
    troubled: payouts.filter(isTroubled).sort((a, b) => a.requestedAtMs - b.requestedAtMs),
    frozen,
  };
}

/** Its outcome is unknown, it is stuck, or what is known of it contradicts itself. */
function isTroubled({ state, alarmedAtMs, disputed }: Payout): boolean {
  const isStuck = state === 'submitted' && alarmedAtMs !== undefined;
  return state === 'unknown' || isStuck || disputed !== undefined;
}

/** By currency, in the order of the alphabet. */
function tally(payouts: readonly Payout[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { content } of payouts) {
    const amount = amountOf(content);
    const known = tallies.get(amount.currency);
    tallies.set(amount.currency, {
      count: (known?.count ?? 0) + 1,
      amount: known === undefined ? amount : addMoney(known.amount, amount),
    });
  }
  return [...tallies.values()].sort((a, b) => (a.amount.currency < b.amount.currency ? -1 : 1));
}
