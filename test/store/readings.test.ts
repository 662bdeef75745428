// The history of balances in the data folder, when Purser is killed or the power goes between any two
// operations of the disk: half a line costs that line, and thinning costs nothing.
import { describe, expect, it } from 'vitest';
import { openLowdbStore } from '../../src/store/index.ts';
import type { FileSystem } from '../../src/store/lowdb/files.ts';
import type { Reading, Store } from '../../src/store/types.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { createDataFolder } from './data-folder.ts';
import { createSimulatedDisk, killed, losses } from './simulated-disk.ts';

const day = 86_400_000;
const firstMs = Date.parse('2026-08-20T12:00:00Z');

const open = (files: FileSystem, nowMs: number) =>
  openLowdbStore({
    dataDir: '/data',
    clock: createFakeClock(nowMs),
    log: createRecordingLog(),
    files,
  });

const readingOf = (atMs: number, available: string): Reading => ({
  provider: 'payermax',
  account: 'main',
  currency: 'USD',
  atMs,
  amounts: { available },
});

async function readAmounts(store: Store, each: 'reading' | 'day'): Promise<unknown[]> {
  const amounts: unknown[] = [];
  for await (const one of store.readReadings({ sinceMs: 0, each })) {
    amounts.push(one.amounts['available']);
  }
  return amounts;
}

/** Two readings on the first day, one on the next, and one when the first day is thinned. */
const moments = [
  { atMs: firstMs, amount: '1' },
  { atMs: firstMs + 1, amount: '2' },
  { atMs: firstMs + day, amount: '3' },
  { atMs: firstMs + 91 * day, amount: '4' },
];

async function live(disk: FileSystem): Promise<number> {
  let done = 0;
  for (const { atMs, amount } of moments) {
    try {
      const store = await open(disk, atMs);
      await store.appendReadings([readingOf(atMs, amount)]);
      done += 1;
      await store.close();
    } catch {
      return done;
    }
  }
  return done;
}

describe('the history of balances', () => {
  it('has everything that was kept after a kill between any two operations', async () => {
    const whole = createSimulatedDisk();
    expect(await live(whole)).toBe(4);
    expect(whole.operations).toContain('remove 2026-08-20.jsonl');
    for (let operation = 0; operation <= whole.operations.length; operation += 1) {
      const disk = createSimulatedDisk();
      disk.cutAt(operation);
      const done = await live(disk);
      const store = await open(disk.restart(killed), firstMs + 92 * day);
      const kept = moments.slice(0, done).map(({ amount }) => amount);
      expect(await readAmounts(store, 'reading')).toEqual(
        expect.arrayContaining(kept.slice(done === 4 ? 1 : 0)),
      );
      await store.appendReadings([readingOf(firstMs + 92 * day, '5')]);
      const days = await readAmounts(store, 'day');
      expect(days).toEqual(expect.arrayContaining(done > 1 ? ['2', '5'] : ['5']));
      if (done > 1) expect(await readAmounts(store, 'reading')).not.toContain('1');
    }
  });

  it('keeps the last reading of a day that is over, whatever a power cut takes', async () => {
    const whole = createSimulatedDisk();
    await live(whole);
    const written = whole.operations.indexOf('sync daily-2026-08.jsonl');
    const synced = whole.operations.indexOf('sync folder', written);
    expect(synced).toBeLessThan(whole.operations.indexOf('remove 2026-08-20.jsonl'));
    for (const loss of losses) {
      for (let operation = 0; operation <= whole.operations.length; operation += 1) {
        const disk = createSimulatedDisk();
        disk.cutAt(operation);
        await live(disk);
        const store = await open(disk.restart(loss), firstMs + 92 * day);
        if (operation > synced) expect(await readAmounts(store, 'day')).toContain('2');
        await store.appendReadings([readingOf(firstMs + 92 * day, '5')]);
        expect(await readAmounts(store, 'day')).toContain('5');
      }
    }
  });

  it('leaves out lines that cannot be read, and begins a new one after half a line', async () => {
    const folder = await createDataFolder();
    const store = await folder.open();
    const now = createFakeClock().now();
    await store.appendReadings([readingOf(now, '1')]);
    await store.appendReadings([readingOf(now + 1, '2')]);
    const name = 'balances/2026-11-20.jsonl';
    await folder.shorten(name, 10);
    await store.appendReadings([readingOf(now + 2, '3')]);
    await folder.append(name, '\0\0\0\0\n[{"provider":1}]\nnull\n');
    await store.appendReadings([readingOf(now + 3, '4')]);
    expect(await readAmounts(store, 'reading')).toEqual(['1', '3', '4']);
    await store.close();
    await folder.discard();
  });
});
