// PayerMax's signature against the published vector, and the gate of its sandbox against the
// documents.
import {
  constants,
  createHash,
  createPublicKey,
  createSign,
  createVerify,
  publicDecrypt,
} from 'node:crypto';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import type { ConfigProblem } from '../../src/errors.ts';
import { payermax } from '../../src/providers/payermax/index.ts';
import {
  createPayermaxSandbox,
  type PayermaxSandboxOptions,
} from '../../src/providers/payermax/sandbox.ts';
import { isSignedByPlatform, signBody } from '../../src/providers/payermax/sign.ts';
import { createFakeClock } from '../support.ts';
import currentBalance from './fixtures/payermax/current-balance.json' with { type: 'json' };
import realTimeBalance from './fixtures/payermax/real-time-balance.json' with { type: 'json' };
import vector from './fixtures/payermax/signature.json' with { type: 'json' };
import { keys } from './payermax-scene.ts';

const padding = constants.RSA_PKCS1_PADDING;

/** The variable as the dashboard's bare base64, through the same door as a person's `.env`. */
function readPlatformKey(base64: string) {
  const problems: ConfigProblem[] = [];
  const values = readEnvironment(
    {
      environment: { PAYERMAX_PLATFORM_PUBLIC_KEY: base64 },
      readFile: () => undefined,
      modules: [payermax],
    },
    problems,
  );
  expect(problems).toEqual([]);
  return createPublicKey(values['PAYERMAX_PLATFORM_PUBLIC_KEY'] ?? '');
}

test.each([
  ['in lines', vector.publicKey],
  ['in one line', vector.publicKey.replaceAll('\n', '')],
])('the published key, bare base64 %s, opens the published signature', (_form, base64) => {
  const opened = publicDecrypt(
    { key: readPlatformKey(base64), padding },
    Buffer.from(vector.sign, 'base64'),
  );
  expect(opened.toString('hex')).toBe(vector.digestInfoPrefix + vector.digest);
});

test('the published signature is refused over any body that is not behind its digest', () => {
  const key = readPlatformKey(vector.publicKey);
  for (const body of [currentBalance.answer, currentBalance.request, '']) {
    expect(isSignedByPlatform(Buffer.from(body), vector.sign, key)).toBe(false);
  }
});

test('a signature of ours opens to the same form as the published one', () => {
  const body = Buffer.from(currentBalance.request);
  const sign = signBody(body, keys.merchant.privateKey);
  const opened = publicDecrypt(
    { key: keys.merchant.publicKey, padding },
    Buffer.from(sign, 'base64'),
  );
  const digest = createHash('sha256').update(body).digest('hex');
  expect(opened.toString('hex')).toBe(vector.digestInfoPrefix + digest);
  expect(sign).toMatch(/^[A-Za-z0-9+/]{342}==$/);
});

test('an answer is believed only as signed, to the byte', () => {
  const body = Buffer.from(currentBalance.answer);
  const sign = createSign('SHA256').update(body).sign(keys.platform.privateKey, 'base64');
  const isBelieved = (bytes: Buffer, signature: string | undefined) =>
    isSignedByPlatform(bytes, signature, keys.platform.publicKey);
  expect(isBelieved(body, sign)).toBe(true);
  expect(isBelieved(Buffer.from(`${currentBalance.answer}\n`), sign)).toBe(false);
  expect(isBelieved(Buffer.from(currentBalance.answer.replace('776.34', '776.35')), sign)).toBe(
    false,
  );
  for (const other of [undefined, '', 'x', sign.slice(0, -8), `${'A'.repeat(342)}==`]) {
    expect(isBelieved(body, other)).toBe(false);
  }
});

const oldPath = '/aggregate-pay/api/gateway/currentBalanceQuery';
const newPath = '/aggregate-pay/api/gateway/realTimeAccountBalanceQuery';

interface Asked {
  readonly body: string;
  readonly path?: string;
  readonly nowMs?: number;
  readonly options?: PayermaxSandboxOptions;
  readonly sign?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly method?: string;
}

