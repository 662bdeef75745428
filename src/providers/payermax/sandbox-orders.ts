// The orders of the sandbox: each comes to its end as time passes, and its money with it. No timer:
// whoever asks brings everything to where it is by now.
// https://docs.payermax.com/doc-center/appendix/disbursement/transaction-status.html (read 2026-11)
import { decideFate, type Fate, type Phase } from './sandbox-fates.ts';
import { type SandboxLedger, writeDecimal } from './sandbox-ledger.ts';
import type { PayoutRequest } from './sandbox-payout-rules.ts';

export interface Order {
  readonly request: PayoutRequest;
  readonly tradeNo: string;
  readonly takenAtMs: number;
  readonly isFunded: boolean;
  readonly fate: Fate;
  /** The one that was switched on when it was taken. */
  readonly fault: string | undefined;
  /** How much of its fate has come true. */
  readonly phases: number;
}

export interface SandboxOrders {
  take(request: PayoutRequest, nowMs: number, fault: string | undefined): Order;
  /** The first with this number. */
  find(outTradeNo: string): Order | undefined;
  /** Oldest first. */
  list(): readonly Order[];
  /** Gives the orders as they are after each step that has come true, in the order of time. */
  advance(nowMs: number): Order[];
}

export function createSandboxOrders(ledger: SandboxLedger): SandboxOrders {
  const orders: Order[] = [];
  return {
    take(request, nowMs, fault) {
      const isFunded = ledger.freeze(request.source, request.amount);
      const order: Order = {
        request,
        tradeNo: `${writeStamp(nowMs)}PO${String(orders.length + 1).padStart(16, '0')}`,
        takenAtMs: nowMs,
        isFunded,
        fate: decideFate(request, isFunded, fault),
        fault,
        phases: 0,
      };
      orders.push(order);
      return order;
    },
    find: (outTradeNo) => orders.find(({ request }) => request.outTradeNo === outTradeNo),
    list: () => orders,
    advance(nowMs) {
      const steps: Order[] = [];
      for (const [at, order] of orders.entries()) {
        let now = order;
        for (const next of order.fate.slice(order.phases)) {
          if (nowMs - order.takenAtMs < next.afterMs) break;
          moveMoney(ledger, now, next);
          now = { ...now, phases: now.phases + 1 };
          steps.push(now);
        }
        orders[at] = now;
      }
      return steps;
    },
  };
}

function moveMoney(ledger: SandboxLedger, order: Order, next: Phase): void {
  const { source, amount } = order.request;
  if (!order.isFunded || next.status === 'ON_HOLD') return;
  if (next.status === 'SUCCESS') ledger.spend(source, amount);
  else if (statusOf(order) === 'SUCCESS') ledger.refund(source, amount);
  else ledger.release(source, amount);
}

export function statusOf({ fate, phases }: Order): string {
  return fate[phases - 1]?.status ?? 'PENDING';
}

/** The fields of the order query, which a notification repeats. What is not set is empty. */
export function describeOrder(order: Order) {
  const { request, takenAtMs, isFunded } = order;
  const reached = order.fate.slice(0, order.phases);
  const last = reached.at(-1);
  const timeOf = (status: Phase['status']) => {
    const phase = reached.find((one) => one.status === status);
    return phase === undefined ? '' : writeTime(takenAtMs + phase.afterMs);
  };
  const amount = writeDecimal({
    // Two decimals whatever the currency, as in the printed answers: 30.00 IDR.
    units: request.amount.units * 10n ** BigInt(2 - request.amount.decimals),
    decimals: 2,
  });
  const leg = (currency: string) => ({
    ...{ amount, currency, exchangeRate: '1.0000000000' },
    ...{ fee: '0.00', feeCurrency: currency, tax: '0.00', taxCurrency: currency },
  });
  return {
    outTradeNo: request.outTradeNo,
    tradeNo: order.tradeNo,
    status: statusOf(order),
    trade: { amount, currency: request.currency },
    source: leg(request.source),
    destination: leg(request.currency),
    transactionUtcTime: writeTime(takenAtMs),
    fundsFreezeTime: isFunded ? writeTime(takenAtMs) : '',
    fundsReturnTime: isFunded ? timeOf('FAILED') : '',
    payFinishTime: timeOf('SUCCESS'),
    bounceBackTime: timeOf('BOUNCEBACK'),
    ...{ expiryTime: '', redeemCode: '', reference: request.reference },
    ...{ notifyEmail: request.notifyEmail, notifyPhone: request.notifyPhone },
    responseCode: last?.responseCode ?? '',
    responseMsg: last?.responseMsg ?? '',
  };
}

/** `2022-12-02T11:35:17 +0000`: what the samples have, whatever the text beside them says. */
export function writeTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)} +0000`;
}

/** `20261120120000` */
function writeStamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/\D/g, '');
}
