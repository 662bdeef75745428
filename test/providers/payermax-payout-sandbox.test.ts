// The payout room of PayerMax's sandbox against the documents, without the client: the vendor's own
// sample, the rules for fields, and what becomes of orders.
import { createSign } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createPayermaxSandbox,
  type PayermaxSandboxOptions,
} from '../../src/providers/payermax/sandbox.ts';
import { createFakeClock } from '../support.ts';
import documented from './fixtures/payermax/payout.json' with { type: 'json' };
import { gatewayPath } from './payermax-payout-scene.ts';
import { keys } from './payermax-scene.ts';

const ids = { appId: '6666c83333a24666674497c444a33333', merchantNo: '010213834123456' };

/** The sandbox at the time of the sample, and a way to ask it without the network. */
function open(options: PayermaxSandboxOptions = {}) {
  const clock = createFakeClock(Date.parse('2023-03-08T02:00:00.500Z'));
  const sandbox = createPayermaxSandbox({ clock }, { keys, ...ids, ...options });
  const ask = (api: string, body: string, fault?: string) => {
    const sign = createSign('SHA256').update(body).sign(keys.merchant.privateKey, 'base64');
    const answer = sandbox.answer(
      {
        method: 'POST',
        path: `${gatewayPath}${api}`,
        query: new URLSearchParams(),
        headers: { 'content-type': 'application/json', sign },
        body: Buffer.from(body),
      },
      fault,
    );
    return JSON.parse(String(answer.body));
  };
  const pay = (body = documented.request, fault?: string) => ask('paymentOrderPay', body, fault);
  const query = (outTradeNo: string) =>
    ask('paymentOrderQry', compose({ outTradeNo }, new Date(clock.now()).toISOString()));
  return { sandbox, clock, ask, pay, query };
}

function compose(data: object, requestTime = '2023-03-08T02:00:00.500Z'): string {
  const head = { version: '1.4', keyVersion: '1', requestTime, ...ids };
  return JSON.stringify({ ...head, data });
}

/** The sample with its `data` changed. */
function change(changes: (data: ReturnType<typeof sample>) => object): string {
  return compose(changes(sample()));
}
const sample = () => JSON.parse(documented.request).data;

test('takes the documented request as it is, and tells it like the documents', () => {
  const { pay, query, clock } = open();
  expect(pay()).toEqual({
    msg: 'Success.',
    code: 'APPLY_SUCCESS',
    data: {
      tradeNo: '20230308020000PO0000000000000001',
      outTradeNo: 'orderorder1650532228089613',
      status: 'PENDING',
    },
  });
  clock.advance(60_000);
  // 100 in local currency stays PENDING there; every field of the documented list is here.
  const { data } = query('orderorder1650532228089613');
  expect(data).toMatchObject({ status: 'PENDING', trade: { amount: '100.00', currency: 'IDR' } });
  const names = Object.keys(JSON.parse(documented.notification).data);
  expect(Object.keys(data).sort()).toEqual([...names, 'fundsReturnTime'].sort());
  expect(data.transactionUtcTime).toBe('2023-03-08T02:00:00 +0000');
});

test.each([
  ['110', undefined, 'FAILED'],
  ['11000', undefined, 'FAILED'],
  ['100', undefined, 'PENDING'],
  ['10000', undefined, 'PENDING'],
  ['111', undefined, 'SUCCESS'],
  ['110', 'SUCCESS', 'SUCCESS'],
  ['111', 'FAILED', 'FAILED'],
  ['100', 'BOUNCEBACK', 'SUCCESS'],
  ['100', 'this is remark', 'PENDING'],
  ['100', 'constructor', 'PENDING'],
])('an amount of %s with the remark %s ends as %s', (amount, remark, status) => {
  const { pay, query, clock, sandbox } = open();
  pay(change((data) => ({ ...data, remark, trade: { amount, currency: 'IDR' } })));
  expect(query('orderorder1650532228089613').data.status).toBe('PENDING');
  clock.advance(4_000);
  expect(query('orderorder1650532228089613').data.status).toBe(status);
  expect(sandbox.books?.().map((order) => order.status)).toEqual([status]);
  clock.advance(26_000);
  const last = remark === 'BOUNCEBACK' ? 'BOUNCEBACK' : status;
  expect(query('orderorder1650532228089613').data.status).toBe(last);
});

test('the amounts of the test environment count in local currency only', () => {
  const { pay, query, clock } = open();
  pay(change((data) => ({ ...data, remark: '', trade: { amount: '110', currency: 'USD' } })));
  clock.advance(4_000);
  expect(query('orderorder1650532228089613').data.status).toBe('SUCCESS');
});

