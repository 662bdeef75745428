// What it costs to have Purser at all: from the start of its process until Slack and Discord both have
// it, and the memory that it keeps while nobody asks anything. Beside a process that only loads both
// SDKs and connects. One process at a time, turn by turn. A start may take twice the bare one: to
// read the configuration and the store and to compare the registered commands is worth half a second
// once a deployment.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type App,
  ana,
  ben,
  type Chats,
  openChats,
  pause,
  startBareSdks,
  startWholePurser,
} from './apps.ts';
import type { Served } from './connect.ts';
import { type Result, type Times, toRatio, toTimes } from './measure.ts';

const names = { memory: 'memory-ratio', start: 'start-ratio' };
const rounds = 5;
/** Checks of channels and people, first readings and the like are over by then. */
const idleMs = 4000;
const people = [ana, ben];

export async function benchFootprint(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!Object.values(names).some(isWanted)) return [];
  const sandboxes = fork(fileURLToPath(new URL('./sandboxes.ts', import.meta.url)));
  const folder = await mkdtemp(join(tmpdir(), 'purser-bench-'));
  try {
    const [providers] = (await once(sandboxes, 'message')) as [Served[]];
    const figures = { ours: { mb: [], ms: [] }, floor: { mb: [], ms: [] } } as Figures;
    for (let turn = 0; turn < rounds; turn += 1) {
      const at = join(folder, String(turn));
      const ours = (chats: Chats) => startWholePurser(chats, { folder: at, people, providers });
      const floor = (chats: Chats) => startBareSdks(chats, { folder: `${at}-bare` });
      await measure(ours, figures.ours);
      await measure(floor, figures.floor);
    }
    return [
      toRatio(names.memory, mediansOf(figures, 'mb'), { unit: 'MB', most: 1.25 }),
      toRatio(names.start, mediansOf(figures, 'ms'), { unit: 'ms', most: 2 }),
    ].filter(({ name }) => isWanted(name));
  } finally {
    sandboxes.disconnect();
    await rm(folder, { recursive: true });
  }
}

interface Series {
  readonly mb: number[];
  readonly ms: number[];
}
interface Figures {
  readonly ours: Series;
  readonly floor: Series;
}

function mediansOf({ ours, floor }: Figures, which: keyof Series): Times {
  return toTimes(ours[which], floor[which]);
}

async function measure(start: (chats: Chats) => Promise<App>, { mb, ms }: Series): Promise<void> {
  const chats = await openChats(people);
  const app = await start(chats);
  try {
    ms.push(await app.connected());
    await pause(idleMs);
    mb.push(await readResidentMb(app.pid));
  } finally {
    await app.stop();
    await chats.stop();
  }
}

/** No garbage is collected for the occasion: this is what the machine has to give. */
async function readResidentMb(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return (Number(stdout) * 1024) / 1e6;
}
