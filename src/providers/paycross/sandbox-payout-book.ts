// The books of the sandbox: every payout ever taken, and the money of the accounts that they draw
// on. A payout takes its amount at once and gives it back when it fails. Time is looked at when
// somebody asks: there are no timers.
import { randomBytes } from 'node:crypto';
import { toDecimalText } from '../../money.ts';
import type { SandboxOrder } from '../sandbox.ts';
import type { SandboxAccount } from './sandbox-balance.ts';
import { composeFate, type FateStep, returningStatuses } from './sandbox-payout-fates.ts';
import type { ApmPayout, CardPayout } from './sandbox-payout-rules.ts';

export type PayoutRequest =
  | { readonly api: 'card'; readonly fields: CardPayout }
  | { readonly api: 'apm'; readonly fields: ApmPayout };

export interface BookedPayout {
  readonly uid: string;
  readonly request: PayoutRequest;
  readonly isTest: boolean;
  readonly fault: string | undefined;
  readonly createdAtMs: number;
  updatedAtMs: number;
  paidAtMs: number | undefined;
  status: string;
  message: string;
  code: string | undefined;
  steps: readonly FateStep[];
  /** Undefined once the money is back, and for tests, which move none. */
  account: LedgerAccount | undefined;
  /** For how many queries it is not found. */
  hiddenQueries: number;
}

type LedgerAccount = { -readonly [Name in keyof SandboxAccount]: SandboxAccount[Name] };

export interface PayoutBook {
  /** As `/balance` shows them. */
  readonly accounts: readonly SandboxAccount[];
  take(request: PayoutRequest, fault: string | undefined, nowMs: number): BookedPayout;
  /** Lets time pass; `onStep` sees each payout whose status has just changed. */
  settle(nowMs: number): void;
  /** Newest first. */
  list(api: 'card' | 'apm'): BookedPayout[];
  books(): SandboxOrder[];
}

const duplicateWindowMs = 30_000;

export function createPayoutBook(
  seed: readonly SandboxAccount[],
  onStep: (payout: BookedPayout, firstStatus: string) => void,
): PayoutBook {
  const accounts: LedgerAccount[] = seed.map((account) => ({ ...account }));
  const payouts: BookedPayout[] = [];

  function isDuplicate({ api, fields }: PayoutRequest, nowMs: number): boolean {
    if (api !== 'card' || !fields.duplicate_check) return false;
    return payouts.some(
      ({ request: other, createdAtMs, status }) =>
        other.api === 'card' &&
        !returningStatuses.has(status) &&
        nowMs - createdAtMs < duplicateWindowMs &&
        other.fields.amount === fields.amount &&
        other.fields.currency === fields.currency &&
        cardOf(other.fields) === cardOf(fields),
    );
  }

  /** Why it fails at once; the words are invented, the codes are the vendor's. */
  function findFailure(
    request: PayoutRequest,
    account: LedgerAccount | undefined,
    fault: string | undefined,
    nowMs: number,
  ): Pick<BookedPayout, 'message' | 'code'> | undefined {
    if (fault === 'duplicate_transaction' || isDuplicate(request, nowMs)) {
      return { code: 'F.0108', message: 'Duplicate transaction' };
    }
    if (fault === 'payout_declined') return { code: 'F.0105', message: 'Payout was declined' };
    const isShort = account !== undefined && account.amountMinor < request.fields.amount;
    return isShort || fault === 'insufficient_funds'
      ? { code: 'F.0114', message: 'Insufficient funds' }
      : undefined;
  }

  return {
    accounts,
    take(request, fault, nowMs) {
      const { api, fields } = request;
      const isTest = fields.test === true || fault === 'test_answer';
      const account = isTest
        ? undefined
        : accounts.find((one) => one.api === api && one.currency === fields.currency);
      const failure = findFailure(request, account, fault, nowMs);
      // The documented samples are tests, and their answers are final.
      const open = isTest ? 'successful' : api === 'card' ? 'incomplete' : 'pending';
      const payout: BookedPayout = {
        uid: `${api === 'card' ? 1 : 2}-${randomBytes(5).toString('hex')}`,
        request,
        isTest,
        fault,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        paidAtMs: isTest && failure === undefined ? nowMs : undefined,
        status: failure === undefined ? open : 'failed',
        message: failure?.message ?? (isTest ? 'Successfully processed' : 'In progress'),
        code: failure?.code,
        steps: failure === undefined && !isTest ? composeFate(fault, payouts.length) : [],
        account: failure === undefined ? account : undefined,
        hiddenQueries: fault === 'not_found_once' ? 1 : 0,
      };
      payouts.push(payout);
      if (payout.account !== undefined) payout.account.amountMinor -= fields.amount;
      return payout;
    },
    settle(nowMs) {
      for (const payout of payouts) {
        for (;;) {
          const [step, ...later] = payout.steps;
          if (step === undefined || payout.createdAtMs + step.afterMs > nowMs) break;
          const before = payout.status;
          payout.steps = later;
          advance(payout, step);
          onStep(payout, before);
        }
      }
    },
    list: (api) => payouts.filter(({ request }) => request.api === api).reverse(),
    books: () =>
      payouts.map(({ request: { fields }, status }) => ({
        reference: fields.tracking_id ?? '',
        amount: toDecimalText({
          units: fields.amount,
          decimals: decimalsOf(fields.currency),
          currency: fields.currency,
        }),
        currency: fields.currency,
        status,
      })),
  };
}

function advance(payout: BookedPayout, { status, afterMs }: FateStep): void {
  const atMs = payout.createdAtMs + afterMs;
  payout.status = status;
  payout.updatedAtMs = atMs;
  payout.message = status === 'successful' ? 'Successfully processed' : 'Payout was declined';
  if (status === 'successful') payout.paidAtMs = atMs;
  if (!returningStatuses.has(status) || payout.account === undefined) return;
  payout.account.amountMinor += payout.request.fields.amount;
  payout.account = undefined;
}

function cardOf({ recipient_credit_card: { number, token } }: CardPayout): string | undefined {
  return number ?? token;
}

/** Of the vendor's SDK, as far as anything here is paid in them. */
function decimalsOf(currency: string): number {
  if (['CLP', 'JPY', 'KRW', 'VND', 'ISK'].includes(currency)) return 0;
  return ['BHD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].includes(currency) ? 3 : 2;
}
