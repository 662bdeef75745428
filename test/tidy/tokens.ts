// Reads TypeScript as tokens, so that rules see code only: no comment, and no text that merely looks
// like code. Not a parser: it knows names, texts, templates, regular expressions and single marks.

export interface Token {
  /** `text` is a string, or a template without a value in it. */
  readonly kind: 'name' | 'text' | 'template' | 'regexp' | 'mark';
  /** Of a text without its quotes. */
  readonly value: string;
  readonly line: number;
}

/** After these a slash begins a regular expression; after other names it divides. */
const beforeRegExp = new Set(
  'return typeof instanceof in of new delete void throw case do else await yield'.split(' '),
);
const nameOrNumber = /[\p{ID_Continue}$]+/uy;
const space = /\s+/y;
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#![^\n]*/y;
const quoted = /(['"])((?:\\[\s\S]|(?!\1)[^\\\n])*)\1/y;
const regExp = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const templatePart = /((?:\\[\s\S]|\$(?!\{)|[^`\\$])*)(`|\$\{)/y;

/** Throws `SyntaxError` where a text or a template does not end. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  /** What each open brace closes: a block, or the value inside of a template. */
  const braces: ('block' | 'template')[] = [];
  let at = 0;
  let line = 1;

  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match === null || match.index !== at) return undefined;
    at += match[0].length;
    return match;
  };
  const push = (kind: Token['kind'], value: string, length: string) => {
    tokens.push({ kind, value, line });
    line += length.split('\n').length - 1;
  };
  const takeTemplate = (isWhole: boolean) => {
    const part = take(templatePart);
    if (part === undefined) throw new SyntaxError(`line ${line}: this template does not end`);
    const isEnd = part[2] === '`';
    push(isWhole && isEnd ? 'text' : 'template', part[1] ?? '', part[0]);
    if (!isEnd) braces.push('template');
  };

  while (at < source.length) {
    const skipped = take(space) ?? take(comment);
    if (skipped !== undefined) {
      line += skipped[0].split('\n').length - 1;
      continue;
    }
    const letter = source.charAt(at);
    if (letter === '`') {
      at += 1;
      takeTemplate(true);
    } else if (letter === '"' || letter === "'") {
      const text = take(quoted);
      if (text === undefined) throw new SyntaxError(`line ${line}: this text does not end`);
      push('text', text[2] ?? '', text[0]);
    } else if (letter === '/' && mayBeRegExp(tokens.at(-1))) {
      const pattern = take(regExp);
      if (pattern === undefined) throw new SyntaxError(`line ${line}: no end of this expression`);
      push('regexp', pattern[0], pattern[0]);
    } else {
      const word = take(nameOrNumber)?.[0];
      if (word !== undefined) push('name', word, word);
      else {
        at += 1;
        push('mark', letter, letter);
        if (letter === '{') braces.push('block');
        if (letter === '}' && braces.pop() === 'template') takeTemplate(false);
      }
    }
  }
  return tokens;
}

function mayBeRegExp(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'name') return beforeRegExp.has(before.value);
  return before.kind === 'mark' && !')]}'.includes(before.value);
}

/** Where these tokens stand in a row: `['process', '.', 'env']`. */
export function findRun(tokens: readonly Token[], run: readonly string[]): Token[] {
  return tokens.filter(({ kind }, start) => {
    if (kind !== 'name' && kind !== 'mark') return false;
    return run.every((value, offset) => {
      const token = tokens[start + offset];
      return token?.value === value && (token.kind === 'name' || token.kind === 'mark');
    });
  });
}
