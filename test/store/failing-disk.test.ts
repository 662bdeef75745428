// The lowdb store on a disk that is full, broken, forbidden or read-only at every single operation of
// a step: the person is told the truth about that step, and the next one works when the disk does.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { openLowdbStore, verifyChain } from '../../src/store/index.ts';
import { InDoubtError } from '../../src/store/lowdb/failures.ts';
import { diskFiles, type FileSystem } from '../../src/store/lowdb/files.ts';
import type { Store } from '../../src/store/types.ts';
import { change, readAll } from '../contracts/store-subject.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { createFailingDisk, type FailingDisk, type Failure } from './failing-disk.ts';
import { createSimulatedDisk, killed } from './simulated-disk.ts';

const openOn = (files: FileSystem, dataDir = '/data') =>
  openLowdbStore({ dataDir, clock: createFakeClock(), log: createRecordingLog(), files });

const failures: readonly Failure[] = (['ENOSPC', 'EIO', 'EACCES', 'EROFS'] as const).flatMap(
  (code) =>
    (['before', 'halfway', 'after'] as const).flatMap((when) =>
      (['once', 'on'] as const).map((lasts) => ({ code, when, lasts })),
    ),
);

const remedies: Readonly<Record<Failure['code'], RegExp>> = {
  ENOSPC: /^The disk is full: .*\. Free some space there, then try again\.$/,
  EIO: /^The disk reported an error: .*\. Ask who runs Purser to check the disk\.$/,
  EACCES: /^Purser may not write to its data folder: .*\. Ask who runs Purser to permit it\.$/,
  EROFS: /^The disk is read-only: .*\. Ask who runs Purser to check the disk\.$/,
};

/** A record that is closed, another that is opened, and an entry: all of it, or nothing. */
const step = () => [
  change({ id: 'a', expectedVersion: 1, isOpen: false, key: 'PUR-1', value: 'paid' }),
  change({ id: 'b', key: 'PUR-2' }),
];

type Trace = 'all of it' | 'nothing';

async function traceOf(store: Store): Promise<Trace> {
  const entries = await readAll(store);
  expect(await verifyChain(entries)).toMatchObject({ isIntact: true });
  const isDone = entries.length === 2;
  const a = await store.find('payout', 'a');
  expect(a).toMatchObject({ version: isDone ? 2 : 1, isOpen: !isDone });
  expect((await store.findByKey('payout', 'PUR-2'))?.id).toBe(isDone ? 'b' : undefined);
  expect(await store.listSince('payout', 0, 9)).toHaveLength(isDone ? 2 : 1);
  return isDone ? 'all of it' : 'nothing';
}

interface Scene {
  readonly disk: FailingDisk;
  readonly store: Store;
  /** What a new process finds when this one is killed. */
  revive(): Promise<Store>;
}

async function start(disk: FailingDisk, store: Store, revive: Scene['revive']): Promise<Scene> {
  await store.commit([change({ id: 'a', key: 'PUR-1' })], [{ n: 1 }]);
  return { disk, store, revive };
}

async function startSimulated(): Promise<Scene> {
  const simulated = createSimulatedDisk();
  const disk = createFailingDisk(simulated);
  return start(disk, await openOn(disk), () => openOn(simulated.restart(killed)));
}

async function failOnce({ disk, store, revive }: Scene, operation: number, failure: Failure) {
  disk.failAt(operation, failure);
  const outcome = await store.commit(step(), [{ n: 2 }]).then(
    () => undefined,
    (error: unknown) => error,
  );
  const trace = await traceOf(store);
  const left = await traceOf(await revive());
  if (outcome === undefined) expect([trace, left]).toEqual(['all of it', 'all of it']);
  else {
    expect(outcome).toBeInstanceOf(StoreError);
    expect(String(outcome).replace(/^\w+: /, '')).toMatch(remedies[failure.code]);
    expect(String(outcome)).not.toContain('/data');
    expect(trace).toBe('nothing');
    if (outcome instanceof InDoubtError) expect(String(outcome)).toContain('not certain');
    else {
      expect(String(outcome)).toContain('nothing was changed');
      expect(left).toBe('nothing');
    }
  }
  disk.heal();
  if (outcome !== undefined) await store.commit(step(), [{ n: 2 }]);
  await store.commit([change({ id: 'c' })], [{ n: 3 }]);
  expect((await readAll(store)).map(({ facts }) => facts['n'])).toEqual([1, 2, 3]);
  await store.close();
  const again = await revive();
  expect((await readAll(again)).map(({ facts }) => facts['n'])).toEqual([1, 2, 3]);
  expect(await again.listSince('payout', 0, 9)).toHaveLength(3);
  await again.close();
  return outcome;
}

