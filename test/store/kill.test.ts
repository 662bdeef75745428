// A real process is killed in the middle of its steps, twenty times on one folder: what it had
// acknowledged is there, nothing is there twice, and the next one goes on.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyChain } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { readAll } from '../contracts/store-subject.ts';
import { createDataFolder, type DataFolder } from './data-folder.ts';
import { startStoreProcess } from './processes.ts';

let folder: DataFolder;

beforeAll(async () => {
  folder = await createDataFolder();
});

afterAll(async () => {
  await folder.discard();
});

/** Gives the steps that are in the audit log; every record is where its last step left it. */
async function readStepsOf(store: Store): Promise<string[]> {
  const entries = await readAll(store);
  expect(await verifyChain(entries)).toMatchObject({ isIntact: true, count: entries.length });
  const steps = entries.map(({ facts }) => String(facts['step']));
  const states = new Map(steps.map((step) => step.split(' ') as [string, string]));
  const rows = await store.listSince('payout', 0, 100_000);
  expect(rows).toHaveLength(states.size);
  for (const { id, isOpen, version, key } of rows) {
    const isPaid = states.get(id) === 'paid';
    expect([id, isOpen, version]).toEqual([id, !isPaid, isPaid ? 2 : 1]);
    expect((await store.findByKey('payout', key ?? ''))?.id).toBe(id);
  }
  return steps;
}

it('keeps every acknowledged step once when its process is killed in the middle of 500, 20 times', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const running = startStoreProcess(folder.dataDir, 500);
    expect(await running.next()).toBe('open');
    // Another place in every round; what it does at that moment is for the scheduler to say.
    const seenMax = (round * 97) % 450;
    for (let seen = 0; seen <= seenMax; seen += 1) await running.next();
    await running.kill();
    const said = running.lines.filter((line) => line !== 'open');
    expect(said).not.toContain('done');
    acknowledged.push(...said);

    const store = await folder.open();
    const steps = await readStepsOf(store);
    expect(new Set(steps).size).toBe(steps.length);
    expect(steps).toEqual(expect.arrayContaining(acknowledged));
    // Five at a time wait for an answer, and no more.
    expect(steps.length - acknowledged.length).toBeLessThanOrEqual(5 * (round + 1));
    await store.close();
  }
  expect(acknowledged.length).toBeGreaterThan(2_000);
}, 240_000);
