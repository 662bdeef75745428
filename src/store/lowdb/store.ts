// The embedded store behind the port: what is open is in memory, what is closed is read when asked.
import { StoreError } from '../../errors.ts';
import type { Agreements } from '../alone.ts';
import { copyStep } from '../step.ts';
import type { Store, StoredRecord } from '../types.ts';
import { type ClosedIndex, compareAge } from './closed.ts';
import type { OpenRecords } from './open-records.ts';
import type { ReadingFiles } from './reading-files.ts';
import { createStepQueue } from './step-queue.ts';
import type { Writer } from './writer.ts';

export interface LowdbStoreParts {
  readonly open: OpenRecords;
  readonly closed: ClosedIndex;
  readonly writer: Writer;
  readonly readings: ReadingFiles;
  readonly agreements: Agreements;
  /** Lets another process have the folder. */
  release(): Promise<void>;
}

export function createLowdbStore(parts: LowdbStoreParts): Store {
  const { open, closed, writer, readings, agreements } = parts;
  const queue = createStepQueue(writer);
  let ending: Promise<void> | undefined;

  const refuseClosed = () => {
    if (ending !== undefined) throw new StoreError('The store is closed.');
  };

  const find = async (kind: string, id: string): Promise<StoredRecord | undefined> => {
    refuseClosed();
    const record = open.find(kind, id);
    const place = record === undefined ? closed.find(kind, id) : undefined;
    return place === undefined ? record : (await writer.readClosed([place])).get(place);
  };

  return {
    ...agreements,
    find,

    async findByKey(kind, key) {
      refuseClosed();
      const id = open.findByKey(kind, key) ?? closed.findByKey(kind, key);
      return id === undefined ? undefined : await find(kind, id);
    },

    async listOpen(kind) {
      refuseClosed();
      return open.list(kind);
    },

    async listSince(kind, sinceMs, rowsMax) {
      refuseClosed();
      const recent = open.list(kind).filter(({ createdAtMs }) => createdAtMs >= sinceMs);
      const rows = [...recent, ...closed.listSince(kind, sinceMs, rowsMax)]
        .sort((a, b) => compareAge(b, a))
        .slice(0, rowsMax);
      const records = await writer.readClosed(rows.filter((row) => 'position' in row));
      return rows.flatMap((row) => ('position' in row ? (records.get(row) ?? []) : row));
    },

    async commit(changes, audit) {
      refuseClosed();
      await queue.add(copyStep(changes, audit));
    },

    async *readAudit(fromSequence = 1) {
      refuseClosed();
      for await (const entry of writer.readAudit()) {
        if (entry.sequence >= fromSequence) yield entry;
      }
    },

    async appendReadings(rows) {
      refuseClosed();
      await readings.append(rows);
    },

    async *readReadings(range) {
      refuseClosed();
      yield* readings.read(range);
    },

    close() {
      ending ??= Promise.all([queue.drain().then(writer.finish), readings.finish()])
        .then(() => undefined)
        .finally(parts.release);
      return ending;
    },
  };
}
