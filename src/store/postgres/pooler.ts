// What stands between Purser and the server. Claims, first place and the life of a replica hang on
// sessions, and whether a commit is on disk on a setting of theirs: a pooler may take both away.
import type pg from 'pg';
import { StoreError } from '../../errors.ts';
import type { Sessions } from './sessions.ts';

/** Which processes of the server answered. */
export interface SessionsSeen {
  /** A client, before another one began a transaction. */
  readonly before: number;
  /** The other one, within its transaction. */
  readonly other: number;
  /** The first client, while that transaction lasted. */
  readonly after: number;
}

export async function readSessions(client: pg.Client, other: pg.Client): Promise<SessionsSeen> {
  const ask = async (one: pg.Client): Promise<number> =>
    (await one.query('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  const before = await ask(client);
  await other.query('BEGIN READ ONLY');
  try {
    const inside = await ask(other);
    return { before, other: inside, after: await ask(client) };
  } finally {
    await other.query('ROLLBACK');
  }
}

/**
 * A pooler in transaction mode lends each transaction any session of its own: the one that a client
 * had goes to the next who asks. Directly, and in session mode, a client keeps its own.
 */
export function areSessionsKept({ before, other, after }: SessionsSeen): boolean {
  return before === after && before !== other;
}

/** Throws `StoreError` where replicas could not trust what they agree on. */
export async function refusePooler(sessions: Sessions): Promise<void> {
  const seen = await sessions.persist(async () => {
    const clients: pg.Client[] = [];
    try {
      for (let count = 0; count < 2; count += 1) clients.push(await sessions.connect());
      const [client, other] = clients as [pg.Client, pg.Client];
      const { rows } = await client.query(`SELECT current_setting('synchronous_commit') AS waits`);
      return { waits: rows[0]?.waits, isKept: areSessionsKept(await readSessions(client, other)) };
    } finally {
      await Promise.allSettled(clients.map((one) => one.end()));
    }
  });
  if (!seen.isKept) {
    throw new StoreError(
      'DATABASE_URL leads to a pooler in transaction mode, in which replicas lose the locks by which they know each other. Set it to the server itself, or the pooler to session mode.',
    );
  }
  if (seen.waits === 'off') {
    throw new StoreError(
      'A commit is answered before it is on disk, because a pooler drops what Purser asks for. Set DATABASE_URL to the server itself, or ALTER ROLE … SET synchronous_commit = on.',
    );
  }
}
