import { afterEach, expect, test } from 'vitest';
import { formatMoney } from '../../src/money.ts';
import type { PayoutNews } from '../../src/providers/payouts.ts';
import { smilepayz } from '../../src/providers/smilepayz/index.ts';
import payoutAnswer from './fixtures/smilepayz/payout-answer.synthetic.json' with { type: 'json' };
import published from './fixtures/smilepayz/status.json' with { type: 'json' };
import {
  createPath,
  expectNothingTold,
  failureOf,
  keyOf,
  luz,
  orderOf,
  type PayoutScene,
  potOf,
  replayPayouts,
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

async function startReplay(body: string) {
  const started = await replayPayouts(body);
  closers.push(started.close);
  return started;
}

function told({ amount, ...news }: PayoutNews) {
  return { ...news, ...(amount === undefined ? {} : { amount: formatMoney(amount) }) };
}

const order = orderOf('10.50');

test('a payout is submitted, then paid, and says whose it is and how much', async () => {
  const { payouts, getStatus, clock, calls, running } = await start();
  const taken = await payouts.create(order);
  expect(told(taken)).toEqual({
    state: 'submitted',
    providerStatus: 'PROCESSING',
    providerReference: '152200302611201200000001',
    reference: order.reference,
    amount: '10.50 PEN',
  });
  const wait = async (ms: number) => {
    clock.advance(ms);
    const { state, providerStatus } = await getStatus(keyOf(order));
    return `${state} ${providerStatus}`;
  };
  expect(await wait(3_999)).toBe('submitted PROCESSING');
  expect(await wait(1)).toBe('paid SUCCESS');
  expect(calls(createPath)).toHaveLength(1);
  expect(calls(statusPath)[0]?.body).toBe('{"tradeType":2,"orderNo":"PURSER0000000001"}');
  expect(running.books()).toEqual([
    { reference: order.reference, amount: '10.50', currency: 'PEN', status: 'SUCCESS' },
  ]);
});

test('the answer of the field table is read', async () => {
  const { payouts, asked } = await startReplay(payoutAnswer.body);
  const reference = '2000102900000000000001';
  expect(told(await payouts.create({ ...order, reference }))).toEqual({
    state: 'submitted',
    providerStatus: 'PROCESSING',
    providerReference: '152200012606111311517153',
    reference,
    amount: '10.50 PEN',
  });
  expect(asked).toHaveLength(1);
});

test('the published status is read, in the unit of the account', async () => {
  const { getStatus } = await startReplay(published.answer);
  const amount = { units: 80000n, decimals: 2, currency: 'INR' };
  const key = { reference: 'PURSER0000000001', route: 'in-bank', amount };
  const news = await getStatus({ ...key, providerReference: '122200312406111311517153' });
  expect(told(news)).toEqual({
    state: 'paid',
    providerStatus: 'SUCCESS',
    providerReference: '122200312406111311517153',
    amount: '800 INR',
  });
});

test('draws on the account that the balances show, and gives back what fails', async () => {
  const { provider, payouts, clock, running } = await start({
    accounts: [potOf('PEN', { total: 5000n, available: 4000n })],
  });
  const account = payouts.accountFor('pe-bank', 'PEN');
  const read = async () => {
    const { lines } = await provider.getBalances();
    const line = lines.find((one) => one.account === account && one.currency === 'PEN');
    return [line?.amounts.total, line?.amounts.available].map((money) => money?.units);
  };
  await payouts.create(order);
  running.switchFault({ name: 'payout_fails', times: 1 });
  await payouts.create({ ...order, reference: 'PURSER0000000002' });
  expect(await read()).toEqual([5000n, 1900n]);
  clock.advance(5_000);
  expect(await read()).toEqual([3950n, 2950n]);
  running.switchFault({ name: 'stays_pending', times: 1 });
  await payouts.create({ ...order, reference: 'PURSER0000000003' });
  clock.advance(86_400_000);
  expect(await read()).toEqual([3950n, 1900n]);
  expect(running.books().map(({ status }) => status)).toEqual(['SUCCESS', 'FAILED', 'PROCESSING']);
});

test('accountFor names a line of getBalances for every route and currency', async () => {
  const { provider, payouts } = await start();
  const { lines } = await provider.getBalances();
  expect(payouts.routes.map(({ id }) => id)).toEqual(['pe-bank', 'id-bank', 'br-pix']);
  for (const { id, currencies } of payouts.routes) {
    const account = payouts.accountFor(id, String(currencies[0]));
    const own = lines.filter((line) => line.account === account && line.currency === currencies[0]);
    expect(own.map(({ amounts }) => amounts.available !== undefined)).toEqual([true]);
  }
});

const ends: [fault: string, afterMs: number, state: string, providerStatus: string][] = [
  ['payout_fails', 4_000, 'failed', 'FAILED'],
  ['payout_expires', 4_000, 'failed', 'EXPIRED'],
  ['stays_pending', 86_400_000, 'submitted', 'PROCESSING'],
  ['unknown_status', 4_000, 'unresolved', 'REVIEWING'],
  ['fails_after_success', 4_000, 'paid', 'SUCCESS'],
  ['fails_after_success', 8_000, 'failed', 'FAILED'],
];

test.each(ends)(
  '%s: after %i ms it is %s, in their word %s',
  async (fault, afterMs, ...expected) => {
    const { payouts, getStatus, running, clock } = await start();
    running.switchFault({ name: fault });
    expect((await payouts.create(order)).state).toBe('submitted');
    clock.advance(afterMs);
    const { state, providerStatus } = await getStatus(keyOf(order));
    expect([state, providerStatus]).toEqual(expected);
  },
);

test.each(['INIT', 'FAIL', 'FAILURE', 'success', 'SUCCESS ', 'REFUNDED', '', null])(
  'the status “%s” of a payout is unresolved',
  async (status) => {
    const { getStatus } = await startReplay(JSON.stringify({ code: '00', message: 'ok', status }));
    const news = await getStatus(keyOf(order));
    expect(news).toEqual({ state: 'unresolved', providerStatus: (status ?? '').trim() || '00' });
  },
);

test('the reason of a failure is told with its account masked', async () => {
  const scene = await start();
  scene.running.switchFault({ name: 'payout_fails' });
  await scene.payouts.create(order);
  scene.clock.advance(4_000);
  const news = await scene.getStatus(keyOf(order));
  expect(news.reason).toBe('account ••8901 was closed by its bank');
  expectNothingTold(scene);
});

test.each([
  ['success_at_once', 'submitted', 'SUCCESS', undefined],
  ['status_missing', 'submitted', '00', undefined],
  ['other_money', 'unresolved', 'PROCESSING', /another amount or currency/],
  ['other_currency', 'unresolved', 'PROCESSING', /another amount or currency/],
])('%s: the answer of pay-out is %s', async (fault, state, providerStatus, reason) => {
  const { payouts, running } = await start();
  running.switchFault({ name: fault });
  const news = await payouts.create(order);
  expect([news.state, news.providerStatus]).toEqual([state, providerStatus]);
  if (reason === undefined) expect(news.reason).toBeUndefined();
  else expect(news.reason).toMatch(reason);
});

test('a reference that they do not know is unresolved: no such answer is documented', async () => {
  const { payouts, getStatus, running } = await start();
  expect(await getStatus(keyOf(order))).toEqual({
    state: 'unresolved',
    providerStatus: 'SBX_ORDER',
    reason: expect.stringContaining('code SBX_ORDER, “this order does not exist'),
  });
  running.switchFault({ name: 'not_found_once' });
  await payouts.create(order);
  expect((await getStatus(keyOf(order))).state).toBe('unresolved');
  expect((await getStatus(keyOf(order))).state).toBe('submitted');
});

test('a status about another trade, another kind or another amount is not believed', async () => {
  const { payouts, getStatus, running, clock } = await start();
  const { providerReference = '' } = await payouts.create(order);
  clock.advance(4_000);
  running.switchFault({ name: 'other_trade', times: 1 });
  const other = await getStatus({ ...keyOf(order), providerReference });
  expect([other.state, other.reason]).toEqual([
    'unresolved',
    'SmilePayz answers about another tradeNo',
  ]);
  running.switchFault({ name: 'other_money', times: 1 });
  // Left to the follow-up, which compares it with what was approved.
  expect(told(await getStatus(keyOf(order))).amount).toBe('110.50 PEN');
  const payin = await startReplay('{"code":"00","status":"SUCCESS","tradeType":1}');
  expect((await payin.getStatus(keyOf(order))).state).toBe('unresolved');
});

test.each([
  ['half a unit', '{"amount":1050.5,"currency":"PEN"}', /fraction of a minor unit of PEN/],
  ['no currency', '{"amount":1050}', /without its amount or currency/],
  ['no amount', '{"currency":"PEN"}', /without its amount or currency/],
  ['a bare number', '1050', /without its amount or currency/],
  ['words', '{"amount":"ten","currency":"PEN"}', /unreadable amount/],
])('a success with %s as its money is unresolved', async (_what, money, reason) => {
  const { getStatus } = await startReplay(`{"code":"00","status":"SUCCESS","money":${money}}`);
  const news = await getStatus(keyOf(order));
  expect(news.state).toBe('unresolved');
  expect(news.reason).toMatch(reason);
});

test.each([
  ['http_500', 'unavailable', 3],
  ['http_429', 'rate_limited', 3],
  ['html', 'malformed_response', 1],
  ['http_401', 'auth_failed', 1],
])('%s: a status query fails as %s after %i requests', async (fault, code, requests) => {
  const { getStatus, running, calls } = await start();
  running.switchFault({ name: fault });
  expect((await failureOf(getStatus(keyOf(order)))).code).toBe(code);
  expect(calls(statusPath)).toHaveLength(requests);
});

test('asks often at first and more rarely later', async () => {
  const { payouts } = await start();
  const ages = [0, 59_999, 60_000, 599_999, 600_000, 3_600_000, 86_400_000];
  expect(ages.map((ageMs) => payouts.pollAfterMs(ageMs) / 1000)).toEqual([
    5, 5, 30, 30, 300, 1800, 1800,
  ]);
  expect(payouts.returnWindowMs).toBe(0);
});

test('the example payee is taken by the sandbox', async () => {
  const { payouts, running } = await start();
  const example = smilepayz.examplePayee;
  if (example === undefined) throw new TypeError('there is no example');
  const { name, route, currency, fields } = example;
  const amount = { units: 1050n, decimals: payouts.decimalsOf(currency) ?? -1, currency };
  const news = await payouts.create({ ...order, payeeName: name, route, amount, fields });
  expect(news.state).toBe('submitted');
  expect(running.books()).toHaveLength(1);
  expect({ ...fields }).toMatchObject({ account: luz.account });
});