async function countOperations({ disk, store }: Scene): Promise<number> {
  const before = disk.count;
  await store.commit(step(), [{ n: 2 }]);
  const count = disk.count - before;
  await store.close();
  return count;
}

describe('a step of the lowdb store on a disk that fails', () => {
  for (const failure of failures) {
    const { code, when, lasts } = failure;
    it(`is kept or not, and the truth is told: ${code} ${when} an operation, ${lasts}`, async () => {
      const count = await countOperations(await startSimulated());
      expect(count).toBeGreaterThan(10);
      let refusals = 0;
      for (let operation = 0; operation < count; operation += 1) {
        if ((await failOnce(await startSimulated(), operation, failure)) !== undefined) {
          refusals += 1;
        }
      }
      expect(refusals).toBeGreaterThan(3);
    });
  }

  it('is kept or not on a real disk that fills up, too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'purser-full-'));
    // One process has all the stores here: those that are killed never let go of a lock.
    const files: FileSystem = { ...diskFiles, lock: async () => async () => {} };
    const startReal = async (name: string) => {
      const dataDir = join(folder, name);
      const disk = createFailingDisk(files);
      return start(disk, await openOn(disk, dataDir), () => openOn(files, dataDir));
    };
    try {
      const count = await countOperations(await startReal('count'));
      for (let operation = 0; operation < count; operation += 1) {
        const failure: Failure = { code: 'ENOSPC', when: 'halfway', lasts: 'on' };
        await failOnce(await startReal(`${operation}`), operation, failure);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is certain not to be kept when it never got its name', async () => {
    const { disk, store } = await startSimulated();
    // Opened, written, synced; then the renaming.
    disk.failAt(3, { code: 'ENOSPC', when: 'before', lasts: 'on' });
    await expect(store.commit(step(), [])).rejects.toThrow('nothing was changed');
  });

  it('is not kept by closing the store after it was refused', async () => {
    const { disk, store, revive } = await startSimulated();
    disk.failAt(1, { code: 'EIO', when: 'before', lasts: 'once' });
    await expect(store.commit(step(), [{ n: 2 }])).rejects.toThrow('nothing was changed');
    await store.close();
    expect(await traceOf(await revive())).toBe('nothing');
  });

  it('gives back the space of what did not fit', async () => {
    const simulated = createSimulatedDisk();
    const disk = createFailingDisk(simulated);
    const store = await openOn(disk);
    disk.failAt(1, { code: 'ENOSPC', when: 'halfway', lasts: 'once' });
    await expect(store.commit([], [{ n: 1 }])).rejects.toThrow('The disk is full');
    expect(simulated.operations.at(-1)).toBe('remove open.json.tmp');
  });

  it('is refused while the step before is not in its files, and catches up', async () => {
    const { disk, store } = await startSimulated();
    // Six operations make the step itself; the files that follow come after.
    disk.failAt(6, { code: 'ENOSPC', when: 'before', lasts: 'on' });
    await store.commit(step(), [{ n: 2 }]);
    expect(await traceOf(store)).toBe('all of it');
    const late = store.commit([change({ id: 'c' })], [{ n: 3 }]);
    await expect(late).rejects.toThrow(/disk is full: nothing was changed/);
    disk.heal();
    await store.commit([change({ id: 'c' })], [{ n: 3 }]);
    expect(await verifyChain(store.readAudit())).toMatchObject({ isIntact: true, count: 3 });
  });
});

describe('opening the lowdb store on a disk that fails', () => {
  it('is refused with what to do, at every operation, and works when the disk does', async () => {
    for (const code of ['ENOSPC', 'EIO', 'EACCES', 'EROFS'] as const) {
      let operation = 0;
      for (; operation < 100; operation += 1) {
        const simulated = createSimulatedDisk();
        const disk = createFailingDisk(simulated);
        disk.failAt(operation, { code, when: 'before', lasts: 'on' });
        const refused = await openOn(disk).then(
          async (store) => store.close(),
          (error: unknown) => error,
        );
        if (refused === undefined) break;
        expect(refused).toBeInstanceOf(StoreError);
        expect(String(refused)).toMatch(/^StoreError: Purser cannot start with \/data: .+\. .+\.$/);
        disk.heal();
        await (await openOn(disk)).close();
      }
      expect(operation).toBeGreaterThan(4);
      expect(operation).toBeLessThan(100);
    }
  });
});
