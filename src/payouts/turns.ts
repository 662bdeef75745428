// What must not overlap takes turns: a check and the step that rests on it, when the step of another
// would have changed the answer. Within one process; across several the store's versions decide.

/** Runs the work of one key one after the other, whatever became of the one before. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    return turn;
  };
}

/** Like turns, but so many of one key may be under way at once. */
export function createSlots(slotsMax: number): Turns {
  const lanes = new Map<string, { free: number; waiting: (() => void)[] }>();
  return async (key, work) => {
    const lane = lanes.get(key) ?? { free: slotsMax, waiting: [] };
    lanes.set(key, lane);
    if (lane.free > 0) lane.free -= 1;
    else await new Promise<void>((resolve) => lane.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = lane.waiting.shift();
      if (next === undefined) lane.free += 1;
      else next();
    }
  };
}
