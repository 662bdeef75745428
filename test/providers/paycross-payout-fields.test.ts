// The fields of payees at PayCross: what each route asks for, what the team file adds.
import { describe, expect, it } from 'vitest';
import { paycross } from '../../src/providers/paycross/index.ts';
import { createPaycrossSandbox } from '../../src/providers/paycross/sandbox.ts';
import type { PayeeField } from '../../src/providers/payouts.ts';
import { createFakeClock } from '../support.ts';
import {
  apmOrder,
  cardOrder,
  createDeps,
  keys,
  startPayouts,
  token,
} from './paycross-payout-scene.ts';
import { configErrorOf, failureOf } from './start-client.ts';

const cardNames = 'holder exp_month exp_year email birth_date first_name last_name country city';
const allCardFields = `${cardNames} state zip address phone`.split(' ');
const allCustomerFields =
  'first_name middle_name last_name country city zip address phone email birth_date taxpayer_id'.split(
    ' ',
  );
const need = (names: readonly string[]) =>
  Object.fromEntries(names.map((one) => [one, 'required']));

const sepa = {
  id: 'sepa',
  type: 'bank_transfer',
  label: 'Euro area, bank account',
  currencies: ['EUR'],
  fields: [
    {
      name: 'account_number',
      label: 'IBAN',
      help: 'Like DE89370400440532013000.',
      pattern: '[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}',
      length_max: 34,
      account_number: true,
    },
  ],
};
const accounts = [
  { api: 'card', currency: 'USD' },
  { api: 'apm', gateway: 1234, currency: 'EUR' },
];

const full = {
  accounts,
  payout_fields: { card: need(allCardFields) },
  payout_methods: [{ ...sepa, customer: need(allCustomerFields) }],
};

function isRight(field: PayeeField | undefined, value: string): boolean {
  if (field === undefined) throw new Error('expected a field');
  return value.length <= field.lengthMax && new RegExp(field.pattern, 'u').test(value);
}

/** Name, values that are right, values that are not. */
const shared: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['first_name', ['John', 'José María', 'x'.repeat(30)], ['', ' John', 'x'.repeat(31), 'a\nb']],
  ['last_name', ['Doe', 'Łukasiewicz'], ['x'.repeat(31)]],
  ['country', ['US'], ['us', 'USA', 'U']],
  ['city', ['Denver'], ['x'.repeat(61)]],
  ['zip', ['96002'], ['', ' ']],
  ['address', ['1st Street'], ['x'.repeat(256)]],
  ['phone', ['+16123456789', '6123456789'], ['call me', '+', '1'.repeat(21)]],
  ['email', ['john@example.com'], ['john', 'john@', 'john@ex ample.com', 'a@b@c']],
  ['birth_date', ['1980-01-31'], ['31.01.1980', '1980-13-01', '1980-1-1']],
];

