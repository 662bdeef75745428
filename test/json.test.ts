// JSON from outside keeps the digits of numbers, and refuses what is not JSON without quoting it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  jsonNumber,
  parseJson,
  toJson,
  wireBoolean,
  wireNumberText,
  wireText,
} from '../src/json.ts';

const numberTexts = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 30n }),
    fc.stringMatching(/^(\.\d{1,12})?$/),
    fc.stringMatching(/^([eE][+-]?\d{1,2})?$/),
  )
  .map((parts) => parts.join(''));

describe('parseJson', () => {
  it('keeps every digit of a number, and writes it back as it was', () => {
    fc.assert(
      fc.property(numberTexts, (text) => {
        expect(wireNumberText.parse(parseJson(text))).toBe(text);
        expect(toJson(parseJson(`{"a":[${text}]}`))).toBe(`{"a":[${text}]}`);
      }),
    );
  });

  it('reads everything else like JSON.parse', () => {
    const withoutNumbers = fc.anything({
      values: [fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null)],
      key: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(withoutNumbers, (value) => {
        const text = JSON.stringify(value);
        if (text === undefined) return;
        expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('accepts exactly what JSON.parse accepts', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '-',
      '0',
      '12',
      '.',
      'e',
      'null',
      ' ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        expect(accepts(parseJson, text), text).toBe(accepts(JSON.parse, text));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['{"pan":4111111111111111.}', 'not valid JSON at position 24'],
    ['{"account":"21120030202403071031', 'not valid JSON at position 32'],
    ['"\\xsecret"', 'not valid JSON at position 1'],
    ['<!doctype html>', 'not valid JSON at position 0'],
    ['', 'not valid JSON at position 0'],
    ['{"secret":1,"secret":2}', 'not valid JSON at position 13'],
    ['['.repeat(200_000), 'JSON is nested too deeply'],
    ['{"a":'.repeat(200_000), 'JSON is nested too deeply'],
  ])('refuses %.40s with a position and without its text', (text, message) => {
    expect(() => parseJson(text)).toThrow(new SyntaxError(message));
    expect(() => parseJson(text)).toThrow(
      expect.not.objectContaining({ cause: expect.anything() }),
    );
  });

  it('accepts a name twice only with the same value', () => {
    expect(toJson(parseJson('{"a":1.0,"a":1.0}'))).toBe('{"a":1.0}');
    expect(() => parseJson('{"a":1.0,"a":1.00}')).toThrow(SyntaxError);
  });

  it('takes __proto__ for a name like any other', () => {
    const value = Object(parseJson('{"__proto__":{"isAdmin":true}}'));
    expect(value.isAdmin).toBeUndefined();
    expect(Object.keys(value)).toEqual(['__proto__']);
  });
});

describe('toJson', () => {
  it('writes a number with exactly the digits given', () => {
    expect(toJson({ amount: jsonNumber('1250.50'), count: 3, none: undefined })).toBe(
      '{"amount":1250.50,"count":3}',
    );
  });

  it.each([undefined, () => 1, Number.NaN, [Number.POSITIVE_INFINITY], { a: Number.NaN }])(
    'refuses %s, which JSON cannot say',
    (value) => {
      expect(() => toJson(value)).toThrow(TypeError);
    },
  );

  it.each(['', 'abc', '1.', '007', '+1', '1 ', '1,5', 'NaN'])('refuses the number %j', (text) => {
    expect(() => jsonNumber(text)).toThrow();
  });
});

describe('wire schemas', () => {
  it('tell numbers from strings', () => {
    expect(wireNumberText.safeParse(parseJson('"1.50"')).success).toBe(false);
    expect(wireNumberText.safeParse(1.5).success).toBe(false);
    expect(wireText.parse(parseJson('1.50'))).toBe('1.50');
    expect(wireText.parse(parseJson('"1.50"'))).toBe('1.50');
    expect(wireText.safeParse(parseJson('null')).success).toBe(false);
    expect(wireText.safeParse(parseJson('true')).success).toBe(false);
  });

  it('are not deceived by an object that says it is a number', () => {
    const posing = parseJson('{"isLosslessNumber":true,"value":"5"}');
    expect(wireNumberText.safeParse(posing).success).toBe(false);
    expect(wireText.safeParse(posing).success).toBe(false);
  });

  it('read booleans as JSON and as text, and nothing else', () => {
    expect(['true', '"true"', 'false', '"false"'].map(readBoolean)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    for (const text of ['"TRUE"', '1', '0', '""', 'null', '"yes"']) {
      expect(wireBoolean.safeParse(parseJson(text)).success, text).toBe(false);
    }
  });
});

function readBoolean(text: string): boolean {
  return wireBoolean.parse(parseJson(text));
}

function accepts(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
