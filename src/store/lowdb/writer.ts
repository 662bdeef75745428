// The one writer of the embedded store. open.json is the only place where a step happens: its atomic
// replacement holds the new open work and, as pending lines, what the step adds to closed.jsonl and
// audit.jsonl. Those files follow; if they fail, the step stands all the same, and no other is taken
// before they have caught up. So the lines of one write at most are ever pending.
import type { Low } from 'lowdb';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { ChainHead } from '../chain.ts';
import type { Step } from '../step.ts';
import type { AuditEntry, StoredRecord } from '../types.ts';
import type { OpenFileAdapter } from './adapter.ts';
import { readAuditFile } from './audit-file.ts';
import { type ClosedIndex, type ClosedPlace, readRecords } from './closed.ts';
import { explainUnwritten } from './failures.ts';
import type { RecordsView } from './judge.ts';
import type { LineFile } from './line-file.ts';
import type { OpenRecords } from './open-records.ts';
import { type Plan, planWrite } from './plan.ts';
import type { OpenState } from './state.ts';
import type { StepResult } from './step-queue.ts';

export interface WriterParts {
  /** Loaded, and the append-only files have all that it says. */
  readonly db: Low<OpenState>;
  readonly adapter: OpenFileAdapter;
  readonly open: OpenRecords;
  readonly closed: ClosedIndex;
  readonly files: { readonly audit: LineFile; readonly closed: LineFile };
  readonly openMax: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Writer {
  write(steps: readonly Step[]): Promise<readonly StepResult[]>;
  readClosed(places: readonly ClosedPlace[]): Promise<ReadonlyMap<ClosedPlace, StoredRecord>>;
  readAudit(): AsyncIterable<AuditEntry>;
  /** Leaves nothing pending, where the disk lets it. Never throws. */
  finish(): Promise<void>;
}

export function createWriter(parts: WriterParts): Writer {
  const { db, adapter, open, closed, files, log } = parts;
  let head: ChainHead = db.data.audit;
  /** What the last write added: read from here, because the files may not have it yet. */
  let recentEntries: readonly AuditEntry[] = [];
  let recentClosed: ReadonlyMap<number, StoredRecord> = new Map();

  const view: RecordsView = {
    head: (kind, id) => open.find(kind, id) ?? closed.find(kind, id),
    ownerOf: (kind, key) => open.findByKey(kind, key) ?? closed.findByKey(kind, key),
    openCount: (kind) => open.count(kind),
  };

  const flush = async () => {
    const results = await Promise.allSettled([files.audit.flush(), files.closed.flush()]);
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      // Lines of another process are no damage: what to do about them is something else.
      await adapter.refuseForeign();
      throw result.reason;
    }
  };

  const replaceState = async (state: OpenState) => {
    const before = db.data;
    db.data = state;
    try {
      await db.write();
    } catch (error) {
      db.data = before;
      throw error;
    }
  };

  const apply = ({ records, entries, closed: lines, state }: Plan & { state: OpenState }) => {
    for (const { kind, id } of records) {
      open.remove(kind, id);
    }
    for (const record of records) {
      if (!record.isOpen) continue;
      closed.remove(record.kind, record.id);
      open.put(record);
    }
    for (const { place } of lines) closed.put(place);
    recentClosed = new Map(lines.map(({ place, record }) => [place.position, record]));
    recentEntries = entries;
    head = state.audit;
    files.audit.queue(state.pending.audit);
    files.closed.queue(state.pending.closed);
  };

  const follow = async () => {
    const results = await Promise.allSettled([flush(), adapter.writeCopy()]);
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      log.error({ err: result.reason }, 'a step is kept, but not yet in the files that follow');
    }
  };

  return {
    async write(steps) {
      try {
        await flush();
        const bytes = { audit: files.audit.bytes, closed: files.closed.bytes };
        const ground = { view, openMax: parts.openMax, open: open.all(), head, bytes };
        const plan = planWrite(steps, ground, parts.clock.now());
        const { state } = plan;
        if (state === undefined) return plan.results;
        await replaceState(state);
        apply({ ...plan, state });
        await follow();
        return plan.results;
      } catch (error) {
        log.error({ err: error, steps: steps.length }, 'steps could not be written');
        const failure = explainUnwritten(error);
        // Also those that lost against a step which now never happened.
        return steps.map(() => failure);
      }
    },

    async readClosed(places) {
      const records = new Map<ClosedPlace, StoredRecord>();
      const inFile: ClosedPlace[] = [];
      for (const place of places) {
        const recent = recentClosed.get(place.position);
        if (recent === undefined) inFile.push(place);
        else records.set(place, recent);
      }
      for (const [place, record] of await readRecords(files.closed, inFile)) {
        records.set(place, record);
      }
      return records;
    },

    readAudit: () => readAuditFile(files.audit, { head, recent: recentEntries }),

    async finish() {
      try {
        await flush();
        const { audit, closed: lines } = db.data.pending;
        if (audit === '' && lines === '') return;
        const bytes = { audit: files.audit.bytes, closed: files.closed.bytes };
        await replaceState({ ...db.data, bytes, pending: { audit: '', closed: '' } });
        await adapter.writeCopy();
      } catch (error) {
        log.warn({ err: error }, 'closed with lines pending; they are written at the next start');
      }
    },
  };
}
