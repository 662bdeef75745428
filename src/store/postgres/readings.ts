// The history of balances: every reading of the last 90 days, and of each day the last reading of
// each account for ever. Both are written at once, so that thinning is nothing but a deletion.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { dayMs, dayOf, fullDaysMs } from '../days.ts';
import { toReadingRows } from '../reading-rows.ts';
import type { Reading, ReadingRange } from '../types.ts';
import type { Sessions } from './sessions.ts';

const pageMax = 2_000;

/** What was thinned is in purser_daily only; what was not is in both. */
const everyReading = `
  SELECT at_ms, sequence, reading FROM purser_readings
  UNION ALL
  SELECT at_ms, sequence, reading FROM purser_daily
  WHERE NOT EXISTS (
    SELECT FROM purser_readings WHERE purser_readings.sequence = purser_daily.sequence)`;

const toPage = (source: string) => `
  SELECT at_ms::float8, sequence, reading FROM (${source}) AS one
  WHERE at_ms >= $1 AND at_ms < $2 AND (at_ms, sequence) > ($3, $4)
  ORDER BY one.at_ms, one.sequence LIMIT ${pageMax}`;

export const pages = {
  reading: { name: 'purser readings', text: toPage(everyReading) },
  day: { name: 'purser days', text: toPage('TABLE purser_daily') },
};

interface ReadingRow {
  readonly at_ms: number;
  readonly sequence: string;
  readonly reading: string;
}

export interface Readings {
  append(readings: readonly Reading[]): Promise<void>;
  listPage(range: ReadingRange, after: ReadingMark): Promise<ReadingPage>;
}

/** The place of a reading in the order of time. */
export interface ReadingMark {
  readonly atMs: number;
  readonly sequence: string;
}

export interface ReadingPage {
  readonly readings: readonly Reading[];
  /** Where the next page begins; undefined after the last one. */
  readonly next: ReadingMark | undefined;
}

export const readingsStart: ReadingMark = { atMs: Number.MIN_SAFE_INTEGER, sequence: '0' };

export function createReadings({
  sessions,
  clock,
}: {
  sessions: Pick<Sessions, 'run'>;
  clock: Pick<Clock, 'now'>;
}): Readings {
  /** The day on which the days before it were last looked through. */
  let thinnedOn: string | undefined;

  const thin = async (oldestMs: number) => {
    const now = clock.now();
    const fullFromMs = Math.floor((now - fullDaysMs) / dayMs) * dayMs;
    if (thinnedOn === dayOf(now) && oldestMs >= fullFromMs) return;
    const text = 'DELETE FROM purser_readings WHERE at_ms < $1';
    await sessions.run({ text, values: [fullFromMs] });
    thinnedOn = dayOf(now);
  };

  return {
    async append(readings) {
      const texts = toReadingRows(readings);
      if (texts.length === 0) return;
      const times = readings.map(({ atMs }) => atMs);
      const accounts = readings.map(toAccount);
      await sessions.run({
        name: 'purser append',
        text: 'SELECT purser_append($1, $2, $3, $4)',
        values: [randomUUID(), times, accounts, texts],
      });
      await thin(Math.min(...times));
    },
    async listPage({ sinceMs, untilMs, each }, after) {
      const rows = await sessions.run<ReadingRow>({
        ...pages[each],
        values: [
          Math.max(Math.ceil(sinceMs), Number.MIN_SAFE_INTEGER),
          untilMs === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(untilMs),
          after.atMs,
          after.sequence,
        ],
      });
      const last = rows.length < pageMax ? undefined : rows.at(-1);
      return {
        readings: rows.map(({ reading }) => JSON.parse(reading)),
        next: last && { atMs: last.at_ms, sequence: last.sequence },
      };
    },
  };
}

/** What has a last reading of its own each day. */
export function toAccount({ provider, account, currency }: Reading): string {
  return JSON.stringify([provider, account, currency]);
}
