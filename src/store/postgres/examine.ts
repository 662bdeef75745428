// A look at a database that changes nothing: no table is made or brought up to date, no lock is taken,
// and no setting of the session is touched, which behind a pooler would be somebody else’s afterwards.
import type pg from 'pg';
import type { Clock } from '../../clock.ts';
import { StoreError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Books } from '../look.ts';
import { explain } from './failures.ts';
import { migrations } from './migrations.ts';
import { areSessionsKept, readArrival, readSessions, refuseArrival } from './pooler.ts';
import { createRecordReader } from './records.ts';
import { aliveFrom, firstLock } from './seat.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { readAuditPages } from './store.ts';

export interface DatabaseFacts {
  /** `db.example.com:5432` */
  readonly host: string;
  /** As the server names it: `18.1`. */
  readonly version: string;
  /** 160004 for 16.4. */
  readonly versionNumber: number;
  readonly encoding: string;
  /** Where the tables are or would be made; undefined where none of the search_path exists. */
  readonly schemaName: string | undefined;
  /** A standby, or a server that was told to take no writes. */
  readonly isReadOnly: boolean;
  /** May make tables in that schema. */
  readonly mayCreate: boolean;
  /** May write into the tables that are there. */
  readonly mayWrite: boolean;
  readonly isEncrypted: boolean;
  /** What the tables are at; 0 where there are none. */
  readonly schema: number;
  /** What this version of Purser brings them to. */
  readonly schemaKnown: number;
  /** Of the server, this database and this user: the least of their limits. */
  readonly connectionsMax: number;
  readonly connectionsUsed: number;
  /** That live now. */
  readonly replicas: number;
  readonly hasFirst: boolean;
  /** False behind a pooler that gives each transaction another session: locks would be lost. */
  readonly keepsSessions: boolean;
  /** Of the quickest of a few questions, in milliseconds. */
  readonly answersInMs: number;
}

export interface DatabaseLook {
  readonly facts: DatabaseFacts;
  /** Where the tables are those of this version. */
  readonly books: Books | undefined;
  close(): Promise<void>;
}

export interface ExamineConfig {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Throws `StoreError` with what to do where the database cannot be asked, never with the password. */
export async function examineDatabase(config: ExamineConfig): Promise<DatabaseLook> {
  const sessions = createSessions({ ...config, connectionsMax: 1 });
  const { place } = sessions;
  const clients: pg.Client[] = [];
  const close = async () => {
    // A server that has gone silent would never say goodbye.
    for (const client of clients) client.end().catch(() => undefined);
    await sessions.end();
  };
  // At once: whoever looks wants to know now, where a replica waits for a fail-over.
  const open = async () => {
    const client = await sessions.connect();
    clients.push(client);
    return client;
  };
  try {
    const client = await open();
    refuseArrival(await readArrival(client), sessions);
    const run: Sessions['run'] = async ({ text, values = [] }) => {
      try {
        return (await client.query({ text, values: [...values] })).rows;
      } catch (error) {
        throw explain(error, place);
      }
    };
    const facts = { host: place.host, ...(await readFacts(run)), ...(await measure(run, config)) };
    const keepsSessions = areSessionsKept(await readSessions(client, await open()));
    const reader = createRecordReader({ run });
    const books: Books = {
      listOpen: (kind) => reader.listOpen(kind),
      readAudit: (from = 1) => readAuditPages(from, reader.listAudit),
    };
    const isReadable = facts.schema === facts.schemaKnown;
    return { facts: { ...facts, keepsSessions }, books: isReadable ? books : undefined, close };
  } catch (error) {
    await close();
    throw explain(error, place);
  }
}

interface FactsRow {
  readonly version: string;
  readonly version_number: number;
  readonly encoding: string;
  readonly schema_name: string | null;
  readonly is_read_only: boolean;
  readonly may_create: boolean | null;
  readonly may_write: boolean | null;
  readonly is_encrypted: boolean;
  readonly has_version: boolean;
  readonly server_max: number;
  readonly database_max: number;
  readonly user_max: number;
  readonly used: number;
}

/** A row of pg_stat_activity without a database is a process of the server’s own. */
const factsText = `
  SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
    current_setting('server_version_num')::int AS version_number,
    current_setting('server_encoding') AS encoding,
    current_schema() AS schema_name,
    pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS is_read_only,
    has_schema_privilege(current_schema(), 'CREATE') AS may_create,
    has_table_privilege(to_regclass('purser_records'), 'INSERT')
      AND has_table_privilege(to_regclass('purser_audit'), 'INSERT') AS may_write,
    coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS is_encrypted,
    to_regclass('purser_schema') IS NOT NULL AS has_version,
    current_setting('max_connections')::int
      - current_setting('superuser_reserved_connections')::int AS server_max,
    (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database_max,
    (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS user_max,
    (SELECT count(*)::int FROM pg_stat_activity
      WHERE datid IS NOT NULL AND pid <> pg_backend_pid()) AS used`;

const replicasText = `
  SELECT count(DISTINCT objid) FILTER (WHERE objid::bigint >= $1)::int AS replicas,
    coalesce(bool_or(objid::bigint = $2), false) AS has_first
  FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND objsubid = 2
    AND classid = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('purser_chain'))
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

type Facts = Omit<DatabaseFacts, 'host' | 'keepsSessions' | 'answersInMs'>;

async function readFacts(run: Sessions['run']): Promise<Facts> {
  const [row] = await run<FactsRow & pg.QueryResultRow>({ text: factsText });
  if (row === undefined) throw new StoreError('PostgreSQL says nothing of itself.');
  const versionText = 'SELECT coalesce(max(version), 0)::int AS schema FROM purser_schema';
  const [known] = row.has_version ? await run<{ schema: number }>({ text: versionText }) : [];
  const [alive] = await run<{ replicas: number; has_first: boolean }>({
    text: replicasText,
    values: [aliveFrom, firstLock],
  });
  const maxima = [row.server_max, row.database_max, row.user_max].filter((max) => max >= 0);
  return {
    version: row.version,
    versionNumber: row.version_number,
    encoding: row.encoding,
    schemaName: row.schema_name ?? undefined,
    isReadOnly: row.is_read_only,
    mayCreate: row.may_create ?? false,
    mayWrite: row.may_write ?? true,
    isEncrypted: row.is_encrypted,
    schema: known?.schema ?? 0,
    schemaKnown: migrations.length,
    connectionsMax: Math.min(...maxima),
    connectionsUsed: row.used,
    replicas: alive?.replicas ?? 0,
    hasFirst: alive?.has_first ?? false,
  };
}

const measurements = 5;

async function measure(
  run: Sessions['run'],
  { clock }: Pick<ExamineConfig, 'clock'>,
): Promise<Pick<DatabaseFacts, 'answersInMs'>> {
  const took: number[] = [];
  for (let count = 0; count < measurements; count += 1) {
    const startedAt = clock.now();
    await run({ text: 'SELECT 1' });
    took.push(clock.now() - startedAt);
  }
  return { answersInMs: Math.min(...took) };
}
