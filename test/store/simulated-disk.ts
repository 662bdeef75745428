// A disk in memory that forgets as badly as POSIX lets a disk forget: bytes are safe after fsync of
// their file, names (a new file, a rename, a removal) after fsync of their folder, and what was not
// synced may be there after a power cut, or not, or half. The power can go before any operation, and
// in the middle of a write. https://man7.org/linux/man-pages/man2/fsync.2.html (read 2026-11-21)
import { basename, dirname } from 'node:path';
import type { FileSystem, OpenFile } from '../../src/store/lowdb/files.ts';

/** What a cut leaves of the names and the bytes that were not synced. */
export interface Loss {
  readonly names: 'lost' | 'kept';
  /** `zeros`: the file has its new length, and nothing in it. */
  readonly bytes: 'lost' | 'kept' | 'half' | 'zeros';
}

export const losses: readonly Loss[] = (['lost', 'kept'] as const).flatMap((names) =>
  (['lost', 'kept', 'half', 'zeros'] as const).map((bytes) => ({ names, bytes })),
);

/** Nothing is lost when only the process ends: the kernel goes on. */
export const killed: Loss = { names: 'kept', bytes: 'kept' };

interface Content {
  synced: Buffer;
  seen: Buffer;
}

export interface SimulatedDisk extends FileSystem {
  /** Every operation that changes something, in order: `write open.json.tmp`, `sync folder`. */
  readonly operations: readonly string[];
  /** The power goes before the operation of that number, from 0. */
  cutAt(operation: number): void;
  /** The same disk after the power came back, or after the process was killed. */
  restart(loss: Loss): SimulatedDisk;
}

export function createSimulatedDisk(
  contents: ReadonlyMap<string, Buffer> = new Map(),
): SimulatedDisk {
  const seenNames = new Map<string, Content>();
  for (const [path, bytes] of contents) seenNames.set(path, { synced: bytes, seen: bytes });
  let syncedNames = new Map(seenNames);
  const operations: string[] = [];
  let cut = Number.POSITIVE_INFINITY;

  const refuseDark = () => {
    if (operations.length >= cut) throw new Error('the power is off');
  };
  /** An operation takes its time: others come in between. */
  const change = async (operation: string, act: () => void) => {
    await null;
    refuseDark();
    operations.push(operation);
    act();
  };
  const openFile = (path: string, content: Content): OpenFile => {
    const name = basename(path);
    const put = (bytes: Buffer, position: number) => {
      const size = Math.max(content.seen.length, position + bytes.length);
      const grown = Buffer.concat([content.seen], size);
      bytes.copy(grown, position);
      content.seen = grown;
    };
    return {
      size: async () => content.seen.length,
      read: async (position, length) => {
        refuseDark();
        return Buffer.from(content.seen.subarray(position, position + length));
      },
      async write(bytes, position) {
        const half = bytes.length >> 1;
        await change(`write ${name}`, () => put(bytes.subarray(0, half), position));
        await change(`write ${name}`, () => put(bytes.subarray(half), position + half));
      },
      sync: () =>
        change(`sync ${name}`, () => {
          content.synced = content.seen;
        }),
      async close() {},
    };
  };

  return {
    operations,
    async makeFolder() {},
    async open(path, mode) {
      const known = seenNames.get(path);
      if (known === undefined && (mode === 'read' || mode === 'update')) {
        throw Object.assign(new Error(`no file ${path}`), { code: 'ENOENT' });
      }
      if (known !== undefined && mode === 'new') {
        throw Object.assign(new Error(`a file ${path}`), { code: 'EEXIST' });
      }
      const content = known ?? { synced: Buffer.alloc(0), seen: Buffer.alloc(0) };
      if (known === undefined || mode === 'replace') {
        await change(`open ${basename(path)}`, () => {
          content.seen = Buffer.alloc(0);
          seenNames.set(path, content);
        });
      }
      return openFile(path, content);
    },
    async readStart(path, length) {
      refuseDark();
      return seenNames.get(path)?.seen.subarray(0, length);
    },
    list: async (folder) =>
      [...seenNames.keys()]
        .filter((path) => dirname(path) === folder)
        .map((path) => basename(path)),
    rename: (from, to) =>
      change(`rename ${basename(from)} ${basename(to)}`, () => {
        const content = seenNames.get(from);
        if (content === undefined) throw Object.assign(new Error(from), { code: 'ENOENT' });
        seenNames.delete(from);
        seenNames.set(to, content);
      }),
    remove: (path) =>
      change(`remove ${basename(path)}`, () => {
        seenNames.delete(path);
      }),
    syncFolder: () =>
      change('sync folder', () => {
        syncedNames = new Map(seenNames);
      }),
    lock: async () => async () => {},
    cutAt(operation) {
      cut = operation;
    },
    restart(loss) {
      const names = loss.names === 'kept' ? seenNames : syncedNames;
      return createSimulatedDisk(
        new Map([...names].map(([path, content]) => [path, leftOf(content, loss)])),
      );
    },
  };
}

function leftOf({ synced, seen }: Content, { bytes }: Loss): Buffer {
  if (bytes === 'lost') return synced;
  if (bytes === 'kept') return seen;
  if (seen.equals(synced)) return synced;
  if (bytes === 'half') return seen.subarray(0, (synced.length + seen.length) >> 1);
  const same = seen.subarray(0, Math.min(synced.length, seen.length));
  return Buffer.concat([same], seen.length);
}
