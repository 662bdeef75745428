// What stands in package-lock.json, against docs/dependencies.md: everything is explained, everything
// that runs may be passed on, and nothing of it does anything when it is installed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Lock, renderDependencies } from '../src/docs.ts';

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');
const page = read('docs/dependencies.md');
const lock: Lock = JSON.parse(read('package-lock.json')).packages;

const permissive = new Set([
  ...['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'Unlicense'],
  ...['BlueOak-1.0.0', 'CC0-1.0', 'Python-2.0', 'MIT-0'],
]);
/** Free to be passed on with the program, if not by itself: a font. */
const permissiveFor: Readonly<Record<string, string>> = {
  'node_modules/@fontsource/inter': 'OFL-1.1',
};

/** `MIT OR Apache-2.0` leaves the choice. */
function isPermissive(path: string, licence: string): boolean {
  const choices = licence.replace(/[()]/g, '').split(' OR ');
  return permissiveFor[path] === licence || choices.some((one) => permissive.has(one));
}

/** Everything that is installed without development, and what is wrong with it. */
function findProblems(packages: Lock): string[] {
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .flatMap(([path, { license = 'no licence', hasInstallScript }]) => [
      ...(isPermissive(path, license) ? [] : [`${path}: ${license}`]),
      ...(hasInstallScript === true ? [`${path}: an install script`] : []),
    ]);
}

/** Direct ones without a row of their own in which every cell but the third says something. */
function findUnexplained(
  text: string,
  { dependencies = {}, devDependencies = {} }: Lock[string] = lock[''] ?? {},
) {
  const rows = new Map(
    [...text.matchAll(/^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm)].map(
      ([, name = '', why = '', , by = '']) =>
        [name, why.trim() !== '' && by.trim() !== ''] as const,
    ),
  );
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  return {
    missing: names.filter((name) => rows.get(name) !== true),
    left: [...rows.keys()].filter((name) => !names.includes(name)),
  };
}

describe('the dependencies', () => {
  it('are each explained, and no other is', () => {
    expect(findUnexplained(page)).toEqual({ missing: [], left: [] });
  });

  it('that run may all be passed on, and run nothing when they are installed', () => {
    expect(findProblems(lock)).toEqual([]);
    expect(Object.keys(lock).length).toBeGreaterThan(200);
  });

  it('stand on the page as they are locked', () => {
    expect(page).toBe(renderDependencies(page, lock));
  });
});

describe('the check', () => {
  it.each([
    ['a licence that is not permissive', { license: 'GPL-3.0-only' }],
    ['a choice without a permissive one', { license: '(GPL-2.0 OR SSPL-1.0)' }],
    ['no licence', {}],
    ['the licence of a font', { license: 'OFL-1.1' }],
    ['an install script', { license: 'MIT', hasInstallScript: true }],
  ])('finds %s, and not in development', (_what, found) => {
    expect(findProblems({ ...lock, 'node_modules/planted': found })).toHaveLength(1);
    expect(findProblems({ ...lock, 'node_modules/planted': { ...found, dev: true } })).toEqual([]);
  });

  it('takes a choice with a permissive one', () => {
    expect(findProblems({ 'node_modules/planted': { license: '(GPL-2.0 OR MIT)' } })).toEqual([]);
  });

  it('finds a package that nobody explained, and one that is gone', () => {
    expect(findUnexplained(page, { dependencies: { planted: '1' } }).missing).toEqual(['planted']);
    expect(findUnexplained(page.replace('| `zod` |', '| `planted` |'))).toEqual({
      missing: ['zod'],
      left: ['planted'],
    });
  });

  it('finds a page that is not as it is locked', () => {
    const other = { ...lock, 'node_modules/zod': { version: '9.9.9', license: 'MIT' } };
    expect(renderDependencies(page, other)).not.toBe(page);
  });
});
