// SmilePayz orders at their edges: amounts in both units, what is refused before anything leaves,
// and the sandbox against the documented samples.
import { afterEach, expect, test } from 'vitest';
import { toJson } from '../../src/json.ts';
import { parseDecimal } from '../../src/money.ts';
import type { PayoutOrder } from '../../src/providers/payouts.ts';
import { createSmilepayzSandbox } from '../../src/providers/smilepayz/sandbox.ts';
import { signText } from '../../src/providers/smilepayz/sign.ts';
import { createFakeClock } from '../support.ts';
import samples from './fixtures/smilepayz/payout-requests.json' with { type: 'json' };
import published from './fixtures/smilepayz/status.json' with { type: 'json' };
import {
  createPath,
  expectNothingTold,
  failureOf,
  keys,
  orderOf,
  type PayoutScene,
  potOf,
  startPayouts,
  statusPath,
} from './smilepayz-scene.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(scene: PayoutScene = {}) {
  const started = await startPayouts(scene);
  closers.push(started.close);
  return started;
}

function orderIn(currency: string, text: string): PayoutOrder {
  const amount = parseDecimal(text, currency);
  if (currency === 'PEN') return orderOf(text);
  return orderOf(text, { amount, route: 'id-bank', fields: { bank: 'BRI', account: '78120' } });
}

const amounts: [unit: 'minor' | 'major', currency: string, amount: string, sent: string][] = [
  ['minor', 'PEN', '0.01', '1'],
  ['minor', 'PEN', '10.50', '1050'],
  ['minor', 'PEN', '99999999999999999.99', '9999999999999999999'],
  ['major', 'PEN', '10.50', '10.50'],
  ['major', 'PEN', '0.01', '0.01'],
  ['major', 'PEN', '99999999999999999.99', '99999999999999999.99'],
  ['minor', 'IDR', '10000', '10000'],
  ['major', 'IDR', '999999999', '999999999'],
];

test.each(amounts)('%s %s: %s goes out as %s', async (unit, currency, amount, sent) => {
  const huge = { unit, total: 10n ** 21n, available: 10n ** 21n };
  const { payouts, calls, running } = await start({ accounts: [potOf(currency, huge)] });
  const news = await payouts.create(orderIn(currency, amount));
  expect(calls(createPath)[0]?.body).toContain(
    `"money":{"currency":"${currency}","amount":${sent}}`,
  );
  expect(running.books().map((order) => order.amount)).toEqual([amount]);
  expect(news.amount?.units).toBe(parseDecimal(amount, currency).units);
});

test.each([
  ['PEN', '10.505', /has other decimals here/],
  ['PEN', '10.5', /has other decimals here/],
  ['PEN', '0.00', /more than zero/],
  ['PEN', '-1.00', /more than zero/],
  ['IDR', '9999', /takes 10,000 IDR to 999,999,999 IDR a payout/],
  ['IDR', '1000000000', /takes 10,000 IDR to 999,999,999 IDR a payout/],
  ['IDR', '10000.00', /has other decimals here/],
])('%s %s is refused before anything is sent', async (currency, amount, message) => {
  const { payouts, calls } = await start();
  const failure = await failureOf(payouts.create(orderIn(currency, amount)));
  expect([failure.code, calls(createPath)]).toEqual(['rejected', []]);
  expect(failure.message).toMatch(message);
});

test.each<[string, Partial<PayoutOrder>, RegExp]>([
  ['an unknown route', { route: 'xx-bank' }, /no route xx-bank/],
  ['another currency', { amount: parseDecimal('1.00', 'BRL') }, /cannot be paid in BRL/],
  ['a short reference', { reference: 'A1234' }, /6 to 32 letters and digits/],
  ['a reference with a hyphen', { reference: 'PURSER-00001' }, /6 to 32 letters and digits/],
  ['an empty note', { note: '' }, /1 to 64 characters/],
  ['a long note', { note: 'n'.repeat(65) }, /1 to 64 characters/],
  ['a callback without https', { callbackUrl: 'http://example.com/cb' }, /must be https/],
  ['a long callback URL', { callbackUrl: `https://${'x'.repeat(249)}` }, /256 characters at most/],
])('%s is refused before anything is sent', async (_what, change, message) => {
  const scene = await start();
  const failure = await failureOf(scene.payouts.create(orderOf('10.50', change)));
  expect([failure.code, scene.calls(createPath)]).toEqual(['rejected', []]);
  expect(failure.message).toMatch(message);
  expect(failure.remedy).toMatch(/team\.yaml/);
  expectNothingTold(scene, failure);
});

