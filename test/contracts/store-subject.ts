// What the facts about stores have in common: the store under test and how they write to it.
import type { AuditEntry, Json, RecordChange, Store } from '../../src/store/types.ts';
import type { FakeClock } from '../support.ts';

export interface StoreUnderTest {
  readonly store: Store;
  /** The store's only clock. */
  readonly clock: FakeClock;
  /** Closes the store and opens it again on the same data. */
  reopen(): Promise<Store>;
  discard(): Promise<void>;
}

export interface StoreFact {
  readonly name: string;
  prove(subject: StoreUnderTest): Promise<void>;
}

export const openMaxOfFacts = 60;

export type ChangeParts = Partial<RecordChange> & { id: string };

export function change({ id, ...parts }: ChangeParts): RecordChange {
  return { kind: 'payout', id, expectedVersion: 0, isOpen: true, value: { id }, ...parts };
}

export async function put(store: Store, ...changes: ChangeParts[]): Promise<void> {
  for (const parts of changes) await store.commit([change(parts)], []);
}

export async function readAll(store: Store, fromSequence?: number): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of store.readAudit(fromSequence)) entries.push(entry);
  return entries;
}

export function idsOf(records: readonly { id: string }[]): string[] {
  return records.map(({ id }) => id);
}

export function countWins(results: readonly PromiseSettledResult<void>[]): number {
  return results.filter(({ status }) => status === 'fulfilled').length;
}

/** Text that breaks what is careless: quotes, line feeds, direction marks, another plane. */
export const awkward: Json = {
  text: 'a "quote" \\ back\nline\u2028 \u202eright-to-left\u202c \u{1F4B8} é',
  numbers: [0, -1, 1.5, 9_007_199_254_740_991, 1e21, 1e-7],
  nothing: null,
  empty: [{}, [], ''],
  flags: [true, false],
  'a key, "quoted"': { '': 'no name', '10': 'ten', '9': 'nine' },
};
