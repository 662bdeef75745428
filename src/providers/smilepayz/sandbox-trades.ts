// What the sandbox says about a payout: the answers of pay-out and inquiry-status, its callbacks,
// and the faults of all three. The answer of inquiry-status is published and names no orderNo; the
// answer of pay-out is inferred from its field table. Only tradeNo and time of a callback are signed.
// https://docs.smilepayz.com/en/guide/feature/callback.html (sheet compiled 2026-11)
import { createSign, type KeyObject } from 'node:crypto';
import { jsonNumber, toJson } from '../../json.ts';
import type { SandboxWebhook } from '../sandbox.ts';
import { statusOf, type TakenPayout } from './sandbox-orders.ts';

export const payoutFaults = {
  processes_twice: 'takes an orderNo that it has already',
  refused_but_taken: 'takes the payout and answers a code that nobody knows',
  quoted_account: 'takes the payout and answers an unknown code that quotes the payee’s account',
  status_missing: 'answers pay-out without a status',
  success_at_once: 'answers pay-out with SUCCESS',
  other_order: 'answers pay-out about another orderNo',
  other_money: 'answers about another amount',
  other_trade: 'answers inquiry-status about another tradeNo',
  payout_fails: 'ends the payout as FAILED',
  payout_expires: 'ends the payout as EXPIRED',
  stays_pending: 'leaves the payout at PROCESSING',
  fails_after_success: 'ends the payout as SUCCESS and makes it FAILED later',
  unknown_status: 'ends the payout with a status that no document knows',
  not_found_once: 'does not know the payout when first asked (invented code)',
  webhook_twice: 'sends the callback twice',
  webhook_altered: 'sends a callback about another tradeNo than the signed one',
  webhook_body_altered: 'sends another status and amount under a valid signature',
  webhook_unsigned: 'sends the callback without X-SIGNATURE',
  webhook_out_of_order: 'sends a callback of PROCESSING after the final one',
} as const;

/** The answer of pay-out. */
export function writeTaken(
  payout: TakenPayout,
  fault: string | undefined,
  serverTime: string,
): string {
  const { request, tradeNo } = payout;
  if (fault === 'refused_but_taken') return toJson({ code: '7E', message: 'try later' });
  if (fault === 'quoted_account') {
    return toJson({ code: '7E', message: `cashAccount ${request.cashAccount} is busy` });
  }
  return toJson({
    code: '00',
    message: 'Successful',
    orderNo: fault === 'other_order' ? `${request.orderNo.slice(1)}X` : request.orderNo,
    tradeNo,
    ...(fault === 'status_missing'
      ? {}
      : { status: fault === 'success_at_once' ? 'SUCCESS' : 'PROCESSING' }),
    merchant: request.merchant,
    money: writeMoney(payout, fault),
    channel: { paymentMethod: request.paymentMethod },
    disbursementTime: serverTime,
  });
}

/** The answer of inquiry-status. */
export function writeStatus(payout: TakenPayout, fault: string | undefined, nowMs: number): string {
  const status = statusOf(payout, nowMs);
  return toJson({
    code: '00',
    message: 'Successful',
    money: writeMoney(payout, fault),
    paymentMethod: payout.request.paymentMethod,
    ...(status === 'FAILED' && {
      remark: `account ${payout.request.cashAccount} was closed by its bank`,
    }),
    status,
    tradeNo: fault === 'other_trade' ? `9${payout.tradeNo.slice(1)}` : payout.tradeNo,
    tradeType: 2,
  });
}

function writeMoney({ request }: TakenPayout, fault: string | undefined) {
  const { currency, amount } = request.money;
  return {
    amount: jsonNumber(fault === 'other_money' ? `1${amount}` : amount),
    currency: fault === 'other_currency' ? 'USD' : currency,
  };
}

export interface CallbackWriter {
  /** What is due now: one for each status that has not been told, in the order of the payouts. */
  take(payouts: readonly TakenPayout[], nowMs: number, localTime: string): SandboxWebhook[];
}

export function createCallbackWriter(platformKey: KeyObject): CallbackWriter {
  const told = new Map<string, string>();

  function write(payout: TakenPayout, status: string, localTime: string): SandboxWebhook {
    const { request, tradeNo, fault } = payout;
    const isAltered = fault === 'webhook_body_altered';
    const body = toJson({
      merchantId: request.merchant.merchantId,
      merchantName: 'demo merchant',
      money: writeMoney(payout, isAltered ? 'other_money' : undefined),
      orderNo: request.orderNo,
      status: isAltered ? 'FAILED' : status,
      tradeNo: fault === 'webhook_altered' ? `9${tradeNo.slice(1)}` : tradeNo,
      transactionTime: localTime.slice(0, 19),
      paymentMethod: request.paymentMethod,
    });
    const signature = createSign('RSA-SHA256')
      .update(`${tradeNo}|${localTime}`, 'utf8')
      .sign(platformKey, 'base64');
    return {
      url: request.callbackUrl ?? '',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-timestamp': localTime,
        ...(fault === 'webhook_unsigned' ? {} : { 'x-signature': signature }),
      },
      body,
    };
  }

  return {
    take: (payouts, nowMs, localTime) =>
      payouts.flatMap((payout) => {
        const status = statusOf(payout, nowMs);
        const isNews = status !== 'PROCESSING' && told.get(payout.tradeNo) !== status;
        if (payout.request.callbackUrl === undefined || !isNews) return [];
        told.set(payout.tradeNo, status);
        const statuses =
          payout.fault === 'webhook_twice'
            ? [status, status]
            : payout.fault === 'webhook_out_of_order'
              ? [status, 'PROCESSING']
              : [status];
        return statuses.map((one) => write(payout, one, localTime));
      }),
  };
}
