// What PaynetEasy is asked to pay: the fields of each route, amounts, and what never leaves Purser.
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/money.ts';
import { payneteasy } from '../../src/providers/payneteasy/index.ts';
import type { PayoutOrder } from '../../src/providers/payouts.ts';
import { createSandbox, open, orderOf, refusalOf } from './payneteasy-payout-scene.ts';

const sandbox = createSandbox();

/** The sentence with which the order is refused, after checking that nothing was sent. */
async function mistakeOf(changes: Partial<PayoutOrder>, settings: object = {}): Promise<string> {
  const { payouts, running } = await open({ sandbox, settings });
  const error = await refusalOf(payouts.create(orderOf(changes)));
  expect(error).toMatchObject({ code: 'rejected', operation: 'payout' });
  expect(running.requests()).toEqual([]);
  return error.message.replace('PaynetEasy was not asked: ', '');
}

async function sendingOf(changes: Partial<PayoutOrder>, settings: object = {}) {
  const { payouts, running } = await open({ sandbox, settings });
  expect((await payouts.create(orderOf(changes))).state).toBe('submitted');
  return new URLSearchParams(running.requests()[0]?.body);
}

describe('the route bank', () => {
  const account = { account_number: '123412341234' };

  it('needs an account number alone, for the rest depends on the acquirer', async () => {
    const { payouts } = await open({ sandbox });
    const [bank] = payouts.routes;
    expect(bank?.fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['account_number', true],
      ['first_name', false],
      ['last_name', false],
      ['bank_name', false],
      ['bank_branch', false],
      ['bank_province', false],
      ['bank_city', false],
      ['routing_number', false],
    ]);
    const sent = await sendingOf({ fields: { ...account, bank_city: '' } });
    expect([...sent.keys()].sort()).toEqual([
      'account_number',
      'amount',
      'client_orderid',
      'currency',
      'order_desc',
    ]);
  });

  it.each<readonly [string, Record<string, string>, RegExp]>([
    ['no account number', {}, /^Account number is missing/],
    ['blanks in it', { account_number: '1234 1234' }, /^Account number of the payee is not right/],
    ['too long a number', { account_number: '1'.repeat(35) }, /^Account number .* not right/],
    ['a line break', { ...account, bank_name: 'Cool\nbank' }, /^Bank of the payee is not right/],
    ['a blank at the end', { ...account, first_name: 'Vera ' }, /^First name .* not right/],
    ['an invisible mark', { ...account, last_name: 'No\u202evak' }, /^Last name .* not right/],
    ['too long a text', { ...account, bank_city: 'a'.repeat(129) }, /^City of the bank .* not/],
    ['a routing number', { ...account, routing_number: '02 1' }, /^Routing number .* not right/],
    ['an unknown field', { ...account, amount: '1' }, /^Bank account has no field amount/],
    ['a card', { credit_card_number: '4444333322221111' }, /has no field credit_card_number/],
  ])('refuses %s', async (_what, fields, sentence) => {
    expect(await mistakeOf({ fields })).toMatch(sentence);
  });

  it.each([
    ['first_name', "Zoë-Ann O'Neil 李"],
    ['bank_name', 'A & B = C + 100% (¡sí!) *'],
    ['routing_number', '021000021'],
    ['account_number', 'DE89370400440532013000'],
  ])('carries %s as it is', async (name, value) => {
    expect((await sendingOf({ fields: { ...account, [name]: value } })).get(name)).toBe(value);
  });

  it('has what the team file adds, and needs what it calls required', async () => {
    const settings = { payout_fields: { bank: { routing_number: 'required', iban: 'optional' } } };
    expect(await mistakeOf({ fields: account }, settings)).toMatch(/^Routing number is missing/);
    const fields = { ...account, routing_number: '021000021', iban: 'DE89370400440532013000' };
    expect((await sendingOf({ fields }, settings)).get('iban')).toBe('DE89370400440532013000');
    const [bank] = (await open({ sandbox, settings })).payouts.routes;
    expect(bank?.fields.at(-1)).toMatchObject({
      name: 'iban',
      label: 'Iban',
      isRequired: false,
      isAccountNumber: true,
    });
    expect(await mistakeOf({ fields }, {})).toMatch(/has no field iban/);
  });

  it.each([
    'client_orderid',
    'amount',
    'server_callback_url',
    'control',
    'oauth_token',
    'credit_card_number',
    'card_printed_name',
    'cvv2',
    'expire_month',
    'Account',
    'destination-card-no',
  ])('has no place for %s', (name) => {
    const parse = (fields: object) =>
      payneteasy.settings.safeParse({ payout_fields: { bank: fields } });
    expect(parse({ [name]: 'optional' }).success).toBe(false);
    expect(parse({ purpose: 'optional' }).success).toBe(true);
  });
});

