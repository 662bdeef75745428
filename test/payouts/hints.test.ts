// How often hints make Purser ask.
import { expect, test } from 'vitest';
import { createHints } from '../../src/payouts/hints.ts';
import { createFakeClock } from '../support.ts';

function openHints() {
  const clock = createFakeClock();
  const asked: { id: string; atMs: number; answer: (isAnswered: boolean) => void }[] = [];
  const startMs = clock.now();
  const hint = createHints(
    (id) =>
      new Promise((answer) => {
        asked.push({ id, atMs: clock.now() - startMs, answer });
      }),
    clock,
  );
  return { clock, asked, hint };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a hundred at once are two questions: one now, and one for all that came after it', async () => {
  const { asked, hint } = openHints();
  const answers = Array.from({ length: 100 }, () => hint('A'));
  expect(asked.length).toBe(1);
  asked[0]?.answer(false);
  await turn();
  expect(asked.map(({ atMs }) => atMs)).toEqual([0, 1_000]);
  asked[1]?.answer(true);
  expect(await Promise.all(answers)).toEqual([false, ...Array(99).fill(true)]);
});

test('one that comes while the second question waits for its time shares it', async () => {
  const { clock, asked, hint } = openHints();
  const first = hint('A');
  asked[0]?.answer(true);
  await first;
  clock.advance(400);
  const [second, third] = [hint('A'), hint('A')];
  await turn();
  expect(asked.map(({ atMs }) => atMs)).toEqual([0, 1_000]);
  expect(clock.slept).toEqual([600]);
  asked[1]?.answer(true);
  expect(await Promise.all([second, third])).toEqual([true, true]);
});

test('a second later, and about another payout, it asks at once', async () => {
  const { clock, asked, hint } = openHints();
  void hint('A');
  void hint('B');
  asked[0]?.answer(true);
  await turn();
  clock.advance(1_000);
  void hint('A');
  expect(asked.map(({ id, atMs }) => `${id} ${atMs}`)).toEqual(['A 0', 'B 0', 'A 1000']);
  expect(clock.slept).toEqual([]);
});

test('a question that failed, and a clock that was set back, hold nothing up for long', async () => {
  const clock = createFakeClock();
  let isFailing = true;
  const hint = createHints(async () => {
    if (isFailing) throw new Error('the store is away');
    return true;
  }, clock);
  await expect(hint('A')).rejects.toThrow('away');
  isFailing = false;
  clock.advance(-500);
  expect(await hint('A')).toBe(true);
  expect(clock.slept).toEqual([1_000]);
});
