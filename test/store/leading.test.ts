// The first replica among others, as far as it does not need a server.
import { expect, it, vi } from 'vitest';
import { createLeading } from '../../src/store/postgres/leading.ts';
import type { Sitting } from '../../src/store/postgres/seat.ts';
import { createRecordingLog } from '../support.ts';

function createSitting(): Sitting & { heard: string[]; isLost: boolean; isFree: boolean } {
  const heard: string[] = [];
  const sitting = {
    ...{ place: 1, holder: 2_000, epoch: 'e', isLost: false, isFree: true, heard },
    async tryFirst() {
      heard.push('try');
      return sitting.isFree;
    },
    async yieldFirst() {
      heard.push('yield');
    },
    async ping() {
      heard.push('ping');
    },
  };
  return sitting;
}

it('is heard from while what it begins takes long', async () => {
  const sitting = createSitting();
  sitting.isFree = false;
  const leading = createLeading({ log: createRecordingLog(), take: async () => sitting });
  let begun = 0;
  let finish = (_: () => Promise<void>) => {};
  const stop = await leading.lead(() => {
    begun += 1;
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  sitting.isFree = true;
  for (let second = 0; second < 5; second += 1) await leading.look();
  expect(sitting.heard).toEqual(['try', 'try', 'ping', 'ping', 'ping', 'ping']);
  expect(begun).toBe(1);
  let ended = 0;
  finish(async () => {
    ended += 1;
  });
  await stop();
  expect(ended).toBe(1);
  expect(sitting.heard.at(-1)).toBe('yield');
});

it('ends what was still beginning when it is not the first any more', async () => {
  const sitting = createSitting();
  const leading = createLeading({ log: createRecordingLog(), take: async () => sitting });
  const heard: string[] = [];
  let finish = (_: () => Promise<void>) => {};
  const leaning = leading.lead(() => {
    heard.push('begun');
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  await vi.waitFor(() => expect(heard).toEqual(['begun']), 10_000);
  sitting.isLost = true;
  leading.lose(sitting);
  finish(async () => {
    heard.push('ended');
  });
  await leaning;
  await vi.waitFor(() => expect(heard).toEqual(['begun', 'ended']), 10_000);
});

it('takes the lock of a session that was lost for none of the next one', async () => {
  let answer = (_isMine: boolean) => {};
  const sitting = (holder: number, tryFirst: Sitting['tryFirst']) => ({
    ...{ place: 1, holder, epoch: 'e', isLost: false, tryFirst },
    yieldFirst: async () => {},
    ping: async () => {},
  });
  const old = sitting(
    1,
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const next = sitting(2, async () => false);
  let present: Sitting = old;
  const heard: string[] = [];
  const leading = createLeading({ log: createRecordingLog(), take: async () => present });
  const asking = leading.lead(async () => {
    heard.push('begins');
    return async () => {};
  });
  await Promise.resolve();
  old.isLost = true;
  leading.lose(old);
  present = next;
  const looking = leading.look();
  await Promise.resolve();
  answer(true);
  await Promise.all([asking, looking]);
  await leading.look();
  expect(heard).toEqual([]);
});
