// The payout half of Alignet's sandbox: it takes the documented sample, refuses what breaks a
// documented rule, and its balances and books show what was really ordered.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { payoutFaults } from '../../src/providers/alignet/sandbox-payouts.ts';
import { sample, sampleOrder, startPayouts } from './alignet-payout-scene.ts';
import { failureOf, toTexts } from './start-client.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(changes: Parameters<typeof startPayouts>[0] = {}) {
  const started = await startPayouts(changes);
  closers.push(started.close);
  const { running, secret, provider } = started;
  const post = async (body: unknown, changed: { path?: string; headers?: object } = {}) => {
    const response = await fetch(running.origin + (changed.path ?? sample.request.path), {
      method: 'POST',
      headers: { authorization: secret, 'content-type': 'application/json', ...changed.headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as AnswerBody };
  };
  const firstBalance = async () => toTexts(await provider.getBalances())[0];
  return { ...started, post, firstBalance };
}

interface AnswerBody extends Record<string, unknown> {
  readonly success: string;
  readonly pay_out: { readonly id: string; readonly payments: unknown };
  readonly meta: { readonly status: { code: string; message: string }; readonly metrics: object };
}

/** The sample with one thing changed, at a path like `pay_out.payments.0.amount`. */
function bent(path: string, value: unknown): Record<string, unknown> {
  const body = structuredClone<unknown>(sample.request.body) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let place = body;
  for (const key of keys) place = place[key] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return body;
}

describe('the documented sample', () => {
  it('is taken unchanged by payfac 1234, with the documented answer but for id and times', async () => {
    const { post, running } = await start();
    const { status, body } = await post(sample.request.body);
    expect(status).toBe(200);
    expect(body.pay_out.id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(Object.keys(body.meta.metrics)).toEqual(['aggregate']);
    const timeless = (answer: Record<string, unknown>) => ({
      ...answer,
      pay_out: { ...(answer['pay_out'] as object), id: '' },
      meta: { ...(answer['meta'] as object), metrics: '' },
    });
    expect(timeless(body)).toEqual(timeless(sample.response));
    expect(running.books()).toEqual([
      {
        reference: '123e4567-e89b-12d3-a456-426614174000',
        amount: '125.00',
        currency: 'PEN',
        status: 'IN_PROGRESS',
      },
    ]);
  });

  it('comes out of the sample balance', async () => {
    const { post, provider } = await start({ environment: { ALIGNET_PAYFAC_ID: '1234' } });
    await post(sample.request.body);
    expect(toTexts(await provider.getBalances())).toEqual([
      'Banco Continental | PEN | 9,875.00000 PEN',
    ]);
  });

  it('is taken with the table’s spelling of the e-mail address, and without what is optional', async () => {
    const { post, running } = await start();
    const payments = sample.request.body.pay_out.payments.map(
      ({ amount_usd, user, currency, payee, ...rest }) => {
        const { email_address, last_name, department, phone, ...needed } = payee;
        return { ...rest, payee: { ...needed, email_addres: email_address } };
      },
    );
    const answer = await post({
      ...sample.request.body,
      pay_out: { ...sample.request.body.pay_out, payments },
    });
    expect(answer.body.success).toBe('true');
    expect(running.books()).toHaveLength(1);
  });
});

const payment = 'pay_out.payments.0';
const broken: [string, unknown][] = [
  ['action', 'payout'],
  ['action', undefined],
  ['pay_out', undefined],
  ['pay_out.name', ''],
  ['pay_out.country', 'PE'],
  ['pay_out.currency', '604'],
  ['pay_out.payments', []],
  ['pay_out.status', 'new'],
  [`${payment}.internal_transaction_id`, undefined],
  [`${payment}.payment_date`, '11/03/2022'],
  [`${payment}.payment_date`, '2022-02-30'],
  [`${payment}.amount`, undefined],
  [`${payment}.amount`, '12500000'],
  [`${payment}.amount`, 125.5],
  [`${payment}.amount`, 0],
  [`${payment}.amount`, -1],
  [`${payment}.payee.bank_name`, undefined],
  [`${payment}.payee.first_name`, ''],
  [`${payment}.payee.email_address`, undefined],
  [`${payment}.payee.account_type`, undefined],
  [`${payment}.payee.account_number`, '1004-0404'],
  [`${payment}.payee.account_number`, 10040404000400],
  [`${payment}.payee.cci_number`, 'CCI'],
  [`${payment}.payee.identity_document_country`, 'PER'],
  [`${payment}.payee.identity_document_type`, undefined],
  [`${payment}.payee.identity_document_identifier`, '44998831X'],
  [`${payment}.payee.phone.subscriber`, '+51 967'],
  [`${payment}.payee.iban`, 'PE00'],
];

describe('the rules', () => {
  it.each(broken)('refuse %s = %j with its place', async (path, value) => {
    const { post, running } = await start();
    const { status, body } = await post(bent(path, value));
    expect(status).toBe(422);
    expect(body.success).toBe('false');
    expect(body.meta.status.code).toBe('422');
    const place = path.replace(/\.(?:status|iban)$/, '').replace('.email_address', '');
    expect(body.meta.status.message).toContain(place);
    expect(running.books()).toEqual([]);
  });

  it('want the CCI in Peru, and elsewhere not', async () => {
    const { post } = await start();
    const path = `${payment}.payee.cci_number`;
    expect((await post(bent(path, undefined))).body.meta.status.message).toContain('cci_number');
    const body = bent(path, undefined);
    (body['pay_out'] as Record<string, unknown>)['country'] = 'CHL';
    expect((await post(body)).status).toBe(200);
  });

  it('want JSON, a POST, a payfac and the credentials', async () => {
    const { post, running, secret } = await start();
    const { body } = sample.request;
    expect((await post('{"action":')).status).toBe(422);
    expect((await post(body, { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect((await post(body, { path: '/onboarding/payfac/999/payouts' })).status).toBe(404);
    expect((await post(body, { path: `${sample.request.path}/monnet` })).status).toBe(404);
    expect((await post(body, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401);
    const headers = { authorization: secret };
    const got = await fetch(running.origin + sample.request.path, { headers });
    expect(got.status).toBe(405);
    expect(running.books()).toEqual([]);
  });

  it('take several payments at once, each by itself', async () => {
    const { post, running } = await start();
    const [first] = sample.request.body.pay_out.payments;
    const payments = [
      { ...first, internal_transaction_id: 'one' },
      { ...first, internal_transaction_id: 'two', amount: 999_999_999_999 },
      { ...first, internal_transaction_id: 'three' },
    ];
    const { body } = await post(bent('pay_out.payments', payments));
    expect(body.pay_out.payments).toEqual([
      { internal_transaction_id: 'one', is_valid: 'true' },
      { internal_transaction_id: 'two', is_valid: 'false' },
      { internal_transaction_id: 'three', is_valid: 'true' },
    ]);
    expect(running.books().map(({ reference }) => reference)).toEqual(['one', 'three']);
  });

  it('refuse one reference twice, in one request too', async () => {
    const { post, running } = await start();
    const [first] = sample.request.body.pay_out.payments;
    const twice = await post(bent('pay_out.payments', [first, first]));
    expect(twice.body.meta.status.code).toBe('2005');
    expect(running.books()).toEqual([]);
    await post(sample.request.body);
    expect((await post(sample.request.body)).body.meta.status.code).toBe('2005');
    expect(running.books()).toHaveLength(1);
  });
});

describe('the money', () => {
  const before = 'Banco Continental | PEN | 465,235.35000 PEN';
  const less = 'Banco Continental | PEN | 465,110.35000 PEN';

  it('leaves the account that the payout is said to draw on, and no other', async () => {
    const { payouts, provider, running, clock } = await start();
    const account = await payouts.accountFor('pe-bank', 'PEN');
    await payouts.create(sampleOrder());
    const { lines } = await provider.getBalances();
    expect(lines.find((line) => line.account === account)?.note).toBe(
      'income 3,184,275.50000, expenditure 2,719,165.15000',
    );
    expect(toTexts({ lines, failures: [] })).toEqual([
      less,
      'Banco de Credito | USD | 681.20000 USD',
      'Interbank | PEN | 721,312.75000 PEN',
    ]);
    expect(running.books()[0]?.status).toBe('IN_PROGRESS');
    clock.advance(4000);
    expect(running.books()[0]?.status).toBe('SUCCESS');
  });

  it('is the same at the scale of cents', async () => {
    const { payouts, running, firstBalance } = await start({ options: { amountDecimals: 2 } });
    await payouts.create(sampleOrder({ amount: { units: 1n, decimals: 2, currency: 'PEN' } }));
    expect(await firstBalance()).toBe('Banco Continental | PEN | 465,235.34 PEN');
    expect(running.books()[0]?.amount).toBe('0.01');
  });

  it('can be all that there is, and not a cent more', async () => {
    const { payouts, firstBalance } = await start();
    const amount = (units: bigint) => ({ amount: { units, decimals: 2, currency: 'PEN' } });
    await payouts.create(sampleOrder(amount(46_523_535n)));
    expect(await firstBalance()).toBe('Banco Continental | PEN | 0.00000 PEN');
    const more = sampleOrder({ ...amount(1n), reference: 'PTEST00000000002' });
    expect(await failureOf(payouts.create(more))).toMatchObject({ code: 'rejected' });
  });

  const hourMs = 3_600_000;
  it.each([
    ['payout_fails', 3999, 'IN_PROGRESS', less],
    ['payout_fails', 4000, 'REJECTED', before],
    ['returned', 4000, 'SUCCESS', less],
    ['returned', hourMs, 'REVERSED', before],
    ['stays_pending', 9 * hourMs, 'IN_PROGRESS', less],
    ['fails_unfunded', 3999, 'IN_PROGRESS', before],
    ['fails_unfunded', 4000, 'REJECTED', before],
  ])('after %s and %i ms is %s', async (name, ms, status, balance) => {
    const { payouts, running, clock, firstBalance } = await start();
    running.switchFault({ name, times: 1 });
    await payouts.create(sampleOrder());
    clock.advance(ms);
    expect(running.books()).toEqual([
      { reference: 'PTEST00000000001', amount: '125.00', currency: 'PEN', status },
    ]);
    expect(await firstBalance()).toBe(balance);
  });

  it('goes twice where a reference is taken twice, and the books show it', async () => {
    const { payouts, running, firstBalance } = await start();
    await payouts.create(sampleOrder());
    running.switchFault({ name: 'processes_twice', times: 1 });
    await payouts.create(sampleOrder());
    expect(running.books().map(({ reference }) => reference)).toEqual([
      'PTEST00000000001',
      'PTEST00000000001',
    ]);
    expect(await firstBalance()).toBe('Banco Continental | PEN | 464,985.35000 PEN');
  });

  it('is taken whatever the balance under fails_unfunded', async () => {
    const { payouts, running, firstBalance } = await start();
    running.switchFault({ name: 'fails_unfunded', times: 1 });
    const amount = { units: 9_999_999_999_999_999_999n, decimals: 2, currency: 'PEN' };
    await payouts.create(sampleOrder({ amount }));
    expect(running.books()[0]?.amount).toBe('99999999999999999.99');
    expect(await firstBalance()).toBe(before);
  });
});

it('notifies nobody, and every fault is in the README', async () => {
  const { running, payouts, clock } = await start();
  await payouts.create(sampleOrder());
  clock.advance(10_000);
  expect(running.takeWebhooks()).toEqual([]);
  const url = new URL('../../src/providers/alignet/README.md', import.meta.url);
  const readme = readFileSync(url, 'utf8').replace(/ +/g, ' ');
  for (const [name, what] of Object.entries(payoutFaults)) {
    expect(readme).toContain(`| \`${name}\` | ${what} |`);
  }
});
