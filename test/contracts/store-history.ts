// Facts about what a store remembers: lists, closed records, the audit chain, its own life.
import { expect } from 'vitest';
import { ConflictError, StoreError } from '../../src/errors.ts';
import { verifyChain } from '../../src/store/index.ts';
import type { AuditEntry, Store } from '../../src/store/types.ts';
import {
  awkward,
  change,
  countWins,
  idsOf,
  put,
  readAll,
  type StoreFact,
} from './store-subject.ts';

export const listFacts: readonly StoreFact[] = [
  {
    name: 'lists the open records of a kind, oldest first, those of one moment by id',
    async prove({ store, clock }) {
      // By its characters, not as a language sorts them: capital letters come first.
      await put(store, { id: 'm' }, { id: 'k' }, { id: 'L' }, { id: 'shut', isOpen: false });
      clock.advance(1_000);
      await put(store, { id: 'a' }, { id: 'x', kind: 'payee' });
      clock.advance(1_000);
      await put(store, { id: 'm', expectedVersion: 1 });
      expect(idsOf(await store.listOpen('payout'))).toEqual(['L', 'k', 'm', 'a']);
    },
  },
  {
    name: 'lists open and closed records since a time, newest first',
    async prove({ store, clock }) {
      for (const id of ['e', 'd', 'c', 'b', 'a']) {
        await put(store, { id, isOpen: id !== 'c' && id !== 'b' });
        clock.advance(1_000);
      }
      await put(store, { id: 'd', expectedVersion: 1, isOpen: false, value: 'late' });
      await put(store, { id: 'f' }, { id: 'g', isOpen: false }, { id: 'x', kind: 'payee' });
      const since = clock.now() - 4_000;
      const rows = await store.listSince('payout', since, 10);
      expect(idsOf(rows)).toEqual(['g', 'f', 'a', 'b', 'c', 'd']);
      expect(rows[5]?.value).toBe('late');
      expect(idsOf(await store.listSince('payout', since + 1, 10))).not.toContain('d');
    },
  },
  {
    name: 'lists no more rows than asked for, the newest',
    async prove({ store, clock }) {
      for (let n = 0; n < 9; n += 1) {
        await put(store, { id: `p${n}`, isOpen: n % 2 === 0 });
        clock.advance(1_000);
      }
      expect(idsOf(await store.listSince('payout', 0, 4))).toEqual(['p8', 'p7', 'p6', 'p5']);
      expect(await store.listSince('payout', 0, 0)).toEqual([]);
    },
  },
];

const returned = { isOpen: false, key: 'PUR-1', value: 'returned' };

async function expectReturned(store: Store): Promise<void> {
  expect(await store.find('payout', 'a')).toMatchObject({ version: 2, ...returned });
  expect(await store.findByKey('payout', 'PUR-1')).toMatchObject({ version: 2, ...returned });
  const rows = await store.listSince('payout', 0, 10);
  expect(rows.map(({ id, value }) => [id, value])).toEqual([
    ['b', { id: 'b' }],
    ['a', 'returned'],
  ]);
}

export const closingFacts: readonly StoreFact[] = [
  {
    name: 'closes a record and finds it all the same',
    async prove({ store }) {
      await put(store, { id: 'a', key: 'PUR-1', value: 'open' });
      await put(store, {
        id: 'a',
        expectedVersion: 1,
        isOpen: false,
        key: 'PUR-1',
        value: awkward,
      });
      expect(await store.listOpen('payout')).toEqual([]);
      const expected = { id: 'a', version: 2, isOpen: false, key: 'PUR-1', value: awkward };
      expect(await store.find('payout', 'a')).toMatchObject(expected);
      expect(await store.findByKey('payout', 'PUR-1')).toMatchObject(expected);
    },
  },
  {
    name: 'changes a closed record again, and the later version counts',
    async prove({ store, reopen }) {
      await put(store, { id: 'a', isOpen: false, key: 'PUR-1', value: 'paid' });
      await put(store, { id: 'b', isOpen: false });
      await put(store, { id: 'a', expectedVersion: 1, ...returned });
      await expectReturned(store);
      await expectReturned(await reopen());
    },
  },
  {
    name: 'opens a closed record again',
    async prove({ store, reopen }) {
      await put(store, { id: 'a', isOpen: false, key: 'PUR-1', value: 'closed' });
      await put(store, { id: 'a', expectedVersion: 1, key: 'PUR-1', value: 'open' });
      expect(await store.listOpen('payout')).toMatchObject([{ version: 2, value: 'open' }]);
      const again = await reopen();
      expect(await again.listOpen('payout')).toMatchObject([{ version: 2, value: 'open' }]);
      expect(await again.find('payout', 'a')).toMatchObject({ version: 2, isOpen: true });
      expect(await again.findByKey('payout', 'PUR-1')).toMatchObject({ version: 2 });
      expect(await again.listSince('payout', 0, 10)).toHaveLength(1);
      await put(again, { id: 'a', expectedVersion: 2, isOpen: false, value: 'closed again' });
      expect(await again.listOpen('payout')).toEqual([]);
      expect(await again.find('payout', 'a')).toMatchObject({ value: 'closed again' });
    },
  },
];

