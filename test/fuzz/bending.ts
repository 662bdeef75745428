// How a good input is bent: a few edits of its text, none of which knows what the text means.
import fc from 'fast-check';

/** Texts that have broken something somewhere. */
export const nasty = [
  ...['\u0000', '\u001b[31m', '\r\n', '\n', '\t', '\u2028', '\u202e', '\u200b', '\u00a0', '\ufeff'],
  ...[
    '\ud800',
    '\udfff',
    '\u{1f4b8}',
    'e\u0301',
    '\u0130',
    '\u00df',
    '\uff11\uff12',
    '\u0661\u0662',
  ],
  ...['@everyone', '@here', '<!channel>', '<@U02>', '<#C01|x>', '<https://x.y|z>', '&lt;', '&amp;'],
  ...['`', '```', '*', '~', '> ', '# ', '||', '[a](https://x.y)', '<@&1>', '<t:0:R>', '</a:1>'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'true'],
  ...['-1', '0', '00', '1e99', '1e-99', '0x10', '1_000', '9'.repeat(60), '-0', '+5', 'Infinity'],
  ...['1,250', '1.250', '1.250,50', '1,250.50', '.5', '5.', '1 000', "1'000", '12.3.4', '1,2,3'],
  ...['=1+1', '@SUM(A1)', '+cmd|x', '"', "'", '""', '\\', '/', '//', '../..', '%00', '%', '%zz'],
  ...[':', ';', ',', '{', '}', '[', ']', '|', '&', '?', '- ', ': ', '!!', '<<', '*a', '&a', '#'],
] as const;

export const nastyText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nasty) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 5000 }).map((many) => 'a1 '.repeat(many)) },
);

interface Edit {
  readonly kind: 'insert' | 'remove' | 'replace' | 'double' | 'swap' | 'cut';
  /** Where, and how far: parts of the whole. */
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(
    ...(['insert', 'remove', 'replace', 'double', 'swap', 'insert', 'replace', 'cut'] as const),
  ),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 24 }),
  text: nastyText,
});

export const edits = fc.array(edit, { minLength: 1, maxLength: 4 });

export function bend(text: string, all: readonly Edit[]): string {
  return all.reduce(applyEdit, text);
}

function applyEdit(text: string, { kind, at, length, text: piece }: Edit): string {
  const from = Math.floor(at * text.length);
  const to = Math.min(text.length, from + length);
  const [before, middle, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (kind) {
    case 'insert':
      return before + piece + middle + after;
    case 'remove':
      return before + after;
    case 'replace':
      return before + piece + after;
    case 'double':
      return before + middle + middle + after;
    case 'swap':
      return before + after.slice(0, length) + middle + after.slice(length);
    case 'cut':
      return before;
  }
}
