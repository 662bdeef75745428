// The payout calls of the PayCross sandbox: orders of both API families, status queries by uid and
// by tracking_id, and signed notifications. No idempotency, as documented: the same tracking_id
// again is another payout.
// https://docs.pay-cross.com/en/integration/card_api/transactions/payout,
// https://docs.pay-cross.com/en/integration/apm_api/transactions/payout and
// https://docs.pay-cross.com/en/dev_tools/webhooks (read 2026-11)
import { type KeyObject, sign } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { toJson } from '../../json.ts';
import type { SandboxAnswer, SandboxOrder, SandboxRequest, SandboxWebhook } from '../sandbox.ts';
import { json, type SandboxAccount } from './sandbox-balance.ts';
import { type BookedPayout, createPayoutBook, type PayoutRequest } from './sandbox-payout-book.ts';
import { checkApmPayout, checkCardPayout, type RuleBreak } from './sandbox-payout-rules.ts';

export interface SandboxPayoutsConfig {
  readonly clock: Clock;
  readonly accounts: readonly SandboxAccount[];
  readonly privateKey: KeyObject;
  /** `Basic …`, which notifications repeat. */
  readonly authorization: string;
}

export interface SandboxPayouts {
  readonly accounts: readonly SandboxAccount[];
  /** Undefined for what is no call about payouts. */
  answer(request: SandboxRequest, fault: string | undefined): SandboxAnswer | undefined;
  /** Lets the payouts go on whose time has come. */
  settle(): void;
  books(): readonly SandboxOrder[];
  takeWebhooks(): readonly SandboxWebhook[];
}

const cardListMax = 10;
const apmListMax = 100;
const createPaths: Readonly<Record<string, 'card' | 'apm'>> = {
  '/transactions/payouts': 'card',
  '/beyag/transactions/payouts': 'apm',
  // Of the vendor's Ruby SDK.
  '/beyag/transactions/payout': 'apm',
};
const listShape = /^(?:\/v2|\/beyag)\/transactions\/tracking_id\/([^/]+)$/;
const singleShape = /^(?:\/beyag)?\/transactions\/([^/]+)$/;

export function createSandboxPayouts(config: SandboxPayoutsConfig): SandboxPayouts {
  const { clock } = config;
  const queue: SandboxWebhook[] = [];
  const book = createPayoutBook(config.accounts, (payout, firstStatus) => {
    queue.push(...writeNotifications(payout, firstStatus, config));
  });

  function create(
    api: 'card' | 'apm',
    request: SandboxRequest,
    fault: string | undefined,
  ): SandboxAnswer {
    const version = request.headers['x-api-version'];
    if (version !== undefined && version !== '2') {
      return refuse(api, {
        message: 'X-API-Version is invalid.',
        errors: { 'X-API-Version': ['must be 2'] },
      });
    }
    const order = readOrder(api, request);
    if ('message' in order) return refuse(api, order);
    const isKnown = book.accounts.some(
      (one) => one.api === api && one.currency === order.fields.currency,
    );
    if (!isKnown && order.fields.test !== true) {
      const errors = { currency: ['is not supported'] };
      return refuse(api, { message: 'Currency is not supported.', errors });
    }
    const nowMs = clock.now();
    if (fault === 'processes_twice') book.take(order, fault, nowMs);
    const payout = book.take(order, fault, nowMs);
    return json(200, { transaction: toTransaction(payout) });
  }

  function list(api: 'card' | 'apm', trackingId: string): SandboxAnswer {
    const found = book
      .list(api)
      .filter(({ request }) => request.fields.tracking_id === trackingId)
      .filter((payout) => {
        payout.hiddenQueries -= 1;
        return payout.hiddenQueries < 0;
      })
      .slice(0, api === 'card' ? cardListMax : apmListMax);
    return json(200, { transactions: found.map(toTransaction) });
  }

  function find(api: 'card' | 'apm', uid: string): SandboxAnswer {
    const found = book.list(api).find((payout) => payout.uid === uid);
    if (found !== undefined) return json(200, { transaction: toTransaction(found) });
    const message = 'Record not found';
    return json(404, api === 'card' ? { response: { message } } : { message: 'Not found.' });
  }

  const settle = () => book.settle(clock.now());
  return {
    accounts: book.accounts,
    settle,
    answer(request, fault) {
      const { method, path } = request;
      const createApi = createPaths[path];
      if (method === 'POST') {
        return createApi === undefined ? undefined : create(createApi, request, fault);
      }
      if (method !== 'GET' || createApi !== undefined) return undefined;
      const api = path.startsWith('/beyag/') ? 'apm' : 'card';
      const trackingId = listShape.exec(path)?.[1];
      if (trackingId !== undefined) return list(api, decodeURIComponent(trackingId));
      const uid = singleShape.exec(path)?.[1];
      return uid === undefined ? undefined : find(api, decodeURIComponent(uid));
    },
    books() {
      settle();
      return book.books();
    },
    takeWebhooks() {
      settle();
      return queue.splice(0);
    },
  };
}

