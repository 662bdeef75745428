// Brings the database up to what this Purser knows: in one transaction, under a lock, so that of two
// replicas that start at once one does it and the other finds it done. A newer one is refused.
import type pg from 'pg';
import { StoreError } from '../../errors.ts';
import { migrations } from './migrations.ts';
import type { Sessions } from './sessions.ts';

/** Of all Pursers in a database, whatever their schema: `purser1` in ASCII. */
const lockKey = '31654331814343217';
/** A step up may have to go through a million rows. */
const timeoutMs = 600_000;
const serverMin = 130_000;

export async function migrate(
  sessions: Sessions,
  steps: readonly string[] = migrations,
): Promise<void> {
  const [server] = await sessions.run<{ version: number; encoding: string; schema: string | null }>(
    {
      text: `SELECT current_setting('server_version_num')::int AS version,
        current_setting('server_encoding') AS encoding, current_schema() AS schema`,
    },
  );
  if (server === undefined || server.version < serverMin) {
    throw new StoreError('Purser needs PostgreSQL 13 or newer. Upgrade the server.');
  }
  if (server.encoding !== 'UTF8') {
    throw new StoreError(
      `The database is in ${server.encoding}: it could not keep every name. Create one with ENCODING 'UTF8'.`,
    );
  }
  if (server.schema === null) {
    throw new StoreError(
      'No schema of the search_path exists. Create it with CREATE SCHEMA, or correct the options of DATABASE_URL.',
    );
  }
  const version = await sessions.transact((client) => readVersion(client));
  if (version === steps.length) return;
  await sessions.transact(async (client) => {
    await client.query(`SET LOCAL statement_timeout = ${timeoutMs}`);
    await client.query(`SET LOCAL lock_timeout = ${timeoutMs}`);
    await ask(client, `SELECT pg_advisory_xact_lock(${lockKey})`);
    const now = await readVersion(client);
    if (now > steps.length) {
      throw new StoreError(
        `The database was made by a newer Purser (schema ${now}; this one knows ${steps.length}). Start that version again: this one would lose what it does not know.`,
      );
    }
    if (now === 0) await ask(client, versionTable);
    for (const [index, step] of steps.entries()) {
      if (index < now) continue;
      await ask(client, step);
      await client.query(`INSERT INTO purser_schema (version) VALUES (${index + 1})`);
    }
  });
}

/** With more patience than a step has. */
async function ask(client: pg.ClientBase, text: string): Promise<void> {
  const statement: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: timeoutMs };
  await client.query(statement);
}

const versionTable = `
CREATE TABLE purser_schema (
  version integer PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
)`;

/** 0 for an empty place. */
async function readVersion(client: pg.ClientBase): Promise<number> {
  // Not to_regclass: after a wait for the lock it still answers what it knew before.
  const known = await client.query(
    `SELECT FROM pg_class WHERE relname = 'purser_schema' AND pg_table_is_visible(oid)`,
  );
  if (known.rows.length === 0) return 0;
  const { rows } = await client.query(
    'SELECT coalesce(max(version), 0) AS version FROM purser_schema',
  );
  return rows[0]?.version ?? 0;
}
