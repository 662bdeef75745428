// Where the replicas of a fleet keep what they share: a folder for a single one, or a PostgreSQL.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Database {
  /** The variables that lead to it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function openFolder(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'purser-fleet-data-'));
  return {
    environment: { DATA_DIR: folder },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
