// What stands between Purser and the server. Claims, first place and the life of a replica hang on
// sessions, and where its tables are and whether a commit is on disk on what was asked for at their
// start: a pooler may take both away.
import type pg from 'pg';
import { StoreError } from '../../errors.ts';
import type { Sessions } from './sessions.ts';

/** Which processes of the server answered two clients that took turns. */
export interface SessionsSeen {
  readonly one: readonly number[];
  readonly other: readonly number[];
}

const turns = 3;

export async function readSessions(one: pg.Client, other: pg.Client): Promise<SessionsSeen> {
  const seen = new Map<pg.Client, number[]>([
    [one, []],
    [other, []],
  ]);
  const ask = async (client: pg.Client) => {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    seen.get(client)?.push(rows[0]?.pid);
  };
  for (let turn = 0; turn < turns; turn += 1) {
    const [resting, busy] = turn % 2 === 0 ? [one, other] : [other, one];
    await ask(resting);
    await busy.query('BEGIN READ ONLY');
    try {
      await ask(busy);
      await ask(resting);
    } finally {
      await busy.query('ROLLBACK').catch(() => undefined);
    }
  }
  return { one: seen.get(one) ?? [], other: seen.get(other) ?? [] };
}

/**
 * A pooler in transaction mode lends each transaction any session of its own: the one that a client
 * had goes to the next who asks. Directly, and in session mode, a client keeps its own.
 */
export function areSessionsKept({ one, other }: SessionsSeen): boolean {
  const isSame = (pids: readonly number[]) => new Set(pids).size === 1;
  return isSame(one) && isSame(other) && one[0] !== other[0];
}

/** What a session that has just begun is like. */
export interface Arrival {
  /** `synchronous_commit` of the server. */
  readonly waits: string;
  /** `kept` where what was asked for has arrived. */
  readonly options: string;
}

export async function readArrival(client: pg.Client): Promise<Arrival> {
  const { rows } = await client.query(`SELECT current_setting('synchronous_commit') AS waits,
    coalesce(current_setting('purser.options', true), '') AS options`);
  return { waits: rows[0]?.waits, options: rows[0]?.options };
}

/** Throws `StoreError` where a session is not as it was asked for. */
export function refuseArrival({ waits, options }: Arrival, { hasOptions }: Sessions): void {
  if (hasOptions && options !== 'kept') {
    throw new StoreError(
      'A pooler drops the options of DATABASE_URL: the tables would be looked for elsewhere. Set it to the server itself, or set them for its user (ALTER ROLE … SET search_path = …) and take them out of DATABASE_URL.',
    );
  }
  if (waits === 'off') {
    throw new StoreError(
      'A commit is answered before it is on disk: DATABASE_URL asks for that, or a pooler drops what Purser asks for. Take synchronous_commit out of DATABASE_URL, or ALTER ROLE … SET synchronous_commit = on.',
    );
  }
}

/** Throws `StoreError` where replicas could not trust what they agree on. */
export async function refusePooler(sessions: Sessions): Promise<void> {
  const { arrival, isKept } = await sessions.persist(async () => {
    const clients: pg.Client[] = [];
    try {
      for (let count = 0; count < 2; count += 1) clients.push(await sessions.connect());
      const [one, other] = clients as [pg.Client, pg.Client];
      const seen = await readSessions(one, other);
      return { arrival: await readArrival(one), isKept: areSessionsKept(seen) };
    } finally {
      // A server that has gone silent would never say goodbye.
      for (const client of clients) client.end().catch(() => undefined);
    }
  });
  if (!isKept) {
    throw new StoreError(
      'DATABASE_URL leads to a pooler in transaction mode, in which replicas lose the locks by which they know each other. Set it to the server itself, or the pooler to session mode.',
    );
  }
  refuseArrival(arrival, sessions);
}
