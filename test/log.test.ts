// What createLog really writes, searched for secrets in every form in which one could get there.
import { generateKeyPairSync } from 'node:crypto';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../src/errors.ts';
import { createLog, createScrubber, type LogLevel, logLevels } from '../src/log.ts';

function createSink(isTTY = false) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { destination: Object.assign(stream, { isTTY }), text: () => written.join('') };
}

function openLog(secrets: readonly string[], level: LogLevel = 'debug', isTTY = false) {
  const sink = createSink(isTTY);
  return { log: createLog({ level, secrets, destination: sink.destination }), text: sink.text };
}

/** JSON lines as a log collector would read them. */
function readLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const percent = (text: string) => encodeURIComponent(text);
const form = (text: string) => new URLSearchParams({ key: text }).toString().slice(4);
const base64 = (text: string) => Buffer.from(text).toString('base64');
/** How a secret may look by the time it reaches a log line, each written without createScrubber. */
const encodings: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  json,
  'json in json': (secret) => json(json(secret)),
  'json of PHP': (secret) => json(secret).replaceAll('/', '\\/'),
  'json of Python': (secret) =>
    json(secret).replace(
      /[^\0-\x7f]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  percent,
  'percent in lower case': (secret) =>
    percent(secret).replace(/%../g, (escaped) => escaped.toLowerCase()),
  'percent twice': (secret) => percent(percent(secret)),
  form,
  base64,
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'percent of base64': (secret) => percent(base64(secret)),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  'HEX in capitals': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
};
const secretTexts = fc
  .oneof(
    fc.string({ minLength: 8, maxLength: 40 }),
    fc.string({ unit: 'binary', minLength: 8, maxLength: 30 }),
    fc.base64String({ minLength: 12, maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...`"\\/+=&%'é~!()<`), minLength: 8, maxLength: 20 }),
  )
  // Spaces at the ends are cut off: nobody could see them in an environment file.
  .filter((text) => text === text.trim() && !/[\r\n]/.test(text) && text.length >= 8);

