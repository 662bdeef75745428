// What must not overlap takes turns: a check and the step that rests on it, when the step of another
// would have changed the answer. Within one process they stand in line; between replicas each turn
// changes one record in the same commit as its step, so that of two the slower one checks again.
import { ConflictError, StoreError } from '../errors.ts';
import type { RecordChange, Store } from '../store/types.ts';

/** Runs the work of one key one after the other; it is repeated where its step met a conflict. */
export type Turns = <T>(key: string, work: (guard: RecordChange) => Promise<T>) => Promise<T>;

/** So often can a replica be the slower one. */
const attemptsMax = 200;

export function createTurns(store: Store): Turns {
  const last = new Map<string, Promise<unknown>>();

  async function take<T>(key: string, work: (guard: RecordChange) => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const expectedVersion = (await store.find('turn', key))?.version ?? 0;
      try {
        return await work({ kind: 'turn', id: key, expectedVersion, isOpen: true, value: {} });
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    }
    throw new StoreError('Too many payouts are under way at once; try again.');
  }

  return (key, work) => {
    const begin = () => take(key, work);
    const turn = (last.get(key) ?? Promise.resolve()).then(begin, begin);
    last.set(key, turn);
    return turn;
  };
}

export type Slots = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** So many of one key may be under way at once in this process. */
export function createSlots(slotsMax: number): Slots {
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
