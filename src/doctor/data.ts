// Where Purser keeps what must not be lost: whether it can be read and written, is whole, has room, and
// who works with it now. Nothing is taken, made or brought up to date.
import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Finding } from '../bots/types.ts';
import { StoreError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Books, type FolderLook, lookIntoFolder } from '../store/index.ts';
import { fine, problem, unchecked, warning } from './findings.ts';

export interface DataLook {
  readonly findings: readonly Finding[];
  readonly books: Books | undefined;
  /** One works with it now. */
  readonly hasPurser: boolean;
}

export async function examineFolder(dataDir: string, log: Log): Promise<DataLook> {
  const what = 'DATA_DIR';
  const folder = resolve(dataDir);
  const found = await findExisting(folder);
  if (!(await isWritable(found))) {
    const text = `${folder} cannot be written by this user. Give it to the user that runs Purser, or set DATA_DIR to another folder.`;
    return blind(problem(what, text), 'the data folder must be right first');
  }
  const room = await examineRoom(found);
  if (found !== folder) {
    const findings = [fine(what, `${folder} is made at the first start.`), ...room];
    return { findings, books: undefined, hasPurser: false };
  }
  try {
    const look = await lookIntoFolder({ dataDir: folder, log });
    const { books, holder } = look;
    const findings = [fine(what, `${folder} ${describeUse(look)}`), ...room];
    return { findings, books, hasPurser: holder !== undefined };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return blind(problem(what, error.message), 'the data folder must be right first');
  }
}

/** Of what hangs on a store that cannot be read, nothing is known. */
export function blind(cause: Finding, why: string): DataLook {
  const rest = ['Audit log', 'Payouts'].map((what) => unchecked(what, why));
  return { findings: [cause, ...rest], books: undefined, hasPurser: false };
}

function describeUse({ holder, books }: FolderLook): string {
  const state = books === undefined ? 'is empty' : 'can be read and written';
  if (holder === undefined) return `${state}; no Purser uses it now.`;
  return `${state}; a running Purser uses it (process ${holder.pid}, since ${holder.since}).`;
}

/** Itself, or the nearest folder above it that is there: the rest is made in it. */
async function findExisting(path: string): Promise<string> {
  const above = dirname(path);
  if (above === path) return path;
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? path : findExisting(above);
}

async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    // A file in the place of a folder can be written to, and nothing can be made in it.
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

const megabyte = 1024 * 1024;
/** A payout takes some 10 KB over its life: a thousand of them, and room to notice. */
const roomMinBytes = 10 * megabyte;
const roomScarceBytes = 500 * megabyte;

async function examineRoom(path: string): Promise<Finding[]> {
  const disk = await statfs(path).catch(() => undefined);
  if (disk === undefined) return [];
  const bytes = disk.bavail * disk.bsize;
  const room = `${describeBytes(bytes)} free at ${path}`;
  const remedy =
    'Without room no payout can be requested or approved: free some, or move DATA_DIR.';
  if (bytes < roomMinBytes) return [problem('Disk', `Only ${room}. ${remedy}`)];
  if (bytes < roomScarceBytes) return [warning('Disk', `Only ${room}. ${remedy}`)];
  return [fine('Disk', `${room}.`)];
}

function describeBytes(bytes: number): string {
  const gigabytes = bytes / (1024 * megabyte);
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.floor(bytes / megabyte)} MB`;
}
