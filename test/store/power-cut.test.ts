// The lowdb store when the power goes, or the process is killed, between any two operations of the
// disk and in the middle of every write: what was acknowledged is there, and no step is there by half.
import { describe, expect, it } from 'vitest';
import { openLowdbStore, verifyChain } from '../../src/store/index.ts';
import type { FileSystem } from '../../src/store/lowdb/files.ts';
import type { Store } from '../../src/store/types.ts';
import { change, readAll } from '../contracts/store-subject.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { createSimulatedDisk, type Loss, losses, type SimulatedDisk } from './simulated-disk.ts';

const open = (files: FileSystem) =>
  openLowdbStore({
    dataDir: '/data',
    clock: createFakeClock(),
    log: createRecordingLog(),
    files,
  });

interface Attempt {
  readonly id: string;
  readonly expectedVersion: number;
  readonly isOpen: boolean;
}

/** Steps of one group are taken at one moment and share writes. */
const groups: readonly (readonly Attempt[])[] = [
  [{ id: 'a', expectedVersion: 0, isOpen: true }],
  [{ id: 'a', expectedVersion: 1, isOpen: false }],
  [
    { id: 'b', expectedVersion: 0, isOpen: true },
    { id: 'c', expectedVersion: 0, isOpen: false },
    { id: 'd', expectedVersion: 0, isOpen: true },
  ],
  [{ id: 'c', expectedVersion: 1, isOpen: true }],
  [{ id: 'c', expectedVersion: 2, isOpen: false }],
];

const factOf = ({ id, expectedVersion }: Attempt) => `${id}${expectedVersion + 1}`;

/** Gives what was acknowledged before the power went. */
async function live(disk: SimulatedDisk): Promise<ReadonlySet<string>> {
  const acknowledged = new Set<string>();
  let store: Store;
  try {
    store = await open(disk);
  } catch {
    return acknowledged;
  }
  for (const group of groups) {
    const steps = group.map(async (attempt) => {
      const fact = factOf(attempt);
      await store.commit([change({ ...attempt, value: fact })], [{ fact }]);
      acknowledged.add(fact);
    });
    await Promise.allSettled(steps);
  }
  await store.close();
  return acknowledged;
}

/** Every record is at the version that the audit log says, and the log is whole. */
async function readFactsOf(store: Store): Promise<string[]> {
  const entries = await readAll(store);
  expect(await verifyChain(entries)).toMatchObject({ isIntact: true });
  const facts = entries.map((entry) => String(entry.facts['fact']));
  const last = new Map(facts.map((fact) => [fact.slice(0, 1), fact]));
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    expect((await store.find('payout', id))?.value).toBe(last.get(id));
  }
  expect(await store.listSince('payout', 0, 10)).toHaveLength(last.size);
  return facts;
}

async function cutAndReturn(operation: number, loss: Loss): Promise<void> {
  const disk = createSimulatedDisk();
  disk.cutAt(operation);
  const acknowledged = await live(disk);

  const again = await open(disk.restart(loss));
  const facts = await readFactsOf(again);
  expect(new Set(facts).size).toBe(facts.length);
  expect(facts).toEqual(expect.arrayContaining([...acknowledged]));
  await again.commit([change({ id: 'e', value: 'e1' })], [{ fact: 'e1' }]);
  expect(await readFactsOf(again)).toEqual([...facts, 'e1']);
}

async function countOperations(): Promise<number> {
  const disk = createSimulatedDisk();
  expect((await live(disk)).size).toBe(groups.flat().length);
  return disk.operations.length;
}

describe('the lowdb store after the power went', () => {
  for (const loss of losses) {
    it(`keeps what was acknowledged, with names ${loss.names} and bytes ${loss.bytes}`, async () => {
      const count = await countOperations();
      expect(count).toBeGreaterThan(80);
      for (let operation = 0; operation <= count; operation += 1) {
        await cutAndReturn(operation, loss);
      }
    });
  }

  it('returns from a cut in the middle of its return', async () => {
    const count = await countOperations();
    for (let first = 0; first <= count; first += 1) {
      const disk = createSimulatedDisk();
      disk.cutAt(first);
      const acknowledged = await live(disk);
      for (let second = first % 4; second < 25; second += 4) {
        const returning = disk.restart({ names: 'kept', bytes: 'half' });
        returning.cutAt(second);
        await open(returning).catch(() => undefined);
        const again = await open(returning.restart({ names: 'lost', bytes: 'half' }));
        expect(await readFactsOf(again)).toEqual(expect.arrayContaining([...acknowledged]));
      }
    }
  });
});

describe('a step of the lowdb store', () => {
  it('is synced in open.json first, then in the files that follow, and only then acknowledged', async () => {
    const disk = createSimulatedDisk();
    const store = await open(disk);
    const before = disk.operations.length;
    await store.commit([change({ id: 'a', isOpen: false })], [{ n: 1 }]);
    const step = disk.operations.slice(before);
    const written = ['open', 'write', 'write', 'sync'].map((what) => `${what} open.json.tmp`);
    expect(step.slice(0, 6)).toEqual([...written, 'rename open.json.tmp open.json', 'sync folder']);
    for (const name of ['audit.jsonl', 'closed.jsonl']) {
      const own = step.slice(6).filter((operation) => operation.endsWith(name));
      expect(own).toEqual(['open', 'write', 'write', 'sync'].map((what) => `${what} ${name}`));
    }
    expect(step.slice(6)).toContain('sync folder');
  });

  it('is written before the store is closed, and the lock let go of once, after it', async () => {
    const disk = createSimulatedDisk();
    const releasedAt: number[] = [];
    const lock = async () => async () => {
      releasedAt.push(disk.operations.length);
    };
    const store = await open({ ...disk, lock });
    const taken = Array.from({ length: 300 }, (_, n) =>
      store.commit([change({ id: `p${n}` })], []),
    );
    await Promise.all([store.close(), store.close()]);
    await Promise.all(taken);
    await store.close();
    expect(releasedAt).toEqual([disk.operations.length]);
  });
});
