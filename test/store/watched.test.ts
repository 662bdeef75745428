// That Purser is not called ready while nothing can be written down, and that it recovers by itself.
import { rename } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { ConflictError, StoreError, StoreFullError } from '../../src/errors.ts';
import { openPostgresStore, watchStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { change } from '../contracts/store-subject.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { createDataFolder } from './data-folder.ts';
import { createReferenceStore, type ReferenceData } from './reference-store.ts';
import { openTestDatabase } from './test-database.ts';

const noWrites = 'The store takes no writes.';

function openWatched() {
  const clock = createFakeClock();
  const data: ReferenceData = { records: [], entries: [], readings: [] };
  const bare = createReferenceStore({ data, clock, openMax: 9 });
  let failure: Error | undefined;
  let commits = 0;
  const failing = async () => {
    if (failure !== undefined) throw failure;
  };
  const { store, look } = watchStore(
    {
      ...bare,
      async commit(changes, audit) {
        commits += 1;
        await failing();
        await bare.commit(changes, audit);
      },
      async claim(names) {
        await failing();
        return await bare.claim(names);
      },
      async recall(name) {
        if (failure?.message === 'a standby') throw failure;
        return await bare.recall(name);
      },
    },
    clock,
  );
  return {
    ...{ clock, data, store, look, countCommits: () => commits },
    fail: (error: Error | undefined) => {
      failure = error;
    },
  };
}

const write = (store: Store, id: string) => store.commit([change({ id })], []);

describe('a store that takes no writes', () => {
  it('is told after a write has failed, until one succeeds', async () => {
    const { clock, store, look, fail } = openWatched();
    expect(await look()).toBeUndefined();
    fail(new StoreError('The disk is full'));
    await expect(write(store, 'a')).rejects.toThrow('full');
    expect(await look()).toBe(noWrites);
    await store.commit([], []).catch(() => undefined);
    clock.advance(60_000);
    expect(await look()).toBe(noWrites);
    fail(undefined);
    await write(store, 'b');
    expect(await look()).toBeUndefined();
  });

  it('is tried by itself, at most every five seconds and once at a time, only while it fails', async () => {
    const { clock, data, store, look, fail, countCommits } = openWatched();
    await look();
    expect(countCommits()).toBe(0);
    fail(new StoreError('The disk is full'));
    await expect(store.claim(['x'])).rejects.toThrow('full');
    await Promise.all([look(), look(), look()]);
    expect(countCommits()).toBe(1);
    fail(undefined);
    clock.advance(4_999);
    expect(await look()).toBe(noWrites);
    expect(await store.claim(['x'])).toEqual(['x']);
    expect(await look()).toBe(noWrites);
    clock.advance(1);
    expect(await look()).toBeUndefined();
    clock.advance(60_000);
    expect(await look()).toBeUndefined();
    expect(countCommits()).toBe(2);
    // Again, over the record of the last time.
    fail(new StoreError('The disk is full'));
    await expect(write(store, 'a')).rejects.toThrow('full');
    fail(undefined);
    expect(await look()).toBeUndefined();
    expect(data.records).toMatchObject([{ kind: 'write-probe', version: 2, isOpen: false }]);
    expect(data.entries).toEqual([]);
  });

  it('is not one that says no for a reason', async () => {
    const { store, look, fail } = openWatched();
    for (const error of [new ConflictError('taken'), new StoreFullError('enough')]) {
      fail(error);
      await expect(write(store, 'a')).rejects.toBe(error);
      expect(await look()).toBeUndefined();
    }
  });

  it('is one that only reads too: a standby has no memory of the replicas', async () => {
    const { look, fail } = openWatched();
    fail(new StoreError('a standby'));
    await expect(look()).rejects.toThrow('a standby');
  });

  it('is a data folder that is gone, although it answers from memory', async () => {
    const folder = await createDataFolder();
    onTestFinished(() => folder.discard());
    const clock = createFakeClock();
    const { store, look } = watchStore(await folder.open(), clock);
    onTestFinished(() => store.close());
    await write(store, 'a');
    await rename(folder.dataDir, `${folder.dataDir}-away`);
    await expect(write(store, 'b')).rejects.toThrow('gone');
    expect(await store.find('payout', 'a')).toBeDefined();
    expect(await look()).toBe(noWrites);
    await rename(`${folder.dataDir}-away`, folder.dataDir);
    clock.advance(5_000);
    expect(await look()).toBeUndefined();
    await write(store, 'b');
  });

  it('is a database that reads and does not write', async () => {
    const database = await openTestDatabase();
    onTestFinished(() => database.stop());
    const clock = createFakeClock();
    const log = createRecordingLog();
    const opened = await openPostgresStore({ url: database.url, clock: systemClock, log });
    onTestFinished(() => opened.close());
    const { store, look } = watchStore(opened, clock);
    expect(await look()).toBeUndefined();
    await database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN RAISE EXCEPTION ''the disk is full''; END';
      CREATE TRIGGER refuse BEFORE INSERT ON purser_records
        FOR EACH STATEMENT EXECUTE FUNCTION refuse()`);
    await expect(write(store, 'a')).rejects.toThrow('the disk is full');
    expect(await look()).toBe(noWrites);
    await database.query('DROP TRIGGER refuse ON purser_records');
    clock.advance(5_000);
    expect(await look()).toBeUndefined();
  });
});
