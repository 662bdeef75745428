// Readings as text, and no more of them at once than every store takes.
import { StoreError } from '../errors.ts';
import { canonicalJson } from './chain.ts';
import type { Reading } from './types.ts';

const rowsMax = 1_000;
const rowBytesMax = 4_096;

/** Each in canonical JSON. Throws `StoreError` for too many or too large ones. */
export function toReadingRows(readings: readonly Reading[]): string[] {
  const rows = readings.map((reading) => canonicalJson(reading));
  if (rows.length > rowsMax) {
    throw new StoreError(`At most ${rowsMax} readings are kept at once, not ${rows.length}.`);
  }
  if (rows.some((row) => Buffer.byteLength(row) > rowBytesMax)) {
    throw new StoreError(`A reading takes ${rowBytesMax} bytes at most.`);
  }
  return rows;
}
