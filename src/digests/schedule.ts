// Wakes the rounds up at the minute in which a digest is due. What is due is decided by the calendar
// and the claims in the store: a wake-up that is late, doubled or lost changes nothing but the second.
// https://github.com/node-schedule/node-schedule (read 2026-11-26)
import { type Job, scheduleJob } from 'node-schedule';
import type { Log } from '../log.ts';
import { type Digest, listWeekdays } from './calendar.ts';

export interface WakeUpDeps {
  readonly log: Log;
  wake(): Promise<void>;
}

/** Gives the way to stop. */
export function startWakeUps(digests: readonly Digest[], { log, wake }: WakeUpDeps): () => void {
  const jobs = digests.flatMap((digest) => {
    // A rejected job would be an unhandled rejection, which ends the process.
    const run = () => {
      wake().catch((error: unknown) => {
        log.error({ digest: digest.id, err: error }, 'a digest that was due could not be begun');
      });
    };
    // Null for a rule that it does not understand, whatever its types say.
    const job: Job | null = scheduleJob({ rule: toRule(digest), tz: digest.zone }, run);
    if (job !== null) return [job];
    log.warn({ digest: digest.id }, 'a digest has no wake-up; it is looked for every second');
    return [];
  });
  return () => {
    for (const job of jobs) job.cancel();
  };
}

/** `0 0 9 * * 1,2,3`: with its second and minute, without which it would run each of them. */
export function toRule({ at, days }: Pick<Digest, 'at' | 'days'>): string {
  const [hour = '0', minute = '0'] = at.split(':');
  return `0 ${Number(minute)} ${Number(hour)} * * ${[...listWeekdays(days)].sort().join(',')}`;
}
