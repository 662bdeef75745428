// Fills an empty database with what another store has, in one transaction: whoever looks before its
// end sees nothing, and whoever ends it early leaves nothing.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { StoreError } from '../../errors.ts';
import { canonicalJson } from '../chain.ts';
import type { StoreLoading } from '../copy.ts';
import type { AuditEntry, Reading, StoredRecord } from '../types.ts';
import { explain } from './failures.ts';
import { encodeName } from './names.ts';
import { createReadings, type ReadingMark, readingsStart, toAccount } from './readings.ts';
import { createRecordReader, type RecordRow, recordColumns, toRecord } from './records.ts';
import { aliveLock, findPlace, toLockKey } from './seat.ts';
import type { Sessions, Statement } from './sessions.ts';
import { readAuditPages } from './store.ts';

const pageMax = 1_000;
/** For one statement: a batch takes milliseconds, statistics over a million rows some seconds. */
const patienceMs = 600_000;

/** Throws `StoreError` where the database is not empty, or a Purser works on it. */
export async function beginLoading(
  sessions: Sessions,
  clock: { now(): number },
): Promise<StoreLoading> {
  const client = await sessions.persist(() => sessions.connect(patienceMs));
  const run = async <Row extends pg.QueryResultRow>({ text, values = [] }: Statement) => {
    try {
      return (await client.query<Row>({ text, values: [...values] })).rows;
    } catch (error) {
      throw explain(error, sessions.place);
    }
  };
  let isKept = false;
  try {
    await run({ text: `SET statement_timeout = ${patienceMs}` });
    await run({ text: 'SET idle_in_transaction_session_timeout = 0' });
    await run({ text: 'BEGIN' });
    await refuseOthers(client, run);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  let ending: Promise<void> | undefined;
  const end = async () => {
    if (!isKept) await client.query('ROLLBACK').catch(() => undefined);
    await client.end().catch(() => undefined);
    await sessions.end();
  };
  return {
    name: `PostgreSQL at ${sessions.place.host}/${sessions.database}`,
    ...createAdding(run),
    ...createReading(run, clock),
    async keep() {
      try {
        await client.query('COMMIT');
        isKept = true;
      } catch (error) {
        throw explain(error, sessions.place, true);
      }
      await run({ text: 'ANALYZE purser_records, purser_audit, purser_readings, purser_daily' });
    },
    end() {
      ending ??= end();
      return ending;
    },
  };
}

type Run = Sessions['run'];

async function refuseOthers(client: pg.ClientBase, run: Run): Promise<void> {
  // Until the end of the transaction no replica starts here either.
  const [lock] = await run<{ is_mine: boolean }>({
    text: 'SELECT pg_try_advisory_xact_lock($1, $2) AS is_mine',
    values: [toLockKey(await findPlace(client)), aliveLock],
  });
  if (!lock?.is_mine) {
    throw new StoreError('A Purser works on this database. Stop it, or copy to another database.');
  }
  const tables = ['records', 'audit', 'readings', 'daily'].map((name) => `purser_${name}`);
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
  const [row] = await run<{ count: number }>({ text: `SELECT (${counts})::float8 AS count` });
  if (row?.count === 0) return;
  throw new StoreError(
    `The database is not empty: it has ${row?.count} records, entries and readings of a Purser already. Copy to a new database, or to another schema of this one (CREATE SCHEMA purser2, and ?options=-csearch_path%3Dpurser2 in DATABASE_URL).`,
  );
}

function createAdding(run: Run): Pick<StoreLoading, 'addRecords' | 'addAudit' | 'addReadings'> {
  return {
    async addRecords(records: readonly StoredRecord[]) {
      await run({
        text: `INSERT INTO purser_records
            (kind, id, version, is_open, created_at_ms, key, value)
          SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[], $5::bigint[],
            $6::text[], $7::text[])`,
        values: [
          records.map(({ kind }) => kind),
          records.map(({ id }) => encodeName(id)),
          records.map(({ version }) => version),
          records.map(({ isOpen }) => isOpen),
          records.map(({ createdAtMs }) => createdAtMs),
          records.map(({ key }) => (key === undefined ? null : encodeName(key))),
          records.map(({ value }) => canonicalJson(value)),
        ],
      });
    },
    async addAudit(entries: readonly AuditEntry[]) {
      await run({
        text: `INSERT INTO purser_audit (sequence, at_ms, facts, previous_hash, hash)
          SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[])`,
        values: [
          entries.map(({ sequence }) => sequence),
          entries.map(({ atMs }) => atMs),
          entries.map(({ facts }) => canonicalJson(facts)),
          entries.map(({ previousHash }) => previousHash),
          entries.map(({ hash }) => hash),
        ],
      });
      const last = entries.at(-1);
      const text = 'UPDATE purser_chain SET sequence = $1, hash = $2';
      if (last !== undefined) await run({ text, values: [last.sequence, last.hash] });
    },
    async addReadings(readings: readonly Reading[]) {
      await run({
        text: 'SELECT purser_append($1, $2, $3, $4)',
        values: [
          randomUUID(),
          readings.map(({ atMs }) => atMs),
          readings.map(toAccount),
          readings.map((reading) => canonicalJson(reading)),
        ],
      });
    },
  };
}

function createReading(
  run: Run,
  clock: { now(): number },
): Pick<StoreLoading, 'records' | 'audit' | 'readings'> {
  const reader = createRecordReader({ run });
  const history = createReadings({ sessions: { run }, clock });
  return {
    async *records() {
      let last: readonly [kind: string, id: string] = ['', ''];
      for (;;) {
        const text = `SELECT ${recordColumns} WHERE (kind, id) > ($1, $2)
          ORDER BY kind, id LIMIT ${pageMax}`;
        const rows = await run<RecordRow>({ text, values: last });
        yield* rows.map(toRecord);
        const end = rows.at(-1);
        if (end === undefined || rows.length < pageMax) return;
        last = [end.kind, end.id];
      }
    },
    audit: () => readAuditPages(1, reader.listAudit),
    async *readings() {
      for (let after: ReadingMark | undefined = readingsStart; after !== undefined; ) {
        const { readings, next } = await history.listPage({ sinceMs: 0, each: 'reading' }, after);
        yield* readings;
        after = next;
      }
    },
  };
}
