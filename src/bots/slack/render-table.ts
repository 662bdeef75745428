// Tables. A message has Slack's own, at most one and with a bound on rows and characters; a dialog
// and a page have none, so there each row is one line with its headline figure in bold.
import type { types } from '@slack/bolt';
import type { Cell, Column, Group, Table } from '../../commands/card.ts';
import type { Block } from './layout.ts';
import { limits } from './limits.ts';
import { bold, cut, richText, section, symbolOf, words } from './text.ts';

export interface RenderedTable {
  readonly blocks: readonly Block[];
  /** What had no room. */
  readonly notes: readonly string[];
}

export function renderTable(table: Table, isNative: boolean): RenderedTable {
  const fits = table.columns.length <= limits.tableColumnsMax && table.columns.length > 0;
  return isNative && fits ? renderNative(table) : renderLines(table);
}

interface RowCell {
  readonly block: types.RichTextBlock;
  readonly characters: number;
}
type Row = readonly RowCell[];

/** Twenty of them leave room for rows. */
const headerCellMax = 200;

function renderNative({ columns, groups }: Table): RenderedTable {
  const rows: Row[] = [columns.map(({ label }) => cellOf(bold(cut(label, headerCellMax))))];
  let characters = countCharacters(rows[0] ?? []);
  let left = 0;
  for (const { row, isData } of groups.flatMap((group) => rowsOf(group, columns))) {
    const size = countCharacters(row);
    const isFull =
      rows.length >= limits.tableRowsMax || characters + size > limits.tableCharactersMax;
    // From the first row without room on: a gap in the middle would go unseen.
    if (isFull || left > 0) {
      if (isData) left += 1;
      continue;
    }
    rows.push(row);
    characters += size;
  }
  const native: types.TableBlock = {
    type: 'table',
    rows: rows.map((row) => row.map(({ block }) => block)),
    column_settings: columns.map(({ align }, index) => ({
      align: align === 'end' ? 'right' : 'left',
      is_wrapped: index === 0,
    })),
  };
  return { blocks: [native, ...renderRemarks(groups)], notes: noteLeft(left) };
}

/** A table of one row would be refused by some; its title row counts as no data. */
function rowsOf(group: Group, columns: readonly Column[]): { row: Row; isData: boolean }[] {
  const title = titleOf(group);
  const empty = columns.slice(1).map(() => cellOf(words(' ')));
  return [
    ...(title === '' ? [] : [{ row: [cellOf(...titleElements(group)), ...empty], isData: false }]),
    ...group.rows.map((cells) => ({
      row: columns.map((column, index) => cellOf(elementOf(cells[index], column))),
      isData: true,
    })),
  ];
}

function cellOf(...elements: types.RichTextElement[]): RowCell {
  return { block: richText(section(...elements)), characters: lengthOf(elements) };
}

function elementOf(cell: Cell | undefined, { isHeadline }: Column): types.RichTextElement {
  const text = `${symbolOf(cell?.tone === 'good' ? undefined : cell?.tone)}${cell?.text ?? ''}`;
  if (cell?.link !== undefined && /^https:\/\//.test(cell.link) && cell.text !== '') {
    return { type: 'link', url: cell.link, text };
  }
  return isHeadline === true && cell?.tone !== 'quiet' ? bold(text) : words(text);
}

function lengthOf(elements: readonly types.RichTextElement[]): number {
  return elements.reduce((sum, part) => sum + ('text' in part ? (part.text?.length ?? 0) : 0), 0);
}

function countCharacters(row: Row): number {
  return row.reduce((sum, { characters }) => sum + characters, 0);
}

function titleOf({ title, status }: Group): string {
  return [title, status].filter((part) => part !== undefined && part !== '').join(' · ');
}

function titleElements({ title = '', status, tone }: Group): types.RichTextElement[] {
  const shown = `${symbolOf(tone === 'good' ? undefined : tone)}${title}`;
  return [
    ...(shown === '' ? [] : [bold(cut(shown, 500))]),
    ...(status === undefined || status === ''
      ? []
      : [words(shown === '' ? cut(status, 500) : ` · ${cut(status, 500)}`)]),
  ];
}

/** Why a group failed: too long for a cell, so below the table under its name. */
function renderRemarks(groups: readonly Group[]): Block[] {
  const remarks = groups.filter(({ text }) => text !== undefined && text !== '');
  if (remarks.length === 0) return [];
  const sections = remarks.map(({ title = '', text = '' }) =>
    title === ''
      ? section(words(cut(text, limits.textObjectMax)))
      : section(bold(title), words(` — ${cut(text, limits.textObjectMax)}`)),
  );
  return [richText(...sections)];
}

const linesInBlockMax = 40;

function renderLines({ columns, groups }: Table): RenderedTable {
  let room: number = limits.tableCharactersMax;
  let left = 0;
  const blocks = groups.flatMap((group): Block[] => {
    const lines: types.RichTextSection[] = [];
    if (titleOf(group) !== '') lines.push(section(...titleElements(group)));
    for (const cells of group.rows) {
      const line = lineOf(cells, columns);
      room -= lengthOf(line);
      if (room < 0 || lines.length >= linesInBlockMax * 5) left += 1;
      else lines.push(section(...line));
    }
    if (group.text !== undefined && group.text !== '') {
      lines.push(section(words(cut(group.text, limits.textObjectMax))));
    }
    const parts: Block[] = [];
    for (let from = 0; from < lines.length; from += linesInBlockMax) {
      parts.push(richText(...lines.slice(from, from + linesInBlockMax)));
    }
    return parts;
  });
  return { blocks, notes: noteLeft(left) };
}

/** `payfac 7781 · PEN · 184,220.51 · Total 190,000.00`: a figure says what it is, the headline is bold. */
function lineOf(cells: readonly Cell[], columns: readonly Column[]): types.RichTextElement[] {
  return columns.flatMap((column, index): types.RichTextElement[] => {
    const cell = cells[index];
    if (cell === undefined) return [];
    const needsLabel = column.align === 'end' && column.isHeadline !== true && column.label !== '';
    const before = `${index === 0 ? '' : ' · '}${needsLabel ? `${column.label} ` : ''}`;
    return [...(before === '' ? [] : [words(before)]), elementOf(cell, column)];
  });
}

function noteLeft(left: number): string[] {
  if (left === 0) return [];
  return [`… ${left} more ${left === 1 ? 'row has' : 'rows have'} no room here.`];
}
