// The digest as plain data: what every pot has now, against the last digest and against the week, how
// long it lasts, and how it stands against its thresholds. Accounts of one provider and currency are
// added up, for that is what can be paid out of; different currencies never are.
//
// Definitions. A day is a UTC day; its figure is the last reading of the day (see daily.ts). The
// 7-day average is over the days of the seven before today that have a figure. Cover: from the first to
// the last of those days the pot shrank by so much a day; what it has now lasts so many whole days.
// With an account that did not answer a pot is not compared with anything.
import { type BalanceResult, listLines, type ShownLine } from '../balances.ts';
import { type Money, parseDecimal, subtractMoney, toDecimalText } from '../money.ts';
import { type AmountKind, amountKinds } from '../providers/types.ts';
import { dayOf } from '../store/index.ts';
import type { Reading } from '../store/types.ts';
import type { Team } from '../team.ts';
import {
  type DailyFigures,
  dayBefore,
  daysBetween,
  idOfPot,
  listDailyFigures,
  type PotName,
  potOf,
} from './daily.ts';
import { compareWithAverage, coverOf, percentOfChange, sumMoney } from './figures.ts';
import { findThreshold, judgeLevel, type Level } from './levels.ts';

export interface ReportInput {
  readonly nowMs: number;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
  readonly results: readonly BalanceResult[];
  /** The last of each day, of 40 days or so. */
  readonly readings: readonly Reading[];
  readonly thresholds: Team['thresholds'];
  /** By the id of the pot, as they were told last. */
  readonly levels: ReadonlyMap<string, Level>;
  /** What the digest before this one showed. */
  readonly last: ShownDigest | undefined;
  /** By provider. */
  readonly failingSince: ReadonlyMap<string, number>;
}

/** What a digest showed, for the next one to compare with. */
export interface ShownDigest {
  readonly atMs: number;
  /** By the id of the pot. */
  readonly pots: Readonly<
    Record<string, { readonly available: string; readonly isWhole: boolean }>
  >;
}

export interface ProviderReport {
  readonly id: string;
  readonly name: string;
  readonly failure: FailureReport | undefined;
  readonly pots: readonly PotReport[];
}

export interface FailureReport {
  /** Some accounts answered. */
  readonly isPartial: boolean;
  readonly accounts: readonly string[];
  readonly error: Extract<BalanceResult, { ok: false }>['error'];
  readonly sinceMs: number;
  /** Of the last good answer. */
  readonly lastAtMs: number | undefined;
}

export interface PotReport extends PotName {
  readonly potId: string;
  readonly accounts: readonly ShownLine[];
  /** The sums of what the accounts give of each kind. */
  readonly amounts: Readonly<Partial<Record<AmountKind, Money>>>;
  /** Every account that is known here has answered. */
  readonly isWhole: boolean;
  /** Full days before today without a figure, since there was one. */
  readonly daysWithout: number;
  readonly sinceLast: Change;
  readonly againstWeek: WeekChange;
  readonly coverDays: bigint | undefined;
  /** Undefined where the team file has no threshold. */
  readonly level: Level | undefined;
}

/** `not_now`: nothing to compare with now; `new`: it was not in the last digest. */
type NoChange = { readonly kind: 'not_now' | 'new' | 'no_data' };
export type Change =
  | NoChange
  | { readonly kind: 'change'; readonly by: Money; readonly percent: string | undefined };
export type WeekChange =
  | NoChange
  | {
      readonly kind: 'change';
      readonly by: Money;
      readonly percent: string | undefined;
      readonly average: Money;
      /** How many of the seven days have a figure. */
      readonly days: number;
    };

export interface BalanceReport {
  readonly atMs: number;
  /** When the digest was that `sinceLast` compares with. */
  readonly lastAtMs: number | undefined;
  readonly providers: readonly ProviderReport[];
  readonly daily: DailyFigures;
}

export function composeBalances(input: ReportInput): BalanceReport {
  const { nowMs, providers, results, readings } = input;
  const today = dayOf(nowMs);
  const lines = new Map(results.map((result) => [result.provider, listLines(result)]));
  const daily = listDailyFigures(readings, today, listPresent(lines));
  return {
    atMs: nowMs,
    lastAtMs: input.last?.atMs,
    daily,
    providers: providers.flatMap(({ id, name }): ProviderReport[] => {
      const result = results.find(({ provider }) => provider === id);
      if (result === undefined) return [];
      const shown = lines.get(id) ?? [];
      const failure = describeFailure(result, input);
      const isDoubtful = hasUnknownFailure(result, shown);
      const pots = groupByPot(id, shown).map(([pot, accounts]) =>
        composePot({ pot, accounts, isDoubtful, daily, today, input }),
      );
      return [{ id, name, failure, pots }];
    }),
  };
}

function listPresent(lines: ReadonlyMap<string, readonly ShownLine[]>): Map<string, Set<string>> {
  const present = new Map<string, Set<string>>();
  for (const [provider, shown] of lines) {
    for (const { line } of shown) {
      const id = idOfPot(potOf(provider, line));
      present.set(id, (present.get(id) ?? new Set()).add(line.account));
    }
  }
  return present;
}

function groupByPot(provider: string, shown: readonly ShownLine[]): [PotName, ShownLine[]][] {
  const pots = new Map<string, [PotName, ShownLine[]]>();
  for (const one of shown) {
    const pot = potOf(provider, one.line);
    const known = pots.get(idOfPot(pot));
    if (known === undefined) pots.set(idOfPot(pot), [pot, [one]]);
    else known[1].push(one);
  }
  return [...pots.values()];
}

