// How much one person may ask for: a lost script or a stolen account must not keep the providers busy,
// fill the store or bury the others. People at work do not notice it, and stopping payouts is never
// held up. Each replica counts for itself, so that counting costs no question to a store: with three
// of them one person may ask three times as much, which is still little.
import { type Buckets, createBuckets } from '../buckets.ts';
import type { Pace } from './types.ts';

export interface Rates {
  /** 0 where it may be done now; else in how many milliseconds. */
  take(pace: Pace | 'completion', who: string): number;
  /** Whether this refusal is the first since something was allowed. */
  isNews(who: string): boolean;
}

const levels = {
  /** Asks providers, or makes a record. */
  work: { burst: 40, everyMs: 2_000 },
  /** A queue may be decided as fast as anybody can press. */
  decision: { burst: 600, everyMs: 100 },
  /** With every letter typed. */
  completion: { burst: 100, everyMs: 100 },
} as const;
const toldMax = 1_000;

export function createRates(clock: { now(): number }): Rates {
  const buckets: Readonly<Record<keyof typeof levels, Buckets>> = {
    work: createBuckets(levels.work, clock),
    decision: createBuckets(levels.decision, clock),
    completion: createBuckets(levels.completion, clock),
  };
  const told = new Set<string>();
  return {
    take(pace, who) {
      if (pace === 'unlimited') return 0;
      const waitMs = buckets[pace].take(who);
      if (waitMs === 0 && pace !== 'completion') told.delete(who);
      return waitMs;
    },
    isNews(who) {
      if (told.has(who)) return false;
      if (told.size >= toldMax) told.clear();
      told.add(who);
      return true;
    },
  };
}
