// From one store to another, once, while nobody works on either: all that the first one has, and the
// proof that the second one gives back the same. Beside the port: nothing else ever reads everything.
import { StoreError } from '../errors.ts';
import { type ChainHead, type ChainVerdict, canonicalJson, sha256, verifyChain } from './chain.ts';
import type { AuditEntry, Reading, StoredRecord } from './types.ts';

/** All that a store has. What it gives does not change while it is read. */
export interface StoreContents {
  records(): AsyncIterable<StoredRecord>;
  audit(): AsyncIterable<AuditEntry>;
  /** In the order in which they are to be given back. */
  readings(): AsyncIterable<Reading>;
}

/** The store that is left. Nobody else has it open. */
export interface StoreExport extends StoreContents {
  readonly name: string;
  /** Nobody starts on it from now on: two stores that both go on could pay twice. */
  markMoved(to: string): Promise<void>;
  close(): Promise<void>;
}

/** The empty store that is filled, in one transaction. */
export interface StoreLoading extends StoreContents {
  readonly name: string;
  addRecords(records: readonly StoredRecord[]): Promise<void>;
  addAudit(entries: readonly AuditEntry[]): Promise<void>;
  addReadings(readings: readonly Reading[]): Promise<void>;
  /** Makes it last. Throws where that is not certain. */
  keep(): Promise<void>;
  /** Leaves nothing of it, unless it was kept. Twice is fine. */
  end(): Promise<void>;
}

/** What two stores with the same contents have in common. */
export interface Tally {
  readonly kinds: readonly {
    readonly kind: string;
    readonly open: number;
    readonly closed: number;
  }[];
  readonly entries: number;
  readonly readings: number;
  readonly chain: ChainVerdict;
  /** Over every member of every record, entry and reading, whatever their order. */
  readonly digest: string;
}

export interface CopyReport extends Omit<Tally, 'chain'> {
  /** Of the audit chain, which is intact in both. */
  readonly head: ChainHead;
  readonly from: string;
  readonly to: string;
  readonly tookMs: number;
}

const rowsMax = 1_000;

/** Throws `StoreError`, and then the new store is empty and the old one as it was. */
export async function copyStore(
  source: StoreExport,
  target: StoreLoading,
  clock: { now(): number },
): Promise<CopyReport> {
  const startedAtMs = clock.now();
  for await (const rows of inParts(source.records())) await target.addRecords(rows);
  for await (const rows of inParts(source.audit())) await target.addAudit(rows);
  for await (const rows of inParts(source.readings())) await target.addReadings(rows);
  const [before, after] = [await tallyOf(source), await tallyOf(target)];
  if (!before.chain.isIntact) {
    throw new StoreError(
      `The audit log of ${source.name} is broken at entry ${before.chain.sequence}, so no copy of it could be proved: ${before.chain.reason}. Restore the folder from a backup first.`,
    );
  }
  if (canonicalJson(before) !== canonicalJson(after)) {
    throw new StoreError(
      `What ${target.name} gives back is not what ${source.name} has, so nothing was copied: ${describeDifference(before, after)}.`,
    );
  }
  // First the mark: a copy that nobody uses is no harm, two stores that both go on are.
  await source.markMoved(target.name);
  try {
    await target.keep();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError(
      `${said} Whether the copy was kept is not certain, so ${source.name} stays marked as moved. Remove the mark and copy again: where it was kept, you hear that the database is not empty.`,
      { cause },
    );
  }
  const { chain, ...facts } = before;
  const tookMs = clock.now() - startedAtMs;
  return { ...facts, head: chain.head, from: source.name, to: target.name, tookMs };
}

async function* inParts<T>(rows: AsyncIterable<T>): AsyncGenerator<T[]> {
  let part: T[] = [];
  for await (const row of rows) {
    part.push(row);
    if (part.length < rowsMax) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

export async function tallyOf(contents: StoreContents): Promise<Tally> {
  const kinds = new Map<string, { kind: string; open: number; closed: number }>();
  const counts = { entries: 0, readings: 0 };
  // A sum does not ask for an order, and does not forget what is there twice.
  let sum = 0n;
  const add = (what: string, row: object) => {
    sum += BigInt(`0x${sha256(`${what}${canonicalJson(row)}`)}`);
  };
  for await (const record of contents.records()) {
    const { kind, isOpen } = record;
    const known = kinds.get(kind) ?? { kind, open: 0, closed: 0 };
    kinds.set(kind, known);
    known[isOpen ? 'open' : 'closed'] += 1;
    add('record', record);
  }
  const chain = await verifyChain(
    noting(contents.audit(), (entry) => {
      counts.entries += 1;
      add('entry', entry);
    }),
  );
  for await (const reading of contents.readings()) {
    counts.readings += 1;
    add('reading', reading);
  }
  return {
    ...counts,
    kinds: [...kinds.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    chain,
    digest: BigInt.asUintN(256, sum).toString(16).padStart(64, '0'),
  };
}

async function* noting<T>(rows: AsyncIterable<T>, note: (row: T) => void): AsyncGenerator<T> {
  for await (const row of rows) {
    note(row);
    yield row;
  }
}

function describeDifference(before: Tally, after: Tally): string {
  const names = ['kinds', 'entries', 'readings', 'chain', 'digest'] as const;
  return names
    .filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]))
    .map(
      (name) => `${name} ${canonicalJson(after[name])} instead of ${canonicalJson(before[name])}`,
    )
    .join('; ');
}

/** For whoever moves: what went over, that it is the same, and what to do next. */
export function renderCopyReport(report: CopyReport): string {
  const { head } = report;
  const rows = report.kinds.map(({ kind, open, closed }) => [kind, count(open), count(closed)]);
  const sizes = [0, 1, 2].map((column) =>
    Math.max(...[['', 'open', 'closed'], ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `  ${row.map((text, column) => (column === 0 ? text.padEnd(sizes[0] ?? 0) : text.padStart(sizes[column] ?? 0))).join('  ')}`;
  return [
    `Copied ${report.from} to ${report.to} in ${(report.tookMs / 1_000).toFixed(1)} s.`,
    '',
    ...[['records', 'open', 'closed'], ...rows].map(line),
    '',
    `  audit log   ${count(report.entries)} entries, intact in both up to hash ${head.hash}`,
    `  balances    ${count(report.readings)} readings`,
    `  read back   every record, entry and reading is the same: ${report.digest.slice(0, 16)}…`,
    '',
    `${report.from} is marked as moved: a Purser without DATABASE_URL refuses to start on it.`,
    'Start Purser with DATABASE_URL now, on as many machines as you like.',
    '',
  ].join('\n');
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
