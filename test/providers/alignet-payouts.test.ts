// Payouts at Alignet over real HTTP: what is sent, what the answer means, and that only two answers
// are taken for a certain refusal. The sandbox itself is in alignet-payout-sandbox.test.ts.
import { afterEach, describe, expect, it } from 'vitest';
import { alignet } from '../../src/providers/alignet/index.ts';
import { payoutFaults } from '../../src/providers/alignet/sandbox-payouts.ts';
import { transportFaults } from '../../src/providers/sandbox.ts';
import {
  payoutsOf,
  sample,
  sampleConnection,
  sampleFields,
  sampleOrder,
  startPayouts,
} from './alignet-payout-scene.ts';
import { createReplay, failureOf } from './start-client.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(changes: Parameters<typeof startPayouts>[0] = {}) {
  const started = await startPayouts(changes);
  closers.push(started.close);
  return started;
}

/** The payout call at a server that gives one answer. */
async function replay(body: string, changes: { status?: number; settings?: object } = {}) {
  const { sandbox, asked } = createReplay(sampleConnection, body, changes.status);
  const { settings } = changes;
  const started = await start({ sandbox, ...(settings === undefined ? {} : { settings }) });
  return { ...started, asked };
}

function answerFor(reference: string, changes: object = {}): string {
  const payments = [{ internal_transaction_id: reference, is_valid: 'true' }];
  const status = { code: '00', message: 'OK' };
  const pay_out = { id: 'batch-1', payments };
  return JSON.stringify({ success: 'true', pay_out, meta: { status }, ...changes });
}

it.each(['12\u0000', 'a b', 'x'.repeat(101), '\ud800', ''])(
  'an id of the batch that could not be kept is left out: %j',
  async (id) => {
    const reference = 'PTEST00000000001';
    const payments = [{ internal_transaction_id: reference, is_valid: 'true' }];
    const { payouts } = await replay(answerFor(reference, { pay_out: { id, payments } }));
    const news = await payouts.create(sampleOrder({ reference }));
    expect(news).toMatchObject({ state: 'submitted', reference });
    expect(news.providerReference).toBeUndefined();
  },
);

describe('the request', () => {
  it('is the documented sample, without what nobody configured, and its name with the reference', async () => {
    const reference = '123e4567-e89b-12d3-a456-426614174000';
    const { payouts, asked } = await replay(answerFor(reference));
    const note = sample.request.body.pay_out.name;
    await payouts.create(sampleOrder({ reference, note }));
    const { body } = sample.request;
    const payments = body.pay_out.payments.map(({ amount_usd, user, ...rest }) => rest);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', path: sample.request.path });
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'synthetic-authorization',
      'content-type': 'application/json',
    });
    expect(asked[0]?.body.toString('utf8')).toBe(
      JSON.stringify({
        ...body,
        pay_out: { ...body.pay_out, name: `${note} ${reference}`, payments },
      }),
    );
  });

  it('leaves out what the payee does not have, rather than sending it empty', async () => {
    const { payouts, asked } = await replay(answerFor('PTEST00000000001'));
    const fields = { ...sampleFields, last_name: '', department: '', phone_country: '', phone: '' };
    await payouts.create(sampleOrder({ fields }));
    const sent = JSON.parse(String(asked[0]?.body));
    expect(Object.keys(sent.pay_out.payments[0].payee)).not.toContain('last_name');
    expect(Object.keys(sent.pay_out.payments[0].payee)).not.toContain('department');
    expect(Object.keys(sent.pay_out.payments[0].payee)).not.toContain('phone');
  });

  it('keeps a payfac id inside its place in the path', async () => {
    const { sandbox, asked } = createReplay(sampleConnection, answerFor('PTEST00000000001'));
    const { payouts } = await start({ sandbox, environment: { ALIGNET_PAYFAC_ID: 'a/b?c' } });
    await payouts.create(sampleOrder());
    expect(asked[0]?.path).toBe('/onboarding/payfac/a%2Fb%3Fc/payouts');
  });

  it.each([
    [5, 12_500n, 2, '12500000'],
    [2, 12_500n, 2, '12500'],
    [6, 1n, 2, '10000'],
    [0, 125n, 0, '125'],
    [1, 1_255n, 1, '1255'],
    [0, 12_500n, 2, '125'],
    [2, 9_999_999_999_999_999_999n, 2, '9999999999999999999'],
    [5, 9_999_999_999_999_999_999n, 2, '9999999999999999999000'],
  ])('with %i decimals writes %s·10^-%i as %s', async (scale, units, decimals, digits) => {
    const settings = { amount_decimals: scale };
    const { payouts, asked } = await replay(answerFor('PTEST00000000001'), { settings });
    await payouts.create(sampleOrder({ amount: { units, decimals, currency: 'PEN' } }));
    expect(String(asked[0]?.body)).toContain(`"amount":${digits},`);
  });
});

