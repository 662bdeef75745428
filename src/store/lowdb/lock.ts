// One process for one data folder. The holder listens on a Unix socket in it, so the kernel itself
// says whether the holder lives: a dead one refuses the connection at once, and there is no age of
// a file to wait for. A pid proves nothing, because in a container it is always 1 and the other
// container's processes cannot be seen; an abstract socket ends at the network namespace; flock is
// not in Node. A socket in the folder works wherever the folder is seen on one kernel. A holder on
// another kernel cannot be asked: only a person can say that it is gone, unless this machine had the
// folder and was started again, which takes more proof than a host name (see machine.ts).
//
// Files `lock/<n>.json` name the holders in turn; only the highest counts, and it is never removed.
// Number n+1 is taken by link(), which only one of several starters can do, and only after the
// holder of n was seen dead; a socket listens before its number is taken, so dead stays dead. Who
// then finds a higher number came late (its own number had been tidied away) and steps back.
import { randomBytes } from 'node:crypto';
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
} from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { StoreError } from '../../errors.ts';
import { codeOf } from './failures.ts';
import { type Machine, readMachine } from './machine.ts';

const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  boot: z.string(),
  machine: z.string().exactOptional(),
  since: z.string(),
  socket: z.string().regex(/^[0-9a-f]+\.sock$/),
  isReleased: z.boolean(),
});
type Holder = z.infer<typeof holderSchema>;

/** Starters that meet at one moment; each turn one of them wins. */
const turnsMax = 100;

/** Gives the release. Throws `StoreError` when another process holds the folder. */
export async function lockFolder(
  dataDir: string,
  nowMs: number,
  reading: Promise<Machine> = readMachine(),
): Promise<() => Promise<void>> {
  const machine = await reading;
  const folder = join(dataDir, 'lock');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(folder, 'r');
  const id = randomBytes(8).toString('hex');
  const own: Holder = {
    pid: process.pid,
    host: machine.host,
    boot: machine.boot,
    ...(machine.id === undefined ? {} : { machine: machine.id }),
    since: new Date(nowMs).toISOString(),
    socket: `${id}.sock`,
    isReleased: false,
  };
  const draft = join(folder, `${id}.json`);
  let server: Server | undefined;
  const letGo = async () => {
    await closeServer(server);
    await rm(draft, { force: true });
    await handle.close();
  };
  try {
    server = await listen(socketPath(folder, handle, own.socket));
    await writeHolder(draft, own);
    const number = await takeNumber({ dataDir, folder, handle, machine, draft });
    return async () => {
      try {
        // Somebody removed the folder of the lock, and another has the number now.
        if ((await readHolder(folder, number))?.socket !== own.socket) return;
        // For other machines, which cannot ask the socket.
        await writeHolder(draft, { ...own, isReleased: true });
        await rename(draft, join(folder, `${number}.json`));
      } finally {
        await letGo();
      }
    };
  } catch (error) {
    await letGo();
    throw error;
  }
}

interface Taking {
  readonly dataDir: string;
  readonly folder: string;
  readonly handle: FileHandle;
  readonly machine: Machine;
  readonly draft: string;
}

async function takeNumber(taking: Taking): Promise<number> {
  const { folder, draft } = taking;
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const last = Math.max(0, ...(await listNumbers(folder)));
    if (last > 0) await refuseIfHeld(taking, last);
    const number = last + 1;
    const path = join(folder, `${number}.json`);
    try {
      await link(draft, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue;
      throw error;
    }
    const numbers = await listNumbers(folder);
    if (Math.max(...numbers) === number) {
      await tidy(taking, numbers);
      return number;
    }
    await rm(path, { force: true });
  }
  throw new StoreError(
    `Many processes are starting with ${taking.dataDir} at once: start Purser once.`,
  );
}

async function refuseIfHeld(taking: Taking, number: number): Promise<void> {
  const holder = await judgeHolder(taking, number);
  if (holder === undefined) return;
  throw new StoreError(
    `${describeHolder(taking.dataDir, holder)} Stop that one first, or set DATA_DIR to another folder.`,
  );
}

