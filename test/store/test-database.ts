// An empty place for one test: a schema of its own on a server, and a person who may do there what a
// Purser may, and nothing else. It costs some milliseconds, a database a hundred.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Of the place, as DATABASE_URL would have it. Its sessions are named after the schema. */
  readonly url: string;
  readonly schema: string;
  /** Asks as the superuser, in the place. Each time in a session of its own. */
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** The URL for sessions of another name. */
  urlOf(name: string): string;
  /** Ends every session that came by the URL, or those of that name. Says how many. */
  cutSessions(name?: string): Promise<number>;
  /** Ends its sessions and removes it. */
  stop(): Promise<void>;
}

/** On the server of this run of vitest, which a script outside of it has not. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { inject } = await import('vitest');
  const answer = await fetch(inject('postgresGate'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return await createTestDatabase(text);
}

/** On a server of one's own. */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const schema = `purser_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');

  const query: TestDatabase['query'] = async (statement, values = []) => {
    const client = new pg.Client({ connectionString: serverUrl });
    // The server may end while the test asks.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(`SET search_path = ${schema}`);
      return (await client.query(statement, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  await query(`
    CREATE ROLE ${schema} LOGIN PASSWORD '${password}';
    CREATE SCHEMA ${schema} AUTHORIZATION ${schema};
  `);
  const url = new URL(serverUrl);
  url.username = schema;
  url.password = password;
  url.searchParams.set('application_name', schema);
  url.searchParams.set('options', `-csearch_path=${schema}`);

  const cutSessions = async (name?: string) => {
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE usename = $1 AND application_name = coalesce($2, application_name)`;
    return (await query(cut, [schema, name])).length;
  };
  return {
    url: url.href,
    schema,
    query,
    urlOf(name) {
      const other = new URL(url);
      other.searchParams.set('application_name', name);
      return other.href;
    },
    cutSessions,
    async stop() {
      await query(`ALTER ROLE ${schema} NOLOGIN`);
      await cutSessions();
      await query(`DROP SCHEMA ${schema} CASCADE; DROP ROLE ${schema}`);
    },
  };
}
