// Money against an independent oracle: big.js in its strict mode, which refuses JavaScript numbers.
import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../src/errors.ts';
import { parseJson, wireNumberText } from '../src/json.ts';
import {
  addMoney,
  compareMoney,
  formatAmount,
  formatMoney,
  InexactAmountError,
  type Money,
  parseDecimal,
  parseTypedAmount,
  parseUnits,
  rescale,
  roundDown,
  subtractMoney,
  toDecimalText,
} from '../src/money.ts';

Big.strict = true;
/** big.js drops zeros at the end, so values are compared with it, and digits by themselves. */
const oracle = (amount: Money) => new Big(`${amount.units}e-${amount.decimals}`);

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
/** As a wire may write it: no zeros in front, any number of them behind. */
const decimalTexts = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 18n }), digits(0, 18))
  .map(([isNegative, whole, fraction]) => {
    const text = fraction === '' ? `${whole}` : `${whole}.${fraction}`;
    return isNegative && /[1-9]/.test(text) ? `-${text}` : text;
  });
const amounts = fc.record({
  units: fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
  decimals: fc.nat({ max: 8 }),
  currency: fc.constant('USD'),
});
const places = fc.nat({ max: 8 });

describe('parseDecimal', () => {
  it('gives back exactly the text it read', () => {
    fc.assert(
      fc.property(decimalTexts, (text) => {
        expect(toDecimalText(parseDecimal(text, 'USD'))).toBe(text);
      }),
    );
  });

  it('reads exponents like big.js does', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        digits(0, 6),
        fc.integer({ min: -20, max: 20 }),
        fc.constantFrom('e', 'E'),
        (whole, fraction, exponent, letter) => {
          const text = `${whole}${fraction === '' ? '' : `.${fraction}`}${letter}${exponent}`;
          const amount = parseDecimal(text, 'USD');
          expect(oracle(amount).eq(new Big(text))).toBe(true);
          expect(amount.decimals).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '.5',
    '5.',
    '1,5',
    '1.5.5',
    '--1',
    'NaN',
    'Infinity',
    '0x10',
    '1e',
    '1e1.5',
    '1_000',
    '１２',
    '٣',
    '1\n',
    '1e99',
    '1e-99',
    '1'.repeat(41),
    '1'.repeat(10_000),
  ])('refuses %j', (text) => {
    expect(() => parseDecimal(text, 'USD')).toThrow(SyntaxError);
  });
});

describe('parseUnits', () => {
  it('puts the dot where the scale says', () => {
    expect(formatMoney(parseUnits('6623871674', 2, 'USD'))).toBe('66,238,716.74 USD');
    expect(toDecimalText(parseUnits('-5', 3, 'KWD'))).toBe('-0.005');
    expect(toDecimalText(parseUnits('8854.000', 0, 'CLP'))).toBe('8854');
  });

  it('refuses a fraction of a unit, because then the scale is wrong', () => {
    expect(() => parseUnits('66.5', 2, 'USD')).toThrow(SyntaxError);
  });
});

describe('rescale', () => {
  it('keeps the value, or refuses and names the two nearest amounts around it', () => {
    fc.assert(
      fc.property(amounts, places, (amount, decimals) => {
        const exact = oracle(amount);
        const isExact = exact.round(decimals, Big.roundDown).eq(exact);
        if (isExact) {
          const scaled = rescale(amount, decimals);
          expect(scaled.decimals).toBe(decimals);
          expect(oracle(scaled).eq(exact)).toBe(true);
          return;
        }
        const { below, above } = inexactness(() => rescale(amount, decimals));
        expect(below.decimals).toBe(decimals);
        expect(above.decimals).toBe(decimals);
        expect(above.units - below.units).toBe(1n);
        expect(oracle(below).lt(exact) && oracle(above).gt(exact)).toBe(true);
      }),
    );
  });

  it('says the nearest amounts in words', () => {
    expect(() => rescale(parseDecimal('1250.505', 'USD'), 2)).toThrow(
      '1,250.505 USD cannot be carried exactly: USD has 2 decimals here. ' +
        'Nearest: 1,250.50 USD or 1,250.51 USD.',
    );
    expect(() => rescale(parseDecimal('1.55', 'XTS'), 1)).toThrow('XTS has 1 decimal here');
    expect(() => rescale(parseDecimal('1.5', 'CLP'), 0)).toThrow('CLP has no decimals here');
  });
});

describe('roundDown', () => {
  it('never gives more than there is, below zero too', () => {
    fc.assert(
      fc.property(amounts, places, (amount, decimals) => {
        const exact = oracle(amount);
        const mode = exact.lt(new Big('0')) ? Big.roundUp : Big.roundDown;
        const rounded = roundDown(amount, decimals);
        expect(oracle(rounded).eq(exact.round(decimals, mode))).toBe(true);
        expect(rounded.decimals).toBe(decimals);
        expect(rounded.currency).toBe(amount.currency);
      }),
    );
  });

  it('takes -0.001 to -0.01, not to zero', () => {
    expect(toDecimalText(roundDown(parseDecimal('-0.001', 'USD'), 2))).toBe('-0.01');
  });
});

