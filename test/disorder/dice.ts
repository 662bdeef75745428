// Chance that can be had again from its seed.
export interface Dice {
  /** A whole number below n. */
  below(n: number): number;
  pick<T>(items: readonly T[]): T | undefined;
  /** True once in so many times. */
  oneIn(n: number): boolean;
}

/** mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const below = (n: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
  };
  return { below, pick: (items) => items[below(items.length)], oneIn: (n) => below(n) === 0 };
}
