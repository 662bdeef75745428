// The folder of the lowdb store: where it may be, who may read it, whose schema it has, and a clock
// that goes backwards.
import { chmod, rename, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { sha256 } from '../../src/store/chain.ts';
import { verifyChain } from '../../src/store/index.ts';
import type { Migration } from '../../src/store/lowdb/state.ts';
import { change, idsOf, put, readAll } from '../contracts/store-subject.ts';
import { createFakeClock } from '../support.ts';
import { createDataFolder, type DataFolder, writeHistory } from './data-folder.ts';

let folder: DataFolder;

beforeEach(async () => {
  folder = await createDataFolder();
});

afterEach(async () => {
  await folder.discard();
});

async function refusalOf(opening: Promise<unknown>): Promise<string> {
  const refused = await opening.catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreError);
  return String(refused);
}

describe('the folder of the lowdb store', () => {
  it('is made with all folders above it, and is for its owner only', async () => {
    const dataDir = folder.path('a/b/c');
    const store = await folder.open({ dataDir });
    await writeHistory(store);
    await store.close();
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    for (const name of ['open.json', 'open.json.bak', 'audit.jsonl', 'closed.jsonl']) {
      expect((await stat(`${dataDir}/${name}`)).mode & 0o777, name).toBe(0o600);
    }
  });

  it('is refused when it is a file', async () => {
    await writeFile(folder.path('file'), '');
    for (const name of ['file', 'file/below']) {
      const said = await refusalOf(folder.open({ dataDir: folder.path(name) }));
      expect(said).toContain(`cannot start with ${folder.path(name)}`);
      expect(said).toContain('is no folder. Set DATA_DIR to a folder.');
    }
  });

  it('is refused when Purser may not write to it', async () => {
    await chmod(folder.dataDir, 0o500);
    // Root may write anywhere.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) {
      await chmod(folder.dataDir, 0o555);
      process.seteuid?.(65_534);
    }
    try {
      const said = await refusalOf(folder.open());
      expect(said).toContain('Purser may not write to its data folder. Ask who runs Purser');
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(folder.dataDir, 0o700);
    }
  });

  it('tells who clicks when it is gone while Purser runs', async () => {
    const dataDir = folder.path('data');
    const store = await folder.open({ dataDir });
    await rename(dataDir, folder.path('elsewhere'));
    await expect(put(store, { id: 'a' })).rejects.toThrow(
      'The data folder of Purser is gone: nothing was changed. Ask who runs Purser to bring it back.',
    );
    await rename(folder.path('elsewhere'), dataDir);
    await put(store, { id: 'a' });
    await store.close();
  });
});

describe('a clock that goes backwards', () => {
  it('does no harm to order, versions or the chain', async () => {
    const clock = createFakeClock();
    let store = await folder.open({ clock });
    await put(store, { id: 'a' }, { id: 'b', isOpen: false });
    clock.advance(-86_400_000);
    await put(store, { id: 'c' }, { id: 'd', isOpen: false });
    await store.commit([change({ id: 'a', expectedVersion: 1, isOpen: false })], [{ n: 1 }]);
    clock.advance(-86_400_000);
    await store.commit([], [{ n: 2 }]);
    for (const _ of ['running', 'reopened']) {
      expect(idsOf(await store.listSince('payout', 0, 9))).toEqual(['b', 'a', 'd', 'c']);
      expect(await store.find('payout', 'a')).toMatchObject({ version: 2, isOpen: false });
      expect(await verifyChain(store.readAudit())).toMatchObject({ isIntact: true, count: 2 });
      await store.close();
      store = await folder.open({ clock });
    }
    await store.close();
  });
});

/** open.json as it would have been in the schema before the first: records by another name. */
function toSchema0(text: string): string {
  const { state } = JSON.parse(text) as { state: { records: unknown } };
  const { records, ...rest } = state;
  const older = JSON.stringify({ ...rest, payouts: records });
  return `{"schema":0,"sha256":"${sha256(older)}","state":${older}}\n`;
}

const fromSchema0: Migration = {
  from: 0,
  migrate(state) {
    const { payouts, ...rest } = state as { payouts: [] };
    return { ...rest, records: payouts };
  },
};

describe('the schema of the lowdb store', () => {
  beforeEach(async () => {
    const store = await folder.open();
    await writeHistory(store);
    await store.close();
  });

  it('is brought up from an older one, once, and the older file is kept', async () => {
    const older = toSchema0(await folder.read('open.json'));
    await folder.write('open.json', older);
    let migrated = 0;
    const counting: Migration = {
      from: 0,
      migrate(state) {
        migrated += 1;
        return fromSchema0.migrate(state);
      },
    };
    for (const n of [6, 7]) {
      const store = await folder.open({ migrations: [counting] });
      expect(await store.listOpen('payout')).toMatchObject([{ id: 'p1', value: { n: 1 } }]);
      expect(await store.listSince('payout', 0, 9)).toHaveLength(5);
      await store.commit([], [{ n }]);
      expect(await readAll(store)).toHaveLength(n);
      await store.close();
      expect(migrated).toBe(1);
      expect(await folder.read('open.schema-0.json')).toBe(older);
    }
  });

  it('is refused when it is older than anything this Purser knows', async () => {
    await folder.write('open.json', toSchema0(await folder.read('open.json')));
    const before = await folder.snapshot();
    expect(await refusalOf(folder.open())).toContain('open.json is damaged. Nothing was changed');
    expect(await folder.snapshot()).toEqual(before);
  });

  it('is refused when it is newer, and nothing is changed', async () => {
    const text = await folder.read('open.json');
    await folder.write('open.json', text.replace('"schema":1', '"schema":2'));
    const before = await folder.snapshot();
    const said = await refusalOf(folder.open());
    expect(said).toContain('written by a newer Purser (schema 2; this one knows 1)');
    expect(said).toContain('Start that version again');
    expect(await folder.snapshot()).toEqual(before);
  });
});
