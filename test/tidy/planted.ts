// For every rule, trees that break it in one way each: without them a rule could pass by being blind.

interface Plant {
  readonly rule: string;
  /** What is wrong with it. */
  readonly how: string;
  /** Path -> content, laid over a tree that breaks no rule. */
  readonly files: Readonly<Record<string, string>>;
}

const packageJson = (...names: string[]) =>
  JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1'])) });

/** Breaks no rule. */
export const cleanTree: Readonly<Record<string, string>> = {
  'package.json': packageJson('undici', 'zod'),
  'package-lock.json': '{ "packages": { "node_modules/zod": { "integrity": "sha512-x" } } }',
  '.npmrc': 'omit-lockfile-registry-resolved=true\n',
  'README.md': '# Purser\n\n[Wire](src/providers/bank/README.md#the-wire-v2)\n![](docs/page.png)\n',
  'docs/page.png': '',
  'src/main.ts': "import { run } from './purser.ts';\nrun(process.env);\n",
  'src/purser.ts':
    "import { dispatch } from './commands/dispatch.ts';\nexport const run = dispatch;\n",
  'src/clock.ts': 'export const now = () => Date.now();\n',
  'src/money.ts': 'export type Money = bigint;\n',
  'src/commands/dispatch.ts':
    "import { parse } from './parse.ts';\nimport type { Payout } from '../payouts/types.ts';\n" +
    'export const dispatch = parse; // process.env is not read\n',
  'src/commands/parse.ts': "export const parse = 'Date.now() and process.env';\n",
  'src/payouts/types.ts':
    "import { createHash } from 'node:crypto';\nimport { z } from 'zod';\n" +
    "import type { Money } from '../money.ts';\nimport type { Provider } from '../providers/types.ts';\n",
  'src/providers/types.ts': 'export type Provider = string;\n',
  'src/providers/http.ts': "import { Client } from 'undici';\n",
  'src/providers/registry.ts': "import { bank } from './bank/index.ts';\n",
  'src/providers/bank/index.ts':
    "import type { Provider } from '../types.ts';\nimport { send } from '../http.ts';\n" +
    "export const load = () => import('./sandbox.ts');\n",
  'src/providers/bank/sandbox.ts': "import type { Money } from '../../money.ts';\n",
  'src/providers/bank/README.md': '# Bank\n\n## The wire (v2)\n\n`[no](link.md)`\n',
  'src/store/index.ts': "import { open } from './lowdb/index.ts';\n",
  'src/store/lowdb/index.ts': 'export const open = 1;\n',
  'test/bank.test.ts': "import { bank } from '../src/providers/bank/index.ts';\n",
};

const key = 'A1b2'.repeat(100);

