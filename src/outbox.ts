// What is still to be posted: one after the other for each subject, side by side otherwise, so that
// a platform that is away holds nobody up. What fails is tried again, less and less often.
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

export interface Outbox {
  /**
   * Runs after what was added before for this subject; `tries` counts the failures so far. Work added
   * later takes the place of work that failed.
   */
  add(subject: string, work: (tries: number) => Promise<void>, options?: OutboxOptions): void;
  /** Under way, or waiting to be tried again. */
  has(subject: string): boolean;
  /** Resolves when what was added for this subject has been tried. */
  after(subject: string): Promise<void>;
  /** What has failed and is tried again. */
  countWaiting(): number;
  /** Tries again what is due. */
  tick(): void;
  /** Resolves when nothing is being posted; what has failed is not waited for. */
  settle(): Promise<void>;
}

export interface OutboxOptions {
  /** A message that nobody would want by then is given up, and the log says so. */
  readonly giveUpAfterMs?: number;
  onGivenUp?(): void;
}

interface Failed {
  readonly work: (tries: number) => Promise<void>;
  readonly options: OutboxOptions;
  readonly tries: number;
  readonly sinceMs: number;
  readonly atMs: number;
}

const retryMaxMs = 5 * 60_000;
/**
 * An audit channel that is away for a day does not fill the memory. Only news are given up for it: a
 * card that waits for a decision is kept, and there is one at most for each payout and channel.
 */
const failedMax = 5_000;

export function createOutbox({ clock, log }: { clock: Clock; log: Log }): Outbox {
  const queues = new Map<string, Promise<void>>();
  const failed = new Map<string, Failed>();

  const keep = (subject: string, entry: Omit<Failed, 'tries' | 'sinceMs'>, err: unknown) => {
    const before = failed.get(subject);
    const sinceMs = before?.sinceMs ?? entry.atMs;
    const tries = (before?.tries ?? 0) + 1;
    failed.delete(subject);
    const isLate = entry.atMs - sinceMs > (entry.options.giveUpAfterMs ?? Number.POSITIVE_INFINITY);
    const isNews = entry.options.giveUpAfterMs !== undefined;
    if (isLate || (isNews && failed.size >= failedMax)) {
      log.error({ subject, err }, 'a message was lost: it could not be posted');
      entry.options.onGivenUp?.();
      return;
    }
    failed.set(subject, { ...entry, tries, sinceMs });
    const again = 'a message could not be posted; it is tried again';
    // Once for each outage: with many messages waiting, a line for every try would bury the rest.
    if (tries === 1) log.warn({ subject, err }, again);
    else log.debug({ subject, tries, err }, again);
  };

  const add: Outbox['add'] = (subject, work, options = {}) => {
    const before = queues.get(subject) ?? Promise.resolve();
    const running = before
      .then(() => work(failed.get(subject)?.tries ?? 0))
      .then(() => {
        const tries = failed.get(subject)?.tries;
        if (tries !== undefined) log.info({ subject, tries }, 'what could not be posted is posted');
        failed.delete(subject);
      })
      .catch((error: unknown) => keep(subject, { work, options, atMs: clock.now() }, error))
      .finally(() => {
        if (queues.get(subject) === running) queues.delete(subject);
      });
    queues.set(subject, running);
  };

  return {
    add,
    has: (subject) => queues.has(subject) || failed.has(subject),
    after: async (subject) => queues.get(subject),
    countWaiting: () => failed.size,
    tick() {
      for (const [subject, { work, options, tries, atMs }] of failed) {
        const waitMs = Math.min(retryMaxMs, 2 ** tries * 1000);
        if (!queues.has(subject) && clock.now() - atMs >= waitMs) add(subject, work, options);
      }
    },
    async settle() {
      while (queues.size > 0) await Promise.all(queues.values());
    },
  };
}
