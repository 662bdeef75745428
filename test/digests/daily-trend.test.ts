// Which line the picture of a digest gets, from balances and their history; and the history that the
// playground makes up for it.
import { expect, test } from 'vitest';
import { composeTrend } from '../../src/digests/daily-trend.ts';
import { composeBalances } from '../../src/digests/report.ts';
import type { Trend } from '../../src/digests/trend.ts';
import { addExampleHistory } from '../../src/example-history.ts';
import { formatAmount } from '../../src/money.ts';
import type { Reading } from '../../src/store/types.ts';
import { createScene, failureOf, lineOf, readingOf } from '../commands/world.ts';
import { createReferenceStore, type ReferenceData } from '../store/reference-store.ts';

const ids = ['alignet', 'payermax', 'payneteasy', 'smilepayz'];
const providers = ids.map((id) => ({ id, name: id }));
const hourMs = 3_600_000;

function setUp() {
  const scene = createScene();
  scene.teller('alignet').says(readingOf(lineOf('a', 'PEN', { available: '900.00000' })));
  scene
    .teller('payermax')
    .says(readingOf(lineOf('b', 'USD', { available: '100.00' }), lineOf('c', 'EUR', {})));
  scene
    .teller('payneteasy')
    .says(
      readingOf(
        lineOf('d', 'USD', { available: '50.500' }),
        lineOf('e', 'EUR', { available: '7.00' }),
      ),
    );
  scene.teller('smilepayz').says(readingOf(lineOf('f', 'CLP', { available: '5' })));
  const data: ReferenceData = { records: [], entries: [], readings: [] };
  const store = createReferenceStore({ data, clock: scene.clock, openMax: 10 });
  const compose = async (readings: readonly Reading[]) => {
    const report = composeBalances({
      nowMs: scene.clock.now(),
      providers,
      results: await scene.balances.read(ids),
      readings,
      thresholds: [],
      levels: new Map(),
      last: undefined,
      failingSince: new Map(),
    });
    return composeTrend(report, []);
  };
  return { ...scene, data, store, compose };
}

const figures = ({ series }: Trend, name: string) =>
  series.find((one) => one.name === name)?.values.map((one) => one && formatAmount(one));

test('a currency is summed over its providers, and a day without one of them is a gap', async () => {
  const { compose, clock } = setUp();
  const readingOn = (daysAgo: number, provider: string, account: string, available: string) => ({
    provider,
    account,
    currency: 'USD',
    atMs: clock.now() - daysAgo * 24 * hourMs,
    amounts: { available },
  });
  const trend = await compose([
    readingOn(3, 'payermax', 'b', '10.00'),
    readingOn(3, 'payneteasy', 'd', '1.000'),
    readingOn(2, 'payermax', 'b', '20.00'),
    readingOn(1, 'payermax', 'b', '30.00'),
    readingOn(1, 'payneteasy', 'd', '3.000'),
  ]);
  expect(figures(trend, 'USD')?.slice(-4)).toEqual(['11.000', undefined, '33.000', '150.500']);
  expect(trend.days.slice(-2)).toEqual(['2026-11-19', '2026-11-20']);
});

test('a pot that never gives the figure takes nothing from the line of the others', async () => {
  expect(figures(await setUp().compose([]), 'EUR')?.at(-1)).toBe('7.00');
});

test('the most used currencies come first, then the alphabet', async () => {
  const { series } = await setUp().compose([]);
  expect(series.map(({ name }) => name)).toEqual(['EUR', 'USD', 'CLP', 'PEN']);
});

test('the playground’s history leads to what is there now, with two days missing', async () => {
  const { balances, clock, log, data, store, compose } = setUp();
  await addExampleHistory(ids, { balances, store, clock, log });
  expect(
    new Set(data.readings.map(({ atMs }) => Math.ceil((clock.now() - atMs) / hourMs))).size,
  ).toBe(30);
  expect(Math.max(...data.readings.map(({ atMs }) => atMs))).toBeLessThan(clock.now());
  const trend = await compose(data.readings);
  const usd = figures(trend, 'USD') ?? [];
  expect(usd.flatMap((one, index) => (one === undefined ? [29 - index] : []))).toEqual([12, 11]);
  expect(usd.at(-1)).toBe('150.500');
  expect(new Set(figures(trend, 'PEN')).size).toBeGreaterThan(20);
  const again = setUp();
  await addExampleHistory(ids, again);
  expect(again.data.readings).toEqual(data.readings);
});

test('a playground whose providers fail has less history, and starts all the same', async () => {
  const { balances, clock, log, data, store, teller } = setUp();
  for (const id of ['payermax', 'payneteasy', 'smilepayz'] as const) {
    teller(id).says(failureOf(id));
  }
  await addExampleHistory(ids, { balances, store, clock, log });
  expect(new Set(data.readings.map(({ provider }) => provider))).toEqual(new Set(['alignet']));
  await store.close();
  await addExampleHistory(ids, { balances, store, clock, log });
  expect(log.text()).toContain('the playground has no history of balances');
});
