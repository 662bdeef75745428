// A line of the history of balances: readings that were kept together, as a JSON array. It carries no
// checksum, unlike all that decides about money: a line that cannot be read is left out.
import { StoreError } from '../../errors.ts';
import { canonicalJson, isPlainObject } from '../chain.ts';
import type { Reading } from '../types.ts';

const rowsMax = 1_000;
const rowBytesMax = 4_096;

/** Without its line feed. Throws `StoreError` for too many or too large ones. */
export function encodeReadings(readings: readonly Reading[]): string {
  const rows = readings.map((reading) => canonicalJson(reading));
  if (rows.length > rowsMax) {
    throw new StoreError(`At most ${rowsMax} readings are kept at once, not ${rows.length}.`);
  }
  if (rows.some((row) => Buffer.byteLength(row) > rowBytesMax)) {
    throw new StoreError(`A reading takes ${rowBytesMax} bytes at most.`);
  }
  return `[${rows.join(',')}]`;
}

/** Undefined for half a line, or what a power cut made of it. */
export function decodeReadings(line: string): readonly Reading[] | undefined {
  let rows: unknown;
  try {
    rows = JSON.parse(line);
  } catch {
    return undefined;
  }
  return Array.isArray(rows) && rows.every(isReading) ? rows : undefined;
}

/** By hand: a schema takes longer than the parsing, and a day has ten thousand rows. */
function isReading(row: unknown): row is Reading {
  if (!isPlainObject(row)) return false;
  const { provider, account, currency, atMs, amounts, note } = row;
  return (
    typeof provider === 'string' &&
    typeof account === 'string' &&
    (currency === undefined || typeof currency === 'string') &&
    (note === undefined || typeof note === 'string') &&
    Number.isSafeInteger(atMs) &&
    isPlainObject(amounts) &&
    Object.values(amounts).every((amount) => typeof amount === 'string')
  );
}
