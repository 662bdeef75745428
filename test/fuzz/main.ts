// `npm run fuzz`: 100,000 inputs at each border, and a table of what was thrown. FUZZ_RUNS is another
// number, FC_SEED repeats a run; further words choose borders: `npm run fuzz -- webhooks`.
import { startVitest } from 'vitest/node';
import type { BorderRecord } from './border.ts';

process.env['FUZZ_RUNS'] ??= '100000';
const chosen = process.argv.slice(2).map((word) => `test/fuzz/${word}`);
const vitest = await startVitest('test', chosen.length > 0 ? chosen : ['test/fuzz/'], {
  watch: false,
});
const records: BorderRecord[] = vitest.state
  .getTestModules()
  .flatMap((module) => [...module.children.allTests()])
  .flatMap((test) => test.meta().border ?? []);
await vitest.close();

const line = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
line('Border', 'Inputs', 'Seconds', 'Seed', 'What became of them');
line('---', '---:', '---:', '---:', '---');
for (const { border, inputs, seconds, seed, ends } of records) {
  const sorted = Object.entries(ends).sort(([, a], [, b]) => b - a);
  const shown = sorted.map(([end, count]) => `${end} ${count.toLocaleString('en')}`).join(', ');
  line(border, inputs.toLocaleString('en'), seconds.toFixed(0), String(seed), shown);
}
