// Levels and their hysteresis: entered at the threshold, left for a better one 5 % beyond it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorse, judgeLevel, type Level, levels } from '../../src/digests/levels.ts';
import { parseDecimal } from '../../src/money.ts';

const threshold = {
  provider: 'payermax',
  currency: 'USD',
  critical: '1000.00',
  warning: '5000.00',
  idle: '20000.00',
};
const judge = (available: string, before: Level = 'fine') =>
  judgeLevel(parseDecimal(available, 'USD'), threshold, before);

describe('a level', () => {
  it.each([
    ['999.99', 'fine', 'critical'],
    ['1000.00', 'fine', 'warning'],
    ['1000.00', 'critical', 'critical'],
    ['1049.999', 'critical', 'critical'],
    ['1050', 'critical', 'warning'],
    ['4999.99', 'fine', 'warning'],
    ['5000', 'fine', 'fine'],
    ['5249.99', 'warning', 'warning'],
    ['5249.99', 'critical', 'warning'],
    ['5250', 'warning', 'fine'],
    ['5250', 'critical', 'fine'],
    ['20000', 'fine', 'fine'],
    ['20000.00001', 'fine', 'idle'],
    ['19000.01', 'idle', 'idle'],
    ['19000', 'idle', 'fine'],
    ['-1', 'idle', 'critical'],
    ['0', 'fine', 'critical'],
  ] as const)('of %s after %s is %s', (available, before, level) => {
    expect(judge(available, before)).toBe(level);
  });

  it('has no threshold that is not written', () => {
    const { critical: _, ...rest } = threshold;
    expect(judgeLevel(parseDecimal('0', 'USD'), rest, 'fine')).toBe('warning');
    const bare = { provider: 'payermax', currency: 'USD' };
    expect(judgeLevel(parseDecimal('0', 'USD'), bare, 'fine')).toBe('fine');
  });

  it('judged twice is the same, and a small swing changes it once at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30_000_00 }),
        fc.constantFrom(...levels),
        fc.array(fc.integer({ min: 0, max: 240 }), { maxLength: 20 }),
        (cents, before, swings) => {
          const text = (units: number) => (units / 100).toFixed(2);
          const first = judge(text(cents), before);
          expect(judge(text(cents), first)).toBe(first);
          let level = first;
          let changes = 0;
          for (const swing of swings) {
            // Less than 2.5 % of what there is, to and fro.
            const next = judge(text(Math.floor(cents * (1 + swing / 10_000))), level);
            if (next !== level) changes += 1;
            level = next;
          }
          expect(changes).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('is worse than another by how soon money is missing', () => {
    expect(isWorse('critical', 'warning')).toBe(true);
    expect(isWorse('warning', 'fine')).toBe(true);
    expect(isWorse('warning', 'critical')).toBe(false);
    expect(isWorse('idle', 'fine')).toBe(false);
    expect(isWorse('fine', 'idle')).toBe(false);
  });
});
