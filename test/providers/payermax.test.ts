// PayerMax's balances over HTTP against its sandbox: what is asked and what becomes of the answers.
// Fixtures name their sources.
import { createSign } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/providers/sandbox.ts';
import documented from './fixtures/payermax/current-balance.json' with { type: 'json' };
import { failureOf, fundsOnly, keys, merchantOnly, start, toTexts } from './payermax-scene.ts';

const noneOfEither = { merchant: [], funds: [] };

/** Answers every request with this body, signed by the platform key. */
function replay(body: string | Buffer): (sandbox: Sandbox) => Sandbox {
  const sign = createSign('SHA256').update(body).sign(keys.platform.privateKey, 'base64');
  const headers = { 'content-type': 'application/json', sign };
  return (sandbox) => ({ ...sandbox, answer: () => ({ status: 200, headers, body }) });
}

test('reads the documented answer: one line a currency, one amount an account type', async () => {
  const { provider } = await start({ environment: merchantOnly, wrap: replay(documented.answer) });
  const { lines, failures } = await provider.getBalances();
  expect(failures).toEqual([]);
  expect(lines.map((line) => [line.account, line.currency, toTexts(line)])).toEqual([
    ['merchant account', 'AED', { available: '0.59 AED' }],
    [
      'merchant account',
      'USD',
      { available: '776.34 USD', held: '11.41 USD', settling: '9,248.93 USD' },
    ],
    ['merchant account', 'PHP', { available: '16.08 PHP' }],
    ['merchant account', 'IDR', { held: '100,265,403 IDR', settling: '449,172 IDR' }],
  ]);
});

test('asks both APIs at the same time, each with its own version and name of the merchant', async () => {
  const { provider, running, environment } = await start();
  await provider.getBalances();
  const asked = running.requests().map(({ method, path, body }) => ({ method, path, body }));
  expect(asked.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    {
      method: 'POST',
      path: '/aggregate-pay/api/gateway/currentBalanceQuery',
      body: `{"version":"1.3","keyVersion":"1","requestTime":"2026-11-20T12:00:00.000Z","appId":"${environment['PAYERMAX_APP_ID']}","merchantNo":"010113864671194","data":{"plainSign":true}}`,
    },
    {
      method: 'POST',
      path: '/aggregate-pay/api/gateway/realTimeAccountBalanceQuery',
      body: `{"version":"1.5","keyVersion":"1","requestTime":"2026-11-20T12:00:00.000Z","appId":"${environment['PAYERMAX_APP_ID']}","memberId":"20250619P01B00000075000002","data":{"plainSign":true,"realTimeAccountBalanceQueryReq":{"fundsAccountCurrencyList":[],"fundsAccountNoList":[]}}}`,
    },
  ]);
});

test('reads every account of the demo', async () => {
  const { provider } = await start();
  const { lines } = await provider.getBalances();
  expect(lines.map((line) => [line.account, toTexts(line)])).toEqual([
    [
      'merchant account',
      {
        available: '184,203.77 USD',
        held: '1,150.00 USD',
        reserve: '5,000.00 USD',
        settling: '9,248.93 USD',
      },
    ],
    [
      'merchant account',
      { available: '2,486,100,265 IDR', held: '100,265,403 IDR', settling: '449,172 IDR' },
    ],
    ['merchant account', { available: '3,127.45 KWD' }],
    ['merchant account', { available: '48,650.20 AED' }],
    ['merchant account', { available: '16.08 PHP' }],
    ['merchant account', { available: '0.00 BRL' }],
    ['acquiring', { total: '12,480.50 USD' }],
    ['funds account ••4883', { total: '25,000.00 USD' }],
    ['funds account ••4891', { total: '8,100.55 EUR' }],
    ['funds account ••2217', { total: '15,750,000 IDR' }],
  ]);
});

test('money that payouts are not known to draw on is never available, and says so', async () => {
  const { provider, running } = await start();
  running.switchFault({ name: 'type_unknown', path: 'currentBalanceQuery' });
  const { lines } = await provider.getBalances();
  const others = lines.filter(({ account }) => account !== 'merchant account');
  const notes = new Map(others.map(({ account, note }) => [account, note]));
  expect(notes.get('acquiring')).toBe(
    'payouts do not draw on it, so it is not counted as available.',
  );
  expect(notes.get('prepaid')).toBe(
    'Purser does not know PayerMax’s account type PREPAID, so it is not counted as available.',
  );
  expect(notes.get('funds account ••4883')).toBe(
    'PayerMax does not say whether payouts can draw on it, so it is not counted as available.',
  );
  expect(others.map(({ amounts }) => Object.keys(amounts))).toEqual(others.map(() => ['total']));
  const prepaid = others.filter(({ account }) => account === 'prepaid');
  expect(prepaid.map(toTexts)).toEqual([{ total: '7,500.00 USD' }]);
});

