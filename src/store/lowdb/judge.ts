// Decides a step before anything is written: versions, keys and bounds. A draft is laid over what is
// stored, and over other drafts: the steps that share one write are judged one after the other.
import { ConflictError, StoreError, StoreFullError } from '../../errors.ts';
import { canonicalJson } from '../chain.ts';
import type { AuditFacts, Json, RecordChange, StoredRecord } from '../types.ts';

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

export const limits = {
  valueBytesMax: 65_536,
  /** Of an id or a key, in characters. */
  nameLengthMax: 256,
  changesMax: 100,
  auditMax: 100,
};

/** A step as it was handed in: its own copy, so that the caller may go on changing theirs. */
export interface Step {
  readonly changes: readonly RecordChange[];
  readonly audit: readonly AuditFacts[];
}

/** Throws `StoreError` for what is too large, `TypeError` for what is not JSON. */
export function copyStep(changes: readonly RecordChange[], audit: readonly AuditFacts[]): Step {
  if (changes.length > limits.changesMax || audit.length > limits.auditMax) {
    throw new StoreError(`A step has ${limits.changesMax} changes and audit entries at most.`);
  }
  return {
    changes: changes.map((change) => {
      const { kind, id, key, expectedVersion, isOpen } = change;
      if (!/^[A-Za-z][\w.:-]{0,63}$/.test(kind)) throw new TypeError(`not a kind: ${kind}`);
      refuseName(id, 'id');
      if (key !== undefined) refuseName(key, 'key');
      const value = copyJson(change.value, `${kind} ${id}`);
      const copy = { kind, id, expectedVersion, isOpen, value };
      return key === undefined ? copy : { ...copy, key };
    }),
    audit: audit.map((facts) => copyJson(facts, 'An audit entry')),
  };
}

function refuseName(name: string, what: string): void {
  if (name.length === 0 || name.length > limits.nameLengthMax) {
    throw new StoreError(`The ${what} of a record has 1 to ${limits.nameLengthMax} characters.`);
  }
}

function copyJson<T extends Json>(value: T, what: string): T {
  const text = canonicalJson(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.valueBytesMax) {
    throw new StoreError(
      `${what} would take ${bytes} bytes; the store takes ${limits.valueBytesMax} at most.`,
    );
  }
  return freeze(JSON.parse(text));
}

/** Readers get the stored value itself: nobody may change it. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}
