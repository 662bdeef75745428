// Replicas that judge by different rules, or live at different times, say so; those that are merely
// restarted one after the other do not.
import { expect, test } from 'vitest';
import { StoreError } from '../src/errors.ts';
import { payermax } from '../src/providers/payermax/index.ts';
import { compareEveryMs, createReplicas } from '../src/replicas.ts';
import { createAgreements } from '../src/store/index.ts';
import type { Team } from '../src/team.ts';
import { team } from './payouts/team.ts';
import { createFakeClock, createRecordingLog } from './support.ts';

interface Setting {
  readonly team?: Team;
  readonly host?: string;
  readonly aheadMs?: number;
}

function open(settings: readonly Setting[]) {
  const clock = createFakeClock();
  let nowAheadMs = 0;
  // As PostgreSQL has it: one memory, of which each tells by its own clock what is too old.
  const store = createAgreements({ clock: { now: () => clock.now() + nowAheadMs } });
  const replicas = settings.map(({ host = 'api.payermax.com', aheadMs = 0, ...own }) => {
    const log = createRecordingLog();
    const time = { ...clock, now: () => clock.now() + aheadMs };
    const connected = [{ module: payermax, host, isSandbox: false }];
    const { compare } = createReplicas({ store, team, connected, clock: time, log, ...own });
    return { log, aheadMs, compare };
  });
  return {
    /** What each of them has said after so many minutes. */
    async pass(minutes: number): Promise<string[][]> {
      for (let second = 0; second < minutes * 60; second += 1) {
        for (const [at, { aheadMs, compare }] of replicas.entries()) {
          nowAheadMs = aheadMs;
          if ((second + at * 7) % (compareEveryMs / 1_000) === 0) await compare();
        }
        clock.advance(1_000);
      }
      return replicas.map(({ log }) => log.lines.map(({ message }) => message));
    },
  };
}

const otherRules = 'another replica goes by another team file or other providers';
const otherTime = 'the clock of another replica is ahead of this one’s';
const other = { ...team, approvals: [] };

test('replicas that have the same in common say nothing', async () => {
  expect(await open([{}, { aheadMs: 25_000 }, {}]).pass(60)).toEqual([[], [], []]);
});

test('a replica with another team file is found, and said once', async () => {
  const [first, second, third] = await open([{}, {}, { team: other }]).pass(60);
  expect([first, second]).toEqual([[], []]);
  expect(third).toEqual([otherRules]);
});

test('a replica with other providers is found', async () => {
  const said = await open([{}, { host: 'sandbox.payermax.com' }]).pass(10);
  expect(said.flat()).toContain(otherRules);
});

test('what one statement alone says is not worth a line', async () => {
  expect(await open([{}, { team: other }]).pass(1)).toEqual([[], []]);
});

test.each([60_000, 75_000, 600_000])(
  'a clock that is ahead by %i ms is found by the others',
  async (aheadMs) => {
    const [ahead, ...others] = await open([{ aheadMs }, {}, {}]).pass(10);
    expect(ahead).toEqual([]);
    expect(others).toEqual([[otherTime], [otherTime]]);
  },
);

test('nothing is said where the store is away', async () => {
  const log = createRecordingLog();
  const away = () => Promise.reject(new StoreError('away'));
  const deps = { store: { remember: away, recall: away }, team, connected: [], log };
  const replicas = createReplicas({ ...deps, clock: createFakeClock() });
  await replicas.compare();
  expect(log.lines).toEqual([]);
});
