// The wake-ups: a rule with its second, minute, hour, days and zone, and none that ends the process.
import { scheduledJobs } from 'node-schedule';
import { describe, expect, it } from 'vitest';
import { findNext } from '../../src/digests/calendar.ts';
import { startWakeUps, toRule } from '../../src/digests/schedule.ts';
import { createRecordingLog } from '../support.ts';

const digest = {
  id: 'one',
  at: '09:05',
  zone: 'America/Lima',
  days: 'mon-fri',
  to: ['slack:C01' as const],
};

describe('a wake-up', () => {
  it('has a rule that names its second and minute', () => {
    expect(toRule({ at: '09:05', days: 'mon-fri' })).toBe('0 5 9 * * 1,2,3,4,5');
    expect(toRule({ at: '00:00', days: 'sat-mon' })).toBe('0 0 0 * * 0,1,6');
  });

  it('comes when the calendar says, calls, and stays alive when the call fails', async () => {
    const log = createRecordingLog();
    let calls = 0;
    const wake = async () => {
      calls += 1;
      throw new Error('no store');
    };
    const before = new Set(Object.keys(scheduledJobs));
    const stop = startWakeUps([digest], { log, wake });
    const [name = ''] = Object.keys(scheduledJobs).filter((one) => !before.has(one));
    const job = scheduledJobs[name];
    const next = job?.nextInvocation();
    expect(next?.getTime()).toBe(findNext(digest, (next?.getTime() ?? 0) - 1)?.atMs);
    job?.invoke();
    await null;
    await null;
    expect(calls).toBe(1);
    expect(log.text()).toContain('a digest that was due could not be begun');
    stop();
    expect(Object.keys(scheduledJobs)).not.toContain(name);
  });

  it('that cannot be scheduled is a line in the log', () => {
    const log = createRecordingLog();
    startWakeUps([{ ...digest, at: '99:99' }], { log, wake: async () => {} })();
    expect(log.text()).toContain('a digest has no wake-up; it is looked for every second');
  });
});
