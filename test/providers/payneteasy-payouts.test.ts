// PaynetEasy's payouts over real HTTP against its sandbox: what is sent, what is taken, how it ends,
// and what the balances say meanwhile.
import { describe, expect, it } from 'vitest';
import { formatMoney, parseDecimal } from '../../src/money.ts';
import { payneteasy } from '../../src/providers/payneteasy/index.ts';
import {
  balances,
  clock,
  createSandbox,
  open,
  orderOf,
  refusalOf,
  statusOf,
} from './payneteasy-payout-scene.ts';
import { controlKey, show } from './payneteasy-scene.ts';

const sandbox = createSandbox();
const pots = async (provider: Awaited<ReturnType<typeof open>>['provider']) =>
  show((await provider.getBalances()).lines);

describe('a payout', () => {
  it.each(['v4', 'v2'])('%s is taken, processed, and paid after some seconds', async (version) => {
    const { payouts, running } = await open({ settings: { payout_auth: version } });
    const order = orderOf();
    const taken = await payouts.create(order);
    expect(taken).toEqual({
      state: 'submitted',
      providerStatus: 'async-response',
      reference: order.reference,
      providerReference: '6768788',
    });
    expect(running.requests()[0]?.path).toBe(`/paynet/api/${version}/payout/22903`);
    const amount = parseDecimal('100.50', 'USD');
    const facts = { reference: order.reference, providerReference: '6768788', amount };
    expect(await statusOf(payouts, order, '6768788')).toEqual({
      ...facts,
      state: 'submitted',
      providerStatus: 'processing',
    });
    clock.advance(4000);
    const paid = { ...facts, state: 'paid', providerStatus: 'approved' };
    expect(await statusOf(payouts, order, '6768788')).toEqual(paid);
    expect(await statusOf(payouts, order)).toEqual(paid);
  });

  it('v4 sends the documented parameters in the body and OAuth in the header only', async () => {
    const { payouts, running } = await open({ sandbox });
    const order = orderOf({ callbackUrl: 'https://purser.example/hooks/payneteasy' });
    await payouts.create(order);
    const sent = Object.fromEntries(new URLSearchParams(running.requests()[0]?.body));
    expect(sent).toEqual({
      client_orderid: order.reference,
      amount: '100.50',
      currency: 'USD',
      order_desc: 'Invoice 17',
      server_callback_url: 'https://purser.example/hooks/payneteasy',
      account_number: '123412341234',
      first_name: 'Vera',
      last_name: 'Novak',
      bank_name: 'Cool bank',
      bank_branch: 'Branch 1',
      bank_province: 'Some province',
      bank_city: 'Bank city',
    });
  });

  it('v2 sends the OAuth parameters in the body as well', async () => {
    const { payouts, running } = await open({ sandbox, settings: { payout_auth: 'v2' } });
    await payouts.create(orderOf());
    const sent = new URLSearchParams(running.requests()[0]?.body);
    expect(sent.get('oauth_signature_method')).toBe('HMAC-SHA1');
    expect(sent.has('oauth_signature')).toBe(false);
  });

  it('names the order as the vendor’s samples do when that is set', async () => {
    const settings = { order_id_name: 'client-order-id' };
    const { payouts, running } = await open({ sandbox, settings });
    const order = orderOf();
    expect((await payouts.create(order)).state).toBe('submitted');
    expect(running.requests()[0]?.body).toContain(`client-order-id=${order.reference}`);
    expect(running.requests()[0]?.body).not.toContain('client_orderid');
  });

  it('to a card goes out with its token, by another command', async () => {
    const { payouts, running } = await open({ sandbox });
    const order = orderOf({ route: 'card-token', fields: { card_ref: '7654321' } });
    expect((await payouts.create(order)).state).toBe('submitted');
    const [request] = running.requests();
    expect(request?.path).toBe('/paynet/api/v4/transfer-by-ref/22903');
    expect(new URLSearchParams(request?.body).get('destination-card-ref-id')).toBe('7654321');
  });

  it('is not sent to a card in v2, whose command has another signature', async () => {
    const { payouts, running } = await open({ sandbox, settings: { payout_auth: 'v2' } });
    expect(payouts.routes.map(({ id }) => id)).toEqual(['bank']);
    const order = orderOf({ route: 'card-token', fields: { card_ref: '7654321' } });
    expect((await refusalOf(payouts.create(order))).code).toBe('rejected');
    expect(running.requests()).toEqual([]);
  });

  it('of the example payee is taken with what connect() gives', async () => {
    const { payouts, running } = await open({ sandbox });
    const payee = payneteasy.examplePayee;
    if (payee === undefined) throw new TypeError('there is no example payee');
    const { route, currency, fields } = payee;
    const order = orderOf({ route, fields, amount: parseDecimal('1.00', currency) });
    expect((await payouts.create(order)).state).toBe('submitted');
    expect(running.books().at(-1)).toEqual({
      reference: order.reference,
      amount: '1.00',
      currency,
      status: 'processing',
    });
  });
});

