// The trend of the last 30 days for the picture: one line a currency, all providers together. A day on
// which one of them has no figure is a gap. Currencies are never added up.
import { type Money, parseDecimal } from '../money.ts';
import { dayOf } from '../store/index.ts';
import { dayBefore } from './daily.ts';
import { sumMoney } from './figures.ts';
import { findThreshold, type Threshold } from './levels.ts';
import type { BalanceReport, PotReport } from './report.ts';
import type { Trend, TrendSeries } from './trend.ts';

export const trendDays = 30;

export function composeTrend(report: BalanceReport, thresholds: readonly Threshold[]): Trend {
  const today = dayOf(report.atMs);
  const days = Array.from({ length: trendDays }, (_, index) =>
    dayBefore(today, trendDays - 1 - index),
  );
  const pots = report.providers.flatMap((provider) => provider.pots);
  const lines = listLines(report, pots, today);
  const series = [...lines].map(([currency, own]) => ({
    name: currency,
    values: days.map((day) => valueOn(day, own)),
    ...limitsOf(currency, own, thresholds),
  }));
  const urgency = (currency: string) =>
    Math.min(...pots.filter((one) => one.currency === currency).map(urgencyOf), urgencyOf());
  // The most used first: a picture has room for a few, and no currency is worth more than another.
  const countPots = (currency: string) => pots.filter((one) => one.currency === currency).length;
  return {
    title: 'Available balance, last 30 days',
    days,
    series: series
      .filter(({ values }) => values.some((value) => value !== undefined))
      .sort(
        (a, b) =>
          urgency(a.name) - urgency(b.name) ||
          countPots(b.name) - countPots(a.name) ||
          (a.name < b.name ? -1 : 1),
      ),
  };
}

function urgencyOf(pot?: PotReport): number {
  const order = ['critical', 'warning', 'idle', 'fine'];
  return pot?.level === undefined ? order.length : order.indexOf(pot.level);
}

/** One provider's figures in one currency, from its first day to its last. */
interface Line {
  readonly provider: string;
  readonly figures: ReadonlyMap<string, Money>;
  readonly first: string;
  readonly last: string;
}

function listLines(
  { daily }: BalanceReport,
  pots: readonly PotReport[],
  today: string,
): Map<string, Line[]> {
  const lines = new Map<string, Line[]>();
  const ids = new Set([...daily.keys(), ...pots.map(({ potId }) => potId)]);
  for (const potId of ids) {
    const [provider = '', currency = '?'] = potId.split(' ');
    if (currency === '?') continue;
    const pot = pots.find((one) => one.potId === potId);
    const figures = new Map(daily.get(potId));
    const now = pot?.isWhole === true ? pot.amounts.available : undefined;
    if (now !== undefined) figures.set(today, now);
    // It never gave the figure, so that it is not missing today either.
    if (figures.size === 0) continue;
    const known = [...figures.keys()].sort();
    const first = known[0] ?? today;
    const last = pot === undefined ? (known.at(-1) ?? today) : today;
    lines.set(currency, [...(lines.get(currency) ?? []), { provider, figures, first, last }]);
  }
  return lines;
}

function valueOn(day: string, lines: readonly Line[]): Money | undefined {
  const expected = lines.filter(({ first, last }) => first <= day && day <= last);
  const amounts = expected.flatMap(({ figures }) => figures.get(day) ?? []);
  return amounts.length === expected.length ? sumMoney(amounts) : undefined;
}

/** A threshold is one provider's: beside a sum of several it would say nothing. */
function limitsOf(
  currency: string,
  lines: readonly Line[],
  thresholds: readonly Threshold[],
): Pick<TrendSeries, 'warning' | 'critical'> {
  const [only, ...others] = lines;
  if (only === undefined || others.length > 0) return {};
  const threshold = findThreshold(thresholds, only.provider, currency);
  const { warning, critical } = threshold ?? {};
  return {
    ...(warning === undefined ? {} : { warning: parseDecimal(warning, currency) }),
    ...(critical === undefined ? {} : { critical: parseDecimal(critical, currency) }),
  };
}
