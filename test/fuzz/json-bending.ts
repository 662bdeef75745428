// How a provider's answer is bent: one place of its JSON or form text becomes something else, the
// bytes get another coat, or the HTTP around them changes. No word here is a final status anywhere.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { SandboxAnswer } from '../../src/providers/sandbox.ts';
import { bend, edits } from './bending.ts';

/** Each is source text of JSON. */
const values = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1',
    '""',
    '" "',
    '[]',
    '{}',
    '[[]]',
    '[null]',
    '"0"',
  ],
  ...[
    '1e400',
    '-1e400',
    '1E-7',
    '1.0',
    '0.1',
    '00',
    '.5',
    '+1',
    '1_000',
    '0x1F',
    'NaN',
    'Infinity',
  ],
  ...['9'.repeat(39), '9'.repeat(41), `"${'9'.repeat(300)}"`, '123456789012345678901234567890.123'],
  ...[
    '1.7976931348623157e308',
    '4.9e-324',
    '9007199254740993',
    '"12,345.67"',
    '"1.234,56"',
    '"1 000"',
  ],
  ...['"١٢٣"', '"１２"', '"12\\u0000"', '"12 "', '"-"', '"1e3"', '"0x10"', '"NaN"', '"null"'],
  ...['"\\ud800"', '"\\u202e"', '"\\u001b[31m"', '"a\\nb"', '"<!channel> @everyone"', '"<b>x</b>"'],
  ...[
    '"PENDING_REVIEW_2"',
    '"Unbekannt"',
    '"settled?"',
    '"PAID_OUT"',
    '"ok"',
    '"approved_"',
    '"SUCCES"',
  ],
  ...[
    '"__proto__"',
    '{"__proto__":{"status":"x"}}',
    '{"constructor":1}',
    '["a","b"]',
    '{"value":"1"}',
  ],
  ...['"2026-11-27T00:00:00Z"', '"USD"', '"XXX"', '"usd"', '"PEN "', `"${'x'.repeat(5000)}"`],
  `${'['.repeat(60)}${']'.repeat(60)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
];

type Bend =
  | {
      readonly kind: 'value' | 'key' | 'remove' | 'double' | 'add';
      readonly at: number;
      readonly value: string;
    }
  | { readonly kind: 'text'; readonly all: Parameters<typeof bend>[1] }
  | { readonly kind: 'http'; readonly status: number }
  | { readonly kind: 'coat'; readonly coat: (typeof coats)[number] };

const coats = [
  ...([
    'gzip',
    'gzip named only',
    'utf16',
    'latin1',
    'bom',
    'page',
    'form',
    'large',
    'larger',
  ] as const),
  ...(['two', 'callback', 'trailing', 'string', 'array', 'half', 'nothing', 'type'] as const),
];

const at = fc.nat(400);
const oneBend: fc.Arbitrary<Bend> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constantFrom('value', 'value', 'value', 'key', 'remove', 'double', 'add'),
      at,
      value: fc.constantFrom(...values),
    }),
  },
  { weight: 4, arbitrary: edits.map((all) => ({ kind: 'text' as const, all })) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('http'),
      status: fc
        .constantFrom(200, 201, 202, 204, 206, 300, 302, 400, 401, 402, 403, 404, 408, 409)
        .chain((one) =>
          fc.constantFrom(one, 410, 422, 425, 429, 451, 499, 500, 502, 503, 504, 599),
        ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('coat'), coat: fc.constantFrom(...coats) }),
  },
);
export const bends = fc.array(oneBend, { maxLength: 3 });

export function bendAnswer(answer: SandboxAnswer, all: readonly Bend[]): SandboxAnswer {
  return all.reduce(applyBend, answer);
}

function applyBend(answer: SandboxAnswer, one: Bend): SandboxAnswer {
  const body = answer.body.toString();
  switch (one.kind) {
    case 'text':
      return { ...answer, body: bend(body, one.all) };
    case 'http':
      // Without a body by HTTP itself.
      return { ...answer, status: one.status, ...(one.status === 204 ? { body: '' } : {}) };
    case 'coat':
      return dress(answer, body, one.coat);
    default:
      return { ...answer, body: /^\s*[{[]/.test(body) ? bendJson(body, one) : bendForm(body, one) };
  }
}

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g;

/** By its tokens, so that nothing but the one place changes: digits stay as they were written. */
function bendJson(
  body: string,
  { kind, at: nth, value }: Extract<Bend, { value: string }>,
): string {
  const tokens = [...body.matchAll(token)].map(({ 0: text, index }) => {
    const end = index + text.length;
    const isKey = text.startsWith('"') && /^\s*:/.test(body.slice(end, end + 4));
    return { text, index, end, isKey };
  });
  const all = tokens.filter(({ isKey }) => isKey === (kind !== 'value'));
  // Mostly one of those on which something depends.
  const names = [/stat|code|type|success|valid/i, /amount|balance|value|currency|id/i, /(?:)/];
  const telling = all.filter((one) => {
    const key = one.isKey ? one : tokens[tokens.indexOf(one) - 1];
    return names[nth % names.length]?.test(key?.text ?? '');
  });
  const wanted = telling.length > 0 ? telling : all;
  const one = wanted[Math.floor(nth / names.length) % Math.max(1, wanted.length)];
  if (one === undefined) return body + value;
  const [before, after] = [body.slice(0, one.index), body.slice(one.end)];
  const next = tokens[tokens.indexOf(one) + 1];
  switch (kind) {
    case 'key':
      return `${before}"${one.text.slice(1, -1)}X"${after}`;
    case 'remove':
      // Where its value is a single token; else only the key is another.
      return next === undefined || next.isKey
        ? `${before}"gone"${after}`
        : `${before}"gone":1${body.slice(next.end)}`;
    case 'double':
      return `${before}${one.text}:${value},${one.text}${after}`;
    case 'add':
      return `${before}"added":${value},${one.text}${after}`;
    default:
      return before + value + after;
  }
}

function bendForm(
  body: string,
  { kind, at: nth, value }: Extract<Bend, { value: string }>,
): string {
  const pairs = body.split('&');
  const index = nth % pairs.length;
  const [name = ''] = (pairs[index] ?? '').split('=');
  const text = encodeURIComponent(value.replace(/^"|"$/g, ''));
  const bent = {
    value: [`${name}=${text}`],
    key: [(pairs[index] ?? '').replace('=', 'X=')],
    remove: [],
    double: [pairs[index] ?? '', `${name}=${text}`],
    add: [pairs[index] ?? '', `added=${text}`],
  }[kind];
  return [...pairs.slice(0, index), ...bent, ...pairs.slice(index + 1)].join('&');
}

function dress(answer: SandboxAnswer, body: string, coat: (typeof coats)[number]): SandboxAnswer {
  const { headers } = answer;
  const typed = (type: string) => ({ ...headers, 'content-type': type });
  switch (coat) {
    case 'gzip':
      return {
        ...answer,
        headers: { ...headers, 'content-encoding': 'gzip' },
        body: gzipSync(body),
      };
    case 'gzip named only':
      return { ...answer, headers: { ...headers, 'content-encoding': 'gzip' } };
    case 'utf16':
      return { ...answer, body: Buffer.from(body, 'utf16le') };
    case 'latin1':
      return { ...answer, body: Buffer.from(body.replaceAll('a', '\u00e4'), 'latin1') };
    case 'bom':
      return { ...answer, body: `\ufeff${body}` };
    case 'page':
      return { ...answer, headers: typed('text/html'), body: `<html><pre>${body}</pre></html>` };
    case 'form':
      return { ...answer, headers: typed('application/x-www-form-urlencoded') };
    case 'large':
      return { ...answer, body: `${' '.repeat(900_000)}${body}` };
    case 'larger':
      return { ...answer, body: `${body}${' '.repeat(4_000_000)}` };
    case 'two':
      return { ...answer, body: `${body}${body}` };
    case 'callback':
      return { ...answer, body: `callback(${body})` };
    case 'trailing':
      return { ...answer, body: `${body},` };
    case 'string':
      return { ...answer, body: JSON.stringify(body) };
    case 'array':
      return { ...answer, body: `[${body}]` };
    case 'half':
      return { ...answer, body: body.slice(0, body.length / 2) };
    case 'nothing':
      return { ...answer, body: '' };
    case 'type':
      return { ...answer, headers: typed('image/png; charset="utf-7') };
  }
}
