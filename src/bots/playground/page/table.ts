// The table of a card. On a narrow card each row is stacked (card.css), which takes a table's
// meaning away from screen readers in some browsers; so every role is written out.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Cell, Column, Group, Table } from '../../../commands/card.ts';
import { icon } from './icons.ts';
import { type LinkActions, linkView } from './links.ts';

/** How commands write what is not there. */
const nothingSign = '—';

export interface TableProps {
  readonly isWorking: boolean;
  /** Who looks at it. */
  readonly person: string;
  readonly actions: LinkActions;
}

export function tableView({ caption, columns, groups }: Table, props: TableProps): TemplateResult {
  const headline = columns.findIndex(({ isHeadline }) => isHeadline);
  const isLog = columns.length === 2 && columns.every(({ align }) => align === 'start');
  return html`<div
    class="table-frame ${isLog ? 'is-log' : ''}"
    role="region"
    aria-label=${caption}
    tabindex="0"
  >
    <table role="table" aria-label=${caption}>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map(
            (column, index) =>
              html`<th role="columnheader" scope="col" class=${classOf(column, index, headline)}>
                ${column.label}
              </th>`,
          )}
        </tr>
      </thead>
      ${groups.map((group) => groupView(group, columns, headline, props))}
    </table>
  </div>`;
}

function groupView(
  group: Group,
  columns: readonly Column[],
  headline: number,
  { isWorking, person, actions }: TableProps,
): TemplateResult {
  const { title, text, rows } = group;
  const isAwaited = isWorking && rows.length === 0 && text === undefined;
  return html`<tbody role="rowgroup" class=${isAwaited ? 'is-awaited' : ''}>
    ${title === undefined ? nothing : titleView(group, title, columns.length)}
    ${rows.map(
      (row) =>
        html`<tr role="row" class="cells">
          ${columns.map((column, index) => {
            const cell = row[index] ?? { text: '' };
            const text = html`<bdi>${linkView(cell.text, cell.link, person, actions)}</bdi>`;
            const className = classOf(column, index, headline, cell);
            return index === 0
              ? html`<th role="rowheader" scope="row" class=${className}>
                  ${text}
                </th>`
              : html`<td role="cell" class=${className} data-label=${column.label}>
                  ${text}
                </td>`;
          })}
        </tr>`,
    )}
    ${
      title !== undefined || text === undefined
        ? nothing
        : html`<tr role="row" class="group">
            <td role="cell" colspan=${columns.length}>
              <p class="group-text" dir="auto">${text}</p>
            </td>
          </tr>`
    }
  </tbody>`;
}

function titleView(group: Group, title: string, columns: number): TemplateResult {
  const { status, text, tone = 'neutral' } = group;
  return html`<tr role="row" class="group tone-${tone}">
    <th role="rowheader" scope="rowgroup" colspan=${columns}>
      <div class="group-head">
        <span class="group-title"><bdi>${title}</bdi></span>
        ${
          status === undefined
            ? nothing
            : html`<span class="group-status"
                >${tone === 'neutral' ? nothing : icon(tone)}<bdi>${status}</bdi></span
              >`
        }
      </div>
      ${text === undefined ? nothing : html`<p class="group-text" dir="auto">${text}</p>`}
    </th>
  </tr>`;
}

function classOf(column: Column, index: number, headline: number, cell?: Cell): string {
  return [
    `align-${column.align}`,
    index === headline ? 'is-headline' : '',
    headline >= 0 && index > headline ? 'is-more' : 'is-lead',
    cell?.tone === undefined ? '' : `cell-${cell.tone}`,
    cell?.text === nothingSign ? 'is-nothing' : '',
  ].join(' ');
}
