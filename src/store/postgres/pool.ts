// The sessions that statements share. When a server vanishes without a word, none of them ends, and
// each would keep another statement waiting: so one that is not answered speaks for all that were
// opened before it was known, and they are not used any more.
import pg from 'pg';
import type { Log } from '../../log.ts';
import { describe, isSilence, kindOf } from './failures.ts';

export interface Pool {
  /** Lends a session. `onLent` is called when there is one, before the work. */
  use<T>(onLent: () => void, work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

export function createPool(config: pg.PoolConfig, log: Log): Pool {
  const pool = new pg.Pool(config);
  /** How often the server fell silent; each session belongs to the time in which it was opened. */
  let silences = 0;
  const openedAfter = new WeakMap<pg.ClientBase, number>();
  // A session that ends while nobody uses it is no failure: the next one is opened when needed.
  pool.on('error', (error) => {
    log.debug({ err: describe(error) }, 'an idle session of PostgreSQL has ended');
  });
  pool.on('connect', (client) => {
    openedAfter.set(client, silences);
    // While somebody uses it they learn it from their statement, but the event would end the process.
    client.on('error', () => undefined);
  });

  const isTrusted = (client: pg.ClientBase) => openedAfter.get(client) === silences;

  const borrow = async (): Promise<pg.PoolClient> => {
    for (;;) {
      const client = await pool.connect();
      if (isTrusted(client)) return client;
      client.release(true);
    }
  };

  return {
    async use(onLent, work) {
      const client = await borrow();
      let isUseless = true;
      try {
        onLent();
        const done = await work(client);
        isUseless = false;
        return done;
      } catch (error) {
        isUseless = kindOf(error) === 'lost' || !(error instanceof pg.DatabaseError);
        // One that was opened before is no news: it says nothing about those that were opened since.
        if (isSilence(error) && isTrusted(client)) silences += 1;
        throw error;
      } finally {
        client.release(isUseless || !isTrusted(client));
      }
    },
    end: () => pool.end(),
  };
}
