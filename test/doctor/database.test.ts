// Databases that are broken, before the doctor and a real PostgreSQL: each is one line, nothing is changed
// by looking, and the password is nowhere.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { judgeDatabase } from '../../src/doctor/database.ts';
import { examine as examineAll, renderFindings } from '../../src/doctor.ts';
import { providerModules } from '../../src/providers/registry.ts';
import { type RunningSandbox, startSandbox } from '../../src/providers/sandbox.ts';
import {
  copyToPostgres,
  type DatabaseFacts,
  examineDatabase,
  openPostgresStore,
} from '../../src/store/index.ts';
import { areSessionsKept } from '../../src/store/postgres/pooler.ts';
import { change } from '../contracts/store-subject.ts';
import { createDataFolder, writeHistory } from '../store/data-folder.ts';
import { openTestDatabase, type TestDatabase } from '../store/test-database.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { depsOf } from '../town/index.ts';
import { startLendingPooler } from './lending-pooler.ts';
import { readSheet, runDoctor, type Told } from './program.ts';

let database: TestDatabase;
const stops: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  database = await openTestDatabase();
  stops.push(() => database.stop());
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const deps = () => ({ clock: createFakeClock(), log: createRecordingLog() });

async function openStore() {
  const store = await openPostgresStore({ url: database.url, ...deps() });
  stops.push(() => store.close());
  return store;
}

/** As Purser leaves it. */
async function writeLedger(): Promise<void> {
  const store = await openStore();
  for (const n of [1, 2, 3]) {
    await store.commit([change({ id: `p${n}`, isOpen: false, value: { n } })], [{ n }]);
  }
  await store.close();
}

const listTables = async () =>
  (await database.query('SELECT tablename FROM pg_tables WHERE schemaname = current_schema()')).map(
    ({ tablename }) => tablename,
  );

/** One provider and no chat is enough for a Purser that keeps something. */
const payermax = providerModules.filter(({ id }) => id === 'payermax');
let sandbox: RunningSandbox;
beforeAll(async () => {
  const createSandbox = await payermax[0]?.loadSandbox();
  if (createSandbox === undefined) throw new Error('no simulator');
  sandbox = await startSandbox(createSandbox({ clock: systemClock }), { clock: systemClock });
});
afterAll(async () => {
  await sandbox.close();
});

const teamFile = `
people:
  - { id: ana, name: Ana Torres, roles: [viewer, requester, approver, admin] }
  - { id: ben, name: Ben Okafor, roles: [viewer, approver] }
  - { id: cy, name: Cy Lindqvist, roles: [viewer, approver] }
channels: { approvals: ['playground:approvals'], alerts: ['playground:alerts'] }
approvals: [{ when: { currency: USD }, need: 1, from: approver }]
`;

type Changes = Readonly<Record<string, string | undefined>>;

const environmentOf = (url: string, changes: Changes) => ({
  ...sandbox.environment,
  PLAYGROUND_PORT: '0',
  DATABASE_URL: url,
  ...changes,
});

function withoutPassword(told: Told, url: string): Told {
  const { password } = new URL(url);
  if (password !== '') expect(told.out + told.err).not.toContain(password);
  return told;
}

/** In this process, which is ten times as quick as the program. */
async function examine(url = database.url, changes: Changes = {}): Promise<Told> {
  const log = createRecordingLog();
  const config = loadConfig({
    environment: environmentOf(url, changes),
    readFile: (path) => (path === './team.yaml' ? teamFile : undefined),
    exampleTeamFile: '/nowhere',
    modules: payermax,
  });
  const findings = await examineAll(config, { ...depsOf(systemClock, log), modules: payermax });
  const told = readSheet(renderFindings(findings, { isColoured: false }));
  const code = told.problems.length > 0 ? 1 : 0;
  return withoutPassword({ ...told, code, err: '' }, url);
}

async function runProgram(url: string): Promise<Told> {
  return withoutPassword(await runDoctor({ environment: environmentOf(url, {}), teamFile }), url);
}

function expectOne(told: Told, cause: RegExp): void {
  expect(told.problems).toEqual([expect.stringMatching(cause)]);
  expect(told.code).toBe(1);
  expect(told.err).toBe('');
}

const changed = (edit: (url: URL) => void) => {
  const url = new URL(database.url);
  edit(url);
  return url.href;
};

test('an empty place is fine, and stays empty', async () => {
  const told = await runProgram(database.url);
  expect(told.problems).toEqual([]);
  expect(told.out).toMatch(
    /DATABASE_URL .*✓?PostgreSQL \d+\.\d+ at 127\.0\.0\.1:\d+ answers in \d+ ms; its tables are made at the first start\./,
  );
  expect(told.out).toMatch(/Replicas +None is running now\./);
  expect(await listTables()).toEqual([]);
});

