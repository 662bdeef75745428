// The audit chain: one canonical form, one hash, and the proof that nothing was changed. Each entry
// carries the hash of the one before, so that a changed, missing or inserted entry breaks all that
// follow. The canonical form is that of RFC 8785: object names sorted by UTF-16 code units, no
// whitespace, numbers and strings as JSON.stringify writes them, UTF-8. An auditor needs no Purser
// to check it. https://www.rfc-editor.org/rfc/rfc8785 (read 2026-11-20)
import { createHash } from 'node:crypto';
import { StoreError } from '../errors.ts';
import type { AuditEntry, AuditFacts, Json } from './types.ts';

/** Deeper values are a programmer's error; the bound keeps the recursion off the end of the stack. */
const depthMax = 100;

/**
 * Throws `TypeError` for what is not JSON: a bigint, a Date, NaN. A property that is undefined is
 * left out, as `JSON.stringify` does; it would write NaN as null, which is another statement.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > depthMax) throw new TypeError(`JSON deeper than ${depthMax} levels`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item) => canonicalJson(item, depth + 1)).join(',')}]`;
  }
  if (!isPlainObject(value)) throw new TypeError(`not JSON: ${typeof value}`);
  const members = Object.keys(value)
    .sort()
    .filter((name) => value[name] !== undefined)
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name], depth + 1)}`);
  return `{${members.join(',')}}`;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Where a chain has got to. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

export const chainStart: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

export function nextEntry(head: ChainHead, atMs: number, facts: AuditFacts): AuditEntry {
  const body = { sequence: head.sequence + 1, atMs, facts, previousHash: head.hash };
  return { ...body, hash: hashOf(body) };
}

function hashOf({ sequence, atMs, facts, previousHash }: Omit<AuditEntry, 'hash'>): string {
  return sha256(canonicalJson({ sequence, atMs, facts, previousHash } satisfies Json));
}

export type ChainVerdict =
  | { readonly isIntact: true; readonly count: number; readonly head: ChainHead }
  | {
      readonly isIntact: false;
      /** The first entry that cannot be trusted. */
      readonly sequence: number;
      readonly reason: string;
    };

/**
 * Reads all entries, from the first one. A `StoreError` of the store while it reads is a verdict
 * too: the store knows the last entry it wrote, and says so when the file ends early or late.
 */
export async function verifyChain(
  entries: AsyncIterable<AuditEntry> | Iterable<AuditEntry>,
): Promise<ChainVerdict> {
  let head = chainStart;
  try {
    for await (const entry of entries) {
      const reason = breakOf(entry, head);
      if (reason !== undefined) return { isIntact: false, sequence: head.sequence + 1, reason };
      head = { sequence: entry.sequence, hash: entry.hash };
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { isIntact: false, sequence: head.sequence + 1, reason: error.message };
  }
  return { isIntact: true, count: head.sequence, head };
}

function breakOf(entry: AuditEntry, before: ChainHead): string | undefined {
  const expected = before.sequence + 1;
  if (entry.sequence !== expected) {
    return `entry ${expected} is missing: entry ${entry.sequence} stands in its place`;
  }
  if (entry.previousHash !== before.hash) {
    return `entry ${expected} does not continue the entry before it`;
  }
  return entry.hash === hashOf(entry) ? undefined : `entry ${expected} was changed`;
}
