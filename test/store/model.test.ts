// The lowdb store says what the reference store says, whatever is asked.
import { expect, it } from 'vitest';
import { openLowdbStore } from '../../src/store/index.ts';
import { createRecordingLog } from '../support.ts';
import { proveModel } from './model.ts';
import { createSimulatedDisk, killed } from './simulated-disk.ts';

it('says what the reference store says, whatever is asked', async () => {
  const commits = await proveModel(async () => {
    let disk = createSimulatedDisk();
    return {
      async open(options) {
        // After a close too: what a new process finds.
        disk = disk.restart(killed);
        const log = createRecordingLog();
        return await openLowdbStore({ dataDir: '/data', log, files: disk, ...options });
      },
      async kill() {},
      async discard() {},
    };
  }, 150);
  // So many that it cannot have been all refusals.
  expect(commits).toBeGreaterThan(300);
});