/** As a client with other code than ours would ask: the body is signed as it stands. */
function askSandbox(path: string, body: string) {
  const accounts = [potOf('PEN'), potOf('THB'), potOf('IDR')];
  const clock = createFakeClock();
  const sandbox = createSmilepayzSandbox({ clock, keys, accounts, partnerId: '20001' });
  const secret = sandbox.connect('http://127.0.0.1:1').environment['SMILEPAYZ_MERCHANT_SECRET'];
  const timestamp = '2026-11-20T12:00:00Z';
  const headers = {
    'content-type': 'application/json',
    'x-timestamp': timestamp,
    'x-partner-id': '20001',
    'x-signature': signText(`${timestamp}|${secret}|${body}`, keys.merchant.privateKey),
  };
  const query = new URLSearchParams();
  const request = { method: 'POST', path, query, headers, body: Buffer.from(body) };
  return { answer: JSON.parse(sandbox.answer(request, undefined).body.toString()), sandbox };
}

test.each(['thailand', 'indonesia', 'peru'] as const)(
  'the sandbox takes the documented sample of %s unchanged',
  (country) => {
    const { answer, sandbox } = askSandbox(createPath, samples[country]);
    expect(answer).toMatchObject({ code: '00', status: 'PROCESSING' });
    expect(sandbox.books?.().map(({ reference }) => reference)).toEqual(['2000102900000000000001']);
  },
);

test('the client writes the sample of Peru byte by byte', async () => {
  const { payouts, calls } = await start({ partnerId: '20001', accounts: [potOf('PEN')] });
  const reference = '2000102900000000000001';
  await payouts.create(orderOf('10.50', { reference, callbackUrl: 'https://example.com/cb' }));
  expect(calls(createPath)[0]?.body).toBe(samples.peru);
});

const sample = JSON.parse(samples.peru);

test.each<[string, object, string]>([
  ['another merchant', { merchant: { merchantId: '20002' } }, 'SBX_FIELD'],
  ['an amount as text', { money: { currency: 'PEN', amount: '1050' } }, 'SBX_FIELD'],
  ['half a minor unit', { money: { currency: 'PEN', amount: 10.5 } }, 'SBX_FIELD'],
  ['an amount of zero', { money: { currency: 'PEN', amount: 0 } }, 'SBX_FIELD'],
  ['more than there is', { money: { currency: 'PEN', amount: 1e12 + 1 } }, 'SBX_FUNDS'],
  ['a currency without a region', { money: { currency: 'USDT', amount: 1 } }, 'SBX_FIELD'],
  ['a reference with a hyphen', { orderNo: '20001-029' }, 'SBX_FIELD'],
  ['the words of the older generation', { cashAccountType: 'AHORROS' }, 'SBX_FIELD'],
  ['no cci', { cci: undefined }, 'SBX_FIELD'],
  ['no purpose', { purpose: '' }, 'SBX_FIELD'],
  ['the area of another country', { area: 16 }, 'SBX_FIELD'],
  ['its own area', { area: 15 }, '00'],
  ['a callback without https', { callbackUrl: 'http://example.com' }, 'SBX_FIELD'],
])('the sandbox answers a sample with %s as it should', (_what, change, code) => {
  expect(askSandbox(createPath, toJson({ ...sample, ...change })).answer.code).toBe(code);
});

test('the sandbox understands the documented inquiry, and asks for a number at least', () => {
  expect(askSandbox(statusPath, published.request).answer.code).toBe('SBX_ORDER');
  expect(askSandbox(statusPath, '{"tradeType":2}').answer.code).toBe('SBX_FIELD');
  expect(askSandbox(statusPath, '{"orderNo":"2000102900000000000001"}').answer.code).toBe(
    'SBX_FIELD',
  );
});
