// PayerMax's payouts over HTTP against its sandbox: what is sent, and what becomes of an order.
import { createSign } from 'node:crypto';
import { expect, test } from 'vitest';
import { transportFaults } from '../../src/providers/sandbox.ts';
import documented from './fixtures/payermax/payout.json' with { type: 'json' };
import {
  composeOrder,
  gatewayPath,
  keyOf,
  resign,
  rewrite,
  startPayer,
} from './payermax-payout-scene.ts';
import { failureOf, fundsOnly, keys, start } from './payermax-scene.ts';

test('an order goes out once, signed, with exactly what was approved', async () => {
  const { payouts, running, environment } = await startPayer();
  await payouts.create(composeOrder({ callbackUrl: 'https://purser.example/hooks/payermax' }));
  const [request, ...more] = running.requests();
  expect(more).toEqual([]);
  expect(request?.path).toBe(`${gatewayPath}paymentOrderPay`);
  expect(request?.body).toBe(
    `{"version":"1.4","keyVersion":"1","requestTime":"2026-11-20T12:00:00.000Z","appId":"${environment['PAYERMAX_APP_ID']}","merchantNo":"010113864671194",` +
      '"data":{"outTradeNo":"PU7K2M9QX4ABCD","sourceAccount":"USD","trade":{"amount":"250.00","currency":"USD"},' +
      '"country":"PH","payeeInfo":{"paymentMethodType":"BANK_TRANSFER","name":{"fullName":"Maria Santos"},"targetOrg":"RCBC","accountInfo":{"accountNo":"9234567890"}},' +
      '"remark":"Invoice 4711","notifyUrl":"https://purser.example/hooks/payermax"}}',
  );
});

test('what is taken is submitted, never paid', async () => {
  const { payouts } = await startPayer();
  expect(await payouts.create(composeOrder())).toEqual({
    state: 'submitted',
    providerStatus: 'APPLY_SUCCESS/PENDING',
    reference: 'PU7K2M9QX4ABCD',
    providerReference: '20261120120000PO0000000000000001',
  });
});

test('reads the documented answer', async () => {
  const body = documented.answer;
  const sign = createSign('SHA256').update(body).sign(keys.platform.privateKey, 'base64');
  const headers = { 'content-type': 'application/json', sign };
  const { payouts } = await startPayer({
    wrap: (sandbox) => ({ ...sandbox, answer: () => ({ status: 200, headers, body }) }),
  });
  expect(await payouts.create(composeOrder({ reference: 'ORDER123456' }))).toEqual({
    state: 'submitted',
    providerStatus: 'APPLY_SUCCESS/PENDING',
    reference: 'ORDER123456',
    providerReference: '20220429052556PO71330000270184',
  });
  // The same answer to another order is no answer.
  const failure = await failureOf(payouts.create(composeOrder()));
  expect([failure.code, failure.message]).toEqual([
    'outcome_unknown',
    'PayerMax may or may not have acted: PayerMax’s answer is about another order.',
  ]);
});

test.each([
  ['SUCCESS', 'submitted'],
  ['FAILED', 'submitted'],
  ['BOUNCEBACK', 'submitted'],
  ['success', 'unresolved'],
  ['ACCEPTED', 'unresolved'],
])('an order that is answered with %s is %s: only a query ends it', async (status, state) => {
  const { payouts } = await startPayer({ wrap: resign((data) => ({ ...data, status })) });
  const news = await payouts.create(composeOrder());
  expect([news.state, news.providerStatus]).toEqual([state, `APPLY_SUCCESS/${status}`]);
});

