// Turns the steps that share a write into that write: who succeeds, what open.json holds next, and
// which lines follow in the append-only files. Pure: nothing has happened yet.
import { type ChainHead, nextEntry } from '../chain.ts';
import type { Step } from '../step.ts';
import type { AuditEntry, StoredRecord } from '../types.ts';
import { encodeEntry } from './audit-file.ts';
import { type ClosedPlace, planLine } from './closed.ts';
import { createDraft, type RecordsView } from './judge.ts';
import type { OpenState } from './state.ts';
import type { StepResult } from './step-queue.ts';

export interface Ground {
  readonly view: RecordsView;
  readonly openMax: number;
  readonly open: Iterable<StoredRecord>;
  readonly head: ChainHead;
  /** Durable bytes of the append-only files. */
  readonly bytes: OpenState['bytes'];
}

export interface Plan {
  readonly results: readonly StepResult[];
  readonly records: readonly StoredRecord[];
  readonly entries: readonly AuditEntry[];
  readonly closed: readonly { readonly record: StoredRecord; readonly place: ClosedPlace }[];
  /** Undefined when no step changes anything. */
  readonly state: OpenState | undefined;
}

export function planWrite(steps: readonly Step[], ground: Ground, nowMs: number): Plan {
  const draft = createDraft(ground.view, ground.openMax);
  const entries: AuditEntry[] = [];
  const results = steps.map((step): StepResult => {
    const own = createDraft(draft, ground.openMax);
    try {
      for (const change of step.changes) own.apply(change, nowMs);
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    }
    draft.take(own);
    for (const facts of step.audit) {
      entries.push(nextEntry(entries.at(-1) ?? ground.head, nowMs, facts));
    }
    return undefined;
  });

  const records = [...draft.records];
  const closed = planClosed(records, ground.bytes.closed);
  if (records.length + entries.length === 0) {
    return { results, records, entries, closed: [], state: undefined };
  }
  const { sequence, hash } = entries.at(-1) ?? ground.head;
  const changed = new Map<string, Set<string>>();
  for (const { kind, id } of records) {
    changed.set(kind, (changed.get(kind) ?? new Set()).add(id));
  }
  const kept = [...ground.open].filter(({ kind, id }) => !changed.get(kind)?.has(id));
  const state: OpenState = {
    records: [...kept, ...records.filter(({ isOpen }) => isOpen)],
    audit: { sequence, hash },
    bytes: ground.bytes,
    pending: {
      audit: entries.map(encodeEntry).join(''),
      closed: closed.map(({ text }) => text).join(''),
    },
  };
  return { results, records, entries, closed, state };
}

function planClosed(records: readonly StoredRecord[], start: number) {
  let position = start;
  return records
    .filter(({ isOpen }) => !isOpen)
    .map((record) => {
      const line = planLine(record, position);
      position += line.place.length + 1;
      return { record, ...line };
    });
}
