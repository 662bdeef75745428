// Opening a database: empty ones, older and newer ones, damaged ones, and those that cannot be had.
// Whatever is said about it never has the password in it.
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { StoreError } from '../../src/errors.ts';
import { openPostgresStore, verifyChain } from '../../src/store/index.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { migrations } from '../../src/store/postgres/migrations.ts';
import { createSessions } from '../../src/store/postgres/sessions.ts';
import type { Reading, Store } from '../../src/store/types.ts';
import { change, put, readAll } from '../contracts/store-subject.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

async function onDatabase(
  prove: (database: TestDatabase, open: (url?: string) => Promise<Store>) => Promise<void>,
  clock = createFakeClock(),
): Promise<void> {
  const database = await openTestDatabase();
  const opened: Store[] = [];
  const log = createRecordingLog();
  const open = async (url = database.url) => {
    const store = await openPostgresStore({ url, clock, log });
    opened.push(store);
    return store;
  };
  try {
    await prove(database, open);
    expect(log.text()).not.toContain(new URL(database.url).password);
  } finally {
    for (const store of opened) await store.close();
    await database.stop();
  }
}

it('makes its tables once, of however many replicas that start at one moment', async () => {
  await onDatabase(async (database, open) => {
    const stores = await Promise.all([open(), open(), open()]);
    await Promise.all(stores.map((store, n) => put(store, { id: `p${n}` })));
    expect(await stores[0]?.listOpen('payout')).toHaveLength(3);
    expect(await database.query('SELECT version FROM purser_schema')).toEqual([
      { version: migrations.length },
    ]);
  });
});

it('goes up from an older schema, and refuses a newer one', async () => {
  await onDatabase(async (database, open) => {
    const first = await open();
    await put(first, { id: 'x' });
    const sessions = createSessions({
      ...{ url: database.url, clock: systemClock, log: createRecordingLog(), connectionsMax: 2 },
    });
    const newer = [...migrations, 'ALTER TABLE purser_records ADD COLUMN more text'];
    await Promise.all([migrate(sessions, newer), migrate(sessions, newer)]);
    // Half a step up leaves nothing behind.
    const broken = [...newer, 'CREATE TABLE purser_half (); SELECT 1 / 0'];
    await expect(migrate(sessions, broken)).rejects.toThrow(StoreError);
    await sessions.end();
    expect(await database.query(`SELECT to_regclass('purser_half') AS half`)).toEqual([
      { half: null },
    ]);
    await expect(open()).rejects.toThrow(
      `The database was made by a newer Purser (schema ${newer.length}; this one knows ${migrations.length}). Start that version again`,
    );
    // Who runs already goes on.
    expect(await first.find('payout', 'x')).toBeDefined();
  });
});

it('says what to do about a database that cannot be had, without the password', async () => {
  await onDatabase(async (database, open) => {
    const { password } = new URL(database.url);
    const turned = (turn: (url: URL) => void) => {
      const url = new URL(database.url);
      turn(url);
      return url.href;
    };
    const mistakes: [url: string, says: RegExp][] = [
      [`mysql://u:${password}@h/d`, /^DATABASE_URL is not the address of a PostgreSQL\./],
      [`postgres://u:${password}@h:port/d`, /^DATABASE_URL is not the address/],
      [
        turned((url) => (url.password = `${password}x`)),
        /^PostgreSQL refuses the user or the pass/,
      ],
      [
        turned((url) => (url.pathname = '/nobody')),
        /^The database that DATABASE_URL names does not/,
      ],
      [
        turned((url) => url.searchParams.set('options', '-csearch_path=nowhere')),
        /^No schema of the search_path exists/,
      ],
      [
        turned((url) => url.searchParams.set('options', '-csearch_path=pg_catalog')),
        /^The user of DATABASE_URL may not/,
      ],
      [turned((url) => (url.port = '1')), /cannot be reached \(ECONNREFUSED\)/],
      [turned((url) => url.searchParams.set('sslmode', 'verify-full')), /does not support SSL/],
      [turned((url) => url.searchParams.set('sslrootcert', 'no.pem')), /ENOENT/],
    ];
    for (const [url, says] of mistakes) {
      const error: unknown = await open(url).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(StoreError);
      if (!(error instanceof Error)) return;
      expect(error.message).toMatch(says);
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(
        password,
      );
    }
  });
});

it('keeps apart what is in two schemas of one database', async () => {
  await onDatabase(async (_, open) => {
    await onDatabase(async (__, openOther) => {
      const [one, other] = [await open(), await openOther()];
      await put(one, { id: 'x' });
      expect(await other.find('payout', 'x')).toBeUndefined();
      expect(await one.claim(['a'])).toEqual(['a']);
      expect(await other.claim(['a'])).toEqual(['a']);
      const begun: string[] = [];
      for (const [name, store] of Object.entries({ one, other })) {
        await store.lead(async () => {
          begun.push(name);
          return async () => undefined;
        });
      }
      expect(begun).toEqual(['one', 'other']);
    });
  });
});