test('replicas that run are counted, with the one that is first, and not disturbed', async () => {
  await writeLedger();
  const [one, two] = [await openStore(), await openStore()];
  stops.push(await one.lead(async () => async () => {}));
  const before = await database.query('SELECT * FROM purser_epoch');
  const told = await examine();
  expect(told.problems).toEqual([]);
  expect(told.out).toMatch(/Replicas +2 are running, and one of them is the first\./);
  expect(told.out).toMatch(/Audit log +3 entries are as Purser wrote them\./);
  expect(await database.query('SELECT * FROM purser_epoch')).toEqual(before);
  expect(await two.claim(['x'])).toEqual(['x']);
});

test('a folder that was not moved to the empty database, and one that was', async () => {
  const folder = await createDataFolder();
  stops.push(() => folder.discard());
  const store = await folder.open();
  await writeHistory(store);
  await store.close();
  const where = { DATA_DIR: folder.dataDir };
  const forgotten = await examine(database.url, where);
  expect(forgotten.problems).toEqual([]);
  expect(forgotten.warnings).toEqual([
    expect.stringMatching(
      /^DATA_DIR .*database is empty, .* move them with “npm run store -- copy”/,
    ),
  ]);
  await copyToPostgres({ dataDir: folder.dataDir, url: database.url, ...deps() });
  expect((await examine(database.url, where)).warnings).toEqual([]);
  const back = await examine(database.url, { ...where, DATABASE_URL: undefined });
  expectOne(back, /^DATA_DIR .*were copied to .* Set DATABASE_URL to that database/);
});

test('a server that is not there', async () => {
  const told = await runProgram(
    changed((url) => {
      url.port = '1';
    }),
  );
  expectOne(told, /^DATABASE_URL .*127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/);
  expect(told.unchecked.map((line) => line.split(/ {2,}/)[0])).toEqual(['Audit log', 'Payouts']);
});

test('a wrong password', async () => {
  const told = await runProgram(
    changed((url) => {
      url.password = 'hunter-two';
    }),
  );
  expectOne(told, /^DATABASE_URL .*refuses the user or the password of DATABASE_URL\. Check both/);
});

test('a database that does not exist', async () => {
  const told = await examine(
    changed((url) => {
      url.pathname = '/nobody';
    }),
  );
  expectOne(told, /^DATABASE_URL .*does not exist\. Create it with createdb/);
});

