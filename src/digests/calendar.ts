// When a digest is due: a local time of an IANA zone on given weekdays. Where a clock is put forward a
// local time may not exist, and the digest is due at the first instant after the gap; where it is put
// back a time exists twice, and the first one counts. Of each local date there is one at most.
import type { Team } from '../team.ts';

export type Digest = Team['digests'][number];

export interface Due {
  /** The local date: `2026-11-26`. */
  readonly date: string;
  readonly atMs: number;
}

const [minuteMs, dayMs] = [60_000, 86_400_000];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a hundred times as long as using it. Throws `RangeError` for no zone. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(zone, made);
  return made;
}

/** The local date and time, as if it was one in UTC. */
function wallOf(atMs: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(atMs);
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

function offsetAt(atMs: number, zone: string): number {
  return wallOf(atMs, zone) - Math.floor(atMs / 1000) * 1000;
}

export function localDateOf(atMs: number, zone: string): string {
  return new Date(wallOf(atMs, zone)).toISOString().slice(0, 10);
}

/** `09:00` at that instant. */
export function localTimeOf(atMs: number, zone: string): string {
  return new Date(wallOf(atMs, zone)).toISOString().slice(11, 16);
}

/** The first instant of that local time, or the first after the gap that it falls into. */
export function instantOf(date: string, time: string, zone: string): number {
  const wall = Date.parse(`${date}T${time}:00Z`);
  const [before, after] = [offsetAt(wall - dayMs, zone), offsetAt(wall + dayMs, zone)];
  const [early, late] = [wall - Math.max(before, after), wall - Math.min(before, after)];
  for (const atMs of [early, late]) {
    if (wallOf(atMs, zone) === wall) return atMs;
  }
  // Nothing has this local time: the clock was put forward between the two.
  let [low, high] = [early, late];
  while (high - low > minuteMs) {
    const middle = Math.floor((low + high) / 2 / minuteMs) * minuteMs;
    if (wallOf(middle, zone) >= wall) high = middle;
    else low = middle;
  }
  return high;
}

export function listWeekdays(days: string): ReadonlySet<number> {
  const chosen = days.split(',').flatMap((part) => {
    const [from = '', to = from] = part.split('-');
    const [first, last] = [weekdays.indexOf(from), weekdays.indexOf(to)];
    const count = ((last - first + 7) % 7) + 1;
    return Array.from({ length: count }, (_, index) => (first + index) % 7);
  });
  return new Set(chosen);
}

function isDay(date: string, chosen: ReadonlySet<number>): boolean {
  return chosen.has(new Date(`${date}T00:00:00Z`).getUTCDay());
}

function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);
}

/** After `fromMs`, at or before `untilMs`, oldest first. */
export function listDue(digest: Digest, fromMs: number, untilMs: number): Due[] {
  const { zone, at } = digest;
  const chosen = listWeekdays(digest.days);
  const due: Due[] = [];
  const last = dateAfter(localDateOf(untilMs, zone), 1);
  for (
    let date = dateAfter(localDateOf(fromMs, zone), -1);
    date <= last;
    date = dateAfter(date, 1)
  ) {
    if (!isDay(date, chosen)) continue;
    const atMs = instantOf(date, at, zone);
    // A zone that moves over the date line leaves out a whole date.
    const exists = localDateOf(atMs, zone) === date;
    if (exists && atMs > fromMs && atMs <= untilMs) due.push({ date, atMs });
  }
  return due;
}

/** The first after that time. */
export function findNext(digest: Digest, afterMs: number): Due | undefined {
  return listDue(digest, afterMs, afterMs + 9 * dayMs)[0];
}
