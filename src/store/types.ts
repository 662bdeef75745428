// What Purser needs from a store: records that change by compare-and-set, an append-only audit
// chain, and both in one durable step; beside them the history of balances, which decides nothing,
// and what the replicas of one Purser agree on.
// test/contracts/store.ts is the specification.

/** A record as JSON: no bigint, no Date, no undefined. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

export interface StoredRecord {
  readonly kind: string;
  readonly id: string;
  /** 1 when first written, one more with every change. */
  readonly version: number;
  /** Open records are the work that goes on; closed ones are history and cost nothing. */
  readonly isOpen: boolean;
  /** When it was first written, milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** Unique within the kind where present: the merchant reference of a payout. */
  readonly key?: string;
  readonly value: Json;
}

export interface RecordChange {
  readonly kind: string;
  readonly id: string;
  /** The version that was read; 0 for a record that must not exist yet. */
  readonly expectedVersion: number;
  readonly isOpen: boolean;
  readonly key?: string;
  readonly value: Json;
}

/** One step of one person or of Purser itself, as it is written into the chain. */
export interface AuditFacts {
  readonly [name: string]: Json;
}

export interface AuditEntry {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly atMs: number;
  readonly facts: AuditFacts;
  /** Hex SHA-256 of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
  /** Hex SHA-256 over this entry without its hash, in canonical form (src/store/chain.ts). */
  readonly hash: string;
}

/** What one account had at one moment, as its provider said it. */
export interface Reading {
  readonly provider: string;
  readonly account: string;
  /** Absent where the provider names none. */
  readonly currency?: string;
  readonly atMs: number;
  /** Decimal texts by kind of amount. One that is absent was not given, which is never 0. */
  readonly amounts: Readonly<Record<string, string>>;
  readonly note?: string;
}

export interface ReadingRange {
  readonly sinceMs: number;
  /** Not included; without it, to the end. */
  readonly untilMs?: number;
  /** `day`: only the last one of each account (provider, account, currency) and UTC day. */
  readonly each: 'reading' | 'day';
}

export interface Store {
  /** Undefined where there is none. Finds closed records too. */
  find(kind: string, id: string): Promise<StoredRecord | undefined>;
  findByKey(kind: string, key: string): Promise<StoredRecord | undefined>;
  /** All open records of a kind, oldest first: the open work is bounded. */
  listOpen(kind: string): Promise<readonly StoredRecord[]>;
  /** Open and closed records first written at or after the time, newest first, at most `rowsMax`. */
  listSince(kind: string, sinceMs: number, rowsMax: number): Promise<readonly StoredRecord[]>;
  /**
   * All changes and all audit entries, or none; durable (fsync or commit) when it resolves.
   * Throws `ConflictError` when a version is not the expected one or a key is taken, `StoreFullError`
   * when the open work has reached its bound, `StoreError` when nothing could be written.
   */
  commit(changes: readonly RecordChange[], audit: readonly AuditFacts[]): Promise<void>;
  /** Audit entries in order, from that sequence on, read as they are asked for. */
  readAudit(fromSequence?: number): AsyncIterable<AuditEntry>;
  /**
   * Keeps them all, in any order of time; at most 1,000 at once, of 4 KiB each, or `StoreError`. Not
   * synced: a power cut may take the readings of the last half minute, and no payout depends on one.
   * Of a day that ended more than 90 days ago only the last one of each account is kept.
   */
  appendReadings(readings: readonly Reading[]): Promise<void>;
  /** Oldest first. What is appended meanwhile may be missing. */
  readReadings(range: ReadingRange): AsyncIterable<Reading>;
  /**
   * Of these names, those that nobody has taken, this replica included: they are taken until they are
   * released, or this store is closed, lost or dead. What must never happen twice rests on versions;
   * a claim only keeps two replicas from doing the same work at the same time.
   */
  claim(names: readonly string[]): Promise<readonly string[]>;
  /** Where that fails, the store goes on trying. */
  release(names: readonly string[]): Promise<void>;
  /**
   * Keeps a value of at most 64 KiB for every replica, for so long at most, and no longer than some
   * replica lives: after all of them have stopped, or a backup was restored, it is gone. False where
   * the name is taken: the first value stays.
   */
  remember(name: string, value: Json, forMs: number): Promise<boolean>;
  recall(name: string): Promise<Json | undefined>;
  /**
   * Calls `begin` when this is the first of the replicas: where none is, now, and its failure is this
   * one's; else within seconds of the end of the first one. What `begin` gives is called when
   * that is over: when the store is lost (and `begin` may be called again later), or to stop, by the
   * function that this gives. For a moment two may believe to be first.
   */
  lead(begin: () => Promise<() => Promise<void>>): Promise<() => Promise<void>>;
  /** Twice is fine. */
  close(): Promise<void>;
}
