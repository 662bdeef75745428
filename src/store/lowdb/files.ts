// What the lowdb store needs of the disk, one system call an operation, so that a test can stop,
// fill or cut off the disk between any two of them. Nothing is durable before `sync` and, for names
// (a new file, a rename), before `syncFolder`.
// https://man7.org/linux/man-pages/man2/fsync.2.html (read 2026-11-20)
import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from './failures.ts';
import { lockFolder } from './lock.ts';

export interface OpenFile {
  size(): Promise<number>;
  /** Shorter than asked for at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  write(bytes: Buffer, position: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * - `read`, `update`: must exist · `new`: must not exist
 * - `replace`: emptied · `create`: as it is, made where missing
 */
export type OpenMode = 'read' | 'update' | 'new' | 'replace' | 'create';

export interface FileSystem {
  makeFolder(path: string): Promise<void>;
  /** Throws an error with code `ENOENT` where there is none, `EEXIST` where there must be none. */
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** The first bytes of a file; undefined where there is none. */
  readStart(path: string, length: number): Promise<Buffer | undefined>;
  /** The names in a folder; none where there is no such folder. */
  list(folder: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  /** No error where there is none. */
  remove(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** Gives the release. Throws `StoreError` when another process holds the folder. */
  lock(folder: string, nowMs: number): Promise<() => Promise<void>>;
}

const flags = { read: 'r', update: 'r+', new: 'wx+', replace: 'w+', create: 'a' } as const;

export const diskFiles: FileSystem = {
  async makeFolder(path) {
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    if (made === undefined) return;
    const top = dirname(resolve(made));
    let folder = resolve(path);
    do {
      folder = dirname(folder);
      await syncFolder(folder);
    } while (folder !== top);
  },
  async open(path, mode) {
    // 'a' would write at the end whatever the position, so it only makes the file.
    if (mode === 'create') await (await open(path, flags.create, 0o600)).close();
    return createOpenFile(await open(path, mode === 'create' ? flags.update : flags[mode], 0o600));
  },
  readStart: async (path, length) => readStartNow(path, length),
  async list(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder,
  lock: lockFolder,
};

function createOpenFile(handle: FileHandle): OpenFile {
  return {
    size: async () => (await handle.stat()).size,
    async read(position, length) {
      const bytes = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    async write(bytes, position) {
      // The kernel may take less than it is given, on a full disk above all.
      for (let done = 0; done < bytes.length; ) {
        const left = bytes.length - done;
        done += (await handle.write(bytes, done, left, position + done)).bytesWritten;
      }
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** Not asynchronous: every step does it twice, and it takes 4 µs so, and 100 µs by the thread pool. */
function readStartNow(path: string, length: number): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Reads a whole small file; undefined where there is none. */
export async function readIfThere(files: FileSystem, path: string): Promise<Buffer | undefined> {
  const file = await openIfThere(files, path, 'read');
  if (file === undefined) return undefined;
  return await closing(file, async () => await file.read(0, await file.size()));
}

export async function openIfThere(
  files: FileSystem,
  path: string,
  mode: 'read' | 'update',
): Promise<OpenFile | undefined> {
  try {
    return await files.open(path, mode);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function closing<T>(file: OpenFile, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    await file.close();
  }
}