test.each([
  ['PH', 'DCP', 'PHP', '50000.01', 'FAILED'],
  ['PH', 'DCP', 'PHP', '50000', 'SUCCESS'],
  ['PH', 'RCBC', 'PHP', '50000.01', 'SUCCESS'],
  ['PH', 'RCBC', 'PHP', '0.99', 'FAILED'],
  ['TH', 'KIATNAKIN', 'THB', '500000', 'FAILED'],
  ['PE', '', 'PEN', '0.09', 'FAILED'],
])('%s %s takes documented amounts only: %s %s', (country, targetOrg, currency, amount, status) => {
  const merchant = [['DISBURSEMENT', currency, '1000000.00'] as const];
  const { pay, query, clock } = open({ accounts: { merchant } });
  pay(
    change(({ payeeInfo, ...data }) => ({
      ...data,
      country,
      sourceAccount: currency,
      destinationCurrency: '',
      trade: { amount, currency },
      payeeInfo: { ...payeeInfo, paymentMethodType: 'BANK_TRANSFER', targetOrg },
    })),
  );
  clock.advance(4_000);
  const { data } = query('orderorder1650532228089613');
  expect([data.status, data.responseCode]).toEqual([
    status,
    status === 'FAILED' ? 'AMOUNT_LIMIT_UNMATCHED' : '',
  ]);
});

/** A path in `data`, what is put there, and what is said about it. */
const wrong: readonly (readonly [path: string, value: unknown, msg: string])[] = [
  ['outTradeNo', '', 'The outTradeNo is incorrect,you should fill outTradeNo'],
  ['outTradeNo', 'a-b', 'The outTradeNo is incorrect.'],
  ['outTradeNo', 'x'.repeat(64), 'The outTradeNo should not exceed 63 characters'],
  ['country', 'id', 'The country is incorrect.'],
  ['sourceAccount', 'US', 'The sourceAccount is incorrect.'],
  ['trade', 'x', 'The amount is incorrect.'],
  ['trade.amount', 100, 'The amount is incorrect.'],
  ['trade.amount', '1e2', 'The amount is incorrect.'],
  ['trade.amount', '100.5', 'The trade.amount is incorrect.'],
  ['trade.amount', '0', 'The trade.amount is incorrect.'],
  ['trade.amount', '1000000000000', 'The trade.amount should not exceed 12 characters'],
  ['trade.currency', 'rupiah', 'The currency is incorrect.'],
  ['remark', 'rent & more', 'The remark is incorrect.'],
  ['notifyUrl', 'example.com', 'The notifyUrl is incorrect.'],
  ['purpose', 'FUN', 'The purpose is incorrect.'],
  ['expiryDays', '16', 'The expiryDays is incorrect.'],
  ['payeeInfo.paymentMethodType', 'CHEQUE', 'The paymentMethodType is incorrect.'],
  ['payeeInfo.targetOrg', '', 'The targetOrg is incorrect,you should fill payeeInfo.targetOrg'],
  ['payeeInfo.payeeType', 'PERSON', 'The payeeType is incorrect.'],
  ['payeeInfo.accountInfo.accountNo', '', 'The payment account info format is incorrect.'],
  ['payeeInfo.accountInfo.accountNo', '08-12', 'The payment account info format is incorrect.'],
  [
    'payeeInfo.name.firstName',
    'x'.repeat(65),
    'The payeeInfo.name.firstName should not exceed 64 characters',
  ],
  ['payeeInfo.name.fullName', 'Мария', 'The fullName is incorrect.'],
  ['payeeInfo.birthDate', '01.09.1996', 'The birthDate is incorrect.'],
  ['payeeInfo.payeeNationality', 'IDN', 'The payeeNationality is incorrect.'],
];

function put(data: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : put(data[key] as typeof data, rest.join('.'), value);
  return { ...data, [key]: inner };
}

test.each(wrong)('refuses %s as %j', (path, value, msg) => {
  const { pay, sandbox } = open();
  expect(pay(change((data) => put(data, path, value)))).toEqual({ msg, code: 'PARAMS_INVALID' });
  expect(sandbox.books?.()).toEqual([]);
});

test('refuses the account of the documented refusal in its words', () => {
  const { pay } = open();
  const body = change((data) => put(data, 'payeeInfo.accountInfo.accountNo', 'x'));
  expect(pay(body)).toEqual(JSON.parse(documented.refusal));
});

