// Connections that end, servers that restart, answers that never come: what was asked is done once.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { ConflictError, StoreError } from '../../src/errors.ts';
import { openPostgresStore, verifyChain } from '../../src/store/index.ts';
import { createPostgresAgreements } from '../../src/store/postgres/agreements.ts';
import type { Sitting } from '../../src/store/postgres/seat.ts';
import type { Reading, Store } from '../../src/store/types.ts';
import { change, countWins, put, readAll } from '../contracts/store-subject.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { type BadNetwork, startBadNetwork } from './bad-network.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import { createTestDatabase, openTestDatabase, type TestDatabase } from './test-database.ts';

interface Scene {
  readonly database: TestDatabase;
  readonly network: BadNetwork;
  readonly store: Store;
  readonly log: ReturnType<typeof createRecordingLog>;
}

async function onBadNetwork(
  prove: (scene: Scene) => Promise<void>,
  clock: Clock = systemClock,
): Promise<void> {
  const database = await openTestDatabase();
  const network = await startBadNetwork(Number(new URL(database.url).port));
  const log = createRecordingLog();
  const store = await openPostgresStore({ url: network.urlOf(database.url), clock, log });
  try {
    await prove({ database, network, store, log });
  } finally {
    await store.close();
    await network.stop();
    await database.stop();
  }
}

describe('when a claim cannot be given back', () => {
  it('frees it as soon as it can, though its replica lives and asks for nothing more', async () => {
    await onBadNetwork(async ({ database, store }) => {
      await store.claim(['x']);
      await database.query(`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
          AS 'BEGIN RAISE EXCEPTION ''the disk is full''; END';
        CREATE TRIGGER refuse BEFORE DELETE ON purser_claims
          FOR EACH STATEMENT EXECUTE FUNCTION refuse()`);
      await expect(store.release(['x'])).rejects.toThrow('the disk is full');
      expect(await store.claim(['x', 'y'])).toEqual(['y']);
      await database.query('DROP TRIGGER refuse ON purser_claims');
      await vi.waitFor(async () => {
        expect(await database.query('SELECT name FROM purser_claims')).toEqual([{ name: 'y' }]);
      }, 10_000);
      expect(await store.claim(['x'])).toEqual(['x']);
    });
  });
});

describe('when nobody knows whether a claim was taken', () => {
  // Its sleeps pass at once. The session that shows that the replica lives is not cut: what it has
  // taken, nobody else can take.
  const proveWith = (prove: (scene: Scene) => Promise<void>) =>
    onBadNetwork(prove, createFakeClock());

  const readClaims = (database: TestDatabase) =>
    database.query('SELECT name FROM purser_claims ORDER BY name');

  it('gives it back as soon as it can, and not what was claimed since', async () => {
    await proveWith(async ({ database, network, store, log }) => {
      network.loseAnswerTo('purser claim');
      network.refuse();
      await expect(store.claim(['x'])).rejects.toThrow('cannot be reached');
      expect(network.lost).toBe(1);
      expect(await readClaims(database)).toEqual([{ name: 'x' }]);
      network.open();
      await vi.waitFor(async () => expect(await readClaims(database)).toEqual([]), 10_000);
      expect(await store.claim(['x'])).toEqual(['x']);
      expect(await store.claim(['y'])).toEqual(['y']);
      expect(await readClaims(database)).toEqual([{ name: 'x' }, { name: 'y' }]);
      expect(log.text()).not.toContain('has ended the session');
    });
  });

  it('has given it back before it claims the same again', async () => {
    await proveWith(async ({ network, store }) => {
      network.loseAnswerTo('purser claim');
      network.refuse();
      await expect(store.claim(['x'])).rejects.toThrow(StoreError);
      network.open();
      expect(await store.claim(['x'])).toEqual(['x']);
    });
  });

  it('gives back what the server takes only after it was asked to give it back', async () => {
    await proveWith(async ({ database, network, store }) => {
      const other = new pg.Client({ connectionString: database.url });
      await other.connect();
      await other.query('BEGIN');
      const insert = 'INSERT INTO purser_claims VALUES ($1, 7, gen_random_uuid())';
      await other.query(insert, ['x']);
      network.cutAfter('purser claim');
      network.refuse();
      // It waits on the server for the other one, and nobody waits for it.
      await expect(store.claim(['x', 'z'])).rejects.toThrow(StoreError);
      network.open();
      expect(await store.claim(['y'])).toEqual(['y']);
      const running = `SELECT FROM pg_stat_activity
        WHERE usename = current_schema() AND state = 'active' AND query LIKE '%purser_claim(%'`;
      expect(await database.query(running)).toHaveLength(1);
      await other.query('ROLLBACK');
      await other.end();
      await vi.waitFor(async () => {
        expect(await database.query(running)).toEqual([]);
        expect(await readClaims(database)).toEqual([{ name: 'y' }]);
      }, 10_000);
    });
  });
});

