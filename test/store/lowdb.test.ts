// The lowdb store keeps the contract, on real files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLowdbStore } from '../../src/store/index.ts';
import { describeStoreContract } from '../contracts/store.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';

describeStoreContract({
  name: 'the lowdb store',
  async open({ openMax }) {
    const dataDir = await mkdtemp(join(tmpdir(), 'purser-store-'));
    const clock = createFakeClock();
    const log = createRecordingLog();
    const open = () => openLowdbStore({ dataDir, openMax, clock, log });
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
        await rm(dataDir, { recursive: true });
      },
    };
  },
});
