// The mark of a folder whose records went to PostgreSQL. Two stores that both believe to have the
// truth could pay one payout twice, so nobody starts on such a folder but on purpose.
import { join } from 'node:path';
import { StoreError } from '../../errors.ts';
import { closing, type FileSystem, readIfThere } from './files.ts';

export const movedName = 'moved-to-postgresql.txt';

export interface Folder {
  readonly dataDir: string;
  readonly files: FileSystem;
}

export async function markMoved(
  { dataDir, files }: Folder,
  to: string,
  day: string,
): Promise<void> {
  const text = `The records of this folder were copied to ${to} on ${day}.
Purser works there now, with DATABASE_URL. Nothing that happened there since is in this folder.
`;
  const file = await files.open(join(dataDir, movedName), 'replace');
  await closing(file, async () => {
    await file.write(Buffer.from(text), 0);
    await file.sync();
  });
  await files.syncFolder(dataDir);
}

export async function refuseMoved({ dataDir, files }: Folder): Promise<void> {
  const text = (await readIfThere(files, join(dataDir, movedName)))?.toString('utf8');
  if (text === undefined) return;
  const [first = ''] = text.split('\n');
  throw new StoreError(
    `${first.trim()} Set DATABASE_URL to that database, or DATA_DIR to another folder than ${dataDir}. To go back to this folder on purpose: stop every Purser that uses the database, and remove ${movedName} from the folder. What happened in the database since is not in the folder: payouts that were sent from there would look unsent.`,
  );
}
