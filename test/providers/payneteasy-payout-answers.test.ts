// What each answer of PaynetEasy proves about a payout, and that nothing secret leaves with it.
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/money.ts';
import type { SandboxAnswer } from '../../src/providers/sandbox.ts';
import balance from './fixtures/payneteasy/balance.json' with { type: 'json' };
import payout from './fixtures/payneteasy/payout.json' with { type: 'json' };
import {
  createSandbox,
  keyOf,
  open,
  orderOf,
  refusalOf,
  statusOf,
} from './payneteasy-payout-scene.ts';
import { controlKey } from './payneteasy-scene.ts';

const sandbox = createSandbox();
const form = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}\n`)
    .join('&');

async function create(answer: Partial<SandboxAnswer>, reference = 'inv4097763') {
  const { payouts, running, log } = await open({ sandbox, answer });
  const call = payouts.create(orderOf({ reference }));
  return { call, running, log };
}

async function ask(answer: Partial<SandboxAnswer>, orderId?: string) {
  const { payouts } = await open({ sandbox, answer });
  return statusOf(payouts, orderOf({ reference: 'inv4097763' }), orderId);
}

describe('the documented answer', () => {
  it('async-response is submitted, never paid', async () => {
    const { call } = await create({ body: payout.accepted });
    expect(await call).toEqual({
      state: 'submitted',
      providerStatus: 'async-response',
      reference: 'inv4097763',
      providerReference: '6768788',
    });
  });

  it('async-response is read as JSON, too, with numbers for ids', async () => {
    const body =
      '{"type":"async-response","merchant-order-id":"inv4097763","paynet-order-id":6768788,"status":null}';
    const { call } = await create({ body });
    expect(await call).toMatchObject({ state: 'submitted', providerReference: '6768788' });
  });

  it('validation-error is rejected with the provider’s words', async () => {
    const { call, running } = await create({ body: payout.refused }, '2121');
    const error = await refusalOf(call);
    expect(error).toMatchObject({
      code: 'rejected',
      operation: 'payout',
      httpStatus: 200,
      providerCode: '1',
      requestId: '00000000-0000-0000-0000-000002231f99',
      message:
        'PaynetEasy refused the payout: “Parameter credit_card_number is required” (code 1).',
    });
    expect(error.remedy).toContain('payout_fields');
    expect(running.requests()).toHaveLength(1);
  });

  it.each([
    ['HTTP 401 with a text', { status: 401, body: 'Unauthorized' }],
    ['HTTP 403 with a page', { status: 403, body: '<html>Forbidden</html>' }],
    ['HTTP 200 with a page', { status: 200, body: balance.denied }],
  ])('%s is auth_failed, for a payout and for a query', async (_what, answer) => {
    const { call, running } = await create(answer);
    const error = await refusalOf(call);
    expect(error).toMatchObject({ code: 'auth_failed', httpStatus: answer.status });
    expect(error.remedy).toContain('PAYNETEASY_PRIVATE_KEY for v4');
    expect(running.requests()).toHaveLength(1);
    expect((await refusalOf(ask(answer))).code).toBe('auth_failed');
  });
});

describe('whatever else is answered to a payout leaves it in doubt', () => {
  const taken = { type: 'async-response', 'merchant-order-id': 'inv4097763' };
  const refused = { type: 'validation-error', 'error-message': 'no', 'error-code': '1' };
  it.each<readonly [string, Partial<SandboxAnswer>]>([
    ['an error', { body: form({ type: 'error', 'error-message': 'no', 'error-code': '1' }) }],
    ['an error without a reason', { body: 'type=error\n' }],
    ['an acceptance without an order', { body: 'type=async-response\n' }],
    ['an acceptance of another order', { body: form({ ...taken, 'merchant-order-id': 'other1' }) }],
    ['an acceptance with HTTP 500', { status: 500, body: form(taken) }],
    ['an acceptance with HTTP 202', { status: 202, body: form(taken) }],
    ['an acceptance with HTTP 401', { status: 401, body: form(taken) }],
    ['a refusal of another order', { body: form({ ...refused, 'merchant-order-id': 'other1' }) }],
    ['a refusal that names its order', { body: form({ ...refused, 'paynet-order-id': '17' }) }],
    ['a refusal with HTTP 400', { status: 400, body: form(refused) }],
    ['a refusal with HTTP 500', { status: 500, body: form(refused) }],
    ['a denial with HTTP 500', { status: 500, body: balance.denied }],
    ['two types', { body: `${form(taken)}&${form(refused)}` }],
    ['an unknown type', { body: form({ ...taken, type: 'sync-response' }) }],
    ['a status', { body: form({ ...taken, type: 'status-response', status: 'declined' }) }],
    ['no type', { body: form({ 'merchant-order-id': 'inv4097763' }) }],
    ['a page with the words of an acceptance', { body: `<p>a&${form(taken)}&b</p>` }],
    ['half a JSON text', { body: '{"type":"validation-error"' }],
    ['a JSON list', { body: '[{"type":"validation-error"}]' }],
    ['HTTP 404', { status: 404, body: 'Not Found' }],
    ['HTTP 409', { status: 409, body: '' }],
  ])('%s', async (_what, answer) => {
    const { call, running } = await create(answer);
    const error = await refusalOf(call);
    expect(error.code).toBe('outcome_unknown');
    expect(error.remedy).toContain('does not send it again');
    expect(running.requests()).toHaveLength(1);
  });
});

describe('an answer to a status query', () => {
  const found = {
    type: 'status-response',
    'merchant-order-id': 'inv4097763',
    'paynet-order-id': '6768788',
    amount: '100.50',
    currency: 'USD',
  };
  it.each([
    ['processing', 'submitted'],
    ['approved', 'paid'],
    ['declined', 'failed'],
    ['filtered', 'failed'],
    ['error', 'failed'],
    ['unknown', 'unresolved'],
    ['APPROVED', 'unresolved'],
    ['reversed', 'unresolved'],
    ['chargeback', 'unresolved'],
    ['constructor', 'unresolved'],
  ])('%s is %s', async (status, state) => {
    const news = await ask({ body: form({ ...found, status }) }, '6768788');
    expect(news).toMatchObject({
      state,
      providerStatus: status,
      reference: 'inv4097763',
      providerReference: '6768788',
      amount: parseDecimal('100.50', 'USD'),
    });
  });

  it('gives the amount and the reference that it names, whatever was ordered', async () => {
    const other = { ...found, status: 'approved', amount: '1.5', currency: 'eur' };
    const news = await ask({ body: form({ ...other, 'merchant-order-id': 'x' }) });
    expect(news).toMatchObject({ reference: 'x', amount: parseDecimal('1.5', 'EUR') });
    const { amount, ...without } = { ...found, status: 'approved' };
    expect(await ask({ body: form(without) })).not.toHaveProperty('amount');
    const { currency, ...unnamed } = { ...found, status: 'approved', amount: '9' };
    expect((await ask({ body: form(unnamed) })).amount).toEqual(parseDecimal('9', 'USD'));
    expect([amount, currency]).toEqual(['100.50', 'USD']);
  });

  it('about another order of the same reference is unresolved', async () => {
    const body = form({ ...found, status: 'approved' });
    expect(await ask({ body }, '6768789')).toMatchObject({
      state: 'unresolved',
      providerStatus: 'approved',
    });
  });

  it('with an error is unresolved and says why', async () => {
    for (const type of ['error', 'validation-error']) {
      const body = form({ type, 'error-message': 'No such\norder', 'error-code': '5' });
      expect(await ask({ body })).toEqual({
        state: 'unresolved',
        providerStatus: type,
        reason: 'PaynetEasy gave no order but an error: “No such order” (code 5).',
      });
    }
  });

  it.each([
    [
      'async-response',
      form({ ...found, type: 'async-response' }),
      'with the type “async-response”',
    ],
    ['no status', form(found), 'without a status'],
    ['a comma', form({ ...found, status: 'approved', amount: '100,50' }), 'no decimal number'],
    ['a page', '<html></html>', 'with a web page'],
    ['nothing', '', 'with nothing'],
    ['a text', 'OK', 'in a shape that is not documented'],
  ])('with %s is malformed', async (_what, body, problem) => {
    const error = await refusalOf(ask({ body }));
    expect(error).toMatchObject({ code: 'malformed_response', operation: 'payout status' });
    expect(error.message).toContain(problem);
  });

  it('is asked with login, both ids and the control over them', async () => {
    const { payouts, running } = await open({ sandbox, answer: { body: form(found) } });
    const order = orderOf({ reference: 'inv4097763' });
    await refusalOf(statusOf(payouts, order, '6768788'));
    await refusalOf(statusOf(payouts, order));
    expect(
      running.requests().map(({ path, body }) => [path, body.replace(/[0-9a-f]{40}/, '…')]),
    ).toEqual([
      [
        '/paynet/api/v2/status/22903',
        'client_orderid=inv4097763&control=…&login=purser_demo_merchant&orderid=6768788',
      ],
      [
        '/paynet/api/v2/status/22903',
        'client_orderid=inv4097763&control=…&login=purser_demo_merchant',
      ],
    ]);
    expect(keyOf(order, '6768788').providerReference).toBe('6768788');
  });
});

describe('discretion', () => {
  it('shows account numbers by their last four and secrets not at all', async () => {
    const account = '123412341234';
    const words = `No ${account} of ${controlKey}, nor 4444 3333 2222 1111`;
    const refusal = { type: 'validation-error', 'error-message': words, 'error-code': account };
    const { call, log } = await create({ body: form(refusal) });
    const error = await refusalOf(call);
    expect(error.message).toBe(
      'PaynetEasy refused the payout: “No ••1234 of [secret], nor ••1111” (code ••1234).',
    );
    const inDoubt = await create({ body: form({ ...refusal, type: 'error' }) });
    const doubt = await refusalOf(inDoubt.call);
    const news = await ask({ body: form({ ...refusal, type: 'error' }) });
    expect(news.reason).toContain('[secret]');
    const written = [log, inDoubt.log].map((one) => one.text()).join();
    const told = [error, doubt].map((one) => `${one.stack} ${JSON.stringify(one)} ${one.cause}`);
    const all = `${written} ${told.join()} ${JSON.stringify(news)}`;
    for (const hidden of [account, controlKey, '2222 1111']) {
      expect(all.includes(hidden), hidden.slice(0, 2)).toBe(false);
    }
    expect(all).toContain('provider answered');
  });

  it('keeps no number of the payee in what it says of a mistake', async () => {
    const { payouts, log } = await open({ sandbox });
    const fields = { account_number: '1234 1234 1234', iban: 'GB29NWBK60161331926819' };
    const error = await refusalOf(payouts.create(orderOf({ fields })));
    expect(`${error.message} ${log.text()}`).not.toMatch(/1234 1234|GB29|6016/);
  });

  it('leaves the order’s own numbers readable', async () => {
    const message = 'Order 000123456789 of 987654321098 is not found';
    const { payouts } = await open({
      sandbox,
      answer: { body: form({ type: 'error', 'error-message': message }) },
    });
    const { reason } = await statusOf(payouts, orderOf({ reference: 'PRS000123456789' }));
    expect(reason).toContain('“Order 000123456789 of ••1098 is not found”');
  });

  it('shows no more than 200 characters of their words', async () => {
    const body = form({ type: 'error', 'error-message': `a\nb${'c'.repeat(1000)}` });
    const { reason = '' } = await ask({ body });
    expect(reason).toContain('“a bccc');
    expect(reason.length).toBeLessThan(260);
  });
});