test.each([
  ['PENDING', '', 'submitted', 'APPLY_SUCCESS/PENDING', undefined],
  [
    'PENDING',
    'PEND_RFI_MATERIAL',
    'submitted',
    'APPLY_SUCCESS/PENDING/PEND_RFI_MATERIAL',
    'PayerMax waits for documents: upload them in its dashboard.',
  ],
  [
    'PENDING',
    'REVIEW',
    'submitted',
    'APPLY_SUCCESS/PENDING/REVIEW',
    'PayerMax is looking at the documents, which takes up to three working days.',
  ],
  ['PENDING', 'TRANSMIT', 'submitted', 'APPLY_SUCCESS/PENDING/TRANSMIT', undefined],
  ['SUCCESS', '', 'paid', 'APPLY_SUCCESS/SUCCESS', undefined],
  ['FAILED', '', 'failed', 'APPLY_SUCCESS/FAILED', undefined],
  ['BOUNCEBACK', '', 'returned', 'APPLY_SUCCESS/BOUNCEBACK', undefined],
  ['Success', '', 'unresolved', 'APPLY_SUCCESS/Success', undefined],
  ['PAID', '', 'unresolved', 'APPLY_SUCCESS/PAID', undefined],
  ['ON HOLD\nnow', '', 'unresolved', 'APPLY_SUCCESS/ON HOLD now', undefined],
])('status %s %s is %s', async (status, subStatus, state, providerStatus, reason) => {
  const { payouts, ask, running } = await startPayer({
    wrap: resign((data) => ('trade' in data ? { ...data, status, subStatus } : data)),
  });
  await payouts.create(composeOrder());
  const news = await ask(keyOf(composeOrder()));
  expect(news).toEqual({
    state,
    providerStatus,
    reference: 'PU7K2M9QX4ABCD',
    providerReference: '20261120120000PO0000000000000001',
    amount: { units: 25000n, decimals: 2, currency: 'USD' },
    ...(reason === undefined ? {} : { reason }),
  });
  expect(running.requests().at(-1)?.body).toMatch(/"data":\{"outTradeNo":"PU7K2M9QX4ABCD"\}\}$/);
});

test.each([
  ['an amount that is not set', { amount: '', currency: '' }, undefined],
  ['an absent amount', undefined, undefined],
  ['a number', { amount: 250, currency: 'USD' }, { units: 250n, decimals: 0, currency: 'USD' }],
])('a query with %s gives what it says', async (_name, trade, amount) => {
  const { payouts, ask } = await startPayer({ wrap: resign((data) => ({ ...data, trade })) });
  await payouts.create(composeOrder());
  expect((await ask(keyOf(composeOrder()))).amount).toEqual(amount);
});

test('an amount that is no number is no answer', async () => {
  const trade = { amount: '1,250.00', currency: 'USD' };
  const { payouts, ask } = await startPayer({ wrap: resign((data) => ({ ...data, trade })) });
  await payouts.create(composeOrder());
  const failure = await failureOf(ask(keyOf(composeOrder())));
  expect([failure.code, failure.message]).toEqual([
    'malformed_response',
    'PayerMax’s answer is not as documented at data.trade.amount: not a decimal number.',
  ]);
});

test('a query that is not signed by PayerMax says nothing', async () => {
  const { payouts, ask, running, clock } = await startPayer();
  await payouts.create(composeOrder());
  clock.advance(5_000);
  for (const name of ['sign_missing', 'sign_of_other_key', 'body_altered']) {
    running.clearFaults();
    running.switchFault({ name });
    expect((await failureOf(ask(keyOf(composeOrder())))).code).toBe('malformed_response');
  }
});

test('an order that PayerMax does not know is not found; a 404 is only a failure', async () => {
  const known = await startPayer();
  expect(await known.ask(keyOf(composeOrder()))).toEqual({
    state: 'not_found',
    providerStatus: 'ORDER_NOT_EXIST',
  });
  const { ask } = await startPayer({
    wrap: rewrite(() => ({ status: 404, body: '<h1>Not Found</h1>' })),
  });
  expect((await failureOf(ask(keyOf(composeOrder())))).code).toBe('not_found');
});

