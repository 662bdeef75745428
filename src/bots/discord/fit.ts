// Makes the texts of a card fit into what Discord takes, and says where something was left out.
import { cutEscaped } from './escape.ts';
import { limits } from './limits.ts';
import type { TablePiece } from './table.ts';

export interface Texts {
  readonly head: string;
  readonly body: string;
  readonly fields: readonly string[];
  readonly table: readonly TablePiece[];
  readonly notes: readonly string[];
  /** What the message is found by: never cut. */
  readonly mark?: string;
}

export interface FittedTexts {
  readonly head: string;
  readonly body: string;
  readonly fields: string;
  readonly table: string;
  readonly notes: string;
}

/** What each may take when all together are too long; the table takes what is left. */
const shares = { head: 300, body: 1_300, fields: 900, notes: 700 } as const;
const noteLength = 40;
/** Less the line breaks between them. */
const textsMax = limits.textMax - 8;

export function fitTexts({ mark, ...texts }: Texts): FittedTexts {
  if (mark === undefined) return fitInto(textsMax, texts);
  const fitted = fitInto(textsMax - mark.length - 1, texts);
  return { ...fitted, notes: fitted.notes === '' ? mark : `${fitted.notes}\n${mark}` };
}

function fitInto(textMax: number, { head, body, fields, table, notes }: Texts): FittedTexts {
  const whole: FittedTexts = {
    head,
    body,
    fields: fields.join('\n'),
    table: table.map(({ text }) => text).join('\n'),
    notes: notes.join('\n'),
  };
  if (lengthOf(whole) <= textMax) return whole;
  // Rows go first: whoever reads a long table can ask for less of it.
  const others = { ...whole, table: '' };
  const isTableAlone = lengthOf(others) + noteLength <= textMax - tableMin(table);
  const cut = isTableAlone
    ? others
    : {
        head: cutEscaped(head, shares.head),
        body: cutEscaped(body, shares.body),
        fields: fitLines(fields, shares.fields),
        notes: fitLines(notes, shares.notes),
        table: '',
      };
  return { ...cut, table: fitTable(table, textMax - lengthOf(cut)) };
}

function tableMin(table: readonly TablePiece[]): number {
  return table.length === 0 ? 0 : 600;
}

function lengthOf(texts: FittedTexts): number {
  return Object.values(texts).reduce((sum, text) => sum + text.length, 0);
}

/** Long lines are cut, then whole ones are left out. */
function fitLines(lines: readonly string[], lengthMax: number): string {
  const room = lengthMax - noteLength;
  const each = Math.max(80, Math.floor(room / Math.max(1, lines.length)));
  const short =
    lines.join('\n').length <= lengthMax ? lines : lines.map((line) => cutLine(line, each));
  const kept: string[] = [];
  let length = 0;
  for (const line of short) {
    if (length + line.length + 1 > room) break;
    kept.push(line);
    length += line.length + 1;
  }
  const left = lines.length - kept.length;
  return [...kept, ...(left === 0 ? [] : [`-# … and ${left} more, left out here`])].join('\n');
}

/** A cut inside of bold text closes it again, and one inside of its marks takes them away whole. */
function cutLine(line: string, lengthMax: number): string {
  if (line.length <= lengthMax) return line;
  const cut = cutEscaped(line, lengthMax - 2);
  const stars = cut.replace(/\\./gs, '').replace(/[^*]/g, '').length;
  const whole = stars % 2 === 1 ? cut.replace(/\*…$/, '…') : cut;
  return stars - (stars % 2) === 2 ? `${whole}**` : whole;
}

function fitTable(pieces: readonly TablePiece[], room: number): string {
  const kept: string[] = [];
  let length = 0;
  let left = 0;
  let isFull = false;
  for (const { text, rows } of pieces) {
    isFull ||= length + text.length + 1 > room - noteLength;
    if (isFull) left += rows;
    else {
      kept.push(text);
      length += text.length + 1;
    }
  }
  if (!isFull) return kept.join('\n');
  const more = left === 1 ? '1 more row' : `${left} more rows`;
  return [...kept, `-# … and ${more}, left out here`].join('\n');
}
