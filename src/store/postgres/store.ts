// The PostgreSQL store behind the port: nothing is kept in memory, so that every replica says what
// the database says.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { StoreError, StoreFullError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { repeat } from '../../repeat.ts';
import { canonicalJson } from '../chain.ts';
import { copyStep } from '../step.ts';
import type { AuditEntry, AuditFacts, Reading, RecordChange, Store } from '../types.ts';
import type { PostgresAgreements } from './agreements.ts';
import { describe } from './failures.ts';
import type { Leading } from './leading.ts';
import { encodeName } from './names.ts';
import { type ReadingMark, type ReadingPage, type Readings, readingsStart } from './readings.ts';
import type { RecordReader } from './records.ts';
import type { Seat } from './seat.ts';
import type { Sessions } from './sessions.ts';

export interface PostgresStoreParts {
  readonly sessions: Sessions;
  readonly reader: RecordReader;
  readonly readings: Readings;
  readonly agreements: PostgresAgreements;
  readonly leading: Leading;
  readonly seat: Seat;
  readonly clock: Clock;
  readonly log: Log;
  readonly openMax: number;
}

const waitingMax = 10_000;
const auditPageMax = 500;

export function createPostgresStore(parts: PostgresStoreParts): Store {
  const { sessions, reader, readings, agreements, leading, seat } = parts;
  const taken = new Set<Promise<unknown>>();
  let ending: Promise<void> | undefined;
  const stopWatching = watch(parts);

  /** What was taken is finished before the store is closed. */
  const take = async <T>(work: () => Promise<T>): Promise<T> => {
    if (ending !== undefined) throw new StoreError('The store is closed.');
    if (taken.size >= waitingMax) {
      throw new StoreFullError(`${waitingMax} questions wait for PostgreSQL already.`);
    }
    const working = work();
    taken.add(working);
    try {
      return await working;
    } finally {
      taken.delete(working);
    }
  };

  const close = async () => {
    await leading.close();
    await Promise.allSettled(taken);
    sessions.hurry();
    await stopWatching();
    // A server that does not answer does not say good-bye to the others either.
    const isOver = await seat.close();
    const ended = sessions.end();
    if (isOver) await ended;
  };

  return {
    find: (kind, id) => take(() => reader.find(kind, id)),
    findByKey: (kind, key) => take(() => reader.findByKey(kind, key)),
    listOpen: (kind) => take(() => reader.listOpen(kind)),
    listSince: (kind, sinceMs, rowsMax) => take(() => reader.listSince(kind, sinceMs, rowsMax)),
    commit: (changes, audit) => take(() => commit(parts, changes, audit)),
    readAudit: (from = 1) =>
      readAuditPages(from, (next, rows) => take(() => reader.listAudit(next, rows))),
    appendReadings: (rows) => take(() => readings.append(rows)),
    readReadings: (range) => readReadings((after) => take(() => readings.listPage(range, after))),
    claim: (names) => take(() => agreements.claim(names)),
    async release(names) {
      // What is closed has freed them already.
      if (ending === undefined) await take(() => agreements.release(names));
    },
    remember: (name, value, forMs) => take(() => agreements.remember(name, value, forMs)),
    recall: (name) => take(() => agreements.recall(name)),
    lead: (begin) => take(() => leading.lead(begin)),
    close() {
      ending ??= close();
      return ending;
    },
  };
}

async function commit(
  { sessions, clock, openMax }: PostgresStoreParts,
  changes: readonly RecordChange[],
  audit: readonly AuditFacts[],
): Promise<void> {
  const step = copyStep(changes, audit);
  if (step.changes.length + step.audit.length === 0) return;
  await sessions.run({
    name: 'purser step',
    text: 'SELECT purser_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    values: [
      randomUUID(),
      clock.now(),
      // No bound at all is more than anybody has.
      Math.min(openMax, Number.MAX_SAFE_INTEGER),
      step.changes.map(({ kind }) => kind),
      step.changes.map(({ id }) => encodeName(id)),
      step.changes.map(({ expectedVersion }) => expectedVersion),
      step.changes.map(({ isOpen }) => isOpen),
      step.changes.map(({ key }) => (key === undefined ? null : encodeName(key))),
      step.changes.map(({ value }) => canonicalJson(value)),
      step.audit.map((facts) => canonicalJson(facts)),
    ],
  });
}

export async function* readAuditPages(
  fromSequence: number,
  list: RecordReader['listAudit'],
): AsyncGenerator<AuditEntry> {
  for (let next = fromSequence; ; ) {
    const page = await list(next, auditPageMax);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < auditPageMax) return;
    next = last.sequence + 1;
  }
}

async function* readReadings(
  list: (after: ReadingMark) => Promise<ReadingPage>,
): AsyncGenerator<Reading> {
  for (let after: ReadingMark | undefined = readingsStart; after !== undefined; ) {
    const page: ReadingPage = await list(after);
    yield* page.readings;
    after = page.next;
  }
}

const tidyEveryMs = 600_000;

/** Looks every second whether this replica lives for the others and is the first of them. */
function watch({ sessions, agreements, leading, clock, log }: PostgresStoreParts) {
  let tidiedAtMs = clock.now();
  let isAway = false;
  return repeat(log, async () => {
    try {
      await leading.look();
      await agreements.giveBack();
      if (isAway) log.info({}, 'PostgreSQL is back');
      isAway = false;
      if (clock.now() - tidiedAtMs < tidyEveryMs) return;
      tidiedAtMs = clock.now();
      await agreements.tidy();
      // Nobody asks for longer than seconds whether a step was made.
      await sessions.run({ text: `DELETE FROM purser_steps WHERE at < now() - interval '1 hour'` });
    } catch (error) {
      // Once for each outage: whoever needs an answer says so by themselves.
      if (!isAway) log.warn({ err: describe(error) }, 'PostgreSQL does not answer');
      isAway = true;
    }
  });
}
