// Stores that break a rule about records, steps or keys.
import { ConflictError } from '../../src/errors.ts';
import {
  type BrokenStore,
  isOf,
  versionNow,
  withCalls,
  withChanges,
  withRecords,
} from './broken-stores-made.ts';
import { createReferenceStore } from './reference-store.ts';

export const brokenRecords: readonly BrokenStore[] = [
  {
    breaks: ['gives back what was committed'],
    how: 'drops the keys',
    open: withChanges(({ key: _, ...rest }) => rest),
  },
  {
    breaks: ['gives undefined for what was never there'],
    how: 'takes a key for an id',
    open: withCalls(({ store }) => ({
      find: async (kind, id) => (await store.find(kind, id)) ?? (await store.findByKey(kind, id)),
    })),
  },
  {
    breaks: ['gives undefined for what was never there'],
    how: 'looks for an id in all kinds',
    open: withCalls(({ data }) => ({
      find: async (_, id) => data.records.find((record) => record.id === id),
    })),
  },
  {
    breaks: ['counts versions from 1'],
    how: 'counts them from 0',
    open: withCalls(({ store }) => ({
      async find(kind, id) {
        const record = await store.find(kind, id);
        return record && { ...record, version: record.version - 1 };
      },
    })),
  },
  {
    breaks: ['keeps the time of the first writing'],
    how: 'gives every version its own time',
    open: withCalls(({ store, data, clock }) => ({
      async commit(changes, audit) {
        await store.commit(changes, audit);
        data.records = data.records.map((record) => {
          const isChanged = changes.some((change) => isOf(record, change));
          return isChanged ? { ...record, createdAtMs: clock.now() } : record;
        });
      },
    })),
  },
  {
    breaks: ['refuses a change of another version than the current one'],
    how: 'lets the last writer win',
    open: withChanges((change, sound) => ({
      ...change,
      expectedVersion: versionNow(change, sound),
    })),
  },
  {
    breaks: ['refuses to create what is there already, open or closed'],
    how: 'overwrites a closed record with a new one',
    open: withChanges((change, sound) => {
      const isNew = change.expectedVersion === 0;
      return {
        ...change,
        expectedVersion: isNew ? versionNow(change, sound) : change.expectedVersion,
      };
    }),
  },
  {
    breaks: ['does not let the caller change what is stored'],
    how: 'looks at a step only later',
    open: withCalls(({ store }) => ({
      async commit(changes, audit) {
        await null;
        await store.commit(changes, audit);
      },
    })),
  },
];

export const brokenSteps: readonly BrokenStore[] = [
  {
    breaks: ['makes all changes of a step or none'],
    how: 'makes them one by one',
    open: withCalls(({ store }) => ({
      async commit(changes, audit) {
        for (const change of changes) await store.commit([change], []);
        await store.commit([], audit);
      },
    })),
  },
  {
    breaks: ['writes no audit entry of a step that is refused'],
    how: 'writes the entries first',
    open: withCalls(({ store }) => ({
      async commit(changes, audit) {
        await store.commit([], audit);
        await store.commit(changes, []);
      },
    })),
  },
  {
    breaks: ['judges the changes of a step in their order'],
    how: 'begins with the last one',
    open: withCalls(({ store }) => ({
      commit: (changes, audit) => store.commit(changes.toReversed(), audit),
    })),
  },
  {
    breaks: ['lets exactly one of 50 changes of one version win'],
    how: 'compares a moment before it sets',
    open: withCalls((sound) => ({
      async commit(changes, audit) {
        for (const change of changes) {
          if (change.expectedVersion === versionNow(change, sound)) continue;
          throw new ConflictError('another version');
        }
        await null;
        const current = changes.map((change) => {
          return { ...change, expectedVersion: versionNow(change, sound) };
        });
        await sound.store.commit(current, audit);
      },
    })),
  },
  {
    breaks: [
      'lets exactly one of 50 new records have a key',
      'refuses a key that another record of the kind has, open or closed',
    ],
    how: 'never compares keys',
    open: withCalls(({ store, data }) => ({
      async commit(changes, audit) {
        await store.commit(
          changes.map(({ key: _, ...rest }) => rest),
          audit,
        );
        data.records = data.records.map((record) => {
          const key = changes.find((change) => isOf(record, change))?.key;
          return key === undefined ? record : { ...record, key };
        });
      },
    })),
  },
  {
    breaks: ['keeps all of 50 independent steps of one moment'],
    how: 'writes back what it read a moment before',
    open: withCalls(({ data, ...config }) => ({
      async commit(changes, audit) {
        const copy = { ...data };
        await createReferenceStore({ ...config, data: copy }).commit(changes, audit);
        Object.assign(data, copy);
      },
    })),
  },
  {
    breaks: ['changes nothing with an empty step'],
    how: 'notes that nothing was done',
    open: withCalls(({ store }) => ({
      commit: (changes, audit) =>
        store.commit(changes, changes.length + audit.length === 0 ? [{ what: 'nothing' }] : audit),
    })),
  },
];

export const brokenKeys: readonly BrokenStore[] = [
  {
    breaks: ['finds open and closed records by key'],
    how: 'finds the open ones',
    open: withCalls(({ store }) => ({
      async findByKey(kind, key) {
        const record = await store.findByKey(kind, key);
        return record?.isOpen ? record : undefined;
      },
    })),
  },
  {
    breaks: ['refuses a key that another record of the kind has, open or closed'],
    how: 'forgets the keys of closed records',
    open: withRecords((records) =>
      records.map((record) => {
        const { key: _, ...rest } = record;
        return record.isOpen ? record : rest;
      }),
    ),
  },
  {
    breaks: ['takes the same key in another kind'],
    how: 'compares the keys of all kinds',
    open: withCalls(({ store, data }) => ({
      async commit(changes, audit) {
        for (const { kind, key } of changes) {
          const isTaken = data.records.some((one) => one.key === key && one.kind !== kind);
          if (key !== undefined && isTaken) throw new ConflictError('the key is taken');
        }
        await store.commit(changes, audit);
      },
    })),
  },
  {
    breaks: ['frees a key that its record gives up'],
    how: 'remembers every key for ever',
    open(config) {
      const owners = new Map<string, string>();
      const breakStore = withChanges((change) => {
        const { id, key } = change;
        if (key !== undefined && (owners.get(key) ?? id) !== id) throw new ConflictError('taken');
        if (key !== undefined) owners.set(key, id);
        return change;
      });
      return breakStore(config);
    },
  },
];