test('an account type in other letters is unrecognised, not available money', async () => {
  const { provider } = await start({
    environment: merchantOnly,
    accounts: { merchant: [['Disbursement', 'USD', '10.00']] },
  });
  const { lines } = await provider.getBalances();
  expect(lines.map((line) => [line.account, toTexts(line)])).toEqual([
    ['disbursement', { total: '10.00 USD' }],
  ]);
});

test.each([
  ['99999999999999999.99', '99,999,999,999,999,999.99 USD'],
  ['0.10', '0.10 USD'],
  ['776.300', '776.300 USD'],
  ['-12.05', '-12.05 USD'],
  ['9007199254740993', '9,007,199,254,740,993 USD'],
])('keeps every digit of %s, as a number and as a string', async (amount, text) => {
  const accounts = {
    merchant: [['DISBURSEMENT', 'USD', amount] as const],
    funds: [['P1', 'USD', amount] as const],
  };
  const { provider, running } = await start({ accounts });
  const expected = [{ available: text }, { total: text }];
  expect((await provider.getBalances()).lines.map(toTexts)).toEqual(expected);
  running.switchFault({ name: 'balance_string' });
  expect((await provider.getBalances()).lines.map(toTexts)).toEqual(expected);
});

test('an amount with an exponent, as Java may write it, is the same amount', async () => {
  const body =
    '{"msg":"","code":"APPLY_SUCCESS","data":{"accountRealTimeTypes":[{"balance":1.5E+3,"accountType":"DISBURSEMENT","currency":"USD"}]}}';
  const { provider } = await start({ environment: merchantOnly, wrap: replay(body) });
  const { lines } = await provider.getBalances();
  expect(lines.map(toTexts)).toEqual([{ available: '1,500 USD' }]);
});

test('the signature is verified on the bytes as they came, not on what they mean', async () => {
  const [before = '', after = ''] = documented.answer.split('"msg":""');
  const body = Buffer.concat([
    Buffer.from(`${before}"msg":"`),
    Buffer.from([0xff]),
    Buffer.from(`"${after}`),
  ]);
  const { provider } = await start({ environment: merchantOnly, wrap: replay(body) });
  expect((await provider.getBalances()).lines).toHaveLength(4);
});

test.each([
  ['merchant', merchantOnly, 'currentBalanceQuery'],
  ['funds', fundsOnly, 'realTimeAccountBalanceQuery'],
])('with only the %s id asks only its API', async (_name, environment, api) => {
  const { provider, running } = await start({ environment });
  const { lines, failures } = await provider.getBalances();
  expect(failures).toEqual([]);
  expect(lines.length).toBeGreaterThan(0);
  expect(running.requests().map(({ path }) => path)).toEqual([`/aggregate-pay/api/gateway/${api}`]);
});

test.each([
  ['currentBalanceQuery', 'merchant account', /^funds account ••/],
  ['realTimeAccountBalanceQuery', 'funds accounts', /^(merchant account|acquiring)$/],
])(
  'a refused %s is a failure of the %s, and the other still answers',
  async (api, account, other) => {
    const { provider, running } = await start();
    running.switchFault({ name: 'contract_invalid', path: api });
    const { lines, failures } = await provider.getBalances();
    expect(failures.map((failure) => [failure.account, failure.error.code])).toEqual([
      [account, 'rejected'],
    ]);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line.account).toMatch(other);
  },
);

test('throws the error of the merchant account when neither answers', async () => {
  const { provider, running } = await start();
  running.switchFault({ name: 'illegal_ip_request', path: 'realTimeAccountBalanceQuery' });
  running.switchFault({ name: 'merchant_invalid', path: 'currentBalanceQuery' });
  const failure = await failureOf(provider.getBalances());
  expect([failure.providerCode, failure.operation]).toEqual(['MERCHANT_INVALID', 'balance']);
});

test('no accounts are an empty reading, not an error', async () => {
  const { provider } = await start({ accounts: noneOfEither });
  expect(await provider.getBalances()).toEqual({ lines: [], failures: [] });
});

test('funds accounts that look alike when masked keep apart, whatever their order', async () => {
  const rows = [
    ['P25071194883', 'USD', '1.00'],
    ['P25071194883', 'EUR', '3.00'],
    ['P99999994883', 'USD', '2.00'],
  ] as const;
  for (const funds of [rows, rows.toReversed()]) {
    const { provider } = await start({ environment: fundsOnly, accounts: { funds } });
    const { lines } = await provider.getBalances();
    expect(lines.map((line) => `${line.account}: ${toTexts(line)['total']}`).sort()).toEqual([
      'funds account ••4883 (2): 2.00 USD',
      'funds account ••4883: 1.00 USD',
      'funds account ••4883: 3.00 EUR',
    ]);
  }
});
