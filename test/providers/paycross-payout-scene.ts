// What the tests of PayCross's payouts share: a client and a sandbox in one time, orders, and a server
// that repeats one answer.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { examplePayee, paycross } from '../../src/providers/paycross/index.ts';
import {
  createPaycrossSandbox,
  type PaycrossSandboxOptions,
} from '../../src/providers/paycross/sandbox.ts';
import type { PayoutCalls, PayoutKey, PayoutOrder } from '../../src/providers/payouts.ts';
import type { Sandbox, SandboxWebhook } from '../../src/providers/sandbox.ts';
import type { ProviderDeps } from '../../src/providers/types.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';
import { type ClientChanges, createReplay, startClient } from './start-client.ts';

export const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

export interface PayoutSample {
  readonly request: { readonly request: Record<string, unknown> };
  readonly answer: { readonly transaction: Record<string, unknown> };
}
export function readSample(name: string): PayoutSample {
  const url = new URL(`fixtures/paycross/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

export interface SceneChanges extends ClientChanges {
  readonly sandbox?: Sandbox;
  readonly accounts?: PaycrossSandboxOptions['accounts'];
}

/** Client and sandbox live in the same time. */
export async function startPayouts(changes: SceneChanges = {}) {
  const clock = createFakeClock();
  const options = changes.accounts === undefined ? {} : { accounts: changes.accounts };
  const sandbox = changes.sandbox ?? createPaycrossSandbox({ clock }, { keys, ...options });
  const started = await startClient(paycross, sandbox, { ...changes, clock });
  onTestFinished(started.close);
  const { payouts } = started.provider;
  if (payouts === undefined) throw new Error('expected a provider that pays');
  const available = async (account: string) => {
    const { lines } = await started.provider.getBalances();
    return lines.find((line) => line.account === account)?.amounts.available?.units;
  };
  return { ...started, clock, payouts: withStatus(payouts), available };
}

function withStatus(payouts: PayoutCalls) {
  const { getStatus } = payouts;
  if (getStatus === undefined) throw new Error('expected a status query');
  return { ...payouts, getStatus };
}

/** For a client without a sandbox. */
export function createDeps(): ProviderDeps {
  return {
    clock: createFakeClock(),
    log: createRecordingLog(),
    newNonce: newTestNonce,
    scrub: (text) => text,
  };
}

export const token = examplePayee.fields['card_token'] ?? '';
export const iban = 'DE89370400440532013000';

export function cardOrder(changes: Partial<PayoutOrder> = {}): PayoutOrder {
  return {
    reference: 'PTEST00000000001',
    amount: { units: 12_550n, decimals: 2, currency: 'USD' },
    route: examplePayee.route,
    payeeName: examplePayee.name,
    fields: examplePayee.fields,
    note: 'Invoice 4711',
    requestedOn: '2026-11-20',
    ...changes,
  };
}

export function apmOrder(changes: Partial<PayoutOrder> = {}): PayoutOrder {
  return cardOrder({
    route: 'apm-sepa',
    amount: { units: 12_550n, decimals: 2, currency: 'EUR' },
    fields: { first_name: 'Jonas', last_name: 'Weber', account_number: iban },
    ...changes,
  });
}

export const families = [
  { api: 'card', order: cardOrder },
  { api: 'apm', order: apmOrder },
] as const;

export function keyOf({ reference, route, amount }: PayoutOrder): PayoutKey {
  return { reference, route, amount };
}

const connection = {
  id: 'paycross',
  connect: (origin: string) => ({
    environment: {
      PAYCROSS_SHOP_ID: '42',
      PAYCROSS_SECRET_KEY: 'synthetic-key',
      PAYCROSS_BASE_URL: origin,
      PAYCROSS_APM_BASE_URL: `${origin}/beyag`,
    },
    settings: createPaycrossSandbox({ clock: createFakeClock() }, { keys }).connect('').settings,
  }),
};

/** The payout calls at a server that gives one answer. */
export async function replayPayouts(body: unknown, status = 200, settings?: object) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { sandbox, asked } = createReplay(connection, text, status);
  const started = await startPayouts({
    sandbox,
    ...(settings === undefined ? {} : { settings }),
  });
  return { ...started, asked };
}

/** A transaction as PayCross answers to `cardOrder` or `apmOrder`. */
export function transactionOf(order: PayoutOrder, changes: object = {}) {
  return {
    uid: '1-310b0da80b',
    type: 'payout',
    status: 'successful',
    amount: Number(order.amount.units),
    currency: order.amount.currency,
    tracking_id: order.reference,
    message: 'Successfully processed',
    test: false,
    ...changes,
  };
}

export function toRequest(webhook: SandboxWebhook) {
  return {
    method: webhook.method,
    query: new URL(webhook.url).searchParams,
    headers: webhook.headers,
    body: Buffer.from(webhook.body),
  };
}
