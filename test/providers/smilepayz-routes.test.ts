// The payout routes of SmilePayz: what each asks of a payee, what it sends, what it refuses before
// anything leaves, and that the sandbox takes the documented samples as they are.
import { afterEach, expect, test } from 'vitest';
import { parseDecimal } from '../../src/money.ts';
import type { PayoutOrder, PayoutRoute } from '../../src/providers/payouts.ts';
import {
  createPath,
  failureOf,
  luz,
  orderOf,
  type PayoutScene,
  potOf,
  startPayouts,
} from './smilepayz-scene.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(scene: PayoutScene = {}) {
  const started = await startPayouts(scene);
  closers.push(started.close);
  return started;
}

const { cci: _cci, ...older } = luz;
const currencies = ['BRL', 'CLP', 'COP', 'IDR', 'INR', 'MXN', 'PEN', 'PHP', 'THB', 'USDT', 'VND'];
const everyPot = currencies.map((currency, index) =>
  potOf(currency, { no: `2112003020240307${index}${index}` }),
);

/** What goes out below the fields that every payout has; amounts in minor units. */
interface RouteFacts {
  readonly generation?: 'older';
  readonly route: string;
  readonly currency: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly sent: object;
}

const id = { bank: 'DANA', account: '81234567890' };
const receiver = { name: 'Maria Rodriguez Lopez' };
const latin = { ...receiver, email: 'maria@example.com', phone: '987654321' };
const bcp = { paymentMethod: 'BCP', cashAccount: '19312345678901' };
const facts: readonly RouteFacts[] = [
  {
    route: 'pe-bank',
    currency: 'PEN',
    fields: luz,
    sent: {
      ...bcp,
      cashAccountType: 'SAVINGS',
      cci: luz.cci,
      receiver: { ...latin, idType: 'NID', idNumber: '48982488' },
    },
  },
  {
    generation: 'older',
    route: 'pe-bank',
    currency: 'PEN',
    fields: { ...older, account_type: 'checking', id_type: 'tax_id' },
    sent: {
      ...bcp,
      cashAccountType: 'CORRIENTE',
      receiver: { ...latin, idType: 'RUC', identity: '48982488' },
      area: 15,
    },
  },
  {
    generation: 'older',
    route: 'co-bank',
    currency: 'COP',
    fields: { ...older, id_type: 'foreigner_id', bank: 'BANCOLOMBIA' },
    sent: {
      ...bcp,
      paymentMethod: 'BANCOLOMBIA',
      cashAccountType: 'AHORROS',
      receiver: { ...latin, idType: 'CE', identity: '48982488' },
      area: 16,
    },
  },
  {
    generation: 'older',
    route: 'cl-bank',
    currency: 'CLP',
    fields: {
      bank: 'BANCO_ESTADO',
      account: '12345678',
      account_type: 'savings',
      id_type: 'tax_id',
      id_number: '12345678-9',
    },
    sent: {
      paymentMethod: 'BANCO_ESTADO',
      cashAccount: '12345678',
      cashAccountType: 'AHORROS',
      receiver: { ...receiver, idType: 'RUT', identity: '12345678-9' },
      area: 17,
    },
  },
  {
    route: 'id-bank',
    currency: 'IDR',
    fields: id,
    sent: { paymentMethod: 'DANA', cashAccount: '81234567890', receiver },
  },
  {
    route: 'th-bank',
    currency: 'THB',
    fields: { bank: 'KBANK', account: '17385238451' },
    sent: { paymentMethod: 'KBANK', cashAccount: '17385238451' },
  },
  {
    route: 'in-bank',
    currency: 'INR',
    fields: { account: '50100123456789', ifsc: 'HDFC0000123' },
    sent: { cashAccount: '50100123456789', ifscCode: 'HDFC0000123', receiver },
  },
  {
    route: 'br-pix',
    currency: 'BRL',
    fields: { key_type: 'EMAIL', account: 'maria@example.com', tax_number: '12345678909' },
    sent: {
      paymentMethod: 'EMAIL',
      cashAccount: 'maria@example.com',
      receiver: { taxNumber: '12345678909' },
    },
  },
  {
    route: 'mx-bank',
    currency: 'MXN',
    fields: { bank: 'BBVAMX', account: '032180000118359719' },
    sent: { paymentMethod: 'BBVAMX', cashAccount: '032180000118359719' },
  },
  {
    route: 'ph-bank',
    currency: 'PHP',
    fields: { bank: 'GCASH', account: '09171234567' },
    sent: { paymentMethod: 'GCASH', cashAccount: '09171234567', receiver },
  },
];

/** A title for each: `pe-bank, older`. */
const named = facts.map((one) => [`${one.route}, ${one.generation ?? 'current'}`, one] as const);

const toScene = ({ generation }: RouteFacts): PayoutScene => ({
  accounts: everyPot,
  ...(generation === undefined ? {} : { generation }),
});
const toOrder = (one: RouteFacts, amount: string): PayoutOrder =>
  orderOf(amount, {
    route: one.route,
    fields: one.fields,
    amount: parseDecimal(amount, one.currency),
  });
const amountFor = (currency: string) => (['IDR', 'CLP'].includes(currency) ? '20000' : '200.00');

test.each(named)('%s: sends the documented fields, and they are taken', async (_name, one) => {
  const { payouts, calls } = await start(toScene(one));
  expect((await payouts.create(toOrder(one, amountFor(one.currency)))).state).toBe('submitted');
  const [call] = calls(createPath);
  expect(JSON.parse(call?.body ?? '')).toEqual({
    orderNo: 'PURSER0000000001',
    purpose: 'Vendor payout',
    merchant: { merchantId: 'sandbox-20030' },
    money: { currency: one.currency, amount: 20000 },
    ...one.sent,
  });
});

