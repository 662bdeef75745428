// The numbers of a digest, worked out a second time from what is in the history, by other means and to
// the last minor unit; and what it says where there are no numbers.
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BalanceResult } from '../../src/balances.ts';
import type { PotReport } from '../../src/digests/index.ts';
import { composeBalances, type ReportInput, toShown } from '../../src/digests/report.ts';
import { type Money, toDecimalText } from '../../src/money.ts';
import type { Reading } from '../../src/store/types.ts';
import { failureOf, lineOf, readingOf } from '../commands/world.ts';
import { createReferenceStore } from '../store/reference-store.ts';
import { createFakeClock } from '../support.ts';

const dayMs = 86_400_000;
const nowMs = Date.parse('2026-11-26T14:00:00Z');
const big = (amount: Money | undefined) =>
  new Big(amount === undefined ? NaN : toDecimalText(amount));
const decimalsOf = (text: string) => (text.split('.')[1] ?? '').length;

interface Account {
  readonly provider: string;
  readonly account: string;
  readonly currency: string;
  /** What it had, some days back: undefined for a day without an answer. */
  readonly past: readonly (readonly string[])[];
  readonly now: string;
}

const amount = fc
  .tuple(fc.bigInt(-(10n ** 12n), 10n ** 15n), fc.integer({ min: 0, max: 4 }))
  .map(([units, decimals]) => toDecimalText({ units, decimals, currency: '' }));
/** Up to three readings a day, and days without any. */
const past = fc.array(fc.array(amount, { maxLength: 3 }), { maxLength: 12 });
const account = fc.record({ past, now: amount });
const accounts: fc.Arbitrary<Account[]> = fc
  .tuple(account, account, account, account)
  .map(([a, b, c, d]) => [
    { provider: 'payermax', account: 'a', currency: 'USD', ...a },
    { provider: 'payermax', account: 'b', currency: 'USD', ...b },
    { provider: 'payermax', account: 'a', currency: 'EUR', ...c },
    { provider: 'paycross', account: 'a', currency: 'USD', ...d },
  ]);

async function keep(all: readonly Account[]): Promise<Reading[]> {
  const store = createReferenceStore({
    data: { records: [], entries: [], readings: [] },
    clock: createFakeClock(nowMs),
    openMax: 10,
  });
  for (const { provider, account: name, currency, past: days } of all) {
    for (const [back, amounts] of days.entries()) {
      for (const [index, available] of amounts.entries()) {
        const atMs = nowMs - (back + 1) * dayMs + index * 3_600_000;
        await store.appendReadings([
          { provider, account: name, currency, atMs, amounts: { available } },
        ]);
      }
    }
  }
  const readings: Reading[] = [];
  for await (const one of store.readReadings({ sinceMs: 0, each: 'day' })) readings.push(one);
  return readings;
}

function resultsOf(all: readonly Account[]): BalanceResult[] {
  return ['payermax', 'paycross'].map((provider) => {
    const lines = all
      .filter((one) => one.provider === provider)
      .map((one) => lineOf(one.account, one.currency, { available: one.now }));
    const now = { reading: readingOf(...lines), atMs: nowMs };
    return { provider, ok: true, now, last: undefined, tookMs: 5 };
  });
}

const inputOf = (parts: Partial<ReportInput>): ReportInput => ({
  nowMs,
  providers: [
    { id: 'payermax', name: 'PayerMax' },
    { id: 'paycross', name: 'PayCross' },
  ],
  results: [],
  readings: [],
  thresholds: [],
  levels: new Map(),
  last: undefined,
  failingSince: new Map(),
  ...parts,
});

function potIn(input: ReportInput, potId: string): PotReport {
  const pots = composeBalances(input).providers.flatMap((provider) => provider.pots);
  const pot = pots.find((one) => one.potId === potId);
  if (pot === undefined) throw new RangeError(`no ${potId}`);
  return pot;
}

/** The figure of a day so many days back: of all accounts that had begun by then, or none. */
function figureBack(own: readonly Account[], back: number): string[] | undefined {
  const begun = own.filter(({ past: days }) => days.slice(back - 1).some((one) => one.length > 0));
  const texts = begun.map(({ past: days }) => days[back - 1]?.at(-1));
  if (texts.length === 0 || texts.includes(undefined)) return undefined;
  return texts.flatMap((text) => text ?? []);
}

