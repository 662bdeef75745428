// Facts about the history of balances: what is given back, which of a day, and for how long.
import { expect } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import type { Reading, ReadingRange, Store } from '../../src/store/types.ts';
import type { StoreFact } from './store-subject.ts';

const [hour, day] = [3_600_000, 86_400_000];

/** Of USD in the account `main` of PayerMax, unless said otherwise. */
function reading(atMs: number, available: string, parts: Partial<Reading> = {}): Reading {
  const amounts = { available };
  return { provider: 'payermax', account: 'main', currency: 'USD', atMs, amounts, ...parts };
}

async function read(store: Store, range: Partial<ReadingRange> = {}): Promise<Reading[]> {
  const readings: Reading[] = [];
  const whole = { sinceMs: 0, each: 'reading', ...range } as const;
  for await (const one of store.readReadings(whole)) readings.push(one);
  return readings;
}

const amountsOf = (readings: readonly Reading[]) =>
  readings.map(({ amounts }) => amounts['available']);

/** The clock of the facts stands at noon. */
export const readingFacts: readonly StoreFact[] = [
  {
    name: 'gives back readings as they were kept, oldest first',
    async prove({ store, clock }) {
      const now = clock.now();
      const rows = [
        reading(now, '12345678901234567890.12345', { note: 'a "note"\n\u2028é \u{1F4B8}' }),
        reading(now, '-0.50', { account: 'payout ••1031', amounts: { total: '1', held: '0.00' } }),
      ];
      const nameless: Reading = { provider: 'x', account: '', atMs: now, amounts: {} };
      await store.appendReadings([...rows, nameless]);
      await store.appendReadings([reading(now - hour, 'earlier'), reading(now - 40 * day, 'old')]);
      const [old, earlier, ...rest] = await read(store);
      expect(amountsOf([old, earlier].flatMap((one) => one ?? []))).toEqual(['old', 'earlier']);
      expect(rest).toEqual([...rows, nameless]);
      expect(rest[2]).not.toHaveProperty('currency');
    },
  },
  {
    name: 'gives readings from a time on, and before another',
    async prove({ store, clock }) {
      const now = clock.now();
      const times = [-9 * day, -2 * hour, -hour, 0, hour];
      await store.appendReadings(times.map((ms) => reading(now + ms, String(ms / hour))));
      expect(amountsOf(await read(store, { sinceMs: now - hour }))).toEqual(['-1', '0', '1']);
      const range = { sinceMs: now - 9 * day, untilMs: now };
      expect(amountsOf(await read(store, range))).toEqual(['-216', '-2', '-1']);
      expect(await read(store, { sinceMs: now + hour + 1 })).toEqual([]);
    },
  },
  {
    name: 'gives the last reading of each account and UTC day',
    async prove({ store, clock }) {
      const noon = clock.now();
      const midnight = noon + 12 * hour;
      await store.appendReadings([reading(noon, '1'), reading(noon, '2', { currency: 'EUR' })]);
      await store.appendReadings([reading(noon - hour, 'before'), reading(midnight - 1, '3')]);
      await store.appendReadings([reading(noon, '4', { account: 'second' })]);
      await store.appendReadings([reading(noon, '5', { provider: 'paycross' })]);
      clock.advance(13 * hour);
      await store.appendReadings([reading(midnight, '6')]);
      expect(amountsOf(await read(store, { each: 'day' }))).toEqual(['2', '4', '5', '3', '6']);
      const untilMs = midnight;
      expect(amountsOf(await read(store, { each: 'day', untilMs }))).toEqual(['2', '4', '5', '3']);
      // Its day is over, and it comes all the same.
      await store.appendReadings([reading(noon + hour, '7', { currency: 'EUR' })]);
      expect(amountsOf(await read(store, { each: 'day', untilMs }))).toEqual(['4', '5', '7', '3']);
    },
  },
  {
    name: 'keeps every reading for 90 days, and then the last of each account and day',
    async prove({ store, clock, reopen }) {
      const noon = clock.now();
      await store.appendReadings([
        reading(noon - hour, '1'),
        reading(noon - hour, '2', { account: 'b' }),
      ]);
      await store.appendReadings([reading(noon, '3')]);
      clock.advance(90 * day + 12 * hour - 1);
      await store.appendReadings([reading(clock.now(), '4'), reading(clock.now(), '5')]);
      expect(amountsOf(await read(store))).toEqual(['1', '2', '3', '4', '5']);
      clock.advance(day);
      await store.appendReadings([reading(clock.now(), '6')]);
      expect(amountsOf(await read(store))).toEqual(['2', '3', '4', '5', '6']);
      expect(amountsOf(await read(await reopen()))).toEqual(['2', '3', '4', '5', '6']);
    },
  },
  {
    name: 'has the readings again after it was closed and opened, and refuses while it is closed',
    async prove({ store, clock, reopen }) {
      const mine = { ...reading(clock.now(), '1'), amounts: { available: '1' } };
      const kept = store.appendReadings([mine]);
      mine.amounts.available = 'changed';
      await kept;
      const taken = store.appendReadings([reading(clock.now(), '2')]);
      await store.close();
      await taken;
      await expect(store.appendReadings([reading(clock.now(), '3')])).rejects.toThrow(StoreError);
      await expect(read(store)).rejects.toThrow(StoreError);
      const again = await reopen();
      await again.appendReadings([reading(clock.now(), '4')]);
      expect(amountsOf(await read(again))).toEqual(['1', '2', '4']);
    },
  },
  {
    name: 'refuses more than 1,000 readings at once, and one of more than 4 KiB',
    async prove({ store, clock }) {
      const rows = Array.from({ length: 1_001 }, (_, n) => reading(clock.now(), String(n)));
      await expect(store.appendReadings(rows)).rejects.toThrow(StoreError);
      const long = reading(clock.now(), '1', { note: 'x'.repeat(4_096) });
      await expect(store.appendReadings([reading(clock.now(), '1'), long])).rejects.toThrow(
        StoreError,
      );
      expect(await read(store)).toEqual([]);
      await store.appendReadings(rows.slice(1));
      expect(await read(store)).toHaveLength(1_000);
    },
  },
];
