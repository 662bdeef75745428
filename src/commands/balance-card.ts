// Composes what providers said into one card. Available is the headline; nothing is summed, and
// what a provider did not give is a dash, never a zero.
import { type BalanceResult, listLines, type ShownLine, type TimedReading } from '../balances.ts';
import { formatAmount } from '../money.ts';
import {
  type AccountFailure,
  type AmountKind,
  amountKinds,
  type BalanceLine,
} from '../providers/types.ts';
import type { Card, Cell, Column, Group } from './card.ts';
import { describeAge, describeTook, explainFailure, labelFailure, listNames } from './words.ts';

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
  const isShown = ({ line }: ShownLine) => currency === undefined || line.currency === currency;
  const shown = new Map(
    results.map((result) => [result.provider, listLines(result).filter(isShown)]),
  );
  const lines = asked.flatMap(({ id }) => shown.get(id) ?? []);
  const kinds = amountKinds.filter(
    (kind) => kind === 'available' || lines.some(({ line }) => line.amounts[kind] !== undefined),
  );
  const groups = asked.map(({ id, name }): Group => {
    const result = results.find(({ provider }) => provider === id);
    if (result === undefined) return { title: name, status: 'asking…', rows: [] };
    return {
      title: name,
      ...describeResult(result, shown.get(id) ?? [], { nowMs, currency }),
      rows: (shown.get(id) ?? []).map((one) => rowOf(one, kinds)),
    };
  });
  const failed = results.filter(({ ok }) => !ok).length;
  const isDone = results.length === asked.length;
  return {
    tone: toneOf(results, failed === asked.length),
    title: titleOf(asked, currency),
    ...(isDone ? { text: summarise(input, failed) } : {}),
    table: {
      caption: `${titleOf(asked, currency)}, by provider and account`,
      columns: columnsOf(kinds),
      groups,
    },
    notes: isDone ? notesOf(asked, shown, kinds) : [],
    ...(isDone ? {} : { progress: { done: results.length, of: asked.length } }),
    reference: input.reference,
  };
}

function toneOf(results: readonly BalanceResult[], isNothingThere: boolean): Card['tone'] {
  const isFlawed = results.some((one) => !one.ok || one.now.reading.failures.length > 0);
  if (!isFlawed) return 'neutral';
  return isNothingThere ? 'bad' : 'warning';
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

/** Beside and below the provider's name: how it went, and why not better. */
function describeResult(
  result: BalanceResult,
  shown: readonly ShownLine[],
  { nowMs, currency }: Pick<BalanceCardInput, 'nowMs' | 'currency'>,
): Pick<Group, 'status' | 'tone' | 'text'> {
  if (!result.ok) {
    return {
      status: labelFailure(result.error.code),
      tone: 'bad',
      text: `${explainFailure(result.error)} ${describeLast(result.last, nowMs, shown.length)}`,
    };
  }
  const { failures, lines } = result.now.reading;
  if (failures.length > 0) {
    const reasons = explainFailures(failures);
    const stale = shown.filter(({ isStale }) => isStale).length;
    const last = describeLast(stale > 0 ? result.last : undefined, nowMs, stale);
    return {
      status: `${failures.length} of its accounts failed`,
      tone: 'warning',
      text: [...reasons, last].join(' '),
    };
  }
  const text = explainAbsent(lines, shown.length, currency);
  return { status: describeTook(result.tookMs), ...(text === undefined ? {} : { text }) };
}

/** What went wrong alike is said once, with what to do. */
function explainFailures(failures: readonly AccountFailure[]): string[] {
  const texts = failures.map(({ account, error }) => ({ account, text: explainFailure(error) }));
  return [...new Set(texts.map(({ text }) => text))].map((text) => {
    const accounts = texts.filter((one) => one.text === text).map(({ account }) => account);
    return `${listNames([...new Set(accounts)], 'and')}: ${text}`;
  });
}

function describeLast(last: TimedReading | undefined, nowMs: number, rows: number): string {
  if (last === undefined) return 'There is no earlier answer to show.';
  if (rows === 0)
    return `Its last good answer, ${describeAge(nowMs - last.atMs)}, had nothing here.`;
  return `Shown is its last good answer, ${describeAge(nowMs - last.atMs)}.`;
}

/** Accounts that the filter leaves out: those in other currencies, and those that name none. */
function explainAbsent(
  lines: readonly BalanceLine[],
  shownCount: number,
  currency: string | undefined,
): string | undefined {
  if (lines.length === 0) return 'It lists no account.';
  if (currency === undefined) return undefined;
  const held = [...new Set(lines.flatMap((line) => line.currency ?? []))].sort();
  const unnamed = lines.filter((line) => line.currency === undefined).length;
  const sentences = [
    ...(shownCount > 0 ? [] : [`No account in ${currency}.`]),
    ...(shownCount > 0 || held.length === 0 ? [] : [`It holds ${held.join(', ')}.`]),
    ...(unnamed === 0 ? [] : [`Left out because they name no currency: ${unnamed}.`]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

function rowOf({ line, isStale }: ShownLine, kinds: readonly AmountKind[]): Cell[] {
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
  asked: BalanceCardInput['asked'],
  shown: ReadonlyMap<string, readonly ShownLine[]>,
  kinds: readonly AmountKind[],
): string[] {
  const linesOf = (id: string) => (shown.get(id) ?? []).map(({ line }) => line);
  const lines = asked.flatMap(({ id }) => linesOf(id));
  const notes = asked.flatMap(({ id, name }) =>
    linesOf(id).flatMap(({ account, note }) => {
      if (note === undefined) return [];
      return [asked.length === 1 ? `${account}: ${note}` : `${name}, ${account}: ${note}`];
    }),
  );
  const isGapped = lines.some(({ amounts }) => kinds.some((kind) => amounts[kind] === undefined));
  if (isGapped) notes.push('— means that the provider does not give this figure; it is not zero.');
  const absent = amountKinds.filter((kind) => !kinds.includes(kind));
  if (lines.length > 0 && absent.length > 0) {
    const names = absent.map((kind) => kindLabels[kind].toLowerCase());
    notes.push(`Not given at all: ${names.join(', ')}.`);
  }
  return [...new Set(notes)];
}