test('the balance that is shown pays, holds and gets back', async () => {
  const { payouts, funds, clock, running } = await startPayer();
  const before = { available: '184,203.77 USD', held: '1,150.00 USD' };
  const under = { available: '183,953.77 USD', held: '1,400.00 USD' };
  const after = { available: '183,953.77 USD', held: '1,150.00 USD' };
  const isShown = async (amounts: object) => expect(await funds('USD')).toMatchObject(amounts);
  await isShown(before);
  await payouts.create(composeOrder());
  await isShown(under);
  clock.advance(3_999);
  await isShown(under);
  clock.advance(1);
  await isShown(after);

  running.switchFault({ name: 'payout_fails', times: 1 });
  await payouts.create(composeOrder({ reference: 'PUFAILS1' }));
  await isShown({ available: '183,703.77 USD', held: '1,400.00 USD' });
  clock.advance(4_000);
  await isShown(after);

  running.switchFault({ name: 'returned', times: 1 });
  await payouts.create(composeOrder({ reference: 'PUCOMESBACK' }));
  clock.advance(4_000);
  await isShown({ available: '183,703.77 USD', held: '1,150.00 USD' });
  clock.advance(26_000);
  await isShown(after);
});

test('a payout in local currency draws on the account of that currency', async () => {
  const { payouts, funds, clock, ask } = await startPayer();
  const order = composeOrder({
    amount: { units: 1_500_000n, decimals: 0, currency: 'IDR' },
    route: 'id-wallet',
    fields: { target_org: 'DANA', account_digits: '0812323233332' },
  });
  await payouts.create(order);
  expect(await funds('IDR')).toMatchObject({ available: '2,484,600,265 IDR' });
  clock.advance(4_000);
  // PayerMax writes 1500000.00 here: the same amount.
  expect(await ask(keyOf(order))).toMatchObject({
    state: 'paid',
    amount: { units: 150_000_000n, decimals: 2, currency: 'IDR' },
  });
});

test('too little money becomes a failure with its reason, and takes nothing', async () => {
  const { payouts, ask, clock, funds, running } = await startPayer();
  const order = composeOrder({ amount: { units: 18_420_378n, decimals: 2, currency: 'USD' } });
  expect((await payouts.create(order)).state).toBe('submitted');
  expect(await funds('USD')).toMatchObject({ available: '184,203.77 USD', held: '1,150.00 USD' });
  clock.advance(4_000);
  expect(await ask(keyOf(order))).toMatchObject({
    state: 'failed',
    reason: 'Insufficient balance. (BALANCE_INSUFFICIENT)',
  });
  expect(await funds('USD')).toMatchObject({ available: '184,203.77 USD', held: '1,150.00 USD' });
  expect(running.books()).toEqual([
    { reference: 'PU7K2M9QX4ABCD', amount: '184203.78', currency: 'USD', status: 'FAILED' },
  ]);
});

test('without a merchant number there is nobody in whose name to pay', async () => {
  const { provider } = await start({ environment: fundsOnly });
  expect(provider.payouts).toBeUndefined();
});

test('every payout call carries the configured version', async () => {
  for (const version of ['1.4', '1.5']) {
    const { payouts, ask, check, running } = await startPayer({
      settings: { payout_version: version },
    });
    await check(composeOrder());
    await payouts.create(composeOrder());
    await ask(keyOf(composeOrder()));
    const versions = running.requests().map(({ body }) => JSON.parse(body).version);
    expect(versions).toEqual([version, version, version]);
  }
});

test('is asked often at first, then rarely, and about returns for thirty days', async () => {
  const { payouts } = await startPayer();
  const ages = [0, 59_999, 60_000, 599_999, 600_000, 3_600_000, 86_400_000];
  expect(ages.map((age) => payouts.pollAfterMs(age))).toEqual([
    5_000, 5_000, 30_000, 30_000, 300_000, 1_800_000, 1_800_000,
  ]);
  expect(payouts.returnWindowMs).toBe(2_592_000_000);
});

test('the faults of the wire that process an order leave it in the books', async () => {
  const processing = Object.keys(transportFaults).filter((name) => /^process|^trunc/.test(name));
  expect(processing).toHaveLength(3);
  for (const name of processing) {
    const { payouts, running, ask, clock } = await startPayer({ deadlineMs: 1_000 });
    running.switchFault({ name, times: 1 });
    expect((await failureOf(payouts.create(composeOrder()))).code).toBe('outcome_unknown');
    clock.advance(5_000);
    expect((await ask(keyOf(composeOrder()))).state).toBe('paid');
    expect(running.books()).toHaveLength(1);
  }
});
