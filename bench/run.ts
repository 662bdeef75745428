// `npm run bench [-- --only <prefix>]`: Purser beside its floor, measured in the same run. Prints one
// table in groups and writes bench/results.json. Never a timed test: a busy machine must not break a
// build.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchBalances } from './balances.ts';
import { benchDigests } from './digests.ts';
import { benchDiscord } from './discord.ts';
import { benchFootprint } from './footprint.ts';
import type { Result } from './measure.ts';
import { benchPayouts } from './payouts.ts';
import { benchPictures } from './pictures.ts';
import { benchPostgres } from './postgres.ts';
import { benchSlack } from './slack.ts';
import { benchStore } from './store.ts';

interface Group {
  readonly title: string;
  /** What stands beside. */
  readonly floor: string;
  bench(isWanted: (name: string) => boolean): Promise<Result[]>;
}

const groups: readonly Group[] = [
  { title: 'Balances', floor: 'the same requests by hand', bench: benchBalances },
  { title: 'Payouts', floor: 'the calls of the provider alone', bench: benchPayouts },
  { title: 'Digests', floor: 'reading the same history', bench: benchDigests },
  { title: 'Pictures', floor: 'an empty picture', bench: benchPictures },
  { title: 'Slack', floor: 'a Bolt app that only acknowledges', bench: benchSlack },
  { title: 'Discord', floor: 'a discord.js app that only acknowledges', bench: benchDiscord },
  { title: 'Process', floor: 'both SDKs, connected', bench: benchFootprint },
  { title: 'lowdb', floor: 'an empty store', bench: benchStore },
  {
    title: 'PostgreSQL',
    floor: 'an empty database; the bare driver; the click on lowdb',
    bench: benchPostgres,
  },
];

const only = process.argv[process.argv.indexOf('--only') + 1];
const prefix = process.argv.includes('--only') ? (only ?? '') : '';
const measured: { group: Group; results: Result[] }[] = [];
for (const group of groups) {
  const results = await group.bench((name) => name.startsWith(prefix));
  if (results.length > 0) measured.push({ group, results });
}

const head = ['', 'ours', 'floor', 'unit', 'ratio', 'spread', 'goal', ''];
const rows = measured.flatMap(({ group: { title, floor }, results }) => [
  `${title}, beside ${floor}`,
  ...results.map((one) => [
    `  ${one.name}`,
    ...[String(one.ours), String(one.floor), one.unit, String(one.ratio)],
    ...[one.spread ?? '', one.goal, one.ok ? 'ok' : 'MISSED'],
  ]),
]);
const cells = [head, ...rows].filter((row) => typeof row !== 'string');
const widths = head.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
for (const row of [head, ...rows]) {
  const line =
    typeof row === 'string'
      ? `\n${row}`
      : row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  console.log(line.trimEnd());
}
const results = measured.flatMap((one) => one.results);
writeFileSync(
  fileURLToPath(new URL('./results.json', import.meta.url)),
  `${JSON.stringify(results, null, 2)}\n`,
);
