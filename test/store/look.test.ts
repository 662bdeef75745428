// A look into a data folder sees what is there and who has it, and leaves no trace.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { lookIntoFolder, verifyChain } from '../../src/store/index.ts';
import { change } from '../contracts/store-subject.ts';
import { createDataFolder, type DataFolder, writeHistory } from './data-folder.ts';

let folder: DataFolder;
beforeEach(async () => {
  folder = await createDataFolder();
});
afterEach(async () => {
  await folder.discard();
});

const look = () => lookIntoFolder(folder);

async function writeAndClose(): Promise<void> {
  const store = await folder.open();
  await writeHistory(store);
  await store.close();
}

async function refusal(): Promise<string> {
  const refused = await look().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreError);
  return (refused as StoreError).message;
}

test('an empty folder, and one that is not there, have no books and nobody in them', async () => {
  expect(await look()).toEqual({ holder: undefined, books: undefined });
  expect(await readdir(folder.dataDir)).toEqual([]);
  const dataDir = folder.path('not-there');
  expect(await lookIntoFolder({ ...folder, dataDir })).toEqual({
    holder: undefined,
    books: undefined,
  });
});

test('what is kept is read, and nothing is changed', async () => {
  await writeAndClose();
  const before = await folder.snapshot();
  const locks = await readdir(folder.path('lock'));
  const { holder, books } = await look();
  expect(holder).toBeUndefined();
  const [kind = ''] = [change({ id: 'p1' }).kind];
  expect((await books?.listOpen(kind))?.map(({ id }) => id)).toEqual(['p1']);
  expect(await verifyChain(books?.readAudit() ?? [])).toMatchObject({ isIntact: true, count: 5 });
  expect(await folder.snapshot()).toEqual(before);
  expect(await readdir(folder.path('lock'))).toEqual(locks);
});

test('while a store is open its process is named, and its steps do not disturb', async () => {
  const store = await folder.open();
  await writeHistory(store);
  const { holder, books } = await look();
  expect(holder).toMatchObject({ pid: process.pid });
  await store.commit([change({ id: 'p6', isOpen: false })], [{ n: 6 }, { n: 7 }]);
  expect(await verifyChain(books?.readAudit() ?? [])).toMatchObject({ isIntact: true, count: 5 });
  const later = await look();
  expect(await verifyChain(later.books?.readAudit() ?? [])).toMatchObject({ count: 7 });
  await store.close();
  expect((await look()).holder).toBeUndefined();
});

test('an entry that was changed is found, wherever it stands', async () => {
  await writeAndClose();
  const text = await folder.read('audit.jsonl');
  await folder.write('audit.jsonl', text.replace('"n":3', '"n":8'));
  const { books } = await look();
  expect(await verifyChain(books?.readAudit() ?? [])).toMatchObject({
    isIntact: false,
    sequence: 3,
  });
  await rm(folder.path('audit.jsonl'));
  await mkdir(folder.path('audit.jsonl'));
  const verdict = await verifyChain((await look()).books?.readAudit() ?? []);
  expect(verdict).toMatchObject({ isIntact: false, reason: expect.stringContaining('EISDIR') });
});

test('damage, a newer Purser and lost files are told as the start tells them', async () => {
  await writeAndClose();
  const whole = await folder.read('open.json');
  await folder.spoil('open.json', 200);
  expect(await refusal()).toContain('open.json is damaged. Nothing was changed in it. Its copy');
  await folder.write('open.json', whole.replace('"schema":1', '"schema":2'));
  expect(await refusal()).toContain('written by a newer Purser (schema 2');
  await rm(folder.path('open.json'));
  expect(await refusal()).toContain('open.json is missing, but open.json.bak is there');
  await folder.write('open.json', whole);
  await folder.spoil('closed.jsonl', 30);
  expect(await refusal()).toMatch(/closed\.jsonl is damaged in line 1/);
});

test('a holder that cannot be asked is told, and a file in the place of the folder too', async () => {
  await writeAndClose();
  const held = {
    ...{ pid: 7, host: 'another', boot: '00000000-0000-0000-0000-000000000000' },
    ...{ since: '2026-11-27T00:00:00.000Z', socket: '00.sock', isReleased: false },
  };
  await writeFile(folder.path('lock/9.json'), JSON.stringify(held));
  expect(await refusal()).toContain('process 7 on another, since 2026-11-27');
  const dataDir = folder.path('open.json');
  await expect(lookIntoFolder({ ...folder, dataDir })).rejects.toThrow('is no folder');
});
