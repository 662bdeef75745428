// A few seconds of each trouble that replicas must bear; `npm run chaos` has them for as long as one
// likes, and some more.
import { expect, inject, test } from 'vitest';
import { processScenarios } from './scenarios.ts';
import { storeScenarios } from './scenarios-store.ts';
import { runScenario } from './scene.ts';
import { runThousand } from './thousand.ts';

const seed = 20_261_127;
const serverUrl = async () => await (await fetch(inject('postgresGate'))).text();

const bounded = [...processScenarios, ...storeScenarios].filter(({ name }) =>
  ['clock', 'providers', 'network', 'two-first', 'failover', 'disk'].includes(name),
);

test.each(bounded)('$name: $what', { timeout: 180_000 }, async (scenario) => {
  const report = await runScenario(scenario, {
    ...{ seed, seconds: 2, payersMax: 1, lanes: 3 },
    serverUrl: await serverUrl(),
  });
  expect(report.wrong).toEqual([]);
  expect(report.orders).toBeGreaterThan(0);
});

test('forty payouts on three replicas that are killed meanwhile', {
  timeout: 300_000,
}, async () => {
  const report = await runThousand({
    ...{ orders: 40, seed, killEvery: 10, payersMax: 1, lanes: 8 },
    serverUrl: await serverUrl(),
  });
  expect(report.wrong).toEqual([]);
  expect(report.orders).toBe(40);
  expect(report.done['kills']).toBeGreaterThanOrEqual(3);
});
