// Trends for tests: days that end on 26 November 2026, and series of them.
import type { Trend, TrendSeries } from '../../src/digests/trend.ts';
import { parseDecimal } from '../../src/money.ts';

const lastDayMs = Date.parse('2026-11-26');

export function listDays(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(lastDayMs - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
}

/** An amount for each day; `-` is a gap. */
export function seriesOf(name: string, amounts: readonly string[]): TrendSeries {
  return {
    name,
    values: amounts.map((one) => (one === '-' ? undefined : parseDecimal(one, name))),
  };
}

export function trendOf(...series: readonly TrendSeries[]): Trend {
  const days = listDays(Math.max(0, ...series.map(({ values }) => values.length)));
  return { title: 'Available balance', days, series };
}

/** 30 days that rise from 1,000.00 to 1,290.00. */
export function risingSeries(name = 'USD'): TrendSeries {
  return seriesOf(
    name,
    Array.from({ length: 30 }, (_, index) => `${1_000 + index * 10}.00`),
  );
}
