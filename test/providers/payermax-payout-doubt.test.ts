// When PayerMax does not simply take an order: what is certain to have had no effect is a refusal,
// everything else is in doubt, and nothing is ever sent twice.
import { expect, test } from 'vitest';
import { refusalFaults } from '../../src/providers/payermax/sandbox-gate.ts';
import { transportFaults } from '../../src/providers/sandbox.ts';
import documented from './fixtures/payermax/payout.json' with { type: 'json' };
import {
  accountNo,
  composeOrder,
  keyOf,
  resign,
  rewrite,
  startPayer,
} from './payermax-payout-scene.ts';
import { createProvider, failureOf, secretLine } from './payermax-scene.ts';

const refusedFaults: Readonly<Record<string, string>> = {
  illegal_ip_request: 'auth_failed',
  merchant_app_invalid: 'auth_failed',
  sign_verify_failed: 'auth_failed',
  req_time_over_time: 'auth_failed',
  contract_invalid: 'rejected',
  merchant_invalid: 'rejected',
  params_invalid: 'rejected',
};
const doubtfulFaults = [
  'too_many_request',
  'order_repeat',
  'order_not_exist',
  'balance_insufficient',
  'system_error',
  'request_timeout',
  'unexpected_error',
  'brand_new_code',
];

test('every refusal of the sandbox is tested here as certain or as doubtful', () => {
  const known = [...Object.keys(refusedFaults), ...doubtfulFaults];
  expect(known.sort()).toEqual(Object.keys(refusalFaults).sort());
});

test.each(Object.entries(refusedFaults))('%s is certain: %s', async (name, code) => {
  const { payouts, running } = await startPayer();
  running.switchFault({ name });
  const failure = await failureOf(payouts.create(composeOrder()));
  expect([failure.code, failure.providerCode]).toEqual([code, name.toUpperCase()]);
  expect(running.requests()).toHaveLength(1);
  expect(running.books()).toEqual([]);
});

test.each(doubtfulFaults)('%s proves nothing', async (name) => {
  const { payouts, running } = await startPayer();
  running.switchFault({ name });
  const failure = await failureOf(payouts.create(composeOrder()));
  expect([failure.code, failure.providerCode]).toEqual(['outcome_unknown', name.toUpperCase()]);
  expect(failure.message).toMatch(/^PayerMax may or may not have acted: PayerMax /);
  expect(running.requests()).toHaveLength(1);
});

test.each([
  'sign_missing',
  'sign_of_other_key',
  'sign_garbage',
  'body_altered',
  'no_data',
  'code_missing',
])('a success with %s is in doubt, and the order stands in the books', async (name) => {
  const { payouts, running, ask } = await startPayer();
  running.switchFault({ name, times: 1 });
  expect((await failureOf(payouts.create(composeOrder()))).code).toBe('outcome_unknown');
  expect(running.requests()).toHaveLength(1);
  expect(running.books()).toHaveLength(1);
  expect((await ask(keyOf(composeOrder()))).state).toBe('submitted');
});

test('every failure of the wire leaves doubt after exactly one request', async () => {
  for (const name of Object.keys(transportFaults).filter((one) => one !== 'slow')) {
    const { payouts, running } = await startPayer({ deadlineMs: 1_000 });
    running.switchFault({ name });
    const failure = await failureOf(payouts.create(composeOrder()));
    expect(`${name}: ${failure.code}`).toBe(`${name}: outcome_unknown`);
    expect(running.requests()).toHaveLength(1);
  }
});

test('an address where nothing listens is no doubt: nothing was sent', async () => {
  const { environment, running } = await startPayer();
  await running.close();
  const provider = createProvider(environment);
  const failure = await failureOf(provider.payouts?.create(composeOrder()) ?? Promise.resolve());
  await provider.close();
  expect(failure.code).toBe('unavailable');
});

const body = (code: string) => `{"msg":"x","code":"${code}"}`;
test.each([
  [400, body('PARAMS_INVALID'), 'rejected'],
  [401, body('SIGN_VERIFY_FAILED'), 'auth_failed'],
  [500, body('PARAMS_INVALID'), 'outcome_unknown'],
  [503, body('SIGN_VERIFY_FAILED'), 'outcome_unknown'],
  // No HTTP status is documented to mean anything.
  [400, 'bad request', 'outcome_unknown'],
  [401, 'who are you?', 'outcome_unknown'],
  [403, '<h1>Forbidden</h1>', 'outcome_unknown'],
  [404, '', 'outcome_unknown'],
  [422, '{}', 'outcome_unknown'],
  // Documented on pages about other calls.
  [200, body('AMOUNT_INVALID'), 'outcome_unknown'],
  [200, body('COUNTRY_INVALID'), 'outcome_unknown'],
  [200, body('CURRENCY_INVALID'), 'outcome_unknown'],
  [200, body('params_invalid'), 'outcome_unknown'],
  [200, body('APPLY_SUCCESS'), 'outcome_unknown'],
])('HTTP %d with %s is %s', async (status, text, code) => {
  const { payouts, running } = await startPayer({ wrap: rewrite(() => ({ status, body: text })) });
  expect((await failureOf(payouts.create(composeOrder()))).code).toBe(code);
  expect(running.requests()).toHaveLength(1);
});

