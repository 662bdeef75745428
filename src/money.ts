// An amount is a whole number of units, its own number of decimals and a currency: exactly what was
// said. There is no float anywhere between the wire and the screen.
import { UserError } from './errors.ts';

export interface Money {
  /** How many 10^-decimals of the currency: 8854.000 AUD is 8854000n with 3 decimals. */
  readonly units: bigint;
  readonly decimals: number;
  /** Upper case; ISO 4217 or a token such as USDT. */
  readonly currency: string;
}

/** Longer amounts are not money but a mistake or an attack. */
const digitsMax = 40;
/** So that what is typed still fits with the decimals that its currency adds. */
const typedMax = 30;
const decimalText = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** An amount that would lose a digit that is not zero, with what could be carried instead. */
export class InexactAmountError extends UserError {
  override readonly name = 'InexactAmountError';
  readonly below: Money;
  readonly above: Money;

  constructor(amount: Money, below: Money, above: Money) {
    const places = `${below.decimals || 'no'} ${below.decimals === 1 ? 'decimal' : 'decimals'}`;
    super(
      `${formatMoney(amount)} cannot be carried exactly: ${amount.currency} has ${places} here. ` +
        `Nearest: ${formatMoney(below)} or ${formatMoney(above)}.`,
    );
    this.below = below;
    this.above = above;
  }
}

/**
 * Reads a decimal from its source text, keeping every digit: `8854.000` has three decimals.
 * Understands the exponents that JSON allows. Throws `SyntaxError` for anything else.
 */
export function parseDecimal(text: string, currency: string): Money {
  const match = text.length > digitsMax ? null : decimalText.exec(text);
  if (match === null) throw new SyntaxError('not a decimal number');
  const [, sign, whole, fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > digitsMax) throw new SyntaxError('not a decimal number');
  let units = BigInt(`${whole}${fraction}`);
  let decimals = fraction.length - exponent;
  if (decimals < 0) {
    units *= 10n ** BigInt(-decimals);
    decimals = 0;
  }
  return { units: sign === '-' ? -units : units, decimals, currency };
}

/**
 * Reads a whole number of units of a known scale: 6623871674 with 2 decimals is 66238716.74.
 * Throws `SyntaxError` for a fraction of a unit too: then the scale is not the one believed.
 */
export function parseUnits(text: string, decimals: number, currency: string): Money {
  const exact = parseDecimal(text, currency);
  const whole = roundDown(exact, 0);
  if (compareMoney(whole, exact) !== 0) throw new SyntaxError('not a whole number of units');
  return { units: whole.units, decimals, currency };
}

/** The same amount with another number of decimals; refuses to drop a digit that is not zero. */
export function rescale(amount: Money, decimals: number): Money {
  if (decimals >= amount.decimals) {
    return { ...amount, units: amount.units * 10n ** BigInt(decimals - amount.decimals), decimals };
  }
  const below = roundDown(amount, decimals);
  if (compareMoney(below, amount) !== 0) {
    throw new InexactAmountError(amount, below, { ...below, units: below.units + 1n });
  }
  return below;
}

/** The largest amount with that many decimals that is not above the given one. */
export function roundDown(amount: Money, decimals: number): Money {
  if (decimals >= amount.decimals) return rescale(amount, decimals);
  const factor = 10n ** BigInt(amount.decimals - decimals);
  const towardsZero = amount.units / factor;
  const isBelowZero = amount.units < 0n && amount.units % factor !== 0n;
  return { ...amount, units: isBelowZero ? towardsZero - 1n : towardsZero, decimals };
}

export function addMoney(a: Money, b: Money): Money {
  const [left, right, decimals] = aligned(a, b);
  return { units: left + right, decimals, currency: a.currency };
}

export function subtractMoney(a: Money, b: Money): Money {
  return addMoney(a, { ...b, units: -b.units });
}

/** Negative, zero or positive, like a sort wants it. 1.50 and 1.500 are equal. */
export function compareMoney(a: Money, b: Money): -1 | 0 | 1 {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function aligned(a: Money, b: Money): [bigint, bigint, number] {
  if (a.currency !== b.currency) {
    throw new TypeError(`${a.currency} and ${b.currency} are never added or compared`);
  }
  const decimals = Math.max(a.decimals, b.decimals);
  return [rescale(a, decimals).units, rescale(b, decimals).units, decimals];
}

/** Plain digits as wires want them, never an exponent: `-8854.000`. */
export function toDecimalText(amount: Money): string {
  const digits = (amount.units < 0n ? -amount.units : amount.units).toString();
  const padded = digits.padStart(amount.decimals + 1, '0');
  const cut = padded.length - amount.decimals;
  const sign = amount.units < 0n ? '-' : '';
  return amount.decimals === 0
    ? `${sign}${padded}`
    : `${sign}${padded.slice(0, cut)}.${padded.slice(cut)}`;
}

/** As people read it, every digit kept: `8,854.000`. */
export function formatAmount(amount: Money): string {
  const [whole = '', fraction] = toDecimalText(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `8,854.000 AUD` */
export function formatMoney(amount: Money): string {
  return `${formatAmount(amount)} ${amount.currency}`;
}

/** `1,234,567`: only thousands are written with the same separator twice. */
const groupedText = /^[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})+$/;
/** `1,250`: thousands in one country and decimals in the next. `0,250` is decimals everywhere. */
const groupOrDecimalsText = /^(?!0+[.,])\d{1,3}[.,]\d{3}$/;
/** `1.250,50` */
const groupsAndDecimalsText = /^\d{1,3}([.,])\d{3}(?:\1\d{3})*(?!\1)[.,]\d+$/;

/**
 * Reads what a person typed. Digits with one dot or comma are read when only one reading exists;
 * `1,250`, `1.250` and `1.250,50` could mean two amounts and are refused with both of them.
 */
export function parseTypedAmount(text: string, currency: string): Money {
  const typed = text.trim();
  if (typed.length <= typedMax) {
    if (groupOrDecimalsText.test(typed) || groupsAndDecimalsText.test(typed)) {
      throw new UserError(
        `“${typed}” could mean ${readings(typed, currency).join(' or ')}. ` +
          'Write it without separators for thousands and with a dot before the decimals.',
      );
    }
    if (/^\d+(?:[.,]\d+)?$/.test(typed)) return parseDecimal(typed.replace(',', '.'), currency);
    if (groupedText.test(typed)) return parseDecimal(typed.replace(/[.,]/g, ''), currency);
  }
  // Whole characters only: half of a surrogate pair is not text that a chat accepts.
  const shown = [...typed.slice(0, 100)].slice(0, 50).join('');
  throw new UserError(
    `“${shown}${shown.length < typed.length ? '…' : ''}” is not an amount. ` +
      'Write digits with a dot before the decimals, like 1250.50.',
  );
}

/** First the thousands, or the last separator before the decimals; then the other one. */
function readings(typed: string, currency: string): string[] {
  const digitsOf = (part: string) => part.replace(/[.,]/g, '');
  const decimalsFrom = (at: number) =>
    `${digitsOf(typed.slice(0, at))}.${digitsOf(typed.slice(at))}`;
  const first = typed.search(/[.,]/);
  const last = Math.max(typed.lastIndexOf('.'), typed.lastIndexOf(','));
  const texts =
    first === last
      ? [digitsOf(typed), decimalsFrom(last)]
      : [decimalsFrom(last), decimalsFrom(first)];
  return texts.map((text) => toDecimalText(parseDecimal(text, currency)));
}
