// The history of balances in the data folder: balances/2026-11-26.jsonl has every reading of a UTC
// day, balances/daily-2026-11.jsonl one line for each day that is over, with the last reading of each
// account. A day is written there, and synced, soon after it has ended; 90 days later its own file
// goes, and that line is what stays. So thinning rewrites nothing, and a month of daily values is read
// without the thousands of readings behind them. Readings are not synced: a power cut may cost some.
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { dayOf, isThinned, lastOfEach } from '../days.ts';
import type { Reading, ReadingRange } from '../types.ts';
import { explainUnread, explainUnwritten } from './failures.ts';
import { closing, type FileSystem, readIfThere } from './files.ts';
import { decodeReadings, encodeReadings } from './reading-line.ts';

export interface ReadingFiles {
  append(readings: readonly Reading[]): Promise<void>;
  read(range: ReadingRange): AsyncIterable<Reading>;
  /** Resolves when nothing is being written. Never throws. */
  finish(): Promise<void>;
}

export interface ReadingFilesConfig {
  readonly dataDir: string;
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly log: Log;
}

const folderName = 'balances';
const dayName = /^(\d{4}-\d\d-\d\d)\.jsonl$/;
const monthName = /^daily-(\d{4}-\d\d)\.jsonl$/;
const lineFeed = 0x0a;

export function createReadingFiles(config: ReadingFilesConfig): ReadingFiles {
  const { files, clock, log } = config;
  const folder = join(config.dataDir, folderName);
  const pathOfDay = (day: string) => join(folder, `${day}.jsonl`);
  const pathOfMonth = (month: string) => join(folder, `daily-${month}.jsonl`);
  let writing: Promise<unknown> = Promise.resolve();
  /** Days that got a reading and no line since. */
  const touched = new Set<string>();
  /** The day on which the days before it were last looked through. */
  let keptUpOn: string | undefined;

  /** Begins a new line also where a kill left half of one. */
  const appendLine = async (path: string, text: string, isSynced: boolean) => {
    const file = await files.open(path, 'create');
    await closing(file, async () => {
      const size = await file.size();
      const [last] = size === 0 ? [lineFeed] : await file.read(size - 1, 1);
      await file.write(Buffer.from(`${last === lineFeed ? '' : '\n'}${text}\n`), size);
      if (isSynced) await file.sync();
    });
    if (isSynced) await files.syncFolder(folder);
  };

  const readLines = async (path: string): Promise<Reading[][]> => {
    const text = (await readIfThere(files, path))?.toString('utf8') ?? '';
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.flatMap((line) => {
      const readings = decodeReadings(line);
      return readings === undefined ? [] : [[...readings]];
    });
  };

  const readDay = async (day: string) => (await readLines(pathOfDay(day))).flat();

  /** By day; a line that was written later counts. */
  const readMonth = async (month: string) => {
    const days = new Map<string, Reading[]>();
    for (const readings of await readLines(pathOfMonth(month))) {
      const [first] = readings;
      if (first !== undefined) days.set(dayOf(first.atMs), readings);
    }
    return days;
  };

  const writeDaily = async (day: string) => {
    const last = lastOfEach(await readDay(day));
    if (last.length > 0) await appendLine(pathOfMonth(monthOf(day)), encodeReadings(last), true);
    touched.delete(day);
  };

  const removeDay = async (day: string) => {
    // Its line may have been written by a process that was killed before it could sync.
    const file = await files.open(pathOfMonth(monthOf(day)), 'create');
    await closing(file, () => file.sync());
    await files.syncFolder(folder);
    await files.remove(pathOfDay(day));
  };

  const keepUp = async () => {
    const now = clock.now();
    const today = dayOf(now);
    const isLate = [...touched].some((day) => day < today);
    if (keptUpOn === today && !isLate) return;
    const over = (await list()).days.filter((day) => day < today);
    for (const month of new Set(over.map(monthOf))) {
      const known = await readMonth(month);
      for (const day of over.filter((one) => monthOf(one) === month)) {
        if (!known.has(day) || touched.has(day)) await writeDaily(day);
        if (isThinned(day, now)) await removeDay(day);
      }
    }
    keptUpOn = today;
  };

  const list = async () => {
    const names = await files.list(folder);
    const named = (pattern: RegExp) =>
      names.flatMap((name) => pattern.exec(name)?.[1] ?? []).sort();
    return { days: named(dayName), months: named(monthName) };
  };

  const write = async (readings: readonly Reading[]) => {
    await files.makeFolder(folder);
    for (const day of new Set(readings.map(({ atMs }) => dayOf(atMs)))) {
      const rows = readings.filter(({ atMs }) => dayOf(atMs) === day);
      touched.add(day);
      await appendLine(pathOfDay(day), encodeReadings(rows), false);
    }
    // The readings are kept; what follows is tried again with the next ones.
    await keepUp().catch((error: unknown) => {
      log.warn({ err: error }, 'the history of balances could not be tidied');
    });
  };

  return {
    async append(readings) {
      if (readings.length === 0) return;
      encodeReadings(readings);
      const copy = structuredClone(readings);
      const written = writing.then(() => write(copy));
      writing = written.catch(() => undefined);
      await written.catch((error: unknown) => {
        throw explainUnwritten(error);
      });
    },

    async *read({ sinceMs, untilMs = Number.POSITIVE_INFINITY, each }) {
      const since = dayOf(Math.max(sinceMs, 0));
      try {
        await writing;
        const { days, months } = await list();
        for (const month of [...new Set([...months, ...days.map(monthOf)])].sort()) {
          if (month < monthOf(since)) continue;
          const daily = await readMonth(month);
          const own = new Set(days.filter((day) => monthOf(day) === month));
          for (const day of [...new Set([...own, ...daily.keys()])].sort()) {
            if (day < since) continue;
            // Its own file has everything, for as long as it is there.
            const isShort = each === 'day' && !touched.has(day) ? daily.has(day) : !own.has(day);
            const readings = isShort ? (daily.get(day) ?? []) : await readDay(day);
            const wanted = each === 'day' ? lastOfEach(readings) : readings;
            yield* wanted
              .filter(({ atMs }) => atMs >= sinceMs && atMs < untilMs)
              .sort((a, b) => a.atMs - b.atMs);
          }
        }
      } catch (error) {
        throw explainUnread(error, folderName);
      }
    },

    async finish() {
      await writing;
    },
  };
}

/** `2026-11` */
function monthOf(day: string): string {
  return day.slice(0, 7);
}
