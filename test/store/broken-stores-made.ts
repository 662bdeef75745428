// Ways to break the reference store: it stays itself but for one thing.
import type { RecordChange, Store, StoredRecord } from '../../src/store/types.ts';
import { createReferenceStore, type ReferenceStoreConfig } from './reference-store.ts';

export interface BrokenStore {
  /** Names of facts that must fail. */
  readonly breaks: readonly string[];
  readonly how: string;
  open(config: ReferenceStoreConfig): Store;
}

type Open = BrokenStore['open'];

export interface Sound extends ReferenceStoreConfig {
  readonly store: Store;
}

/** The store some of whose calls differ. */
export function withCalls(replace: (sound: Sound) => Partial<Store>): Open {
  return (config) => {
    const store = createReferenceStore(config);
    return { ...store, ...replace({ ...config, store }) };
  };
}

/** The store that commits other changes than it was asked to. */
export function withChanges(bend: (change: RecordChange, sound: Sound) => RecordChange): Open {
  return withCalls((sound) => ({
    commit: async (changes, audit) => {
      const bent = changes.map((change) => bend(change, sound));
      await sound.store.commit(bent, audit);
    },
  }));
}

/** The store whose records are other ones after every step. */
export function withRecords(
  bend: (records: readonly StoredRecord[], changes: readonly RecordChange[]) => StoredRecord[],
): Open {
  return withCalls(({ store, data }) => ({
    async commit(changes, audit) {
      await store.commit(changes, audit);
      data.records = bend(data.records, changes);
    },
  }));
}

export function isOf(record: { kind: string; id: string }, { kind, id }: RecordChange): boolean {
  return record.kind === kind && record.id === id;
}

export function versionNow(change: RecordChange, { data }: Sound): number {
  return data.records.find((record) => isOf(record, change))?.version ?? 0;
}
