// How a balance stands against the thresholds of the team file. A level is left for a better one only
// 5 % beyond its threshold, so that a balance that swings around a threshold is told once.
import { compareMoney, type Money, parseDecimal } from '../money.ts';
import type { Team } from '../team.ts';

export const levels = ['critical', 'warning', 'idle', 'fine'] as const;
/** `idle`: more than there should lie around. */
export type Level = (typeof levels)[number];

export type Threshold = Team['thresholds'][number];

/** Exact in integers: 5 % of any amount. */
const marginPercent = 5n;

/** The first that names them, as everywhere in the team file. */
export function findThreshold(
  thresholds: readonly Threshold[],
  provider: string,
  currency: string | undefined,
): Threshold | undefined {
  return thresholds.find((one) => one.provider === provider && one.currency === currency);
}

/** `before` is the level until now. */
export function judgeLevel(available: Money, threshold: Threshold, before: Level): Level {
  const { currency } = threshold;
  const limit = (text: string | undefined, percent: bigint) =>
    text === undefined ? undefined : scaled(parseDecimal(text, currency), percent);
  const up = 100n + marginPercent;
  const isLow = before === 'critical' || before === 'warning';
  const critical = limit(threshold.critical, before === 'critical' ? up : 100n);
  const warning = limit(threshold.warning, isLow ? up : 100n);
  const idle = limit(threshold.idle, before === 'idle' ? 100n - marginPercent : 100n);
  if (critical !== undefined && compareMoney(available, critical) < 0) return 'critical';
  if (warning !== undefined && compareMoney(available, warning) < 0) return 'warning';
  if (idle !== undefined && compareMoney(available, idle) > 0) return 'idle';
  return 'fine';
}

function scaled({ units, decimals, currency }: Money, percent: bigint): Money {
  return { units: units * percent, decimals: decimals + 2, currency };
}

const ranks: Readonly<Record<Level, number>> = { fine: 0, idle: 0, warning: 1, critical: 2 };

export function isWorse(level: Level, than: Level): boolean {
  return ranks[level] > ranks[than];
}
