// What must be true for a payout to go on. Asked at the request, at every approval and once more
// before sending; each answer is a sentence for a person.
import type { BalanceDesk } from '../balances.ts';
import { UserError } from '../errors.ts';
import {
  addMoney,
  compareMoney,
  formatMoney,
  type Money,
  roundDown,
  subtractMoney,
} from '../money.ts';
import type { PayoutCalls } from '../providers/payouts.ts';
import type { Records } from '../store/index.ts';
import type { Team } from '../team.ts';
import { amountOf } from './content.ts';
import { describeFreeze, type Freezes } from './freezes.ts';
import { findExceededLimits, lookBackMs } from './limits.ts';
import type { Payout, PayoutContent } from './types.ts';

/** A provider that pays. */
export interface Payer {
  readonly id: string;
  readonly name: string;
  readonly payouts: PayoutCalls;
}

export interface ChecksDeps {
  readonly team: Team;
  readonly payers: ReadonlyMap<string, Payer>;
  readonly balances: BalanceDesk;
  readonly freezes: Freezes;
  readonly payouts: Records<Payout>;
  readonly clock: { now(): number };
}

export interface Funds {
  /** Rounded down to what can be paid, less what is being sent right now. */
  readonly available: Money;
  readonly after: Money;
}

export type FundsAnswer =
  | { readonly ok: true; readonly funds: Funds }
  | { readonly ok: false; readonly why: string; readonly isPassing: boolean };

export interface Checks {
  /** Why nothing may be paid with this provider now, or undefined. */
  findFreeze(provider: string): Promise<string | undefined>;
  /** Reads the balance now: never a remembered one. */
  checkFunds(content: PayoutContent, payoutId: string | undefined): Promise<FundsAnswer>;
  findExceeded(
    content: PayoutContent,
    requester: string,
    payoutId: string | undefined,
  ): Promise<string[]>;
  /** All that are open, and those of the longest window that any rule looks back. */
  listRecent(): Promise<Payout[]>;
}

/** More than this in one window is no longer checked but refused. */
const recentMax = 20_000;

export function createChecks(deps: ChecksDeps): Checks {
  const { team, payers, balances, freezes, payouts, clock } = deps;
  const payerName = (id: string) => payers.get(id)?.name ?? id;
  const nameOf = (id: string) => team.people.find((person) => person.id === id)?.name ?? id;

  const listRecent = async () => {
    const [open, rows] = await Promise.all([
      payouts.listOpen(),
      payouts.listSince(clock.now() - lookBackMs(team), recentMax + 1),
    ]);
    if (rows.length > recentMax) {
      throw new UserError(
        `More than ${recentMax.toLocaleString('en')} payouts are in the longest window of the limits, too many to check. Whoever keeps the team file can shorten it.`,
      );
    }
    const known = new Set(rows.map(({ id }) => id));
    return [...open.filter(({ id }) => !known.has(id)), ...rows];
  };

  return {
    listRecent,
    async findFreeze(provider) {
      const freeze = await freezes.findFor(provider);
      return freeze && describeFreeze(freeze, payerName(provider), nameOf);
    },
    async findExceeded(content, requester, payoutId) {
      // Days of payouts need not be read where nothing is limited.
      if (!team.limits.some(({ currency }) => currency === content.currency)) return [];
      const facts = {
        id: payoutId,
        provider: content.provider,
        providerName: payerName(content.provider),
        requester,
        amount: amountOf(content),
        nowMs: clock.now(),
      };
      return findExceededLimits(team, facts, await listRecent());
    },
    async checkFunds(content, payoutId) {
      const payer = payers.get(content.provider);
      if (payer === undefined) {
        return { ok: false, why: `${content.provider} is not connected.`, isPassing: false };
      }
      const amount = amountOf(content);
      // Before the balance: what is taken in between counts twice for a moment, and not at all else.
      const underWay = await sumUnderWay(content, payoutId, amount);
      const [result] = await balances.read([content.provider]);
      if (result === undefined || !result.ok) {
        const why = result?.ok === false ? result.error.message : 'It did not answer.';
        return {
          ok: false,
          why: `The balance cannot be checked now. ${why}`,
          isPassing: true,
        };
      }
      const { lines, failures } = result.now.reading;
      const line = lines.find(
        ({ account, currency }) => account === content.account && currency === content.currency,
      );
      const given = line?.amounts.available;
      if (given === undefined) {
        const failed = failures[0]?.error.message;
        return {
          ok: false,
          why:
            failed === undefined
              ? `${payer.name} gives no available amount for ${content.account} in ${content.currency}.`
              : `The balance cannot be checked now. ${failed}`,
          isPassing: failed !== undefined,
        };
      }
      const available = subtractMoney(roundDown(given, amount.decimals), underWay);
      const after = subtractMoney(available, amount);
      if (compareMoney(after, { ...after, units: 0n }) < 0) {
        return {
          ok: false,
          why: `${formatMoney(available)} is available at ${payer.name} (${content.account}); this payout needs ${formatMoney(amount)}.`,
          isPassing: true,
        };
      }
      return { ok: true, funds: { available, after } };
    },
  };

  /** What was sent but may not show in the provider's figure yet. */
  async function sumUnderWay(
    content: PayoutContent,
    payoutId: string | undefined,
    zero: Money,
  ): Promise<Money> {
    const open = await payouts.listOpen();
    let sum: Money = { ...zero, units: 0n };
    for (const other of open) {
      const isUnderWay = other.state === 'sending' || other.state === 'unknown';
      const isSamePot =
        other.content.provider === content.provider &&
        other.content.account === content.account &&
        other.content.currency === content.currency;
      if (other.id === payoutId || !isUnderWay || !isSamePot) continue;
      sum = addMoney(sum, amountOf(other.content));
    }
    return sum;
  }
}