const damages: readonly { how: string; sql: string; says: RegExp; opens: boolean }[] = [
  {
    how: 'a byte of an entry was changed',
    sql: `UPDATE purser_audit SET facts = replace(facts, '2', '7') WHERE sequence = 2`,
    says: /^entry 2 was changed/,
    opens: true,
  },
  {
    how: 'a blank was added to an entry',
    sql: `UPDATE purser_audit SET facts = replace(facts, ':', ': ') WHERE sequence = 2`,
    says: /^Entry 2 of the audit log was changed/,
    opens: true,
  },
  {
    how: 'an entry was removed',
    sql: 'DELETE FROM purser_audit WHERE sequence = 2',
    says: /^entry 2 is missing/,
    opens: true,
  },
  {
    how: 'the end was cut',
    sql: 'DELETE FROM purser_audit WHERE sequence = 3',
    says: /^The audit log ends with entry 2, but Purser wrote up to entry 3/,
    opens: false,
  },
  {
    how: 'everything was cut',
    sql: 'DELETE FROM purser_audit',
    says: /^The audit log ends with entry 0, but Purser wrote up to entry 3/,
    opens: false,
  },
  {
    how: 'the head was taken back',
    sql: `UPDATE purser_chain SET sequence = 2, hash = (SELECT hash FROM purser_audit WHERE sequence = 2)`,
    says: /^The audit log ends with entry 3, but Purser wrote up to entry 2/,
    opens: false,
  },
  {
    how: 'the head was removed',
    sql: 'DELETE FROM purser_chain',
    says: /^The end of the audit log is not known any more/,
    opens: false,
  },
];

for (const { how, sql, says, opens } of damages) {
  it(`finds that ${how}`, async () => {
    await onDatabase(async (database, open) => {
      const store = await open();
      for (const n of [1, 2, 3]) await store.commit([], [{ n }]);
      expect(await verifyChain(store.readAudit())).toMatchObject({ isIntact: true, count: 3 });
      await database.query(sql);
      const verdict = await verifyChain(store.readAudit());
      expect(verdict).toMatchObject({ isIntact: false, reason: expect.stringMatching(says) });
      const again = open();
      if (opens) await again;
      else await expect(again).rejects.toThrow(says);
    });
  });
}

it('keeps ids and keys that PostgreSQL has no text for', async () => {
  await onDatabase(async (_, open) => {
    const store = await open();
    const names = ['\0', '\\0000', '\ud83d', '\ufffd', '\\', '\u{1F4B8}', 'a\\', '\ude00\ud83d'];
    for (const name of names) await put(store, { id: name, key: name, value: name });
    for (const name of names) {
      expect(await store.find('payout', name)).toMatchObject({ id: name, key: name, value: name });
      expect(await store.findByKey('payout', name)).toMatchObject({ id: name });
      expect(await store.claim([name])).toEqual([name]);
      expect(await store.remember(name, name, 1_000)).toBe(true);
    }
    expect(await store.listOpen('payout')).toHaveLength(names.length);
    expect(await store.claim(names)).toEqual([]);
  });
});

it('pages through a long audit log and a long history, and thins the history', async () => {
  const clock = createFakeClock();
  await onDatabase(async (database, open) => {
    const store = await open();
    for (let step = 0; step < 12; step += 1) {
      const entries = Array.from({ length: 100 }, (_, n) => ({ n: step * 100 + n }));
      await store.commit([change({ id: `p${step}` })], entries);
    }
    expect((await readAll(store)).map(({ facts }) => facts['n'])).toEqual(
      Array.from({ length: 1_200 }, (_, n) => n),
    );
    expect(await readAll(store, 1_001)).toHaveLength(200);
    // Five thousand of two moments, so that pages end in the middle of one.
    const at = clock.now();
    for (let part = 0; part < 5; part += 1) {
      const rows = Array.from({ length: 1_000 }, (_, n): Reading => {
        const account = `${part * 1_000 + n}`;
        return { provider: 'p', account, atMs: at - (part % 2), amounts: {} };
      });
      await store.appendReadings(rows);
    }
    const accounts: string[] = [];
    for await (const one of store.readReadings({ sinceMs: 0, each: 'reading' })) {
      accounts.push(one.account);
    }
    expect(new Set(accounts).size).toBe(5_000);
    expect(accounts).toHaveLength(5_000);
    const last = { provider: 'p', account: '7', atMs: at, amounts: { available: '1' } };
    await store.appendReadings([last]);
    clock.advance(100 * 86_400_000);
    await store.appendReadings([{ ...last, atMs: clock.now() }]);
    expect(await database.query('SELECT count(*)::int FROM purser_readings')).toEqual([
      { count: 1 },
    ]);
    expect(await database.query('SELECT count(*)::int FROM purser_daily')).toEqual([
      { count: 5_001 },
    ]);
  }, clock);
});

it('remembers nothing that came back with a backup, though a replica never stopped', async () => {
  await onDatabase(async (database, open) => {
    const store = await open();
    await store.remember('asked for P00000001', true, 60_000);
    expect(await store.recall('asked for P00000001')).toBe(true);
    // What pg_restore does with the rows of a dump.
    await database.query(`
      CREATE TEMPORARY TABLE dumped AS SELECT * FROM purser_memory;
      TRUNCATE purser_memory;
      INSERT INTO purser_memory SELECT * FROM dumped`);
    expect(await database.query('SELECT count(*)::int AS rows FROM purser_memory')).toEqual([
      { rows: 1 },
    ]);
    expect(await store.recall('asked for P00000001')).toBeUndefined();
    expect(await store.remember('asked for P00000001', 'anew', 60_000)).toBe(true);
    expect(await store.recall('asked for P00000001')).toBe('anew');
  });
});

it('keeps each step on disk, whatever the user is set to', async () => {
  await onDatabase(async (database, open) => {
    const user = decodeURIComponent(new URL(database.url).username);
    await database.query(`ALTER ROLE "${user}" SET synchronous_commit = off`);
    const store = await open();
    await database.query(`
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN NEW.value := to_json(current_setting(''synchronous_commit'')); RETURN NEW; END';
      CREATE TRIGGER note BEFORE INSERT ON purser_records FOR EACH ROW EXECUTE FUNCTION note()`);
    await put(store, { id: 'x' });
    expect(await store.find('payout', 'x')).toMatchObject({ value: 'on' });
  });
});