describe('the card route', () => {
  it.each([
    ['card_token', [token, 'a1b2c3d4'], ['4111111111111111', '4111 1111 1111 1111', 'short1', '']],
    ['card_token', ['tok_4111-1111-1111-1111'], ['4111-1111-1111-1111', 'with blank 1234']],
    ['holder', ['John Doe', 'x'.repeat(32)], ['x'.repeat(33), ' John']],
    ['exp_month', ['01', '12'], ['1', '13', '00']],
    ['exp_year', ['2027'], ['27', '1999']],
    ['state', ['CO'], ['']],
    ...shared,
  ] as const)('takes for %s %j, and not %j', async (name, right, wrong) => {
    const { payouts } = await startPayouts({ settings: full });
    const field = payouts.routes[0]?.fields.find((one) => one.name === name);
    expect(right.filter((value) => !isRight(field, value))).toEqual([]);
    expect(wrong.filter((value) => isRight(field, value))).toEqual([]);
    // What the route takes, the sandbox takes as well.
    const names = payouts.routes[0]?.fields.map((one) => one.name) ?? [];
    const good = Object.fromEntries(names.map((one) => [one, goodValues[one] ?? '']));
    const fields = { ...good, [name]: right[0] };
    expect((await payouts.create(cardOrder({ fields }))).state).toBe('submitted');
  });

  it('asks for a token, and lets the holder be left out', async () => {
    const { payouts } = await startPayouts();
    const [route] = payouts.routes;
    expect(route?.fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['card_token', true],
      ['holder', false],
    ]);
    expect(route?.fields[0]).toMatchObject({ isAccountNumber: true });
    expect((await payouts.create(cardOrder({ fields: { card_token: token } }))).state).toBe(
      'submitted',
    );
  });

  it.each([
    [{ card_token: '4111111111111111' }, 'Card token of the payee is not right.'],
    [{ card_token: '' }, 'Card token is missing from the payee.'],
    [{}, 'Card token is missing from the payee.'],
    [{ card_token: token, holder: 'x'.repeat(33) }, 'Card holder of the payee is not right.'],
    [{ card_token: token, number: '4111111111111111' }, 'Card, by its token has no field number.'],
  ])('refuses %o before anything is sent, without quoting it', async (fields, words) => {
    const { payouts, running } = await startPayouts();
    const error = await failureOf(payouts.create(cardOrder({ fields: { ...fields } })));
    expect(error).toMatchObject({ code: 'rejected', message: expect.stringContaining(words) });
    expect(error.message).not.toContain('4111');
    expect(running.requests()).toEqual([]);
  });

  it.each([
    [{ reference: 'A;B' }, 'no semicolon'],
    [{ reference: '' }, '1 to 255 characters'],
    [{ note: '' }, 'The note needs'],
    [{ note: 'x'.repeat(256) }, 'The note needs'],
    [{ route: 'apm-none' }, 'There is no route apm-none.'],
  ])('refuses the order %o', async (changes, words) => {
    const { payouts, running } = await startPayouts();
    const error = await failureOf(payouts.create(cardOrder(changes)));
    expect(error).toMatchObject({ code: 'rejected', message: expect.stringContaining(words) });
    expect(running.requests()).toEqual([]);
  });
});

describe('an APM route', () => {
  it.each([
    [
      'account_number',
      ['DE89370400440532013000'],
      ['DE89', 'de89370400440532013000', 'XDE89370400440532013000X'.repeat(2)],
    ],
    ['middle_name', ['Allan'], ['x'.repeat(31)]],
    ['taxpayer_id', ['123.456.789-09'], ['x'.repeat(65), ' 1']],
    ...shared,
  ] as const)('takes for %s %j, and not %j', async (name, right, wrong) => {
    const { payouts } = await startPayouts({ settings: full });
    const field = payouts.routes[1]?.fields.find((one) => one.name === name);
    expect(right.filter((value) => !isRight(field, value))).toEqual([]);
    expect(wrong.filter((value) => isRight(field, value))).toEqual([]);
  });

  it('is sent with every field in its place', async () => {
    const { payouts, running } = await startPayouts({ settings: full });
    const fields = Object.fromEntries(
      (payouts.routes[1]?.fields ?? []).map(({ name }) => [name, goodValues[name] ?? '']),
    );
    expect((await payouts.create(apmOrder({ fields }))).state).toBe('submitted');
    const { request } = JSON.parse(running.requests()[0]?.body ?? '');
    const { account_number, ...customer } = fields;
    expect(request.method).toEqual({ type: 'bank_transfer', account_number });
    expect(request.customer).toEqual(customer);
  });

  it('has the pattern of the team file anchored, whatever is in it', async () => {
    const fields = [{ ...sepa.fields[0], pattern: 'A{8}|B{8}' }];
    const { payouts } = await startPayouts({
      settings: { ...full, payout_methods: [{ ...sepa, fields }] },
    });
    const field = payouts.routes[1]?.fields[0];
    expect(isRight(field, 'AAAAAAAA')).toBe(true);
    expect(isRight(field, 'AAAAAAAAB')).toBe(false);
    expect(isRight(field, 'xBBBBBBBB')).toBe(false);
    expect(field).toMatchObject({ isAccountNumber: true, isRequired: true, label: 'IBAN' });
  });
});

