// What is available, while another payout of the same account is on its way.
import { expect, it } from 'vitest';
import type { BalanceDesk, BalanceResult } from '../../src/balances.ts';
import { formatMoney, parseDecimal } from '../../src/money.ts';
import { createChecks, type Payer } from '../../src/payouts/checks.ts';
import { createFreezes } from '../../src/payouts/freezes.ts';
import { createPayoutJournal } from '../../src/payouts/journal.ts';
import type { Payout } from '../../src/payouts/types.ts';
import { createReferenceStore } from '../store/reference-store.ts';
import { createFakeClock } from '../support.ts';
import { composePayout, content } from './sample.ts';
import { composeTeam } from './team.ts';

it('counts what the provider takes between the question for the balance and its answer', async () => {
  const clock = createFakeClock();
  const data = { records: [], entries: [], readings: [] };
  const store = createReferenceStore({ data, clock, openMax: 10 });
  let other: Payout = composePayout({ id: 'POTHER', state: 'sending', sentAtMs: 1 });
  const available = parseDecimal('300.00', 'USD');
  const reading = {
    lines: [{ account: content.account, currency: 'USD', amounts: { available } }],
    failures: [],
  };
  const result: BalanceResult = {
    ...{ provider: 'payermax', tookMs: 1, last: undefined, ok: true },
    now: { reading, atMs: 1 },
  };
  const balances: BalanceDesk = {
    async read() {
      // It was asked before the other one was taken, and answers after Purser has heard of that.
      other = { ...other, state: 'submitted' };
      return [result];
    },
    findLast: () => undefined,
  };
  const payers = new Map([['payermax', { id: 'payermax', name: 'PayerMax' } as Payer]]);
  const { records } = createPayoutJournal(store);
  const checks = createChecks({
    ...{ team: composeTeam(), payers, balances, clock },
    freezes: createFreezes(store, clock),
    payouts: { ...records, listOpen: async () => [other] },
  });
  const answer = await checks.checkFunds(content, 'POWN');
  expect(answer).toMatchObject({ ok: false, isPassing: true });
  expect(answer.ok ? formatMoney(answer.funds.available) : answer.why).toContain(
    '50.00 USD is available',
  );
});
