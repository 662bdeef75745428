// SmilePayz callbacks: signed over tradeNo and time only, so that a genuine one says which payout
// to ask about and nothing else. The sandbox signs with its own half of the key.
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { PayoutOrder, WebhookRequest } from '../../src/providers/payouts.ts';
import type { SandboxWebhook } from '../../src/providers/sandbox.ts';
import published from './fixtures/smilepayz/callback-body.json' with { type: 'json' };
import vector from './fixtures/smilepayz/callback-signature.json' with { type: 'json' };
import {
  createPath,
  expectNothingTold,
  failureOf,
  keyOf,
  keys,
  orderOf,
  type PayoutScene,
  startPayouts,
} from './smilepayz-scene.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const callbackUrl = 'https://purser.example.com/webhooks/smilepayz';
const order: PayoutOrder = orderOf('10.50', { callbackUrl });

async function start(scene: PayoutScene = {}) {
  const started = await startPayouts(scene);
  closers.push(started.close);
  const { webhook } = started.payouts;
  if (webhook === undefined) throw new TypeError('the scene has no webhook');
  return { ...started, webhook };
}

function toRequest({ method, headers, body }: SandboxWebhook): WebhookRequest {
  return { method, headers, body: Buffer.from(body), query: new URLSearchParams() };
}

/** What the sandbox sends about one payout that has ended. */
async function callBack(fault?: string) {
  const scene = await start();
  if (fault !== undefined) scene.running.switchFault({ name: fault });
  await scene.payouts.create(order);
  scene.clock.advance(4_000);
  const sent = scene.running.takeWebhooks();
  const verify = (change: Partial<WebhookRequest> = {}, at = 0) => {
    const one = sent[at];
    if (one === undefined) throw new TypeError('nothing was sent');
    return scene.webhook.verify({ ...toRequest(one), ...change });
  };
  const refusalOf = (change?: Partial<WebhookRequest>) =>
    failureOf(Promise.resolve().then(() => verify(change)));
  return { ...scene, sent, verify, refusalOf };
}

test('a callback comes once, when the payout has ended, to the address in the order', async () => {
  const { payouts, running, clock, webhook, calls } = await start();
  await payouts.create(order);
  clock.advance(3_999);
  expect(running.takeWebhooks()).toEqual([]);
  clock.advance(1);
  const [sent, ...more] = running.takeWebhooks();
  if (sent === undefined) throw new TypeError('nothing was sent');
  expect([sent.url, sent.method, more, running.takeWebhooks()]).toEqual([
    callbackUrl,
    'POST',
    [],
    [],
  ]);
  expect(webhook.verify(toRequest(sent))).toEqual({
    reference: order.reference,
    providerStatus: 'SUCCESS',
  });
  // Their fields are those of the published body, and the payout’s method.
  const names = Object.keys(JSON.parse(sent.body));
  expect(names).toEqual([...Object.keys(JSON.parse(published.body)), 'paymentMethod']);
  expect(calls(createPath)).toHaveLength(1);
});

test('is acknowledged with the plain text SUCCESS and nothing else', async () => {
  const { webhook } = await start();
  expect(webhook.acknowledgement).toEqual({ contentType: 'text/plain', body: 'SUCCESS' });
});

test('a payout without an address is followed by asking only', async () => {
  const { payouts, running, clock } = await start();
  await payouts.create(orderOf('10.50'));
  clock.advance(60_000);
  expect(running.takeWebhooks()).toEqual([]);
});

