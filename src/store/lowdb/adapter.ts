// The adapter with which lowdb keeps open.json. A write is the commit point of the whole store:
// a temporary file, fsync, rename, fsync of the folder. lowdb's own writer renames without fsync.
// https://github.com/typicode/lowdb#adapters (read 2026-11-20)
import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import { InDoubtError } from './failures.ts';
import { closing, type FileSystem, readIfThere } from './files.ts';
import { decodeState, encodeState, type Migration, type OpenState } from './state.ts';

export interface OpenFileAdapter extends Adapter<OpenState> {
  /** What open.json was written in; undefined where there was none to read. */
  readonly schema: number | undefined;
  /** Null before the first write. Throws what `decodeState` throws. */
  read(): Promise<OpenState | null>;
  /** On a throw nothing was changed, unless it is an `InDoubtError`. */
  write(state: OpenState): Promise<void>;
  /**
   * Makes open.json.bak the same as open.json. Not synced: it is for a damaged open.json, and both
   * at once only fail with the disk.
   */
  writeCopy(): Promise<void>;
  /** Keeps what was read under another name, before a migration replaces it. */
  keep(name: string): Promise<void>;
}

export interface OpenFileAdapterConfig {
  readonly dataDir: string;
  readonly files: FileSystem;
  readonly migrations: readonly Migration[];
}

export function createOpenFileAdapter(config: OpenFileAdapterConfig): OpenFileAdapter {
  const { dataDir, files, migrations } = config;
  const path = join(dataDir, openName);
  /** What is in open.json for certain. */
  let kept: Buffer | undefined;
  let schema: number | undefined;

  const writeDraft = async (bytes: Buffer, target: string, isSynced: boolean) => {
    const draft = `${target}.tmp`;
    try {
      const file = await files.open(draft, 'replace');
      await closing(file, async () => {
        await file.write(bytes, 0);
        if (isSynced) await file.sync();
      });
      return draft;
    } catch (error) {
      // Gives the space back on a full disk. A draft that stays is replaced by the next one.
      await files.remove(draft).catch(() => undefined);
      throw error;
    }
  };

  const place = async (bytes: Buffer, target: string, isSynced: boolean) => {
    await files.rename(await writeDraft(bytes, target, isSynced), target);
  };

  const isStillKept = async () => {
    const found = await readIfThere(files, path);
    return found === undefined || kept === undefined ? found === kept : found.equals(kept);
  };

  const putBack = async (cause: unknown) => {
    try {
      if (await isStillKept()) return;
      if (kept === undefined) await files.remove(path);
      else await place(kept, path, true);
      await files.syncFolder(dataDir);
    } catch {
      // Every write holds everything, so the next one that succeeds settles this too.
      throw new InDoubtError(cause);
    }
  };

  return {
    get schema() {
      return schema;
    },
    async read() {
      kept = await readIfThere(files, path);
      if (kept === undefined) return null;
      const decoded = decodeState(kept, migrations);
      schema = decoded.schema;
      return decoded.state;
    },
    async write(state) {
      const bytes = encodeState(state);
      const draft = await writeDraft(bytes, path, true);
      try {
        await files.rename(draft, path);
        await files.syncFolder(dataDir);
      } catch (error) {
        // The new state may be seen, but a power cut might take it back: so it is taken back now.
        await putBack(error);
        throw error;
      }
      kept = bytes;
    },
    async writeCopy() {
      if (kept !== undefined) await place(kept, join(dataDir, copyName), false);
    },
    async keep(name) {
      if (kept !== undefined) await place(kept, join(dataDir, name), true);
    },
  };
}

export const openName = 'open.json';
export const copyName = 'open.json.bak';
