// Which modules a file uses, however it says so.
import { posix } from 'node:path';
import { type Token, tokenize } from './tokens.ts';

export interface Import {
  /** As written; undefined where it is computed, so that nobody can know. */
  readonly specifier: string | undefined;
  /** The file of the tree that it means, or undefined for a package. */
  readonly path: string | undefined;
  /** `import()`: it may never be loaded. */
  readonly isDynamic: boolean;
  readonly line: number;
}

export function listImports(path: string, source: string): Import[] {
  const tokens = tokenize(source);
  return tokens.flatMap((token, index): Import[] => {
    const [before, next, afterNext] = [tokens[index - 1], tokens[index + 1], tokens[index + 2]];
    if (token.kind !== 'name' || before?.value === '.') return [];
    // `from 'x'` is an import or an export wherever it stands: no other syntax has it.
    if (token.value === 'from' && next?.kind === 'text') return [importOf(path, next, false)];
    if (token.value === 'import' && next?.kind === 'text') return [importOf(path, next, false)];
    const isCall = next?.value === '(' && next.kind === 'mark';
    if (token.value === 'import' && isCall) return [importOf(path, afterNext ?? token, true)];
    if (token.value === 'require' && isCall) return [importOf(path, afterNext ?? token, false)];
    // A file of a package that is not code, a font say.
    const isResolved = token.value === 'require' && next?.value === '.';
    if (isResolved && afterNext?.value === 'resolve' && tokens[index + 3]?.value === '(') {
      return [importOf(path, tokens[index + 4] ?? token, false)];
    }
    return [];
  });
}

function importOf(from: string, { kind, value, line }: Token, isDynamic: boolean): Import {
  const specifier = kind === 'text' ? value : undefined;
  const path = specifier?.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
  return { specifier, path, isDynamic, line };
}

/** `zod` of `zod/v4`, `@slack/bolt` of `@slack/bolt/dist`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
