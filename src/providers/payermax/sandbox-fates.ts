// What becomes of an order in the sandbox, decided when it is taken. PayerMax's own test environment
// goes by the amount in local currency and by `remark`; faults go beyond what it can show.
// https://docs.payermax.com/en/doc-center/disbursement/test-cases.html (read 2026-11)
import { type Decimal, readDecimal, toUnits } from './sandbox-ledger.ts';
import type { PayoutRequest } from './sandbox-payout-rules.ts';

/** What an order is, from so many milliseconds after it was taken; before the first it is PENDING. */
export interface Phase {
  readonly afterMs: number;
  readonly status: 'SUCCESS' | 'FAILED' | 'BOUNCEBACK' | 'ON_HOLD';
  readonly responseCode?: string;
  readonly responseMsg?: string;
}

export type Fate = readonly Phase[];

const endsAfterMs = 4_000;
const turnsAfterMs = 30_000;

const paid: Phase = { afterMs: endsAfterMs, status: 'SUCCESS' };
const fail = (responseCode: string, responseMsg: string, afterMs = endsAfterMs): Phase => ({
  afterMs,
  status: 'FAILED',
  responseCode,
  responseMsg,
});
const invalidAccount = ['INVALID_ACCOUNT', 'Invalid account or not active'] as const;
const bounced: Phase = {
  afterMs: turnsAfterMs,
  status: 'BOUNCEBACK',
  responseCode: invalidAccount[0],
  responseMsg: invalidAccount[1],
};

const faultFates: Readonly<Record<string, Fate>> = {
  payout_fails: [fail(...invalidAccount)],
  fails_after_success: [paid, fail(...invalidAccount, turnsAfterMs)],
  returned: [paid, bounced],
  stays_pending: [],
  unknown_status: [{ afterMs: 0, status: 'ON_HOLD' }],
};

const remarkFates: Readonly<Record<string, Fate>> = {
  SUCCESS: [paid],
  FAILED: [fail('OTHER_ERRORS', 'Other errors')],
  BOUNCEBACK: [paid, bounced],
};

const amountFates: readonly (readonly [amount: string, fate: Fate])[] = [
  ['110', [fail('OTHER_ERRORS', 'Other errors')]],
  ['11000', [fail('OTHER_ERRORS', 'Other errors')]],
  ['100', []],
  ['10000', []],
];

export function decideFate(
  request: PayoutRequest,
  isFunded: boolean,
  fault: string | undefined,
): Fate {
  if (!isFunded) return [fail('BALANCE_INSUFFICIENT', 'Insufficient balance.')];
  const { amount, remark, isLocal } = request;
  const scripted =
    findOwn(faultFates, fault) ??
    findOwn(remarkFates, remark) ??
    amountFates.find(([text]) => isLocal && compare(amount, readDecimal(text)) === 0)?.[1];
  if (scripted !== undefined) return scripted;
  return isLocal && isOutsideLimits(request)
    ? [
        fail(
          'AMOUNT_LIMIT_UNMATCHED',
          'The single transfer amount does not meet the limit requirements',
        ),
      ]
    : [paid];
}

const limits: readonly {
  readonly country: string;
  /** All of the country, when absent. */
  readonly targets?: readonly string[];
  readonly min?: string;
  readonly max?: string;
}[] = [
  { country: 'PH', min: '1' },
  { country: 'PH', targets: ['DCP', 'CARD_SME'], max: '50000' },
  { country: 'TH', targets: ['KASIKORN', 'SIAM_COMMERCIAL'], min: '0.01', max: '2000000' },
  { country: 'TH', targets: ['KIATNAKIN'], max: '499999.99' },
  {
    country: 'TH',
    targets: [
      ...['BT', 'ACL', 'BTMU', 'SUMITOMO_MITSUI', 'BOT', 'ABN_AMRO', 'KRUNG_THAI'],
      ...['GOVERNMENT_SAVING', 'SCIB', 'UOBT', 'CALYON', 'DEUTSCHE'],
    ],
    max: '99999.99',
  },
  { country: 'BR', targets: ['MERCADOPAGO'], max: '999999.99' },
  { country: 'BR', targets: ['PAGBANK'], max: '5000' },
  { country: 'PE', min: '0.1' },
  { country: 'AR', min: '0.1' },
];

function isOutsideLimits({ country, targetOrg, amount }: PayoutRequest): boolean {
  return limits.some(
    ({ targets, min, max, ...limit }) =>
      limit.country === country &&
      (targets?.includes(targetOrg) ?? true) &&
      ((min !== undefined && compare(amount, readDecimal(min)) < 0) ||
        (max !== undefined && compare(amount, readDecimal(max)) > 0)),
  );
}

function compare(a: Decimal, b: Decimal): number {
  const fine = Math.max(a.decimals, b.decimals);
  return Number(toUnits(a, fine) - toUnits(b, fine));
}

function findOwn<Value>(table: Readonly<Record<string, Value>>, name = ''): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
