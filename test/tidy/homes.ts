// Where things live that have one home: third-party packages, the environment, time and chance.
import { type Import, listImports, packageOf } from './imports.ts';
import { findRun, type Token, tokenize } from './tokens.ts';
import { codeOf, type Rule, type Tree, type Violation } from './tree.ts';

type Found = Omit<Violation, 'rule'>;

/** Package -> beginnings of the paths that may import it. */
const homes: Readonly<Record<string, readonly string[]>> = {
  '@fontsource/inter': ['src/digests/drawing/'],
  '@napi-rs/canvas': ['src/digests/drawing/'],
  '@slack/bolt': ['src/bots/slack/'],
  'chart.js': ['src/digests/drawing/'],
  'discord.js': ['src/bots/discord/'],
  'fastest-levenshtein': ['src/nearest.ts'],
  fastify: ['src/serve.ts'],
  'lit-html': ['src/bots/playground/page/'],
  'lossless-json': ['src/json.ts'],
  lowdb: ['src/store/lowdb/'],
  'node-schedule': ['src/digests/schedule.ts'],
  'p-limit': ['src/providers/http.ts'],
  pg: ['src/store/postgres/'],
  pino: ['src/log.ts'],
  'pino-pretty': ['src/log.ts'],
  'prom-client': ['src/metrics.ts'],
  undici: ['src/providers/http.ts'],
  yaml: ['src/config/', 'src/sandboxes.ts'],
  zod: ['src/'],
};

/** What only computes: time, chance and the outside world are passed in. */
const pureRooms = [
  'src/balances.ts',
  'src/commands/',
  'src/digests/',
  'src/payouts/',
  'src/money.ts',
];
/** A hash and a picture are computations; what schedules is the other side of the clock. */
const pureExceptions: Readonly<Record<string, readonly string[]>> = {
  'src/payouts/': ['node:crypto'],
  'src/digests/drawing/': ['@fontsource/inter', '@napi-rs/canvas', 'chart.js', 'node:module'],
  'src/digests/schedule.ts': ['node-schedule'],
};

/** How code asks what it should be told, and who may ask. */
const ambient: readonly { run: readonly string[]; homes: readonly string[] }[] = [
  { run: ['process', '.', 'env'], homes: ['src/main.ts'] },
  { run: ['process', '['], homes: [] },
  { run: ['process', '.', 'argv'], homes: ['src/main.ts'] },
  { run: ['process', '.', 'exit'], homes: ['src/main.ts'] },
  { run: ['Date', '.', 'now'], homes: ['src/clock.ts'] },
  { run: ['new', 'Date', '(', ')'], homes: [] },
  { run: ['new', 'Date', ';'], homes: [] },
  { run: ['performance', '.', 'now'], homes: [] },
  { run: ['Math', '.', 'random'], homes: [] },
  { run: ['setImmediate', '('], homes: [] },
  // Deadlines of connections and heartbeats are about real time, whatever a test says it is.
  { run: ['setTimeout', '('], homes: ['src/clock.ts', 'src/providers/http.ts', 'src/repeat.ts'] },
  { run: ['setInterval', '('], homes: ['src/bots/playground/streams.ts'] },
  // One way out, with its limits and without redirects; sandboxes report to this machine only.
  // Slack's answer addresses are whole URLs of Slack's own, for which its client has no method.
  {
    run: ['fetch', '('],
    homes: ['src/bots/slack/api.ts', 'src/doctor/web.ts', 'src/sandboxes.ts'],
  },
];
/** A browser has no other clock, and no other way to its server. */
const browserFolder = 'src/bots/playground/page/';

export const homeRules: readonly Rule[] = [
  { name: 'a package has one home', find: findStrangers },
  { name: 'a package that runs is declared, and used', find: findUndeclared },
  { name: 'time, chance and environment are passed in', find: findAmbient },
  { name: 'what computes does not reach out', find: findReaching },
];

function packagesIn(tree: Tree): { path: string; name: string; one: Import }[] {
  return codeOf(tree, 'src').flatMap(([path, source]) =>
    listImports(path, source).flatMap((one) => {
      const { specifier } = one;
      if (specifier === undefined || one.path !== undefined) return [];
      return { path, name: specifier.startsWith('node:') ? specifier : packageOf(specifier), one };
    }),
  );
}

function findStrangers(tree: Tree): Found[] {
  return packagesIn(tree).flatMap(({ path, name, one: { line } }) => {
    if (name.startsWith('node:')) return [];
    const places = homes[name];
    if (places?.some((place) => path.startsWith(place))) return [];
    const where = places?.join(' or ') ?? 'nowhere yet: give it a home in test/tidy/homes.ts';
    return [{ path, message: `line ${line} imports ${name}, which lives in ${where}` }];
  });
}

function findUndeclared(tree: Tree): Found[] {
  const path = 'package.json';
  const { dependencies = {} } = JSON.parse(tree.get(path) ?? '{}');
  const used = new Set(packagesIn(tree).map(({ name }) => name));
  const packages = [...used].filter((name) => !name.startsWith('node:'));
  return [
    ...packages
      .filter((name) => !Object.hasOwn(dependencies, name))
      .map((name) => ({ path, message: `${name} is imported by src and no dependency` })),
    ...Object.keys(dependencies)
      .filter((name) => !used.has(name))
      .map((name) => ({ path, message: `${name} is a dependency that src never imports` })),
  ];
}

function findAmbient(tree: Tree): Found[] {
  return codeOf(tree, 'src').flatMap(([path, source]) => {
    if (path.startsWith(browserFolder)) return [];
    const tokens = tokenize(source);
    const met = ambient
      .filter(({ homes: places }) => !places.includes(path))
      .flatMap(({ run }) => calls(tokens, run).map(({ line }) => ({ line, text: run.join('') })));
    const imported = listImports(path, source)
      .filter(({ specifier }) => /^(?:node:)?(?:process|timers.*)$/.test(specifier ?? ''))
      .map(({ specifier, line }) => ({ line, text: `import of ${specifier}` }));
    return [...met, ...imported].map(({ line, text }) => ({
      path,
      message: `line ${line}: ${text}`,
    }));
  });
}

/** Not a method of that name: `desk.fetch(`. */
function calls(tokens: readonly Token[], run: readonly string[]): Token[] {
  return findRun(tokens, run).filter((token) => tokens[tokens.indexOf(token) - 1]?.value !== '.');
}

function findReaching(tree: Tree): Found[] {
  return packagesIn(tree).flatMap(({ path, name, one: { line } }) => {
    if (name === 'zod' || !pureRooms.some((room) => path.startsWith(room))) return [];
    const rooms = Object.entries(pureExceptions).filter(([room]) => path.startsWith(room));
    if (rooms.some(([, names]) => names.includes(name))) return [];
    return [{ path, message: `line ${line} imports ${name}` }];
  });
}