const sum = (texts: readonly string[]) =>
  texts.reduce((total, text) => total.plus(text), new Big(0));

describe('the numbers of a digest', () => {
  it('are those of the history, to the last minor unit', async () => {
    Big.DP = 60;
    let averages = 0;
    let covers = 0;
    await fc.assert(
      fc.asyncProperty(accounts, accounts, async (all, before) => {
        const readings = await keep(all);
        const last = toShown(composeBalances(inputOf({ results: resultsOf(before) })));
        const input = inputOf({ results: resultsOf(all), readings, last });
        for (const potId of ['payermax USD', 'payermax EUR', 'paycross USD']) {
          const isOwn = (one: Account) => `${one.provider} ${one.currency}` === potId;
          const [own, earlier] = [all.filter(isOwn), before.filter(isOwn)];
          const pot = potIn(input, potId);
          const now = sum(own.map((one) => one.now));
          expect(big(pot.amounts.available).eq(now)).toBe(true);
          const shown = sum(earlier.map((one) => one.now));
          if (pot.sinceLast.kind !== 'change') throw new Error('it was in the last digest');
          expect(big(pot.sinceLast.by).eq(now.minus(shown))).toBe(true);
          const week = [1, 2, 3, 4, 5, 6, 7].flatMap((back) => {
            const texts = figureBack(own, back);
            return texts === undefined ? [] : [{ back, texts }];
          });
          expect(pot.againstWeek.kind === 'change').toBe(week.length > 0);
          if (pot.againstWeek.kind !== 'change') continue;
          averages += 1;
          const texts = week.flatMap((one) => one.texts);
          const average = sum(texts).div(week.length);
          const decimals = Math.max(...[...texts, ...own.map((one) => one.now)].map(decimalsOf));
          const by = now.minus(average);
          expect(pot.againstWeek.days).toBe(week.length);
          expect(big(pot.againstWeek.by).eq(by.round(decimals, 1))).toBe(true);
          const percent = average.gt(0) ? by.div(average).times(100).round(1, 1).toFixed(1) : '';
          expect(pot.againstWeek.percent ?? '').toBe(percent === '-0.0' ? '0.0' : percent);
          const [newest, oldest] = [week[0], week.at(-1)];
          const lost = sum(oldest?.texts ?? []).minus(sum(newest?.texts ?? []));
          if (lost.lte(0)) expect(pot.coverDays).toBeUndefined();
          else {
            covers += 1;
            const elapsed = (oldest?.back ?? 0) - (newest?.back ?? 0);
            const days = now.lte(0) ? new Big(0) : now.times(elapsed).div(lost);
            expect(String(pot.coverDays)).toBe(days.round(0, 0).toFixed());
          }
        }
      }),
    );
    expect(averages).toBeGreaterThan(100);
    expect(covers).toBeGreaterThan(30);
  });
});

/** One reading a day, so many days back. */
function history(days: Readonly<Record<number, string>>, name = 'main'): Reading[] {
  return Object.entries(days).map(([back, available]) => ({
    provider: 'payermax',
    account: name,
    currency: 'USD',
    atMs: nowMs - Number(back) * dayMs,
    amounts: { available },
  }));
}

const answer = (...lines: ReturnType<typeof lineOf>[]): BalanceResult => ({
  provider: 'payermax',
  ok: true,
  now: { reading: readingOf(...lines), atMs: nowMs },
  last: undefined,
  tookMs: 1,
});
const usd = (available: string) => lineOf('main', 'USD', { available });

