// Payouts at PayCross over real HTTP: what is sent, what the answers mean, and how the money goes.
// What is in doubt is in paycross-payout-doubts.test.ts. Fixtures: fixtures/paycross.
import { describe, expect, it } from 'vitest';
import {
  apmOrder,
  cardOrder,
  families,
  iban,
  keyOf,
  readSample,
  replayPayouts,
  startPayouts,
  token,
  transactionOf,
} from './paycross-payout-scene.ts';

const cardSample = readSample('card-payout');
const apmSample = readSample('apm-payout');

describe('the request', () => {
  it('is the documented card sample, with a token for its number', async () => {
    const { request } = cardSample.request;
    const { answer } = cardSample;
    const accounts = [{ api: 'card', currency: 'USD' }];
    const names = 'holder exp_month exp_year email birth_date first_name last_name country city';
    const all = `${names} state zip address phone`.split(' ');
    const settings = {
      accounts,
      test: true,
      payout_fields: { card: Object.fromEntries(all.map((name) => [name, 'required'])) },
    };
    const { payouts, asked } = await replayPayouts(answer, 200, settings);
    const billing = Object(request['recipient_billing_address']);
    const { ip: _ip, ...recipient } = Object(request['recipient']);
    const { number: _number, ...card } = Object(request['recipient_credit_card']);
    const news = await payouts.create(
      cardOrder({
        reference: 'tracking_id_000',
        amount: { units: 100n, decimals: 2, currency: 'USD' },
        note: 'Test transaction',
        callbackUrl: 'https://merchant.example/hooks/paycross',
        fields: { card_token: token, ...card, ...recipient, ...billing },
      }),
    );
    const { language: _language, ...rest } = request;
    expect(JSON.parse(String(asked[0]?.body))).toEqual({
      request: { ...rest, recipient, recipient_credit_card: { token, ...card } },
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/transactions/payouts' });
    expect(asked[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('42:synthetic-key').toString('base64')}`,
      accept: 'application/json',
      'content-type': 'application/json',
      'x-api-version': '2',
    });
    expect(news).toEqual({
      state: 'submitted',
      providerStatus: 'successful',
      providerReference: '1-310b0da80b',
      reference: 'tracking_id_000',
      amount: { units: 100n, decimals: 2, currency: 'USD' },
      reason: 'Successfully processed',
    });
  });

  it('goes to the APM API below its base URL, at the documented plural', async () => {
    const order = apmOrder({ callbackUrl: 'https://purser.example/hooks/paycross' });
    const { payouts, asked } = await replayPayouts({ transaction: transactionOf(order) });
    await payouts.create(order);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/beyag/transactions/payouts' });
    expect(String(asked[0]?.body)).toBe(
      '{"request":{"amount":12550,"currency":"EUR","description":"Invoice 4711",' +
        '"tracking_id":"PTEST00000000001",' +
        '"notification_url":"https://purser.example/hooks/paycross",' +
        `"method":{"type":"bank_transfer","account_number":"${iban}"},` +
        '"customer":{"first_name":"Jonas","last_name":"Weber"}}}',
    );
  });

  it('goes to the singular of the SDK where the team file says so, which the sandbox takes too', async () => {
    const started = await startPayouts();
    const settings = {
      ...Object(started.running.settings),
      apm_payout_path: '/transactions/payout',
    };
    const { payouts, running } = await startPayouts({ settings });
    await payouts.create(apmOrder());
    expect(running.requests()[0]?.path).toBe('/beyag/transactions/payout');
    expect(running.books()).toHaveLength(1);
  });

  it.each([
    [9_999_999_999_999_999_999n, '9999999999999999999'],
    [1n, '1'],
  ])('carries %s minor units to the last digit', async (units, digits) => {
    const order = cardOrder({ amount: { units, decimals: 2, currency: 'USD' } });
    const answer = JSON.stringify({ transaction: transactionOf(order, { amount: 0 }) });
    const { payouts, asked } = await replayPayouts(
      answer.replace('"amount":0', `"amount":${digits}`),
    );
    const news = await payouts.create(order);
    expect(String(asked[0]?.body)).toContain(`"amount":${digits},`);
    expect(news).toMatchObject({ state: 'submitted', amount: { units, decimals: 2 } });
  });
});

describe('the documented samples', () => {
  it.each([
    ['card', '/transactions/payouts', cardSample],
    ['APM', '/beyag/transactions/payouts', apmSample],
    ['APM singular', '/beyag/transactions/payout', apmSample],
  ])('of %s are what the sandbox takes and answers', async (_name, path, sample) => {
    const { running, available } = await startPayouts();
    const { PAYCROSS_SHOP_ID: id, PAYCROSS_SECRET_KEY: key } = running.environment;
    const response = await fetch(running.origin + path, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(sample.request),
    });
    expect(response.status).toBe(200);
    const { transaction } = JSON.parse(await response.text());
    const documented = sample.answer.transaction;
    for (const name of ['type', 'status', 'amount', 'currency'] as const) {
      expect(transaction[name]).toBe(documented[name]);
    }
    expect(transaction.tracking_id).toBe(sample.request.request['tracking_id']);
    expect(transaction).toMatchObject({ uid: expect.stringMatching(/^[12]-[0-9a-f]{10}$/) });
    const missing = Object.keys(documented).filter((name) => !(name in transaction));
    expect(missing).toEqual([]);
    for (const section of ['recipient_credit_card', 'payout', 'method']) {
      const inner = Object.keys(Object(documented[section]));
      expect(Object.keys(Object(transaction[section]))).toEqual(expect.arrayContaining(inner));
    }
    // A test moves no money.
    expect(await available('card USD')).toBe(128_435_075n);
  });
});

describe.each(families)('a payout of the $api API', ({ api, order }) => {
  const account = api === 'card' ? 'card USD' : 'APM gateway 1234 EUR';
  const before = api === 'card' ? 128_435_075n : 30_511_900n;

  it('is submitted, then paid, and takes its amount from the line that it names', async () => {
    const { payouts, clock, running, available } = await startPayouts();
    const mine = order();
    expect(payouts.accountFor(mine.route, mine.amount.currency)).toBe(account);
    expect(await available(account)).toBe(before);
    const taken = await payouts.create(mine);
    const open = api === 'card' ? 'incomplete' : 'pending';
    expect(taken).toMatchObject({
      state: 'submitted',
      providerStatus: open,
      reference: mine.reference,
      amount: mine.amount,
    });
    expect(await available(account)).toBe(before - 12_550n);
    const key = { ...keyOf(mine), providerReference: taken.providerReference ?? '' };
    expect(await payouts.getStatus(key)).toEqual(taken);
    clock.advance(6_000);
    expect(await payouts.getStatus(key)).toEqual({
      ...taken,
      state: 'paid',
      providerStatus: 'successful',
      reason: 'Successfully processed',
    });
    expect(await available(account)).toBe(before - 12_550n);
    const { currency } = mine.amount;
    const status = 'successful';
    expect(running.books()).toEqual([
      { reference: mine.reference, amount: '125.50', currency, status },
    ]);
  });

  it.each([
    ['payout_fails', 'failed', 'failed'],
    ['payout_expires', 'expired', api === 'apm' ? 'failed' : 'unresolved'],
    ['payout_deleted', 'deleted', api === 'apm' ? 'failed' : 'unresolved'],
  ])('by the switch %s ends as %s, and the money comes back', async (name, word, state) => {
    const { payouts, clock, running, available } = await startPayouts();
    running.switchFault({ name, times: 1 });
    expect((await payouts.create(order())).state).toBe('submitted');
    expect(await available(account)).toBe(before - 12_550n);
    clock.advance(6_000);
    expect(await payouts.getStatus(keyOf(order()))).toMatchObject({ state, providerStatus: word });
    expect(await available(account)).toBe(before);
  });

  it('by the switch unknown_status stays unresolved, in PayCross’s words', async () => {
    const { payouts, clock, running } = await startPayouts();
    running.switchFault({ name: 'unknown_status', times: 1 });
    await payouts.create(order());
    clock.advance(6_000);
    const news = await payouts.getStatus(keyOf(order()));
    expect(news).toMatchObject({ state: 'unresolved', providerStatus: 'postponed' });
  });

  it('may say that it failed after it said that it was paid', async () => {
    const { payouts, clock, running, available } = await startPayouts();
    running.switchFault({ name: 'fails_after_success', times: 1 });
    await payouts.create(order());
    clock.advance(6_000);
    expect((await payouts.getStatus(keyOf(order()))).state).toBe('paid');
    clock.advance(6_000);
    expect((await payouts.getStatus(keyOf(order()))).state).toBe('failed');
    expect(await available(account)).toBe(before);
  });

  it('may never end', async () => {
    const { payouts, clock, running } = await startPayouts();
    running.switchFault({ name: 'stays_pending', times: 1 });
    await payouts.create(order());
    clock.advance(30 * 24 * 3_600_000);
    expect((await payouts.getStatus(keyOf(order()))).state).toBe('submitted');
  });

  it.each([
    ['payout_declined', 'Payout was declined'],
    ['insufficient_funds', 'Insufficient funds'],
  ])('fails at once on %s, in PayCross’s words', async (name, reason) => {
    const { payouts, running, available } = await startPayouts();
    running.switchFault({ name, times: 1 });
    const news = await payouts.create(order());
    expect(news).toMatchObject({ state: 'failed', providerStatus: 'failed', reason });
    expect(await payouts.getStatus(keyOf(order()))).toEqual(news);
    expect(await available(account)).toBe(before);
  });

  it('above the balance fails, and takes nothing', async () => {
    const { payouts, available } = await startPayouts();
    const amount = { ...order().amount, units: before + 1n };
    expect(await payouts.create(order({ amount }))).toMatchObject({
      state: 'failed',
      reason: 'Insufficient funds',
    });
    expect(await available(account)).toBe(before);
    const all = { ...amount, units: before };
    expect((await payouts.create(order({ amount: all, reference: 'PTEST2' }))).state).toBe(
      'submitted',
    );
    expect(await available(account)).toBe(0n);
  });
});

describe('questions', () => {
  it('become rarer with the age of the payout', async () => {
    const { payouts } = await startPayouts();
    const minute = 60_000;
    const ages = [0, minute - 1, minute, 10 * minute, 60 * minute, 9999 * minute];
    expect(ages.map(payouts.pollAfterMs)).toEqual([
      5_000, 5_000, 30_000, 300_000, 1_800_000, 1_800_000,
    ]);
    expect(payouts.returnWindowMs).toBe(0);
  });

  it.each(families)('of the $api API go by tracking_id', async ({ api, order }) => {
    const { payouts, asked } = await replayPayouts({ transactions: [] });
    await payouts.getStatus({ ...keyOf(order()), reference: 'A/b?1' });
    const prefix = api === 'card' ? '/v2' : '/beyag';
    expect(asked[0]).toMatchObject({
      method: 'GET',
      path: `${prefix}/transactions/tracking_id/A%2Fb%3F1`,
    });
    expect(asked[0]?.headers['x-api-version']).toBe('2');
  });

  it.each(families)(
    'of the $api API by uid are answered by the sandbox',
    async ({ api, order }) => {
      const { payouts, running } = await startPayouts();
      const { providerReference } = await payouts.create(order());
      const { PAYCROSS_SHOP_ID: id, PAYCROSS_SECRET_KEY: key } = running.environment;
      const authorization = `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`;
      const ask = async (uid: string) => {
        const url = `${running.origin}${api === 'apm' ? '/beyag' : ''}/transactions/${uid}`;
        const response = await fetch(url, { headers: { authorization } });
        return { status: response.status, body: JSON.parse(await response.text()) };
      };
      const known = await ask(providerReference ?? '');
      expect(known).toMatchObject({
        status: 200,
        body: { transaction: { uid: providerReference } },
      });
      const unknown =
        api === 'card' ? { response: { message: 'Record not found' } } : { message: 'Not found.' };
      expect(await ask('9-00')).toEqual({ status: 404, body: unknown });
    },
  );
});
