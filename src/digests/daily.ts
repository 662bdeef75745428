// One figure a UTC day for each pot: what is available at one provider in one currency, its accounts
// added up. A day counts only where every account of the pot has a figure: a sum without one of them
// would look like money gone.
import type { Money } from '../money.ts';
import { dayMs, dayOf } from '../store/index.ts';
import type { Reading } from '../store/types.ts';
import { sumMoney } from './figures.ts';
import { amountIn } from './history.ts';

export interface PotName {
  readonly provider: string;
  /** Absent where the provider names none: then it is one account, as it may be in any currency. */
  readonly currency: string | undefined;
  readonly account?: string;
}

export function potOf(
  provider: string,
  line: { readonly account: string; readonly currency?: string | undefined },
): PotName {
  const { account, currency } = line;
  return currency === undefined ? { provider, currency, account } : { provider, currency };
}

/** `payermax USD`; `paycross ? gateway 12` */
export function idOfPot({ provider, currency, account }: PotName): string {
  return currency === undefined ? `${provider} ? ${account}` : `${provider} ${currency}`;
}

/** `2026-11-19` is 7 days before `2026-11-26`. */
export function dayBefore(day: string, days: number): string {
  return dayOf(Date.parse(day) - days * dayMs);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

/** By pot, then by day. */
export type DailyFigures = ReadonlyMap<string, ReadonlyMap<string, Money>>;

/**
 * Of the days before `today`. `present` names the accounts that each pot has now: one that is there
 * again tomorrow was not gone yesterday. An account counts from its first day to its last.
 */
export function listDailyFigures(
  readings: Iterable<Reading>,
  today: string,
  present: ReadonlyMap<string, ReadonlySet<string>>,
): DailyFigures {
  const pots = new Map<string, Map<string, Map<string, Money>>>();
  for (const reading of readings) {
    const day = dayOf(reading.atMs);
    const available = day < today ? amountIn(reading, 'available') : undefined;
    if (available === undefined) continue;
    const accounts = entryOf(pots, idOfPot(potOf(reading.provider, reading)), () => new Map());
    entryOf(accounts, reading.account, () => new Map()).set(day, available);
  }
  return new Map(
    [...pots].map(([pot, accounts]) => [pot, figuresOf(accounts, today, present.get(pot))]),
  );
}

function figuresOf(
  accounts: ReadonlyMap<string, ReadonlyMap<string, Money>>,
  today: string,
  present: ReadonlySet<string> | undefined,
): Map<string, Money> {
  const spans = [...accounts].map(([account, days]) => {
    const sorted = [...days.keys()].sort();
    const last = present?.has(account) === true ? today : (sorted.at(-1) ?? '');
    return { days, first: sorted[0] ?? today, last };
  });
  const figures = new Map<string, Money>();
  for (const day of new Set([...accounts.values()].flatMap((days) => [...days.keys()]))) {
    const expected = spans.filter(({ first, last }) => first <= day && day <= last);
    const amounts = expected.flatMap(({ days }) => days.get(day) ?? []);
    const sum = amounts.length === expected.length ? sumMoney(amounts) : undefined;
    if (sum !== undefined) figures.set(day, sum);
  }
  return figures;
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
