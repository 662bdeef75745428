// What is written: names that say nothing, files too long to read, and what must not be committed.
import { posix } from 'node:path';
import { findRun, tokenize } from './tokens.ts';
import { codeOf, type Rule, type Tree, type Violation } from './tree.ts';

type Found = Omit<Violation, 'rule'>;

const linesMax = 350;
const code = /\.(?:m?[jt]s|css|html)$/;
const emptyNames = /^(?:utils?|helpers?|commons?|misc|shared|managers?|services?)$/i;
/** In parts, so that this file does not find itself. */
const promises = ['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'];
const promise = new RegExp(`\\b(?:${promises.join('|')})\\b`);
/** A machine's folders, where a path begins: not the middle of a web address. */
const machinePath = /(?<![\w.:/-])\/(?:work|root|Users|mnt|home\/\w+)\/\w/;
const temporaryPath = /(?<![\w.:/-])\/tmp\b/;
/** In PEM, or bare as dashboards give it: PKCS#8 or PKCS#1, while `MIIB` begins a public key. */
const keyBody =
  /PRIVATE KEY-{5}(?:\\n|\s)+[A-Za-z0-9+/=]{60,}|\bMII(?:C[VWXde]|E|J)[A-Za-z0-9+/]{300,}/;

export const wordRules: readonly Rule[] = [
  { name: 'a name says what it holds', find: findEmptyNames },
  { name: `a file has at most ${linesMax} lines`, find: findLongFiles },
  { name: 'nothing is exported as default', find: findDefaults },
  {
    name: 'what is left to do stands elsewhere',
    find: (tree) => findText(tree, promise, isWritten),
  },
  { name: 'no key is committed', find: (tree) => findText(tree, keyBody, () => true) },
  { name: 'no path of a machine is committed', find: findMachinePaths },
  { name: 'the lock file names no registry', find: findRegistries },
];

const isWritten = (path: string) => code.test(path) || /\.(?:md|ya?ml|json)$/.test(path);

function findEmptyNames(tree: Tree): Found[] {
  return [...tree.keys()].flatMap((path) => {
    // systemd knows a unit by its ending.
    const words = path
      .replace(/^(deploy\/\w+)\.service$/, '$1')
      .split('/')
      .flatMap((part) => part.split(/[.-]/));
    const empty = words.filter((word) => emptyNames.test(word));
    return empty.map((word) => ({ path, message: `“${word}” could be anything` }));
  });
}

function findLongFiles(tree: Tree): Found[] {
  return [...tree].flatMap(([path, text]) => {
    const lines = text.split('\n').length - 1;
    return code.test(path) && lines > linesMax
      ? [{ path, message: `has ${lines} lines: which concern wants its own file?` }]
      : [];
  });
}

function findDefaults(tree: Tree): Found[] {
  return codeOf(tree, 'src', 'test', 'bench', 'scripts').flatMap(([path, source]) => {
    const tokens = tokenize(source);
    const found = [
      ['export', 'default'],
      ['as', 'default'],
    ].flatMap((run) => findRun(tokens, run));
    return found.map(({ line }) => ({ path, message: `line ${line}` }));
  });
}

function findText(tree: Tree, pattern: RegExp, isRead: (path: string) => boolean): Found[] {
  return [...tree].flatMap(([path, text]) => {
    const at = isRead(path) ? text.search(pattern) : -1;
    return at < 0 ? [] : [{ path, message: `line ${text.slice(0, at).split('\n').length}` }];
  });
}

function findMachinePaths(tree: Tree): Found[] {
  const isLock = (path: string) => posix.basename(path) === 'package-lock.json';
  const isTest = (path: string) => path.startsWith('test/') || path.startsWith('bench/');
  // In a container there is nobody else.
  const isContainer = (path: string) => path === 'compose.yaml';
  return [
    ...findText(tree, machinePath, (path) => !isLock(path)),
    ...findText(
      tree,
      temporaryPath,
      (path) => !isLock(path) && !isTest(path) && !isContainer(path),
    ),
  ];
}

function findRegistries(tree: Tree): Found[] {
  return [
    ...findText(tree, /"resolved"\s*:/, (path) => path === 'package-lock.json'),
    ...findText(tree, /^\s*(?:@[\w-]+:)?registry\s*=/m, (path) => path === '.npmrc'),
  ];
}