test('the field check names every field that is wrong, and takes no order', () => {
  const { ask, sandbox } = open();
  const check = (body: string) => ask('paymentFieldValidation', body).data;
  expect(check(documented.request)).toEqual({
    validationCode: 'PASS',
    validationPassedFields: [],
    ignoredFields: [],
    validationFailedFields: [],
  });
  const body = change((data) =>
    put(
      put(data, 'payeeInfo.accountInfo.accountNo', 'x'),
      'payeeInfo.name.firstName',
      'x'.repeat(65),
    ),
  );
  expect(check(body)).toMatchObject({
    validationCode: 'PARAMS_INVALID',
    validationFailedFields: [
      {
        field: 'payeeInfo.name.firstName',
        errorMsg: 'The payeeInfo.name.firstName should not exceed 64 characters',
      },
      { field: 'payeeInfo.accountInfo.accountNo', errorMsg: 'Please enter numbers.' },
    ],
  });
  expect(sandbox.books?.()).toEqual([]);
});

test('a country without a contract is refused, and so is a version that no page names', () => {
  const { pay, query } = open();
  const vietnam = change((data) => ({ ...data, country: 'VN' }));
  expect(pay(vietnam).code).toBe('CONTRACT_INVALID');
  expect(pay(documented.request.replace('"1.4"', '"1.3"')).code).toBe('PARAMS_INVALID');
  expect(pay(documented.request.replace('"1.4"', '"1.5"')).code).toBe('APPLY_SUCCESS');
  expect(query('other').code).toBe('ORDER_NOT_EXIST');
});

test('a number is taken once, whatever else changes, unless a fault is switched on', () => {
  const { pay, sandbox } = open();
  const other = change((data) => put(data, 'trade.amount', '5000'));
  expect(pay().code).toBe('APPLY_SUCCESS');
  expect(pay(other)).toEqual({ msg: 'The order number repeat.', code: 'ORDER_REPEAT' });
  expect(pay(other, 'repeat_with_status').data.status).toBe('PENDING');
  expect(sandbox.books?.()).toHaveLength(1);
  expect(pay(other, 'processes_twice').code).toBe('APPLY_SUCCESS');
  expect(sandbox.books?.().map(({ amount }) => amount)).toEqual(['100', '5000']);
});

test.each([
  ['payout_fails', ['FAILED', 'FAILED']],
  ['returned', ['SUCCESS', 'BOUNCEBACK']],
  ['fails_after_success', ['SUCCESS', 'FAILED']],
  ['stays_pending', ['PENDING', 'PENDING']],
  ['unknown_status', ['ON_HOLD', 'ON_HOLD']],
])('%s decides the fate of the orders taken with it', (fault, fate) => {
  const { pay, query, clock, sandbox } = open();
  pay(
    change((data) => ({ ...data, remark: '', trade: { amount: '111', currency: 'IDR' } })),
    fault,
  );
  pay(change((data) => ({ ...data, outTradeNo: 'other', remark: 'SUCCESS' })));
  const seen = [4_000, 26_000].map((ms) => {
    clock.advance(ms);
    return query('orderorder1650532228089613').data.status;
  });
  expect(seen).toEqual(fate);
  expect(sandbox.books?.()).toMatchObject([{ status: fate[1] }, { status: 'SUCCESS' }]);
});

test('an account is never overdrawn, and what is under way is frozen', () => {
  const merchant = [['DISBURSEMENT', 'IDR', '150'] as const];
  const { pay, ask, clock, sandbox } = open({ accounts: { merchant } });
  const order = (outTradeNo: string) =>
    pay(
      change((data) => ({
        ...data,
        ...{ outTradeNo, remark: '', sourceAccount: 'IDR' },
        trade: { amount: '90', currency: 'IDR' },
      })),
    );
  const rows = () => {
    const requestTime = new Date(clock.now()).toISOString();
    const body = compose({ plainSign: true }, requestTime).replace('"1.4"', '"1.3"');
    return ask('currentBalanceQuery', body).data.accountRealTimeTypes.map(
      (row: { balance: number; accountType: string }) => `${row.accountType} ${row.balance}`,
    );
  };
  order('first');
  order('second');
  expect(rows()).toEqual(['DISBURSEMENT 60', 'FREEZE 90']);
  clock.advance(4_000);
  expect(rows()).toEqual(['DISBURSEMENT 60', 'FREEZE 0']);
  expect(sandbox.books?.()).toMatchObject([{ status: 'SUCCESS' }, { status: 'FAILED' }]);
});
