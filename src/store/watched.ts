// Whether a store still takes writes. What a store says from memory, or a standby from its copy, proves
// nothing about that: the last write does. Once one has failed, a small write of our own is tried
// whenever somebody looks, so that it is seen when the disk or the database is back, also where nobody
// works.
import type { Clock } from '../clock.ts';
import { ConflictError, StoreFullError } from '../errors.ts';
import type { Store } from './types.ts';

export interface WatchedStore {
  readonly store: Store;
  /** Undefined where it answers and its last write stands; else why not. Rejects where it does not answer. */
  look(): Promise<string | undefined>;
}

/** Its own kind: nothing else reads it, and a closed record is no open work. */
const [kind, id] = ['write-probe', 'last'];
/** A failing write is a line in the log, and a balancer looks every second. */
const probeEveryMs = 5_000;

export function watchStore(store: Store, clock: Pick<Clock, 'now'>): WatchedStore {
  let hasFailed = false;
  let probedAtMs = Number.NEGATIVE_INFINITY;
  let probing: Promise<void> | undefined;

  const note = <Given extends unknown[], Answer>(write: (...given: Given) => Promise<Answer>) => {
    return async (...given: Given): Promise<Answer> => {
      try {
        return await write(...given);
      } catch (error) {
        // Both are answers of a store that works.
        hasFailed ||= !(error instanceof ConflictError || error instanceof StoreFullError);
        throw error;
      }
    };
  };

  const commit: Store['commit'] = async (changes, audit) => {
    await note(store.commit)(changes, audit);
    // An empty step writes nothing, and so shows nothing.
    if (changes.length + audit.length > 0) hasFailed = false;
  };

  const probe = async () => {
    const expectedVersion = (await store.find(kind, id))?.version ?? 0;
    const value = { atMs: clock.now() };
    await commit([{ kind, id, expectedVersion, isOpen: false, value }], []);
  };

  const probeInTurn = async () => {
    if (probing === undefined && Math.abs(clock.now() - probedAtMs) < probeEveryMs) return;
    probedAtMs = clock.now();
    probing ??= probe()
      .catch(() => undefined)
      .finally(() => {
        probing = undefined;
      });
    await probing;
  };

  return {
    store: {
      ...store,
      commit,
      // Where they fail the next step may too; where they do not, nothing is proved: they may be in memory.
      appendReadings: note(store.appendReadings),
      claim: note(store.claim),
      release: note(store.release),
      remember: note(store.remember),
    },
    async look() {
      await store.find(kind, id);
      // Of what replicas tell each other a standby of PostgreSQL has nothing: it cannot be asked.
      await store.recall(id);
      if (hasFailed) await probeInTurn();
      return hasFailed ? 'The store takes no writes.' : undefined;
    },
  };
}
