// `npm run chaos`: every kind of trouble, or `--only` one, each with a line that says what came of it.
// `--minutes` is for each of them; `--seed` repeats what chance chose.
import { parseArgs } from 'node:util';
import { processScenarios } from './scenarios.ts';
import { storeScenarios } from './scenarios-store.ts';
import { type Report, runScenario } from './scene.ts';
import { tellAll } from './story.ts';
import { runThousand } from './thousand.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    minutes: { type: 'string', default: '0.5' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
const seed = Number(values.seed);
const seconds = Number(values.minutes) * 60;
const runs: readonly { readonly name: string; run(): Promise<Report> }[] = [
  ...[...processScenarios, ...storeScenarios].map((scenario) => ({
    name: scenario.name,
    run: () => runScenario(scenario, { seed, seconds }),
  })),
  { name: 'story', run: runStory },
  { name: 'thousand', run: () => runThousand({ orders: 1_000, seed, killEvery: 30 }) },
];
const chosen = runs.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0) {
  process.stderr.write(`Choose one of ${runs.map(({ name }) => name).join(', ')}.\n`);
  process.exitCode = 2;
}
for (const { run } of chosen) tell(await run());

async function runStory(): Promise<Report> {
  const startedAt = performance.now();
  const done: Record<string, number> = {};
  const wrong = await tellAll((what) => {
    done[what] = (done[what] ?? 0) + 1;
  });
  const told = Object.values(done).reduce((sum, one) => sum + one, 0);
  return {
    ...{ name: 'story', what: 'a death after each act of a payout’s story', seed, done, wrong },
    // Of each ten one never reaches its provider.
    ...{ payouts: told, orders: told - told / 10, states: {}, sums: {} },
    seconds: Math.round((performance.now() - startedAt) / 1000),
  };
}

function tell(report: Report): void {
  const { name, what, payouts, orders, states, sums, done, wrong } = report;
  const facts = JSON.stringify({ ...done, states, sums });
  const verdict = wrong.length === 0 ? 'all well' : `${wrong.length} things are WRONG`;
  const counts = `${report.seconds} s, ${payouts} payouts, ${orders} orders`;
  process.stdout.write(`${name}: ${what}, seed ${seed}, ${counts}: ${verdict} ${facts}\n`);
  for (const line of wrong) process.stdout.write(`  WRONG: ${line}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}
