// What a trend says in words and in figures.
import { describe, expect, test } from 'vitest';
import type { Chart } from '../../src/commands/card.ts';
import { describeTrend, formatDay, toChart, toDrawn } from '../../src/digests/trend.ts';
import { parseDecimal } from '../../src/money.ts';
import { risingSeries, seriesOf, trendOf } from './trends.ts';

describe('the words of a trend', () => {
  test('give first, last, lowest, highest and what is missing, to the last digit', () => {
    const trend = trendOf(
      seriesOf('USD', ['120.50', '-', '90.05', '300.00', '-', '184.220']),
      seriesOf('EUR', ['1.00', '2.00', '2.00', '2.00', '2.00', '-']),
    );
    expect(describeTrend(trend)).toBe(
      'Available balance, 21 Nov to 26 Nov. ' +
        'USD: from 120.50 USD on 21 Nov to 184.220 USD on 26 Nov, lowest 90.05 USD on 23 Nov, ' +
        'highest 300.00 USD on 24 Nov, no data on 2 days. ' +
        'EUR: from 1.00 EUR on 21 Nov to 2.00 EUR on 25 Nov, lowest 1.00 EUR on 21 Nov, ' +
        'highest 2.00 EUR on 25 Nov, no data on 1 day.',
    );
  });

  test.each([
    ['nothing', trendOf(), 'Available balance. There are no balances to show.'],
    [
      'one day',
      trendOf(seriesOf('USD', ['5'])),
      'Available balance, 26 Nov. USD: 5 USD on 26 Nov.',
    ],
    [
      'a first day after others',
      trendOf(seriesOf('USD', ['-', '-', '5', '-'])),
      'Available balance, 23 Nov to 26 Nov. USD: 5 USD on 25 Nov, no data on 1 day.',
    ],
    [
      'only gaps',
      trendOf(seriesOf('USD', ['-', '-'])),
      'Available balance, 25 Nov to 26 Nov. USD: no data.',
    ],
  ])('are true for %s', (_, trend, words) => {
    expect(describeTrend(trend)).toBe(words);
  });

  test('stay within 1,000 characters and say how many are left out', () => {
    const names = Array.from({ length: 40 }, (_, index) => `C${String(index).padStart(2, '0')}`);
    const trend = trendOf(...names.map((name) => risingSeries(name)));
    const words = describeTrend({ ...trend, title: 'x'.repeat(5_000) });
    expect(words.length).toBeLessThanOrEqual(1_000);
    const described = words.match(/C\d\d: from/g)?.length ?? 0;
    expect(described).toBeGreaterThan(3);
    expect(words).toContain(`Not described here: ${40 - described} more currencies.`);
  });
});

test('a chart has a value or a gap for every day, however short a series is', () => {
  const trend = trendOf(seriesOf('USD', ['1.25', '-', '0.00']), seriesOf('KWD', ['-0.125']));
  const chart: Chart = toChart(trend);
  expect(chart).toEqual({
    title: 'Available balance',
    categories: ['24 Nov', '25 Nov', '26 Nov'],
    series: [
      { name: 'USD', values: [1.25, undefined, 0] },
      { name: 'KWD', values: [-0.125, undefined, undefined] },
    ],
  });
});

test('a day is written without the year, and an amount becomes the nearest float', () => {
  expect(['2026-01-05', '2026-12-31'].map(formatDay)).toEqual(['5 Jan', '31 Dec']);
  expect(toDrawn(parseDecimal('8854.000', 'AUD'))).toBe(8854);
  expect(toDrawn(parseDecimal('-0.00001', 'PEN'))).toBe(-0.00001);
});
