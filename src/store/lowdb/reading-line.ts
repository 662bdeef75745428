// A line of the history of balances: readings that were kept together, as a JSON array. It carries no
// checksum, unlike all that decides about money: a line that cannot be read is left out.
import { isPlainObject } from '../chain.ts';
import { toReadingRows } from '../reading-rows.ts';
import type { Reading } from '../types.ts';

/** Without its line feed. Throws `StoreError` for too many or too large ones. */
export function encodeReadings(readings: readonly Reading[]): string {
  return `[${toReadingRows(readings).join(',')}]`;
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
