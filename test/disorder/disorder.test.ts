// Half a minute of disorder; `npm run disorder` is the long one.
import { expect, test } from 'vitest';
import { runDisorder } from './run.ts';

test('in the middle of disorder everybody is answered, and nothing is done twice', {
  timeout: 180_000,
}, async () => {
  const report = await runDisorder({
    seed: 20_261_126,
    durationMs: 20_000,
    rareMin: 2,
    pauseMaxMs: 150,
    rareMs: 4_000,
  });
  expect(report.wrong).toEqual([]);
  expect(report.ledger.answered).toBeGreaterThan(100);
  expect(report.orders).toBeGreaterThan(5);
  expect(report.troubles['restarts']).toBeGreaterThan(1);
  expect(report.troubles['outages']).toBeGreaterThan(1);
});
