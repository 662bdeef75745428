// Composes what providers said into one card. Available is the headline; nothing is summed, and
// what a provider did not give is a dash, never a zero.
import type { BalanceResult, TimedReading } from '../balances.ts';
import { formatAmount } from '../money.ts';
import { type AmountKind, amountKinds, type BalanceLine } from '../providers/types.ts';
import type { Card, Cell, Column, Group } from './card.ts';
import { describeAge, describeTook, explainFailure, labelFailure } from './words.ts';

export interface BalanceCardInput {
  /** In the order shown; those without a result are still being asked. */
  readonly asked: readonly { readonly id: string; readonly name: string }[];
  readonly results: readonly BalanceResult[];
  readonly currency: string | undefined;
  readonly nowMs: number;
  /** The longest of all, once every one has answered. */
  readonly tookMs?: number;
  readonly reference: string;
}

const kindLabels: Readonly<Record<AmountKind, string>> = {
  available: 'Available',
  total: 'Total',
  held: 'Held',
  reserve: 'Reserve',
  settling: 'Settling',
  inFlight: 'In flight',
};

export function composeBalanceCard(input: BalanceCardInput): Card {
  const { asked, results, currency, nowMs } = input;
  const isShown = (line: BalanceLine) => currency === undefined || line.currency === currency;
  const shownLines = results.flatMap((result) => linesOf(result).filter(isShown));
  const kinds = amountKinds.filter(
    (kind) => kind === 'available' || shownLines.some(({ amounts }) => amounts[kind] !== undefined),
  );
  const groups = asked.map(({ id, name }): Group => {
    const result = results.find(({ provider }) => provider === id);
    if (result === undefined) return { title: name, status: 'asking…', rows: [] };
    return composeGroup(name, result, kinds, isShown, nowMs, currency);
  });
  const failed = results.filter(({ ok }) => !ok).length;
  const isDone = results.length === asked.length;
  return {
    tone: failed === 0 ? 'neutral' : failed === asked.length ? 'bad' : 'warning',
    title: titleOf(asked, currency),
    ...(isDone ? { text: summarise(input, failed) } : {}),
    table: {
      caption: `${titleOf(asked, currency)}, by provider and account`,
      columns: columnsOf(kinds),
      groups,
    },
    notes: isDone ? notesOf(results, shownLines, kinds, isShown) : [],
    ...(isDone ? {} : { progress: { done: results.length, of: asked.length } }),
    reference: input.reference,
  };
}

function titleOf(asked: BalanceCardInput['asked'], currency: string | undefined): string {
  const one = asked.length === 1 ? asked[0]?.name : undefined;
  return [one === undefined ? 'Balances' : `${one} balances`, currency]
    .filter((part) => part !== undefined)
    .join(' in ');
}

function summarise({ asked, tookMs }: BalanceCardInput, failed: number): string {
  const took = tookMs === undefined ? '' : ` in ${describeTook(tookMs)}`;
  const only = asked[0];
  if (asked.length === 1 && only !== undefined) {
    return failed === 0
      ? `${only.name} answered${took}.`
      : `${only.name} did not answer as it should.`;
  }
  return `${asked.length - failed} of ${asked.length} providers answered${took}.`;
}

function columnsOf(kinds: readonly AmountKind[]): Column[] {
  return [
    { label: 'Account', align: 'start' },
    { label: 'Currency', align: 'start' },
    ...kinds.map(
      (kind): Column => ({
        label: kindLabels[kind],
        align: 'end',
        ...(kind === 'available' ? { isHeadline: true } : {}),
      }),
    ),
  ];
}

function composeGroup(
  name: string,
  result: BalanceResult,
  kinds: readonly AmountKind[],
  isShown: (line: BalanceLine) => boolean,
  nowMs: number,
  currency: string | undefined,
): Group {
  const rows = linesOf(result)
    .filter(isShown)
    .map((line) => rowOf(line, kinds, !result.ok));
  if (!result.ok) {
    return {
      title: name,
      status: labelFailure(result.error.code),
      tone: 'bad',
      text: `${explainFailure(result.error)} ${describeLast(result.last, nowMs, rows.length)}`,
      rows,
    };
  }
  const { failures, lines } = result.now.reading;
  if (failures.length > 0) {
    const stale = (result.last?.reading.lines ?? []).filter(
      (old) => isShown(old) && !lines.some((line) => isSameAccount(line, old)),
    );
    const reasons = failures.map(({ account, error }) => `${account}: ${explainFailure(error)}`);
    return {
      title: name,
      status: `${failures.length} of its accounts failed`,
      tone: 'warning',
      text: [
        ...reasons,
        describeLast(stale.length > 0 ? result.last : undefined, nowMs, stale.length),
      ].join(' '),
      rows: [...rows, ...stale.map((line) => rowOf(line, kinds, true))],
    };
  }
  return {
    title: name,
    status: describeTook(result.tookMs),
    ...(rows.length > 0 ? {} : { text: explainNoRows(lines, currency) }),
    rows,
  };
}

function isSameAccount(a: BalanceLine, b: BalanceLine): boolean {
  return a.account === b.account && a.currency === b.currency;
}

function describeLast(last: TimedReading | undefined, nowMs: number, rows: number): string {
  if (last === undefined) return 'There is no earlier answer to show.';
  if (rows === 0)
    return `Its last good answer, ${describeAge(nowMs - last.atMs)}, had nothing here.`;
  return `Shown is its last good answer, ${describeAge(nowMs - last.atMs)}.`;
}

function explainNoRows(lines: readonly BalanceLine[], currency: string | undefined): string {
  const held = [...new Set(lines.flatMap((line) => line.currency ?? []))].sort();
  if (held.length === 0) return 'It lists no account.';
  return `No account in ${currency}. It holds ${held.join(', ')}.`;
}

function linesOf(result: BalanceResult): readonly BalanceLine[] {
  if (result.ok) return result.now.reading.lines;
  return result.last?.reading.lines ?? [];
}

function rowOf(line: BalanceLine, kinds: readonly AmountKind[], isStale: boolean): Cell[] {
  return [
    { text: line.account, ...(isStale ? { tone: 'quiet' } : {}) },
    { text: line.currency ?? '?', tone: 'quiet' },
    ...kinds.map((kind): Cell => {
      const amount = line.amounts[kind];
      if (amount === undefined) return { text: '—', tone: 'quiet' };
      const text = formatAmount(amount);
      if (isStale) return { text, tone: 'quiet' };
      return amount.units < 0n ? { text, tone: 'bad' } : { text };
    }),
  ];
}

function notesOf(
  results: readonly BalanceResult[],
  lines: readonly BalanceLine[],
  kinds: readonly AmountKind[],
  isShown: (line: BalanceLine) => boolean,
): string[] {
  const isGapped = lines.some(({ amounts }) => kinds.some((kind) => amounts[kind] === undefined));
  const absent = amountKinds.filter((kind) => !kinds.includes(kind));
  const notes = results.flatMap((result) =>
    linesOf(result)
      .filter(isShown)
      .flatMap(({ account, note }) => (note === undefined ? [] : [`${account}: ${note}`])),
  );
  if (isGapped) notes.push('— means that the provider does not give this figure; it is not zero.');
  if (lines.length > 0 && absent.length > 0) {
    const names = absent.map((kind) => kindLabels[kind].toLowerCase());
    notes.push(`Not given at all: ${names.join(', ')}.`);
  }
  return [...new Set(notes)];
}
