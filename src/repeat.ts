// Work that is looked for again and again, for as long as Purser runs.
import type { Log } from './log.ts';

/** Never overlaps itself; what fails is logged and tried again. Gives the way to stop. */
export function repeat(log: Log, work: () => Promise<void>, everyMs = 1000): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  const next = () => {
    timer = setTimeout(() => {
      running = work()
        .catch((error: unknown) => log.error({ err: error }, 'work that was due has failed'))
        .finally(() => {
          if (!isStopped) next();
        });
    }, everyMs);
  };
  next();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
}
