// The first of the replicas: whoever has the lock. Looked for every second, because a session that
// died frees it without telling anybody; and given up with the session, because the lock is.
import type { Log } from '../../log.ts';
import { describe } from './failures.ts';
import type { Sitting } from './seat.ts';

type Begin = () => Promise<() => Promise<void>>;

export interface Leading {
  /** Begins now where no other replica is first, and fails as `begin` does. Gives the way to stop. */
  lead(begin: Begin): Promise<() => Promise<void>>;
  /** Looks whether it is the first by now. */
  look(): Promise<void>;
  /** The lock is gone with that one. */
  lose(sitting: Sitting): void;
  /** Ends all that was begun. */
  close(): Promise<void>;
}

interface Work {
  readonly begin: Begin;
  end: (() => Promise<void>) | undefined;
  isBeginning: boolean;
  isOver: boolean;
  /** Beginning and ending take turns. */
  turn: Promise<void>;
}

export interface LeadingConfig {
  readonly log: Log;
  take(): Promise<Sitting>;
}

export function createLeading({ log, take }: LeadingConfig): Leading {
  const works = new Set<Work>();
  /** That has the lock. */
  let first: Sitting | undefined;
  let gaining: Promise<void> | undefined;

  const isFirst = (sitting: Sitting) => first === sitting && !sitting.isLost;

  /** The lock counts how often it was taken: once is enough. */
  const gain = async (sitting: Sitting): Promise<boolean> => {
    if (isFirst(sitting)) return true;
    // That of an earlier sitting may still be under way: what it answers is true of that one only.
    gaining ??= sitting
      .tryFirst()
      .then((isMine) => {
        if (isMine && !sitting.isLost) first = sitting;
      })
      .finally(() => {
        gaining = undefined;
      });
    await gaining;
    return isFirst(sitting);
  };

  const begin = async (work: Work): Promise<void> => {
    if (work.isBeginning) return;
    work.isBeginning = true;
    const begun = work.turn.then(async () => {
      if (work.isOver || work.end !== undefined || first === undefined) return;
      work.end = await work.begin();
    });
    work.turn = begun.catch(() => undefined);
    await begun.finally(() => {
      work.isBeginning = false;
    });
  };

  const end = (work: Work): Promise<void> => {
    work.turn = work.turn.then(async () => {
      const ending = work.end;
      work.end = undefined;
      await ending?.().catch((error: unknown) => {
        log.error({ err: error }, 'what the first replica does could not be ended');
      });
    });
    return work.turn;
  };

  const stepDown = async () => {
    const sitting = first;
    first = undefined;
    await Promise.all([...works].map(end));
    // A session that is lost has no lock any more.
    await sitting?.yieldFirst().catch(() => undefined);
  };

  const drop = async (work: Work) => {
    work.isOver = true;
    await end(work);
    works.delete(work);
    if (works.size === 0) await stepDown();
  };

  return {
    async lead(toBegin) {
      const idle = { end: undefined, isBeginning: false, isOver: false, turn: Promise.resolve() };
      const work: Work = { begin: toBegin, ...idle };
      works.add(work);
      try {
        const sitting = await take();
        // A session that ends right now is no failure: it is looked for again in a second.
        if (await gain(sitting).catch(() => false)) await begin(work);
      } catch (error) {
        await drop(work);
        throw error;
      }
      return () => drop(work);
    },

    async look() {
      const sitting = await take();
      if (works.size === 0 || isFirst(sitting)) await sitting.ping();
      else if (await gain(sitting)) log.info({}, 'this replica is the first one now');
      if (!isFirst(sitting)) return;
      // Not waited for: the server must hear from this replica every second, however long that takes.
      Promise.all([...works].map(begin)).catch(async (error: unknown) => {
        log.error({ err: error }, 'this replica cannot be the first one: another may try');
        await stepDown();
      });
    },

    lose(sitting) {
      if (first !== sitting) return;
      first = undefined;
      log.warn({}, 'this replica is not the first one any more');
      for (const work of works) end(work);
    },

    async close() {
      await Promise.all([...works].map(drop));
      await stepDown().catch((error: unknown) => log.debug({ err: describe(error) }, 'at the end'));
    },
  };
}
