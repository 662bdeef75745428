// One process for one data folder: a second one is refused for as long as the first lives, and gets
// the folder at once when the first is dead, whatever it left behind.
import { once } from 'node:events';
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { diskFiles } from '../../src/store/lowdb/files.ts';
import { lockFolder } from '../../src/store/lowdb/lock.ts';
import { type Machine, readMachine } from '../../src/store/lowdb/machine.ts';
import { createDataFolder, type DataFolder } from './data-folder.ts';
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

function start(): StoreProcess {
  const started = startStoreProcess(folder.dataDir);
  running.push(started);
  return started;
}

async function refusalOf(opening: Promise<unknown>): Promise<string> {
  const refused = await opening.catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(StoreError);
  return String(refused);
}

async function openAndClose(): Promise<void> {
  await (await folder.open()).close();
}

/** Writes who is said to hold the folder. */
async function writeHolder(holder: object | string): Promise<void> {
  await mkdir(folder.path('lock'), { recursive: true });
  const text = typeof holder === 'string' ? holder : JSON.stringify(holder);
  await writeFile(join(folder.path('lock'), '1.json'), text);
}

const elsewhere = {
  pid: 1,
  host: 'another-machine',
  boot: '00000000-0000-0000-0000-000000000000',
  since: '2026-11-20T12:00:00.000Z',
  socket: '00ff.sock',
  isReleased: false,
};

/** This machine, after it was started again. */
const machine: Machine = {
  host: 'purser-0',
  boot: '11111111-1111-1111-1111-111111111111',
  id: 'the machine',
  isLocalDisk: async () => true,
};
/** Who had the folder on it before. */
const before = { ...elsewhere, host: 'purser-0', machine: 'the machine' };

async function openOn(parts: Partial<Machine>): Promise<void> {
  const here = Promise.resolve({ ...machine, ...parts });
  const files = { ...diskFiles, lock: (path: string, now: number) => lockFolder(path, now, here) };
  await (await folder.open({ files })).close();
}

