// What a person reads when open.json cannot be used: where it is, what is wrong with it, and whether
// its copy is good and as new as the history. An older copy is never recommended: a payout that was
// sent after it would look unsent.
import { join } from 'node:path';
import { StoreError } from '../../errors.ts';
import { copyName, openName } from './adapter.ts';
import { codeOf } from './failures.ts';
import { closing, type FileSystem, openIfThere, readIfThere } from './files.ts';
import { decodeState, type Migration, type OpenState } from './state.ts';

export const auditName = 'audit.jsonl';
export const closedName = 'closed.jsonl';

export interface DataFolder {
  readonly dataDir: string;
  readonly files: FileSystem;
  readonly migrations: readonly Migration[];
}

/** Of an open.json that was there and could not be used. */
export async function explainDamage(error: unknown, folder: DataFolder): Promise<unknown> {
  if (error instanceof StoreError || codeOf(error) !== undefined) return error;
  const path = join(folder.dataDir, openName);
  return new StoreError(
    `Purser cannot start: ${path} is damaged. Nothing was changed in it. ${await adviseOnCopy(folder)}`,
    { cause: error },
  );
}

/** Throws when there is history, but no open.json that belongs to it. */
export async function refuseOrphans(folder: DataFolder): Promise<void> {
  const { dataDir, files } = folder;
  for (const name of [copyName, auditName, closedName]) {
    if ((await sizeOf(files, join(dataDir, name))) === 0) continue;
    throw new StoreError(
      `Purser cannot start: ${join(dataDir, openName)} is missing, but ${name} is there. ${await adviseOnCopy(folder)}`,
    );
  }
}

async function adviseOnCopy(folder: DataFolder): Promise<string> {
  const { dataDir, files, migrations } = folder;
  const path = join(dataDir, copyName);
  const restore = `Restore the whole folder ${dataDir} from one backup.`;
  const bytes = await readIfThere(files, path);
  if (bytes === undefined) return `There is no copy of it. ${restore}`;
  let state: OpenState;
  try {
    state = decodeState(bytes, migrations).state;
  } catch {
    return `Its copy ${path} is damaged too. ${restore}`;
  }
  if (await isBehind(state, folder)) {
    return `Its copy ${path} is older than ${auditName} and must not be used: a payout that was sent might be sent again. ${restore}`;
  }
  return `Its copy ${path} is good and up to step ${state.audit.sequence} of ${auditName}: put it in the place of ${openName} (cp '${path}' '${join(dataDir, openName)}') and start again.`;
}

async function isBehind(state: OpenState, { dataDir, files }: DataFolder): Promise<boolean> {
  const audit = state.bytes.audit + Buffer.byteLength(state.pending.audit);
  const closed = state.bytes.closed + Buffer.byteLength(state.pending.closed);
  return (
    (await sizeOf(files, join(dataDir, auditName))) > audit ||
    (await sizeOf(files, join(dataDir, closedName))) > closed
  );
}

async function sizeOf(files: FileSystem, path: string): Promise<number> {
  const file = await openIfThere(files, path, 'read');
  return file === undefined ? 0 : await closing(file, () => file.size());
}
