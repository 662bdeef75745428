// The PostgreSQL store says what the reference store says, whatever is asked.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { createRecordingLog } from '../support.ts';
import { proveModel } from './model.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.stop());

it('says what the reference store says, whatever is asked', async () => {
  const commits = await proveModel(async () => {
    let store: Store | undefined;
    return {
      async open(options) {
        const log = createRecordingLog();
        // By one connection, so that steps of one moment keep their order.
        store = await openPostgresStore({
          ...{ url: database.url, log, connectionsMax: 1 },
          ...options,
        });
        return store;
      },
      async kill() {
        // Its sessions first, so that closing it finds nothing to say good-bye to.
        await database.cutSessions();
        await store?.close();
      },
      async discard() {
        await database.query(`
          TRUNCATE purser_records, purser_audit, purser_steps;
          UPDATE purser_chain SET sequence = 0, hash = repeat('0', 64)`);
      },
    };
  }, 30);
  expect(commits).toBeGreaterThan(20);
}, 120_000);
