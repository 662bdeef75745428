// A look into a data folder that changes nothing, takes no lock and may be had while a Purser works
// with it: what open.json says was durable before it was written, stays as it is.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../log.ts';
import type { Books } from '../look.ts';
import { openName } from './adapter.ts';
import { decodePending, readAuditFile } from './audit-file.ts';
import { readPlaces } from './closed.ts';
import { auditName, closedName, explainDamage, refuseOrphans } from './damage.ts';
import { explainUnopened, explainUnread } from './failures.ts';
import { diskFiles, readIfThere } from './files.ts';
import { createLineFile } from './line-file.ts';
import { findHolder } from './lock.ts';
import { refuseMoved } from './moved.ts';
import { decodeState } from './state.ts';

export interface FolderLook {
  /** The Purser that has the folder. */
  readonly holder: { readonly pid: number; readonly since: string } | undefined;
  /** Undefined where nothing was kept yet. */
  readonly books: Books | undefined;
}

export interface FolderConfig {
  readonly dataDir: string;
  readonly log: Log;
}

/** Throws `StoreError` with what to do: damaged, of a newer Purser, or held nobody knows by whom. */
export async function lookIntoFolder({ dataDir, log }: FolderConfig): Promise<FolderLook> {
  const folder = { dataDir, files: diskFiles, migrations: [] };
  try {
    const holder = await findHolder(dataDir);
    await refuseMoved(folder);
    const bytes = await readIfThere(diskFiles, join(dataDir, openName));
    if (bytes === undefined) {
      // Who has just begun has not written anything yet.
      if (holder === undefined) await refuseOrphans(folder);
      return { holder, books: undefined };
    }
    const books = await readBooks(bytes, { dataDir, log, isShared: holder !== undefined });
    return { holder, books };
  } catch (error) {
    throw explainUnopened(await explainDamage(error, folder), dataDir);
  }
}

async function readBooks(
  bytes: Buffer,
  { dataDir, log, isShared }: FolderConfig & { readonly isShared: boolean },
): Promise<Books> {
  const { state } = decodeState(bytes, []);
  const recent = decodePending(state);
  const lines = (name: string, durable: number, pending: string) => {
    const path = join(dataDir, name);
    const file = createLineFile({ path, name, files: diskFiles, log, bytes: durable });
    file.queue(pending);
    return file;
  };
  const audit = lines(auditName, state.bytes.audit, state.pending.audit);
  const closed = lines(closedName, state.bytes.closed, state.pending.closed);
  // Given up on purpose, as the message of a loss says: Purser goes on without it at its next start.
  const isGivenUp = await isThere(join(dataDir, `${closedName}.lost`));
  if (!isGivenUp) await readPlaces(closed, closed.bytes);
  if (!isShared) await closed.refuseStray();
  return {
    listOpen: async (kind) => state.records.filter((record) => record.kind === kind),
    async *readAudit() {
      try {
        yield* readAuditFile(audit, { head: state.audit, recent, isShared });
      } catch (error) {
        throw explainUnread(error, auditName);
      }
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
