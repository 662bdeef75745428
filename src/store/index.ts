// The way into the stores: the port's types are in types.ts.
import { type CopyReport, copyStore } from './copy.ts';
import { exportLowdb, type LowdbStoreConfig } from './lowdb/index.ts';
import type { DatabaseFacts, DatabaseLook, PostgresStoreConfig } from './postgres/index.ts';
import type { Store } from './types.ts';

export { createAgreements } from './alone.ts';
export {
  type ChainHead,
  type ChainVerdict,
  canonicalJson,
  chainStart,
  nextEntry,
  verifyChain,
} from './chain.ts';
export { type Claims, createClaims } from './claims.ts';
export { type CopyReport, renderCopyReport } from './copy.ts';
export { dayMs, dayOf } from './days.ts';
export type { Books } from './look.ts';
export {
  type FolderLook,
  type LowdbStoreConfig,
  lookIntoFolder,
  openLowdbStore,
} from './lowdb/index.ts';
export { meterStore } from './metered.ts';
export { createRecords, type Records } from './records.ts';
export { type WatchedStore, watchStore } from './watched.ts';
export type { DatabaseFacts, DatabaseLook, PostgresStoreConfig };

/**
 * Throws `StoreError` with what to do, never with the password. Loaded where it is asked for: a
 * Purser with a data folder has no use for a database driver.
 */
export async function openPostgresStore(config: PostgresStoreConfig): Promise<Store> {
  const store = await import('./postgres/index.ts');
  return await store.openPostgresStore(config);
}

/** Changes nothing. Throws `StoreError` with what to do where the database cannot be asked. */
export async function examineDatabase(
  config: Pick<PostgresStoreConfig, 'url' | 'clock' | 'log'>,
): Promise<DatabaseLook> {
  const store = await import('./postgres/index.ts');
  return await store.examineDatabase(config);
}

/**
 * Copies the folder to the empty database and proves it; the folder is marked as moved. Throws
 * `StoreError` with what to do, and then the database is as empty as it was.
 */
export async function copyToPostgres(
  config: LowdbStoreConfig & PostgresStoreConfig,
): Promise<CopyReport> {
  const source = await exportLowdb(config);
  try {
    const store = await import('./postgres/index.ts');
    const target = await store.loadPostgres(config);
    try {
      return await copyStore(source, target, config.clock);
    } finally {
      await target.end();
    }
  } finally {
    await source.close();
  }
}
