// Ours and the floor are measured turn by turn in one run, so that a busy machine slows both.
export interface Result {
  readonly name: string;
  readonly ours: number;
  readonly floor: number;
  readonly ratio: number;
  readonly unit: string;
  readonly goal: string;
  readonly ok: boolean;
  /** The lowest and the highest ratio that a part of the rounds would have given. */
  readonly spread?: string;
}

/** Medians. */
export interface Times {
  readonly ours: number;
  readonly floor: number;
  readonly spread?: string;
}

const parts = 5;

/** Milliseconds, the median of each. */
export async function compare(
  ours: () => Promise<unknown>,
  floor: () => Promise<unknown>,
  rounds: { warmUp: number; measured: number },
): Promise<Times> {
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
  return toTimes(times.ours, times.floor);
}

/** Of as many each, measured turn by turn. */
export function toTimes(ours: readonly number[], floor: readonly number[]): Times {
  const length = Math.ceil(ours.length / parts);
  const ratios = Array.from({ length: parts }, (_, part) => {
    const of = (values: readonly number[]) =>
      median(values.slice(part * length, (part + 1) * length));
    return round(of(ours) / of(floor));
  });
  return {
    ours: median(ours),
    floor: median(floor),
    spread: `${Math.min(...ratios)} to ${Math.max(...ratios)}`,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Ours may cost so many times the floor. */
export function toRatio(
  name: string,
  times: Times,
  { unit, most }: { readonly unit: string; readonly most: number },
): Result {
  return toResult(name, times, unit, `ratio <= ${most}`, times.ours / times.floor <= most);
}

/** Ours may take so many milliseconds, whatever the floor takes. */
export function toLimit(name: string, times: Times, mostMs: number): Result {
  return toResult(name, times, 'ms', `ours < ${mostMs}`, times.ours < mostMs);
}

/** Ours may take so many milliseconds more than the floor. */
export function toOverhead(name: string, times: Times, mostMs: number): Result {
  return toResult(
    name,
    times,
    'ms',
    `ours <= floor + ${mostMs}`,
    times.ours <= times.floor + mostMs,
  );
}

function toResult(name: string, times: Times, unit: string, goal: string, ok: boolean): Result {
  const { ours, floor, spread } = times;
  return {
    name,
    ours: round(ours),
    floor: round(floor),
    ratio: round(ours / floor),
    unit,
    goal,
    ok,
    ...(spread === undefined ? {} : { spread }),
  };
}
