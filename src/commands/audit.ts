// /purser audit: proves the chain of all steps, and gives a month of it as a table for people.
import type { AuditEntry, Json } from '../store/types.ts';
import type { Card } from './card.ts';
import type { Command } from './types.ts';

export const auditVerifyCommand: Command = {
  path: ['purser', 'audit', 'verify'],
  summary: 'Prove that no step on record was changed, added or taken out',
  arguments: [],
  roles: ['approver', 'admin'],
  examples: ['/purser audit verify'],
  async run({ payouts, reference }) {
    const verdict = await payouts.verifyAudit();
    const card: Card = verdict.isIntact
      ? {
          tone: 'good',
          title: 'The audit log is intact',
          text: `${countEntries(verdict.count)}, each bound to the one before it.`,
          notes: [`Last entry: ${verdict.head.hash}`],
          reference,
        }
      : {
          tone: 'bad',
          title: `The audit log is not intact from entry ${verdict.sequence} on`,
          text: `What is wrong: ${verdict.reason}. Stop Purser, keep its data folder as it is, and compare it with your last backup.`,
          reference,
        };
    return { card, audience: 'asker' };
  },
};

export const auditExportCommand: Command = {
  path: ['purser', 'audit', 'export'],
  summary: 'All steps of a month as a CSV file',
  arguments: [{ name: 'month', kind: 'month', isRequired: true, help: 'like 2026-11, in UTC' }],
  roles: ['approver', 'admin'],
  examples: [],
  async run({ payouts, reference }, values) {
    const month = values['month'] ?? '';
    const rows: string[] = [toLine(columns)];
    for await (const entry of payouts.readAudit()) {
      if (new Date(entry.atMs).toISOString().startsWith(month)) rows.push(toLine(toCells(entry)));
    }
    const count = rows.length - 1;
    const card: Card = {
      tone: 'neutral',
      title: `Audit log of ${month}`,
      text: count === 0 ? 'No step was made in this month.' : `${countEntries(count)}.`,
      reference,
    };
    if (count === 0) return { card, audience: 'asker' };
    const file = {
      name: `purser-audit-${month}.csv`,
      contentType: 'text/csv; charset=utf-8',
      text: `${rows.join('\r\n')}\r\n`,
    };
    return { card, audience: 'asker', file };
  },
};

function countEntries(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'entry' : 'entries'}`;
}

const columns = [
  'sequence',
  'time',
  'event',
  'subject',
  'person',
  'platform',
  'channel',
  'facts',
  'hash',
];

function toCells({ sequence, atMs, facts, hash }: AuditEntry): string[] {
  const { event, person, payout, payee, scope, place, ...rest } = facts;
  const spot = place !== null && typeof place === 'object' && !Array.isArray(place) ? place : {};
  const at = (name: string) => toText((spot as Readonly<Record<string, Json>>)[name]);
  return [
    String(sequence),
    new Date(atMs).toISOString(),
    toText(event),
    toText(payout ?? payee ?? scope),
    toText(person),
    at('platform'),
    at('channel'),
    // Where a comma separates decimals, spreadsheets split at semicolons.
    Object.keys(rest).length === 0 ? '' : JSON.stringify(rest).replaceAll(';', '\\u003b'),
    hash,
  ];
}

function toText(value: Json | undefined): string {
  return value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}

/**
 * Always quoted. Spreadsheets run a cell that begins like a formula, so it gets an apostrophe:
 * https://owasp.org/www-community/attacks/CSV_Injection (read 2026-11)
 */
function toLine(cells: readonly string[]): string {
  return cells
    .map((cell) => (/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell))
    .map((cell) => `"${cell.replaceAll('"', '""')}"`)
    .join(',');
}
