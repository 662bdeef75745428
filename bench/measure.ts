// Ours and the floor are measured turn by turn in one run, so that a busy machine slows both.
export interface Result {
  readonly name: string;
  readonly ours: number;
  readonly floor: number;
  readonly ratio: number;
  readonly unit: string;
  readonly goal: string;
  readonly ok: boolean;
}

/** Milliseconds, the median of each. */
export async function compare(
  ours: () => Promise<unknown>,
  floor: () => Promise<unknown>,
  rounds: { warmUp: number; measured: number },
): Promise<{ ours: number; floor: number }> {
  const times = { ours: [] as number[], floor: [] as number[] };
  for (let round = 0; round < rounds.warmUp + rounds.measured; round += 1) {
    // Who goes first changes, so that neither always finds a warm cache.
    const order = round % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const);
    for (const who of order) {
      const startedAt = performance.now();
      await (who === 'ours' ? ours() : floor());
      if (round >= rounds.warmUp) times[who].push(performance.now() - startedAt);
    }
  }
  return { ours: median(times.ours), floor: median(times.floor) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

interface Times {
  readonly ours: number;
  readonly floor: number;
}

/** Ours may cost so many times the floor. */
export function toRatio(
  name: string,
  { ours, floor }: Times,
  { unit, most }: { readonly unit: string; readonly most: number },
): Result {
  const ratio = ours / floor;
  return {
    name,
    ours: round(ours),
    floor: round(floor),
    ratio: round(ratio),
    unit,
    goal: `ratio <= ${most}`,
    ok: ratio <= most,
  };
}

/** Ours may take so many milliseconds, whatever the floor takes. */
export function toLimit(name: string, { ours, floor }: Times, mostMs: number): Result {
  return {
    name,
    ours: round(ours),
    floor: round(floor),
    ratio: round(ours / floor),
    unit: 'ms',
    goal: `ours < ${mostMs}`,
    ok: ours < mostMs,
  };
}