const optionalFields = ['email', 'phone', 'bank'];

test.each(named)('%s: refuses a payee without each required field', async (_name, one) => {
  const { payouts, calls } = await start(toScene(one));
  const route = payouts.routes.find((each) => each.id === one.route);
  const required = route?.fields.filter(({ isRequired }) => isRequired) ?? [];
  const optional = route?.fields.filter(({ isRequired }) => !isRequired) ?? [];
  expect(optional.filter(({ name }) => !optionalFields.includes(name))).toEqual([]);
  for (const { name, label } of required) {
    const order = toOrder(one, amountFor(one.currency));
    const failure = await failureOf(
      payouts.create({ ...order, fields: { ...one.fields, [name]: '' } }),
    );
    expect(failure).toMatchObject({ code: 'rejected' });
    expect(failure.message).toContain(`${label} is missing`);
  }
  expect(calls(createPath)).toEqual([]);
});

const wrongFields: [route: string, field: string, values: readonly string[]][] = [
  ['pe-bank', 'bank', ['BCP PERU', 'B'.repeat(65), 'BÇP']],
  ['pe-bank', 'account', ['193-1234', '1'.repeat(33), '19312345678901\n', ' 1']],
  ['pe-bank', 'account_type', ['SAVINGS', 'other', 'savings ']],
  ['pe-bank', 'cci', ['0021931123456789011', '002193112345678901123', '0021931123456789011X']],
  ['pe-bank', 'id_type', ['DNI', 'NID']],
  ['pe-bank', 'id_number', ['4898 2488', '4'.repeat(33)]],
  ['pe-bank', 'email', ['maria', 'maria@', '@example.com', 'ma ria@example.com', 'a@b@c']],
  ['pe-bank', 'phone', ['+51987654321', '9'.repeat(21)]],
  ['in-bank', 'ifsc', ['HDFC000012', 'HDFC00001234', 'HDFC-000123']],
  ['br-pix', 'key_type', ['cpf', 'IBAN']],
  ['br-pix', 'tax_number', ['123456789', '123456789012', '123.456.789-09']],
  ['mx-bank', 'account', ['0321 8000', '1'.repeat(33)]],
];

test.each(wrongFields)('%s: refuses what is no %s', async (route, name, values) => {
  const one = facts.find((each) => each.route === route);
  if (one === undefined) throw new TypeError(`no facts for ${route}`);
  const { payouts, calls } = await start(toScene(one));
  for (const value of values) {
    const fields = { ...one.fields, [name]: value };
    const failure = await failureOf(
      payouts.create({ ...toOrder(one, amountFor(one.currency)), fields }),
    );
    expect([value, failure.code]).toEqual([value, 'rejected']);
    expect(failure.message).toContain('is not right');
  }
  expect(calls(createPath)).toEqual([]);
});

async function listRoutes(generation: 'current' | 'older'): Promise<readonly PayoutRoute[]> {
  const { payouts } = await start({ accounts: everyPot, generation });
  return payouts.routes;
}

test('pays where the documents say how: Colombia and Chile in their older words only', async () => {
  const current = ['pe-bank', 'id-bank', 'th-bank', 'in-bank', 'br-pix', 'mx-bank', 'ph-bank'];
  const ids = async (generation: 'current' | 'older') =>
    (await listRoutes(generation)).map((route) => route.id);
  expect(await ids('current')).toEqual(current);
  expect(await ids('older')).toEqual(['pe-bank', 'co-bank', 'cl-bank', ...current.slice(1)]);
});

test('each route can be shown as a form', async () => {
  const routes = [...(await listRoutes('current')), ...(await listRoutes('older'))];
  for (const { label, country, fields } of routes) {
    expect(label).toMatch(/^[A-Z]/);
    expect(country).toMatch(/^[A-Z]{2}$/);
    expect(fields.some(({ isAccountNumber }) => isAccountNumber)).toBe(true);
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
    for (const { name, pattern, help, lengthMax, options } of fields) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(help).toMatch(/\.$/);
      expect(pattern).toMatch(/^\^.*\$$/);
      expect(lengthMax).toBeGreaterThan(0);
      // A form on a page checks with the flag v, Purser with u.
      for (const flags of ['', 'u', 'v']) {
        for (const option of options ?? [])
          expect(new RegExp(pattern, flags).test(option)).toBe(true);
        expect(new RegExp(pattern, flags).test('\u202e')).toBe(false);
      }
    }
  }
});

test('a payee saved for the current field names is also paid in the older ones', async () => {
  const { payouts } = await start({ generation: 'older' });
  expect((await payouts.create(orderOf('10.50'))).state).toBe('submitted');
});

test('decimals are those of the payable currencies, and of no other', async () => {
  const { payouts } = await start({ accounts: everyPot });
  expect(currencies.map((currency) => payouts.decimalsOf(currency))).toEqual([
    2,
    undefined,
    undefined,
    0,
    2,
    2,
    2,
    2,
    2,
    undefined,
    undefined,
  ]);
  expect(payouts.decimalsOf('EUR')).toBeUndefined();
});

test.each([
  [
    'two payout accounts of one currency',
    [potOf('PEN', { no: '1111' }), potOf('PEN', { no: '2222' })],
  ],
  ['only a pay-in account', [potOf('PEN', { use: 'payin' })]],
  ['a currency without decimals of its own', [potOf('KES', { unit: 'major' })]],
  ['a currency without a route', [potOf('USDT', { unit: 'major', decimals: 4 })]],
])('%s: nothing is payable', async (_what, accounts) => {
  await expect(startPayouts({ accounts })).rejects.toThrow('the scene cannot pay');
});
