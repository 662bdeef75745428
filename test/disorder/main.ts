// `npm run disorder -- --minutes 10 --seed 7`: the long one, with its figures.
import { parseArgs } from 'node:util';
import { runDisorder } from './run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
process.stdout.write(`Disorder for ${minutes} minutes, seed ${seed}.\n`);
const rejections: unknown[] = [];
process.on('unhandledRejection', (error) => rejections.push(error));
const { ledger, wrong, ...figures } = await runDisorder({
  seed,
  durationMs: minutes * 60_000,
  rareMin: 2,
  pauseMaxMs: 1_500,
  rareMs: 15_000,
});
const { unanswered, answeredTwice, silent, ...counted } = ledger;
process.stdout.write(
  `${JSON.stringify({ ...counted, unanswered: unanswered.length, ...figures }, null, 2)}\n`,
);
for (const line of [...wrong, ...rejections.map(String)]) process.stdout.write(`WRONG: ${line}\n`);
process.exitCode = wrong.length + rejections.length === 0 ? 0 : 1;
