// UTC days, by which the history of balances is kept: `2026-11-26`.
import type { Reading } from './types.ts';

export const dayMs = 86_400_000;
/** So long after its end a day still has every reading. */
export const fullDaysMs = 90 * dayMs;

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** Only the last one of each account is kept of it. */
export function isThinned(day: string, nowMs: number): boolean {
  return Date.parse(day) + dayMs + fullDaysMs <= nowMs;
}

/** The last reading of each account, oldest first; of one moment the one that came later. */
export function lastOfEach(readings: Iterable<Reading>): Reading[] {
  const last = new Map<string, Reading>();
  for (const reading of readings) {
    const { provider, account, currency } = reading;
    const name = JSON.stringify([provider, account, currency]);
    const other = last.get(name);
    if (other === undefined || other.atMs <= reading.atMs) last.set(name, reading);
  }
  return [...last.values()].sort((a, b) => a.atMs - b.atMs);
}
