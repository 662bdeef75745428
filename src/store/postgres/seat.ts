// The session by which the other replicas know that this one lives. PostgreSQL frees the locks of a
// session when it ends, however it ends: no lease has to be renewed, and no clock compared. There
// are three locks, of numbers that belong to the schema: one of this replica's own, by which its
// claims are known; one that all share, so that whoever finds it free knows that nobody was alive;
// and one that only the first replica has.
// https://www.postgresql.org/docs/18/explicit-locking.html#ADVISORY-LOCKS (read 2026-11-27)
import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Log } from '../../log.ts';
import { describe } from './failures.ts';
import type { Sessions } from './sessions.ts';

export const firstLock = 1;
export const aliveLock = 2;
/** By chance, never counted: a number that was dumped with the tables would be given out again. */
const [holderMin, holderMax] = [1_000, 2 ** 31];
/** The least number of a lock that is a replica’s own. */
export const aliveFrom = holderMin;

export interface Sitting {
  /** The schema, as an object id. */
  readonly place: number;
  /** The number of this replica's own lock. */
  readonly holder: number;
  /** What was remembered in another epoch is void. */
  readonly epoch: string;
  readonly isLost: boolean;
  /** Whether this replica is the first now. */
  tryFirst(): Promise<boolean>;
  /** Lets another be the first. */
  yieldFirst(): Promise<void>;
  /** Fails, and is lost, when the server does not answer. */
  ping(): Promise<unknown>;
}

export interface Seat {
  /** The present one, or a new one where it was lost: with another holder, perhaps another epoch. */
  take(): Promise<Sitting>;
  /** False where the server did not answer any more. */
  close(): Promise<boolean>;
}

export interface SeatConfig {
  readonly sessions: Pick<Sessions, 'connect' | 'persist'>;
  readonly log: Log;
  /** Hears of each that is over before its time. */
  onLost(sitting: Sitting): void;
}

export function createSeat({ sessions, log, onLost }: SeatConfig): Seat {
  let present: { readonly sitting: Sitting; readonly client: pg.Client } | undefined;
  let taking: Promise<Sitting> | undefined;
  let isClosed = false;

  const sit = async (): Promise<Sitting> => {
    const client = await sessions.connect();
    let isLost = false;
    client.once('end', () => {
      isLost = true;
    });
    try {
      const facts = await takeLocks(client);
      const sitting: Sitting = {
        ...facts,
        ...createFirstLock(client, facts.place),
        get isLost() {
          return isLost;
        },
        ping: () => askOrLeave(client, 'SELECT 1'),
      };
      client.once('end', () => {
        if (isClosed) return;
        log.warn({}, 'PostgreSQL has ended the session that shows that this replica lives');
        onLost(sitting);
      });
      present = { sitting, client };
      return sitting;
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
  };

  return {
    async take() {
      if (present !== undefined && !present.sitting.isLost) return present.sitting;
      taking ??= sessions.persist(sit).finally(() => {
        taking = undefined;
      });
      return await taking;
    },
    async close() {
      isClosed = true;
      await taking?.catch(() => undefined);
      if (present === undefined || present.sitting.isLost) return true;
      const { client } = present;
      try {
        // At once, and not when the server gets to it.
        await client.query('SELECT pg_advisory_unlock_all()');
        await client.end();
        return true;
      } catch (error) {
        log.debug({ err: describe(error) }, 'PostgreSQL did not answer at the end');
        client.end().catch(() => undefined);
        return false;
      }
    },
  };
}

/** A session that does not answer is as good as ended: the server frees its locks when it notices. */
async function askOrLeave<Row extends pg.QueryResultRow>(
  client: pg.Client,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row | undefined> {
  try {
    return (await client.query<Row>({ text, values: [...values] })).rows[0];
  } catch (error) {
    client.end().catch(() => undefined);
    throw error;
  }
}

function createFirstLock(
  client: pg.Client,
  place: number,
): Pick<Sitting, 'tryFirst' | 'yieldFirst'> {
  const values = [toLockKey(place), firstLock];
  return {
    async tryFirst() {
      const text = 'SELECT pg_try_advisory_lock($1, $2) AS is_mine';
      const row = await askOrLeave<{ is_mine: boolean }>(client, text, values);
      return row?.is_mine === true;
    },
    async yieldFirst() {
      await askOrLeave(client, 'SELECT pg_advisory_unlock($1, $2)', values);
    },
  };
}

async function takeLocks(client: pg.Client): Promise<Pick<Sitting, 'place' | 'holder' | 'epoch'>> {
  const ask = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await client.query<Row>({ text, values })).rows[0];
  const place = await findPlace(client);
  const key = toLockKey(place);
  const tryLock = async (lock: number) =>
    (await ask<{ is_mine: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS is_mine', [key, lock]))
      ?.is_mine === true;

  let holder = randomInt(holderMin, holderMax);
  while (!(await tryLock(holder))) holder = randomInt(holderMin, holderMax);
  const isAlone = await tryLock(aliveLock);
  if (isAlone) await ask(newEpoch);
  // Whoever is alone lets the others in again only now: they wait here, and read the new epoch.
  await ask('SELECT pg_advisory_lock_shared($1, $2)', [key, aliveLock]);
  if (isAlone) await ask('SELECT pg_advisory_unlock($1, $2)', [key, aliveLock]);
  await ask(endWhenSilent);
  const row = await ask<{ epoch: string }>('SELECT epoch FROM purser_epoch');
  return { place, holder, epoch: row?.epoch ?? '' };
}

/**
 * It is heard from every second. The machine of a process that hangs still answers the server, so the
 * locks of one that says nothing would be kept for ever. Servers before 14 cannot do this.
 */
const endWhenSilent = `
  SELECT set_config('idle_session_timeout', '30s', false)
  WHERE current_setting('server_version_num')::int >= 140000`;

const newEpoch = `
  WITH claims AS (DELETE FROM purser_claims), memory AS (DELETE FROM purser_memory)
  UPDATE purser_epoch SET epoch = gen_random_uuid()`;

/** The schema where the tables are, whatever stands before it in the search_path by now. */
export async function findPlace(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ place: number }>(
    `SELECT relnamespace::bigint::float8 AS place FROM pg_class WHERE oid = 'purser_chain'::regclass`,
  );
  return rows[0]?.place ?? 0;
}

/** Object ids have 32 bits without a sign, the numbers of locks have one. */
export function toLockKey(place: number): number {
  return place | 0;
}
