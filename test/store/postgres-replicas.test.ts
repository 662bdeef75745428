// Several replicas on one database, each by a network of its own.
import { systemClock } from '../../src/clock.ts';
import { openPostgresStore } from '../../src/store/index.ts';
import { describeReplicasContract } from '../contracts/replicas.ts';
import { createRecordingLog } from '../support.ts';
import { startBadNetwork } from './bad-network.ts';
import { openTestDatabase } from './test-database.ts';

describeReplicasContract({
  name: 'the PostgreSQL store',
  async open() {
    const database = await openTestDatabase();
    const endings: (() => Promise<void>)[] = [];
    return {
      async open() {
        const network = await startBadNetwork(Number(new URL(database.url).port));
        const url = network.urlOf(database.url);
        const store = await openPostgresStore({
          ...{ url, clock: systemClock, log: createRecordingLog(), openMax: 200 },
        });
        endings.push(async () => {
          await store.close();
          await network.stop();
        });
        return { store, die: async () => network.close() };
      },
      async discard() {
        await Promise.all(endings.map((end) => end()));
        await database.stop();
      },
    };
  },
});
