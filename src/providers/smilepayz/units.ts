// What one unit of SmilePayz is, in one place. Their documents contradict each other by a factor of
// 100 for PEN, BRL, MXN, COP and PHP, so each account says its unit and nothing is assumed.
// https://docs.smilepayz.com/en/product/dataModel/money.html (sheet compiled 2026-11)
import { type Money, parseDecimal, rescale, toDecimalText } from '../../money.ts';

/**
 * - `minor`: whole minor units, `1050` is 10.50 PEN
 * - `major`: the amount as people write it, `10.50` is 10.50 PEN
 */
export type Unit = 'minor' | 'major';

/**
 * Decimals at SmilePayz, from the page above. VND is not on it and has none by ISO 4217. CLP and
 * IDR have none, so that both units read the same there.
 */
const decimalsByCurrency: ReadonlyMap<string, number> = new Map([
  ['BRL', 2],
  ['CLP', 0],
  ['COP', 2],
  ['IDR', 0],
  ['INR', 2],
  ['MXN', 2],
  ['PEN', 2],
  ['PHP', 2],
  ['THB', 2],
  ['USDT', 4],
  ['VND', 0],
]);

export const currenciesWithMinorUnit: readonly string[] = [...decimalsByCurrency.keys()];

export function findDecimals(currency: string): number | undefined {
  return decimalsByCurrency.get(currency);
}

/** `money.amount`: `1050` or `10.50` for PEN. Throws `InexactAmountError`, never rounds. */
export function toAmountText(amount: Money, unit: Unit): string {
  const exact = rescale(amount, findDecimals(amount.currency) ?? amount.decimals);
  return unit === 'minor' ? String(exact.units) : toDecimalText(exact);
}

/**
 * Reads the `value` of a balance or the `amount` of a payout, keeping every digit. Throws
 * `SyntaxError` for anything but a decimal number, and `InexactAmountError` for a fraction of a
 * minor unit: then the unit is wrong.
 */
export function parseValue(text: string, currency: string, unit: Unit): Money {
  const exact = parseDecimal(text, currency);
  if (unit === 'major') return exact;
  const decimals = findDecimals(currency);
  if (decimals === undefined) {
    throw new TypeError(`the settings let ${currency} in minor units pass`);
  }
  return { ...rescale(exact, 0), decimals };
}
