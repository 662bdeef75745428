// What is under way for a payout is not begun again: where a provider hangs, a look every second would
// else put one more in line each time.
import { expect, it } from 'vitest';
import { createUnderWay } from '../../src/payouts/under-way.ts';

it('is begun once for each payout until it is done', async () => {
  const underWay = createUnderWay();
  let begun = 0;
  let finish = () => {};
  const work = async () => {
    begun += 1;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  };
  const first = underWay.start('P1', work);
  for (let look = 0; look < 60; look += 1) await underWay.start('P1', work);
  const other = underWay.start('P2', async () => {
    begun += 10;
  });
  await other;
  expect(begun).toBe(11);
  finish();
  await first;
  const again = underWay.start('P1', work);
  expect(begun).toBe(12);
  finish();
  await again;
});
