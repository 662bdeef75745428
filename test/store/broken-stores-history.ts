// Stores that break a rule about lists, closed records, the audit chain or their own life.
import { ConflictError } from '../../src/errors.ts';
import { chainStart, nextEntry } from '../../src/store/index.ts';
import {
  type BrokenStore,
  versionNow,
  withCalls,
  withChanges,
  withRecords,
} from './broken-stores-made.ts';
import { createReferenceStore } from './reference-store.ts';

export const brokenLists: readonly BrokenStore[] = [
  {
    breaks: ['lists the open records of a kind, oldest first, those of one moment by id'],
    how: 'lists them in the order of their last change',
    open: withCalls(({ data }) => ({
      listOpen: async (kind) => data.records.filter((one) => one.isOpen && one.kind === kind),
    })),
  },
  {
    breaks: ['lists the open records of a kind, oldest first, those of one moment by id'],
    how: 'lists the newest first',
    open: withCalls(({ store }) => ({
      listOpen: async (kind) => (await store.listOpen(kind)).toReversed(),
    })),
  },
  {
    breaks: ['lists open and closed records since a time, newest first'],
    how: 'lists the open ones',
    open: withCalls(({ store }) => ({
      listSince: async (...asked) => (await store.listSince(...asked)).filter((one) => one.isOpen),
    })),
  },
  {
    breaks: ['lists open and closed records since a time, newest first'],
    how: 'leaves out what was written at that very time',
    open: withCalls(({ store }) => ({
      listSince: (kind, sinceMs, rowsMax) => store.listSince(kind, sinceMs + 1, rowsMax),
    })),
  },
  {
    breaks: ['lists no more rows than asked for, the newest'],
    how: 'lists all of them',
    open: withCalls(({ store }) => ({
      listSince: (kind, sinceMs) => store.listSince(kind, sinceMs, Number.POSITIVE_INFINITY),
    })),
  },
  {
    breaks: ['lists no more rows than asked for, the newest'],
    how: 'gives the oldest of them',
    open: withCalls(({ store }) => ({
      async listSince(kind, sinceMs, rowsMax) {
        const rows = await store.listSince(kind, sinceMs, Number.POSITIVE_INFINITY);
        return rows.slice(Math.max(0, rows.length - rowsMax));
      },
    })),
  },
];

const refuseClosed = (isOpenWanted: boolean) =>
  withChanges((change, { data }) => {
    const before = data.records.find(({ kind, id }) => kind === change.kind && id === change.id);
    if (before?.isOpen === false && change.isOpen === isOpenWanted) {
      throw new ConflictError('it is closed');
    }
    return change;
  });

export const brokenClosings: readonly BrokenStore[] = [
  {
    breaks: ['closes a record and finds it all the same'],
    how: 'forgets what is closed',
    open: withRecords((records) => records.filter(({ isOpen }) => isOpen)),
  },
  {
    breaks: ['changes a closed record again, and the later version counts'],
    how: 'lets nobody change what is closed',
    open: refuseClosed(false),
  },
  {
    breaks: ['opens a closed record again'],
    how: 'lets nobody open what is closed',
    open: refuseClosed(true),
  },
];

export const brokenAudits: readonly BrokenStore[] = [
  {
    breaks: ['writes the audit entries of all steps in order, without gaps, chained'],
    how: 'turns the entries of a step around',
    open: withCalls(({ store }) => ({
      commit: (changes, audit) => store.commit(changes, audit.toReversed()),
    })),
  },
  {
    breaks: ['writes the audit entries of all steps in order, without gaps, chained'],
    how: 'does not chain them',
    open: withCalls(({ store, data, clock }) => ({
      async commit(changes, audit) {
        await store.commit(changes, []);
        const entries = audit.map((facts, index) => {
          const head = { ...chainStart, sequence: data.entries.length + index };
          return nextEntry(head, clock.now(), facts);
        });
        data.entries = [...data.entries, ...entries];
      },
    })),
  },
  {
    breaks: ['reads the audit from an entry on'],
    how: 'begins after it',
    open: withCalls(({ store }) => ({
      readAudit: (from = 1) => store.readAudit(from === 1 ? 1 : from + 1),
    })),
  },
  {
    breaks: ['reads the audit to its end while steps go on'],
    how: 'stops reading at the first step',
    open: withCalls(({ data }) => ({
      async *readAudit(from = 1) {
        const { entries } = data;
        for (const entry of entries.slice(from - 1)) {
          if (data.entries === entries) yield entry;
        }
      },
    })),
  },
];

