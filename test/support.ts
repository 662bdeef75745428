// What tests inject: time that they own, a log that can be searched, and nonces.
import type { Clock } from '../src/clock.ts';
import type { Log } from '../src/log.ts';

export interface FakeClock extends Clock {
  /** Sleeps asked for so far; a fake sleep passes at once and moves the clock. */
  readonly slept: readonly number[];
  advance(ms: number): void;
}

export function createFakeClock(nowMs = Date.parse('2026-11-20T12:00:00Z')): FakeClock {
  let now = nowMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: object;
}

/** Keeps every line, debug included. `text()` is all that a reader of the log could find. */
export function createRecordingLog(): Log & { lines: LogLine[]; text(): string } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level'], bound: object) => (fields: object, message: string) => {
    lines.push({ level, message, fields: { ...bound, ...fields } });
  };
  const bind = (bound: object): Log => ({
    debug: at('debug', bound),
    info: at('info', bound),
    warn: at('warn', bound),
    error: at('error', bound),
    child: (fields) => bind({ ...bound, ...fields }),
  });
  return {
    ...bind({}),
    lines,
    text: () => lines.map(({ message, fields }) => `${message} ${describe(fields)}`).join('\n'),
  };
}

/** Errors with their stacks and causes too, as a log writer would print them. */
function describe(value: unknown, depth = 0): string {
  if (value instanceof Error) {
    const own = describe({ ...value, cause: undefined }, depth + 1);
    return `${value.stack} ${own} ${depth > 5 ? '' : describe(value.cause, depth + 1)}`;
  }
  if (typeof value === 'object' && value !== null && depth <= 6) {
    return Object.entries(value)
      .map(([key, item]) => `${key}=${describe(item, depth + 1)}`)
      .join(' ');
  }
  return String(value);
}

let nonces = 0;
export function newTestNonce(): string {
  nonces += 1;
  return `nonce${String(nonces).padStart(16, '0')}`;
}
