// The payout room of the sandbox: takes orders, tells how they stand and posts what PayerMax would.
// It knows no rates, so an order in another currency is exchanged one to one.
// https://docs.payermax.com/doc-center/disbursement/request/api-request.html (read 2026-11) and
// https://docs.payermax.com/en/202606-version/disbursement/notices.md
import type { SandboxOrder, SandboxWebhook } from '../sandbox.ts';
import {
  type AdmittedCall,
  type Merchant,
  type Outcome,
  type Refusal,
  refuse,
  refuseField,
} from './sandbox-gate.ts';
import { type SandboxLedger, writeDecimal } from './sandbox-ledger.ts';
import {
  createSandboxOrders,
  describeOrder,
  type Order,
  statusOf,
  writeTime,
} from './sandbox-orders.ts';
import { checkPayee, type FieldFailure, isOpened, readPayout } from './sandbox-payout-rules.ts';

export const payoutFaults: Readonly<Record<string, string>> = {
  processes_twice: 'takes an order whose number it has already',
  repeat_with_status: 'answers ORDER_REPEAT together with the status of the order',
  payout_fails: 'the order ends as FAILED',
  fails_after_success: 'the order is SUCCESS first and FAILED half a minute later',
  returned: 'the order is SUCCESS first and BOUNCEBACK half a minute later',
  stays_pending: 'the order stays PENDING',
  unknown_status: 'the order has a status that no document lists',
  not_found_once: 'the first query for the order answers ORDER_NOT_EXIST',
  webhook_twice: 'posts every notification of the order twice',
  webhook_altered: 'changes one digit of every notification of the order after signing it',
  webhook_unsigned: 'leaves the header `sign` out of every notification of the order',
  webhook_out_of_order: 'posts a notification that the order is PENDING after it has ended',
};

export interface SandboxPayouts {
  /** Undefined for calls that are not about payouts. */
  answer(call: AdmittedCall): Outcome | undefined;
  /** Brings every order to where it is now. */
  advance(nowMs: number): void;
  books(): SandboxOrder[];
  takeWebhooks(): SandboxWebhook[];
}

const versions = ['1.4', '1.5'];

export function createSandboxPayouts(
  ledger: SandboxLedger,
  merchant: Merchant,
  sign: (body: string) => string,
): SandboxPayouts {
  const orders = createSandboxOrders(ledger);
  const hidden = new Set<string>();
  let outbox: SandboxWebhook[] = [];

  function take({ data, nowMs, fault }: AdmittedCall): Outcome {
    const request = readPayout(data);
    if (!('outTradeNo' in request)) return refuseFirst(request);
    if (!isOpened(data)) return refuse('CONTRACT_INVALID');
    const known = orders.find(request.outTradeNo);
    if (known !== undefined && fault !== 'processes_twice') {
      const repeat = refuse('ORDER_REPEAT');
      return fault === 'repeat_with_status' ? { ...repeat, data: writeTaken(known) } : repeat;
    }
    if (fault === 'not_found_once') hidden.add(request.outTradeNo);
    return { msg: 'Success.', data: writeTaken(orders.take(request, nowMs, fault)) };
  }

  function query({ data }: AdmittedCall): Outcome {
    const { outTradeNo } = data;
    if (typeof outTradeNo !== 'string' || outTradeNo.length > 63) return refuseField('outTradeNo');
    const order = orders.find(outTradeNo);
    if (order === undefined || hidden.delete(outTradeNo)) return refuse('ORDER_NOT_EXIST');
    return { msg: 'Success.', data: JSON.stringify(describeOrder(order)) };
  }

  const rooms: ReadonlyMap<string, (call: AdmittedCall) => Outcome> = new Map([
    ['paymentOrderPay', take],
    ['paymentOrderQry', query],
    ['paymentFieldValidation', validate],
  ]);
  return {
    answer(call) {
      const room = rooms.get(call.api);
      if (room === undefined) return undefined;
      return versions.includes(call.version) ? room(call) : refuseField('version');
    },
    advance(nowMs) {
      for (const order of orders.advance(nowMs)) {
        outbox.push(...composeWebhooks(order, { merchant, sign, nowMs }));
      }
    },
    books: () => orders.list().map(toBookEntry),
    takeWebhooks() {
      const due = outbox;
      outbox = [];
      return due;
    },
  };
}

/** A documented sample has its own words for the account; others name their field. */
function refuseFirst([first]: readonly FieldFailure[]): Refusal {
  return {
    code: 'PARAMS_INVALID',
    msg:
      first?.field === 'payeeInfo.accountInfo.accountNo'
        ? 'The payment account info format is incorrect.'
        : (first?.errorMsg ?? 'The request is incorrect.'),
  };
}

function validate({ data }: AdmittedCall): Outcome {
  const validationFailedFields = checkPayee(data);
  if (validationFailedFields.length === 0 && !isOpened(data)) return refuse('CONTRACT_INVALID');
  const validationCode = validationFailedFields.length === 0 ? 'PASS' : 'PARAMS_INVALID';
  const lists = { validationPassedFields: [], ignoredFields: [], validationFailedFields };
  return { msg: 'Success.', data: JSON.stringify({ validationCode, ...lists }) };
}

function writeTaken(order: Order): string {
  const { tradeNo, request } = order;
  return JSON.stringify({ tradeNo, outTradeNo: request.outTradeNo, status: statusOf(order) });
}

function toBookEntry(order: Order): SandboxOrder {
  const { outTradeNo, amount, currency } = order.request;
  const status = statusOf(order);
  return { reference: outTradeNo, amount: writeDecimal(amount), currency, status };
}

/** What is posted when the order has come to its present status. */
function composeWebhooks(
  order: Order,
  scene: { merchant: Merchant; sign(body: string): string; nowMs: number },
): SandboxWebhook[] {
  const { fault, request } = order;
  if (request.notifyUrl === '') return [];
  const { appId, merchantNo } = scene.merchant;
  const compose = (told: Order): SandboxWebhook => {
    const body = JSON.stringify({
      ...{ code: 'APPLY_SUCCESS', msg: 'Success.', keyVersion: '1', appId, merchantNo },
      notifyTime: writeTime(scene.nowMs),
      notifyType: 'PAYOUT',
      data: describeOrder(told),
    });
    const type = { 'content-type': 'application/json' };
    return {
      url: request.notifyUrl,
      method: 'POST',
      headers: fault === 'webhook_unsigned' ? type : { ...type, sign: scene.sign(body) },
      body:
        fault === 'webhook_altered'
          ? body.replace(/\d/, (digit) => String(9 - Number(digit)))
          : body,
    };
  };
  const now = compose(order);
  if (fault === 'webhook_twice') return [now, now];
  return fault === 'webhook_out_of_order' ? [now, compose({ ...order, phases: 0 })] : [now];
}
