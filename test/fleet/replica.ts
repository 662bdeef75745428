// One Purser as a process: the built program with an environment of its own, started and ended as an
// operating system does it. What it writes is kept as lines over all its lives.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface Line {
  /** Which of its lives. */
  readonly life: number;
  /** `debug` to `fatal`; undefined for what is no line of the log. */
  readonly level: string | undefined;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** As it was written. */
  readonly text: string;
}

export interface Replica {
  /** `r1` */
  readonly name: string;
  readonly lines: readonly Line[];
  readonly state: 'down' | 'starting' | 'up' | 'paused';
  /** Of the process that runs, or ran last. */
  readonly pid: number;
  readonly life: number;
  /** Resolves when it says that it has started. */
  start(): Promise<void>;
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM. Gives the exit code. */
  stop(): Promise<number | null>;
  pause(): void;
  resume(): void;
  /** Its clock goes so far ahead of this machine's. */
  setAhead(ms: number): Promise<void>;
  /** Resolves with the first line of this life that fits, also one that was written before. */
  untilLine(fits: (line: Line) => boolean, what: string): Promise<Line>;
  /** Resolves with what it says when it ends by itself. */
  untilEnd(): Promise<number | null>;
}

export interface ReplicaOptions {
  readonly name: string;
  readonly folder: string;
  /** Read at each start: an operator may have moved to another store. */
  environment(): Readonly<Record<string, string>>;
  readonly aheadMs: () => number;
}

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const steeredClock = new URL('steered-clock.mjs', import.meta.url);
const levels: Readonly<Record<number, string>> = {
  ...{ 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' },
};
const patienceMs = 60_000;

export function createReplica(options: ReplicaOptions): Replica {
  const { name, folder } = options;
  const lines: Line[] = [];
  const watchers = new Set<() => void>();
  let child: ChildProcess | undefined;
  let life = 0;
  let state: Replica['state'] = 'down';
  let isAsked = false;

  const keep = (stream: Readable, isLog: boolean) => {
    const own = life;
    createInterface({ input: stream }).on('line', (text) => {
      if (text.trim() === '') return;
      lines.push({ life: own, ...(isLog ? parse(text) : plain(text)) });
      for (const watch of [...watchers]) watch();
    });
  };

  const ended = async (): Promise<number | null> => {
    const running = child;
    if (running === undefined) return null;
    if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
    return running.exitCode;
  };

  const untilLine: Replica['untilLine'] = (fits, what) =>
    new Promise((resolve, reject) => {
      const own = life;
      let read = 0;
      const finish = (settle: () => void) => {
        clearTimeout(late);
        watchers.delete(look);
        settle();
      };
      const fail = (why: string) =>
        finish(() => reject(new Error(`${name} ${why} before ${what}:\n${tail(lines, own)}`)));
      const look = () => {
        for (; read < lines.length; read += 1) {
          const line = lines[read];
          if (line === undefined || line.life !== own || !fits(line)) continue;
          finish(() => resolve(line));
          return;
        }
        if (own !== life || state === 'down') fail('ended');
      };
      const late = setTimeout(() => fail(`took ${patienceMs} ms`), patienceMs);
      watchers.add(look);
      look();
    });

  return {
    name,
    lines,
    get state() {
      return state;
    },
    get pid() {
      return child?.pid ?? 0;
    },
    get life() {
      return life;
    },
    async start() {
      if (state !== 'down') throw new Error(`${name} runs already`);
      life += 1;
      state = 'starting';
      const preload = new URL(`?aheadMs=${options.aheadMs()}`, steeredClock).href;
      // As `npm start` does.
      const words = ['--max-semi-space-size=4', '--import', preload, program];
      child = spawn(process.execPath, words, {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), ...options.environment() },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      const started = child;
      started.setMaxListeners(0);
      isAsked = false;
      started.on('exit', (code) => {
        if (child === started) state = 'down';
        const text = `it ended by itself with ${code}`;
        if (!isAsked) lines.push({ ...plain(text), life, level: 'fatal' });
        // What it wrote last is read first.
        setImmediate(() => {
          for (const watch of [...watchers]) watch();
        });
      });
      if (started.stdout !== null) keep(started.stdout, false);
      if (started.stderr !== null) keep(started.stderr, true);
      await untilLine(({ message }) => message.includes('Stop it with Ctrl-C'), 'it had started');
      if (state === 'starting') state = 'up';
    },
    async kill() {
      isAsked = true;
      child?.kill('SIGKILL');
      await ended();
      state = 'down';
    },
    async stop() {
      isAsked = true;
      if (state === 'paused') child?.kill('SIGCONT');
      child?.kill('SIGTERM');
      return await ended();
    },
    pause() {
      child?.kill('SIGSTOP');
      state = 'paused';
    },
    resume() {
      child?.kill('SIGCONT');
      state = 'up';
    },
    async setAhead(ms) {
      const running = child;
      if (running?.connected !== true || state === 'paused') return;
      const told = Promise.race([once(running, 'message'), once(running, 'exit')]);
      running.send({ aheadMs: ms }, () => {});
      await told;
    },
    untilLine,
    untilEnd: ended,
  };
}

/**
 * The longest file that it may write, in bytes or `unlimited`: with 1 nothing can be written any more,
 * as on a full disk. https://man7.org/linux/man-pages/man1/prlimit.1.html (read 2026-11-27)
 */
export function limitFiles({ pid }: Replica, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}

function parse(text: string): Omit<Line, 'life'> {
  try {
    const { level, msg, ...fields } = JSON.parse(text);
    return { level: levels[level] ?? String(level), message: String(msg), fields, text };
  } catch {
    return { ...plain(text), level: 'unread' };
  }
}

function plain(text: string): Omit<Line, 'life'> {
  return { level: undefined, message: text, fields: {}, text };
}

function tail(lines: readonly Line[], life: number): string {
  const own = lines.filter((line) => line.life === life && line.message !== 'answered').slice(-12);
  return own.map(({ text }) => text.slice(0, 400)).join('\n');
}