describe('createLog', () => {
  it.each(Object.entries(encodings))('writes no secret in the form: %s', (_name, encode) => {
    fc.assert(
      fc.property(secretTexts, (secret) => {
        const { log, text } = openLog([secret]);
        const encoded = encode(secret);
        log
          .child({ bound: encoded })
          .info({ body: encoded, [encoded]: [{ deep: encoded }] }, encoded);
        const values = readLines(text()).map((line) => JSON.stringify(line) + gather(line));
        expect(values.join()).toContain('[secret]');
        expect(values.join()).not.toContain(encoded);
        expect(values.join()).not.toContain(secret);
      }),
    );
  });

  it('writes no password of a Basic header, whatever the length of the user name', () => {
    fc.assert(
      fc.property(secretTexts, fc.string(), (secret, user) => {
        const { log, text } = openLog([secret]);
        log.error({ authorization: `Basic ${base64(`${user}:${secret}`)}` }, 'refused');
        const [line = {}] = readLines(text());
        const left = Buffer.from(String(line['authorization']).slice('Basic '.length), 'base64');
        expect(line['authorization']).toContain('[secret]');
        expect(left.toString()).not.toContain(secret);
      }),
    );
  });

  it('writes no secret of an error, of its stack, of its fields or of its causes', () => {
    fc.assert(
      fc.property(secretTexts, fc.constantFrom('err', 'error', 'cause'), (secret, field) => {
        const { log, text } = openLog([secret]);
        const root = Object.assign(new Error(`sent ${secret}`), { header: secret });
        const middle = new TypeError(`while sending ${secret}`, { cause: root });
        const error = new ProviderError({
          code: 'rejected',
          provider: 'payermax',
          operation: 'getBalances',
          message: `PayerMax said ${secret}.`,
          providerCode: secret,
          remedy: `Change ${secret}.`,
          cause: new AggregateError([middle], secret, { cause: middle }),
        });
        log.error({ [field]: error }, `failed: ${secret}`);
        expect(text()).toContain('[secret]');
        expect(text() + gather(readLines(text()))).not.toContain(secret);
      }),
    );
  });

  it('keeps what a reader needs of an error: type, code, stack and every cause', () => {
    const { log, text } = openLog([]);
    const cause = new Error('the root', { cause: new RangeError('below the root') });
    const facts = { provider: 'payermax', operation: 'getBalances', httpStatus: 502 };
    const err = new ProviderError({ ...facts, code: 'unavailable', message: 'No answer.', cause });
    log.warn({ err, reference: 'r1' }, 'provider failed');
    log.warn({ error: err }, 'under another name');
    const [line, other] = readLines(text());
    expect(other?.['error']).toEqual(line?.['err']);
    expect(line).toMatchObject({
      level: 40,
      reference: 'r1',
      msg: 'provider failed',
      err: { type: 'ProviderError', code: 'unavailable', httpStatus: 502 },
    });
    expect(gather(line)).toMatch(
      /ProviderError: No answer[\s\S]+Error: the root[\s\S]+below the root/,
    );
    expect(gather(line)).toContain('log.test.ts');
  });

  it('writes no line of a key, in whatever lines the key is broken', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const body = privateKey.split('\n').slice(1, -2);
    const bare = body.join('');
    for (const configured of [privateKey, bare, privateKey.replaceAll('\n', '\\n')]) {
      const { log, text } = openLog([configured]);
      log.error({ err: new Error(privateKey), lines: body, bare, json: json(privateKey) }, bare);
      for (const line of body) {
        log.info({}, `a single line: ${line}`);
        log.info(
          { bodyBase64: base64(line), query: percent(line), php: line.replaceAll('/', '\\/') },
          '-',
        );
      }
      const found = [
        ...body,
        ...body.map(percent),
        ...body.map((line) => base64(line).slice(0, 40)),
      ]
        .concat(body.map((line) => line.replaceAll('/', '\\\\/')))
        .filter((line) => line.length > 20 && text().includes(line));
      expect(found).toEqual([]);
      expect(text()).toContain('[secret]');
    }
  });

  it('leaves lines without secrets as they are, and every line is JSON', () => {
    const { log, text } = openLog(['hunter2hunter2']);
    log.info({ operation: 'getBalances', units: 12_345_678_901_234_567_890n }, 'done 100 %s');
    expect(text()).toMatch(/"units":12345678901234567890,/);
    expect(readLines(text())[0]).toMatchObject({
      level: 30,
      operation: 'getBalances',
      msg: 'done 100 %s',
    });
    expect(text()).not.toContain('[secret]');
    expect(text()).not.toMatch(/hostname|pid/);
  });

  it('writes what its level lets through, and nothing when silent', () => {
    const names = ['debug', 'info', 'warn', 'error'] as const;
    for (const [index, level] of logLevels.entries()) {
      const { log, text } = openLog([], level);
      for (const name of names) log[name]({}, name);
      expect(readLines(text()).map(({ msg }) => msg)).toEqual(names.slice(index));
    }
  });

  it('carries the fields of a child into its lines, and no further', () => {
    const { log, text } = openLog([]);
    log.child({ provider: 'alignet' }).child({ operation: 'getBalances' }).info({}, 'inner');
    log.info({}, 'outer');
    expect(readLines(text())).toMatchObject([
      { provider: 'alignet', operation: 'getBalances', msg: 'inner' },
      { msg: 'outer' },
    ]);
    expect(readLines(text())[1]).not.toHaveProperty('provider');
  });

  it('is readable on a terminal, and scrubbed there too', () => {
    const secret = 'p@ss "w/ö\\rd';
    const { log, text } = openLog([secret], 'info', true);
    log.debug({}, 'not this one');
    log.warn({ err: new Error(`refused ${secret}`), key: secret }, 'PayerMax failed');
    expect(text()).toMatch(/WARN.*PayerMax failed/);
    expect(text()).toMatch(/^\s+key: "\[secret\]"$/m);
    expect(text()).toMatch(/^\s+Error: refused \[secret\]$/m);
    expect(text()).not.toContain('not this one');
    expect(() => JSON.parse(text().split('\n')[0] ?? '')).toThrow(SyntaxError);
  });
});

describe('createScrubber', () => {
  it('takes the longest secret first, so that none of it stays', () => {
    const scrub = createScrubber(['abcdef', 'abcdefghijkl']);
    expect(scrub('abcdefghijkl abcdef')).toBe('[secret] [secret]');
  });

  it('leaves texts alone when there is nothing to look for', () => {
    for (const secrets of [[], [''], ['\n'], ['abc', '  12345  ']]) {
      expect(createScrubber(secrets)('abc 12345 \n def')).toBe('abc 12345 \n def');
    }
  });

  it('does not take a key’s header line for a secret', () => {
    const scrub = createScrubber([
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----',
    ]);
    expect(scrub('expected -----BEGIN PRIVATE KEY----- here')).toBe(
      'expected -----BEGIN PRIVATE KEY----- here',
    );
    expect(scrub('MIIEvQIBADANBg')).toBe('[secret]');
  });
});

/** Every name and text inside, unescaped. */
function gather(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, item]) => `${name}\n${gather(item)}`)
    .join('\n');
}
