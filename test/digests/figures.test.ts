// The arithmetic of digests against another one: big.js, which shares no line with it.
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareWithAverage,
  coverOf,
  divideRounded,
  percentOf,
  percentOfChange,
} from '../../src/digests/figures.ts';
import { type Money, toDecimalText } from '../../src/money.ts';

/** From the middle away from zero. */
const halfUp = 1;
const money: fc.Arbitrary<Money> = fc.record({
  units: fc.oneof(fc.bigInt(-5_000n, 5_000n), fc.bigInt(-(10n ** 22n), 10n ** 22n)),
  decimals: fc.integer({ min: 0, max: 5 }),
  currency: fc.constant('USD'),
});
const big = (amount: Money) => new Big(toDecimalText(amount));

describe('the figures of a digest', () => {
  it('round to the nearest, from the middle away from zero', () => {
    expect([5n, -5n, 15n, 14n, -14n, 0n].map((part) => divideRounded(part, 10n))).toEqual([
      1n,
      -1n,
      2n,
      1n,
      -1n,
      0n,
    ]);
    expect(divideRounded(5n, -10n)).toBe(-1n);
  });

  it('compare with an average to the last unit', () => {
    Big.DP = 60;
    fc.assert(
      fc.property(money, fc.array(money, { minLength: 1, maxLength: 7 }), (now, values) => {
        const { average, by, percent } = compareWithAverage(now, values);
        const exact = values
          .reduce((sum, one) => sum.plus(big(one)), new Big(0))
          .div(values.length);
        const decimals = Math.max(now.decimals, ...values.map((one) => one.decimals));
        expect(average.decimals).toBe(decimals);
        expect(big(average).eq(exact.round(decimals, halfUp))).toBe(true);
        expect(big(by).eq(big(now).minus(exact).round(decimals, halfUp))).toBe(true);
        if (exact.lte(0)) expect(percent).toBeUndefined();
        else expect(percent).toBe(percentBy(big(now).minus(exact).div(exact)));
      }),
    );
  });

  it('give the percentage of a change, and none of nothing', () => {
    fc.assert(
      fc.property(money, money, (by, base) => {
        const percent = percentOfChange(by, base);
        if (base.units <= 0n) expect(percent).toBeUndefined();
        else expect(percent).toBe(percentBy(big(by).div(big(base))));
      }),
    );
    expect(percentOf(1n, 0n)).toBeUndefined();
    expect(percentOf(-1n, 3n)).toBe('-33.3');
    expect(percentOf(1n, 100_000n)).toBe('0.0');
  });

  it('give the days that a balance lasts, in whole days', () => {
    const days = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(money, money, money, days, (now, before, after, count) => {
        const cover = coverOf(now, { before, after, days: count });
        const lost = big(before).minus(big(after));
        if (lost.lte(0)) expect(cover).toBeUndefined();
        else if (now.units <= 0n) expect(cover).toBe(0n);
        else expect(String(cover)).toBe(big(now).times(count).div(lost).round(0, 0).toFixed());
      }),
    );
  });
});

function percentBy(ratio: Big): string {
  const text = ratio.times(100).round(1, halfUp).toFixed(1);
  return text === '-0.0' ? '0.0' : text;
}
