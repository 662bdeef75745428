// The sandbox’s books and its answer to inquiry-balance. The shape follows the documented field
// table; no complete answer is documented, so the array of `accountInfos` is inferred.
// https://docs.smilepayz.com/id/reference/peru/inquiry/inquiryBalance.html (sheet compiled 2026-11)
import type { Refusal } from './sandbox-gate.ts';

export interface SandboxAccount {
  readonly no: string;
  readonly use: 'payout' | 'payin';
  readonly currency: string;
  /** How this account’s `value` is written. */
  readonly unit: 'minor' | 'major';
  readonly decimals: number;
  /** In units of 10^-decimals. */
  readonly total: bigint;
  readonly available: bigint;
}

/** PEN, IDR and CLP as the short pages have it (minor), BRL and USDT as the Money page (major). */
export const seedAccounts: readonly SandboxAccount[] = [
  {
    no: '21120030202403071031',
    use: 'payout',
    currency: 'PEN',
    unit: 'minor',
    decimals: 2,
    total: 84_310_55n,
    available: 79_060_05n,
  },
  {
    no: '21120030202403071032',
    use: 'payin',
    currency: 'PEN',
    unit: 'minor',
    decimals: 2,
    total: 215_689_40n,
    available: 209_118_15n,
  },
  {
    no: '20620030202405140915',
    use: 'payout',
    currency: 'IDR',
    unit: 'minor',
    decimals: 0,
    total: 1_284_500_000n,
    available: 1_196_750_000n,
  },
  {
    no: '21320030202403071031',
    use: 'payout',
    currency: 'CLP',
    unit: 'minor',
    decimals: 0,
    total: 18_250_000n,
    available: 18_250_000n,
  },
  {
    no: '20920030202406201122',
    use: 'payout',
    currency: 'BRL',
    unit: 'major',
    decimals: 2,
    total: 1_284_50n,
    available: 912_05n,
  },
  {
    no: '21920030202509010800',
    use: 'payout',
    currency: 'USDT',
    unit: 'major',
    decimals: 4,
    total: 52_340_1875n,
    available: 50_000_0000n,
  },
];

interface AmountText {
  currency: string;
  value: string;
}

export interface AccountInfo {
  balanceType: string;
  amount?: AmountText;
  availableBalance?: AmountText;
}

export interface BalanceAnswer {
  code: string;
  message: string;
  accountNo: string;
  name: string;
  balanceTypes: string[];
  accountInfos: AccountInfo[];
}

const knownTypes = ['BALANCE', 'AVAILABLE'];

/** Enforces the field rules of the page, then answers with one entry for each type asked. */
export function answerBalance(
  body: string,
  accounts: readonly SandboxAccount[],
): BalanceAnswer | Refusal {
  const field = (message: string): Refusal => ({ code: 'SBX_FIELD', message });
  let request: { accountNo?: unknown; balanceTypes?: unknown } | null;
  try {
    request = JSON.parse(body);
  } catch {
    return field('the body is not JSON');
  }
  if (typeof request !== 'object' || request === null) return field('the body is not an object');
  const { accountNo, balanceTypes } = request;
  if (typeof accountNo !== 'string' || accountNo === '' || accountNo.length > 128) {
    return field('accountNo is required: a string of at most 128 characters');
  }
  if (!Array.isArray(balanceTypes) || balanceTypes.length === 0) {
    return field('balanceTypes is required: a list, by default ["BALANCE"]');
  }
  if (!balanceTypes.every((type) => knownTypes.includes(type))) {
    return field(`balanceTypes may name ${knownTypes.join(' and ')}`);
  }
  const account = accounts.find(({ no }) => no === accountNo);
  if (account === undefined) return unknownAccount(accountNo);
  return {
    code: '00',
    message: 'Successful',
    accountNo,
    name: 'demo merchant',
    balanceTypes,
    accountInfos: balanceTypes.map((balanceType) => ({
      balanceType,
      amount: { currency: account.currency, value: toText(account.total, account) },
      availableBalance: { currency: account.currency, value: toText(account.available, account) },
    })),
  };
}

/** Names the whole number, as gateways like to: the client must not pass it on. */
export function unknownAccount(accountNo: string): Refusal {
  return { code: 'SBX_ACCOUNT', message: `accountNo ${accountNo} does not exist` };
}

function toText(units: bigint, { unit, decimals }: SandboxAccount): string {
  return unit === 'minor' ? String(units) : toMajorText(units, decimals);
}

export function toMajorText(units: bigint, decimals: number): string {
  if (decimals === 0) return String(units);
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
