// Where the closed records are. Of each only its place in closed.jsonl stays in memory, about 250
// bytes; its value is read when somebody asks. A record that was closed twice has two lines, and
// the later one wins; one that was opened again is not in here.
import { StoreError } from '../../errors.ts';
import type { StoredRecord } from '../types.ts';
import { type ClosedHead, decodeClosed, decodeHead, encodeClosed } from './closed-line.ts';
import { adviseOnLine } from './failures.ts';
import type { LineFile } from './line-file.ts';

/** A closed record without its value. */
export interface ClosedPlace {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly isOpen: false;
  readonly createdAtMs: number;
  readonly key?: string;
  readonly position: number;
  readonly length: number;
}

export interface ClosedIndex {
  find(kind: string, id: string): ClosedPlace | undefined;
  /** The id. */
  findByKey(kind: string, key: string): string | undefined;
  /** First written at or after the time, newest first. */
  listSince(kind: string, sinceMs: number, rowsMax: number): ClosedPlace[];
  all(): Iterable<ClosedPlace>;
  put(place: ClosedPlace): void;
  remove(kind: string, id: string): void;
}

interface OneKind {
  readonly byId: Map<string, ClosedPlace>;
  readonly idByKey: Map<string, string>;
  /** Oldest first. Most records close soon after they were written: they go in near the end. */
  readonly inOrder: ClosedPlace[];
}

export function createClosedIndex(places: Iterable<ClosedPlace>): ClosedIndex {
  const kinds = new Map<string, OneKind>();

  const kindOf = (kind: string): OneKind => {
    const known = kinds.get(kind);
    if (known !== undefined) return known;
    const made: OneKind = { byId: new Map(), idByKey: new Map(), inOrder: [] };
    kinds.set(kind, made);
    return made;
  };

  const note = (place: ClosedPlace): void => {
    const { byId, idByKey } = kindOf(place.kind);
    forgetKey(idByKey, byId.get(place.id));
    byId.set(place.id, place);
    if (place.key !== undefined) idByKey.set(place.key, place.id);
  };

  // Sorted once at the end: 100,000 insertions one by one would not be quick.
  for (const place of places) note(place);
  for (const { byId, inOrder } of kinds.values()) {
    for (const place of byId.values()) inOrder.push(place);
    inOrder.sort(compareAge);
  }

  return {
    find: (kind, id) => kinds.get(kind)?.byId.get(id),
    findByKey: (kind, key) => kinds.get(kind)?.idByKey.get(key),
    listSince(kind, sinceMs, rowsMax) {
      const { inOrder } = kindOf(kind);
      const start = placeIn(inOrder, { createdAtMs: sinceMs, id: '' });
      return inOrder.slice(Math.max(start, inOrder.length - rowsMax)).reverse();
    },
    *all() {
      for (const { inOrder } of kinds.values()) yield* inOrder;
    },
    put(place) {
      const { byId, inOrder } = kindOf(place.kind);
      const isNew = !byId.has(place.id);
      note(place);
      inOrder.splice(placeIn(inOrder, place), isNew ? 0 : 1, place);
    },
    remove(kind, id) {
      const { byId, idByKey, inOrder } = kindOf(kind);
      const place = byId.get(id);
      if (place === undefined) return;
      byId.delete(id);
      forgetKey(idByKey, place);
      inOrder.splice(placeIn(inOrder, place), 1);
    },
  };
}

function forgetKey(idByKey: Map<string, string>, place: ClosedPlace | undefined): void {
  // The key may have gone to another record since.
  if (place?.key !== undefined && idByKey.get(place.key) === place.id) idByKey.delete(place.key);
}

interface Aged {
  readonly createdAtMs: number;
  readonly id: string;
}

/** Oldest first; records of one moment by id. */
export function compareAge(a: Aged, b: Aged): number {
  if (a.createdAtMs !== b.createdAtMs) return a.createdAtMs - b.createdAtMs;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** The place of the first that is not older. */
function placeIn(inOrder: readonly ClosedPlace[], wanted: Aged): number {
  let low = 0;
  let high = inOrder.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const place = inOrder[middle];
    if (place !== undefined && compareAge(place, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeOf(head: ClosedHead, position: number, length: number): ClosedPlace {
  const { kind, id, version, createdAtMs, key } = head;
  const place = { kind, id, version, createdAtMs, isOpen: false as const, position, length };
  // Written out: a spread takes 300 bytes more, a hundred thousand times.
  if (key === undefined) return place;
  return { kind, id, version, createdAtMs, isOpen: false, key, position, length };
}

/** Every place in the file, in the order of its lines. */
export async function readPlaces(file: LineFile, end: number): Promise<ClosedPlace[]> {
  const places: ClosedPlace[] = [];
  for await (const line of file.scan(end)) {
    try {
      places.push(placeOf(decodeHead(line.bytes), line.position, line.bytes.length));
    } catch (cause) {
      throw damaged(file, `${file.name} is damaged in line ${line.number}`, cause);
    }
  }
  return places;
}

/** Neighbours are read at once: what closed on one day stands together. */
export async function readRecords(
  file: LineFile,
  places: readonly ClosedPlace[],
): Promise<Map<ClosedPlace, StoredRecord>> {
  const records = new Map<ClosedPlace, StoredRecord>();
  for (const run of toRuns(places)) {
    const first = run[0];
    const last = run.at(-1);
    if (first === undefined || last === undefined) continue;
    const bytes = await file.read(first.position, last.position + last.length - first.position);
    for (const place of run) {
      const start = place.position - first.position;
      records.set(place, readRecord(file, place, bytes.subarray(start, start + place.length)));
    }
  }
  return records;
}

const runBytesMax = 1_048_576;
const gapBytesMax = 65_536;

function toRuns(places: readonly ClosedPlace[]): ClosedPlace[][] {
  const runs: ClosedPlace[][] = [];
  for (const place of places.toSorted((a, b) => a.position - b.position)) {
    const run = runs.at(-1);
    const first = run?.[0];
    const last = run?.at(-1);
    const isNear =
      first !== undefined &&
      last !== undefined &&
      place.position - last.position - last.length <= gapBytesMax &&
      place.position + place.length - first.position <= runBytesMax;
    if (run !== undefined && isNear) run.push(place);
    else runs.push([place]);
  }
  return runs;
}

function readRecord(file: LineFile, place: ClosedPlace, bytes: Buffer): StoredRecord {
  const { kind, id } = place;
  const where = `${file.name} is damaged at byte ${place.position}: ${kind} ${id} cannot be trusted`;
  let record: StoredRecord;
  try {
    record = decodeClosed(bytes);
  } catch (cause) {
    throw damaged(file, where, cause);
  }
  if (record.kind !== kind || record.id !== id) throw damaged(file, where, undefined);
  return record;
}

function damaged(file: LineFile, where: string, cause: unknown): StoreError {
  return new StoreError(`${where}. ${adviseOnLine(file.name)}`, { cause });
}

/** What the line of a record that closes will be, and where. */
export function planLine(
  record: StoredRecord,
  position: number,
): { place: ClosedPlace; text: string } {
  const text = encodeClosed(record);
  return { place: placeOf(record, position, Buffer.byteLength(text) - 1), text };
}
