// The floor of a step: what anybody writes who keeps a payout and its entry in two tables, with the
// bare driver and prepared statements. It reads, and changes what it read in a transaction.
import pg from 'pg';
import { canonicalJson } from '../src/store/index.ts';
import type { TestDatabase } from '../test/store/test-database.ts';
import type { Sample } from './history.ts';

export interface Bare {
  step(): Promise<void>;
  close(): Promise<void>;
}

const tables = `
  CREATE TABLE bare_payouts (id text PRIMARY KEY, version bigint NOT NULL, value text NOT NULL);
  CREATE TABLE bare_audit (sequence bigserial PRIMARY KEY, at_ms bigint NOT NULL, facts text NOT NULL)`;

/** As many, each with a payout of its own: they are in nobody's way. */
export async function openBare(
  database: TestDatabase,
  sample: Sample,
  count: number,
): Promise<Bare[]> {
  const { schema } = database;
  const own = (what: string) => `GRANT ALL ON ALL ${what} IN SCHEMA ${schema} TO ${schema}`;
  await database.query([tables, own('TABLES'), own('SEQUENCES')].join(';'));
  return await Promise.all(Array.from({ length: count }, () => openOne(database, sample)));
}

async function openOne({ url }: TestDatabase, { record, entries }: Sample): Promise<Bare> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const value = canonicalJson(record.value);
  const facts = canonicalJson(entries.at(-1));
  const insert = `INSERT INTO bare_payouts VALUES (gen_random_uuid(), 1, $1) RETURNING id`;
  const { id } = (await client.query(insert, [value])).rows[0];
  const run = async (name: string, text: string, values: unknown[]) =>
    await client.query({ name, text, values });

  return {
    async step() {
      const read = 'SELECT version, value FROM bare_payouts WHERE id = $1';
      const { version } = (await run('read', read, [id])).rows[0];
      await client.query('BEGIN');
      const change =
        'UPDATE bare_payouts SET version = version + 1, value = $3 WHERE id = $1 AND version = $2';
      const { rowCount } = await run('change', change, [id, version, value]);
      if (rowCount !== 1) throw new Error('somebody else was faster');
      const add = 'INSERT INTO bare_audit (at_ms, facts) VALUES ($1, $2)';
      await run('add', add, [record.createdAtMs, facts]);
      await client.query('COMMIT');
    },
    close: () => client.end(),
  };
}
