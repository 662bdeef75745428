// The sandbox’s payouts. Only the orders are kept: how one stands, and what an account has left,
// follow from the clock whenever somebody asks. A payout leaves the available balance when it is
// taken and the total when it is paid; what fails comes back. Refusals have invented codes.
// https://docs.smilepayz.com/en/product/dataModel/transactionStatus.html (sheet compiled 2026-11)
import type { SandboxOrder } from '../sandbox.ts';
import { type SandboxAccount, toMajorText } from './sandbox-balance.ts';
import {
  areaOf,
  type FieldGeneration,
  type InquiryRequest,
  isOutOfRange,
  type PayoutRequest,
  readInquiry,
  readPayoutRequest,
  refuseField,
} from './sandbox-fields.ts';
import type { Refusal } from './sandbox-gate.ts';

/** From taken to final, and from there to a change of mind that no document allows. */
const finalAfterMs = 4_000;
const reversedAfterMs = 8_000;

export interface TakenPayout {
  readonly request: PayoutRequest;
  readonly tradeNo: string;
  readonly account: SandboxAccount;
  /** In units of the account. */
  readonly units: bigint;
  readonly takenAtMs: number;
  /** The fault that was on when it was taken decides its fate. */
  readonly fault: string | undefined;
}

export interface OrderBook {
  take(body: string, fault: string | undefined, nowMs: number): TakenPayout | Refusal;
  find(body: string): TakenPayout | Refusal;
  /** The accounts as payouts have left them. */
  accountsAt(nowMs: number): readonly SandboxAccount[];
  list(): readonly TakenPayout[];
  books(nowMs: number): readonly SandboxOrder[];
}

export interface OrderBookConfig {
  readonly accounts: readonly SandboxAccount[];
  readonly partnerId: string;
  readonly generation: FieldGeneration;
}

export function statusOf({ fault, takenAtMs }: TakenPayout, nowMs: number): string {
  const ageMs = nowMs - takenAtMs;
  if (ageMs < finalAfterMs || fault === 'stays_pending') return 'PROCESSING';
  switch (fault) {
    case 'payout_fails':
      return 'FAILED';
    case 'payout_expires':
      return 'EXPIRED';
    case 'unknown_status':
      return 'REVIEWING';
    case 'fails_after_success':
      return ageMs < reversedAfterMs ? 'SUCCESS' : 'FAILED';
    default:
      return 'SUCCESS';
  }
}

export function createOrderBook(config: OrderBookConfig): OrderBook {
  const taken: TakenPayout[] = [];
  const hidden = new Set<string>();

  function accountsAt(nowMs: number): readonly SandboxAccount[] {
    return config.accounts.map((account) => {
      const own = taken.filter((payout) => payout.account.no === account.no);
      const sumOf = (...statuses: string[]) =>
        own
          .filter((payout) => statuses.includes(statusOf(payout, nowMs)))
          .reduce((sum, { units }) => sum + units, 0n);
      return {
        ...account,
        total: account.total - sumOf('SUCCESS'),
        available: account.available - sumOf('SUCCESS', 'PROCESSING', 'REVIEWING'),
      };
    });
  }

  function check(request: PayoutRequest, fault: string | undefined, nowMs: number) {
    const { orderNo, merchant, money } = request;
    if (merchant.merchantId !== config.partnerId) return refuseField('merchant.merchantId');
    const isRepeated = taken.some((payout) => payout.request.orderNo === orderNo);
    if (isRepeated && fault !== 'processes_twice') {
      return { code: 'SBX_DUPLICATE', message: `orderNo ${orderNo} cannot be reused` };
    }
    const account = accountsAt(nowMs).find(
      ({ use, currency }) => use === 'payout' && currency === money.currency,
    );
    if (account === undefined) return refuseField(`no payout account in ${money.currency}`);
    const units = toUnits(money.amount, account);
    if (units === undefined || units <= 0n)
      return refuseField(`money.amount: ${account.unit} unit`);
    if (isOutOfRange(money.currency, units, account.decimals)) {
      return refuseField('money.amount: out of the limits of this currency');
    }
    if (units > account.available) {
      return { code: 'SBX_FUNDS', message: 'the available balance is not sufficient' };
    }
    return { account, units };
  }

  return {
    accountsAt,
    list: () => taken,
    take(body, fault, nowMs) {
      const request = readPayoutRequest(body, config.generation);
      if ('code' in request) return request;
      const checked = check(request, fault, nowMs);
      if ('code' in checked) return checked;
      const tradeNo = composeTradeNo(request, config.partnerId, nowMs, taken.length + 1);
      const payout: TakenPayout = { ...checked, request, tradeNo, takenAtMs: nowMs, fault };
      taken.push(payout);
      if (fault === 'not_found_once') hidden.add(tradeNo);
      return payout;
    },
    find(body) {
      const inquiry = readInquiry(body);
      if ('code' in inquiry) return inquiry;
      const payout = taken.find((one) => isMeant(one, inquiry));
      if (payout === undefined || hidden.delete(payout.tradeNo)) {
        return { code: 'SBX_ORDER', message: 'this order does not exist' };
      }
      return payout;
    },
    books: (nowMs) =>
      taken.map((payout) => ({
        reference: payout.request.orderNo,
        amount: toMajorText(payout.units, payout.account.decimals),
        currency: payout.account.currency,
        status: statusOf(payout, nowMs),
      })),
  };
}

function isMeant({ request, tradeNo }: TakenPayout, inquiry: InquiryRequest): boolean {
  return (
    inquiry.tradeType === '2' &&
    (inquiry.orderNo ?? request.orderNo) === request.orderNo &&
    (inquiry.tradeNo ?? tradeNo) === tradeNo
  );
}

/** Undefined for an amount that the unit of the account does not allow. */
function toUnits(text: string, { unit, decimals }: SandboxAccount): bigint | undefined {
  const [, whole, fraction = ''] = /^(\d{1,30})(?:\.(\d{1,10}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (unit === 'minor') return fraction === '' ? BigInt(whole) : undefined;
  if (fraction.length > decimals) return undefined;
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

/** area(2) trade type(1) merchant(5) yyMMddHHmm serial: how their samples can be read. */
function composeTradeNo(
  { money }: PayoutRequest,
  partnerId: string,
  nowMs: number,
  serial: number,
): string {
  const minute = new Date(nowMs).toISOString().replace(/\D/g, '').slice(2, 12);
  const merchant = partnerId.slice(-5);
  return `${areaOf(money.currency)}2${merchant}${minute}${String(serial).padStart(6, '0')}`;
}