/** An account failed of which nothing is known: it may belong to any pot. */
function hasUnknownFailure(result: BalanceResult, shown: readonly ShownLine[]): boolean {
  if (!result.ok) return false;
  return result.now.reading.failures.some(
    ({ account }) => !shown.some(({ line, isStale }) => isStale && line.account === account),
  );
}

function describeFailure(
  result: BalanceResult,
  { failingSince, nowMs }: ReportInput,
): FailureReport | undefined {
  const sinceMs = failingSince.get(result.provider) ?? nowMs;
  const lastAtMs = result.last?.atMs;
  if (!result.ok) {
    return { isPartial: false, accounts: [], error: result.error, sinceMs, lastAtMs };
  }
  const { failures } = result.now.reading;
  const [first] = failures;
  if (first === undefined) return undefined;
  const accounts = failures.map(({ account }) => account);
  return { isPartial: true, accounts, error: first.error, sinceMs, lastAtMs };
}

interface PotInput {
  readonly pot: PotName;
  readonly accounts: readonly ShownLine[];
  readonly isDoubtful: boolean;
  readonly daily: DailyFigures;
  readonly today: string;
  readonly input: ReportInput;
}

function composePot({ pot, accounts, isDoubtful, daily, today, input }: PotInput): PotReport {
  const potId = idOfPot(pot);
  const figures = daily.get(potId) ?? new Map<string, Money>();
  const amounts = sumKinds(accounts);
  const { available } = amounts;
  const isStale = accounts.some((one) => one.isStale);
  const isWithheld = withholdsFigure(pot, accounts, input.readings);
  const isWhole = !isStale && !isDoubtful && available !== undefined && !isWithheld;
  const past = isWhole ? available : undefined;
  const threshold = findThreshold(input.thresholds, pot.provider, pot.currency);
  const before = input.levels.get(potId) ?? 'fine';
  return {
    ...pot,
    potId,
    accounts,
    amounts,
    isWhole,
    daysWithout: countDaysWithout(figures, today),
    sinceLast: compareWithLast(past, input.last, potId),
    againstWeek: compareWithWeek(past, figures, today),
    coverDays: past === undefined ? undefined : findCover(past, figures, today),
    level:
      threshold === undefined || available === undefined
        ? undefined
        : isWhole
          ? judgeLevel(available, threshold, before)
          : before,
  };
}

function sumKinds(accounts: readonly ShownLine[]): Partial<Record<AmountKind, Money>> {
  const sums = amountKinds.flatMap((kind) => {
    const sum = sumMoney(accounts.flatMap(({ line }) => line.amounts[kind] ?? []));
    return sum === undefined ? [] : [[kind, sum] as const];
  });
  return Object.fromEntries(sums);
}

/** Some accounts never say what is available; one that stops saying it leaves a gap in the sum. */
function withholdsFigure(
  pot: PotName,
  accounts: readonly ShownLine[],
  readings: readonly Reading[],
): boolean {
  const silent = accounts.filter(({ line }) => line.amounts.available === undefined);
  if (silent.length === 0) return false;
  const names = new Set(silent.map(({ line }) => line.account));
  return readings.some(
    ({ provider, currency, account, amounts }) =>
      provider === pot.provider &&
      currency === pot.currency &&
      names.has(account) &&
      amounts['available'] !== undefined,
  );
}

/** 0 where there never was a figure: then nothing is missing. */
function countDaysWithout(figures: ReadonlyMap<string, Money>, today: string): number {
  const last = [...figures.keys()].sort().at(-1);
  return last === undefined ? 0 : daysBetween(last, today) - 1;
}

function compareWithLast(
  now: Money | undefined,
  last: ShownDigest | undefined,
  potId: string,
): Change {
  if (now === undefined) return { kind: 'not_now' };
  const shown = last?.pots[potId];
  if (shown === undefined) return { kind: 'new' };
  if (!shown.isWhole) return { kind: 'no_data' };
  const before = parseDecimal(shown.available, now.currency);
  const by = subtractMoney(now, before);
  return { kind: 'change', by, percent: percentOfChange(by, before) };
}

/** The figures of the seven days before today, oldest first. */
function listWeek(figures: ReadonlyMap<string, Money>, today: string): [string, Money][] {
  const days = [7, 6, 5, 4, 3, 2, 1].map((days) => dayBefore(today, days));
  return days.flatMap((day): [string, Money][] => {
    const figure = figures.get(day);
    return figure === undefined ? [] : [[day, figure]];
  });
}

function compareWithWeek(
  now: Money | undefined,
  figures: ReadonlyMap<string, Money>,
  today: string,
): WeekChange {
  if (now === undefined) return { kind: 'not_now' };
  const week = listWeek(figures, today);
  if (week.length === 0) return { kind: figures.size === 0 ? 'new' : 'no_data' };
  const values = week.map(([, figure]) => figure);
  return { kind: 'change', ...compareWithAverage(now, values), days: week.length };
}

function findCover(
  now: Money,
  figures: ReadonlyMap<string, Money>,
  today: string,
): bigint | undefined {
  const week = listWeek(figures, today);
  const [first, last] = [week[0], week.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const [[firstDay, before], [lastDay, after]] = [first, last];
  return coverOf(now, { before, after, days: daysBetween(firstDay, lastDay) });
}

/** What the next digest compares with. */
export function toShown({ atMs, providers }: BalanceReport): ShownDigest {
  const pots = providers.flatMap((provider) =>
    provider.pots.flatMap(({ potId, amounts, isWhole }) => {
      const { available } = amounts;
      if (available === undefined) return [];
      return [[potId, { available: toDecimalText(available), isWhole }] as const];
    }),
  );
  return { atMs, pots: Object.fromEntries(pots) };
}
