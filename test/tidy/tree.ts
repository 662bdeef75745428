// The files of the project: read from the disk, or planted by a test.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Path from the root, with slashes -> content. */
export type Tree = ReadonlyMap<string, string>;

export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}

export interface Rule {
  readonly name: string;
  find(tree: Tree): Omit<Violation, 'rule'>[];
}

/** What .gitignore names, and git itself. */
const ignored =
  /^(?:\.git|node_modules|dist|coverage|\.env|team\.yaml|data\/(?!\.gitkeep).*|bench\/results\.json)$/;
const binary = /\.(?:png|jpe?g|gif|webp|ico|woff2?)$/;

/** Pictures are there, but empty: links may lead to them. */
export function readTree(root: string): Tree {
  const paths = listFiles(root, '').sort();
  const read = (path: string) => (binary.test(path) ? '' : readFileSync(join(root, path), 'utf8'));
  return new Map(paths.map((path) => [path, read(path)]));
}

function listFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (ignored.test(path)) return [];
    if (entry.isDirectory()) return listFiles(root, path);
    return [path];
  });
}

/** Code of ours, in TypeScript, below one of these folders. */
export function codeOf(
  tree: Tree,
  ...folders: readonly string[]
): [path: string, source: string][] {
  return [...tree].filter(
    ([path]) => /\.m?ts$/.test(path) && folders.some((folder) => path.startsWith(`${folder}/`)),
  );
}
