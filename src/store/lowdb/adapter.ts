// The adapter with which lowdb keeps open.json. A write is the commit point of the whole store:
// a draft, fsync, rename, fsync of the folder. lowdb's own writer renames without fsync.
// https://github.com/typicode/lowdb#adapters (read 2026-11-20)
//
// It is also the fence, should a second process ever get past the lock: only one at a time can make
// the draft; whoever has it looks whether open.json is still what it wrote last; the renaming takes
// effect and gives the draft back in one. Opening removes a draft, because a killed process leaves
// one, so a process that was only stopped meanwhile looks afterwards whether it moved its own.
import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import { codeOf, foreignWrite, InDoubtError } from './failures.ts';
import { closing, type FileSystem, readIfThere } from './files.ts';
import { decodeState, encodeState, type Migration, type OpenState } from './state.ts';

export interface OpenFileAdapter extends Adapter<OpenState> {
  /** What open.json was written in; undefined where there was none to read. */
  readonly schema: number | undefined;
  /** Null before the first write. Throws what `decodeState` throws. */
  read(): Promise<OpenState | null>;
  /** On a throw nothing was changed, unless it is an `InDoubtError`. */
  write(state: OpenState): Promise<void>;
  /** Throws when open.json is not what this process read or wrote last. */
  refuseForeign(): Promise<void>;
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
  const draft = `${path}.tmp`;
  /** What is in open.json for certain. */
  let kept: Buffer | undefined;
  /** The marks that open.json may have as long as nobody else writes it; several after a doubt. */
  let ours = new Set<string | undefined>([undefined]);
  let isDraftLeft = false;
  let schema: number | undefined;

  const readMark = async () => markOf(await files.readStart(path, markBytes));

  const refuseForeign = async (marks: ReadonlySet<string | undefined> = ours) => {
    if (!marks.has(await readMark())) throw foreignWrite();
  };

  const removeDraft = async () => {
    await files.remove(draft);
    isDraftLeft = false;
  };

  const openDraft = async () => {
    if (isDraftLeft) await removeDraft();
    try {
      isDraftLeft = true;
      return await files.open(draft, 'new');
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      isDraftLeft = false;
      throw foreignWrite();
    }
  };

  const writeDraft = async (bytes: Buffer) => {
    try {
      const file = await openDraft();
      await closing(file, async () => {
        await file.write(bytes, 0);
        await file.sync();
      });
      await refuseForeign();
    } catch (error) {
      // Gives the space back on a full disk. A draft that stays is removed by the next write.
      if (isDraftLeft) await removeDraft().catch(() => undefined);
      throw error;
    }
  };

  const placeDraft = async (bytes: Buffer) => {
    try {
      await files.rename(draft, path);
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? foreignWrite() : error;
    }
    isDraftLeft = false;
    await refuseForeign(new Set([markOf(bytes)]));
    await files.syncFolder(dataDir);
  };

  const putBack = async (cause: unknown) => {
    try {
      if ((await readMark()) === markOf(kept)) return;
      if (kept === undefined) {
        await refuseForeign();
        await files.remove(path);
        await files.syncFolder(dataDir);
      } else {
        await writeDraft(kept);
        await placeDraft(kept);
      }
    } catch {
      // Every write holds everything, so the next one that succeeds settles this too.
      throw new InDoubtError(cause);
    }
  };

  const copyTo = async (name: string, isSynced: boolean) => {
    if (kept === undefined) return;
    const bytes = kept;
    const target = join(dataDir, name);
    const copy = `${target}.tmp`;
    try {
      const file = await files.open(copy, 'replace');
      await closing(file, async () => {
        await file.write(bytes, 0);
        if (isSynced) await file.sync();
      });
    } catch (error) {
      await files.remove(copy).catch(() => undefined);
      throw error;
    }
    await files.rename(copy, target);
  };

  return {
    get schema() {
      return schema;
    },
    async read() {
      kept = await readIfThere(files, path);
      ours = new Set([markOf(kept)]);
      const decoded = kept === undefined ? undefined : decodeState(kept, migrations);
      schema = decoded?.schema;
      // Of a process that was killed: who has the lock is alone.
      await removeDraft();
      return decoded?.state ?? null;
    },
    async write(state) {
      const bytes = encodeState(state);
      await writeDraft(bytes);
      ours.add(markOf(bytes));
      try {
        await placeDraft(bytes);
      } catch (error) {
        // The new state may be seen, but a power cut might take it back: so it is taken back now.
        await putBack(error);
        throw error;
      }
      kept = bytes;
      ours = new Set([markOf(kept)]);
    },
    refuseForeign: () => refuseForeign(),
    writeCopy: () => copyTo(copyName, false),
    keep: (name) => copyTo(name, true),
  };
}

/** The start of the file, which has the checksum of all of it. No two states are the same. */
const markBytes = 128;

function markOf(bytes: Buffer | undefined): string | undefined {
  return bytes?.toString('latin1', 0, markBytes);
}

export const openName = 'open.json';
export const copyName = 'open.json.bak';
