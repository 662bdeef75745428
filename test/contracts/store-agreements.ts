// Facts about what replicas agree on, as far as one of them shows it; replicas.ts has those of several.
import { expect } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { awkward, type StoreFact } from './store-subject.ts';

const minute = 60_000;

export const agreementFacts: readonly StoreFact[] = [
  {
    name: 'gives each name to the first that claims it, until it is released',
    async prove({ store }) {
      expect(await store.claim(['a', 'b', 'b'])).toEqual(['a', 'b']);
      expect(await store.claim(['c', 'b', '__proto__'])).toEqual(['c', '__proto__']);
      expect(await store.claim(['a', 'b', 'c'])).toEqual([]);
      await store.release(['b', 'never claimed']);
      expect(await store.claim(['a', 'b'])).toEqual(['b']);
      expect(await store.claim([])).toEqual([]);
    },
  },
  {
    name: 'lets one of 20 claims of one moment have a name',
    async prove({ store }) {
      const claims = await Promise.all(
        Array.from({ length: 20 }, () => store.claim(['x', 'y', 'z'])),
      );
      expect(claims.flat().toSorted()).toEqual(['x', 'y', 'z']);
    },
  },
  {
    name: 'frees its claims when it is closed',
    async prove({ store, reopen }) {
      await store.claim(['a']);
      const again = await reopen();
      expect(await again.claim(['a'])).toEqual(['a']);
    },
  },
  {
    name: 'remembers the first value of a name, for its time',
    async prove({ store, clock }) {
      expect(await store.recall('a')).toBeUndefined();
      expect(await store.remember('a', awkward, minute)).toBe(true);
      expect(await store.remember('a', 'another', minute)).toBe(false);
      expect(await store.remember('b', null, minute)).toBe(true);
      expect(await store.recall('a')).toEqual(awkward);
      expect(await store.recall('b')).toBeNull();
      clock.advance(minute - 1);
      expect(await store.recall('a')).toEqual(awkward);
      clock.advance(1);
      expect(await store.recall('a')).toBeUndefined();
      expect(await store.remember('a', 'another', minute)).toBe(true);
      expect(await store.recall('a')).toBe('another');
    },
  },
  {
    name: 'does not let the caller change what is remembered',
    async prove({ store }) {
      const value = { state: 'asked' };
      const done = store.remember('a', value, minute);
      value.state = 'changed';
      await done;
      expect(await store.recall('a')).toEqual({ state: 'asked' });
    },
  },
  {
    name: 'refuses to remember more than 64 KiB, and what is no JSON',
    async prove({ store }) {
      const text = 'x'.repeat(65_534);
      await expect(store.remember('a', `${text}x`, minute)).rejects.toThrow(StoreError);
      await expect(store.remember('a', Number.NaN, minute)).rejects.toThrow(TypeError);
      expect(await store.remember('a', text, minute)).toBe(true);
    },
  },
  {
    name: 'has forgotten what it remembered when it was closed',
    async prove({ store, reopen }) {
      await store.remember('a', 1, minute);
      const again = await reopen();
      expect(await again.recall('a')).toBeUndefined();
      expect(await again.remember('a', 2, minute)).toBe(true);
    },
  },
  {
    name: 'is first at once where it is alone, until it is told to stop',
    async prove({ store }) {
      const heard: string[] = [];
      const stop = await store.lead(async () => {
        heard.push('begun');
        return async () => {
          heard.push('ended');
        };
      });
      expect(heard).toEqual(['begun']);
      await stop();
      expect(heard).toEqual(['begun', 'ended']);
      await stop();
      expect(heard).toEqual(['begun', 'ended']);
    },
  },
  {
    name: 'fails to lead as its beginning does, and may lead again',
    async prove({ store }) {
      const failing = store.lead(async () => {
        throw new RangeError('no gateway');
      });
      await expect(failing).rejects.toThrow(RangeError);
      let begun = 0;
      const stop = await store.lead(async () => {
        begun += 1;
        return async () => undefined;
      });
      expect(begun).toBe(1);
      await stop();
    },
  },
];
