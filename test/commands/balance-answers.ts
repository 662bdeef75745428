// Answers of providers to a question for balances, and the card that they become.
import type { BalanceResult } from '../../src/balances.ts';
import { composeBalanceCard } from '../../src/commands/balance-card.ts';
import type { Card } from '../../src/commands/card.ts';
import type { BalanceReading } from '../../src/providers/types.ts';
import { failureOf, lineOf, readingOf } from './world.ts';

const nowMs = Date.parse('2026-11-20T12:00:00Z');
const names = { payermax: 'PayerMax', alignet: 'Alignet', paycross: 'PayCross' } as const;
type Id = keyof typeof names;

export const timed = (reading: BalanceReading, agoMs = 0) => ({ reading, atMs: nowMs - agoMs });
export const answered = (
  provider: Id,
  reading: BalanceReading,
  more: object = {},
): BalanceResult => ({
  provider,
  ok: true,
  now: timed(reading),
  last: undefined,
  tookMs: 210,
  ...more,
});
export const failed = (provider: Id, last?: BalanceReading, agoMs = 0): BalanceResult => ({
  provider,
  ok: false,
  error: failureOf(names[provider]),
  last: last === undefined ? undefined : timed(last, agoMs),
  tookMs: 8_000,
});

export function cardOf(
  results: readonly BalanceResult[],
  more: { currency?: string; asked?: Id[] } = {},
) {
  const asked = more.asked ?? (results.map(({ provider }) => provider) as Id[]);
  return composeBalanceCard({
    asked: asked.map((id) => ({ id, name: names[id] })),
    results,
    currency: more.currency,
    nowMs,
    tookMs: Math.max(...results.map(({ tookMs }) => tookMs)),
    reference: 'R1',
  });
}

export const rows = ({ table }: Card) =>
  table?.groups.map((group) => group.rows.map((row) => row.map(({ text }) => text)));
export const columns = ({ table }: Card) => table?.columns.map(({ label }) => label);

export const usd = readingOf(lineOf('main', 'USD', { available: '8854.000', total: '9000' }));
export const pen = readingOf(
  lineOf('payout ••1031', 'PEN', { available: '-12.50' }, 'seen once a day'),
);
