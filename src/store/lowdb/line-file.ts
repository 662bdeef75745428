// An append-only file of lines, of which the store knows how many bytes are durable. What lies behind
// them is the step in progress: all of it, a part, or what a power cut made of it. It is written at
// its place, never "at the end", so that writing it again does no harm.
import { dirname } from 'node:path';
import { StoreError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { adviseOnLine, adviseOnLoss, explainUnread } from './failures.ts';
import { closing, type FileSystem, type OpenFile, openIfThere } from './files.ts';

export interface LineFile {
  readonly name: string;
  /** Durable bytes: whole lines. */
  readonly bytes: number;
  /** Lines that belong at the end of the file next; only when all before are flushed. */
  queue(text: string): void;
  /**
   * The queued lines are durable when it resolves. After a throw it is to be called again. At load
   * too, when they are all there: a kill may have left them in memory only, and only fsync tells.
   */
  flush(): Promise<void>;
  /**
   * At load, before the first flush: throws when the file has less than its known bytes, or more
   * than the queued lines behind them. Half a line is kept aside.
   */
  check(): Promise<void>;
  /** The lines of the first `end` bytes, without their line feeds. */
  scan(end: number): AsyncGenerator<Line>;
  read(position: number, length: number): Promise<Buffer>;
  /** Throws when there is more in the file than Purser wrote. */
  refuseStray(): Promise<void>;
}

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly position: number;
  readonly bytes: Buffer;
}

export interface LineFileConfig {
  readonly path: string;
  readonly name: string;
  readonly files: FileSystem;
  readonly log: Log;
  /** Durable bytes, as open.json says. */
  readonly bytes: number;
}

const chunkBytes = 1_048_576;
/** No line that Purser writes comes near it: a value has 64 KiB at most. */
const lineBytesMax = 262_144;
const lineFeed = 0x0a;

export function createLineFile(config: LineFileConfig): LineFile {
  const { path, name, files } = config;
  let durable = config.bytes;
  let queued = Buffer.alloc(0);

  const openOwn = async () =>
    durable === 0 ? await files.open(path, 'create') : await openIfThere(files, path, 'update');

  const writeQueued = async (file: OpenFile) => {
    await file.write(queued, durable);
    await file.sync();
    if (durable === 0) await files.syncFolder(dirname(path));
    durable += queued.length;
    queued = Buffer.alloc(0);
  };

  const refuseSize = (size: number) => {
    if (size < durable) throw lost(name, durable, size);
    if (size > durable + queued.length) throw foreign(name, durable);
  };

  const flush = async () => {
    if (queued.length === 0) return;
    const file = await openOwn();
    if (file === undefined) throw lost(name, durable, 0);
    await closing(file, async () => {
      refuseSize(await file.size());
      await writeQueued(file);
    });
  };

  return {
    name,
    get bytes() {
      return durable;
    },

    queue(text) {
      if (queued.length > 0) throw new Error(`${name} has lines that are not flushed`);
      queued = Buffer.from(text);
    },

    flush,

    async check() {
      const file = await openIfThere(files, path, 'read');
      if (file === undefined) {
        if (durable > 0) await acceptLoss(config);
        durable = 0;
        return;
      }
      await closing(file, async () => {
        const size = await file.size();
        refuseSize(size);
        const found = await file.read(durable, size - durable);
        if (found.length > 0 && !found.equals(queued)) await keepTorn(config, found);
      });
    },

    async *scan(end) {
      if (end === 0) return;
      const file = await openIfThere(files, path, 'read');
      if (file === undefined) throw lost(name, end, 0);
      try {
        yield* linesOf(file, name, end);
      } catch (error) {
        throw explainUnread(error, name);
      } finally {
        await file.close();
      }
    },

    async read(position, length) {
      try {
        const file = await files.open(path, 'read');
        return await closing(file, () => file.read(position, length));
      } catch (error) {
        throw explainUnread(error, name);
      }
    },

    async refuseStray() {
      const file = await openIfThere(files, path, 'read');
      if (file === undefined) return;
      const size = await closing(file, () => file.size());
      // Known only now: a step may have been written meanwhile.
      if (size > durable + queued.length) throw foreign(name, durable);
    },
  };
}

async function* linesOf(file: OpenFile, name: string, end: number): AsyncGenerator<Line> {
  let number = 0;
  let position = 0;
  let rest: Buffer = Buffer.alloc(0);
  while (position + rest.length < end) {
    const from = position + rest.length;
    const chunk = await file.read(from, Math.min(chunkBytes, end - from));
    if (chunk.length === 0) throw lost(name, end, from);
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let at = rest.indexOf(lineFeed); at >= 0; at = rest.indexOf(lineFeed, start)) {
      number += 1;
      yield { number, position: position + start, bytes: rest.subarray(start, at) };
      start = at + 1;
    }
    rest = rest.subarray(start);
    position += start;
    if (rest.length > lineBytesMax) throw unended(name, number + 1);
  }
  if (rest.length > 0) throw unended(name, number + 1);
}

/** Nothing of it is thrown away: an auditor may ask what it was. */
async function keepTorn({ path, name, files, log }: LineFileConfig, found: Buffer): Promise<void> {
  const file = await files.open(`${path}.torn`, 'replace');
  await closing(file, async () => {
    await file.write(found, 0);
    await file.sync();
  });
  log.warn(
    { file: name, bytes: found.length, keptIn: `${name}.torn` },
    'the last step was only partly written before Purser stopped; it is written again',
  );
}

/** Somebody gave the file up on purpose, as the message of `lost` says. */
async function acceptLoss({ path, name, files, log, bytes }: LineFileConfig): Promise<void> {
  const given = await openIfThere(files, `${path}.lost`, 'read');
  if (given === undefined) throw lost(name, bytes, 0);
  await given.close();
  // Under its own name the permission would hold for the next loss too.
  await files.rename(`${path}.lost`, `${path}.given-up-${bytes}`);
  log.error({ file: name }, 'a file was given up: what it held is not known to Purser any more');
}

function lost(name: string, expected: number, size: number): StoreError {
  const what = size === 0 ? 'is missing or empty' : `ends after ${size} bytes`;
  return new StoreError(
    `${name} ${what}, but ${expected} bytes had been written. Restore it from a backup. ${adviseOnLoss(name)}`,
  );
}

function unended(name: string, line: number): StoreError {
  return new StoreError(`${name} is damaged in line ${line}: it has no end. ${adviseOnLine(name)}`);
}

function foreign(name: string, expected: number): StoreError {
  return new StoreError(
    `${name} goes on after the ${expected} bytes that Purser knows of: either open.json is an older copy, and a payout that was sent would look unsent, or somebody wrote into ${name}. Restore the whole folder from one backup.`,
  );
}
