// Averages, percentages and days of cover, exact until the one rounding at the end, which is always to
// the nearest and from the middle away from zero. There is no float here either.
import { addMoney, type Money, rescale, subtractMoney } from '../money.ts';

/** To the nearest whole number, from the middle away from zero. The divisor is not zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n !== divisor < 0n;
  const [above, below] = [absolute(dividend), absolute(divisor)];
  const rounded = (2n * above + below) / (2n * below);
  return isNegative ? -rounded : rounded;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** All in one currency. Undefined for none. */
export function sumMoney(amounts: readonly Money[]): Money | undefined {
  const [first, ...rest] = amounts;
  return first === undefined ? undefined : rest.reduce(addMoney, first);
}

export interface AgainstAverage {
  /** With the decimals of the figures, rounded. */
  readonly average: Money;
  /** `now` less the exact average, rounded. */
  readonly by: Money;
  readonly percent: string | undefined;
}

/** At least one value. */
export function compareWithAverage(now: Money, values: readonly Money[]): AgainstAverage {
  const sum = sumMoney(values);
  if (sum === undefined) throw new RangeError('no average of nothing');
  const count = BigInt(values.length);
  const decimals = Math.max(now.decimals, sum.decimals);
  const total = rescale(sum, decimals);
  const difference = rescale(now, decimals).units * count - total.units;
  return {
    average: { ...total, units: divideRounded(total.units, count) },
    by: { ...total, units: divideRounded(difference, count) },
    percent: percentOf(difference, total.units),
  };
}

/** `-12.3`, `0.0`, `4.0`: in percent of `base`, one decimal. Undefined where the base is not above zero. */
export function percentOf(part: bigint, base: bigint): string | undefined {
  if (base <= 0n) return undefined;
  const tenths = divideRounded(part * 1000n, base);
  const digits = absolute(tenths).toString().padStart(2, '0');
  return `${tenths < 0n ? '-' : ''}${digits.slice(0, -1)}.${digits.slice(-1)}`;
}

export function percentOfChange(by: Money, base: Money): string | undefined {
  const decimals = Math.max(by.decimals, base.decimals);
  return percentOf(rescale(by, decimals).units, rescale(base, decimals).units);
}

/**
 * Whole days until `now` is used up, if it goes on shrinking as it did from `before` to `after`, so
 * many days later. Undefined where it did not shrink.
 */
export function coverOf(
  now: Money,
  { before, after, days }: { before: Money; after: Money; days: number },
): bigint | undefined {
  const lost = subtractMoney(before, after);
  if (lost.units <= 0n) return undefined;
  if (now.units <= 0n) return 0n;
  const decimals = Math.max(now.decimals, lost.decimals);
  return (rescale(now, decimals).units * BigInt(days)) / rescale(lost, decimals).units;
}
