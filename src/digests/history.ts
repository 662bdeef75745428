// Keeps what providers answer, and has it again after a start: a provider that fails then is still
// shown with what it said last.
import type { TimedReading } from '../balances.ts';
import type { Log } from '../log.ts';
import { type Money, parseDecimal, toDecimalText } from '../money.ts';
import { type AmountKind, amountKinds, type BalanceLine } from '../providers/types.ts';
import type { Reading, Store } from '../store/types.ts';

export interface BalanceHistory {
  /** At most one answer of a provider each minute. Returns at once; a failure is logged. */
  keep(provider: string, answer: TimedReading): void;
  /** The newest answer of each provider of the last 30 days. */
  loadLast(): Promise<ReadonlyMap<string, TimedReading>>;
  /** Resolves when nothing is being written. */
  settle(): Promise<void>;
}

export interface BalanceHistoryDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly log: Log;
}

const everyMs = 60_000;
const lastForMs = 30 * 86_400_000;
/** The store takes no more at once. */
const rowsMax = 1_000;

export function createBalanceHistory({ store, clock, log }: BalanceHistoryDeps): BalanceHistory {
  const keptAtMs = new Map<string, number>();
  const underWay = new Set<Promise<void>>();

  const write = async (provider: string, rows: readonly Reading[]) => {
    try {
      for (let start = 0; start < rows.length; start += rowsMax) {
        await store.appendReadings(rows.slice(start, start + rowsMax));
      }
    } catch (error) {
      log.warn({ provider, err: error }, 'a balance could not be kept for the history');
    }
  };

  return {
    keep(provider, answer) {
      const before = keptAtMs.get(provider);
      if (before !== undefined && Math.abs(answer.atMs - before) < everyMs) return;
      keptAtMs.set(provider, answer.atMs);
      const writing = write(provider, toReadings(provider, answer)).finally(() =>
        underWay.delete(writing),
      );
      underWay.add(writing);
    },
    async loadLast() {
      const newest = new Map<string, Reading[]>();
      const range = { sinceMs: clock.now() - lastForMs, each: 'day' } as const;
      for await (const row of store.readReadings(range)) {
        const rows = newest.get(row.provider);
        if (rows !== undefined && rows[0]?.atMs === row.atMs) rows.push(row);
        else newest.set(row.provider, [row]);
      }
      return new Map(
        [...newest].map(([provider, rows]) => [
          provider,
          { reading: { lines: rows.map(toLine), failures: [] }, atMs: rows[0]?.atMs ?? 0 },
        ]),
      );
    },
    async settle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

export function toReadings(provider: string, { reading, atMs }: TimedReading): Reading[] {
  return reading.lines.map(({ account, currency, amounts, note }) => {
    const texts = amountKinds.flatMap((kind) => {
      const amount = amounts[kind];
      return amount === undefined ? [] : [[kind, toDecimalText(amount)] as const];
    });
    return {
      provider,
      account,
      ...(currency === undefined ? {} : { currency }),
      atMs,
      amounts: Object.fromEntries(texts),
      ...(note === undefined ? {} : { note }),
    };
  });
}

function toLine(row: Reading): BalanceLine {
  const { account, currency, note } = row;
  const amounts = amountKinds.flatMap((kind) => {
    const amount = amountIn(row, kind);
    return amount === undefined ? [] : [[kind, amount] as const];
  });
  return {
    account,
    currency,
    amounts: Object.fromEntries(amounts),
    ...(note === undefined ? {} : { note }),
  };
}

/** Undefined where it was not given, and for what is no amount. */
export function amountIn({ amounts, currency }: Reading, kind: AmountKind): Money | undefined {
  const text = amounts[kind];
  if (text === undefined) return undefined;
  try {
    return parseDecimal(text, currency ?? '?');
  } catch {
    return undefined;
  }
}
