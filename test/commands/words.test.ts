// How Purser says times and lists, and whom it takes a typing mistake for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeAge,
  describeTook,
  explainFailure,
  labelFailure,
  listNames,
  quote,
} from '../../src/commands/words.ts';
import { ProviderError } from '../../src/errors.ts';
import { findNearest } from '../../src/nearest.ts';
import { failureOf } from './world.ts';

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

describe('times', () => {
  it.each([
    [-5 * second, 'just now'],
    [0, 'just now'],
    [9_999, 'just now'],
    [10 * second, '10 s ago'],
    [minute - 1, '59 s ago'],
    [minute, '1 min ago'],
    [hour - 1, '59 min ago'],
    [hour, '1 h ago'],
    [2 * day - 1, '47 h ago'],
    [2 * day, '2 days ago'],
    [400 * day, '400 days ago'],
  ])('%d ms are %s', (ms, text) => {
    expect(describeAge(ms)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [79.6, '80 ms'],
    [999, '999 ms'],
    [999.9, '1.0 s'],
    [1_000, '1.0 s'],
    [1_490, '1.4 s'],
    [61_000, '61.0 s'],
  ])('an answer after %d ms took %s', (ms, text) => {
    expect(describeTook(ms)).toBe(text);
  });
});

describe('lists and failures', () => {
  it.each([
    [[], 'nobody'],
    [['Ana'], 'Ana'],
    [['Ana', 'Ben'], 'Ana or Ben'],
    [['Ana', 'Ben', 'Cy'], 'Ana, Ben or Cy'],
  ])('%j are %s', (names, text) => {
    expect(listNames(names, 'or')).toBe(text);
  });

  it('are a label and a sentence with what to do', () => {
    const error = failureOf('PayerMax');
    expect(labelFailure(error.code)).toBe('no answer');
    expect(explainFailure(error)).toBe(
      'PayerMax did not answer within 8 s. Try again in a minute.',
    );
    const plain = new ProviderError({
      code: 'rejected',
      provider: 'payermax',
      operation: 'balances',
      message: 'PayerMax said no.',
    });
    expect(explainFailure(plain)).toBe('PayerMax said no.');
  });
});

describe('what people typed', () => {
  it('is quoted in forty characters at most, and whole ones', () => {
    expect(quote('USD')).toBe('“USD”');
    expect(quote('😀'.repeat(40))).toBe(`“${'😀'.repeat(40)}”`);
    expect(quote('😀'.repeat(41))).toBe(`“${'😀'.repeat(40)}…”`);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const quoted = quote(text);
        expect([...quoted].length).toBeLessThanOrEqual(43);
        expect(quoted).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe('the nearest name', () => {
  const names = ['payermax', 'paycross', 'payneteasy', 'USD', 'EUR', 'KWD'];

  it.each([
    ['payrmax', 'payermax'],
    ['PAYCROS', 'paycross'],
    ['pyacross', 'paycross'],
    ['UDS', 'USD'],
    ['usd', 'USD'],
    ['KWT', 'KWD'],
    ['weather', undefined],
    ['x', undefined],
    ['', undefined],
    ['JPY', undefined],
  ])('to %j is %s', (typed, nearest) => {
    expect(findNearest(typed, names)).toBe(nearest);
  });

  it('is the first of those that are equally near', () => {
    expect(findNearest('USB', ['USD', 'USN'])).toBe('USD');
    expect(findNearest('USB', ['USN', 'USD'])).toBe('USN');
  });

  it('is no farther than asked for', () => {
    expect(findNearest('payxxmax', names)).toBe('payermax');
    expect(findNearest('payxxmax', names, 1)).toBeUndefined();
  });
});
