// Two that hold one data folder in spite of the lock: somebody removed the lock of one that lived, or
// took it for dead. Of what both try, one step at most is kept, and the other is told what to do.
import { EventEmitter, once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { verifyChain } from '../../src/store/index.ts';
import { diskFiles, type FileSystem } from '../../src/store/lowdb/files.ts';
import type { Store } from '../../src/store/types.ts';
import { change, countWins, put, readAll } from '../contracts/store-subject.ts';
import { createDataFolder, type DataFolder } from './data-folder.ts';
import { createFailingDisk } from './failing-disk.ts';
import { type StoreProcess, startStoreProcess } from './processes.ts';

let folder: DataFolder;
let running: StoreProcess[];

beforeEach(async () => {
  folder = await createDataFolder();
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((one) => one.kill()));
  await folder.discard();
});

/** The same disk, on which everybody gets the lock. */
const unlocked: FileSystem = { ...diskFiles, lock: async () => async () => {} };
const openUnlocked = () => folder.open({ files: unlocked });

/** The same, for a store that is held up when it is about to replace open.json. */
const beforeReplacing = (act: () => Promise<void>): FileSystem => ({
  ...unlocked,
  async rename(from, to) {
    if (to === folder.path('open.json')) await act();
    await unlocked.rename(from, to);
  },
});

const said =
  'Another process has written to the data folder of Purser: nothing was changed. Ask who runs Purser to stop every Purser that uses this folder, and then to start one: two at once could pay twice.';

const send = (store: Store, who: string) =>
  store.commit([change({ id: 'a', expectedVersion: 1, value: who })], [{ who }]);

async function refusalOf(step: Promise<unknown>): Promise<string> {
  const refused = await step.catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreError);
  return (refused as StoreError).message;
}

describe('two stores on one data folder', () => {
  it('let one of them take a step, whichever is first, and the other none after it', async () => {
    for (const isOlderFirst of [true, false]) {
      const older = await folder.open();
      await put(older, { id: `${isOlderFirst}` });
      await rm(folder.path('lock'), { recursive: true });
      const newer = await folder.open();
      const [first, second] = isOlderFirst ? [older, newer] : [newer, older];
      await put(first, { id: `${isOlderFirst}-first` });
      for (const id of ['x', 'y']) expect(await refusalOf(put(second, { id }))).toBe(said);
      await put(first, { id: `${isOlderFirst}-again` });
      await second.close();
      await first.close();
    }
    const store = await folder.open();
    const ids = (await store.listOpen('payout')).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(
      ['true', 'true-first', 'true-again', 'false', 'false-first', 'false-again'].toSorted(),
    );
    await store.close();
  });

  it('let one of them win when both take the same step at the same moment', async () => {
    for (let times = 0; times < 40; times += 1) {
      const dataDir = folder.path(`${times}`);
      const stores = [await folder.open({ dataDir, files: unlocked })];
      await Promise.all(stores.map((store) => put(store, { id: 'a' })));
      stores.push(await folder.open({ dataDir, files: unlocked }));
      const results = await Promise.allSettled(stores.map((store, n) => send(store, `${n}`)));
      expect(countWins(results)).toBe(1);
      const lost = results.find((result) => result.status === 'rejected');
      expect(lost?.reason).toMatchObject({ message: said });
      for (const store of stores) await store.close();
      const left = await folder.open({ dataDir });
      const winner = results.findIndex(({ status }) => status === 'fulfilled');
      expect(await left.find('payout', 'a')).toMatchObject({ version: 2, value: `${winner}` });
      expect((await readAll(left)).map(({ facts }) => facts['who'])).toEqual([`${winner}`]);
      await left.close();
    }
  });

  it('never have a step of theirs undone by the closing of the other', async () => {
    const older = await openUnlocked();
    await older.commit([change({ id: 'a', isOpen: false })], [{ n: 1 }]);
    const newer = await openUnlocked();
    await newer.commit([change({ id: 'b' })], [{ n: 2 }]);
    const before = await folder.snapshot();
    await older.close();
    expect(await folder.snapshot()).toEqual(before);
    await newer.close();
  });

  it('lose the step that was under way in one while the other opened and went on', async () => {
    let meanwhile = async () => {};
    const older = await folder.open({ files: beforeReplacing(() => meanwhile()) });
    await put(older, { id: 'a' });
    const newer: Store[] = [];
    meanwhile = async () => {
      const store = await openUnlocked();
      newer.push(store);
      await send(store, 'newer');
    };
    await expect(send(older, 'older')).rejects.toThrow(/^Another process has written/);
    meanwhile = async () => {};
    expect(await refusalOf(send(older, 'older'))).toBe(said);
    await older.close();
    for (const store of newer) {
      await put(store, { id: 'b' });
      await store.close();
    }
    expect(newer).toHaveLength(1);
    const left = await folder.open();
    expect((await readAll(left)).map(({ facts }) => facts['who'])).toEqual(['newer']);
    await left.close();
  });

  it('do not take the draft of the other for their own', async () => {
    let meanwhile = async () => {};
    const older = await folder.open({ files: beforeReplacing(() => meanwhile()) });
    await put(older, { id: 'a' });
    const signals = new EventEmitter();
    const goOn = once(signals, 'go on');
    let sending: Promise<string> | undefined;
    meanwhile = async () => {
      const newer = await folder.open({
        files: beforeReplacing(async () => {
          signals.emit('ready');
          await goOn;
        }),
      });
      const ready = once(signals, 'ready');
      sending = refusalOf(send(newer, 'newer')).finally(() => newer.close());
      await ready;
    };
    await expect(send(older, 'older')).rejects.toThrow(/^Another process has written/);
    signals.emit('go on');
    expect(await sending).toMatch(/^Another process has written/);
    await older.close();
    const left = await folder.open();
    expect(await left.find('payout', 'a')).toMatchObject({ version: 1 });
    await left.close();
  });

  it('say so too when one finds lines of the other where its own belong', async () => {
    const disk = createFailingDisk(unlocked);
    const older = await folder.open({ files: disk });
    // Six operations make the step itself; the files that follow come after.
    disk.failAt(6, { code: 'ENOSPC', when: 'before', lasts: 'on' });
    await older.commit([change({ id: 'a' })], [{ n: 1 }]);
    disk.heal();
    const newer = await openUnlocked();
    await newer.commit([], [{ n: 2 }]);
    expect(await refusalOf(older.commit([], [{ n: 3 }]))).toBe(said);
    await older.close();
    await newer.close();
  });

  it('go on with what a killed one left half made', async () => {
    await folder.write('open.json.tmp', '{"schema":1,"sha256":"');
    const store = await folder.open();
    await put(store, { id: 'a' });
    await store.close();
    expect(await readdir(folder.dataDir)).not.toContain('open.json.tmp');
  });

  it('refuse a step on an open.json that somebody put there, changed or took away', async () => {
    const store = await folder.open();
    await put(store, { id: 'a' });
    const older = await readFile(folder.path('open.json'));
    await put(store, { id: 'b' });
    const own = await readFile(folder.path('open.json'));
    await writeFile(folder.path('open.json'), older);
    expect(await refusalOf(put(store, { id: 'c' }))).toBe(said);
    await rm(folder.path('open.json'));
    expect(await refusalOf(put(store, { id: 'c' }))).toBe(said);
    await writeFile(folder.path('open.json'), own);
    await put(store, { id: 'c' });
    await store.close();
  });
});

