import { expect, test } from 'vitest';
import { createBuckets } from '../src/buckets.ts';
import { createFakeClock } from './support.ts';

test('gives so many at once, then one at a time, to each by itself', () => {
  const clock = createFakeClock();
  const buckets = createBuckets({ burst: 3, everyMs: 2_000 }, clock);
  expect([1, 2, 3, 4].map(() => buckets.take('ana'))).toEqual([0, 0, 0, 2_000]);
  expect(buckets.take('ben')).toBe(0);
  clock.advance(1_500);
  expect([buckets.has('ana'), buckets.take('ana')]).toEqual([false, 500]);
  clock.advance(500);
  expect([buckets.has('ana'), buckets.take('ana'), buckets.take('ana')]).toEqual([true, 0, 2_000]);
  clock.advance(3_600_000);
  expect([1, 2, 3, 4].map(() => buckets.take('ana'))).toEqual([0, 0, 0, 2_000]);
});

test('goes on filling when the clock was set back', () => {
  const clock = createFakeClock();
  const buckets = createBuckets({ burst: 1, everyMs: 1_000 }, clock);
  buckets.take('ana');
  clock.advance(-3_600_000);
  expect(buckets.take('ana')).toBe(1_000);
  clock.advance(1_000);
  expect(buckets.take('ana')).toBe(0);
});

test('remembers a bounded number of keys', () => {
  const clock = createFakeClock();
  const buckets = createBuckets({ burst: 1, everyMs: 1_000 }, clock);
  for (let key = 0; key <= 10_000; key += 1) buckets.take(String(key));
  expect([buckets.has('0'), buckets.has('1'), buckets.has('10000')]).toEqual([true, false, false]);
});
