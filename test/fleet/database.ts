// Where the replicas of a fleet keep what they share: a folder for a single one, or a PostgreSQL, to
// which each comes under its own name, and where wanted by a link that a test can cut.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '../../src/clock.ts';
import { openLowdbStore, openPostgresStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { type PostgresServer, startPostgresServer } from '../store/postgres-server.ts';
import { createRecordingLog } from '../support.ts';
import { type Link, openLink } from './link.ts';

export interface Database {
  /** The variables by which this replica reaches it. */
  environmentOf(replica: string): Readonly<Record<string, string>>;
  /** For a look at what they have left. */
  openStore(): Promise<Store>;
  close(): Promise<void>;
}

export interface Postgres extends Database {
  /** Its own; undefined where it serves others too. */
  readonly server: PostgresServer | undefined;
  /** Between the replicas and the server, where it was asked for. */
  readonly link: Link | undefined;
  readonly url: string;
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** The replica that keeps the clocks now. */
  findFirst(): Promise<string | undefined>;
  /** Ends the sessions of this replica, or of all. */
  endSessions(replica?: string): Promise<void>;
}

export async function openFolder(): Promise<Database> {
  const dataDir = await mkdtemp(join(tmpdir(), 'purser-fleet-data-'));
  return {
    environmentOf: () => ({ DATA_DIR: dataDir }),
    openStore: () => openLowdbStore({ dataDir, clock: systemClock, log: createRecordingLog() }),
    close: () => rm(dataDir, { recursive: true, force: true }),
  };
}

export interface PostgresOptions {
  /** Of one that serves others too; without it, one of its own. */
  readonly serverUrl?: string;
  readonly hasLink?: boolean;
}

let databases = 0;
/** Of the lock that the first replica holds: src/store/postgres/seat.ts. */
const firstLock = 1;

export async function openPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const own = options.serverUrl === undefined ? await startPostgresServer() : undefined;
  const serverUrl = own?.url ?? options.serverUrl ?? '';
  databases += 1;
  const name = `fleet_${process.pid}_${databases}`;
  await ask(serverUrl, `CREATE DATABASE ${name}`);
  const url = serverUrl.replace(/\/postgres$/, `/${name}`);
  const link = options.hasLink === true ? await openLink(Number(new URL(url).port)) : undefined;
  const query: Postgres['query'] = (text, values) => ask(url, text, values);
  const ofThis = 'datname = current_database()';
  return {
    server: own,
    link,
    url,
    query,
    environmentOf(replica) {
      const address = new URL(url);
      if (link !== undefined) address.port = String(link.port);
      address.searchParams.set('application_name', replica);
      return { DATABASE_URL: address.href };
    },
    async findFirst() {
      const [row] = await query(
        `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
          WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND objid = $1 AND ${ofThis}`,
        [firstLock],
      );
      return row === undefined ? undefined : String(row['name']);
    },
    async endSessions(replica) {
      await query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE ${ofThis} AND pid <> pg_backend_pid() AND application_name LIKE $1`,
        [replica ?? 'r%'],
      );
    },
    openStore: () => openPostgresStore({ url, clock: systemClock, log: createRecordingLog() }),
    async close() {
      await link?.close();
      if (own === undefined) await ask(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
      else await own.discard();
    },
  };
}

const firstWithinMs = 30_000;

/** Resolves with the name of the first replica when it fits. */
export async function untilFirst(
  { findFirst }: Postgres,
  fits: (first: string) => boolean,
): Promise<string> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < firstWithinMs) {
    const first = await findFirst();
    if (first !== undefined && fits(first)) return first;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`after ${firstWithinMs} ms ${await findFirst()} is first`);
}

async function ask(url: string, text: string, values: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
