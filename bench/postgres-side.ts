// One PostgreSQL store on a database of its own, with the open work of a busy day; and the payout that
// everything there is a copy of, which was really made.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { createLog } from '../src/log.ts';
import { canonicalJson, openLowdbStore, openPostgresStore } from '../src/store/index.ts';
import type { Store } from '../src/store/types.ts';
import type { TestDatabase } from '../test/store/test-database.ts';
import { idOf, keyOf, type Sample } from './history.ts';
import { openOffice, type Payer, pay } from './office.ts';

const dayMs = 86_400_000;
const log = createLog({ level: 'error', secrets: [], destination: process.stderr });

/** In a folder, where it costs nothing to make. */
export async function makeSample(payer: Payer): Promise<Sample> {
  return await withFolderStore(async (store) => {
    const { journal, ...office } = await openOffice(store, payer);
    const { payout } = await pay({ journal, ...office }, payer, '12.50');
    const { id, content } = payout;
    const news = {
      state: 'paid',
      reference: content.reference,
      providerStatus: 'SUCCESS',
    } as const;
    const event = { type: 'news', from: 'status', news, atMs: systemClock.now() } as const;
    const paid = await journal.apply(id, event, { person: 'purser' });
    const record = await store.find('payout', id);
    if (!paid.ok || record?.isOpen !== false) throw new Error('the sample is not over');
    const entries = [];
    for await (const { facts } of store.readAudit())
      if (facts['payout'] === id) entries.push(facts);
    return { record, entries };
  });
}

export async function withFolderStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'purser-bench-'));
  const store = await openLowdbStore({ dataDir, clock: systemClock, log });
  try {
    return await work(store);
  } finally {
    await store.close();
    await rm(dataDir, { recursive: true });
  }
}

export async function openStore({ url }: TestDatabase): Promise<Store> {
  return await openPostgresStore({ url, clock: systemClock, log });
}

export interface Side {
  readonly database: TestDatabase;
  readonly store: Store;
  /** Those that are open. */
  readonly ids: readonly string[];
  /** Reads an open payout and changes it, with an entry; another one each time. */
  step(): Promise<void>;
  /** The same with that one, by whichever replica. */
  stepOf(id: string, replica: Store): Promise<void>;
  /** What a step asks about this one: by its id, by its key, what is open, and what today brought. */
  read(id: string): Promise<void>;
  nextOpen(): string;
}

/** With so many open payouts, at most a hundred. */
export async function openSide(
  database: TestDatabase,
  { record, entries }: Sample,
  openCount: number,
): Promise<Side> {
  const store = await openStore(database);
  const { kind, value } = record;
  const facts = entries.slice(-1);
  const ids = Array.from({ length: openCount }, (_, n) => idOf(-1 - n));
  const toChange = (id: string, expectedVersion: number) => {
    const text = canonicalJson(value).replaceAll(record.id, id);
    return { kind, id, key: keyOf(id), expectedVersion, isOpen: true, value: JSON.parse(text) };
  };
  const first = ids.map((id) => toChange(id, 0));
  await store.commit(first, facts);
  const find = async (id: string, replica = store) => {
    const found = await replica.find(kind, id);
    if (found === undefined) throw new Error(`the payout ${id} is gone`);
    return found;
  };
  const stepOf = async (id: string, replica: Store) => {
    const { version } = await find(id, replica);
    await replica.commit([toChange(id, version)], facts);
  };
  let turn = 0;
  const nextOpen = () => {
    turn += 1;
    return ids[turn % openCount] ?? '';
  };
  return {
    ...{ database, store, ids, nextOpen, stepOf },
    step: () => stepOf(nextOpen(), store),
    async read(id) {
      const { key } = await find(id);
      const byKey = await store.findByKey(kind, key ?? '');
      const open = await store.listOpen(kind);
      const recent = await store.listSince(kind, systemClock.now() - dayMs, 1_000);
      const lengths = [open.length, recent.length];
      if (byKey?.id !== id || lengths.some((length) => length < openCount)) {
        throw new Error(`the payout ${id} was not found, or others: ${lengths.join(', ')}`);
      }
    },
  };
}
