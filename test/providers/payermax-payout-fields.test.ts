// What PayerMax needs of a payee: routes, their fields, what the team file adds, and PayerMax's own
// check. What it could not carry is refused with a sentence before anything is sent.
import { expect, test } from 'vitest';
import { payermax } from '../../src/providers/payermax/index.ts';
import { accountNo, composeOrder, resign, startPayer } from './payermax-payout-scene.ts';
import { failureOf } from './payermax-scene.ts';

type Fields = Readonly<Record<string, string>>;

/** Route -> its local currency, what is required, what else it has, and fields that work. */
const routes: Readonly<Record<string, readonly [string, string[], string[], Fields]>> = {
  'id-bank': [
    'IDR',
    ['target_org', 'account_digits'],
    ['payee_type'],
    { target_org: 'BCA', account_digits: '0123456789' },
  ],
  'id-wallet': [
    'IDR',
    ['target_org', 'account_digits'],
    [],
    { target_org: 'DANA', account_digits: '0812323233332' },
  ],
  'ph-bank': [
    'PHP',
    ['target_org', 'account_no'],
    ['first_name', 'last_name', 'payee_type'],
    { target_org: 'LOCAL BANKS', account_no: accountNo },
  ],
  'th-bank': [
    'THB',
    ['target_org', 'account_no'],
    ['payee_type'],
    { target_org: 'KASIKORN', account_no: accountNo },
  ],
  'br-pix': [
    'BRL',
    ['pix_key'],
    ['account_type', 'cpf'],
    { pix_key: 'maria@example.com', account_type: 'EMAIL', cpf: '12345678909' },
  ],
  'br-wallet': [
    'BRL',
    ['target_org', 'wallet_no'],
    ['cpf'],
    { target_org: 'PAGBANK', wallet_no: 'maria@example.com' },
  ],
  'pe-bank': [
    'PEN',
    ['account_no'],
    ['target_org', 'bank_code', 'payee_type'],
    { account_no: '00219100123456789053' },
  ],
  'kr-bank': ['KRW', ['account_no'], ['bank_code', 'payee_type'], { account_no: accountNo }],
  'ar-bank': ['ARS', ['account_no'], ['bank_code', 'payee_type'], { account_no: accountNo }],
};

test('offers the documented routes with the fields that their pages name', async () => {
  const { payouts } = await startPayer();
  const offered = payouts.routes.map(({ id, currencies, fields }) => [
    id,
    currencies,
    fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    fields.filter(({ isRequired }) => !isRequired).map(({ name }) => name),
  ]);
  const expected = Object.entries(routes).map(([id, [currency, required, optional]]) => [
    id,
    [currency, 'USD'],
    required,
    optional,
  ]);
  expect(offered).toEqual(expected);
});

test.each(Object.entries(routes))('the sandbox takes an order by %s', async (route, row) => {
  const [currency, required, , fields] = row;
  const { payouts, check, running } = await startPayer({
    accounts: { merchant: [['DISBURSEMENT', currency, '1000000']] },
  });
  const decimals = payouts.decimalsOf(currency) ?? -1;
  const amount = { units: 25_000n * 10n ** BigInt(decimals), decimals, currency };
  const order = composeOrder({ route, fields, amount });
  await check(order);
  expect((await payouts.create(order)).state).toBe('submitted');
  expect(running.books()).toMatchObject([{ currency, status: 'PENDING' }]);
  for (const name of required) {
    const { [name]: _left, ...rest } = fields;
    const failure = await failureOf(check({ ...order, fields: rest }));
    expect([failure.code, failure.message]).toEqual([
      'rejected',
      expect.stringMatching(/^PayerMax was not asked: .+ is missing\. /),
    ]);
  }
});

test('the fields of a route that names its institution go where PayerMax wants them', async () => {
  const { payouts, sent } = await startPayer();
  const [, , , fields] = routes['br-pix'] ?? [];
  await payouts.create(composeOrder({ route: 'br-pix', fields: fields ?? {} }));
  expect(sent('paymentOrderPay')[0]?.['data']).toMatchObject({
    country: 'BR',
    payeeInfo: {
      paymentMethodType: 'REALTIME_PAYMENT',
      targetOrg: 'PIX',
      name: { fullName: 'Maria Santos' },
      accountInfo: { accountNo: 'maria@example.com', accountType: 'EMAIL' },
      document: { documentType: 'CPF', documentId: '12345678909' },
    },
  });
});

test.each([
  ['id-bank', { account_digits: '0812-323' }, 'Account number'],
  ['ph-bank', { account_no: '9234 567 890' }, 'Account number'],
  ['ph-bank', { account_no: '9'.repeat(129) }, 'Account number'],
  ['ph-bank', { target_org: 'rcbc\u0000' }, 'Bank (PayerMax code)'],
  ['ph-bank', { payee_type: 'HUMAN' }, 'Kind of payee'],
  ['ph-bank', { first_name: 'Мария' }, 'First name'],
  ['ph-bank', { first_name: 'M'.repeat(65) }, 'First name'],
  ['br-wallet', { target_org: 'PIX' }, 'Wallet'],
  ['br-pix', { cpf: '123.456.789-09' }, 'CPF'],
] as const)('%s refuses %o', async (route, wrong, label) => {
  const { check, payouts, running } = await startPayer();
  const fields = { ...routes[route]?.[3], ...wrong };
  for (const call of [check, payouts.create]) {
    const failure = await failureOf(call(composeOrder({ route, fields })));
    expect([failure.code, failure.message.slice(0, 60)]).toEqual([
      'rejected',
      expect.stringContaining(`PayerMax was not asked: ${label} is not right.`),
    ]);
    for (const value of Object.values(wrong)) expect(failure.message).not.toContain(value);
  }
  expect(running.requests()).toEqual([]);
});

