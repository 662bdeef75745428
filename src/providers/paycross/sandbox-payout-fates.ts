// What becomes of a payout in the sandbox, and when: by switch at the moment of its order. The
// statuses are those of the documents, except where a fault says otherwise.
// https://docs.pay-cross.com/en/integration/card_api/statuses, …/apm_api/statuses (read 2026-11)

export const payoutFaults = {
  payout_declined: 'takes the payout and answers at once that it failed',
  payout_fails: 'takes the payout, which then fails; the money comes back',
  fails_after_success: 'says that the payout was successful, and later that it failed',
  stays_pending: 'takes the payout and never ends it',
  error_status: 'ends the payout in the status error; the money comes back',
  payout_expires: 'lets the payout expire; the money comes back',
  payout_deleted: 'cancels the payout; the money comes back',
  processes_twice: 'takes one order for two payouts',
  not_found_once: 'takes the payout and does not find it at the first query',
  insufficient_funds: 'answers that there is not enough money',
  duplicate_transaction: 'answers that it is a duplicate (F.0108)',
  test_answer: 'takes the payout as a test',
  webhook_twice: 'sends every notification of the payout twice',
  webhook_altered: 'changes a digit of the notification after signing it',
  webhook_unsigned: 'leaves out Content-Signature',
  webhook_out_of_order: 'sends the first status after the last one',
} as const;

export interface FateStep {
  readonly afterMs: number;
  readonly status: string;
}

/** The money of these comes back. */
export const returningStatuses: ReadonlySet<string> = new Set([
  'failed',
  'expired',
  'deleted',
  'error',
]);

const endings: Readonly<Record<string, string>> = {
  payout_fails: 'failed',
  // Also a fault of balances.
  unknown_status: 'postponed',
  error_status: 'error',
  payout_expires: 'expired',
  payout_deleted: 'deleted',
};
const secondEndAfterMs = 6_000;

/** The nth order is final after 3 to 6 seconds. */
export function composeFate(fault: string | undefined, nth: number): FateStep[] {
  const afterMs = 3_000 + (nth % 4) * 1_000;
  if (fault === 'stays_pending') return [];
  const first = { afterMs, status: endings[fault ?? ''] ?? 'successful' };
  return fault === 'fails_after_success'
    ? [first, { afterMs: afterMs + secondEndAfterMs, status: 'failed' }]
    : [first];
}