export const auditFacts: readonly StoreFact[] = [
  {
    name: 'writes the audit entries of all steps in order, without gaps, chained',
    async prove({ store, clock }) {
      const from = clock.now();
      await store.commit([change({ id: 'a' })], [{ n: 1 }, { n: 2, said: awkward }]);
      clock.advance(1_000);
      await store.commit([], [{ n: 3 }]);
      const entries = await readAll(store);
      expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect(entries.map(({ atMs }) => atMs)).toEqual([from, from, from + 1_000]);
      expect(entries.map(({ facts }) => facts)).toEqual([
        { n: 1 },
        { n: 2, said: awkward },
        { n: 3 },
      ]);
      const head = { sequence: 3, hash: entries[2]?.hash };
      expect(await verifyChain(store.readAudit())).toEqual({ isIntact: true, count: 3, head });
    },
  },
  {
    name: 'reads the audit from an entry on',
    async prove({ store }) {
      for (const n of [1, 2, 3, 4]) await store.commit([], [{ n }]);
      expect((await readAll(store, 3)).map(({ sequence }) => sequence)).toEqual([3, 4]);
      expect(await readAll(store, 5)).toEqual([]);
    },
  },
  {
    name: 'reads the audit to its end while steps go on',
    async prove({ store }) {
      for (const n of [1, 2, 3]) await store.commit([], [{ n }]);
      const entries: AuditEntry[] = [];
      for await (const entry of store.readAudit()) {
        entries.push(entry);
        if (entries.length < 3) await store.commit([change({ id: `p${entries.length}` })], [{}]);
      }
      expect(entries.length).toBeGreaterThanOrEqual(3);
      expect(await verifyChain(entries)).toMatchObject({ isIntact: true });
      expect(await readAll(store)).toHaveLength(5);
    },
  },
];

export const lifeFacts: readonly StoreFact[] = [
  {
    name: 'has everything again after it was closed and opened',
    async prove({ store, clock, reopen }) {
      await put(store, { id: 'a', key: 'PUR-1', value: awkward });
      clock.advance(1_000);
      await put(store, { id: 'b', key: 'PUR-2', isOpen: false, value: awkward });
      await store.commit([change({ id: 'a', expectedVersion: 1, key: 'PUR-1' })], [{ n: 1 }]);
      const before = await store.listSince('payout', 0, 10);
      const entries = await readAll(store);
      const again = await reopen();
      expect(before).toHaveLength(2);
      expect(await again.listSince('payout', 0, 10)).toEqual(before);
      expect(await again.listOpen('payout')).toEqual(before.slice(1));
      expect((await again.findByKey('payout', 'PUR-2'))?.value).toEqual(awkward);
      expect(await readAll(again)).toEqual(entries);
      await expect(put(again, { id: 'c', key: 'PUR-2' })).rejects.toThrow(ConflictError);
      await expect(put(again, { id: 'a', expectedVersion: 1 })).rejects.toThrow(ConflictError);
      await again.commit([change({ id: 'a', expectedVersion: 2 })], [{ n: 2 }]);
      expect(await verifyChain(again.readAudit())).toMatchObject({ isIntact: true, count: 2 });
    },
  },
  {
    name: 'finishes what was taken when it closes, then refuses',
    async prove({ store, reopen }) {
      const taken = Array.from({ length: 10 }, (_, n) => put(store, { id: `p${n}` }));
      await Promise.all([store.close(), store.close()]);
      expect(countWins(await Promise.allSettled(taken))).toBe(10);
      for (const use of [
        () => put(store, { id: 'late' }),
        () => store.find('payout', 'p0'),
        () => store.findByKey('payout', 'PUR-1'),
        () => store.listOpen('payout'),
        () => store.listSince('payout', 0, 10),
        () => readAll(store),
      ]) {
        await expect(use()).rejects.toThrow(StoreError);
      }
      await store.close();
      expect(await (await reopen()).listOpen('payout')).toHaveLength(10);
    },
  },
];
