// The rules of DESIGN and CONTRIBUTING that a machine can hold: who imports whom, where things live,
// and what must not be committed. Each rule first finds what was planted for it.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { directionRules } from './tidy/directions.ts';
import { homeRules } from './tidy/homes.ts';
import { listImports } from './tidy/imports.ts';
import { linkRules } from './tidy/links.ts';
import { cleanTree, planted } from './tidy/planted.ts';
import { codeOf, readTree } from './tidy/tree.ts';
import { wordRules } from './tidy/words.ts';

const rules = [...directionRules, ...homeRules, ...wordRules, ...linkRules];
const tree = readTree(fileURLToPath(new URL('..', import.meta.url)));

/** Known and not yet mended: `rule: path`. An entry that is no longer true must go. */
const owed: readonly string[] = [];

describe('the tree', () => {
  it.each(rules)('keeps the rule: $name', ({ name, find }) => {
    const found = find(tree);
    const isOwed = (path: string) => owed.includes(`${name}: ${path}`);
    expect(found.filter(({ path }) => !isOwed(path))).toEqual([]);
    const paths = found.map(({ path }) => `${name}: ${path}`);
    expect(owed.filter((one) => one.startsWith(`${name}: `) && !paths.includes(one))).toEqual([]);
  });

  it('was read', () => {
    const code = codeOf(tree, 'src');
    const imports = code.flatMap(([path, source]) => listImports(path, source));
    expect(tree.size).toBeGreaterThan(250);
    expect(code.length).toBeGreaterThan(120);
    expect(imports.filter(({ path }) => path !== undefined).length).toBeGreaterThan(400);
    expect([...tree.keys()]).toEqual(
      expect.arrayContaining(['src/main.ts', 'README.md', '.npmrc']),
    );
  });
});

describe('a rule', () => {
  it.each(rules)('finds nothing in a clean tree: $name', ({ find }) => {
    expect(find(new Map(Object.entries(cleanTree)))).toEqual([]);
  });

  it.each(planted)('“$rule” finds when $how', ({ rule, files }) => {
    const found = rules
      .find(({ name }) => name === rule)
      ?.find(new Map(Object.entries({ ...cleanTree, ...files })));
    expect(found).toBeDefined();
    expect(found).not.toEqual([]);
  });

  it('has something planted for it', () => {
    const proven = new Set(planted.map(({ rule }) => rule));
    expect([...proven].sort()).toEqual(rules.map(({ name }) => name).sort());
  });
});