test('the tables of a newer Purser', async () => {
  await writeLedger();
  await database.query('INSERT INTO purser_schema (version) VALUES (99)');
  const told = await runProgram(database.url);
  expectOne(told, /^DATABASE_URL .*newer Purser \(schema 99.*Start that version again/);
});

test('an audit log that was changed', async () => {
  await writeLedger();
  await database.query(`UPDATE purser_audit SET facts = '{"n":7}' WHERE sequence = 2`);
  expectOne(await examine(), /^Audit log .*from entry 2 on: entry 2 was changed\. Keep it as/);
});

test('an audit log that was cut', async () => {
  await writeLedger();
  await database.query('DELETE FROM purser_audit WHERE sequence = 3');
  expectOne(await examine(), /^Audit log .*ends with entry 2, but Purser wrote up to entry 3/);
});

test('a server that only reads', async () => {
  await database.query(`ALTER ROLE ${database.schema} SET default_transaction_read_only = on`);
  expectOne(await examine(), /^DATABASE_URL .*only reads: .*server that takes writes/);
});

test('a user who may make no tables, or not write into those that are there', async () => {
  const { schema } = database;
  await database.query(`ALTER SCHEMA ${schema} OWNER TO CURRENT_USER`);
  await database.query(`GRANT USAGE ON SCHEMA ${schema} TO ${schema}`);
  expectOne(await examine(), /^DATABASE_URL .*may make no tables .*ALTER SCHEMA … OWNER TO/);
  await database.query(`GRANT CREATE ON SCHEMA ${schema} TO ${schema}`);
  await writeLedger();
  await database.query(`ALTER TABLE purser_records OWNER TO CURRENT_USER`);
  await database.query(`GRANT SELECT ON purser_records TO ${schema}`);
  expectOne(await examine(), /^DATABASE_URL .*may not write into Purser’s tables: use the user/);
});

test('too few connections for one Purser', async () => {
  await database.query(`ALTER ROLE ${database.schema} CONNECTION LIMIT 5`);
  expectOne(await examine(), /^Connections .*5 at most.*may need 11: raise max_connections/);
});

test('a pooler that lends each transaction another session', async () => {
  const pooler = await startLendingPooler(Number(new URL(database.url).port));
  stops.push(() => pooler.stop());
  const told = await runProgram(
    changed((url) => {
      url.port = String(pooler.port);
    }),
  );
  expectOne(told, /^DATABASE_URL .*pooler in transaction mode.*or the pooler to session mode/);
});

test.each([
  ['synchronous_commit=off', /^DATABASE_URL .*A commit is answered before it is on disk/],
  ['purser.options=', /^DATABASE_URL .*A pooler drops the options of DATABASE_URL/],
])('sessions that are not as they were asked for (%s)', async (setting, says) => {
  const told = await runProgram(
    changed((url) => {
      url.searchParams.set('options', `${url.searchParams.get('options')} -c${setting}`);
    }),
  );
  expectOne(told, says);
});

test('a look takes no lock and leaves no session', async () => {
  await writeLedger();
  const look = await examineDatabase({ url: database.url, ...deps() });
  expect(look.facts).toMatchObject({ replicas: 0, hasFirst: false, keepsSessions: true });
  const mine = `FROM pg_locks WHERE locktype = 'advisory' AND pid IN
    (SELECT pid FROM pg_stat_activity WHERE usename = $1)`;
  expect(await database.query(`SELECT pid ${mine}`, [database.schema])).toEqual([]);
  await look.close();
  const sessions = 'SELECT pid FROM pg_stat_activity WHERE usename = $1';
  await expect.poll(() => database.query(sessions, [database.schema])).toEqual([]);
});

describe('what is judged from the facts', () => {
  const good: DatabaseFacts = {
    ...{ host: 'db.example.com:5432', version: '16.4', versionNumber: 160_004 },
    ...{ encoding: 'UTF8', schemaName: 'public', isReadOnly: false, mayCreate: true },
    ...{ mayWrite: true, isEncrypted: true, schema: 1, schemaKnown: 1, connectionsMax: 97 },
    ...{ connectionsUsed: 3, replicas: 2, hasFirst: true, keepsSessions: true, answersInMs: 2 },
  };
  const judge = (changes: Partial<DatabaseFacts>) =>
    judgeDatabase({ ...good, ...changes })
      .filter(({ level }) => level !== 'fine')
      .map(({ level, what, text }) => `${level} ${what}: ${text}`);

  test.each([
    [{}, []],
    [{ versionNumber: 120_009, version: '12.9' }, [/^problem .* is 12\.9, .*13 or newer: upgrade/]],
    [{ encoding: 'LATIN1' }, [/^problem .*in LATIN1.*ENCODING 'UTF8'/]],
    [{ schemaName: undefined }, [/^problem .*No schema of the search_path exists/]],
    [{ keepsSessions: false }, [/^problem .*pooler in transaction mode.*session mode/]],
    [
      { isEncrypted: false },
      [/^warning .*not encrypted: .*certificate, then add \?sslmode=verify-full/],
    ],
    [{ isEncrypted: false, host: '10.0.0.7:5432' }, [/^warning .*not encrypted/]],
    [{ isEncrypted: false, host: '[fd00::7]:5432' }, [/^warning .*not encrypted/]],
    [{ isEncrypted: false, host: 'db:5432' }, []],
    [{ isEncrypted: false, host: 'db:5432', answersInMs: 80 }, [/^warning .*answers in 80 ms/]],
    [{ isEncrypted: false, host: '127.0.0.1:5432' }, []],
    [{ isEncrypted: false, host: '/var/run/postgresql:5432' }, []],
    [{ answersInMs: 80 }, [/^warning .*answers in 80 ms.*nearer/]],
    [{ connectionsMax: 20 }, [/^problem Connections: 20 at most, .*2 replicas may need 22/]],
    [{ connectionsUsed: 90 }, [/^warning Connections: .*the next replica may need 11/]],
    [{ hasFirst: false }, [/^warning Replicas: 2 are running, and none is the first/]],
    [{ schema: 0, mayCreate: false }, [/^problem .*may make no tables/]],
    [{ schema: 1, mayCreate: false }, []],
    [{ schemaKnown: 2 }, []],
  ] as const)('%j', (changes, wanted) => {
    const told = judge(changes);
    expect(told).toEqual(wanted.map((one) => expect.stringMatching(one)));
  });

  test('the database of compose.yaml, on its own network without TLS, is fine and said so', () => {
    const textFor = (host: string) =>
      judgeDatabase({ ...good, isEncrypted: false, host }).find(({ level }) => level === 'fine')
        ?.text;
    expect(textFor('db:5432')).toMatch(/; not encrypted, as only a network of its own may be\.$/);
    expect(textFor('localhost:5432')).not.toContain('encrypted');
  });

  test('a session is kept where the same process answers, and nobody else is given it', () => {
    expect(areSessionsKept({ one: [7, 7, 7], other: [8, 8] })).toBe(true);
    // The other client was given what the first had let go.
    expect(areSessionsKept({ one: [7, 8, 7], other: [7, 8] })).toBe(false);
    expect(areSessionsKept({ one: [7, 7], other: [7, 7] })).toBe(false);
    expect(areSessionsKept({ one: [7, 7, 7], other: [8, 9] })).toBe(false);
  });
});
