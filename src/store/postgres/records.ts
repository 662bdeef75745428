// Reading records and the audit log. What cannot be read is said, and nothing is guessed.
import { StoreError } from '../../errors.ts';
import { canonicalJson, isPlainObject } from '../chain.ts';
import type { AuditEntry, AuditFacts, Json, StoredRecord } from '../types.ts';
import { decodeName, encodeName } from './names.ts';
import type { Sessions } from './sessions.ts';

export interface RecordRow {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly is_open: boolean;
  readonly created_at_ms: number;
  readonly key: string | null;
  readonly value: string;
}

/** Numbers of 64 bits come as text unless they are told to be floats, which hold 2^53 exactly. */
export const recordColumns =
  'kind, id, version::float8, is_open, created_at_ms::float8, key, value FROM purser_records';

// The order is told by the columns themselves: a bare name would mean what is given out, which is a
// cast that no index is sorted by.
export const statements = {
  find: { name: 'purser find', text: `SELECT ${recordColumns} WHERE kind = $1 AND id = $2` },
  byKey: { name: 'purser by key', text: `SELECT ${recordColumns} WHERE kind = $1 AND key = $2` },
  open: {
    name: 'purser open',
    text: `SELECT ${recordColumns} WHERE kind = $1 AND is_open ORDER BY created_at_ms, id`,
  },
  since: {
    name: 'purser since',
    text: `SELECT ${recordColumns} WHERE kind = $1 AND created_at_ms >= $2
      ORDER BY purser_records.created_at_ms DESC, purser_records.id DESC LIMIT $3`,
  },
  // One statement, so that the page and the head are of one moment.
  audit: {
    name: 'purser audit',
    text: `SELECT head.sequence::float8 AS head_sequence, head.hash AS head_hash,
        page.sequence::float8, page.at_ms::float8, page.facts, page.previous_hash, page.hash
      FROM purser_chain AS head LEFT JOIN LATERAL (
        SELECT * FROM purser_audit WHERE sequence >= $1 ORDER BY sequence LIMIT $2
      ) AS page ON true ORDER BY page.sequence`,
  },
};

export interface RecordReader {
  find(kind: string, id: string): Promise<StoredRecord | undefined>;
  findByKey(kind: string, key: string): Promise<StoredRecord | undefined>;
  listOpen(kind: string): Promise<StoredRecord[]>;
  listSince(kind: string, sinceMs: number, rowsMax: number): Promise<StoredRecord[]>;
  /** From that entry on; fewer than were asked for are the last ones. */
  listAudit(fromSequence: number, rowsMax: number): Promise<AuditEntry[]>;
}

export function createRecordReader({ run }: Pick<Sessions, 'run'>): RecordReader {
  const list = async (statement: { name: string; text: string }, values: unknown[]) =>
    (await run<RecordRow>({ ...statement, values })).map(toRecord);

  return {
    find: async (kind, id) => (await list(statements.find, [kind, encodeName(id)]))[0],
    findByKey: async (kind, key) => (await list(statements.byKey, [kind, encodeName(key)]))[0],
    listOpen: (kind) => list(statements.open, [kind]),
    listSince(kind, sinceMs, rowsMax) {
      const since = Math.max(Math.ceil(sinceMs), Number.MIN_SAFE_INTEGER);
      // No limit is what PostgreSQL makes of null.
      return list(statements.since, [kind, since, Number.isFinite(rowsMax) ? rowsMax : null]);
    },
    async listAudit(fromSequence, rowsMax) {
      const rows = await run<AuditRow>({ ...statements.audit, values: [fromSequence, rowsMax] });
      const entries = rows.flatMap((row) => (row.sequence === null ? [] : [toEntry(row)]));
      if (entries.length < rowsMax) refuseOtherEnd(rows[0], entries.at(-1), fromSequence);
      return entries;
    },
  };
}

export function toRecord(row: RecordRow): StoredRecord {
  const { kind, version, is_open: isOpen, created_at_ms: createdAtMs, key } = row;
  const id = decodeName(row.id);
  let value: Json;
  try {
    value = JSON.parse(row.value);
  } catch (cause) {
    throw new StoreError(
      `The stored ${kind} ${id} was changed: it is no JSON. Restore the database from a backup.`,
      { cause },
    );
  }
  const record = { kind, id, version, isOpen, createdAtMs, value };
  return key === null ? record : { ...record, key: decodeName(key) };
}

interface AuditRow {
  readonly head_sequence: number;
  readonly head_hash: string;
  /** Null, as all that follow, where the page is empty. */
  readonly sequence: number | null;
  readonly at_ms: number;
  readonly facts: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** The facts must be in canonical form, so that every byte of them is covered by the hash. */
function toEntry(row: AuditRow): AuditEntry {
  const { at_ms: atMs, previous_hash: previousHash, hash } = row;
  const sequence = row.sequence ?? 0;
  let facts: unknown;
  try {
    facts = JSON.parse(row.facts);
  } catch {
    facts = undefined;
  }
  if (!isFacts(facts) || canonicalJson(facts) !== row.facts) {
    throw new StoreError(
      `Entry ${sequence} of the audit log was changed: it is not in the form in which Purser writes.`,
    );
  }
  return { sequence, atMs, facts, previousHash, hash };
}

function isFacts(value: unknown): value is AuditFacts {
  return isPlainObject(value);
}

function refuseOtherEnd(
  head: AuditRow | undefined,
  last: AuditEntry | undefined,
  fromSequence: number,
): void {
  const restore = 'Restore the database from a backup.';
  if (head === undefined) {
    throw new StoreError(`The end of the audit log is not known any more. ${restore}`);
  }
  const { head_sequence: sequence, head_hash: hash } = head;
  if (last === undefined && sequence < fromSequence) return;
  if (last?.sequence === sequence && last.hash === hash) return;
  throw new StoreError(
    last?.sequence === sequence
      ? `The audit log ends with another entry ${sequence} than Purser wrote. ${restore}`
      : `The audit log ends with entry ${last?.sequence ?? fromSequence - 1}, but Purser wrote up to entry ${sequence}. ${restore}`,
  );
}
