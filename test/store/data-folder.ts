// A data folder on the real disk with some history in it, and ways to damage it.
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LowdbStoreConfig, openLowdbStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { change } from '../contracts/store-subject.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';

export interface DataFolder {
  readonly dataDir: string;
  readonly log: ReturnType<typeof createRecordingLog>;
  open(config?: Partial<LowdbStoreConfig>): Promise<Store>;
  path(name: string): string;
  read(name: string): Promise<string>;
  write(name: string, text: string): Promise<void>;
  append(name: string, text: string): Promise<void>;
  /** Takes bytes away from the end. */
  shorten(name: string, bytes: number): Promise<void>;
  /** Turns one bit of that byte; from the end when negative. */
  spoil(name: string, position: number): Promise<void>;
  /** All bytes of all files but the lock's, to see that a refusal changed none. */
  snapshot(): Promise<Readonly<Record<string, string>>>;
  discard(): Promise<void>;
}

export async function createDataFolder(): Promise<DataFolder> {
  const dataDir = await mkdtemp(join(tmpdir(), 'purser-data-'));
  const log = createRecordingLog();
  const clock = createFakeClock();
  const path = (name: string) => join(dataDir, name);
  return {
    dataDir,
    log,
    open: (config) => openLowdbStore({ dataDir, clock, log, ...config }),
    path,
    read: (name) => readFile(path(name), 'utf8'),
    write: (name, text) => writeFile(path(name), text),
    append: (name, text) => appendFile(path(name), text),
    async shorten(name, bytes) {
      const { length } = await readFile(path(name));
      await truncate(path(name), length - bytes);
    },
    async spoil(name, position) {
      const bytes = await readFile(path(name));
      const at = position < 0 ? bytes.length + position : position;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      await writeFile(path(name), bytes);
    },
    async snapshot() {
      const names = (await readdir(dataDir)).filter((name) => name !== 'lock');
      const texts = await Promise.all(names.map((name) => readFile(path(name), 'latin1')));
      return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
    },
    discard: () => rm(dataDir, { recursive: true }),
  };
}

/** Steps 1 to 5: p1 is open, p2 to p5 are closed. */
export async function writeHistory(store: Store): Promise<void> {
  for (const n of [1, 2, 3, 4, 5]) {
    const paid = change({ id: `p${n}`, isOpen: n === 1, key: `PUR-${n}`, value: { n } });
    await store.commit([paid], [{ n }]);
  }
}