test('the published signature is verified with the key that was published with it', async () => {
  const key = createPublicKey({
    key: Buffer.from(vector.publicKeySpki, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const pem = key.export({ format: 'pem', type: 'spki' }).toString();
  const { webhook, clock } = await start({ environment: { SMILEPAYZ_PLATFORM_PUBLIC_KEY: pem } });
  clock.advance(Date.parse(vector.timestamp) - clock.now());
  const body = published.body.replace('10120019240703085983730', vector.tradeNo);
  const headers = { 'x-timestamp': vector.timestamp, 'x-signature': vector.signature };
  const request = { method: 'POST', query: new URLSearchParams(), headers };
  expect(webhook.verify({ ...request, body: Buffer.from(body) })).toEqual({
    reference: '2000102900000000000001',
    providerStatus: 'SUCCESS',
  });
  expect(() => webhook.verify({ ...request, body: Buffer.from(published.body) })).toThrow(
    'X-SIGNATURE does not fit its tradeNo and X-TIMESTAMP',
  );
});

test.each([
  ['webhook_altered', /does not fit its tradeNo/],
  ['webhook_unsigned', /has no X-SIGNATURE/],
])('%s: is refused', async (fault, message) => {
  const scene = await callBack(fault);
  const refusal = await scene.refusalOf();
  expect([refusal.code, refusal.provider]).toEqual(['auth_failed', 'smilepayz']);
  expect(refusal.message).toMatch(message);
  expectNothingTold(scene, refusal);
});

test('every changed byte of trade number, time and signature is refused', async () => {
  const { sent, verify } = await callBack();
  const { headers = {}, body = '' } = sent[0] ?? {};
  const tradeNo: string = JSON.parse(body).tradeNo;
  const start = body.indexOf(tradeNo);
  for (let at = start; at < start + tradeNo.length; at += 1) {
    const digit = body[at] === '1' ? '2' : '1';
    const changed = Buffer.from(`${body.slice(0, at)}${digit}${body.slice(at + 1)}`);
    expect(() => verify({ body: changed })).toThrow('does not fit');
  }
  const time = headers['x-timestamp'] ?? '';
  const signature = headers['x-signature'] ?? '';
  const later = { 'x-timestamp': time.replace('07:00:04', '07:00:05') };
  const other = { 'x-signature': `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}` };
  for (const change of [later, other, { 'x-signature': 'AAAA' }, { 'x-timestamp': undefined }]) {
    expect(() => verify({ headers: { ...headers, ...change } })).toThrow('does not fit');
  }
});

test('the key of anybody else is refused', async () => {
  const { sent, verify } = await callBack();
  const { headers = {}, body = '' } = sent[0] ?? {};
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = `${JSON.parse(body).tradeNo}|${headers['x-timestamp']}`;
  const sealWith = (key: typeof privateKey) => ({
    headers: {
      ...headers,
      'x-signature': sign('sha256', Buffer.from(text), key).toString('base64'),
    },
  });
  expect(() => verify(sealWith(privateKey))).toThrow('does not fit');
  expect(verify(sealWith(keys.platform.privateKey)).reference).toBe(order.reference);
});

test('a genuine signature on another body is a hint only, and asking tells the truth', async () => {
  const { verify, getStatus, sent } = await callBack('webhook_body_altered');
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ status: 'FAILED' });
  expect(verify()).toEqual({ reference: order.reference, providerStatus: 'FAILED' });
  expect((await getStatus(keyOf(order))).state).toBe('paid');
});

test('a signature that is used again later is refused', async () => {
  const { verify, clock, refusalOf } = await callBack();
  clock.advance(10 * 60_000);
  expect(verify().reference).toBe(order.reference);
  clock.advance(1);
  expect((await refusalOf()).message).toContain('as in a replay');
});

test('twice, and out of order: each is verified, neither says how the payout stands', async () => {
  const twice = await callBack('webhook_twice');
  expect([twice.verify(), twice.verify({}, 1), twice.sent.length]).toEqual([
    { reference: order.reference, providerStatus: 'SUCCESS' },
    { reference: order.reference, providerStatus: 'SUCCESS' },
    2,
  ]);
  const late = await callBack('webhook_out_of_order');
  expect([late.verify().providerStatus, late.verify({}, 1).providerStatus]).toEqual([
    'SUCCESS',
    'PROCESSING',
  ]);
});

test.each([
  ['a GET', { method: 'GET' }],
  ['an empty body', { body: Buffer.alloc(0) }],
  ['a body that is not JSON', { body: Buffer.from('{"tradeNo":') }],
  ['a body without numbers', { body: Buffer.from('{"status":"SUCCESS"}') }],
  [
    'an order number that is none of ours',
    { body: Buffer.from('{"tradeNo":"1","orderNo":"a-b"}') },
  ],
])('%s is refused', async (_what, change) => {
  const { refusalOf } = await callBack();
  expect((await refusalOf(change)).code).toBe('auth_failed');
});

test('without the key of the platform nobody is asked to call, and nothing verified', async () => {
  const environment = { SMILEPAYZ_PLATFORM_PUBLIC_KEY: undefined };
  const { payouts, calls, close } = await startPayouts({ environment });
  closers.push(close);
  await payouts.create(order);
  expect(payouts.webhook).toBeUndefined();
  expect(calls(createPath).map(({ body }) => body.includes('callbackUrl'))).toEqual([false]);
});