/** The sandbox without the network; what it answers must be signed exactly when it is a success. */
function ask({ body, path = oldPath, options = {}, ...asked }: Asked) {
  const requestTime = /"requestTime":"([^"]+)"/.exec(body)?.[1];
  const clock = createFakeClock(asked.nowMs ?? Date.parse(requestTime ?? ''));
  const sandbox = createPayermaxSandbox({ clock }, { keys, ...options });
  const sign = createSign('SHA256').update(body).sign(keys.merchant.privateKey, 'base64');
  const answer = sandbox.answer(
    {
      method: asked.method ?? 'POST',
      path,
      query: new URLSearchParams(),
      headers: { 'content-type': 'application/json', sign: asked.sign ?? sign, ...asked.headers },
      body: Buffer.from(body),
    },
    undefined,
  );
  const text = String(answer.body);
  const isSuccess = text.includes('"code":"APPLY_SUCCESS"');
  const given = answer.headers['sign'];
  expect(given !== undefined).toBe(isSuccess);
  if (given !== undefined) {
    const verifier = createVerify('SHA256').update(text);
    expect(verifier.verify(keys.platform.publicKey, given, 'base64')).toBe(true);
  }
  return { status: answer.status, text, date: answer.headers['date'] };
}

test('the sandbox answers the documented request and gives the documented answer', () => {
  const merchant = [
    ['DISBURSEMENT', 'AED', '0.59'],
    ['DISBURSEMENT', 'USD', '776.34'],
    ['DISBURSEMENT', 'PHP', '16.08'],
    ['DISBURSEMENT', 'EUR', '0.00'],
    ['FREEZE', 'IDR', '100265403'],
    ['FREEZE', 'USD', '11.41'],
    ['SETTLE', 'IDR', '449172'],
    ['SETTLE', 'USD', '9248.93'],
  ] as const;
  const nowMs = Date.parse('2023-03-30T06:15:22.096Z');
  const options = { accounts: { merchant } };
  const inTwo = ask({ body: currentBalance.request, nowMs, options });
  expect(inTwo.date).toBe('Thu, 30 Mar 2023 06:15:22 GMT');
  expect(JSON.parse(inTwo.text)).toEqual({
    msg: '',
    code: 'APPLY_SUCCESS',
    data: {
      accountRealTimeTypes: [
        { balance: 776.34, accountType: 'DISBURSEMENT', currency: 'USD' },
        { balance: 11.41, accountType: 'FREEZE', currency: 'USD' },
        { balance: 9248.93, accountType: 'SETTLE', currency: 'USD' },
      ],
      inquiryTime: '2023-03-30T06:15:22.096Z',
    },
  });
  // The printed answer has more currencies than the printed request asks for, and no zero.
  const all = currentBalance.request.replace('["USD","TRY"]', '[]').replace('true', 'false');
  const inAll = ask({ body: all, nowMs, options });
  expect(inAll.text).toBe(currentBalance.answer.replace(/\s+(?=["{[])/g, ''));
});

test('the sandbox answers the documented request for funds accounts', () => {
  const { status, text } = ask({
    body: realTimeBalance.request,
    path: newPath,
    options: { appId: '798b79c2e33a4d8e866410bf401551a7' },
  });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({
    msg: '',
    code: 'APPLY_SUCCESS',
    data: {
      accountBalanceInfoList: [
        { balance: 25000, fundsAccountNo: 'P25071194883', fundsAccountCurrency: 'USD' },
      ],
      inquiryTime: '2025-12-03T13:00:13.712Z',
    },
  });
});

test('the sandbox refuses a changed byte and a missing signature', () => {
  const body = currentBalance.request;
  const sign = createSign('SHA256').update(body).sign(keys.merchant.privateKey, 'base64');
  const failed = '{"msg":"The signature verify failed.","code":"SIGN_VERIFY_FAILED"}';
  expect(ask({ body: body.replace('USD', 'EUR'), sign }).text).toBe(failed);
  expect(ask({ body: `${body} `, sign }).text).toBe(failed);
  expect(ask({ body, headers: { sign: undefined } }).text).toBe(failed);
  expect(ask({ body, sign }).text).toContain('APPLY_SUCCESS');
});

test.each([
  ['120 s late', '2023-03-30T06:17:22.000Z', 'APPLY_SUCCESS'],
  ['120.001 s late', '2023-03-30T06:17:22.001Z', 'REQ_TIME_OVER_TIME'],
  ['120.001 s early', '2023-03-30T06:13:21.999Z', 'REQ_TIME_OVER_TIME'],
])('the sandbox holds the window of two minutes: %s', (_name, now, code) => {
  const { text } = ask({ body: currentBalance.request, nowMs: Date.parse(now) });
  expect(text).toContain(`"code":"${code}"`);
});

const wrongOld: readonly (readonly [string, string, string])[] = [
  ['"version":"1.3"', '"version":"1.5"', 'version'],
  ['"version":"1.3",', '', 'version'],
  ['"version":"1.3"', '"version":"1.3456789"', 'version'],
  ['"keyVersion":"1"', '"keyVersion":"2"', 'keyVersion'],
  ['2023-03-30T14:15:22.000+08:00', '2023-03-30 14:15:22', 'requestTime'],
  ['"merchantNo":"010113864671194"', `"merchantNo":"${'1'.repeat(33)}"`, 'merchantNo'],
  ['"plainSign":true', '"plainSign":"true"', 'plainSign'],
  ['"accountType":[]', '"accountType":["AVAILABLE"]', 'accountType'],
  ['"accountType":[]', '"accountType":"DISBURSEMENT"', 'accountType'],
  ['"TRY"', '"try"', 'accountCurrency'],
];
const wrongNew: readonly (readonly [string, string, string])[] = [
  ['"version":"1.5"', '"version":"1.4"', 'version'],
  ['"memberId":"20250619P01B00000075000002",', '', 'memberId'],
  ['"plainSign":true', '"plainSign":1', 'plainSign'],
  ['"realTimeAccountBalanceQueryReq"', '"req"', 'realTimeAccountBalanceQueryReq'],
  [
    '"fundsAccountCurrencyList":[]',
    '"fundsAccountCurrencyList":["usd"]',
    'fundsAccountCurrencyList',
  ],
  ['["P25071194883"]', '[7]', 'fundsAccountNoList'],
];
test.each([
  ...wrongOld.map((one) => [oldPath, currentBalance.request, ...one] as const),
  ...wrongNew.map((one) => [newPath, realTimeBalance.request, ...one] as const),
])('the sandbox at %s refuses a wrong field', (path, request, from, to, field) => {
  expect(request).toContain(from);
  const { text } = ask({
    path,
    body: request.replace(from, to),
    nowMs: Date.parse(path === oldPath ? '2023-03-30T06:15:22Z' : '2025-12-03T13:00:13.712Z'),
    options: path === newPath ? { appId: '798b79c2e33a4d8e866410bf401551a7' } : {},
  });
  expect(text).toBe(`{"msg":"The ${field} is incorrect.","code":"PARAMS_INVALID"}`);
});

test.each([
  ['"appId":"127d', '"appId":"9999', 'MERCHANT_APP_INVALID'],
  ['"merchantNo":"01', '"merchantNo":"02', 'MERCHANT_INVALID'],
  ['{"version"', '["version"', 'PARAMS_INVALID'],
  [
    '"data":{"plainSign":true,"accountType":[],"accountCurrency":["USD","TRY"]}',
    '"data":[]',
    'PARAMS_INVALID',
  ],
  // What some samples of the vendor send, and the older version of the guide page.
  ['"keyVersion":"1"', '"keyVersion":1', 'APPLY_SUCCESS'],
  ['"version":"1.3"', '"version":"1.2"', 'APPLY_SUCCESS'],
  ['22.000+08:00', '22+08:00', 'APPLY_SUCCESS'],
])('the sandbox answers %s made %s with %s', (from, to, code) => {
  expect(currentBalance.request).toContain(from);
  const { text } = ask({ body: currentBalance.request.replace(from, to) });
  expect(text).toContain(`"code":"${code}"`);
});

test('the sandbox takes JSON by POST at known addresses only', () => {
  const body = currentBalance.request;
  expect(ask({ body, method: 'GET' }).status).toBe(405);
  expect(ask({ body, path: '/balance' }).status).toBe(404);
  expect(ask({ body, path: '/aggregate-pay/api/gateway/transferMoney' }).status).toBe(404);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(ask({ body, headers: form }).text).toContain('PARAMS_INVALID');
});
