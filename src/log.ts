// Structured log lines. Every line is searched for the configured secrets before it is written,
// so that no error, header or body can carry one out.
import { createRequire } from 'node:module';
import { pino } from 'pino';
import type pretty from 'pino-pretty';

export interface Log {
  /** An error goes under the name `err`: it is written with its stack and its causes. */
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
    ? openPretty({ destination: config.destination, ignore: 'pid,hostname', sync: true })
    : config.destination;
  const { err } = pino.stdSerializers;
  return pino(
    {
      level: config.level,
      base: null,
      serializers: { err, error: err, cause: err },
      hooks: { streamWrite: scrub },
    },
    stream,
  );
}

/** Loaded where a person reads along; a log that goes to a file or a collector has no use for it. */
function openPretty(options: pretty.PrettyOptions): NodeJS.WritableStream {
  const require = createRequire(import.meta.url);
  return (require('pino-pretty') as typeof pretty)(options);
}

/** Shorter values would be found everywhere, and no real secret is that short. */
const secretLengthMin = 6;

/**
 * Replaces each secret by `[secret]`: plain, line by line, inside base64 (an `Authorization: Basic`
 * header), in hex, and as JSON or URLs escape each of these, twice over: a body in JSON is often
 * logged inside JSON.
 */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const parts = new Set(secrets.flatMap(partsOf));
  const forms = new Set([...new Set([...parts].flatMap(binaryForms))].flatMap(escapedForms));
  if (forms.size === 0) return (text) => text;
  return createReplacer([...forms], '[secret]');
}

/**
 * Where several begin at the same place the longest is replaced. Not a regular expression: three
 * keys have thousands of forms, and to compile those took a third of a second and 14 MB (Node 20).
 */
function createReplacer(found: readonly string[], replacement: string): (text: string) => string {
  const startLength = Math.min(...found.map(({ length }) => length));
  const byStart = new Map<string, string[]>();
  for (const one of [...found].sort((a, b) => b.length - a.length)) {
    const start = one.slice(0, startLength);
    const others = byStart.get(start);
    if (others === undefined) byStart.set(start, [one]);
    else others.push(one);
  }
  return (text) => {
    let replaced = '';
    let done = 0;
    let at = 0;
    while (at + startLength <= text.length) {
      const candidates = byStart.get(text.slice(at, at + startLength));
      const one = candidates?.find((candidate) => text.startsWith(candidate, at));
      if (one === undefined) {
        at += 1;
        continue;
      }
      replaced += text.slice(done, at) + replacement;
      at += one.length;
      done = at;
    }
    return replaced + text.slice(done);
  };
}

/** A key is secret line by line, and in the lines of 64 into which others would break it. */
function partsOf(secret: string): string[] {
  const armour = /-----(?:BEGIN|END) [A-Z0-9 ]+-----/g;
  const isPem = secret.search(armour) !== -1;
  const lines = isPem ? secret.replace(armour, '\n').split(/\s+|\\[rn]/) : secret.split(/\r?\n/);
  const parts = [secret, ...lines];
  const joined = lines.join('');
  if (/^[A-Za-z0-9+/=_-]{65,}$/.test(joined)) {
    parts.push(...(joined.match(/.{1,64}/g) ?? []));
  }
  return parts.map((part) => part.trim()).filter((part) => part.length >= secretLengthMin);
}

function binaryForms(value: string): string[] {
  const bytes = Buffer.from(value);
  // What stands before it shifts it by none, one or two bytes; the characters at both ends then
  // hold bits of its neighbours, so the search is for those in between.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3)),
  );
  const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = bytes.toString('hex');
  return [value, ...base64, ...base64url, hex, hex.toUpperCase()];
}

const escapes: readonly ((text: string) => string)[] = [
  (text) => text,
  inJson,
  // PHP escapes slashes, Python what is not ASCII.
  (text) => inJson(text).replaceAll('/', '\\/'),
  (text) => inJson(text).replace(/[\u0080-\uffff]/g, (unit) => `\\u${hexOf(unit, 4)}`),
  inForm,
  (text) => inForm(text).replaceAll('+', '%20').replaceAll('%7E', '~'),
  (text) =>
    inForm(text)
      .replaceAll('+', '%20')
      .replace(/%(?:21|27|28|29|7E)/g, decodeURIComponent),
];

function escapedForms(text: string): string[] {
  if (/^[\w.-]*$/.test(text)) return [text];
  const once = escapes.flatMap((toForm) => [toForm(text), lowerPercents(toForm(text))]);
  const twice = [...new Set(once)].flatMap((form) => escapes.map((toForm) => toForm(form)));
  // The log line is JSON itself.
  return [...twice, ...twice.map(inJson)];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function inForm(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function lowerPercents(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase());
}

function hexOf(unit: string, length: number): string {
  return unit.charCodeAt(0).toString(16).padStart(length, '0');
}