describe('a digest without numbers', () => {
  it('says for how many days there is no data, and not that it was zero', () => {
    const last = {
      atMs: nowMs - dayMs,
      pots: { 'payermax USD': { available: '100', isWhole: false } },
    };
    const readings = history({ 3: '100', 4: '120' });
    const pot = potIn(inputOf({ results: [answer(usd('90'))], readings, last }), 'payermax USD');
    expect(pot.sinceLast).toEqual({ kind: 'no_data' });
    expect(pot.daysWithout).toBe(2);
    expect(pot.againstWeek).toMatchObject({ kind: 'change', days: 2 });
  });

  it('compares with no day on which one of its accounts is missing', () => {
    const readings = [
      ...history({ 1: '100', 2: '100', 3: '100' }),
      ...history({ 1: '50', 3: '50' }, 'second'),
    ];
    const lines = [usd('100'), lineOf('second', 'USD', { available: '50' })];
    const pot = potIn(inputOf({ results: [answer(...lines)], readings }), 'payermax USD');
    expect(pot.againstWeek).toMatchObject({ days: 2, percent: '0.0' });
    expect(pot.coverDays).toBeUndefined();
  });

  it('takes an account that is new, and one that is gone, for what they are', () => {
    const readings = [...history({ 1: '100', 2: '100' }), ...history({ 1: '10' }, 'new')];
    const lines = [usd('100'), lineOf('new', 'USD', { available: '10' })];
    const grown = potIn(inputOf({ results: [answer(...lines)], readings }), 'payermax USD');
    expect(grown.againstWeek).toMatchObject({ days: 2, percent: '4.8' });
    const gone = potIn(inputOf({ results: [answer(usd('100'))], readings }), 'payermax USD');
    expect(gone.againstWeek).toMatchObject({ days: 2, percent: '-4.8' });
  });

  it('compares nothing and keeps the level where an account failed', () => {
    const partial: BalanceResult = {
      ...answer(usd('100')),
      ok: true,
      now: {
        reading: {
          lines: [usd('100')],
          failures: [{ account: 'second', error: failureOf('payermax') }],
        },
        atMs: nowMs,
      },
      last: {
        reading: readingOf(usd('90'), lineOf('second', 'USD', { available: '5000' })),
        atMs: nowMs - 3_600_000,
      },
    };
    const thresholds = [{ provider: 'payermax', currency: 'USD', critical: '1000' }];
    const input = inputOf({ results: [partial], readings: history({ 1: '9000' }), thresholds });
    const pot = potIn(input, 'payermax USD');
    expect(pot).toMatchObject({ isWhole: false, level: 'fine', coverDays: undefined });
    expect([pot.sinceLast.kind, pot.againstWeek.kind]).toEqual(['not_now', 'not_now']);
    expect(big(pot.amounts.available).toFixed()).toBe('5100');
    // Of an account that never answered nobody knows the currency: it may be missing anywhere.
    const unknown: BalanceResult = { ...partial, last: undefined };
    expect(potIn({ ...input, results: [unknown] }, 'payermax USD')).toMatchObject({
      isWhole: false,
      level: 'fine',
    });
  });

  it('shows what a provider said last when it fails, and since when it fails', () => {
    const failed: BalanceResult = {
      provider: 'payermax',
      ok: false,
      error: failureOf('payermax'),
      last: { reading: readingOf(usd('90')), atMs: nowMs - 7_200_000 },
      tookMs: 8_000,
    };
    const failingSince = new Map([['payermax', nowMs - 3_600_000]]);
    const [report] = composeBalances(inputOf({ results: [failed], failingSince })).providers;
    expect(report?.failure).toMatchObject({
      isPartial: false,
      sinceMs: nowMs - 3_600_000,
      lastAtMs: nowMs - 7_200_000,
    });
    expect(report?.pots[0]).toMatchObject({ isWhole: false, potId: 'payermax USD' });
  });

  it('never adds up accounts whose currency is not named', () => {
    const lines = ['one', 'two'].map((name) => lineOf(name, undefined, { available: '5' }));
    const report = composeBalances(inputOf({ results: [answer(...lines)] }));
    expect(
      report.providers[0]?.pots.map(({ potId, amounts }) => [
        potId,
        big(amounts.available).toFixed(),
      ]),
    ).toEqual([
      ['payermax ? one', '5'],
      ['payermax ? two', '5'],
    ]);
  });

  it('is not judged by a sum that lacks what an account used to say', () => {
    const lines = [usd('100'), lineOf('second', 'USD', { total: '50' })];
    const readings = history({ 1: '5000' }, 'second');
    const pot = potIn(inputOf({ results: [answer(...lines)], readings }), 'payermax USD');
    expect(pot.isWhole).toBe(false);
    expect(potIn(inputOf({ results: [answer(...lines)] }), 'payermax USD').isWhole).toBe(true);
  });
});
