// Every line that Purser can write into its log, as it stands in the code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface LogCall {
  readonly path: string;
  readonly level: string;
  /** The last argument, as it is written. */
  readonly message: string;
}

const source = fileURLToPath(new URL('../src/', import.meta.url));

export function listLogCalls(): LogCall[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  return files
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .flatMap((path) => {
      const text = readFileSync(join(source, path), 'utf8');
      const calls = text.matchAll(/\blog(?:\(\))?\s*\??\.(debug|info|warn|error)\(/g);
      return [...calls].map(({ 1: level = '', index, 0: found }) => {
        return { path, level, message: lastArgument(text, index + found.length) };
      });
    });
}

/** From behind the opening bracket of a call. */
function lastArgument(text: string, from: number): string {
  let depth = 0;
  let quote = '';
  let start = from;
  for (let at = from; at < text.length; at += 1) {
    const one = text[at] ?? '';
    if (quote !== '') {
      if (one === '\\') at += 1;
      else if (one === quote) quote = '';
    } else if (`'"\``.includes(one)) quote = one;
    else if ('([{'.includes(one)) depth += 1;
    else if (one === ',' && depth === 0 && text.slice(at + 1).trimStart()[0] !== ')')
      start = at + 1;
    else if (')]}'.includes(one)) {
      if (depth === 0) return text.slice(start, at).trim().replace(/,$/, '');
      depth -= 1;
    }
  }
  throw new Error('a call without an end');
}
