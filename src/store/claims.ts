// Work that one replica does at a time. A claim only saves work: what must never happen twice is decided
// by the versions of records, because a replica that was cut off may still believe that it has one.
import { StoreError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Store } from './types.ts';

export interface Claims {
  /** Waits for nobody: undefined, and nothing is done, where somebody is at it. */
  ifFree<T>(name: string, work: () => Promise<T>): Promise<T | undefined>;
  /** Waits for those of this process; undefined where another replica is at it. */
  inLine<T>(name: string, work: () => Promise<T>): Promise<T | undefined>;
  /** Waits for everybody; throws `StoreError` where that takes too long. */
  hold<T>(
    name: string,
    clock: { sleep(ms: number): Promise<void> },
    work: () => Promise<T>,
  ): Promise<T>;
}

const askAgainMs = 50;
const asksMax = 400;

export function createClaims(store: Pick<Store, 'claim' | 'release'>, log: Log): Claims {
  const lines = new Map<string, Promise<void>>();

  const giveBack = async (name: string) => {
    try {
      await store.release([name]);
    } catch (error) {
      log.warn({ err: error }, 'a claim could not be given back yet; the store tries again');
    }
  };

  /** Boxed, because work may give undefined. */
  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<[T] | undefined> => {
    if (!(await store.claim([name])).includes(name)) return undefined;
    try {
      return [await work()];
    } finally {
      await giveBack(name);
    }
  };

  const stand = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn = (lines.get(name) ?? Promise.resolve()).then(work);
    const over = turn.then(
      () => {},
      () => {},
    );
    lines.set(name, over);
    void over.then(() => {
      if (lines.get(name) === over) lines.delete(name);
    });
    return turn;
  };

  const inLine = async <T>(name: string, work: () => Promise<T>) =>
    (await stand(name, () => attempt(name, work)))?.[0];

  return {
    ifFree: async (name, work) => (lines.has(name) ? undefined : inLine(name, work)),
    inLine,
    hold: (name, { sleep }, work) =>
      stand(name, async () => {
        for (let ask = 0; ask < asksMax; ask += 1) {
          const done = await attempt(name, work);
          if (done !== undefined) return done[0];
          await sleep(askAgainMs);
        }
        throw new StoreError('Another replica has been busy with the same for too long.');
      }),
  };
}
