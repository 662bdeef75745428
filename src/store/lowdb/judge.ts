// Decides a step before anything is written: versions, keys and bounds. A draft is laid over what is
// stored, and over other drafts: the steps that share one write are judged one after the other.
import { ConflictError, StoreFullError } from '../../errors.ts';
import type { RecordChange, StoredRecord } from '../types.ts';

/** What a record is without its value. */
export interface RecordHead {
  readonly version: number;
  readonly isOpen: boolean;
  readonly createdAtMs: number;
  readonly key?: string;
}

export interface RecordsView {
  head(kind: string, id: string): RecordHead | undefined;
  /** The id of the record that has it. */
  ownerOf(kind: string, key: string): string | undefined;
  openCount(kind: string): number;
}

export interface Draft extends RecordsView {
  readonly records: Iterable<StoredRecord>;
  /** Throws `ConflictError` or `StoreFullError`; the draft is of no use afterwards. */
  apply(change: RecordChange, nowMs: number): void;
  /** Takes over all that another draft, laid over this one, has changed. */
  take(draft: Draft): void;
}

export function createDraft(base: RecordsView, openMax: number): Draft {
  const records = new Map<string, StoredRecord>();
  const owners = new Map<string, string | undefined>();
  const openCounts = new Map<string, number>();

  const head = (kind: string, id: string) => records.get(nameOf(kind, id)) ?? base.head(kind, id);
  const ownerOf = (kind: string, key: string) => {
    const name = nameOf(kind, key);
    return owners.has(name) ? owners.get(name) : base.ownerOf(kind, key);
  };
  const openCount = (kind: string) => openCounts.get(kind) ?? base.openCount(kind);

  const put = (record: StoredRecord) => {
    const { kind, id, key, isOpen } = record;
    const before = head(kind, id);
    const opened = Number(isOpen) - Number(before?.isOpen ?? false);
    openCounts.set(kind, openCount(kind) + opened);
    // Within one step the key may have gone to another record already.
    if (before?.key !== undefined && ownerOf(kind, before.key) === id) {
      owners.set(nameOf(kind, before.key), undefined);
    }
    if (key !== undefined) owners.set(nameOf(kind, key), id);
    records.set(nameOf(kind, id), record);
  };

  return {
    head,
    ownerOf,
    openCount,
    get records() {
      return records.values();
    },
    apply(change, nowMs) {
      const { kind, id, key, isOpen, value } = change;
      const before = head(kind, id);
      refuseConflict(change, before, key === undefined ? undefined : ownerOf(kind, key));
      if (isOpen && before?.isOpen !== true && openCount(kind) >= openMax) {
        throw new StoreFullError(
          `There are ${openMax} open records of the kind ${kind} already: finish some of them first.`,
        );
      }
      const version = change.expectedVersion + 1;
      const createdAtMs = before?.createdAtMs ?? nowMs;
      const record = { kind, id, version, isOpen, createdAtMs, value };
      put(Object.freeze(key === undefined ? record : { ...record, key }));
    },
    take(draft) {
      for (const record of draft.records) put(record);
    },
  };
}

function refuseConflict(
  change: RecordChange,
  before: RecordHead | undefined,
  owner: string | undefined,
): void {
  const { kind, id, expectedVersion, key } = change;
  const version = before?.version ?? 0;
  if (version !== expectedVersion) {
    throw new ConflictError(
      `${kind} ${id} is at version ${version}, not ${expectedVersion}: it was changed in between.`,
    );
  }
  if (owner !== undefined && owner !== id) {
    throw new ConflictError(`The key ${key} belongs to ${kind} ${owner} already.`);
  }
}

/** Kinds are words of the program, without a line feed: the pair is unambiguous. */
function nameOf(kind: string, rest: string): string {
  return `${kind}\n${rest}`;
}