describe('the lock of a data folder', () => {
  it('refuses a second process, which says who has the folder and what to do', async () => {
    const store = await folder.open();
    const second = start();
    expect(await second.next()).toMatch(
      `StoreError: ${folder.dataDir} is in use by another Purser: process ${process.pid} on ${hostname()}, since 2026-11-20T12:00:00.000Z. Stop that one first, or set DATA_DIR to another folder.`,
    );
    expect(await second.next()).toBeUndefined();
    expect(second.child.exitCode).toBe(1);
    expect(await store.listOpen('payout')).toEqual([]);
    await store.close();
    expect(await start().next()).toBe('open');
  });

  it('refuses a second store in the same process', async () => {
    const store = await folder.open();
    expect(await refusalOf(folder.open())).toContain('is in use by another Purser');
    await store.close();
    await openAndClose();
  });

  it('does not take a folder from a process that was only stopped for a while', async () => {
    const first = start();
    expect(await first.next()).toBe('open');
    first.child.kill('SIGSTOP');
    expect(await refusalOf(folder.open())).toContain(`process ${first.child.pid} on`);
    first.child.kill('SIGCONT');
  });

  it('takes the folder from a killed process at once', async () => {
    const first = start();
    expect(await first.next()).toBe('open');
    await refusalOf(folder.open());
    await first.kill();
    await openAndClose();
  });

  it('gives the folder to exactly one of four that start at one moment', async () => {
    const first = start();
    await first.next();
    await first.kill();
    const said = await Promise.all([start(), start(), start(), start()].map((one) => one.next()));
    expect(said.filter((line) => line === 'open')).toHaveLength(1);
    expect(said.filter((line) => line?.includes('in use by another Purser'))).toHaveLength(3);
  });

  it('gives the folder to exactly one of eight that reach for it at the same time', async () => {
    const opening = await Promise.allSettled(Array.from({ length: 8 }, () => folder.open()));
    const opened = opening.filter((result) => result.status === 'fulfilled');
    const refused = opening.filter((result) => result.status === 'rejected');
    expect(opened).toHaveLength(1);
    for (const { reason } of refused) expect(String(reason)).toContain('in use by another Purser');
    for (const { value } of opened) await value.close();
    await openAndClose();
  });

  it('leaves two small files behind, however often it was taken', async () => {
    for (let times = 0; times < 5; times += 1) await openAndClose();
    expect((await readdir(folder.path('lock'))).length).toBeLessThanOrEqual(2);
  });

  it('works in a folder whose path is longer than a socket may have', async () => {
    const dataDir = folder.path('d'.repeat(120));
    const store = await folder.open({ dataDir });
    expect(await refusalOf(folder.open({ dataDir }))).toContain('is in use');
    await store.close();
    await (await folder.open({ dataDir })).close();
  });

  it('does not take a folder from another machine, which it cannot ask', async () => {
    await writeHolder(elsewhere);
    const said = await refusalOf(folder.open());
    expect(said).toContain('process 1 on another-machine');
    expect(said).toContain(`remove the folder ${folder.path('lock')} and start again`);
  });

  it('takes the folder that another machine gave back', async () => {
    await writeHolder({ ...elsewhere, isReleased: true });
    await openAndClose();
  });

  it('takes the folder of a holder from before this machine was started again', async () => {
    await writeHolder(before);
    await openOn({});
  });

  it('does not take a folder for the name alone, which another machine may have too', async () => {
    const { machine: _, ...nameless } = before;
    for (const [holder, here] of [
      [nameless, {}],
      [before, { id: undefined }],
      [nameless, { id: undefined }],
      [{ ...before, machine: 'another machine of that name' }, {}],
      [{ ...before, host: 'purser-1' }, {}],
      // An image brings the same id to all its containers.
      [before, { isLocalDisk: async () => false }],
    ] as const) {
      await writeHolder(holder);
      const said = await refusalOf(openOn(here));
      expect(said).toContain(`process 1 on ${holder.host}`);
      expect(said).toContain('Stop Purser there. When it is certainly not running any more');
      expect(said).toContain(`remove the folder ${folder.path('lock')} and start again`);
      await rm(folder.path('lock'), { recursive: true });
      await openOn(here);
    }
  });

  it('does not take the folder of a process that answers, whatever its lock says', async () => {
    const first = start();
    expect(await first.next()).toBe('open');
    const written: object = JSON.parse(await readFile(folder.path('lock/1.json'), 'utf8'));
    await writeHolder({ ...written, host: machine.host, boot: before.boot, machine: machine.id });
    expect(await refusalOf(openOn({}))).toContain('Stop that one first');
    await first.kill();
    await openOn({});
  });

  it('is not let go of by a process whose lock was removed and taken by another', async () => {
    const first = await folder.open();
    await rm(folder.path('lock'), { recursive: true });
    const second = await folder.open();
    await first.close();
    const { isReleased } = JSON.parse(await folder.read('lock/1.json')) as typeof elsewhere;
    expect(isReleased).toBe(false);
    expect(await refusalOf(folder.open())).toContain('in use by another Purser');
    await second.close();
    expect(await readdir(folder.path('lock'))).toEqual(['1.json']);
    await openAndClose();
  });

  it('refuses when it cannot understand who holds the folder', async () => {
    for (const text of ['', '{"pid":1', JSON.stringify({ ...elsewhere, socket: '../x.sock' })]) {
      await writeHolder(text);
      const said = await refusalOf(folder.open());
      expect(said).toContain('cannot be understood');
      expect(said).toContain(`remove the folder ${folder.path('lock')}`);
      expect(await readFile(join(folder.path('lock'), '1.json'), 'utf8')).toBe(text);
    }
  });

  it('is let go of when the store cannot be opened', async () => {
    await folder.write('open.json', 'x');
    expect(await refusalOf(folder.open())).toContain('is damaged');
    const child = start();
    expect(await child.next()).toContain('is damaged');
    if (child.child.exitCode === null) await once(child.child, 'exit');
    expect(await refusalOf(folder.open())).toContain('is damaged');
  });
});

describe('the machine of a lock', () => {
  it('is the same for all processes, and is written without its own id', async () => {
    const read = await readMachine();
    expect(await readMachine()).toMatchObject({ host: hostname(), boot: read.boot, id: read.id });
    const first = start();
    expect(await first.next()).toBe('open');
    const text = await folder.read('lock/1.json');
    expect(JSON.parse(text)).toMatchObject({ host: hostname(), boot: read.boot });
    expect((JSON.parse(text) as { machine?: string }).machine).toBe(read.id);
    const id = await readFile('/etc/machine-id', 'utf8').catch(() => '');
    if (id.trim() !== '') expect(text).not.toContain(id.trim());
  });

  it('does not take a file system for a local disk that is none', async () => {
    const { isLocalDisk } = await readMachine();
    for (const path of ['/proc', '/dev/shm', '/sys']) {
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (isThere) expect(await isLocalDisk(path), path).toBe(false);
    }
  });
});