test('an errorCode inside a signed success is no refusal of a payout', async () => {
  const { payouts, running } = await startPayer({
    wrap: resign(() => ({ errorCode: 'PARAMS_INVALID', errorMsg: 'No.' })),
  });
  expect((await failureOf(payouts.create(composeOrder()))).code).toBe('outcome_unknown');
  expect(running.requests()).toHaveLength(1);
});

test.each(['', 'repeat_with_status'])(
  'a number that is used up is in doubt until a query resolves it: %s',
  async (fault) => {
    const { payouts, running, ask, clock } = await startPayer();
    await payouts.create(composeOrder());
    if (fault !== '') running.switchFault({ name: fault, path: 'paymentOrderPay' });
    const failure = await failureOf(payouts.create(composeOrder()));
    expect([failure.code, failure.providerCode]).toEqual(['outcome_unknown', 'ORDER_REPEAT']);
    expect(failure.message).toBe(
      'PayerMax may or may not have acted: PayerMax has an order with this reference already (ORDER_REPEAT): “The order number repeat”.',
    );
    clock.advance(4_000);
    expect((await ask(keyOf(composeOrder()))).state).toBe('paid');
    expect(running.books()).toHaveLength(1);
  },
);

test('the books show what was taken twice', async () => {
  const { payouts, running } = await startPayer();
  running.switchFault({ name: 'processes_twice' });
  await payouts.create(composeOrder());
  await payouts.create(composeOrder());
  expect(running.books().map(({ reference }) => reference)).toEqual([
    'PU7K2M9QX4ABCD',
    'PU7K2M9QX4ABCD',
  ]);
});

test('a number that was refused is not used up', async () => {
  const { payouts, running } = await startPayer();
  running.switchFault({ name: 'params_invalid', times: 1 });
  expect((await failureOf(payouts.create(composeOrder()))).code).toBe('rejected');
  expect((await payouts.create(composeOrder())).state).toBe('submitted');
  expect(running.books()).toHaveLength(1);
});

test('not found once is no proof: the next query knows the order', async () => {
  const { payouts, running, ask } = await startPayer();
  running.switchFault({ name: 'not_found_once', times: 1 });
  await payouts.create(composeOrder());
  expect((await ask(keyOf(composeOrder()))).state).toBe('not_found');
  expect((await ask(keyOf(composeOrder()))).state).toBe('submitted');
});

test('what PayerMax says of the payee is shown without the account and without secrets', async () => {
  const said = `account ${accountNo} of 4111111111111111 is wrong`;
  const refused = await startPayer({
    wrap: rewrite(() => ({ body: `{"msg":"${said}","code":"PARAMS_INVALID"}` })),
  });
  const failure = await failureOf(refused.payouts.create(composeOrder()));
  expect(failure.message).toBe(
    'PayerMax refused the request (PARAMS_INVALID): “account ••7890 of ••1111 is wrong”.',
  );
  const doubtful = await startPayer({
    wrap: rewrite(() => ({ body: `{"msg":"${said}","code":"X${accountNo}"}` })),
  });
  const doubt = await failureOf(doubtful.payouts.create(composeOrder()));
  expect([doubt.code, doubt.providerCode]).toEqual(['outcome_unknown', 'X••7890']);
  for (const [error, log] of [
    [failure, refused.log],
    [doubt, doubtful.log],
  ] as const) {
    log.error({ err: error }, 'payout call did not succeed');
    expect(log.text()).toContain('••7890');
    expect(log.text()).not.toContain(accountNo);
    expect(log.text()).not.toContain(secretLine);
  }
});

test('an account that does not look like one is hidden all the same', async () => {
  const text = '{"msg":"maria@example.com is no key","code":"PARAMS_INVALID"}';
  const { payouts } = await startPayer({ wrap: rewrite(() => ({ body: text })) });
  const order = composeOrder({ route: 'br-pix', fields: { pix_key: 'maria@example.com' } });
  const failure = await failureOf(payouts.create(order));
  expect(failure.message).toBe(
    'PayerMax refused the request (PARAMS_INVALID): “••.com is no key”.',
  );
});

test('the documented refusal is a refusal, in PayerMax’s words', async () => {
  const { payouts } = await startPayer({ wrap: rewrite(() => ({ body: documented.refusal })) });
  const failure = await failureOf(payouts.create(composeOrder()));
  expect([failure.code, failure.message]).toEqual([
    'rejected',
    'PayerMax refused the request (PARAMS_INVALID): “The payment account info format is incorrect”.',
  ]);
});

test.each(['12\u0000', 'a b', 'x'.repeat(65), ''])(
  'a tradeNo that could not be kept is left out, and the order is taken all the same: %j',
  async (tradeNo) => {
    const { payouts } = await startPayer({ wrap: resign((data) => ({ ...data, tradeNo })) });
    const news = await payouts.create(composeOrder());
    expect(news.state).toBe('submitted');
    expect(news.providerReference).toBeUndefined();
  },
);
