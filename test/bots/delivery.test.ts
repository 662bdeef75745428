import { beforeEach, expect, test } from 'vitest';
import { createDelivery, type DeliveryWays } from '../../src/bots/delivery.ts';
import type { Outcome } from '../../src/commands/types.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';

const outcome = (title: string): Outcome => ({
  audience: 'asker',
  card: { tone: 'neutral', title, reference: 'ABC234' },
});
const away = new Error('away');
const gone = new Error('gone');

let said: string[];
let log: ReturnType<typeof createRecordingLog>;
const clock = createFakeClock();

beforeEach(() => {
  said = [];
  log = createRecordingLog();
});

function create(ways: Partial<DeliveryWays>, editsMax = 3) {
  return createDelivery(
    {
      edit: async ({ card }) => void said.push(`edit ${card.title}`),
      post: async ({ card }) => void said.push(`post ${card.title}`),
      isPassing: (error) => error === away,
      ...ways,
    },
    { clock, log, editsMax, gapMs: 1000 },
  );
}

/** Lets everything happen that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

test('shows the newest progress, at most as often as is allowed, and keeps a place for the answer', async () => {
  const delivery = create({});
  for (let step = 1; step <= 6; step += 1) {
    delivery.progress(outcome(`${step}`).card);
    await settle();
  }
  await delivery.finish(outcome('done'));
  expect(said).toEqual(['edit 1', 'edit 2', 'edit 3', 'edit done']);
});

test('never lets progress arrive after the answer', async () => {
  const gates: (() => void)[] = [];
  const delivery = create({
    edit: async ({ card }) => {
      if (card.title !== 'done') await new Promise<void>((resolve) => gates.push(resolve));
      said.push(card.title);
    },
  });
  delivery.progress(outcome('1').card);
  await settle();
  delivery.progress(outcome('2').card);
  const finished = delivery.finish(outcome('done'));
  await settle();
  expect(said).toEqual([]);
  for (const open of gates) open();
  await finished;
  delivery.progress(outcome('late').card);
  await settle();
  expect(said).toEqual(['1', 'done']);
});

test('falls back to a new message where the first way is closed', async () => {
  const delivery = create({ edit: () => Promise.reject(gone) });
  await delivery.finish(outcome('done'));
  expect(said).toEqual(['post done']);
});

test('tries until the platform is back', async () => {
  let tries = 0;
  const delivery = create({
    edit: async ({ card }) => {
      tries += 1;
      if (tries < 5) throw away;
      said.push(card.title);
    },
  });
  await delivery.finish(outcome('done'));
  expect(said).toEqual(['done']);
  expect(log.lines.some(({ level }) => level === 'error')).toBe(false);
});

test('says that an answer is lost, with its reference, when it can be delivered no more', async () => {
  const lost = create({ edit: () => Promise.reject(gone), post: () => Promise.reject(gone) });
  await lost.finish(outcome('done'));
  const outage = create({ edit: () => Promise.reject(away) });
  await outage.finish(outcome('done'));
  const errors = log.lines.filter(({ level }) => level === 'error');
  expect(errors.map(({ message, fields }) => [message.includes('lost'), fields])).toMatchObject([
    [true, { reference: 'ABC234' }],
    [true, { reference: 'ABC234' }],
  ]);
});