describe('arithmetic', () => {
  it('adds, subtracts and compares like big.js, whatever the decimals', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(oracle(addMoney(a, b)).eq(oracle(a).plus(oracle(b)))).toBe(true);
        expect(oracle(subtractMoney(a, b)).eq(oracle(a).minus(oracle(b)))).toBe(true);
        expect(compareMoney(a, b)).toBe(oracle(a).cmp(oracle(b)));
        expect(addMoney(a, b).decimals).toBe(Math.max(a.decimals, b.decimals));
      }),
    );
  });

  it('holds 1.50 and 1.500 equal', () => {
    expect(compareMoney(parseDecimal('1.50', 'USD'), parseDecimal('1.500', 'USD'))).toBe(0);
  });

  it('never crosses currencies', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const other = { ...b, currency: 'EUR' };
        expect(() => addMoney(a, other)).toThrow(TypeError);
        expect(() => subtractMoney(a, other)).toThrow(TypeError);
        expect(() => compareMoney(a, other)).toThrow(TypeError);
      }),
    );
  });
});

describe('formatting', () => {
  it('groups by three and loses no digit', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        const shown = formatAmount(amount);
        expect(shown.replaceAll(',', '')).toBe(toDecimalText(amount));
        expect(shown).toMatch(/^-?\d{1,3}(,\d{3})*(\.\d+)?$/);
        expect(formatMoney(amount)).toBe(`${shown} USD`);
      }),
    );
  });

  // The first is more than a float can hold; Alignet's documents show 8854.000.
  it.each([
    ['99999999999999999.99', 'USD', '99,999,999,999,999,999.99 USD'],
    ['8854.000', 'AUD', '8,854.000 AUD'],
    ['1500000', 'IDR', '1,500,000 IDR'],
    ['1500000.00', 'IDR', '1,500,000.00 IDR'],
    ['990', 'CLP', '990 CLP'],
    ['0.005', 'KWD', '0.005 KWD'],
    ['12345.678', 'KWD', '12,345.678 KWD'],
    ['1.2345', 'USDT', '1.2345 USDT'],
    ['1000.123450', 'USDT', '1,000.123450 USDT'],
    ['0.000001', 'USDT', '0.000001 USDT'],
    ['-0.10', 'USD', '-0.10 USD'],
    ['0', 'USD', '0 USD'],
    ['1E+3', 'USD', '1,000 USD'],
  ])('carries %s %s from JSON text to the screen', (text, currency, shown) => {
    const wire = parseJson(`{"amount":${text}}`);
    const read = wireNumberText.parse(Object.values(Object(wire))[0]);
    expect(formatMoney(parseDecimal(read, currency))).toBe(shown);
  });
});

describe('parseTypedAmount', () => {
  it.each([
    ['1250.50', '1250.50'],
    ['1250,50', '1250.50'],
    ['1,234,567', '1234567'],
    ['1.234.567', '1234567'],
    [' 1250 ', '1250'],
    ['0.500', '0.500'],
    ['0,500', '0.500'],
    ['1250.505', '1250.505'],
    ['1250,505', '1250.505'],
    ['1,25', '1.25'],
    ['1,2500', '1.2500'],
  ])('reads %j', (typed, text) => {
    expect(toDecimalText(parseTypedAmount(typed, 'USD'))).toBe(text);
  });

  it.each([
    ['1,250', '1250 or 1.250'],
    ['1.250', '1250 or 1.250'],
    ['999.000', '999000 or 999.000'],
    ['01,250', '1250 or 1.250'],
    ['1.250,50', '1250.50 or 1.25050'],
    ['1,234.56', '1234.56 or 1.23456'],
    ['1.234.567,89', '1234567.89 or 1.23456789'],
  ])('refuses %j and names both readings', (typed, both) => {
    expect(() => parseTypedAmount(typed, 'USD')).toThrow(
      new UserError(
        `“${typed}” could mean ${both}. ` +
          'Write it without separators for thousands and with a dot before the decimals.',
      ),
    );
  });

  it.each([
    '',
    '   ',
    'ten',
    '1e3',
    '-5',
    '+5',
    '$5',
    '5 USD',
    '.5',
    '5.',
    ',5',
    '1..5',
    '1.,5',
    '1,2.3,4',
    '12,34,567',
    '1,23,456.78',
    '1,234,5678',
    '1,234.567,890',
    '1 250',
    '1’250',
    '1_250',
    '１２５０',
    '١٢٥٠',
    '\u200f1250',
    '12\u200e50',
    '\u202e0521',
    '1250\u0000',
    '1\n250',
    '9'.repeat(10_000),
    `1${',234'.repeat(3_000)}`,
  ])('refuses %j as no amount', (typed) => {
    expect(() => parseTypedAmount(typed, 'USD')).toThrow(/” is not an amount\. Write digits /);
  });

  it('quotes at most fifty characters, all of them whole', () => {
    const error = refusal(() => parseTypedAmount('💸'.repeat(5_000), 'USD'));
    expect(error.message).toContain(`“${'💸'.repeat(50)}…”`);
    expect(error.message.length).toBeLessThan(250);
  });

  it('never reads a text in two ways: it gives those digits or refuses', () => {
    const typedTexts = fc.string({ unit: fc.constantFrom(...'0123456789.,'), maxLength: 14 });
    fc.assert(
      fc.property(typedTexts, (typed) => {
        let amount: Money;
        try {
          amount = parseTypedAmount(typed, 'USD');
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return;
        }
        const kept = toDecimalText(amount).replace('.', '').replace(/^0+/, '');
        expect(kept).toBe(typed.replace(/[.,]/g, '').replace(/^0+/, ''));
        // Three digits after a single separator, behind one to three others, have two readings.
        expect(/^0*[1-9]\d{0,2}[.,]\d{3}$/.test(typed) && !/^\d{4}/.test(typed)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

function inexactness(action: () => unknown): InexactAmountError {
  const error = refusal(action);
  expect(error).toBeInstanceOf(InexactAmountError);
  return error as InexactAmountError;
}

function refusal(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('not refused');
}
