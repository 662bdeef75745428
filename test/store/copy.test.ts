// Moving from a data folder to PostgreSQL: all of it or nothing, proved, and never two truths.
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { copyStore, type StoreExport, type StoreLoading } from '../../src/store/copy.ts';
import {
  copyToPostgres,
  nextEntry,
  openPostgresStore,
  renderCopyReport,
  verifyChain,
} from '../../src/store/index.ts';
import type { AuditEntry, Reading, Store, StoredRecord } from '../../src/store/types.ts';
import { awkward, change, put, readAll } from '../contracts/store-subject.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { startBadNetwork } from './bad-network.ts';
import { createDataFolder, type DataFolder } from './data-folder.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

const clock = createFakeClock();
const log = createRecordingLog();
const dayMs = 86_400_000;

interface Scene {
  readonly folder: DataFolder;
  readonly database: TestDatabase;
  copy(url?: string): ReturnType<typeof copyToPostgres>;
  /** Rows in the tables of the database that a copy fills. */
  countRows(): Promise<number>;
}

async function onFolder(prove: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = await createDataFolder();
  const database = await openTestDatabase();
  const { dataDir } = folder;
  try {
    await prove({
      folder,
      database,
      copy: (url = database.url) => copyToPostgres({ dataDir, url, clock, log }),
      async countRows() {
        const [row] = await database.query(`SELECT ((SELECT count(*) FROM purser_records)
          + (SELECT count(*) FROM purser_audit) + (SELECT count(*) FROM purser_readings)
          + (SELECT count(*) FROM purser_daily))::int AS count`);
        return Number(row?.['count']);
      },
    });
  } finally {
    await database.stop();
    await folder.discard();
  }
}

/** A bit of everything that a folder can hold. */
async function fill(folder: DataFolder): Promise<void> {
  const store = await folder.open();
  await put(store, { id: 'a\0\\', key: 'K-\ud83d', value: awkward });
  await put(store, { id: 'b', key: 'K-2' }, { id: 'b', expectedVersion: 1, isOpen: false });
  await put(store, { id: 'again', isOpen: false }, { id: 'again', expectedVersion: 1 });
  await put(store, { id: 'b', kind: 'payee', value: null });
  for (let n = 0; n < 2_500; n += 100) {
    const changes = Array.from({ length: 100 }, (_, m) => {
      return change({ id: `p${n + m}`, key: `PUR-${n + m}`, isOpen: false, value: { n: n + m } });
    });
    await store.commit(changes, [{ n, said: awkward }, { n }]);
  }
  const amounts = { available: '1.50' };
  const at = createFakeClock().now();
  const reading = (atMs: number, account: string): Reading => {
    return { provider: 'p', account, currency: 'USD', atMs, amounts };
  };
  await store.appendReadings([reading(at, 'x'), reading(at, 'y'), reading(at - dayMs, 'x')]);
  await store.appendReadings([reading(at - 100 * dayMs, 'x'), reading(at - 100 * dayMs + 1, 'x')]);
  await store.close();
}

async function describeAll(store: Store): Promise<unknown> {
  const readings: Record<string, Reading[]> = { reading: [], day: [] };
  for (const each of ['reading', 'day'] as const) {
    for await (const one of store.readReadings({ sinceMs: 0, each })) readings[each]?.push(one);
  }
  const records = await Promise.all(
    ['payout', 'payee'].flatMap((kind) => [
      store.listSince(kind, 0, 10_000),
      store.listOpen(kind),
      store.findByKey(kind, 'K-\ud83d'),
      store.find(kind, 'a\0\\'),
    ]),
  );
  return { records, readings, entries: await readAll(store) };
}

it('copies all of a folder, and says what went over', async () => {
  await onFolder(async ({ folder, database, copy }) => {
    await fill(folder);
    const old = await folder.open();
    const before = await describeAll(old);
    const verdict = await verifyChain(old.readAudit());
    await old.close();
    const report = await copy();
    expect(report).toMatchObject({
      kinds: [
        { kind: 'payee', open: 1, closed: 0 },
        { kind: 'payout', open: 2, closed: 2_501 },
      ],
      entries: 50,
      readings: 4,
    });
    expect(verdict).toMatchObject({ isIntact: true, head: report.head });
    const text = renderCopyReport(report);
    expect(text).toMatch(/^ {2}payout +2 +2,501$/m);
    expect(text).toContain('50 entries, intact in both');
    expect(`${text} ${log.text()}`).not.toContain(new URL(database.url).password);

    const store = await openPostgresStore({ url: database.url, clock, log });
    expect(await describeAll(store)).toEqual(before);
    await put(store, { id: 'b', expectedVersion: 2, isOpen: false });
    await store.commit([], [{ n: 'next' }]);
    expect(await verifyChain(store.readAudit())).toMatchObject({ isIntact: true, count: 51 });
    await store.close();
  });
});

describe('a folder that was copied', () => {
  it('is refused, until somebody goes back on purpose', async () => {
    await onFolder(async ({ folder, database, copy }) => {
      await fill(folder);
      await copy();
      const says =
        /were copied to PostgreSQL at 127\.0\.0\.1:\d+\/postgres on 2026-11-20\. Set DATABASE_URL/;
      await expect(folder.open()).rejects.toThrow(says);
      await expect(copy()).rejects.toThrow(says);
      await expect(folder.open()).rejects.not.toThrow(new URL(database.url).password);
      await rm(folder.path('moved-to-postgresql.txt'));
      const store = await folder.open();
      expect(await store.find('payout', 'b')).toMatchObject({ version: 2 });
      await store.close();
    });
  });
});

