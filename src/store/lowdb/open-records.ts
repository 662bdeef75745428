// The open work in memory: what open.json holds, found by id and by key.
import type { StoredRecord } from '../types.ts';
import { compareAge } from './closed.ts';

export interface OpenRecords {
  find(kind: string, id: string): StoredRecord | undefined;
  /** The id. */
  findByKey(kind: string, key: string): string | undefined;
  count(kind: string): number;
  /** Oldest first. */
  list(kind: string): StoredRecord[];
  all(): Iterable<StoredRecord>;
  put(record: StoredRecord): void;
  remove(kind: string, id: string): void;
}

interface OneKind {
  readonly byId: Map<string, StoredRecord>;
  readonly idByKey: Map<string, string>;
}

export function createOpenRecords(records: Iterable<StoredRecord>): OpenRecords {
  const kinds = new Map<string, OneKind>();

  const remove = (kind: string, id: string) => {
    const known = kinds.get(kind);
    const key = known?.byId.get(id)?.key;
    // The key may have gone to another record in the same step.
    if (key !== undefined && known?.idByKey.get(key) === id) known.idByKey.delete(key);
    known?.byId.delete(id);
  };
  const put = (record: StoredRecord) => {
    const { kind, id, key } = record;
    remove(kind, id);
    const known: OneKind = kinds.get(kind) ?? { byId: new Map(), idByKey: new Map() };
    kinds.set(kind, known);
    known.byId.set(id, record);
    if (key !== undefined) known.idByKey.set(key, id);
  };
  for (const record of records) put(record);

  return {
    find: (kind, id) => kinds.get(kind)?.byId.get(id),
    findByKey: (kind, key) => kinds.get(kind)?.idByKey.get(key),
    count: (kind) => kinds.get(kind)?.byId.size ?? 0,
    list: (kind) => [...(kinds.get(kind)?.byId.values() ?? [])].sort(compareAge),
    *all() {
      for (const { byId } of kinds.values()) yield* byId.values();
    },
    put,
    remove,
  };
}
