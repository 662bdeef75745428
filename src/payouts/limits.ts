// Limits over a window of time, and payouts that look like one that was asked before. Pending and
// unknown payouts count too, over all providers: money that may have left has left.
import { addMoney, compareMoney, formatMoney, type Money, parseDecimal } from '../money.ts';
import type { Team } from '../team.ts';
import { amountOf } from './content.ts';
import { countedStates, finalStates, type Payout } from './types.ts';

export interface LimitFacts {
  /** The payout itself, when it is already stored: it is not counted twice. */
  readonly id: string | undefined;
  readonly provider: string;
  readonly providerName: string;
  readonly requester: string;
  readonly amount: Money;
  readonly nowMs: number;
}

/** Sentences, one for each limit that the payout would exceed. */
export function findExceededLimits(
  team: Team,
  facts: LimitFacts,
  recent: readonly Payout[],
): string[] {
  return team.limits.flatMap((limit) => {
    if (limit.currency !== facts.amount.currency) return [];
    if (limit.per === 'provider' && limit.provider !== facts.provider) return [];
    const since = facts.nowMs - durationMs(limit.window);
    const used = recent
      .filter(
        (payout) =>
          payout.id !== facts.id &&
          mayHaveLeft(payout) &&
          (isOpen(payout) || (payout.sentAtMs ?? payout.requestedAtMs) > since) &&
          payout.content.currency === limit.currency &&
          (limit.per === 'person'
            ? payout.requestedBy === facts.requester
            : payout.content.provider === limit.provider),
      )
      .reduce((sum, payout) => addMoney(sum, amountOf(payout.content)), {
        ...facts.amount,
        units: 0n,
      });
    const allowed = parseDecimal(limit.amount, limit.currency);
    if (compareMoney(addMoney(used, facts.amount), allowed) <= 0) return [];
    const whose =
      limit.per === 'person' ? 'One person' : `Everybody together at ${facts.providerName}`;
    return [
      `${whose} may pay ${formatMoney(allowed)} in ${describeWindow(limit.window)}; ${formatMoney(used)} of it is used or waiting.`,
    ];
  });
}

/** The longest window of any limit, and the day of the duplicate check. What was sent then may have
 * been asked for earlier, by as long as a request lives. */
export function lookBackMs(team: Team): number {
  const longest = Math.max(
    duplicateWindowMs,
    ...team.limits.map(({ window }) => durationMs(window)),
  );
  return longest + durationMs(team.expiry.after);
}

const duplicateWindowMs = 24 * 60 * 60 * 1000;

/** It has left, may leave, or its provider says against its end that it has. */
function mayHaveLeft({ state, disputed }: Payout): boolean {
  return countedStates.has(state) || disputed !== undefined;
}

/** Whatever is not over counts, however long ago it was asked for: it may leave now. */
function isOpen({ state }: Payout): boolean {
  return !finalStates.has(state);
}

/** People said how it ended, and people err: it may have ended otherwise. */
export function isClosedByPeople({ state, evidence }: Payout): boolean {
  return state !== 'returned' && evidence.some(({ from }) => from === 'people');
}

/**
 * Same payee and same amount within 24 hours, whatever the version of the payee: asked for or sent
 * then, or nobody knows whether it was paid. `payeeIds` are all payees with that account.
 */
export function findDuplicates(
  facts: {
    readonly payeeIds: readonly string[];
    readonly amount: Money;
    readonly nowMs: number;
  },
  recent: readonly Payout[],
): Payout[] {
  const since = facts.nowMs - duplicateWindowMs;
  return recent.filter(
    (payout) =>
      (mayHaveLeft(payout) || isClosedByPeople(payout)) &&
      (payout.state === 'unknown' || (payout.sentAtMs ?? payout.requestedAtMs) > since) &&
      facts.payeeIds.includes(payout.content.payee.id) &&
      payout.content.currency === facts.amount.currency &&
      compareMoney(amountOf(payout.content), facts.amount) === 0,
  );
}

/** `24 h`, `30 min`, `7 days`, as people read it. */
export function describeWindow(text: string): string {
  const count = Number(text.slice(0, -1));
  const unit = { m: 'min', h: 'h', d: count === 1 ? 'day' : 'days' }[text.slice(-1)];
  if (unit === undefined) throw new TypeError(`not a duration: ${text}`);
  return `${count} ${unit}`;
}

/** `24h`, `30m`, `7d`, as the team file writes them; checked there. */
export function durationMs(text: string): number {
  const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 }[text.slice(-1)];
  if (unitMs === undefined) throw new TypeError(`not a duration: ${text}`);
  return Number(text.slice(0, -1)) * unitMs;
}
