// What the trend picture shows, as data: the same in the picture, in its words and in a platform's
// own chart. Currencies stand side by side and are never added or put on one scale.
import { compareMoney, formatMoney, type Money, toDecimalText } from '../money.ts';

export interface Trend {
  readonly title: string;
  /** Calendar days as `2026-11-26`, oldest first and none left out: a day without data is a gap. */
  readonly days: readonly string[];
  /** Most important first: of too many the last are left out of the picture. */
  readonly series: readonly TrendSeries[];
}

export interface TrendSeries {
  /** `USD` */
  readonly name: string;
  /** One for each day; undefined is a day without data, which is never 0. */
  readonly values: readonly (Money | undefined)[];
  readonly warning?: Money;
  readonly critical?: Money;
}

/** As a card takes it (`Chart` in commands/card.ts). */
export interface TrendChart {
  readonly title: string;
  readonly categories: readonly string[];
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | undefined)[];
  }[];
}

/** A value and its day. */
export interface Reading {
  readonly amount: Money;
  readonly day: string;
}

/** Discord takes 1,024 characters (https://docs.discord.com/developers/resources/message, read 2026-11-26). */
const altLengthMax = 1_000;

const months = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
];

/** `26 Nov` of `2026-11-26`. */
export function formatDay(day: string): string {
  const [, month = '', date = ''] = day.split('-');
  return `${Number(date)} ${months[Number(month) - 1] ?? ''}`;
}

/**
 * For drawing only, and the only way from money to a float: a line a pixel wide cannot show what
 * gets lost. No figure that a person reads is made from it, but for the ticks of an axis.
 */
export function toDrawn(amount: Money): number {
  return Number(toDecimalText(amount));
}

/** Oldest first, without the gaps. */
export function listReadings({ days }: Trend, { values }: TrendSeries): Reading[] {
  return days.flatMap((day, index) => {
    const amount = values[index];
    return amount === undefined ? [] : [{ amount, day }];
  });
}

/**
 * Days without data, as they follow each other. Those before the first reading are no gap: nobody
 * was asked yet.
 */
export function listGaps(values: readonly unknown[]): { first: number; last: number }[] {
  const gaps: { first: number; last: number }[] = [];
  const start = values.findIndex((value) => value !== undefined && value !== null);
  for (const [index, value] of values.entries()) {
    if (start < 0 || index < start || (value !== undefined && value !== null)) continue;
    const before = gaps.at(-1);
    if (before?.last === index - 1) before.last = index;
    else gaps.push({ first: index, last: index });
  }
  return gaps;
}

export function toChart({ title, days, series }: Trend): TrendChart {
  return {
    title,
    categories: days.map(formatDay),
    series: series.map(({ name, values }) => ({
      name,
      values: days.map((_, index) => {
        const amount = values[index];
        return amount === undefined ? undefined : toDrawn(amount);
      }),
    })),
  };
}

/** What the picture shows, for those who cannot see it. As many currencies as there is room for. */
export function describeTrend(trend: Trend): string {
  const { title, days, series } = trend;
  const [first, last] = [days[0], days.at(-1)];
  const span = first === undefined || last === undefined ? '' : `, ${spanOf(first, last)}`;
  const sentences = [`${[...title].slice(0, 100).join('')}${span}.`];
  if (series.length === 0) sentences.push('There are no balances to show.');
  for (const [index, one] of series.entries()) {
    const sentence = describeSeries(trend, one);
    const [left, leftAfter] = [
      leaveOut(series.length - index),
      leaveOut(series.length - index - 1),
    ];
    if ([...sentences, sentence, ...leftAfter].join(' ').length > altLengthMax) {
      sentences.push(...left);
      break;
    }
    sentences.push(sentence);
  }
  return sentences.join(' ');
}

function leaveOut(count: number): string[] {
  return count === 0 ? [] : [`Not described here: ${countCurrencies(count)}.`];
}

/** `1 more currency` */
export function countCurrencies(count: number): string {
  return `${count} more ${count === 1 ? 'currency' : 'currencies'}`;
}

function spanOf(first: string, last: string): string {
  return first === last ? formatDay(last) : `${formatDay(first)} to ${formatDay(last)}`;
}

function describeSeries(trend: Trend, series: TrendSeries): string {
  const readings = listReadings(trend, series);
  const missing = listGaps(trend.days.map((_, index) => series.values[index]))
    .map(({ first, last }) => last - first + 1)
    .reduce((sum, days) => sum + days, 0);
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return `${series.name}: no data.`;
  const facts = [first === last ? tell(last) : `from ${tell(first)} to ${tell(last)}`];
  if (readings.length > 2) {
    const sorted = readings.toSorted((a, b) => compareMoney(a.amount, b.amount));
    const [lowest = first, highest = last] = [sorted[0], sorted.at(-1)];
    facts.push(`lowest ${tell(lowest)}`, `highest ${tell(highest)}`);
  }
  if (missing > 0) facts.push(`no data on ${missing} ${missing === 1 ? 'day' : 'days'}`);
  return `${series.name}: ${facts.join(', ')}.`;
}

function tell({ amount, day }: Reading): string {
  return `${formatMoney(amount)} on ${formatDay(day)}`;
}