function readOrder(api: 'card' | 'apm', request: SandboxRequest): PayoutRequest | RuleBreak {
  if (api === 'card') {
    const fields = checkCardPayout(request);
    return 'message' in fields ? fields : { api, fields };
  }
  const fields = checkApmPayout(request);
  return 'message' in fields ? fields : { api, fields };
}

function refuse(api: 'card' | 'apm', { message, errors }: RuleBreak): SandboxAnswer {
  return json(422, api === 'card' ? { response: { message, errors } } : { message, errors });
}

/** One for each change of status; which changes PayCross reports is not documented. */
function writeNotifications(
  payout: BookedPayout,
  firstStatus: string,
  config: SandboxPayoutsConfig,
): SandboxWebhook[] {
  const { fault, request } = payout;
  const url = request.fields.notification_url;
  if (url === undefined) return [];
  const write = (status: string): SandboxWebhook => {
    const signed = toJson({ transaction: { ...toTransaction(payout), status } });
    const body = fault === 'webhook_altered' ? signed.replace('"amount":', '"amount":9') : signed;
    const signature = sign('RSA-SHA256', Buffer.from(signed), config.privateKey);
    return {
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: config.authorization,
        ...(fault === 'webhook_unsigned'
          ? {}
          : { 'content-signature': signature.toString('base64') }),
      },
      body,
    };
  };
  const last = write(payout.status);
  if (fault === 'webhook_twice') return [last, last];
  return fault === 'webhook_out_of_order' ? [last, write(firstStatus)] : [last];
}

function toTransaction(payout: BookedPayout) {
  const { request, status, message, code } = payout;
  const { amount, currency, description, tracking_id, language } = request.fields;
  const isPaid = status === 'successful';
  const section = {
    auth_code: isPaid ? '654321' : null,
    bank_code: isPaid ? '00' : null,
    rrn: isPaid ? '999' : null,
    ref_id: isPaid ? '777888' : null,
    message: isPaid ? 'Payout was approved' : message,
    gateway_id: payout.account?.gateway ?? 85,
    billing_descriptor: 'PURSER SANDBOX',
    status,
  };
  return {
    uid: payout.uid,
    type: 'payout',
    status,
    amount,
    currency,
    description,
    tracking_id: tracking_id ?? null,
    message,
    // That it stands here is inferred.
    ...(code === undefined ? {} : { code }),
    test: payout.isTest,
    payment_method_type: request.api === 'card' ? 'credit_card' : request.fields.method.type,
    language: language ?? 'en',
    created_at: toTime(payout.createdAtMs),
    updated_at: toTime(payout.updatedAtMs),
    paid_at: payout.paidAtMs === undefined ? null : toTime(payout.paidAtMs),
    expired_at: null,
    closed_at: null,
    settled_at: null,
    ...(request.api === 'card'
      ? {
          recipient_credit_card: toCard(request.fields.recipient_credit_card),
          payout: section,
          recipient_billing_address: request.fields.recipient_billing_address ?? {},
        }
      : { payout: section, method: { type: request.fields.method.type } }),
  };
}

/** A token says nothing of its card, so the sandbox makes one up. */
function toCard(card: Extract<PayoutRequest, { api: 'card' }>['fields']['recipient_credit_card']) {
  const number = card.number ?? '5555555555554444';
  const toNumber = (text: string | undefined) => (text === undefined ? null : Number(text));
  return {
    holder: card.holder ?? null,
    stamp: 'sandbox-stamp',
    brand: number.startsWith('5') ? 'master' : 'visa',
    last_4: number.slice(-4),
    first_1: number.slice(0, 1),
    bin: number.slice(0, 6),
    issuer_country: 'US',
    issuer_name: 'Sandbox Bank',
    exp_month: toNumber(card.exp_month),
    exp_year: toNumber(card.exp_year),
    token: card.token ?? 'sandbox-token',
  };
}

function toTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
