// Token buckets: so many at once, then one at a time, for each key. In memory, and of this process.
// Not rate-limiter-flexible (11.4, read 2026-11-27): its memory store counts in fixed windows by its
// own clock and sets a timer for each key, and Purser’s time is passed in.

export interface Buckets {
  /** Takes one and gives 0, or takes none and gives for how long there is none, in milliseconds. */
  take(key: string): number;
  /** Whether there is one to take. */
  has(key: string): boolean;
}

export interface BucketsConfig {
  readonly burst: number;
  /** One more each time. */
  readonly everyMs: number;
}

interface Level {
  tokens: number;
  atMs: number;
}

/** Whoever came first is forgotten beyond that, and begins with a full bucket. */
const keysMax = 10_000;

export function createBuckets(
  { burst, everyMs }: BucketsConfig,
  clock: { now(): number },
): Buckets {
  const levels = new Map<string, Level>();

  const levelOf = (key: string): Level => {
    const now = clock.now();
    const known = levels.get(key);
    if (known === undefined) return { tokens: burst, atMs: now };
    // A clock that was set back fills nothing, and must not stop the filling either.
    const gained = Math.max(0, now - known.atMs) / everyMs;
    return { tokens: Math.min(burst, known.tokens + gained), atMs: now };
  };

  return {
    has: (key) => levelOf(key).tokens >= 1,
    take(key) {
      const level = levelOf(key);
      const waitMs = level.tokens >= 1 ? 0 : Math.ceil((1 - level.tokens) * everyMs);
      if (waitMs === 0) level.tokens -= 1;
      levels.delete(key);
      levels.set(key, level);
      const oldest = levels.keys().next();
      if (levels.size > keysMax && !oldest.done) levels.delete(oldest.value);
      return waitMs;
    },
  };
}
