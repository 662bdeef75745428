// The store at its simplest, in memory and without any file: what the contract means. The self-test
// breaks it on purpose, and the model test holds the real store against it.
import type { Clock } from '../../src/clock.ts';
import { ConflictError, StoreError, StoreFullError } from '../../src/errors.ts';
import { dayOf, isThinned, lastOfEach } from '../../src/store/days.ts';
import { canonicalJson, chainStart, createAgreements, nextEntry } from '../../src/store/index.ts';
import type {
  AuditEntry,
  AuditFacts,
  Json,
  Reading,
  RecordChange,
  Store,
  StoredRecord,
} from '../../src/store/types.ts';

/** Survives the store, as a disk would. */
export interface ReferenceData {
  records: readonly StoredRecord[];
  entries: readonly AuditEntry[];
  readings: readonly Reading[];
}

export interface ReferenceStoreConfig {
  readonly data: ReferenceData;
  readonly clock: Clock;
  readonly openMax: number;
}

export function createReferenceStore({ data, clock, openMax }: ReferenceStoreConfig): Store {
  let isClosed = false;
  const refuseClosed = () => {
    if (isClosed) throw new StoreError('closed');
  };
  const list = (kind: string) =>
    data.records
      .filter((record) => record.kind === kind)
      .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));

  return {
    ...createAgreements({ clock }),
    async find(kind, id) {
      refuseClosed();
      return data.records.find((record) => record.kind === kind && record.id === id);
    },
    async findByKey(kind, key) {
      refuseClosed();
      return data.records.find((record) => record.kind === kind && record.key === key);
    },
    async listOpen(kind) {
      refuseClosed();
      return list(kind).filter(({ isOpen }) => isOpen);
    },
    async listSince(kind, sinceMs, rowsMax) {
      refuseClosed();
      const since = list(kind).filter(({ createdAtMs }) => createdAtMs >= sinceMs);
      return since.toReversed().slice(0, rowsMax);
    },
    async commit(changes, audit) {
      refuseClosed();
      refuseSize(changes, audit);
      const facts = audit.map((one) => copy(one));
      const nowMs = clock.now();
      data.records = changes.reduce(
        (records, change) => applyChange({ records, change, nowMs, openMax }),
        data.records,
      );
      const entries = [...data.entries];
      for (const one of facts) entries.push(nextEntry(entries.at(-1) ?? chainStart, nowMs, one));
      data.entries = entries;
    },
    async *readAudit(fromSequence = 1) {
      refuseClosed();
      yield* data.entries.slice(fromSequence - 1);
    },
    async appendReadings(readings) {
      refuseClosed();
      if (readings.length > 1_000) throw new StoreError('too many');
      if (readings.some((one) => canonicalJson(one).length > 4_096))
        throw new StoreError('too large');
      const all = [...data.readings, ...structuredClone(readings)].sort((a, b) => a.atMs - b.atMs);
      const isOld = ({ atMs }: Reading) => isThinned(dayOf(atMs), clock.now());
      data.readings = [...lastOfDays(all.filter(isOld)), ...all.filter((one) => !isOld(one))];
    },
    async *readReadings({ sinceMs, untilMs = Number.POSITIVE_INFINITY, each }) {
      refuseClosed();
      const readings = each === 'day' ? lastOfDays(data.readings) : data.readings;
      yield* readings.filter(({ atMs }) => atMs >= sinceMs && atMs < untilMs);
    },
    async close() {
      isClosed = true;
    },
  };
}

function lastOfDays(readings: readonly Reading[]): Reading[] {
  const days = [...new Set(readings.map(({ atMs }) => dayOf(atMs)))];
  return days.flatMap((day) => lastOfEach(readings.filter(({ atMs }) => dayOf(atMs) === day)));
}

function refuseSize(changes: readonly RecordChange[], audit: readonly AuditFacts[]): void {
  const names = changes.flatMap(({ id, key = id }) => [id, key]);
  const isTooLong = names.some((name) => name.length === 0 || name.length > 256);
  if (isTooLong || changes.length > 100 || audit.length > 100) throw new StoreError('too large');
}

interface Applying {
  readonly records: readonly StoredRecord[];
  readonly change: RecordChange;
  readonly nowMs: number;
  readonly openMax: number;
}

function applyChange({ records, change, nowMs, openMax }: Applying): readonly StoredRecord[] {
  const { kind, id, expectedVersion, key, ...rest } = change;
  const ofKind = records.filter((record) => record.kind === kind);
  const before = ofKind.find((record) => record.id === id);
  if ((before?.version ?? 0) !== expectedVersion) throw new ConflictError('another version');
  if (key !== undefined && ofKind.some((record) => record.key === key && record.id !== id)) {
    throw new ConflictError('the key is taken');
  }
  const others = ofKind.filter((record) => record.isOpen && record.id !== id);
  if (rest.isOpen && before?.isOpen !== true && others.length >= openMax) {
    throw new StoreFullError('full');
  }
  const record: StoredRecord = {
    kind,
    id,
    ...rest,
    ...(key === undefined ? {} : { key }),
    value: copy(change.value),
    version: expectedVersion + 1,
    createdAtMs: before?.createdAtMs ?? nowMs,
  };
  return [...records.filter((one) => one !== before), record];
}

function copy<T extends Json | AuditFacts>(value: T): T {
  const text = canonicalJson(value);
  if (Buffer.byteLength(text) > 65_536) throw new StoreError('too large');
  return JSON.parse(text);
}
