// What a store takes in one step: its own copy of it, and no more than every store can keep.
import { StoreError } from '../errors.ts';
import { canonicalJson } from './chain.ts';
import type { AuditFacts, Json, RecordChange } from './types.ts';

export const limits = {
  valueBytesMax: 65_536,
  /** Of an id or a key, in characters. */
  nameLengthMax: 256,
  changesMax: 100,
  auditMax: 100,
};

/** A step as it was handed in: its own copy, so that the caller may go on changing theirs. */
export interface Step {
  readonly changes: readonly RecordChange[];
  readonly audit: readonly AuditFacts[];
}

/** Throws `StoreError` for what is too large, `TypeError` for what is not JSON. */
export function copyStep(changes: readonly RecordChange[], audit: readonly AuditFacts[]): Step {
  if (changes.length > limits.changesMax || audit.length > limits.auditMax) {
    throw new StoreError(`A step has ${limits.changesMax} changes and audit entries at most.`);
  }
  return {
    changes: changes.map((change) => {
      const { kind, id, key, expectedVersion, isOpen } = change;
      if (!/^[A-Za-z][\w.:-]{0,63}$/.test(kind)) throw new TypeError(`not a kind: ${kind}`);
      refuseName(id, 'id');
      if (key !== undefined) refuseName(key, 'key');
      const value = copyJson(change.value, `${kind} ${id}`);
      const copy = { kind, id, expectedVersion, isOpen, value };
      return key === undefined ? copy : { ...copy, key };
    }),
    audit: audit.map((facts) => copyJson(facts, 'An audit entry')),
  };
}

function refuseName(name: string, what: string): void {
  if (name.length === 0 || name.length > limits.nameLengthMax) {
    throw new StoreError(`The ${what} of a record has 1 to ${limits.nameLengthMax} characters.`);
  }
}

function copyJson<T extends Json>(value: T, what: string): T {
  const text = canonicalJson(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.valueBytesMax) {
    throw new StoreError(
      `${what} would take ${bytes} bytes; the store takes ${limits.valueBytesMax} at most.`,
    );
  }
  return freeze(JSON.parse(text));
}

/** Readers get the stored value itself: nobody may change it. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}
