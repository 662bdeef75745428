// `npm run bench [-- --only <prefix>]`: Purser beside its floor, measured in the same run. Prints a
// table and writes bench/results.json. Never a timed test: a busy machine must not break a build.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchBalances } from './balances.ts';
import { benchDigests } from './digests.ts';
import { benchDiscord } from './discord.ts';
import { benchFootprint } from './footprint.ts';
import type { Result } from './measure.ts';
import { benchPayouts } from './payouts.ts';
import { benchPictures } from './pictures.ts';
import { benchSlack } from './slack.ts';
import { benchStore } from './store.ts';

const only = process.argv[process.argv.indexOf('--only') + 1];
const prefix = process.argv.includes('--only') ? (only ?? '') : '';
const results: Result[] = [];
const benches = [
  ...[benchBalances, benchDigests, benchPayouts, benchPictures, benchStore],
  ...[benchSlack, benchDiscord, benchFootprint],
];
for (const bench of benches) results.push(...(await bench((name) => name.startsWith(prefix))));

console.table(
  Object.fromEntries(
    results.map(({ name, ours, floor, ratio, unit, goal, ok }) => [
      name,
      { ours, floor, ratio, unit, goal, ok },
    ]),
  ),
);
writeFileSync(
  fileURLToPath(new URL('./results.json', import.meta.url)),
  `${JSON.stringify(results, null, 2)}\n`,
);
