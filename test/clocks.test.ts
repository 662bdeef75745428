// What one replica does for all: when it is over, all of it ends, whatever fails on the way.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Announcer } from '../src/announcer.ts';
import type { Bot } from '../src/bots/types.ts';
import { createClocks } from '../src/clocks.ts';
import type { Store } from '../src/store/types.ts';
import { createScene } from './commands/world.ts';
import { createChannels } from './rounds/scene.ts';
import { createReferenceStore } from './store/reference-store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A replica that is first, with two bots; what it does stands in `calls`. */
function open(onFirst: (isFirst: boolean) => void = () => {}) {
  const { world, clock, log } = createScene();
  const calls: string[] = [];
  const note = (what: string) => async () => {
    calls.push(what);
  };
  const bots = ['one', 'two'].map(
    (name): Bot => ({
      platform: 'discord',
      servedBy: 'first',
      poster: createChannels(clock, 'discord').poster,
      check: async () => [],
      start: async () => ({ line: name }),
      async stop() {
        calls.push(`stop ${name}`);
        throw new Error(`${name} is stuck`);
      },
    }),
  );
  const followUp = {
    ...world.payouts.followUp,
    recover: note('recover'),
    begin: note('look'),
    stop: note('stop following up'),
  };
  const announcing: Announcer = {
    ...{ recover: async () => {}, repair: async () => {}, tick: async () => {} },
    ...{ notify: () => {}, countWaiting: () => 0, settle: async () => {} },
    findLink: async () => undefined,
  };
  const data = { records: [], entries: [], readings: [] };
  const store: Store = {
    ...createReferenceStore({ data, clock, openMax: 100 }),
    async lead(begin) {
      const end = await begin();
      return async () => {
        calls.push('leave');
        await end();
      };
    },
  };
  const clocks = createClocks(world, {
    ...{ deps: { clock }, log, store, bots, announcing, onFirst },
    world: { ...world, payouts: { ...world.payouts, followUp } },
    start: async ({ platform }) => ({ line: platform }),
  });
  return { clocks, calls, log };
}

test('a bot that cannot be stopped leaves nothing running, and is told of', async () => {
  const { clocks, calls } = open();
  await clocks.start();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(calls).toEqual(['recover', 'look', 'look', 'look']);
  await expect(clocks.stop()).rejects.toThrow('two is stuck');
  expect(calls.slice(4)).toEqual(['stop two', 'stop one', 'stop following up', 'leave']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls).toHaveLength(8);
  expect(vi.getTimerCount()).toBe(0);
  await clocks.stop();
});

test('a beginning that fails is told of, and not what fails after it', async () => {
  const { clocks, calls, log } = open((isFirst) => {
    if (isFirst) throw new Error('nobody can be first');
  });
  await expect(clocks.start()).rejects.toThrow('nobody can be first');
  expect(calls).toEqual(['recover', 'stop two', 'stop one', 'stop following up']);
  expect(log.text()).toContain('what the first replica does could not be ended');
  expect(vi.getTimerCount()).toBe(0);
});