describe('two processes on one data folder', () => {
  it('never both acknowledge a step, and lose none', { timeout: 60_000 }, async () => {
    for (let times = 0; times < 4; times += 1) {
      const first = start(20_000);
      expect(await first.next()).toBe('open');
      // Wherever it is in its steps, as a machine that was asleep, and taken for dead.
      for (let step = 0; step < 5 + times; step += 1) await first.next();
      first.child.kill('SIGSTOP');
      await rm(folder.path('lock'), { recursive: true });
      const second = start(20_000);
      expect(await second.next()).toBe('open');
      first.child.kill('SIGCONT');
      const ends = [first, second].map(async (one) => {
        for (let line = await one.next(); line !== undefined; line = await one.next()) {
          if (/^\w+Error: /.test(line)) return line;
        }
        return 'ended';
      });
      expect(await Promise.race(ends)).toMatch(
        /^(StoreError|InDoubtError): Another process has written to the data folder of Purser: /,
      );
      await Promise.all([first.kill(), second.kill()]);
      await proveOnce([first, second]);
    }
  });
});

function start(steps: number): StoreProcess {
  const started = startStoreProcess(folder.dataDir, steps);
  running.push(started);
  return started;
}

/** Both name their steps by the same rule, so a step that both took has one name. */
async function proveOnce(processes: readonly StoreProcess[]): Promise<void> {
  const taken = processes.flatMap(({ lines }) => lines.filter((line) => /^p\d+ /.test(line)));
  expect(taken.length).toBeGreaterThan(0);
  expect(new Set(taken).size).toBe(taken.length);
  const store = await folder.open();
  const entries = await readAll(store);
  expect(await verifyChain(entries)).toMatchObject({ isIntact: true });
  const steps = entries.map(({ facts }) => facts['step']);
  expect(new Set(steps).size).toBe(steps.length);
  expect(steps).toEqual(expect.arrayContaining(taken));
  await store.close();
}
