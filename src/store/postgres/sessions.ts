// The connections to PostgreSQL. Whatever is asked here may be asked twice: when a connection ends
// before its answer, the same statement goes to the server again, for some seconds, until it is back
// or another has taken its place. So a statement either only reads, or carries a number by which the
// server knows it again.
import pg from 'pg';
import type { Clock } from '../../clock.ts';
import { StoreError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { explain, kindOf, type Place } from './failures.ts';
import { createPool } from './pool.ts';

export interface Statement {
  /** Prepared once for each session under that name. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface Sessions {
  readonly place: Place;
  readonly database: string;
  /** The URL has options of its own. */
  readonly hasOptions: boolean;
  run<Row extends pg.QueryResultRow>(statement: Statement): Promise<Row[]>;
  /** Several statements in one transaction. */
  transact<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  /** Tries again for as long as the server cannot be reached, and says what to do in the end. */
  persist<T>(attempt: (note: Noting) => Promise<T>): Promise<T>;
  /** A session beside the others, that its caller keeps. */
  connect(answerMs?: number): Promise<pg.Client>;
  /** From now on nothing is tried again. */
  hurry(): void;
  end(): Promise<void>;
}

export interface Noting {
  /** From now on nobody can know whether this attempt had its effect, unless it answers. */
  sent(): void;
}

export interface SessionsConfig {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly connectionsMax: number;
  /** Others than by default. */
  readonly waits?: Waits;
}

export interface Waits {
  /** A server that has said nothing for so long is gone. */
  readonly answerMs: number;
  /** How long after the first failure a last try may begin. */
  readonly patienceMs: number;
}

/**
 * A fail-over takes some seconds; who waits longer than that asks whether anybody is there. Counted
 * from the first failure, so that there is a second try also where the first one was not answered.
 * Whoever waits for a statement knows within a minute: each of these two takes 25 seconds at most
 * (5 to connect, 20 for the answer), and the last one begins within 10 seconds after the first.
 */
const waitsByDefault: Waits = { answerMs: 20_000, patienceMs: 10_000 };
const collisionsMax = 50;
const [waitMinMs, waitMaxMs] = [50, 1_000];

/** The server ends a statement then, also one whose connection is lost. */
export const statementMsMax = 15_000;

/**
 * Nothing waits for ever: the server gives up first, and the client a little later (`answerMs`), for
 * a server that says nothing any more. A replica whose machine is lost keeps its locks until the
 * server notices, which is what its keep-alives are for.
 */
const limits = {
  connectionTimeoutMillis: 5_000,
  lock_timeout: 10_000,
  statement_timeout: statementMsMax,
  idle_in_transaction_session_timeout: 15_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};
/** Longer than that a server does not think about a lock: it is gone, or as good as gone. */
const answerMsByDefault = 5_000;
const serverKeepAlives =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';
/** A commit is on disk when it is answered, also where the database or the user is set to be faster. */
const durable = '-c synchronous_commit=on';
/** By which Purser knows whether what it asks for arrives. */
const marked = '-c purser.options=kept';

export function createSessions(config: SessionsConfig): Sessions {
  const { clock } = config;
  const { connectionString, place, database, hasOptions } = readUrl(config.url);
  const { answerMs: queryMs, patienceMs } = config.waits ?? waitsByDefault;
  const settings = { connectionString, ...limits, query_timeout: queryMs };
  const pool = createPool(
    { ...settings, max: config.connectionsMax, idleTimeoutMillis: 30_000 },
    config.log,
  );
  let isHurried = false;

  const persist: Sessions['persist'] = async (attempt) => {
    let giveUpAtMs = Number.POSITIVE_INFINITY;
    let waitMs = waitMinMs;
    let isInDoubt = false;
    for (let collisions = 0; ; ) {
      let isSent = false;
      try {
        return await attempt({
          sent() {
            isSent = true;
          },
        });
      } catch (error) {
        const kind = kindOf(error);
        if (kind === 'collided') collisions += 1;
        else if (kind === 'lost' && isSent) isInDoubt = true;
        if (kind === 'lost') giveUpAtMs = Math.min(giveUpAtMs, clock.now() + patienceMs);
        const isLate = isHurried || clock.now() + waitMs > giveUpAtMs;
        const isOver = kind === 'lost' ? isLate : kind === 'final' || collisions > collisionsMax;
        if (isOver) throw explain(error, place, isInDoubt);
        await clock.sleep(kind === 'lost' ? waitMs : collisions);
        if (kind === 'lost') waitMs = Math.min(waitMs * 2, waitMaxMs);
      }
    }
  };

  return {
    place,
    database,
    hasOptions,
    persist,
    run: ({ name, text, values = [] }) =>
      persist((note) =>
        pool.use(note.sent, async (client) => {
          const query = name === undefined ? { text } : { text, name };
          return (await client.query({ ...query, values: [...values] })).rows;
        }),
      ),
    transact: (work) =>
      persist((note) =>
        pool.use(note.sent, async (client) => {
          await client.query('BEGIN');
          try {
            const done = await work(client);
            await client.query('COMMIT');
            return done;
          } catch (error) {
            // A session that is lost takes its transaction with it.
            if (kindOf(error) !== 'lost') await client.query('ROLLBACK').catch(() => undefined);
            throw error;
          }
        }),
      ),
    async connect(answerMs = answerMsByDefault) {
      const client = new pg.Client({ ...settings, query_timeout: answerMs });
      client.on('error', () => undefined);
      try {
        await client.connect();
      } catch (error) {
        client.end().catch(() => undefined);
        throw error;
      }
      return client;
    },
    hurry() {
      isHurried = true;
    },
    end: () => pool.end(),
  };
}

/** The address with what Purser adds to it: its name, and how soon the server misses a client. */
function readUrl(text: string) {
  const isUrl = /^postgres(?:ql)?:\/\//.test(text) && URL.canParse(text);
  if (!isUrl) {
    throw new StoreError(
      'DATABASE_URL is not the address of a PostgreSQL. It looks like postgres://user:password@host:5432/database, with special characters percent-encoded.',
    );
  }
  const url = new URL(text);
  const { searchParams } = url;
  if (!searchParams.has('application_name')) searchParams.set('application_name', 'purser');
  const options = searchParams.get('options') ?? '';
  searchParams.set('options', `${serverKeepAlives} ${durable} ${marked} ${options}`.trim());
  const host = searchParams.get('host') ?? url.hostname;
  const port = searchParams.get('port') ?? (url.port || '5432');
  const place: Place = { host: `${host}:${port}` };
  const facts = { place, database: decodeURI(url.pathname.slice(1)), hasOptions: options !== '' };
  return { connectionString: url.href, ...facts };
}
