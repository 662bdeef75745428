// Structured log lines. Every line is searched for the configured secrets before it is written,
// so that no error, header or body can carry one out.
import { pino } from 'pino';
import pretty from 'pino-pretty';

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogConfig {
  level: LogLevel;
  /** Values that must never be written, whatever their encoding. */
  secrets: readonly string[];
  destination: NodeJS.WritableStream & { isTTY?: boolean };
}

export function createLog(config: LogConfig): Log {
  const scrub = createScrubber(config.secrets);
  const stream = config.destination.isTTY
    ? pretty({ destination: config.destination, ignore: 'pid,hostname', sync: true })
    : config.destination;
  return pino({ level: config.level, base: null, hooks: { streamWrite: scrub } }, stream);
}

/** Shorter values would be found everywhere, and no real secret is that short. */
const secretLengthMin = 6;

/** Replaces each secret, also in its JSON, URL, base64 and line-by-line forms, by `[secret]`. */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    // A PEM key is one secret a line: a single line of it must not pass either.
    for (const part of [secret, ...secret.split(/\r?\n/)]) {
      const value = part.trim();
      if (value.length < secretLengthMin || value.startsWith('-----')) continue;
      forms.add(value);
      forms.add(JSON.stringify(value).slice(1, -1));
      forms.add(encodeURIComponent(value));
      forms.add(Buffer.from(value).toString('base64'));
    }
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return (text) => text;
  const pattern = new RegExp(longestFirst.map(escapeForRegExp).join('|'), 'g');
  return (text) => text.replace(pattern, '[secret]');
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
