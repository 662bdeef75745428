// What the doctor prints: a heading for each part of the set-up, a line for each thing that was looked
// at, and what it comes to at the end. A terminal gets colours, and long lines broken under their text.
import { areas, type Examined } from './findings.ts';

export interface Paper {
  readonly isColoured: boolean;
  /** Of a terminal; without it, one line stays one line. */
  readonly columns?: number;
}

const marks: Readonly<Record<Examined['level'], string>> = {
  fine: '✓',
  warning: '!',
  problem: '✗',
  unchecked: '·',
};

/** Of ECMA-48, as every terminal knows them. */
const colours: Readonly<Record<Examined['level'] | 'heading', string>> = {
  fine: '32',
  warning: '33',
  problem: '31',
  unchecked: '2',
  heading: '1',
};

/** Narrower than that a line is easier to read as the terminal breaks it. */
const textColumnsMin = 30;
const labelColumnsMax = 34;

export function renderFindings(findings: readonly Examined[], paper: Paper): string {
  const paint = (name: keyof typeof colours, text: string) =>
    paper.isColoured ? `\u001b[${colours[name]}m${text}\u001b[0m` : text;
  const labels = findings.map(({ what }) => what.length);
  const width = Math.min(Math.max(...labels, 0), labelColumnsMax);
  const renderOne = ({ level, what, text }: Examined) => {
    const indent = Math.max(what.length, width) + 6;
    const lines = breakText(text, (paper.columns ?? Number.POSITIVE_INFINITY) - indent);
    const [first = '', ...rest] = lines;
    const label = level === 'unchecked' ? paint(level, what.padEnd(width)) : what.padEnd(width);
    const head = `  ${paint(level, marks[level])} ${label}  ${level === 'unchecked' ? paint(level, first) : first}`;
    return [head, ...rest.map((line) => `${' '.repeat(indent)}${line}`)].join('\n');
  };
  const parts = areas.flatMap((area) => {
    const own = findings.filter((one) => one.area === area);
    if (own.length === 0) return [];
    return [[paint('heading', area), ...own.map(renderOne)].join('\n')];
  });
  return `\n${[...parts, summarise(findings, paint)].join('\n\n')}\n\n`;
}

type Paint = (name: keyof typeof colours, text: string) => string;

function summarise(findings: readonly Examined[], paint: Paint): string {
  const count = (level: Examined['level']) => findings.filter((one) => one.level === level).length;
  const [problems, warnings, skipped] = [count('problem'), count('warning'), count('unchecked')];
  const say = (number: number, word: string) =>
    number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  const found = [...say(problems, 'problem'), ...say(warnings, 'warning')].join(', ');
  const rest = skipped === 0 ? '' : `; ${skipped} not checked`;
  if (found === '') return paint('fine', `All is well${rest}.`);
  return paint(problems > 0 ? 'problem' : 'warning', `${found}${rest}.`);
}

/** At its blanks; an address that is longer stays whole, so that it can be copied. */
function breakText(text: string, columns: number): string[] {
  if (columns < textColumnsMin) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const isFull = last === undefined || last.length + 1 + word.length > columns;
    if (isFull) lines.push(word);
    else lines.splice(-1, 1, `${last} ${word}`);
  }
  return lines;
}