export const brokenLives: readonly BrokenStore[] = [
  {
    breaks: ['has everything again after it was closed and opened'],
    how: 'keeps only the open work',
    open(config) {
      config.data.records = config.data.records.filter(({ isOpen }) => isOpen);
      return createReferenceStore(config);
    },
  },
  {
    breaks: ['finishes what was taken when it closes, then refuses'],
    how: 'drops what waits when it closes',
    open(config) {
      const store = createReferenceStore(config);
      return {
        ...store,
        async commit(changes, audit) {
          await null;
          await store.commit(changes, audit);
        },
      };
    },
  },
  {
    breaks: ['finishes what was taken when it closes, then refuses'],
    how: 'answers after it was closed',
    open: (config) => ({ ...createReferenceStore(config), async close() {} }),
  },
];

export const brokenBounds: readonly BrokenStore[] = [
  {
    breaks: ['refuses more open records of a kind than its bound, and nothing else'],
    how: 'has no bound',
    open: (config) => createReferenceStore({ ...config, openMax: Number.POSITIVE_INFINITY }),
  },
  {
    breaks: ['refuses more open records of a kind than its bound, and nothing else'],
    how: 'lets closed ones open again beyond its bound',
    open: (config) =>
      withCalls((sound) => ({
        commit(changes, audit) {
          const isNew = changes.some((change) => versionNow(change, sound) === 0);
          const openMax = isNew ? config.openMax : Number.POSITIVE_INFINITY;
          return createReferenceStore({ ...config, openMax }).commit(changes, audit);
        },
      }))(config),
  },
  {
    breaks: ['refuses a value of more than 64 KiB'],
    how: 'cuts what is too long',
    open: withChanges(({ value, ...rest }) => ({
      ...rest,
      value: typeof value === 'string' ? value.slice(0, 20_000) : value,
    })),
  },
  {
    breaks: ['refuses a number that JSON cannot say'],
    how: 'writes null in its place',
    open: withChanges(({ value, ...rest }) => ({
      ...rest,
      value: JSON.parse(JSON.stringify(value)),
    })),
  },
  {
    breaks: ['refuses a step of more than 100 changes or 100 entries'],
    how: 'makes two steps of it',
    open: withCalls(({ store }) => ({
      async commit(changes, audit) {
        await store.commit(changes.slice(0, 100), audit.slice(0, 100));
        await store.commit(changes.slice(100), audit.slice(100));
      },
    })),
  },
  {
    breaks: ['refuses an id or a key of no or of more than 256 characters'],
    how: 'cuts long ids',
    open: withChanges(({ id, ...rest }) => ({ ...rest, id: id.slice(0, 256) })),
  },
  {
    breaks: ['refuses an id or a key of no or of more than 256 characters'],
    how: 'takes an empty key for none',
    open: withChanges(({ key, ...rest }) => (key ? { ...rest, key } : rest)),
  },
  {
    breaks: ['keeps text as it is, whatever people paste'],
    how: 'composes what was typed in two parts',
    open: withChanges(({ key, ...rest }) =>
      key === undefined ? rest : { ...rest, key: key.normalize('NFC') },
    ),
  },
  {
    breaks: ['keeps text as it is, whatever people paste'],
    how: 'replaces half an emoji',
    open: withChanges(({ value, ...rest }) => ({
      ...rest,
      value: JSON.parse(JSON.stringify(value).replaceAll('\\ud83d', '\ufffd')),
    })),
  },
  {
    breaks: ['keeps text as it is, whatever people paste'],
    how: 'takes names from the prototype',
    open: withChanges(({ value, ...rest }) => ({
      ...rest,
      value: typeof value === 'object' ? Object.assign({}, value) : value,
    })),
  },
];