describe('an end', () => {
  it.each([
    ['payout_fails', 'failed', 'declined'],
    ['payout_filtered', 'failed', 'filtered'],
    ['payout_error', 'failed', 'error'],
    ['payout_unknown', 'unresolved', 'unknown'],
    ['unknown_status', 'unresolved', 'suspended'],
    ['stays_pending', 'submitted', 'processing'],
  ])('%s is %s', async (name, state, providerStatus) => {
    const { payouts, running } = await open({ sandbox });
    running.switchFault({ name, times: 1 });
    const order = orderOf();
    await payouts.create(order);
    clock.advance(86_400_000);
    const news = await statusOf(payouts, order);
    expect(news).toMatchObject({ state, providerStatus });
    if (state === 'failed') expect(news.reason).toBe('“Refused by the processor” (code 578)');
    if (state === 'unresolved') expect(news.reason).toContain('ask PaynetEasy');
  });

  it('fails_after_success says paid first and failed later', async () => {
    const { payouts, running } = await open({ sandbox });
    running.switchFault({ name: 'fails_after_success', times: 1 });
    const order = orderOf();
    await payouts.create(order);
    clock.advance(4000);
    expect((await statusOf(payouts, order)).state).toBe('paid');
    clock.advance(4000);
    expect((await statusOf(payouts, order)).state).toBe('failed');
  });

  it('not_found_once is not found once', async () => {
    const { payouts, running } = await open({ sandbox });
    running.switchFault({ name: 'not_found_once', times: 1 });
    const order = orderOf();
    await payouts.create(order);
    expect(await statusOf(payouts, order)).toEqual({
      state: 'unresolved',
      providerStatus: 'error',
      reason: 'PaynetEasy gave no order but an error: “Order is not found” (code 3).',
    });
    expect((await statusOf(payouts, order)).state).toBe('submitted');
  });

  it('cannot be asked for with another control key, another login or another endpoint', async () => {
    const order = orderOf();
    await (await open({ sandbox })).payouts.create(order);
    for (const environment of [
      { PAYNETEASY_CONTROL_KEY: `${controlKey}0` },
      { PAYNETEASY_MERCHANT_LOGIN: 'somebody_else' },
      { PAYNETEASY_ENDPOINT_ID: '1' },
    ]) {
      const { payouts } = await open({ sandbox, environment });
      expect((await statusOf(payouts, order)).state).toBe('unresolved');
    }
  });
});

describe('the balance', () => {
  it('keeps a payout in flight, and gives it away when it is paid', async () => {
    const { payouts, provider } = await open();
    expect((await pots(provider))[1]).toMatchObject({
      account: 'US cards',
      available: '18,500.000 USD',
      inFlight: '250.000 USD',
    });
    await payouts.create(orderOf());
    expect((await pots(provider))[1]).toMatchObject({
      available: '18,500.000 USD',
      inFlight: '350.500 USD',
    });
    clock.advance(4000);
    expect((await pots(provider))[1]).toMatchObject({
      available: '18,399.500 USD',
      total: '19,899.500 USD',
      inFlight: '250.000 USD',
    });
  });

  it.each(['payout_fails', 'payout_filtered', 'payout_error'])('%s lets it go', async (name) => {
    const { payouts, provider, running } = await open({ sandbox });
    const before = await pots(provider);
    running.switchFault({ name, times: 1 });
    await payouts.create(orderOf());
    expect(await pots(provider)).not.toEqual(before);
    clock.advance(4000);
    expect(await pots(provider)).toEqual(before);
  });

  it('that cannot cover a payout, or is in no such currency, declines it', async () => {
    const { payouts, provider } = await open();
    const before = await pots(provider);
    for (const [amount, currency] of [
      ['18250.01', 'USD'],
      ['1.00', 'GBP'],
    ] as const) {
      const order = orderOf({ amount: parseDecimal(amount, currency) });
      expect((await payouts.create(order)).state).toBe('submitted');
      clock.advance(4000);
      const { state, reason } = await statusOf(payouts, order);
      expect([state, reason]).toEqual(['failed', '“Insufficient funds” (code 578)']);
    }
    expect(await pots(provider)).toEqual(before);
    const last = orderOf({ amount: parseDecimal('18250.00', 'USD') });
    await payouts.create(last);
    clock.advance(4000);
    expect((await statusOf(payouts, last)).state).toBe('paid');
  });

  it('on which a payout draws is the one that accountFor names', async () => {
    const { payouts, provider } = await open();
    for (const currency of ['EUR', 'USD']) {
      const account = await payouts.accountFor('bank', currency);
      const find = async () =>
        (await provider.getBalances()).lines.find(
          (line) => line.account === account && line.currency === currency,
        )?.amounts.total;
      const before = await find();
      await payouts.create(orderOf({ amount: parseDecimal('10.00', currency) }));
      clock.advance(4000);
      const after = await find();
      if (before === undefined || after === undefined) throw new TypeError('no such balance');
      expect(formatMoney({ ...before, units: before.units - after.units })).toBe(
        `10.000 ${currency}`,
      );
    }
  });

  it('is asked for when the team file names none, and must be the only one', async () => {
    const { payouts, running } = await open({ sandbox, settings: { payout_accounts: {} } });
    expect(await payouts.accountFor('bank', 'USD')).toBe('US cards');
    expect(payouts.accountFor('bank', 'USD')).toBe('US cards');
    expect(running.requests()).toHaveLength(1);
    const several = await refusalOf(
      Promise.resolve().then(() => payouts.accountFor('bank', 'EUR')),
    );
    expect(several).toMatchObject({ code: 'unsupported' });
    expect(several.message).toContain('(EU; EU payouts)');
    expect(several.remedy).toContain('payout_accounts: { EUR: … }');
    const none = await refusalOf(Promise.resolve().then(() => payouts.accountFor('bank', 'SEK')));
    expect(none.message).toBe('PaynetEasy shows no balance in SEK.');
    expect(balances).toHaveLength(3);
  });
});
