// Replicas that judge by different rules, or live at different times, say so; those that are merely
// restarted one after the other do not.
import { expect, test } from 'vitest';
import { StoreError } from '../src/errors.ts';
import { payermax } from '../src/providers/payermax/index.ts';
import { compareEveryMs, createReplicas } from '../src/replicas.ts';
import type { Team } from '../src/team.ts';
import { team } from './payouts/team.ts';
import { createReferenceStore } from './store/reference-store.ts';
import { createFakeClock, createRecordingLog, type FakeClock } from './support.ts';

interface Setting {
  readonly team?: Team;
  readonly host?: string;
  readonly aheadMs?: number;
}

function open(settings: readonly Setting[]) {
  const clock = createFakeClock();
  const data = { records: [], entries: [], readings: [] };
  const storeOf = (own: FakeClock) => createReferenceStore({ data, clock: own, openMax: 10 });
  const shared = storeOf(clock);
  const replicas = settings.map(({ host = 'api.payermax.com', aheadMs = 0, ...own }) => {
    const log = createRecordingLog();
    const time = { ...clock, now: () => clock.now() + aheadMs };
    const connected = [{ module: payermax, host }];
    return { log, ...createReplicas({ store: shared, team, connected, clock: time, log, ...own }) };
  });
  return {
    /** What each of them has said after so many looks. */
    async look(times: number): Promise<string[][]> {
      for (let time = 0; time < times; time += 1) {
        for (const one of replicas) await one.compare();
        clock.advance(compareEveryMs);
      }
      return replicas.map(({ log }) => log.lines.map(({ message }) => message));
    },
  };
}

const otherRules = 'another replica goes by another team file or other providers';
const otherTime = 'the clock of another replica is ahead of this one’s';

test('replicas that have the same in common say nothing', async () => {
  expect(await open([{}, { aheadMs: 5_000 }, {}]).look(10)).toEqual([[], [], []]);
});

test('a replica with another team file is found, once', async () => {
  const other = { ...team, approvals: [] };
  const said = await open([{}, {}, { team: other }]).look(10);
  expect(said).toEqual([[], [], [otherRules]]);
});

test('a replica with other providers is found', async () => {
  expect(await open([{}, { host: 'sandbox.payermax.com' }]).look(3)).toEqual([[], [otherRules]]);
});

test('a replica that differs for one look is not worth a line', async () => {
  expect(await open([{}, { team: { ...team, approvals: [] } }]).look(1)).toEqual([[], []]);
});

test('a clock that is ahead is found by the others', async () => {
  expect(await open([{ aheadMs: 120_000 }, {}, {}]).look(4)).toEqual([
    [],
    [otherTime],
    [otherTime],
  ]);
});

test('nothing is said where the store is away', async () => {
  const log = createRecordingLog();
  const away = () => Promise.reject(new StoreError('away'));
  const deps = { store: { remember: away, recall: away }, team, connected: [], log };
  const replicas = createReplicas({ ...deps, clock: createFakeClock() });
  await replicas.compare();
  expect(log.lines).toEqual([]);
});
