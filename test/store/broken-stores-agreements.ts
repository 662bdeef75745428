// Stores that break a rule about what replicas agree on.
import { createAgreements } from '../../src/store/index.ts';
import { type BrokenStore, withCalls } from './broken-stores-made.ts';

/** Survives the store, as nothing of this should. */
function withOneForAll(): BrokenStore['open'] {
  let agreements: ReturnType<typeof createAgreements> | undefined;
  return withCalls(({ clock }) => {
    agreements ??= createAgreements({ clock });
    return agreements;
  });
}

export const brokenAgreements: readonly BrokenStore[] = [
  {
    breaks: ['gives each name to the first that claims it, until it is released'],
    how: 'never frees a name',
    open: withCalls(() => ({ release: async () => undefined })),
  },
  {
    breaks: [
      'gives each name to the first that claims it, until it is released',
      'lets one of 20 claims of one moment have a name',
    ],
    how: 'gives a name to everybody of this replica',
    open: withCalls(() => ({ claim: async (names) => [...new Set(names)] })),
  },
  {
    breaks: ['gives each name to the first that claims it, until it is released'],
    how: 'gives all or none',
    open: withCalls(({ store }) => ({
      async claim(names) {
        const taken = await store.claim(names);
        if (taken.length === new Set(names).size) return taken;
        await store.release(taken);
        return [];
      },
    })),
  },
  {
    breaks: ['lets one of 20 claims of one moment have a name'],
    how: 'looks a moment before it takes',
    open(config) {
      const taken = new Set<string>();
      return withCalls(() => ({
        async claim(names) {
          const free = names.filter((name) => !taken.has(name));
          await null;
          for (const name of free) taken.add(name);
          return free;
        },
      }))(config);
    },
  },
  {
    breaks: [
      'frees its claims when it is closed',
      'has forgotten what it remembered when it was closed',
    ],
    how: 'agrees with those before it',
    open: withOneForAll(),
  },
  {
    breaks: ['remembers the first value of a name, for its time'],
    how: 'remembers the last one',
    open(config) {
      const last = new Map<string, Parameters<ReturnType<BrokenStore['open']>['remember']>[1]>();
      return withCalls(({ store }) => ({
        async remember(name, value, forMs) {
          last.set(name, value);
          return await store.remember(name, value, forMs);
        },
        recall: async (name) => last.get(name),
      }))(config);
    },
  },
  {
    breaks: ['remembers the first value of a name, for its time'],
    how: 'remembers for ever',
    open: withCalls(({ store }) => ({
      remember: (name, value) => store.remember(name, value, Number.MAX_SAFE_INTEGER),
    })),
  },
  {
    breaks: ['does not let the caller change what is remembered'],
    how: 'looks at it only later',
    open: withCalls(({ store }) => ({
      async remember(name, value, forMs) {
        await null;
        return await store.remember(name, value, forMs);
      },
    })),
  },
  {
    breaks: ['refuses to remember more than 64 KiB, and what is no JSON'],
    how: 'cuts what is too long',
    open: withCalls(({ store }) => ({
      remember: (name, value, forMs) =>
        store.remember(name, typeof value === 'string' ? value.slice(0, 99) : value, forMs),
    })),
  },
  {
    breaks: ['is first at once where it is alone, until it is told to stop'],
    how: 'waits to be asked twice',
    open: withCalls(() => ({ lead: async () => async () => undefined })),
  },
  {
    breaks: ['is first at once where it is alone, until it is told to stop'],
    how: 'ends it whenever it is told to',
    open: withCalls(() => ({ lead: (begin) => begin() })),
  },
  {
    breaks: ['fails to lead as its beginning does, and may lead again'],
    how: 'keeps quiet about it',
    open: withCalls(({ store }) => ({
      lead: (begin) => store.lead(begin).catch(() => async () => undefined),
    })),
  },
];