export const planted: readonly Plant[] = [
  ...plant('imports lead down', {
    'the floor knows a provider': { 'src/money.ts': "import '../src/providers/types.ts';\n" },
    'a provider knows a payout': {
      'src/providers/bank/sandbox.ts': "import type { Payout } from '../../payouts/types.ts';\n",
    },
    'a payout knows a command': {
      'src/payouts/types.ts': "export { dispatch } from '../commands/dispatch.ts';\n",
    },
    'the store knows a provider': {
      'src/store/lowdb/index.ts': "import type { Provider } from '../../providers/types.ts';\n",
    },
    'a bot knows a payout': {
      'src/bots/irc/index.ts': "import type { Payout } from '../../payouts/types.ts';\n",
    },
    'a command loads the composition root': {
      'src/commands/parse.ts': "export const parse = () => import('../purser.ts');\n",
    },
    'a new room has no place in the order': {
      'src/rates/index.ts': "import type { Provider } from '../providers/types.ts';\n",
    },
    'the program uses a test': { 'src/money.ts': "import '../test/bank.test.ts';\n" },
  }),
  ...plant('a folder is entered through its door', {
    'a command knows a room of payouts': {
      'src/commands/parse.ts': "import { desk } from '../payouts/desk.ts';\n",
      'src/payouts/desk.ts': 'export const desk = 1;\n',
    },
    'a command knows the way out': {
      'src/commands/parse.ts': "import { send } from '../providers/http.ts';\n",
    },
    'a payout knows one provider': {
      'src/payouts/types.ts': "import { bank } from '../providers/bank/index.ts';\n",
    },
    'a provider knows another': {
      'src/providers/till/index.ts': "import { bank } from '../bank/index.ts';\n",
    },
    'the registry knows a room of a provider': {
      'src/providers/registry.ts': "import { bank } from './bank/sandbox.ts';\n",
    },
    'a payout knows which store it is': {
      'src/payouts/types.ts': "import { open } from '../store/lowdb/index.ts';\n",
    },
    'a bot knows another': {
      'src/bots/irc/index.ts': "import { talk } from '../chat/index.ts';\n",
      'src/bots/chat/index.ts': 'export const talk = 1;\n',
    },
  }),
  ...plant('no import goes in a circle', {
    'two files know each other': {
      'src/commands/parse.ts': "import './dispatch.ts';\nexport const parse = 1;\n",
    },
    'three files do': {
      'src/payouts/a.ts': "import './b.ts';\n",
      'src/payouts/b.ts': "import './c.ts';\n",
      'src/payouts/c.ts': "import type { A } from './a.ts';\n",
    },
  }),
  ...plant('a file that is imported exists', {
    'it was renamed': { 'src/commands/parse.ts': "import { now } from '../time.ts';\n" },
    'its extension is missing': { 'test/bank.test.ts': "import '../src/money';\n" },
    'nobody can tell which': { 'src/clock.ts': 'export const load = (x: string) => import(x);\n' },
  }),
  ...plant('a package has one home', {
    'undici is elsewhere': { 'src/store/lowdb/index.ts': "import { request } from 'undici';\n" },
    'bolt is in a command': { 'src/commands/parse.ts': "import { App } from '@slack/bolt';\n" },
    'a part of lowdb is elsewhere': { 'src/clock.ts': "import { JSONFile } from 'lowdb/node';\n" },
    'it has none': { 'src/clock.ts': "const later = import('left-pad');\n" },
    'a file of it is asked for': {
      'src/clock.ts': "const font = require.resolve('@fontsource/inter/inter.woff2');\n",
    },
  }),
  ...plant('a package that runs is declared, and used', {
    'it is not declared': { 'package.json': packageJson('zod') },
    'nobody uses it': { 'package.json': packageJson('zod', 'undici', 'fastify') },
  }),
  ...plant('time, chance and environment are passed in', {
    'the environment is read': { 'src/purser.ts': 'export const run = process.env.HOME;\n' },
    'it is read by its name': { 'src/purser.ts': "export const run = process['env'];\n" },
    'it is imported': { 'src/purser.ts': "import { env } from 'node:process';\n" },
    'the time is asked': { 'src/providers/bank/sandbox.ts': 'export const at = Date.now();\n' },
    'the date is asked': { 'src/commands/parse.ts': 'export const at = new Date();\n' },
    'a timer is set': { 'src/commands/parse.ts': 'setTimeout(() => {}, 1);\n' },
    'a timer is set in a template': {
      'src/commands/parse.ts': `${'export const parse = `$'}{setTimeout(() => {}, 1)}\`;\n`,
    },
    'a timer is imported': { 'src/money.ts': "import { setTimeout } from 'timers/promises';\n" },
    'dice are thrown': { 'src/money.ts': 'export const luck = Math.random();\n' },
    'there is another way out': { 'src/purser.ts': "await fetch('https://bank.example');\n" },
  }),
  ...plant('what computes does not reach out', {
    'a command reads files': { 'src/commands/parse.ts': "import { readFile } from 'node:fs';\n" },
    'a payout makes its own nonces by another package': {
      'src/payouts/types.ts': "import { nanoid } from 'nanoid';\n",
    },
    'a command makes nonces': {
      'src/commands/parse.ts': "import { randomBytes } from 'node:crypto';\n",
    },
  }),
  ...plant('a name says what it holds', {
    'a file is for everything': { 'src/payouts/utils.ts': '' },
    'a folder is': { 'test/helpers/bank.ts': '' },
    'a part of a name is': { 'src/payouts/payee-manager.ts': '' },
  }),
  ...plant('a file has at most 350 lines', {
    'it is too long': { 'src/money.ts': '\n'.repeat(351) },
    'a sheet is too long': { 'src/bots/playground/page/card.css': '\n'.repeat(400) },
  }),
  ...plant('nothing is exported as default', {
    'it is written so': { 'src/money.ts': 'export default 1;\n' },
    'it is renamed so': { 'test/bank.test.ts': 'const a = 1;\nexport { a as default };\n' },
  }),
  ...plant('what is left to do stands elsewhere', {
    'a comment promises': { 'src/money.ts': `// ${'TO'}${'DO'}: round\n` },
    'a document promises': { 'README.md': `${'FIX'}${'ME'}\n` },
  }),
  ...plant('no key is committed', {
    'it is in PEM': { 'test/key.pem': `-----BEGIN ${'PRIVATE'} KEY-----\n${key}\n` },
    'it is in one line': { '.env.example': `KEY="-----BEGIN ${'PRIVATE'} KEY-----\\n${key}"\n` },
    'it is bare': { 'test/keys.json': `{ "key": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC${key}" }\n` },
  }),
  ...plant('no path of a machine is committed', {
    'a test names one': { 'test/bank.test.ts': `const at = '/${'work'}/main';\n` },
    'a document names a home': { 'README.md': `Look into /${'home'}/ana/purser.\n` },
    'the program writes where others may': { 'src/main.ts': `open('/${'tmp'}/purser');\n` },
  }),
  ...plant('the lock file names no registry', {
    'a package came from one': {
      'package-lock.json': '{ "resolved": "https://registry.example/zod.tgz" }',
    },
    'npm is sent to one': { '.npmrc': 'registry=https://registry.example\n' },
  }),
  ...plant('a link leads to a file and a heading', {
    'the file is gone': { 'README.md': '[License](LICENSE)\n' },
    'the heading is gone': { 'README.md': '[Wire](src/providers/bank/README.md#wire)\n' },
    'the picture is gone': { 'README.md': '<img src="docs/other.png">\n' },
    'it is of this page': { 'README.md': '# Purser\n\n[Up](#down)\n' },
  }),
];

function plant(rule: string, ways: Readonly<Record<string, Plant['files']>>): Plant[] {
  return Object.entries(ways).map(([how, files]) => ({ rule, how, files }));
}
