// Links of documents that lead nowhere. Only those within the project: a test knows no network.
import { posix } from 'node:path';
import type { Rule, Tree, Violation } from './tree.ts';

type Found = Omit<Violation, 'rule'>;

const link = /\]\(\s*<?([^)\s>]+)>?[^)]*\)|\b(?:src|srcset|href)="([^"\s]+)/g;

export const linkRules: readonly Rule[] = [
  { name: 'a link leads to a file and a heading', find: findBrokenLinks },
];

function findBrokenLinks(tree: Tree): Found[] {
  return [...tree].flatMap(([path, text]) => {
    if (!path.endsWith('.md')) return [];
    return [...withoutCode(text).matchAll(link)].flatMap(([, inText, inTag]) => {
      const target = inText ?? inTag ?? '';
      const problem = /^[a-z][a-z+.-]*:/i.test(target) ? undefined : explain(tree, path, target);
      return problem === undefined ? [] : [{ path, message: `${target}: ${problem}` }];
    });
  });
}

function explain(tree: Tree, from: string, target: string): string | undefined {
  const [file = '', heading] = decodeURI(target).split('#');
  const path = file === '' ? from : posix.join(posix.dirname(from), file).replace(/\/$/, '');
  const text = tree.get(path);
  if (text === undefined) {
    const isFolder = [...tree.keys()].some((one) => one.startsWith(`${path}/`));
    return isFolder && heading === undefined ? undefined : 'nothing is there';
  }
  if (heading === undefined || !path.endsWith('.md')) return undefined;
  return listHeadings(text).includes(heading) ? undefined : 'it has no such heading';
}

function listHeadings(text: string): string[] {
  const headings = withoutCode(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm);
  return [...headings].map(([, words = '']) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
}
