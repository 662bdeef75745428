// A server that vanishes without a word: no connection ends, and no answer comes. Another one has
// taken its place; what was asked is asked again there, and done once.
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { createSessions, type Sessions } from '../../src/store/postgres/sessions.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { type BadNetwork, startBadNetwork } from './bad-network.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

const sessionsOn = (url: string, clock: Clock, waits?: { answerMs: number; patienceMs: number }) =>
  createSessions({
    ...{ url, clock, log: createRecordingLog(), connectionsMax: 4 },
    ...(waits === undefined ? {} : { waits }),
  });

describe('when the server says nothing any more', () => {
  let database: TestDatabase;
  let network: BadNetwork;
  let sessions: Sessions;

  /** A read that was not answered has cost more than the patience already, as by default. */
  const waits = { answerMs: 1_000, patienceMs: 500 };

  beforeEach(async () => {
    database = await openTestDatabase();
    await database.query('CREATE TABLE done (step int); GRANT ALL ON done TO PUBLIC');
    network = await startBadNetwork(Number(new URL(database.url).port));
    sessions = sessionsOn(network.urlOf(database.url), systemClock, waits);
  });
  afterEach(async () => {
    await sessions.end();
    await network.stop();
    await database.stop();
  });

  const openSessions = async (count: number) => {
    const pause = { text: 'SELECT pg_sleep(0.2)' };
    await Promise.all(Array.from({ length: count }, () => sessions.run(pause)));
    expect(network.connected).toBe(count);
  };
  const insert = { name: 'purser step', text: 'INSERT INTO done VALUES (1)' };

  it('asks again, and none of the other sessions that fell silent with it', async () => {
    await openSessions(4);
    network.silence();
    await sessions.run(insert);
    expect(network.swallowed).toBe(1);
    expect(await database.query('SELECT step FROM done')).toEqual([{ step: 1 }]);
    await Promise.all([1, 2, 3].map(() => sessions.run({ text: 'SELECT 1' })));
    expect(network.swallowed).toBe(1);
  });

  it('keeps the sessions that were opened since, whoever else was not answered', async () => {
    await openSessions(2);
    let begun = 0;
    await sessions.transact(async (client) => {
      begun += 1;
      if (begun > 1) return;
      network.silence();
      await sessions.run(insert);
      expect(network.opened).toBe(3);
      await client.query('SELECT 1');
    });
    expect(begun).toBe(2);
    expect(network.swallowed).toBe(2);
    expect(network.opened).toBe(3);
  });

  it('begins a transaction anew, and does not wait for the end of the old one', async () => {
    await openSessions(1);
    const asked: MockInstance[] = [];
    await sessions.transact(async (client) => {
      asked.push(vi.spyOn(client, 'query'));
      if (asked.length === 1) network.silence();
      await client.query(insert);
    });
    // For it to be answered would take as long again.
    expect(asked.map(({ mock }) => mock.calls)).toEqual([[[insert]], [[insert], ['COMMIT']]]);
    expect(await database.query('SELECT step FROM done')).toEqual([{ step: 1 }]);
  });
});

describe('the patience', () => {
  const prove = async (attemptMs: number): Promise<{ attempts: number; tookMs: number }> => {
    const clock = createFakeClock();
    const sessions = sessionsOn('postgres://u:p@127.0.0.1:1/d', clock);
    const startedAtMs = clock.now();
    let attempts = 0;
    const persisting = sessions.persist(async ({ sent }) => {
      attempts += 1;
      sent();
      clock.advance(attemptMs);
      throw new Error('Query read timeout');
    });
    await expect(persisting).rejects.toThrow('It is not certain whether this step was kept.');
    await sessions.end();
    return { attempts, tookMs: clock.now() - startedAtMs };
  };

  it('allows a second try to whoever waited for the whole of the first', async () => {
    // 5 seconds until connected, and 20 until answered.
    expect(await prove(25_000)).toMatchObject({ attempts: 2 });
  });

  it('ends within a minute, whatever the tries take', async () => {
    for (const attemptMs of [0, 1, 4_999, 9_900, 20_000, 25_000]) {
      const { tookMs } = await prove(attemptMs);
      expect(tookMs).toBeLessThanOrEqual(60_000);
    }
  });

  it('is ten seconds where the failure comes at once', async () => {
    const { tookMs } = await prove(0);
    expect(tookMs).toBeGreaterThan(8_500);
    expect(tookMs).toBeLessThanOrEqual(10_000);
  });
});
