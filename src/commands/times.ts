// How Purser says points in time. UTC, because a card is read in several time zones.
import { describeDuration } from './words.ts';

/** `20 Nov, 14:03 UTC` */
export function describeInstant(atMs: number): string {
  const at = new Date(atMs);
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return `${day}, ${at.toISOString().slice(11, 16)} UTC`;
}

/** `in 3 h`, `now`. What has just begun to run is still whole: 24 h, not 23. */
export function describeUntil(ms: number): string {
  return ms <= 0 ? 'now' : `in ${describeDuration(ms + 59_000)}`;
}