describe('the route card-token', () => {
  const route = 'card-token';

  it.each<readonly [string, Record<string, string>, RegExp]>([
    ['no token', {}, /^Card reference is missing/],
    ['a card number', { card_ref: '4444333322221111' }, /^Card reference .* not right/],
    ['a long card number', { card_ref: '4444333322221111222' }, /^Card reference .* not right/],
    ['a card number in blocks', { card_ref: '4444 3333 2222 1111' }, /^Card reference .* not/],
    ['a card number in rows', { card_ref: '4444-3333-2222-1111' }, /^Card reference .* not/],
    ['too long a token', { card_ref: 'a'.repeat(21) }, /^Card reference .* not right/],
    ['a bank field', { card_ref: '7654321', bank_name: 'A' }, /has no field bank_name/],
  ])('refuses %s', async (_what, fields, sentence) => {
    expect(await mistakeOf({ route, fields })).toMatch(sentence);
  });

  it.each(['7654321', 'a'.repeat(20)])('takes %s', async (token) => {
    const sent = await sendingOf({ route, fields: { card_ref: token } });
    expect(sent.get('destination-card-ref-id')).toBe(token);
    expect(sent.has('card_ref')).toBe(false);
  });
});

describe('an amount', () => {
  it.each([
    ['0.01', '0.01'],
    ['10.5', '10.50'],
    ['100', '100.00'],
    ['9999999.99', '9999999.99'],
    ['1.500', '1.50'],
    ['1e3', '1000.00'],
  ])('%s goes out as %s, never as a float', async (amount, text) => {
    const fund = { ...createSandbox() };
    const { payouts, running } = await open({ sandbox: fund });
    await payouts.create(orderOf({ amount: parseDecimal(amount, 'USD') }));
    expect(new URLSearchParams(running.requests()[0]?.body).get('amount')).toBe(text);
  });

  it.each([
    ['0', 'USD', 'must be more than zero'],
    ['-1.00', 'USD', 'must be more than zero'],
    ['0.001', 'USD', 'Nearest: 0.00 USD or 0.01 USD'],
    ['10.505', 'USD', 'Nearest: 10.50 USD or 10.51 USD'],
    ['10000000.00', 'USD', 'at most 10 characters'],
    ['99999999999999999.99', 'USD', 'at most 10 characters'],
    ['1000', 'JPY', 'does not pay JPY'],
    ['1000', 'KWD', 'does not pay KWD'],
    ['1000', 'USDT', 'does not pay USDT'],
  ])('of %s %s is refused', async (amount, currency, sentence) => {
    expect(await mistakeOf({ amount: parseDecimal(amount, currency) })).toContain(sentence);
  });

  it('has two decimals where ISO 4217 and use agree, and else no payout', async () => {
    const { payouts } = await open({ sandbox });
    for (const { currencies } of payouts.routes) {
      expect(currencies.map((currency) => payouts.decimalsOf(currency))).toEqual(
        currencies.map(() => 2),
      );
      for (const currency of ['AUD', 'USD', 'RUB']) expect(currencies).toContain(currency);
    }
    for (const currency of ['JPY', 'KWD', 'IDR', 'COP', 'usd', '']) {
      expect(payouts.decimalsOf(currency)).toBeUndefined();
    }
  });
});

describe('the rest of an order', () => {
  it.each<readonly [string, Partial<PayoutOrder>, string]>([
    ['an unknown route', { route: 'wire' }, 'It has no such route here.'],
    ['a reference with a blank', { reference: 'PRS 1' }, 'The reference has something other'],
    ['too long a note', { note: 'a'.repeat(65) }, 'The note has up to 64'],
    ['a note with other letters', { note: 'Zahlung für A' }, 'The note has up to 64'],
  ])('%s is refused', async (_what, changes, sentence) => {
    expect(await mistakeOf(changes)).toContain(sentence);
  });

  it.each([
    ['https://purser.example/hooks', true],
    ['https://purser.example:8443/hooks', true],
    ['http://127.0.0.1:50123/hooks', true],
    ['https://purser.example:3000/hooks', false],
    [`https://purser.example/${'a'.repeat(128)}`, false],
  ])('the callback address %s goes out: %s', async (callbackUrl, isSent) => {
    const { payouts, running, log } = await open({ sandbox });
    await payouts.create(orderOf({ callbackUrl }));
    const sent = new URLSearchParams(running.requests()[0]?.body).get('server_callback_url');
    expect(sent).toBe(isSent ? callbackUrl : null);
    expect(log.lines.some(({ level }) => level === 'warn')).toBe(!isSent);
  });
});
