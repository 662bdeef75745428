// Reading audit.jsonl back. A line must be the canonical form of what it says, so that every byte
// of the file is covered by a hash: a blank or an escape that means the same is a change too.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StoreError } from '../../errors.ts';
import { type ChainHead, canonicalJson, chainStart, isPlainObject } from '../chain.ts';
import type { AuditEntry, AuditFacts } from '../types.ts';
import { adviseOnLine } from './failures.ts';
import type { LineFile } from './line-file.ts';
import type { OpenState } from './state.ts';

const entrySchema = z.strictObject({
  sequence: z.int().min(1),
  atMs: z.number(),
  facts: z.custom<AuditFacts>(isPlainObject, 'expected an object'),
  previousHash: z.string(),
  hash: z.string(),
});

/** With its line feed. */
export function encodeEntry(entry: AuditEntry): string {
  return `${canonicalJson(entry)}\n`;
}

function decodeEntry(bytes: Buffer, where: string): AuditEntry {
  const text = bytes.toString('utf8');
  let entry: AuditEntry;
  try {
    entry = entrySchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StoreError(`${where}: it is no entry of the audit log.`, { cause });
  }
  if (!Buffer.from(canonicalJson(entry)).equals(bytes)) {
    throw new StoreError(`${where}: it is not in the form in which Purser writes.`);
  }
  return entry;
}

export interface AuditEnd {
  /** The last entry that was written. */
  readonly head: ChainHead;
  /** Entries that may not be in the file yet. */
  readonly recent: readonly AuditEntry[];
  /** Another process may be writing: what stands behind that end is its business. */
  readonly isShared?: boolean;
}

/**
 * All entries up to that end. Throws `StoreError` at the first line that cannot be read, and when
 * the file does not end with the entry that was written last.
 */
export async function* readAuditFile(file: LineFile, end: AuditEnd): AsyncGenerator<AuditEntry> {
  let last: ChainHead = chainStart;
  for await (const { number, bytes } of file.scan(file.bytes)) {
    const entry = decodeEntry(bytes, `${file.name} was changed in line ${number}`);
    yield entry;
    last = entry;
  }
  for (const entry of end.recent) {
    if (entry.sequence <= last.sequence) continue;
    yield entry;
    last = entry;
  }
  refuseOtherEnd(file, last, end.head);
  if (end.isShared !== true) await file.refuseStray();
}

/** The lines of the last step, which are in open.json until the next one. */
export function decodePending({ pending }: OpenState): AuditEntry[] {
  const lines = pending.audit.split('\n').filter((line) => line !== '');
  return lines.map((line) => decodeEntry(Buffer.from(line), 'open.json was changed'));
}

/** The last entry before the pending ones. */
export function headBefore({ audit, pending }: OpenState): ChainHead {
  if (pending.audit === '') return audit;
  const [line = ''] = pending.audit.split('\n', 1);
  const { sequence, previousHash } = decodeEntry(Buffer.from(line), 'open.json was changed');
  return { sequence: sequence - 1, hash: previousHash };
}

/** What follows the facts in a line. Facts may have a `hash` too: the last one is the entry's. */
const tail = /^,"hash":"([0-9a-f]{64})"(,"previousHash":"([0-9a-f]{64})","sequence":(\d+)\})$/;

/**
 * At load: proves every byte, and that the file is the one that open.json was written with. No line
 * is parsed: what is hashed is the line without its hash. A file that was given up starts later.
 */
export async function checkAuditFile(file: LineFile, head: ChainHead): Promise<void> {
  let last: ChainHead | undefined;
  for await (const { number, bytes } of file.scan(file.bytes)) {
    const end = Math.max(0, bytes.lastIndexOf(',"hash":"'));
    const [, hash = '', rest = '', previousHash, sequence] =
      tail.exec(bytes.toString('latin1', end)) ?? [];
    const isNext =
      last === undefined || (previousHash === last.hash && Number(sequence) === last.sequence + 1);
    const proof = createHash('sha256').update(bytes.subarray(0, end)).update(rest).digest('hex');
    if (proof !== hash || !isNext) {
      throw new StoreError(
        `${file.name} was changed in line ${number}. ${adviseOnLine(file.name)}`,
      );
    }
    last = { sequence: Number(sequence), hash };
  }
  if (last !== undefined) refuseOtherEnd(file, last, head);
}

function refuseOtherEnd(file: LineFile, last: ChainHead, head: ChainHead): void {
  if (last.sequence === head.sequence && last.hash === head.hash) return;
  throw new StoreError(
    last.sequence === head.sequence
      ? `${file.name} ends with another entry ${head.sequence} than Purser wrote. Restore it from a backup.`
      : `${file.name} ends with entry ${last.sequence}, but Purser wrote up to entry ${head.sequence}. Restore it from a backup.`,
  );
}
