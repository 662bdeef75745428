// Who may import whom. A room is a folder or a file of `src`; everything may use the floor, and
// nothing points back up. Types count too: a type that lives upstairs is in the wrong room.
import { posix } from 'node:path';
import { type Import, listImports } from './imports.ts';
import { codeOf, type Rule, type Tree, type Violation } from './tree.ts';

/** Used by everybody, using only each other. */
const floor = [
  'buckets',
  'clock',
  'errors',
  'json',
  'log',
  'meter',
  'money',
  'names',
  'nearest',
  'readiness',
  'repeat',
  'serve',
  'signals',
  'stops',
  'team',
];

/** Room -> rooms that it may import besides itself and the floor. */
const directions: Readonly<Record<string, readonly string[]>> = {
  main: [
    'balances',
    'bots',
    'commands',
    'config',
    'doctor',
    'docs',
    'providers',
    'purser',
    'sandboxes',
    'store',
  ],
  purser: [
    ...['announcer', 'balances', 'bots', 'clocks', 'commands', 'config', 'connect', 'digests'],
    ...['example-history', 'example-payees', 'payouts', 'providers'],
    ...['door', 'metrics', 'metric-sources', 'replicas', 'sandboxes', 'store'],
  ],
  clocks: ['announcer', 'bots', 'commands', 'config', 'digests', 'rounds', 'store'],
  rounds: ['commands', 'digests', 'payouts', 'store'],
  doctor: ['balances', 'bots', 'commands', 'config', 'connect', 'payouts', 'store'],
  announcer: ['commands', 'outbox', 'payouts', 'posted', 'store'],
  posted: ['commands', 'store'],
  replicas: ['commands', 'store'],
  outbox: [],
  connect: ['commands', 'config', 'providers'],
  'example-history': ['balances', 'store'],
  'example-payees': ['commands', 'payouts'],
  door: ['bots', 'payouts'],
  metrics: [],
  'metric-sources': ['announcer', 'digests', 'metrics', 'payouts'],
  docs: ['commands', 'config', 'providers'],
  sandboxes: ['providers'],
  bots: ['commands'],
  commands: ['balances', 'digests', 'payouts', 'providers', 'store'],
  digests: ['balances', 'payouts', 'providers', 'store'],
  payouts: ['balances', 'providers', 'store'],
  balances: ['providers'],
  config: ['providers'],
  providers: [],
  store: [],
};

interface Door {
  readonly files: readonly string[];
  /** The only file that comes in. */
  readonly guest?: string;
}

const plainDoor = ['index', 'types'];
const doors: Readonly<Record<string, Door>> = {
  'src/bots/*': { files: plainDoor, guest: 'src/bots.ts' },
  'src/commands': {
    files: [
      ...['card', 'dispatch', 'rates', 'registry', 'types', 'usage', 'words'],
      ...['alert-card', 'announcements', 'digest-card', 'payee-card', 'payout-card', 'payout-view'],
    ],
  },
  'src/config': {
    files: [
      ...['chats', 'database', 'environment', 'files', 'issues', 'listening'],
      ...['team-file', 'team-problems'],
    ],
    guest: 'src/config.ts',
  },
  'src/doctor': {
    files: [
      ...[
        'clocks',
        'data',
        'database',
        'findings',
        'ledger',
        'machine',
        'ports',
        'providers',
        'render',
        'team',
      ],
    ],
    guest: 'src/doctor.ts',
  },
  'src/providers': { files: ['payouts', 'registry', 'sandbox', 'types'] },
  'src/providers/*': { files: plainDoor, guest: 'src/providers/registry.ts' },
  'src/store/*': { files: plainDoor, guest: 'src/store/index.ts' },
};

export const directionRules: readonly Rule[] = [
  { name: 'imports lead down', find: findClimbs },
  { name: 'a folder is entered through its door', find: findBreakIns },
  { name: 'no import goes in a circle', find: findCircles },
  { name: 'a file that is imported exists', find: findLost },
];

type Found = Omit<Violation, 'rule'>;

/** `commands` of `src/commands/parse.ts`, `money` of `src/money.ts`. */
function roomOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}

/** The innermost folder with a door: `src/providers/alignet`, `src/payouts`; '' for a file of `src`. */
function houseOf(path: string): string {
  const folders = posix.dirname(path).split('/').slice(1);
  const isNested = ['bots', 'providers', 'store'].includes(folders[0] ?? '');
  return folders.length === 0 ? '' : ['src', ...folders.slice(0, isNested ? 2 : 1)].join('/');
}

function eachImport(tree: Tree, find: (from: string, to: string, one: Import) => Found[]): Found[] {
  return codeOf(tree, 'src').flatMap(([from, source]) =>
    listImports(from, source).flatMap((one) =>
      one.path === undefined ? [] : find(from, one.path, one),
    ),
  );
}

function findClimbs(tree: Tree): Found[] {
  return eachImport(tree, (path, to, { line }) => {
    const [room, other] = [roomOf(path), roomOf(to)];
    if (!to.startsWith('src/')) return [{ path, message: `line ${line} leaves src for ${to}` }];
    const isAllowed = room === other || [...floor, ...(directions[room] ?? [])].includes(other);
    if (isAllowed) return [];
    return [{ path, message: `line ${line}: ${room} may not import ${other} (${to})` }];
  });
}

function findBreakIns(tree: Tree): Found[] {
  return eachImport(tree, (path, to, { line }) => {
    const house = houseOf(to);
    // Whoever lives in a folder of it is at home in it, but not in the next folder.
    if (house === '' || path.startsWith(`${house}/`)) return [];
    const door = doors[house] ?? doors[`${posix.dirname(house)}/*`];
    const { files, guest = path } = door ?? { files: plainDoor };
    if (files.includes(posix.basename(to, '.ts')) && path === guest) return [];
    return [{ path, message: `line ${line} enters ${house} by ${posix.basename(to)}` }];
  });
}

function findCircles(tree: Tree): Found[] {
  const targets = new Map(
    codeOf(tree, 'src', 'test', 'bench', 'scripts').map(([path, source]) => [
      path,
      listImports(path, source).flatMap((one) => one.path ?? []),
    ]),
  );
  const finished = new Set<string>();
  const circles: Found[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const message = `imports itself by way of ${trail.slice(start + 1).join(', ') || 'itself'}`;
      circles.push({ path, message });
    } else if (!finished.has(path)) {
      for (const next of targets.get(path) ?? []) visit(next, [...trail, path]);
      finished.add(path);
    }
  };
  for (const path of targets.keys()) visit(path, []);
  return circles;
}

function findLost(tree: Tree): Found[] {
  return codeOf(tree, 'src', 'test', 'bench', 'scripts').flatMap(([path, source]) =>
    listImports(path, source).flatMap(({ path: to, specifier, line }) => {
      if (specifier === undefined && path.startsWith('src/')) {
        return [{ path, message: `line ${line} imports nobody knows what` }];
      }
      const isThere = to === undefined || tree.has(to);
      return isThere ? [] : [{ path, message: `line ${line} imports ${to}, which is not there` }];
    }),
  );
}
