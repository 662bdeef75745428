// Opens the embedded store: takes the lock, reads open.json, brings the append-only files up to it
// and finds the closed records. Refuses whatever it does not understand and overwrites none of it:
// money that was sent must not look unsent because a file was guessed at.
import { join } from 'node:path';
import { Low } from 'lowdb';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { createAgreements } from '../alone.ts';
import type { StoreExport } from '../copy.ts';
import type { Store } from '../types.ts';
import { createOpenFileAdapter, type OpenFileAdapter } from './adapter.ts';
import { checkAuditFile, headBefore } from './audit-file.ts';
import { createClosedIndex, readPlaces } from './closed.ts';
import { auditName, closedName, explainDamage, refuseOrphans } from './damage.ts';
import { createLowdbExport } from './export.ts';
import { explainUnopened } from './failures.ts';
import { diskFiles, type FileSystem } from './files.ts';
import { createLineFile, type LineFile } from './line-file.ts';
import { refuseMoved } from './moved.ts';
import { createOpenRecords } from './open-records.ts';
import { createReadingFiles } from './reading-files.ts';
import { emptyState, type Migration, type OpenState, schemaNow } from './state.ts';
import { createLowdbStore, type LowdbStoreParts } from './store.ts';
import { createWriter } from './writer.ts';

export { type FolderLook, lookIntoFolder } from './look.ts';

export interface LowdbStoreConfig {
  readonly dataDir: string;
  /**
   * Open records of one kind; default 1,000. Each is written with every step: 1,000 of 2 KB cost
   * some 20 ms a step, and more unfinished payouts than that no team of people can follow.
   */
  readonly openMax?: number;
  readonly clock: Clock;
  readonly log: Log;
  /** The disk, unless a test brings one that fails. */
  readonly files?: FileSystem;
  /** Steps up from older schemas; there is none older than 1 so far. */
  readonly migrations?: readonly Migration[];
}

/** Throws `StoreError` with what to do: the folder is in use, damaged, full or not permitted. */
export async function openLowdbStore(config: LowdbStoreConfig): Promise<Store> {
  return createLowdbStore(await openParts(config));
}

/** For a copy of the whole folder. Throws as opening it does. */
export async function exportLowdb(config: LowdbStoreConfig): Promise<StoreExport> {
  const { dataDir, clock, files = diskFiles } = config;
  return createLowdbExport(await openParts(config), { dataDir, files }, clock);
}

async function openParts(config: LowdbStoreConfig): Promise<LowdbStoreParts> {
  const { dataDir, clock, log, files = diskFiles } = config;
  let unlock: (() => Promise<void>) | undefined;
  const release = async () => {
    await unlock?.().catch((error: unknown) => {
      log.warn(
        { err: error },
        'the lock of the data folder could not be tidied; it is free all the same',
      );
    });
  };
  try {
    await files.makeFolder(dataDir);
    unlock = await files.lock(dataDir, clock.now());
    await refuseMoved({ dataDir, files });
    return await load({ ...config, files }, release);
  } catch (error) {
    await release();
    throw explainUnopened(error, dataDir);
  }
}

type Loading = LowdbStoreConfig & { readonly files: FileSystem };

async function load(config: Loading, release: () => Promise<void>): Promise<LowdbStoreParts> {
  const { dataDir, clock, log, openMax = openMaxByDefault, files: disk, migrations = [] } = config;
  const adapter = createOpenFileAdapter({ dataDir, files: disk, migrations });
  const db = new Low<OpenState>(adapter, emptyState);
  try {
    await db.read();
  } catch (error) {
    throw await explainDamage(error, { dataDir, files: disk, migrations });
  }
  if (adapter.schema === undefined) await refuseOrphans({ dataDir, files: disk, migrations });

  const files = {
    audit: openLines(config, auditName, db.data.bytes.audit, db.data.pending.audit),
    closed: openLines(config, closedName, db.data.bytes.closed, db.data.pending.closed),
  };
  await settle(db, adapter, files);

  const closed = createClosedIndex(await readPlaces(files.closed, files.closed.bytes));
  const open = createOpenRecords(db.data.records);
  // Closed once and opened again: open.json is newer than the line.
  for (const { kind, id } of db.data.records) closed.remove(kind, id);
  await adapter.writeCopy().catch((error: unknown) => {
    log.warn({ err: error }, 'open.json.bak could not be written');
  });
  const writer = createWriter({ db, adapter, open, closed, files, openMax, clock, log });
  const readings = createReadingFiles({ dataDir, files: disk, clock, log });
  const agreements = createAgreements({ clock });
  return { open, closed, writer, readings, agreements, release };
}

const openMaxByDefault = 1_000;

function openLines(config: Loading, name: string, bytes: number, pending: string): LineFile {
  const { dataDir, files, log } = config;
  const file = createLineFile({ path: join(dataDir, name), name, files, log, bytes });
  file.queue(pending);
  return file;
}

/** Brings the files of a store that was stopped anywhere to one state, and makes that durable. */
async function settle(
  db: Low<OpenState>,
  adapter: OpenFileAdapter,
  files: { audit: LineFile; closed: LineFile },
): Promise<void> {
  await files.audit.check();
  await files.closed.check();
  const bytes = { audit: files.audit.bytes, closed: files.closed.bytes };
  const isGivenUp = bytes.audit < db.data.bytes.audit || bytes.closed < db.data.bytes.closed;
  const { schema } = adapter;
  if (schema !== undefined && schema < schemaNow) await adapter.keep(`open.schema-${schema}.json`);
  if (schema !== schemaNow || isGivenUp) {
    db.data = { ...db.data, bytes };
    await db.write();
  }
  await checkAuditFile(files.audit, headBefore(db.data));
  await files.audit.flush();
  await files.closed.flush();
}
