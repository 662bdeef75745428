// What a requester hears of how a payout ended: once, and also where a crash came between.
import { expect, test } from 'vitest';
import { BotError, StoreError } from '../src/errors.ts';
import { approve, later, request, savePayee, stateOf } from './payouts/acts.ts';
import { copyFolder, type OfficeConfig, openOffice, type Scene } from './payouts/scene.ts';

async function openPaid(config: OfficeConfig = {}, waitMs = 0): Promise<Scene> {
  const scene = await openOffice(config);
  await savePayee(scene);
  const payout = await request(scene);
  scene.clock.advance(waitMs);
  await approve(scene, payout);
  await later(scene, 10_000);
  expect(await stateOf(scene, payout)).toBe('paid');
  return scene;
}

/** Killed at this moment, and started again. */
async function again({ outside, dataDir }: Scene): Promise<Scene> {
  return openOffice({ outside, dataDir: await copyFolder(dataDir) });
}

const listTold = ({ posted }: Scene) => posted.direct.map(({ text }) => text);

const isOfRequester = (id: string) => id.startsWith('requester ');

test('a requester hears once how it ended, also after a start', async () => {
  const scene = await openPaid();
  expect(listTold(scene)).toEqual([expect.stringContaining('Paid.')]);
  expect(listTold(await again(scene))).toEqual([]);
});

test('a requester hears after the next start what a crash kept from them', async () => {
  let go = () => {};
  const crash = new Promise<void>((resolve) => {
    go = resolve;
  });
  const scene = await openOffice({ beforeTelling: () => crash });
  await savePayee(scene);
  const payout = await request(scene);
  // So long ago that only its card tells that something is left to do.
  scene.clock.advance(20 * 3_600_000);
  await approve(scene, payout);
  scene.clock.advance(10_000);
  await scene.payouts.followUp.tick();
  await expect.poll(() => scene.posted.in('C01').at(-1)?.text).toContain('Paid.');
  const next = await again(scene);
  const told = [listTold(scene), listTold(next), listTold(await again(next))];
  go();
  expect(told).toEqual([[], [expect.stringContaining('Paid.')], []]);
});

test('a requester hears nothing twice where it can be written down only later', async () => {
  let isFull = true;
  const scene = await openPaid({
    wrapStore: (store) => ({
      ...store,
      async commit(changes, audit) {
        if (isFull && changes.some(({ id }) => isOfRequester(id))) throw new StoreError('full');
        await store.commit(changes, audit);
      },
    }),
  });
  for (const isStillFull of [true, false]) {
    isFull = isStillFull;
    scene.clock.advance(60_000);
    await scene.announcer.tick();
    await scene.settle();
  }
  expect(listTold(scene)).toHaveLength(1);
  expect(listTold(await again(scene))).toEqual([]);
});

test('a requester hears after the next start what the platform did not take before', async () => {
  let isAway = true;
  const beforeTelling = async () => {
    if (isAway) throw new BotError('it is away');
  };
  const scene = await openPaid({ beforeTelling }, 20 * 3_600_000);
  expect(scene.posted.in('C01').at(-1)?.text).toContain('Paid.');
  expect(listTold(scene)).toEqual([]);
  isAway = false;
  expect(listTold(await again(scene))).toEqual([expect.stringContaining('Paid.')]);
});

test('who takes no messages is not written to again and again, and is given up', async () => {
  let tries = 0;
  const beforeTelling = async () => {
    tries += 1;
    throw new BotError('this person takes no messages');
  };
  const scene = await openPaid({ beforeTelling });
  const pass = async (hours: number) => {
    for (let halfMinute = 0; halfMinute < hours * 120; halfMinute += 1) {
      scene.clock.advance(30_000);
      await scene.announcer.tick();
      await scene.announcer.repair();
      await scene.settle();
    }
  };
  await pass(1);
  expect(tries).toBeLessThan(25);
  await pass(6);
  expect(scene.log.lines.filter(({ message }) => message.includes('was lost'))).toHaveLength(1);
  const triedSoFar = tries;
  await pass(2);
  expect(tries).toBe(triedSoFar);
  expect(await scene.store.listOpen('post')).toEqual([]);
  expect(listTold(await again(scene))).toEqual([]);
});