it('asks no longer to give a claim back than the server may still be about to take it', async () => {
  const clock = createFakeClock();
  const asked: (string | undefined)[] = [];
  const agreements = createPostgresAgreements({
    sessions: {
      async run({ name }) {
        asked.push(name);
        if (name === 'purser claim') throw new StoreError('No answer.');
        return [];
      },
    },
    clock,
    take: async () => sitting,
  });
  await expect(agreements.claim(['x'])).rejects.toThrow('No answer.');
  for (const afterMs of [0, 29_999, 1, 1]) {
    clock.advance(afterMs);
    await agreements.giveBack();
  }
  expect(asked).toEqual(['purser claim', ...Array(3).fill('purser doubt')]);
});

const sitting: Sitting = {
  ...{ place: 1, holder: 1_000, epoch: '', isLost: false },
  tryFirst: async () => false,
  yieldFirst: async () => {},
  ping: async () => {},
};

describe('when the connection ends before the answer', () => {
  const ways = ['loseAnswerTo', 'cutAfter'] as const;

  for (const way of ways) {
    it(`makes a step once (${way})`, async () => {
      await onBadNetwork(async ({ network, store }) => {
        for (const n of [1, 2, 3]) {
          network[way]('purser step');
          await store.commit([change({ id: 'x', expectedVersion: n - 1, value: n })], [{ n }]);
        }
        expect(network.lost).toBe(3);
        expect(await store.find('payout', 'x')).toMatchObject({ version: 3, value: 3 });
        const entries = await readAll(store);
        expect(entries.map(({ facts }) => facts)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
        expect(await verifyChain(entries)).toMatchObject({ isIntact: true });
      });
    });

    it(`refuses a step as before (${way})`, async () => {
      await onBadNetwork(async ({ network, store }) => {
        await put(store, { id: 'x' });
        network[way]('purser step');
        await expect(put(store, { id: 'x', value: 'late' })).rejects.toThrow(ConflictError);
        expect(network.lost).toBe(1);
      });
    });

    it(`has what it claims and remembers (${way})`, async () => {
      await onBadNetwork(async ({ network, store }) => {
        network[way]('purser claim');
        expect(await store.claim(['a', 'b'])).toEqual(['a', 'b']);
        network[way]('purser remember');
        expect(await store.remember('x', 1, 60_000)).toBe(true);
        expect(network.lost).toBe(2);
        expect(await store.claim(['a', 'b'])).toEqual([]);
        expect(await store.remember('x', 2, 60_000)).toBe(false);
      });
    });

    it(`keeps readings once, and reads them (${way})`, async () => {
      await onBadNetwork(async ({ network, store }) => {
        const amounts = { available: '1' };
        const reading: Reading = { provider: 'p', account: 'a', atMs: systemClock.now(), amounts };
        network[way]('purser append');
        await store.appendReadings([reading]);
        network[way]('purser readings');
        const all: Reading[] = [];
        for await (const one of store.readReadings({ sinceMs: 0, each: 'reading' })) all.push(one);
        expect(all).toEqual([reading]);
        expect(network.lost).toBe(2);
      });
    });
  }

  it('makes each of 200 steps once, while the network is cut again and again', async () => {
    await onBadNetwork(async ({ network, store }) => {
      let done = 0;
      const steps = Array.from({ length: 200 }, async (_, n) => {
        await store.commit([change({ id: `p${n}`, isOpen: n % 2 === 0 })], [{ n }]);
        done += 1;
        if (done % 10 === 0) network.cut();
        if (done % 15 === 0) network.loseAnswerTo('purser step');
      });
      expect(countWins(await Promise.allSettled(steps))).toBe(200);
      const entries = await readAll(store);
      expect(await verifyChain(entries)).toMatchObject({ isIntact: true, count: 200 });
      expect(new Set(entries.map(({ facts }) => facts['n'])).size).toBe(200);
      const records = await store.listSince('payout', 0, 300);
      expect(records.map(({ version }) => version)).toEqual(Array(200).fill(1));
    });
  });

  it('says so when the server stays away, and that a step may have been kept', async () => {
    const prove = async ({ database, network, store, log }: Scene) => {
      await put(store, { id: 'x' });
      network.close();
      const reading = store.find('payout', 'x');
      await expect(reading).rejects.toThrow(/^PostgreSQL at 127\.0\.0\.1:\d+ cannot be reached/);
      await expect(reading).rejects.toThrow(StoreError);
      network.open();
      expect(await store.find('payout', 'x')).toBeDefined();
      await put(store, { id: 'y' });
      network.loseAnswerTo('purser step');
      const step = put(store, { id: 'z' });
      await vi.waitFor(() => expect(network.lost).toBe(1), {
        ...{ interval: 1, timeout: 10_000 },
      });
      network.close();
      await expect(step).rejects.toThrow('It is not certain whether this step was kept.');
      network.open();
      expect(log.text()).not.toContain(new URL(database.url).password);
    };
    // Its sleeps pass at once.
    await onBadNetwork(prove, createFakeClock());
  });

  it('goes on when every session was ended while nobody used it', async () => {
    await onBadNetwork(async ({ database, store }) => {
      await Promise.all(Array.from({ length: 20 }, (_, n) => put(store, { id: `p${n}` })));
      await store.claim(['a']);
      expect(await database.cutSessions()).toBeGreaterThan(3);
      expect(await store.listOpen('payout')).toHaveLength(20);
      // The seat was lost, and with it what was claimed.
      await vi.waitFor(async () => expect(await store.claim(['a'])).toEqual(['a']), 10_000);
    });
  });
});

describe('when the server restarts', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgresServer();
  });
  afterAll(() => server.discard());

  for (const way of ['stop', 'kill'] as const) {
    it(`makes every step once, and is first again (${way})`, async () => {
      const database = await createTestDatabase(server.url);
      const log = createRecordingLog();
      const store = await openPostgresStore({ url: database.url, clock: systemClock, log });
      const heard: string[] = [];
      await store.lead(async () => {
        heard.push('begun');
        return async () => {
          heard.push('ended');
        };
      });
      await store.remember('x', 1, 60_000);
      let restarting: Promise<void> | undefined;
      const steps = Array.from({ length: 100 }, async (_, n) => {
        await store.commit([change({ id: `p${n}` })], [{ n }]);
        restarting ??= server[way]().then(() => server.start());
      });
      expect(countWins(await Promise.allSettled(steps))).toBe(100);
      await restarting;
      expect(await verifyChain(store.readAudit())).toMatchObject({ isIntact: true, count: 100 });
      expect(await store.listOpen('payout')).toHaveLength(100);
      await vi.waitFor(() => expect(heard).toEqual(['begun', 'ended', 'begun']), 10_000);
      // Nobody lived in between who could have known it.
      expect(await store.recall('x')).toBeUndefined();
      await store.close();
      await database.stop();
    });
  }
});
