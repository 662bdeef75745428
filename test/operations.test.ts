// The operator’s page against the code: every line of the log that calls for somebody is explained, is
// always the same sentence, and what the page names exists.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { discordVariables, generalVariables, slackVariables } from '../src/config.ts';
import { providerModules } from '../src/providers/registry.ts';
import { stopWithinMs } from '../src/signals.ts';
import { listLogCalls } from './log-lines.ts';

const root = new URL('../', import.meta.url);
const read = (name: string) => readFileSync(fileURLToPath(new URL(name, root)), 'utf8');
const page = read('docs/operations.md');
const calls = listLogCalls();

/** Between `### Log lines` and the next heading. */
const explained = [
  ...(page.split('### Log lines')[1]?.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` \|/gm),
].map(([, line = '']) => line);
/** Of an answer: how it ended decides about the line. */
const endings = [...read('src/commands/answering.ts').matchAll(/\bmessage(?: =|:) '([^']+)'/g)].map(
  ([, line = '']) => line,
);
const literal = /^'((?:[^'\\]|\\.)+)'$/;

test('every line is always the same sentence: what varies stands in its fields', () => {
  // Names of constant sentences; Bolt’s own words, which are for debugging.
  const named = ['again', 'message', "parts.map(String).join(' ')"];
  const others = calls.filter(({ message }) => !literal.test(message) && !named.includes(message));
  expect(calls.length).toBeGreaterThan(80);
  expect(others).toEqual([]);
});

test('every error is explained', () => {
  const errors = calls.flatMap(({ level, message }) =>
    level === 'error' ? [literal.exec(message)?.[1] ?? message] : [],
  );
  expect(errors.length).toBeGreaterThan(30);
  const failing = endings.filter((line) => /store failed|mistake/.test(line));
  expect(failing.length).toBe(2);
  expect([...errors, ...failing].filter((line) => !explained.includes(line))).toEqual([]);
});

test('every line that is explained exists, and stands there once', () => {
  const known = new Set([...calls.map(({ message }) => literal.exec(message)?.[1]), ...endings]);
  expect(explained.filter((line) => !known.has(line))).toEqual([]);
  expect(new Set(explained).size).toBe(explained.length);
});

test('every variable, metric, script and file that the page names exists', () => {
  const variables = [
    ...generalVariables,
    ...slackVariables,
    ...discordVariables,
    ...providerModules.flatMap(({ environment }) => environment),
  ].flatMap(({ name }) => [name, `${name}_FILE`]);
  const named = page.match(/\b(?:[A-Z]+_){1,3}[A-Z]+\b/g) ?? [];
  // No settings of Purser: the file in which they are, and how many of it compose starts.
  variables.push('ENV_FILE', 'PURSER_REPLICAS');
  expect(named.filter((name) => !variables.includes(name))).toEqual([]);
  const metrics = read('src/metrics.ts');
  for (const [, name] of page.matchAll(/\b(purser_[a-z_]+)\b/g)) {
    expect(metrics).toContain(`name: '${name}'`);
  }
  const { scripts } = JSON.parse(read('package.json'));
  for (const [, name = ''] of page.matchAll(/npm run ([a-z]+)/g))
    expect(scripts).toHaveProperty(name);
  const copies = [...page.matchAll(/^cp -R (.*) \/opt\/purser.new\/$/gm)];
  expect(copies).toHaveLength(2);
  const files = copies
    .flatMap(([, copied = '']) => copied.split(' '))
    .filter((name) => name !== 'dist' && name !== 'node_modules');
  for (const file of files) expect(existsSync(new URL(file, root)), file).toBe(true);
});

test('every secret of a provider or a platform can be changed by the page', () => {
  const keys = page.split('## Keys')[1]?.split('\n## ')[0] ?? '';
  const secrets = [...generalVariables, ...slackVariables, ...discordVariables]
    .concat(providerModules.flatMap(({ environment }) => environment))
    .filter(({ kind }) => kind === 'secret' || kind === 'private_key');
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter(({ name }) => !keys.includes(`\`${name}\``))).toEqual([]);
});

test('the page names the time that a stop may take', () => {
  expect(page).toContain(`after ${stopWithinMs / 1_000} seconds at the latest`);
});
