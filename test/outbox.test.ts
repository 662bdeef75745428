// What is to be posted, while platforms fail.
import { beforeEach, expect, test } from 'vitest';
import { createOutbox, type Outbox } from '../src/outbox.ts';
import { createFakeClock, createRecordingLog, type FakeClock } from './support.ts';

let clock: FakeClock;
let log: ReturnType<typeof createRecordingLog>;
let outbox: Outbox;
let said: string[];

beforeEach(() => {
  clock = createFakeClock();
  log = createRecordingLog();
  outbox = createOutbox({ clock, log });
  said = [];
});

const say = (text: string) => async () => {
  said.push(text);
};
const fail = async () => {
  throw new Error('away');
};

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) {
    clock.advance(1000);
    outbox.tick();
    await outbox.settle();
  }
}

test('posts what concerns one subject in order, and others meanwhile', async () => {
  let open = () => {};
  outbox.add('a', () => new Promise<void>((resolve) => (open = resolve)));
  outbox.add('a', say('a second'));
  outbox.add('b', say('b'));
  await outbox.after('b');
  expect(said).toEqual(['b']);
  open();
  await outbox.settle();
  expect(said).toEqual(['b', 'a second']);
});

test('tries again, less and less often, and counts the tries', async () => {
  const tries: number[] = [];
  outbox.add('a', async (count) => {
    tries.push(count);
    if (count < 4) await fail();
  });
  await outbox.settle();
  await pass(29_000);
  expect(tries).toEqual([0, 1, 2, 3]);
  await pass(10_000);
  expect(tries).toEqual([0, 1, 2, 3, 4]);
  await pass(600_000);
  expect(tries.length).toBe(5);
  const told = log.lines.filter(({ level }) => level !== 'debug').map(({ level }) => level);
  expect(told).toEqual(['warn', 'info']);
});

test('forgets what failed when something newer for the subject was posted', async () => {
  outbox.add('a', async () => {
    said.push('old');
    await fail();
  });
  await outbox.settle();
  outbox.add('a', say('new'));
  await outbox.settle();
  await pass(600_000);
  expect(said).toEqual(['old', 'new']);
});

test('gives up in time, and says what was lost', async () => {
  outbox.add('news', fail, { giveUpAfterMs: 3_600_000 });
  outbox.add('card', fail);
  await outbox.settle();
  await pass(2 * 3_600_000);
  const lost = log.lines.filter(({ message }) => message.includes('lost'));
  expect(lost.map(({ fields }) => fields)).toMatchObject([{ subject: 'news' }]);
});

test('gives up news for room, and never what is tried for ever', async () => {
  const giveUpAfterMs = 6 * 3_600_000;
  for (let one = 0; one < 5_001; one += 1) outbox.add(`audit ${one}`, fail, { giveUpAfterMs });
  await outbox.settle();
  let isAway = true;
  outbox.add('card', async () => (isAway ? fail() : say('card')()));
  await outbox.settle();
  isAway = false;
  await pass(3_000);
  expect(said).toEqual(['card']);
  const lost = log.lines.filter(({ message }) => message.includes('was lost'));
  expect(lost[0]).toMatchObject({ fields: { subject: 'audit 5000' } });
  expect(lost.filter(({ fields }) => 'subject' in fields && fields.subject === 'card')).toEqual([]);
});