describe('what can be paid', () => {
  it.each([
    [5, 2],
    [2, 2],
    [1, 1],
    [0, 0],
  ])('at a scale of %i is %i decimals of PEN, and no other currency', async (scale, decimals) => {
    const { payouts } = await start({ settings: { amount_decimals: scale } });
    expect(payouts.decimalsOf('PEN')).toBe(decimals);
    for (const other of ['USD', 'CLP', 'pen', 'constructor']) {
      expect(payouts.decimalsOf(other)).toBeUndefined();
    }
  });

  it.each([
    [{ units: 12_500_1n, decimals: 3 }, 'Nearest: 125.00 PEN or 125.01 PEN.'],
    [{ units: 1n, decimals: 5 }, 'Nearest: 0.00 PEN or 0.01 PEN.'],
    [{ units: 0n, decimals: 2 }, 'more than zero'],
    [{ units: -100n, decimals: 2 }, 'more than zero'],
    [{ units: 100n, decimals: 2, currency: 'USD' }, 'in PEN only'],
  ])('refuses the amount %o before anything is sent', async (amount, sentence) => {
    const { payouts, running } = await start();
    const order = sampleOrder({ amount: { currency: 'PEN', ...amount } });
    const error = await failureOf(payouts.create(order));
    expect(error).toMatchObject({ code: 'rejected', operation: 'payout', provider: 'alignet' });
    expect(error.message).toContain('Alignet was not asked: ');
    expect(error.message).toContain(sentence);
    expect(running.requests()).toHaveLength(0);
  });

  it('refuses another route', async () => {
    const { payouts, running } = await start();
    const error = await failureOf(payouts.create(sampleOrder({ route: 'cl-bank' })));
    expect(error).toMatchObject({ code: 'rejected' });
    expect(running.requests()).toHaveLength(0);
  });

  it('is nothing that could be asked about later: no query, no notification, no check', async () => {
    const { payouts } = await start();
    expect(payouts.getStatus).toBeUndefined();
    expect(payouts.webhook).toBeUndefined();
    expect(payouts.validate).toBeUndefined();
    expect(payouts.returnWindowMs).toBe(0);
    expect(payouts.pollAfterMs(0)).toBe(86_400_000);
  });
});

describe('a taken payout', () => {
  it('is submitted, never paid, and named by its batch', async () => {
    const { payouts } = await replay(answerFor('PTEST00000000001'));
    expect(await payouts.create(sampleOrder())).toEqual({
      state: 'submitted',
      providerStatus: '00, success true, is_valid true',
      reference: 'PTEST00000000001',
      providerReference: 'batch-1',
    });
  });

  it('is the documented answer', async () => {
    const { payouts } = await replay(JSON.stringify(sample.response));
    const reference = '123e4567-e89b-12d3-a456-426614174000';
    expect(await payouts.create(sampleOrder({ reference }))).toMatchObject({
      state: 'submitted',
      providerReference: '1fea6786-a0ea-43b6-abe7-e12f00ecf242',
    });
  });

  it.each([
    'boolean_words',
    'missing_batch_id',
    'number_code',
    'processes_twice',
    'payout_fails',
    'returned',
    'stays_pending',
    'fails_unfunded',
  ])('%s is submitted too', async (name) => {
    const { payouts, running } = await start();
    running.switchFault({ name });
    const news = await payouts.create(sampleOrder());
    expect(news.state).toBe('submitted');
    expect(news.providerReference === undefined).toBe(name === 'missing_batch_id');
    expect(running.books()).toHaveLength(1);
  });
});

const refusals: Record<string, object> = {
  invalid_payment: {
    code: 'rejected',
    httpStatus: 200,
    message: 'Alignet did not take the payout (is_valid is false). It says “OK” (code 00).',
    remedy: 'Check the payee’s details and the balance with Alignet; nothing was paid.',
  },
  invalid_batch: { code: 'rejected', httpStatus: 200 },
  auth_401: {
    code: 'auth_failed',
    httpStatus: 401,
    message: 'Alignet refused Purser’s credentials. It says “Unauthorized” (code 401).',
  },
  auth_401_echo: {
    code: 'auth_failed',
    message: 'Alignet refused Purser’s credentials. It says “Unknown key [secret]” (code 401).',
  },
  auth_403_html: { code: 'auth_failed', httpStatus: 403 },
};

