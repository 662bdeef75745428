// A table for narrow screens: Discord has none, and a code block breaks on a phone. Each row is one
// line with its headline figure bold, and small print below it with the other figures, each by name.
import type { Cell, Column, Group, Table, Tone } from '../../commands/card.ts';
import { escapeLine } from './escape.ts';
import { renderLink } from './link.ts';

export const symbols: Readonly<Record<Tone, string>> = {
  neutral: '',
  good: '✅ ',
  warning: '⚠️ ',
  bad: '⛔ ',
};

/** One piece stays together: what is cut are whole pieces. */
export interface TablePiece {
  readonly text: string;
  readonly rows: number;
}

export function renderTable({ columns, groups }: Table): TablePiece[] {
  return [
    { text: renderHead(columns), rows: 0 },
    ...groups.flatMap((group) => renderGroup(group, columns)),
  ];
}

function renderHead(columns: readonly Column[]): string {
  const labels = columns.map(({ label, isHeadline }) =>
    isHeadline ? renderBold(escapeLine(label)) : escapeLine(label),
  );
  return `-# ${labels.join(' · ')}`;
}

function renderGroup(group: Group, columns: readonly Column[]): TablePiece[] {
  const { title, status, tone = 'neutral', text, rows } = group;
  const head = [
    title === undefined ? '' : `${symbols[tone]}${renderBold(escapeLine(title))}`,
    status === undefined ? '' : escapeLine(status),
  ].filter((part) => part !== '');
  const lines = [head.join(' · '), text === undefined ? '' : escapeLine(text)].filter(
    (line) => line !== '',
  );
  return [
    ...(lines.length === 0 ? [] : [{ text: `\n${lines.join('\n')}`, rows: 0 }]),
    ...rows.map((row) => ({ text: renderRow(row, columns), rows: 1 })),
  ];
}

/** Cells up to the headline stand beside it; those after it are told by name below. */
function renderRow(row: readonly Cell[], columns: readonly Column[]): string {
  const headline = columns.findIndex(({ isHeadline }) => isHeadline);
  const main = row
    .slice(0, headline < 0 ? row.length : headline + 1)
    .map((cell, index) => renderCell(cell, index === headline))
    .filter((text) => text !== '');
  const details = row.flatMap((cell, index) => {
    const isDetail = headline >= 0 && index > headline && !isAbsent(cell);
    const label = columns[index]?.label ?? '';
    return isDetail ? [`${escapeLine(label)} ${renderCell(cell, false)}`] : [];
  });
  return [main.join(' · '), details.length === 0 ? '' : `-# ${details.join(' · ')}`]
    .filter((line) => line !== '')
    .join('\n');
}

/** A dash that says only that there is nothing to say. */
function isAbsent({ text, tone }: Cell): boolean {
  return text === '' || (text === '—' && tone === 'quiet');
}

function renderCell({ text, tone, link }: Cell, isHeadline: boolean): string {
  const escaped = escapeLine(text);
  if (escaped.trim() === '') return '';
  const shown = link === undefined ? escaped : renderLink(escaped, link);
  const symbol = tone === undefined || tone === 'quiet' ? '' : symbols[tone];
  return `${symbol}${isHeadline ? renderBold(shown) : shown}`;
}

/** Marks around nothing would be shown themselves, or taken for other marks. */
export function renderBold(escaped: string): string {
  const text = escaped.trim();
  return text === '' ? '' : `**${text}**`;
}
