// Facts about what a step does: records, versions, keys, and many steps at one moment.
import { expect } from 'vitest';
import { ConflictError } from '../../src/errors.ts';
import { verifyChain } from '../../src/store/index.ts';
import {
  awkward,
  change,
  countWins,
  idsOf,
  put,
  readAll,
  type StoreFact,
} from './store-subject.ts';

export const recordFacts: readonly StoreFact[] = [
  {
    name: 'gives back what was committed',
    async prove({ store, clock }) {
      await put(store, { id: 'a', key: 'PUR-1', value: awkward });
      expect(await store.find('payout', 'a')).toEqual({
        kind: 'payout',
        id: 'a',
        version: 1,
        isOpen: true,
        createdAtMs: clock.now(),
        key: 'PUR-1',
        value: awkward,
      });
    },
  },
  {
    name: 'gives undefined for what was never there',
    async prove({ store }) {
      await put(store, { id: 'a', key: 'PUR-1' });
      expect(await store.find('payout', 'b')).toBeUndefined();
      expect(await store.find('payee', 'a')).toBeUndefined();
      expect(await store.find('payout', 'PUR-1')).toBeUndefined();
      expect(await store.findByKey('payout', 'a')).toBeUndefined();
      expect(await store.findByKey('payee', 'PUR-1')).toBeUndefined();
      expect(await store.listOpen('payee')).toEqual([]);
      expect(await store.listSince('payee', 0, 10)).toEqual([]);
    },
  },
  {
    name: 'counts versions from 1',
    async prove({ store }) {
      for (const expectedVersion of [0, 1, 2]) {
        await put(store, { id: 'a', expectedVersion, value: expectedVersion });
        const record = await store.find('payout', 'a');
        expect(record?.version).toBe(expectedVersion + 1);
        expect(record?.value).toBe(expectedVersion);
      }
    },
  },
  {
    name: 'keeps the time of the first writing',
    async prove({ store, clock }) {
      const createdAtMs = clock.now();
      await put(store, { id: 'a' });
      clock.advance(5_000);
      await put(store, { id: 'a', expectedVersion: 1 });
      expect((await store.find('payout', 'a'))?.createdAtMs).toBe(createdAtMs);
      clock.advance(5_000);
      await put(store, { id: 'a', expectedVersion: 2, isOpen: false });
      expect((await store.find('payout', 'a'))?.createdAtMs).toBe(createdAtMs);
    },
  },
  {
    name: 'refuses a change of another version than the current one',
    async prove({ store }) {
      await put(store, { id: 'a', value: 1 }, { id: 'a', expectedVersion: 1, value: 2 });
      for (const expectedVersion of [1, 3]) {
        const late = put(store, { id: 'a', expectedVersion, value: 'late' });
        await expect(late).rejects.toThrow(ConflictError);
      }
      await expect(put(store, { id: 'b', expectedVersion: 1 })).rejects.toThrow(ConflictError);
      expect((await store.find('payout', 'a'))?.value).toBe(2);
      expect(await store.find('payout', 'b')).toBeUndefined();
    },
  },
  {
    name: 'refuses to create what is there already, open or closed',
    async prove({ store }) {
      await put(store, { id: 'a', value: 1 }, { id: 'b', isOpen: false, value: 1 });
      await expect(put(store, { id: 'a', value: 2 })).rejects.toThrow(ConflictError);
      await expect(put(store, { id: 'b', value: 2 })).rejects.toThrow(ConflictError);
      expect((await store.find('payout', 'a'))?.value).toBe(1);
      expect((await store.find('payout', 'b'))?.value).toBe(1);
    },
  },
  {
    name: 'does not let the caller change what is stored',
    async prove({ store }) {
      const value = { state: 'requested' };
      const facts = { what: 'asked' };
      const done = store.commit([change({ id: 'a', value })], [facts]);
      value.state = 'paid';
      facts.what = 'nothing';
      await done;
      expect((await store.find('payout', 'a'))?.value).toEqual({ state: 'requested' });
      expect((await readAll(store))[0]?.facts).toEqual({ what: 'asked' });
    },
  },
];

