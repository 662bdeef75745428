// Starts processes with a store of their own, and ends them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./store-process.ts', import.meta.url));

export interface StoreProcess {
  readonly child: ChildProcess;
  /** All lines so far. */
  readonly lines: readonly string[];
  /** The next line that the test has not seen; undefined after the last. */
  next(): Promise<string | undefined>;
  /** Ends it as kill -9 does, and waits for that. */
  kill(): Promise<void>;
}

export function startStoreProcess(dataDir: string, steps = 0): StoreProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir, String(steps)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = once(child, 'close');
  let seen = 0;
  return {
    child,
    lines,
    async next() {
      while (lines.length === seen) {
        const what = await Promise.race([once(reader, 'line'), ended.then(() => 'ended')]);
        if (what === 'ended' && lines.length === seen) return undefined;
      }
      seen += 1;
      return lines[seen - 1];
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