test('a route or a field that PayerMax does not have here is refused', async () => {
  const { payouts } = await startPayer();
  const noRoute = await failureOf(payouts.create(composeOrder({ route: 'xx-card' })));
  expect(noRoute.message).toBe('PayerMax was not asked: It has no such route.');
  const fields = { ...composeOrder().fields, card_no: '4111111111111111' };
  const noField = await failureOf(payouts.create(composeOrder({ fields })));
  expect(noField.message).toBe(
    'PayerMax was not asked: Philippines, bank account has no field named card_no.',
  );
  const names = payouts.routes.flatMap((route) => route.fields.map(({ name }) => name));
  expect(names.filter((name) => name.includes('card'))).toEqual([]);
});

test('the team file adds fields to a route and makes them required, but takes none away', async () => {
  const { payouts, check, sent } = await startPayer({
    settings: {
      payout_fields: {
        'ph-bank': {
          target_org: 'optional',
          first_name: 'required',
          birth_date: 'required',
          payee_phone: 'optional',
        },
      },
    },
  });
  const fields = payouts.routes.find(({ id }) => id === 'ph-bank')?.fields ?? [];
  expect(fields.map(({ name, isRequired }) => `${name} ${isRequired}`)).toEqual([
    'target_org true',
    'account_no true',
    'first_name true',
    'last_name false',
    'payee_type false',
    'payee_phone false',
    'birth_date true',
  ]);
  const failure = await failureOf(check(composeOrder()));
  expect(failure.message).toMatch(/First name is missing\..*Date of birth is missing\./);
  const more = { first_name: 'Maria', birth_date: '1996-09-01', payee_phone: '+639171234567' };
  await payouts.create(composeOrder({ fields: { ...composeOrder().fields, ...more } }));
  expect(sent('paymentOrderPay')[0]?.['data']).toMatchObject({
    payeeInfo: {
      name: { fullName: 'Maria Santos', firstName: 'Maria' },
      birthDate: '1996-09-01',
      payeePhone: '+639171234567',
    },
  });
});

test('two fields for one place are refused', async () => {
  const { payouts } = await startPayer({
    settings: { payout_fields: { 'br-pix': { document_id: 'optional' } } },
  });
  const fields = { pix_key: 'maria@example.com', cpf: '12345678909', document_id: '98765' };
  const failure = await failureOf(payouts.create(composeOrder({ route: 'br-pix', fields })));
  expect(failure.message).toBe(
    'PayerMax was not asked: Give either CPF or Document number, not both.',
  );
});

test('every pattern is anchored, takes its own example and is understood by a page', async () => {
  const { payouts } = await startPayer();
  for (const field of payouts.routes.flatMap((route) => route.fields)) {
    expect(field.pattern).toMatch(/^\^.*\$$/);
    const example = /like (\S+?)[,.;]?(?: |$)/.exec(field.help)?.[1];
    for (const flags of ['', 'u', 'v']) {
      const pattern = new RegExp(field.pattern, flags);
      if (example !== undefined) expect(example).toMatch(pattern);
      for (const option of field.options ?? []) expect(option).toMatch(pattern);
      expect('\n').not.toMatch(pattern);
    }
  }
});

test('the check asks PayerMax about the payee alone, and moves nothing', async () => {
  const { check, sent, running } = await startPayer();
  await check(composeOrder());
  expect(sent('paymentFieldValidation')[0]?.['data']).toEqual({
    country: 'PH',
    payeeInfo: {
      paymentMethodType: 'BANK_TRANSFER',
      targetOrg: 'RCBC',
      accountInfo: { accountNo },
      name: { fullName: 'Maria Santos' },
    },
  });
  expect(running.books()).toEqual([]);
});

test.each([
  [
    '{"validationCode":"PARAMS_INVALID","validationFailedFields":[{"field":"payeeInfo.accountInfo.accountNo","errorMsg":"9234567890: Please enter numbers."},{"field":"payeeInfo.name.firstName","errorMsg":"The payeeInfo.name.firstName should not exceed 64 characters"}]}',
    'rejected',
    'PayerMax does not take this payee. Account number: ••7890: Please enter numbers. First name: The payeeInfo.name.firstName should not exceed 64 characters',
  ],
  [
    '{"validationCode":"PASS","validationFailedFields":[{"field":"payeeInfo.iban","errorMsg":"odd"}]}',
    'rejected',
    'PayerMax does not take this payee. payeeInfo.iban: odd',
  ],
  ['{"validationCode":"PARAMS_INVALID"}', 'rejected', 'PayerMax does not take this payee.'],
  ['{"validationCode":"MAYBE"}', 'malformed_response', expect.stringContaining('validationCode')],
])('the check answered with %s is no yes', async (data, code, message) => {
  const { check } = await startPayer({ wrap: resign(() => JSON.parse(data)) });
  const failure = await failureOf(check(composeOrder()));
  expect([failure.code, failure.message]).toEqual([code, message]);
});

test('the example payee is paid by the sandbox', async () => {
  const example = payermax.examplePayee;
  const { payouts, check, clock, ask } = await startPayer();
  const order = composeOrder({
    payeeName: example?.name ?? '',
    route: example?.route ?? '',
    fields: example?.fields ?? {},
    amount: { units: 25000n, decimals: 2, currency: example?.currency ?? '' },
  });
  expect(example?.id).toBe('maria');
  await check(order);
  await payouts.create(order);
  clock.advance(4_000);
  expect((await ask(order)).state).toBe('paid');
});
