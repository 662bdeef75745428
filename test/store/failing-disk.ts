// A disk that fails when it is told to: before an operation, after it, or in the middle of a write;
// once, or until it is healed. Only what changes something fails: a full disk can still be read.
import type { FileSystem } from '../../src/store/lowdb/files.ts';

export interface Failure {
  readonly code: 'ENOSPC' | 'EIO' | 'EACCES' | 'EROFS';
  /** `after`: what was asked has happened all the same. `halfway`: half of a write has. */
  readonly when: 'before' | 'halfway' | 'after';
  readonly lasts: 'once' | 'on';
}

export interface FailingDisk extends FileSystem {
  /** How many operations have changed something. */
  readonly count: number;
  /** From the operation of that number on, counted from now. */
  failAt(operation: number, failure: Failure): void;
  heal(): void;
}

export function createFailingDisk(files: FileSystem): FailingDisk {
  let count = 0;
  let failing: { at: number; failure: Failure } | undefined;

  const attempt = async <T>(act: () => Promise<T>, actHalf?: () => Promise<void>): Promise<T> => {
    const number = count;
    count += 1;
    if (failing === undefined || number < failing.at) return await act();
    const { code, when, lasts } = failing.failure;
    if (lasts === 'once') failing = undefined;
    if (when === 'after') await act();
    if (when === 'halfway') await actHalf?.();
    throw Object.assign(new Error(`${code}: simulated`), { code });
  };

  return {
    get count() {
      return count;
    },
    failAt(operation, failure) {
      failing = { at: count + operation, failure };
    },
    heal() {
      failing = undefined;
    },
    makeFolder: (path) => attempt(() => files.makeFolder(path)),
    async open(path, mode) {
      const file =
        mode === 'read'
          ? await files.open(path, mode)
          : await attempt(() => files.open(path, mode));
      return {
        size: file.size,
        read: file.read,
        close: file.close,
        write: (bytes, position) =>
          attempt(
            () => file.write(bytes, position),
            () => file.write(bytes.subarray(0, bytes.length >> 1), position),
          ),
        sync: () => attempt(() => file.sync()),
      };
    },
    readStart: (path, length) => files.readStart(path, length),
    list: (folder) => files.list(folder),
    rename: (from, to) => attempt(() => files.rename(from, to)),
    remove: (path) => attempt(() => files.remove(path)),
    syncFolder: (path) => attempt(() => files.syncFolder(path)),
    lock: (folder, nowMs) => files.lock(folder, nowMs),
  };
}