const goodValues: Readonly<Record<string, string>> = {
  card_token: token,
  holder: 'John Doe',
  exp_month: '12',
  exp_year: '2027',
  first_name: 'John',
  middle_name: 'Allan',
  last_name: 'Doe',
  country: 'US',
  city: 'Denver',
  state: 'CO',
  zip: '96002',
  address: '1st Street',
  phone: '+16123456789',
  email: 'john@example.com',
  birth_date: '1980-01-31',
  taxpayer_id: '12345678909',
  account_number: 'DE89370400440532013000',
};

describe('the team file', () => {
  const issueOf = (settings: object) => {
    const [issue] = paycross.settings.safeParse({ accounts, ...settings }).error?.issues ?? [];
    return [issue?.path.join('.'), issue?.message];
  };
  const withField = (changes: object) => ({
    payout_methods: [{ ...sepa, fields: [{ ...sepa.fields[0], ...changes }] }],
  });

  it.each([
    [{ payout_fields: { card: { number: 'required' } } }, 'payout_fields.card', 'number'],
    [{ payout_fields: { card: { holder: true } } }, 'payout_fields.card.holder', 'required or opt'],
    [{ payout_fields: { crad: {} } }, 'payout_fields', 'crad'],
    [{ payout_methods: [sepa, sepa] }, 'payout_methods.1.id', 'the same id'],
    [{ payout_methods: [{ ...sepa, id: 'A b' }] }, 'payout_methods.0.id', 'short name'],
    [{ payout_methods: [{ ...sepa, type: '' }] }, 'payout_methods.0.type', 'bank_transfer'],
    [{ payout_methods: [{ ...sepa, country: 'Germany' }] }, 'payout_methods.0.country', 'DE'],
    [{ payout_methods: [{ ...sepa, currencies: [] }] }, 'payout_methods.0.currencies', 'EUR'],
    [withField({ name: 'type' }), 'payout_methods.0.fields.0.name', 'type'],
    [withField({ name: 'Account' }), 'payout_methods.0.fields.0.name', 'account_number'],
    [withField({ pattern: '[' }), 'payout_methods.0.fields.0.pattern', 'regular expression'],
    [withField({ account_number: undefined }), 'payout_methods.0.fields.0.account_number', 'true'],
    [
      { payout_methods: [{ ...sepa, customer: { account_number: 'required' } }] },
      'payout_methods.0.customer',
      'account_number',
    ],
    [
      {
        payout_methods: [
          {
            ...sepa,
            customer: { zip: 'optional' },
            fields: [{ ...sepa.fields[0], name: 'zip' }],
          },
        ],
      },
      'payout_methods.0.fields.0.name',
      'the same name',
    ],
    [{ apm_payout_path: '/payouts' }, 'apm_payout_path', '/transactions/payouts'],
    [{ test: 'yes' }, 'test', 'boolean'],
  ])('is told what is wrong in %j', (settings, path, words) => {
    const [where, message] = issueOf(settings);
    expect(where).toBe(path);
    expect(message).toContain(words);
  });

  it.each([
    ['USD', 'not exactly one APM account is listed'],
    ['IDR', 'how many decimals it has at PayCross is not documented'],
  ])('cannot let a method pay %s without its one account', (currency, words) => {
    const { environment } = createPaycrossSandbox({ clock: createFakeClock() }, { keys }).connect(
      'http://127.0.0.1:1',
    );
    const settings = paycross.settings.parse({
      accounts,
      payout_methods: [{ ...sepa, currencies: ['EUR', currency] }],
    });
    const error = configErrorOf(() => paycross.create({ environment, settings }, createDeps()));
    expect(error.problems).toEqual([
      {
        path: 'team.yaml: providers.paycross.payout_methods',
        problem: expect.stringContaining(words),
        remedy: expect.stringContaining(`currency: ${currency}`),
      },
    ]);
  });
});
