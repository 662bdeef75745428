// The PostgreSQL store keeps the contract, on a real server.
import { openPostgresStore } from '../../src/store/index.ts';
import { describeStoreContract } from '../contracts/store.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { openTestDatabase } from './test-database.ts';

describeStoreContract({
  name: 'the PostgreSQL store',
  async open({ openMax }) {
    const database = await openTestDatabase();
    const clock = createFakeClock();
    const log = createRecordingLog();
    const open = () => openPostgresStore({ url: database.url, openMax, clock, log });
    let store = await open();
    return {
      store,
      clock,
      async reopen() {
        await store.close();
        store = await open();
        return store;
      },
      async discard() {
        await store.close();
        await database.stop();
      },
    };
  },
});