function describeHolder(dataDir: string, { pid, host, since }: Holder): string {
  return `${dataDir} is in use by another Purser: process ${pid} on ${host}, since ${since}.`;
}

/** Who has the folder now, without taking it. Throws `StoreError` where that cannot be known. */
export async function findHolder(
  dataDir: string,
  reading: Promise<Machine> = readMachine(),
): Promise<{ readonly pid: number; readonly host: string; readonly since: string } | undefined> {
  const machine = await reading;
  const folder = join(dataDir, 'lock');
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const last = Math.max(0, ...(await listNumbers(folder)));
    return last === 0 ? undefined : await judgeHolder({ dataDir, folder, handle, machine }, last);
  } finally {
    await handle.close();
  }
}

/** The holder when it lives, undefined when it does not. Throws where only a person can say. */
async function judgeHolder(
  { folder, handle, machine, dataDir }: Omit<Taking, 'draft'>,
  number: number,
): Promise<Holder | undefined> {
  const holder = await readHolder(folder, number);
  // Removed a moment ago, because a higher number has been taken: the next turn sees that one.
  if (holder === undefined || holder.isReleased) return undefined;
  // Who answers lives, whatever machine it names.
  if (await isListening(socketPath(folder, handle, holder.socket))) return holder;
  if (holder.boot === machine.boot || (await wasHere(holder, machine, folder))) return undefined;
  throw new StoreError(
    `${describeHolder(dataDir, holder)} That is another machine, which cannot be asked from here, or this one before it was started again, which cannot be proven. Stop Purser there. When it is certainly not running any more (the process has ended, the container is gone, or the machine is off), remove the folder ${folder} and start again. Two that run at once could pay twice.`,
  );
}

/** This machine was started again since: nothing of before is alive. */
async function wasHere(holder: Holder, machine: Machine, folder: string): Promise<boolean> {
  return (
    holder.host === machine.host &&
    holder.machine !== undefined &&
    holder.machine === machine.id &&
    (await machine.isLocalDisk(folder))
  );
}

/** Synced before it gets its number: after a power cut there is no half a holder. */
async function writeHolder(path: string, holder: Holder): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(holder));
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readHolder(folder: string, number: number): Promise<Holder | undefined> {
  const path = join(folder, `${number}.json`);
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    if (codeOf(cause) !== undefined) throw cause;
    throw new StoreError(
      `${path} cannot be understood, so it is unknown whether another Purser uses this folder. When none does, remove the folder ${folder} and start again.`,
      { cause },
    );
  }
}

async function listNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => /^\d{1,15}\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10));
}

/** A late starter that still listens keeps its socket: without it, it would look dead. */
async function tidy(taking: Taking, numbers: readonly number[]): Promise<void> {
  const { folder, handle } = taking;
  for (const number of numbers.toSorted((a, b) => a - b).slice(0, -1)) {
    const socket = (await readHolder(folder, number))?.socket;
    await rm(join(folder, `${number}.json`), { force: true });
    if (socket === undefined || (await isListening(socketPath(folder, handle, socket)))) continue;
    await rm(join(folder, socket), { force: true });
  }
}

/** A socket's path has room for 107 bytes, 103 on macOS; a folder's may be far longer. */
const socketPathBytesMax = 100;

function socketPath(folder: string, handle: FileHandle, name: string): string {
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= socketPathBytesMax) return path;
  if (process.platform === 'linux') return `/proc/self/fd/${handle.fd}/${name}`;
  throw new StoreError(`The path ${folder} is too long here: set DATA_DIR to a shorter one.`);
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return server.unref();
}

/** Answered by the kernel: a holder that is busy or stopped is alive. Any doubt counts as alive. */
async function isListening(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = createConnection(path);
    const settle = (isAlive: boolean) => {
      socket.destroy();
      resolve(isAlive);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', (error) => {
      settle(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error) ?? ''));
    });
  });
}

async function closeServer(server: Server | undefined): Promise<void> {
  if (server === undefined) return;
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
