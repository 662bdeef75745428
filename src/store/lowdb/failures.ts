// What a failed disk operation means to the person who clicked, without any path: the log has those.
import { StoreError } from '../../errors.ts';

/** `ENOSPC` and the like. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Ours, beside those of the system. */
const foreignCode = 'EFOREIGN';

const reasons: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ['The disk is full', 'Free some space there, then try again.'],
  EDQUOT: ['The disk quota of Purser is used up', 'Free some space there, then try again.'],
  EFBIG: ['A file has reached the size limit', 'Ask who runs Purser to raise it.'],
  EACCES: ['Purser may not write to its data folder', 'Ask who runs Purser to permit it.'],
  EPERM: ['Purser may not write to its data folder', 'Ask who runs Purser to permit it.'],
  EROFS: ['The disk is read-only', 'Ask who runs Purser to check the disk.'],
  ENOENT: ['The data folder of Purser is gone', 'Ask who runs Purser to bring it back.'],
  ENOTDIR: ['The data folder of Purser is no folder', 'Set DATA_DIR to a folder.'],
  EEXIST: ['The data folder of Purser is no folder', 'Set DATA_DIR to a folder.'],
  [foreignCode]: [
    'Another process has written to the data folder of Purser',
    'Ask who runs Purser to stop every Purser that uses this folder, and then to start one: two at once could pay twice.',
  ],
  EIO: ['The disk reported an error', 'Ask who runs Purser to check the disk.'],
};

/** A step that was not kept; certain. */
export function explainUnwritten(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const [what, remedy] = reasonOf(cause);
  return new StoreError(`${what}: nothing was changed. ${remedy}`, { cause });
}

export function explainUnread(cause: unknown, name: string): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = codeOf(cause) ?? 'unknown error';
  return new StoreError(`${name} could not be read (${code}).`, { cause });
}

export function explainUnopened(cause: unknown, dataDir: string): StoreError {
  // At the start there is no step that could be in doubt.
  if (cause instanceof InDoubtError) return explainUnopened(cause.cause, dataDir);
  if (cause instanceof StoreError) return cause;
  const [what, remedy] = reasonOf(cause);
  return new StoreError(`Purser cannot start with ${dataDir}: ${what}. ${remedy}`, { cause });
}

/** The disk took the step and then failed, and would not take it back either. */
export class InDoubtError extends StoreError {
  override readonly name = 'InDoubtError';

  constructor(cause: unknown) {
    const [what, remedy] = reasonOf(cause);
    super(
      `${what}: it is not certain whether this step was kept. Act as if it was not, and look again before you repeat it. ${remedy}`,
      { cause },
    );
  }
}

/** Two processes have the data folder: what one of them remembers must not be acted on any more. */
export function foreignWrite(): Error {
  return Object.assign(new Error('open.json is not what this process wrote last'), {
    code: foreignCode,
  });
}

/** What to do about one bad line of an append-only file. */
export function adviseOnLine(name: string): string {
  return `A line never changes once it is written: copy it from a backup, or restore the whole folder from one. ${adviseOnLoss(name)}`;
}

export function adviseOnLoss(name: string): string {
  return `If there is none, rename ${name} to ${name}.lost (or make an empty file of that name): Purser then goes on without what it held.`;
}

function reasonOf(cause: unknown): readonly [string, string] {
  const code = codeOf(cause);
  const known = code === undefined ? undefined : reasons[code];
  return known ?? [`The disk failed (${code ?? 'unknown error'})`, 'Ask who runs Purser.'];
}
