// Facts about what a store takes: how much of it, and which text.
import { expect } from 'vitest';
import { StoreError, StoreFullError } from '../../src/errors.ts';
import type { Store } from '../../src/store/types.ts';
import { change, idsOf, openMaxOfFacts, put, readAll, type StoreFact } from './store-subject.ts';

export const boundFacts: readonly StoreFact[] = [
  {
    name: 'refuses more open records of a kind than its bound, and nothing else',
    async prove({ store }) {
      const ids = Array.from({ length: openMaxOfFacts }, (_, n) => `p${n}`);
      await Promise.all(ids.map((id) => put(store, { id })));
      await expect(put(store, { id: 'more' })).rejects.toThrow(StoreFullError);
      expect(await store.find('payout', 'more')).toBeUndefined();
      await put(store, { id: 'other', kind: 'payee' }, { id: 'shut', isOpen: false });
      await put(store, { id: 'p0', expectedVersion: 1, value: 'changed' });
      const reopened = put(store, { id: 'shut', expectedVersion: 1 });
      await expect(reopened).rejects.toThrow(StoreFullError);
      await put(store, { id: 'p0', expectedVersion: 2, isOpen: false }, { id: 'more' });
      expect(await store.listOpen('payout')).toHaveLength(openMaxOfFacts);
    },
  },
  {
    name: 'refuses a value of more than 64 KiB',
    async prove({ store }) {
      const text = 'x'.repeat(65_534);
      await put(store, { id: 'fits', value: text });
      await expect(put(store, { id: 'a', value: `${text}x` })).rejects.toThrow(StoreError);
      // Bytes of UTF-8, not characters.
      const euros = '€'.repeat(21_845);
      await expect(put(store, { id: 'b', value: euros })).rejects.toThrow(StoreError);
      await expect(store.commit([], [{ text }])).rejects.toThrow(StoreError);
      expect(idsOf(await store.listOpen('payout'))).toEqual(['fits']);
      expect(await readAll(store)).toEqual([]);
    },
  },
  {
    name: 'refuses a number that JSON cannot say',
    async prove({ store }) {
      for (const value of [Number.NaN, { deep: [Number.POSITIVE_INFINITY] }]) {
        await expect(put(store, { id: 'a', value })).rejects.toThrow(TypeError);
      }
      expect(await store.find('payout', 'a')).toBeUndefined();
    },
  },
  {
    name: 'refuses a step of more than 100 changes or 100 entries',
    async prove({ store }) {
      const changes = Array.from({ length: 101 }, (_, n) => {
        return change({ id: `p${n}`, isOpen: false });
      });
      const entries = changes.map((_, n) => ({ n }));
      await expect(store.commit(changes, [])).rejects.toThrow(StoreError);
      await expect(store.commit([], entries)).rejects.toThrow(StoreError);
      expect(await store.listSince('payout', 0, 200)).toEqual([]);
      await store.commit(changes.slice(1), entries.slice(1));
      expect(await store.listSince('payout', 0, 200)).toHaveLength(100);
      expect(await readAll(store)).toHaveLength(100);
    },
  },
  {
    name: 'refuses an id or a key of no or of more than 256 characters',
    async prove({ store }) {
      const long = 'é'.repeat(256);
      await put(store, { id: long, key: long });
      for (const parts of [{ id: '' }, { id: 'x'.repeat(257) }]) {
        await expect(put(store, parts)).rejects.toThrow(StoreError);
      }
      for (const key of ['', 'x'.repeat(257)]) {
        await expect(put(store, { id: 'a', key })).rejects.toThrow(StoreError);
      }
      expect(idsOf(await store.listOpen('payout'))).toEqual([long]);
      expect((await store.findByKey('payout', long))?.id).toBe(long);
    },
  },
];

export const textFacts: readonly StoreFact[] = [
  {
    name: 'keeps text as it is, whatever people paste',
    async prove({ store, reopen }) {
      // A control character, both forms of one letter, half of an emoji, a name with a meaning.
      const value = JSON.parse(
        '{"__proto__":"\\u0000\\u001b e\\u0301\\u00e9 \\ud83d","toString":"x"}',
      );
      const closed = { id: 'constructor', key: '\u202eé', isOpen: false, value };
      await put(store, { id: '__proto__', key: 'e\u0301', value }, closed);
      await store.commit([], [value]);
      const expectKept = async (opened: Store) => {
        const rows = await opened.listSince('payout', 0, 10);
        expect(idsOf(rows)).toEqual(['constructor', '__proto__']);
        for (const row of rows) expect(JSON.stringify(row.value)).toBe(JSON.stringify(value));
        expect((await opened.findByKey('payout', 'e\u0301'))?.id).toBe('__proto__');
        expect((await opened.findByKey('payout', '\u202eé'))?.id).toBe('constructor');
        expect(await opened.findByKey('payout', 'é')).toBeUndefined();
        const [entry] = await readAll(opened);
        expect(JSON.stringify(entry?.facts)).toBe(JSON.stringify(value));
      };
      await expectKept(store);
      await expectKept(await reopen());
    },
  },
];
