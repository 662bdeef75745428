// Records with a type: what the store gives back is checked, what changes is compared and set.
import type { z } from 'zod';
import { ConflictError, StoreError } from '../errors.ts';
import type { AuditFacts, Json, RecordChange, Store, StoredRecord } from './types.ts';

export interface Loaded<T> {
  readonly version: number;
  readonly value: T;
}

export interface RecordsConfig<T> {
  readonly kind: string;
  readonly schema: z.ZodType<T>;
  idOf(value: T): string;
  isOpen(value: T): boolean;
  keyOf?(value: T): string;
}

export interface Records<T> {
  find(id: string): Promise<Loaded<T> | undefined>;
  findByKey(key: string): Promise<Loaded<T> | undefined>;
  listOpen(): Promise<T[]>;
  /** Newest first, open and closed. */
  listSince(sinceMs: number, rowsMax: number): Promise<T[]>;
  insert(value: T, audit: object, also?: readonly RecordChange[]): Promise<void>;
  /** A new record, for a step that changes others too. */
  toInsert(value: T): RecordChange;
  /**
   * Reads, lets `decide` make the next value from the present one (undefined where there is none),
   * and writes it if nobody else was faster; else `decide` is asked again with what they made of
   * it. Deciding `undefined` changes nothing.
   */
  change(
    id: string,
    decide: (value: T | undefined) => Decided<T> | undefined,
  ): Promise<Changed<T> | undefined>;
  /** Asks `decide` once: throws `ConflictError` where somebody else was faster. */
  changeOnce(
    id: string,
    decide: (value: T | undefined) => Decided<T> | undefined,
  ): Promise<Changed<T> | undefined>;
}

export interface Changed<T> {
  readonly before: T | undefined;
  readonly after: T;
}

export interface Decided<T> {
  readonly next: T;
  /** Plain data; members that are undefined are left out. Absent for mere bookkeeping. */
  readonly audit?: object;
  /** In the same step. */
  readonly also?: readonly RecordChange[];
}

/** Fifty people clicking at once need fifty turns at the most. */
const turnsMax = 200;

export function createRecords<T>(store: Store, config: RecordsConfig<T>): Records<T> {
  const { kind, schema } = config;

  const load = (record: StoredRecord): Loaded<T> => {
    const parsed = schema.safeParse(record.value);
    if (!parsed.success) {
      const path = parsed.error.issues[0]?.path.join('.');
      throw new StoreError(`The stored ${kind} ${record.id} cannot be read: ${path} is not right.`);
    }
    return { version: record.version, value: parsed.data };
  };
  const write = (value: T, expectedVersion: number): RecordChange => {
    const key = config.keyOf?.(value);
    return {
      kind,
      id: config.idOf(value),
      expectedVersion,
      isOpen: config.isOpen(value),
      value: toStored(value),
      ...(key === undefined ? {} : { key }),
    };
  };
  const find = async (id: string) => {
    const record = await store.find(kind, id);
    return record === undefined ? undefined : load(record);
  };

  const changeOnce: Records<T>['changeOnce'] = async (id, decide) => {
    const loaded = await find(id);
    const decided = decide(loaded?.value);
    if (decided === undefined) return undefined;
    const { next, audit, also = [] } = decided;
    const change = write(next, loaded?.version ?? 0);
    await store.commit([change, ...also], audit === undefined ? [] : [toFacts(audit)]);
    return { before: loaded?.value, after: next };
  };

  return {
    find,
    async findByKey(key) {
      const record = await store.findByKey(kind, key);
      return record === undefined ? undefined : load(record);
    },
    listOpen: async () => (await store.listOpen(kind)).map((record) => load(record).value),
    listSince: async (sinceMs, rowsMax) =>
      (await store.listSince(kind, sinceMs, rowsMax)).map((record) => load(record).value),
    toInsert: (value) => write(value, 0),
    insert: (value, audit, also = []) => store.commit([write(value, 0), ...also], [toFacts(audit)]),
    changeOnce,
    async change(id, decide) {
      for (let turn = 0; turn < turnsMax; turn += 1) {
        try {
          return await changeOnce(id, decide);
        } catch (error) {
          if (!(error instanceof ConflictError)) throw error;
        }
      }
      throw new StoreError(`Too many people change ${kind} ${id} at once; try again.`);
    },
  };
}

function toFacts(audit: object): AuditFacts {
  return JSON.parse(JSON.stringify(audit)) as AuditFacts;
}

/** Drops members that are undefined, as JSON does. */
function toStored(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