/** Whether the sandbox took the order: the sender cannot know. */
const doubts: Record<string, boolean> = {
  timeout: false,
  process_then_timeout: true,
  reset: false,
  process_then_reset: true,
  http_500: false,
  http_429: false,
  html: false,
  invalid_json: false,
  truncated: true,
  empty: false,
  huge: false,
  redirect: false,
  unknown_code: false,
  unprocessable_422: false,
  auth_200_code: false,
  auth_200_number: false,
  missing_meta: true,
  echoes_payee: false,
  taken_not_success: true,
  taken_other_code: true,
  taken_422: true,
  taken_other_word: true,
  taken_unlisted: true,
  taken_listed_twice: true,
  taken_other_reference: true,
};

describe('a refusal', () => {
  it.each(Object.entries(refusals))('%s is certain', async (name, expected) => {
    const { payouts, running } = await start();
    running.switchFault({ name });
    const error = await failureOf(payouts.create(sampleOrder()));
    expect(error).toMatchObject({ provider: 'alignet', operation: 'payout', ...expected });
    expect(running.requests()).toHaveLength(1);
    expect(running.books()).toEqual([]);
  });

  it('is a lack of funds', async () => {
    const { payouts, running } = await start();
    const amount = { units: 46_523_536n, decimals: 2, currency: 'PEN' };
    expect(await failureOf(payouts.create(sampleOrder({ amount })))).toMatchObject({
      code: 'rejected',
    });
    expect(running.books()).toEqual([]);
  });

  it('is one with which nothing was reached at all', async () => {
    const { payouts } = await start({ environment: { ALIGNET_BASE_URL: 'http://127.0.0.1:1' } });
    expect(await failureOf(payouts.create(sampleOrder()))).toMatchObject({ code: 'unavailable' });
  });
});

describe('doubt', () => {
  it.each(Object.entries(doubts))('%s is told as doubt, and sent once', async (name, isTaken) => {
    const { payouts, running } = await start({ deadlineMs: 1_000 });
    running.switchFault({ name });
    const error = await failureOf(payouts.create(sampleOrder()));
    expect(error).toMatchObject({ code: 'outcome_unknown', operation: 'payout' });
    expect(error.message).toContain('Alignet may or may not have acted: ');
    expect(error.remedy).toContain('does not send it again and cannot ask Alignet');
    expect(running.requests()).toHaveLength(1);
    expect(running.books()).toHaveLength(isTaken ? 1 : 0);
  });

  it('is an unknown payfac and a reference that was sent before', async () => {
    const lost = await start({ environment: { ALIGNET_PAYFAC_ID: '999' } });
    expect(await failureOf(lost.payouts.create(sampleOrder()))).toMatchObject({
      code: 'outcome_unknown',
      httpStatus: 404,
    });
    const { payouts } = await start();
    await payouts.create(sampleOrder());
    expect(await failureOf(payouts.create(sampleOrder()))).toMatchObject({
      code: 'outcome_unknown',
      providerCode: '2005',
      message: expect.stringContaining('“[internal_transaction_id] Duplicated” (code 2005)'),
    });
  });

  it.each([400, 404, 408, 409, 415, 422, 425, 500, 503])('is HTTP %i', async (status) => {
    const { payouts } = await replay('{"success":"false"}', { status });
    expect(await failureOf(payouts.create(sampleOrder()))).toMatchObject({
      code: 'outcome_unknown',
      httpStatus: status,
    });
  });

  it.each([
    ['a code of another kind', { meta: { status: { code: '000' } } }],
    ['no success', { success: undefined }],
    ['no batch', { pay_out: null }],
    ['an empty code', { meta: { status: { code: '' } } }],
  ])('is an answer with %s', async (_name, changes) => {
    const { payouts } = await replay(answerFor('PTEST00000000001', changes));
    expect(await failureOf(payouts.create(sampleOrder()))).toMatchObject({
      code: 'outcome_unknown',
    });
  });
});

it('every fault of payouts and of networks is tried', () => {
  const neither = ['slow', 'auth_401', 'auth_401_echo', 'auth_403_html'];
  const tried = [...Object.keys(refusals), ...Object.keys(doubts), ...neither];
  const submitted = 'boolean_words missing_batch_id processes_twice payout_fails returned';
  const all = [...tried, ...submitted.split(' '), 'stays_pending', 'fails_unfunded'];
  expect(
    Object.keys({ ...payoutFaults, ...transportFaults }).filter((f) => !all.includes(f)),
  ).toEqual([]);
});

describe('the example payee', () => {
  it('is taken by the sandbox', async () => {
    const { provider, running } = await start();
    const payee = alignet.examplePayee;
    if (payee === undefined) throw new Error('expected an example');
    const { name: payeeName, route, fields } = payee;
    expect(payoutsOf(provider).routes.find(({ id }) => id === route)?.currencies).toEqual(['PEN']);
    await payoutsOf(provider).create(sampleOrder({ payeeName, route, fields }));
    expect(running.books()).toHaveLength(1);
  });
});
