// Two replicas at the same delivery: the claim of the first is void, as it is when its database session
// has ended, and it does not know. Whatever each of them is in the middle of, one message is posted.
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { postWithinMs } from '../../src/rounds/posting.ts';
import { createRoundsScene } from './scene.ts';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const morning = { id: 'morning', at: '09:00', zone: 'UTC', days: 'mon-sun', to: ['slack:C01'] };
const nine = Date.parse('2026-11-26T09:00:00Z');
const id = 'digest morning 2026-11-26 slack:C01';

/** At nine: the digest is due, and nobody has begun. A claim of one holds up none of the others. */
async function begin() {
  const team = { digests: [morning], channels: { alerts: ['slack:C03'] } };
  const scene = createRoundsScene({ team, nowMs: nine - hour });
  const replicas = [await scene.start(), await scene.start(), await scene.start()] as const;
  for (const one of replicas) await one.turn();
  scene.clock.advance(hour);
  const { channels, payermax } = scene;
  return {
    ...scene,
    replicas,
    marks: () => channels.posted.map(({ card }) => card.mark),
    find: () => replicas[2].digests.deliveries.find(id),
    /** Begins what is due, as far as it gets. */
    async go(replica: (typeof replicas)[number]) {
      await replica.rounds.tick();
      await setImmediate();
    },
    holdBalances: () => hold((until) => payermax.waits(until)),
    holdPosts: () => hold((until) => channels.waits(until)),
  };
}

/** Who comes now waits until it is let go; who comes after `open` does not. */
function hold(waits: (until: Promise<void>) => void) {
  let letGo = () => {};
  waits(
    new Promise((resolve) => {
      letGo = resolve;
    }),
  );
  return {
    open: () => waits(Promise.resolve()),
    letGo: async () => {
      letGo();
      await setImmediate();
    },
  };
}

it('what another replica has posted while the card was composed is not posted again', async () => {
  const { replicas, marks, go, find, holdBalances, log } = await begin();
  const [first, next] = replicas;
  const balances = holdBalances();
  await go(first);
  balances.open();
  await next.turn();
  expect(marks()).toEqual(['digest morning 2026-11-26']);
  await balances.letGo();
  await first.rounds.settle();
  expect(marks()).toHaveLength(1);
  expect(await find()).toMatchObject({ state: 'posted', message: 'm1', tries: 0 });
  expect(log.lines.map(({ message }) => message)).toEqual(['a digest is due']);
});

it('of two that have composed it one posts', async () => {
  const { replicas, marks, go, find, holdBalances } = await begin();
  const [first, next] = replicas;
  const balances = holdBalances();
  await go(first);
  await go(next);
  await balances.letGo();
  await Promise.all([first.rounds.settle(), next.rounds.settle()]);
  expect(marks()).toHaveLength(1);
  expect(await find()).toMatchObject({ state: 'posted', message: 'm1' });
});

it('what another replica is posting is left alone, and looked for once', async () => {
  const { replicas, marks, go, find, holdPosts, clock, channels } = await begin();
  const [first, next] = replicas;
  const posts = holdPosts();
  await go(first);
  posts.open();
  for (let turn = 0; turn < 60; turn += 1) {
    clock.advance(second);
    await next.turn();
  }
  expect([marks(), channels.asked]).toEqual([[], 1]);
  await posts.letGo();
  await first.rounds.settle();
  clock.advance(postWithinMs);
  await next.turn();
  expect(marks()).toHaveLength(1);
  expect(await find()).toMatchObject({ state: 'posted', message: 'm1' });
});

it('what a replica died over is posted as soon as it cannot reach the channel any more', async () => {
  const { replicas, marks, go, holdPosts, clock } = await begin();
  const [first, next] = replicas;
  const posts = holdPosts();
  await go(first);
  first.kill();
  posts.open();
  await next.turn();
  clock.advance(postWithinMs - 1);
  await next.turn();
  expect(marks()).toEqual([]);
  clock.advance(1);
  await next.turn();
  expect(marks()).toHaveLength(1);
});

it('what came into the channel while it was looked for there is not posted again', async () => {
  const { replicas, marks, go, find, holdPosts, clock, channels } = await begin();
  const [first, next] = replicas;
  const posts = holdPosts();
  await go(first);
  first.kill();
  posts.open();
  clock.advance(postWithinMs - second);
  channels.onLook(() => {
    clock.advance(2 * second);
    void posts.letGo();
  });
  await next.turn();
  await next.turn();
  expect(marks()).toHaveLength(1);
  expect(await find()).toMatchObject({ state: 'posted', message: 'm1' });
});

it('a try that is known to have failed holds up no other replica', async () => {
  const { replicas, marks, find, clock, channels } = await begin();
  const [first, next] = replicas;
  channels.fault('C01', 'away');
  await first.turn();
  channels.fault('C01', undefined);
  clock.advance(minute / 2);
  await next.turn();
  expect(marks()).toHaveLength(1);
  expect(await find()).toMatchObject({ state: 'posted', tries: 1 });
});

it('a try that fails when another replica has taken over says nothing about the other one', async () => {
  const { replicas, marks, go, find, holdPosts, clock, channels } = await begin();
  const [first, next, last] = replicas;
  const early = holdPosts();
  await go(first);
  clock.advance(postWithinMs);
  const late = holdPosts();
  await go(next);
  late.open();
  channels.fault('C01', 'away');
  await early.letGo();
  await first.rounds.settle();
  channels.fault('C01', undefined);
  clock.advance(minute);
  await last.turn();
  expect(marks()).toEqual([]);
  await late.letGo();
  await next.rounds.settle();
  expect(marks()).toHaveLength(1);
  expect(await find()).toMatchObject({ state: 'posted', tries: 0 });
});

it('whoever could not write down that its try has failed does not wait for itself', async () => {
  const { replicas, marks, go, find, holdPosts, clock, channels } = await begin();
  const [first] = replicas;
  const posts = holdPosts();
  await go(first);
  posts.open();
  channels.fault('C01', 'away');
  first.kill();
  await posts.letGo();
  await first.rounds.settle();
  first.revive();
  channels.fault('C01', undefined);
  clock.advance(minute / 2);
  await first.turn();
  expect(marks()).toHaveLength(1);
  expect(await find()).toMatchObject({ state: 'posted', tries: 0 });
});