describe('nothing is copied', () => {
  async function expectUntouched({ folder, countRows }: Scene, rows = 0): Promise<void> {
    expect(await countRows()).toBe(rows);
    const store = await folder.open();
    expect(await store.listSince('payout', 0, 10_000)).toHaveLength(2_503);
    await store.close();
  }

  it('to a database that is not empty', async () => {
    await onFolder(async (scene) => {
      await fill(scene.folder);
      const store = await openPostgresStore({ url: scene.database.url, clock, log });
      await put(store, { id: 'x' });
      await store.close();
      await expect(scene.copy()).rejects.toThrow(/^The database is not empty: it has 1 records/);
      await expectUntouched(scene, 1);
    });
  });

  it('while a Purser works on either', async () => {
    await onFolder(async (scene) => {
      const { folder, database, copy } = scene;
      await fill(folder);
      const store = await openPostgresStore({ url: database.url, clock, log });
      await expect(copy()).rejects.toThrow(/^A Purser works on this database\. Stop it/);
      await store.close();
      const old = await folder.open();
      await expect(copy()).rejects.toThrow(StoreError);
      await old.close();
      await expectUntouched(scene);
    });
  });

  it('when the folder is damaged, or the connection ends in the middle', async () => {
    await onFolder(async (scene) => {
      const { folder, database, copy } = scene;
      await fill(folder);
      const network = await startBadNetwork(Number(new URL(database.url).port));
      for (const text of [
        'unnest($1::bigint[]',
        'SELECT purser_append',
        'FROM purser_chain AS head',
      ]) {
        network.loseAnswerTo(text);
        await expect(copy(network.urlOf(database.url))).rejects.toThrow(/cannot be reached/);
      }
      expect(network.lost).toBe(3);
      await network.stop();
      await expectUntouched(scene);
      const text = await folder.read('audit.jsonl');
      await folder.write('audit.jsonl', text.replace('"n":700', '"n":701'));
      await expect(copy()).rejects.toThrow(/^audit\.jsonl was changed in line/);
      await folder.write('audit.jsonl', text);
      await expectUntouched(scene);
    });
  });
});

describe('the proof of a copy', () => {
  const record: StoredRecord = {
    ...{ kind: 'payout', id: 'a', version: 1, isOpen: true, createdAtMs: 1, value: '1.00' },
  };
  const entry = nextEntry({ sequence: 0, hash: '0'.repeat(64) }, 1, { n: 1 });
  const reading: Reading = { provider: 'p', account: 'a', atMs: 1, amounts: {} };

  async function copyTo(broken: Partial<StoreLoading>): Promise<string[]> {
    const heard: string[] = [];
    async function* yielding<T>(rows: readonly T[]): AsyncGenerator<T> {
      yield* rows;
    }
    const contents = {
      records: () => yielding([record]),
      audit: () => yielding<AuditEntry>([entry]),
      readings: () => yielding([reading]),
    };
    const source: StoreExport = {
      ...contents,
      name: 'data',
      async markMoved() {
        heard.push('marked');
      },
      async close() {},
    };
    const target: StoreLoading = {
      ...contents,
      name: 'database',
      async addRecords() {},
      async addAudit() {},
      async addReadings() {},
      async keep() {
        heard.push('kept');
      },
      async end() {},
      ...broken,
    };
    await copyStore(source, target, clock).catch((error: unknown) => {
      heard.push(error instanceof StoreError ? error.message : String(error));
    });
    return heard;
  }
  async function* only<T>(...rows: T[]): AsyncGenerator<T> {
    yield* rows;
  }

  it('is given before anything is kept, and the mark before that', async () => {
    expect(await copyTo({})).toEqual(['marked', 'kept']);
  });

  const differences: [what: string, broken: Partial<StoreLoading>, says: RegExp][] = [
    ['a record is missing', { records: () => only() }, /kinds/],
    ['a record is there twice', { records: () => only(record, record) }, /kinds/],
    ['an amount differs', { records: () => only({ ...record, value: '1.0' }) }, /digest/],
    ['a time differs', { records: () => only({ ...record, createdAtMs: 2 }) }, /digest/],
    ['an entry was changed', { audit: () => only({ ...entry, atMs: 2 }) }, /chain/],
    ['no entry came', { audit: () => only() }, /entries/],
    ['a reading differs', { readings: () => only({ ...reading, atMs: 2 }) }, /digest/],
  ];
  for (const [what, broken, says] of differences) {
    it(`finds that ${what}`, async () => {
      const [said, ...more] = await copyTo(broken);
      expect(more).toEqual([]);
      expect(said).toMatch(/^What database gives back is not what data has, so nothing was copied/);
      expect(said).toMatch(says);
    });
  }

  it('leaves the mark where nobody knows whether the copy was kept', async () => {
    const keep = async () => {
      throw new StoreError('The server is gone.');
    };
    const [marked, said] = await copyTo({ keep });
    expect(marked).toBe('marked');
    expect(said).toMatch(/^The server is gone\. Whether the copy was kept is not certain/);
  });
});
