// Every reading of the PostgreSQL store goes by an index, in the order of the index: what it costs
// depends on what it gives, never on the history. Asked of the planner, with the plan that it keeps
// for any parameters.
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openPostgresStore } from '../../src/store/index.ts';
import { pages } from '../../src/store/postgres/readings.ts';
import { statements } from '../../src/store/postgres/records.ts';
import { createRecordingLog } from '../support.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

const history = `
  INSERT INTO purser_records
    SELECT 'payout', 'p' || n, 1, n % 500 = 0, n, 'k' || n, '{}' FROM generate_series(1, 20000) n;
  INSERT INTO purser_audit SELECT n, n, '{}', '', '' FROM generate_series(1, 20000) n;
  INSERT INTO purser_readings (at_ms, account, reading)
    SELECT n * 600000::bigint, 'a' || n % 60, '{}' FROM generate_series(1, 20000) n;
  INSERT INTO purser_daily
    SELECT n, 'a' || n % 60, n * 600000::bigint, n, '{}' FROM generate_series(1, 20000) n;
  ANALYZE`;

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await openTestDatabase();
  const log = createRecordingLog();
  const store = await openPostgresStore({ url: database.url, clock: systemClock, log });
  await store.close();
  await database.query(history);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('SET plan_cache_mode = force_generic_plan');
});

afterAll(async () => {
  await client.end();
  await database.stop();
});

const mark = [5_000_000, Number.MAX_SAFE_INTEGER, 5_000_000, 0];
const asked = {
  find: { ...statements.find, values: ["'payout'", "'p77'"] },
  byKey: { ...statements.byKey, values: ["'payout'", "'k77'"] },
  open: { ...statements.open, values: ["'payout'"] },
  since: { ...statements.since, values: ["'payout'", 19_000, 'NULL'] },
  sinceFew: { ...statements.since, values: ["'payout'", 0, 10] },
  readings: { ...pages.reading, values: mark },
  days: { ...pages.day, values: mark },
};

async function explain(name: string, { text, values }: (typeof asked)[keyof typeof asked]) {
  await client.query(`PREPARE ${name} AS ${text}`);
  const { rows } = await client.query(`EXPLAIN EXECUTE ${name}(${values.join(', ')})`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const { open, readings, ...simple } = asked;

it.each(Object.entries(simple))('%s goes by an index', async (name, one) => {
  const plan = await explain(name, one);
  expect(plan).toContain('Index Scan');
  expect(plan).not.toMatch(/Seq Scan|Sort/);
});

it('open work is found by its own index; it is bounded, and may be sorted', async () => {
  const plan = await explain('open', open);
  expect(plan).toContain('purser_records_open');
  expect(plan).not.toContain('Seq Scan');
});

it('readings go by two indexes at once, without the days that have their readings', async () => {
  const plan = await explain('readings', readings);
  expect(plan).toMatch(/Merge Append .*\n.*\n *-> +Index Scan using purser_readings_at/);
  expect(plan).not.toContain('Seq Scan');
});