export const stepFacts: readonly StoreFact[] = [
  {
    name: 'makes all changes of a step or none',
    async prove({ store }) {
      await put(store, { id: 'b', key: 'PUR-2' });
      const step = [
        change({ id: 'a', key: 'PUR-1' }),
        change({ id: 'b', expectedVersion: 9 }),
        change({ id: 'c' }),
      ];
      await expect(store.commit(step, [])).rejects.toThrow(ConflictError);
      expect(idsOf(await store.listOpen('payout'))).toEqual(['b']);
      expect(await store.findByKey('payout', 'PUR-1')).toBeUndefined();
      await store.commit(
        [change({ id: 'a', key: 'PUR-1' }), change({ id: 'b', expectedVersion: 1 })],
        [],
      );
      expect(idsOf(await store.listOpen('payout'))).toEqual(['b', 'a'].sort());
    },
  },
  {
    name: 'writes no audit entry of a step that is refused',
    async prove({ store }) {
      await store.commit([change({ id: 'a' })], [{ what: 'first' }]);
      const refused = store.commit([change({ id: 'a' })], [{ what: 'refused' }]);
      await expect(refused).rejects.toThrow(ConflictError);
      await store.commit([], [{ what: 'second' }]);
      expect((await readAll(store)).map(({ facts }) => facts['what'])).toEqual(['first', 'second']);
    },
  },
  {
    name: 'judges the changes of a step in their order',
    async prove({ store }) {
      await put(store, { id: 'a', key: 'PUR-1' }, { id: 'b', key: 'PUR-2' });
      const swap = [
        change({ id: 'a', expectedVersion: 1 }),
        change({ id: 'b', expectedVersion: 1, key: 'PUR-1' }),
        change({ id: 'a', expectedVersion: 2, key: 'PUR-2' }),
      ];
      await store.commit(swap, []);
      expect(await store.findByKey('payout', 'PUR-1')).toMatchObject({ id: 'b', version: 2 });
      expect(await store.findByKey('payout', 'PUR-2')).toMatchObject({ id: 'a', version: 3 });
    },
  },
  {
    name: 'lets exactly one of 50 changes of one version win',
    async prove({ store }) {
      await put(store, { id: 'a' });
      const clicks = Array.from({ length: 50 }, (_, click) =>
        store.commit([change({ id: 'a', expectedVersion: 1, value: click })], [{ click }]),
      );
      const results = await Promise.allSettled(clicks);
      expect(countWins(results)).toBe(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConflictError);
      }
      const winner = results.findIndex(({ status }) => status === 'fulfilled');
      expect(await store.find('payout', 'a')).toMatchObject({ version: 2, value: winner });
      expect((await readAll(store)).map(({ facts }) => facts)).toEqual([{ click: winner }]);
    },
  },
  {
    name: 'lets exactly one of 50 new records have a key',
    async prove({ store }) {
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, n) => put(store, { id: `p${n}`, key: 'PUR-1' })),
      );
      expect(countWins(results)).toBe(1);
      const winner = results.findIndex(({ status }) => status === 'fulfilled');
      expect((await store.findByKey('payout', 'PUR-1'))?.id).toBe(`p${winner}`);
      expect(await store.listOpen('payout')).toHaveLength(1);
    },
  },
  {
    name: 'keeps all of 50 independent steps of one moment',
    async prove({ store }) {
      await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          store.commit([change({ id: `p${n}`, isOpen: n % 2 === 0 })], [{ n }]),
        ),
      );
      expect(await store.listOpen('payout')).toHaveLength(25);
      expect(await store.listSince('payout', 0, 100)).toHaveLength(50);
      const entries = await readAll(store);
      expect(new Set(entries.map(({ facts }) => facts['n'])).size).toBe(50);
      expect(await verifyChain(entries)).toMatchObject({ isIntact: true, count: 50 });
    },
  },
  {
    name: 'changes nothing with an empty step',
    async prove({ store }) {
      await store.commit([change({ id: 'a' })], [{ what: 'first' }]);
      await store.commit([], []);
      expect(await store.find('payout', 'a')).toMatchObject({ version: 1 });
      expect(await readAll(store)).toHaveLength(1);
    },
  },
];

export const keyFacts: readonly StoreFact[] = [
  {
    name: 'finds open and closed records by key',
    async prove({ store }) {
      await put(store, { id: 'a', key: 'PUR-1' }, { id: 'b', key: 'PUR-2', isOpen: false });
      expect(await store.findByKey('payout', 'PUR-1')).toMatchObject({ id: 'a', key: 'PUR-1' });
      expect(await store.findByKey('payout', 'PUR-2')).toMatchObject({ id: 'b', key: 'PUR-2' });
    },
  },
  {
    name: 'refuses a key that another record of the kind has, open or closed',
    async prove({ store }) {
      await put(store, { id: 'a', key: 'PUR-1' }, { id: 'b', key: 'PUR-2', isOpen: false });
      for (const key of ['PUR-1', 'PUR-2']) {
        await expect(put(store, { id: 'c', key })).rejects.toThrow(ConflictError);
        expect(await store.find('payout', 'c')).toBeUndefined();
      }
      await put(store, { id: 'c', key: 'PUR-3' });
      const stolen = put(store, { id: 'c', expectedVersion: 1, key: 'PUR-1' });
      await expect(stolen).rejects.toThrow(ConflictError);
      expect((await store.findByKey('payout', 'PUR-1'))?.id).toBe('a');
    },
  },
  {
    name: 'takes the same key in another kind',
    async prove({ store }) {
      await put(store, { id: 'a', key: 'PUR-1' }, { id: 'a', kind: 'payee', key: 'PUR-1' });
      expect((await store.findByKey('payout', 'PUR-1'))?.kind).toBe('payout');
      expect((await store.findByKey('payee', 'PUR-1'))?.kind).toBe('payee');
    },
  },
  {
    name: 'frees a key that its record gives up',
    async prove({ store }) {
      await put(store, { id: 'a', key: 'PUR-1' }, { id: 'a', expectedVersion: 1, key: 'PUR-2' });
      expect(await store.findByKey('payout', 'PUR-1')).toBeUndefined();
      await put(store, { id: 'b', key: 'PUR-1' }, { id: 'a', expectedVersion: 2 });
      expect((await store.findByKey('payout', 'PUR-1'))?.id).toBe('b');
      expect(await store.findByKey('payout', 'PUR-2')).toBeUndefined();
      expect(await store.find('payout', 'a')).not.toHaveProperty('key');
    },
  },
];
