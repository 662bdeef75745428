// What people read when PayerMax does not give balances: each fault of its sandbox, the clock, the
// signature of its answers, and the network.
import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ProviderErrorCode } from '../../src/errors.ts';
import { createPayermaxSandbox } from '../../src/providers/payermax/sandbox.ts';
import { payoutFaults } from '../../src/providers/payermax/sandbox-payouts.ts';
import { transportFaults } from '../../src/providers/sandbox.ts';
import { createFakeClock } from '../support.ts';
import { failureOf, fundsOnly, keys, merchantOnly, secretLine, start } from './payermax-scene.ts';

const uploaded = 'uploaded in the dashboard (MMC > Settings > Config)';
const later = 'Ask again in a minute; if it stays, ask PayerMax support.';
const compare = 'Compare the PAYERMAX variables with the PayerMax dashboard.';
const unsigned = 'PayerMax’s answer is not signed by the configured platform key.';
const altered =
  'Check that PAYERMAX_PLATFORM_PUBLIC_KEY is the PayerMax public key of this environment’s dashboard; if it is, something between Purser and PayerMax alters answers.';
const changed =
  'Ask again in a minute; if it stays, check PAYERMAX_BASE_URL and ask PayerMax support what changed.';
const off = (path: string, why: string) =>
  `PayerMax’s answer is not as documented at ${path}: ${why}.`;
const list = 'data.accountRealTimeTypes';

/** Those of the sandbox that are not failures: tested in payermax.test.ts. */
const answeredFaults = ['balance_string', 'type_unknown', 'no_accounts'];

/** About orders, not balances: tested in payermax-payouts.test.ts and beside it. */
const payoutOnly = [
  'order_repeat',
  'order_not_exist',
  'balance_insufficient',
  ...Object.keys(payoutFaults),
];

const failures: Readonly<Record<string, readonly [ProviderErrorCode, string, string]>> = {
  illegal_ip_request: [
    'auth_failed',
    'PayerMax does not accept calls from this IP address (ILLEGAL_IP_REQUEST): “illegal ip request”.',
    'Have the public IP address from which Purser calls put on PayerMax’s whitelist.',
  ],
  too_many_request: [
    'rate_limited',
    'PayerMax asks Purser to slow down (TOO_MANY_REQUEST): “Exceed request limitation, please retry later”.',
    later,
  ],
  merchant_app_invalid: [
    'auth_failed',
    'PayerMax has no public key for this app (MERCHANT_APP_INVALID): “Signature key is not configured”.',
    `Check PAYERMAX_APP_ID, and that its public key is ${uploaded}.`,
  ],
  sign_verify_failed: [
    'auth_failed',
    'PayerMax does not accept Purser’s signature (SIGN_VERIFY_FAILED): “The signature verify failed”.',
    'Check that the public key in the dashboard (MMC > Settings > Config) belongs to PAYERMAX_PRIVATE_KEY, and that both are for the environment of PAYERMAX_BASE_URL.',
  ],
  http_400_refusal: [
    'auth_failed',
    'PayerMax does not accept Purser’s signature (SIGN_VERIFY_FAILED): “The signature verify failed”.',
    'Check that the public key in the dashboard (MMC > Settings > Config) belongs to PAYERMAX_PRIVATE_KEY, and that both are for the environment of PAYERMAX_BASE_URL.',
  ],
  req_time_over_time: [
    'auth_failed',
    'PayerMax refused the time of the request (REQ_TIME_OVER_TIME), although this machine’s clock is only 0 s ahead of PayerMax’s.',
    'Look for a proxy or a network that holds requests back for minutes.',
  ],
  clock_ahead: [
    'auth_failed',
    'PayerMax refused the time of the request (REQ_TIME_OVER_TIME): this machine’s clock is 3 min 12 s behind PayerMax’s.',
    'Set it by NTP.',
  ],
  contract_invalid: [
    'rejected',
    'PayerMax has not opened this for the merchant (CONTRACT_INVALID): “Merchant has not signed the contract or payment methods”.',
    'Ask PayerMax to enable it in the contract.',
  ],
  merchant_invalid: [
    'rejected',
    'PayerMax does not serve this merchant now (MERCHANT_INVALID): “The merchant has been offline”.',
    'Check PAYERMAX_MERCHANT_NO and PAYERMAX_MEMBER_ID, then ask PayerMax support.',
  ],
  params_invalid: [
    'rejected',
    'PayerMax refused the request (PARAMS_INVALID): “currency is invalid,because currency is null”.',
    compare,
  ],
  system_error: [
    'unavailable',
    'PayerMax has a problem of its own (SYSTEM_ERROR): “System is busy, please try again later”.',
    later,
  ],
  signed_refusal: [
    'unavailable',
    'PayerMax has a problem of its own (SYSTEM_ERROR): “System is busy, please try again later”.',
    later,
  ],
  error_in_data: [
    'unavailable',
    'PayerMax has a problem of its own (SYSTEM_ERROR): “System is busy, please try again later”.',
    later,
  ],
  request_timeout: [
    'unavailable',
    "PayerMax has a problem of its own (REQUEST_TIMEOUT): “Request timeout or didn't get result, If you have finished to pay, pls wait for the result”.",
    later,
  ],
  unexpected_error: [
    'unavailable',
    'PayerMax has a problem of its own (UNEXPECTED_ERROR): “No further information for the error, plz try it later”.',
    later,
  ],
  brand_new_code: [
    'malformed_response',
    'PayerMax answered with the code BRAND_NEW_CODE, which Purser does not know: “Nobody has documented this”.',
    'Ask PayerMax support what it means.',
  ],
  sign_missing: ['malformed_response', unsigned, altered],
  sign_of_other_key: ['malformed_response', unsigned, altered],
  sign_garbage: ['malformed_response', unsigned, altered],
  body_altered: ['malformed_response', unsigned, altered],
  code_missing: [
    'malformed_response',
    off('code', 'Invalid input: expected string, received undefined'),
    changed,
  ],
  no_data: [
    'malformed_response',
    off('data', 'Invalid input: expected object, received undefined'),
    changed,
  ],
  list_missing: [
    'malformed_response',
    off(list, 'Invalid input: expected array, received undefined'),
    changed,
  ],
  list_renamed: [
    'malformed_response',
    off(list, 'Invalid input: expected array, received undefined'),
    changed,
  ],
  balance_missing: ['malformed_response', off(`${list}.0.balance`, 'Invalid input'), changed],
  balance_null: ['malformed_response', off(`${list}.0.balance`, 'Invalid input'), changed],
  balance_misprint: [
    'malformed_response',
    off(`${list}.0.balance`, 'not a decimal number'),
    changed,
  ],
  currency_missing: [
    'malformed_response',
    off(`${list}.0.currency`, 'Invalid input: expected string, received undefined'),
    changed,
  ],
  row_repeated: ['malformed_response', off(`${list}.12`, 'this account came before'), changed],
};

test('every fault of the sandbox is either answered or explained here', () => {
  const { faults } = createPayermaxSandbox({ clock: createFakeClock() }, { keys });
  const known = [...Object.keys(failures), ...answeredFaults, ...payoutOnly];
  expect(Object.keys(faults).sort()).toEqual(known.sort());
});

test('the README lists the faults of the sandbox as they are', () => {
  const { faults } = createPayermaxSandbox({ clock: createFakeClock() }, { keys });
  const page = new URL('../../src/providers/payermax/README.md', import.meta.url);
  const rows = readFileSync(page, 'utf8').matchAll(/^\| `([a-z0-9_]+)` +\| (.*?) +\|$/gm);
  expect(Object.fromEntries([...rows].map(([, name, what]) => [name, what]))).toEqual(faults);
});

test.each(Object.entries(failures))('%s is explained', async (name, [code, message, remedy]) => {
  const { provider, running, log } = await start({ environment: merchantOnly });
  running.switchFault({ name });
  const failure = await failureOf(provider.getBalances());
  expect([failure.code, failure.message, failure.remedy]).toEqual([code, message, remedy]);
  expect(failure.provider).toBe('payermax');
  const seen = `${failure.stack} ${JSON.stringify(failure)} ${log.text()}`;
  expect(seen).not.toContain(secretLine);
  const isRetried = code === 'unavailable' || code === 'rate_limited';
  expect(running.requests()).toHaveLength(isRetried ? 3 : 1);
});

test('a fault in the funds accounts names their fields', async () => {
  const { provider, running } = await start({ environment: fundsOnly });
  for (const [name, field, why] of [
    [
      'currency_missing',
      '0.fundsAccountCurrency',
      'Invalid input: expected string, received undefined',
    ],
    ['balance_misprint', '0.balance', 'not a decimal number'],
    ['row_repeated', '3', 'this account came before'],
  ] as const) {
    running.switchFault({ name, times: 1 });
    const failure = await failureOf(provider.getBalances());
    expect(failure.message).toBe(off(`data.accountBalanceInfoList.${field}`, why));
    expect(failure.operation).toBe('funds balance');
  }
});

test.each([
  [-192_000, '3 min 12 s behind'],
  [192_000, '3 min 12 s ahead of'],
  [-125_000, '2 min 5 s behind'],
  [7_500_000, '2 h 5 min ahead of'],
  [-86_400_000 * 3, '3 d behind'],
])('a clock that is %d ms off is named as such', async (aheadMs, words) => {
  const { provider } = await start({ environment: merchantOnly, aheadMs });
  const failure = await failureOf(provider.getBalances());
  expect([failure.code, failure.providerCode]).toEqual(['auth_failed', 'REQ_TIME_OVER_TIME']);
  expect(failure.message).toBe(
    `PayerMax refused the time of the request (REQ_TIME_OVER_TIME): this machine’s clock is ${words} PayerMax’s.`,
  );
  expect(failure.remedy).toBe('Set it by NTP.');
});

test.each([119_000, -119_000])('a clock that is %d ms off is good enough', async (aheadMs) => {
  const { provider } = await start({ environment: merchantOnly, aheadMs });
  expect((await provider.getBalances()).failures).toEqual([]);
});

test('a currency that is none makes the answer malformed, whatever stands beside it', async () => {
  const { provider } = await start({
    environment: merchantOnly,
    wrap: (sandbox) => ({
      ...sandbox,
      answer(request, fault) {
        const answer = sandbox.answer(request, fault);
        const body = answer.body.toString().replace('"USD"', '"US DOLLARS"');
        const signature = sign('RSA-SHA256', Buffer.from(body), keys.platform.privateKey);
        const headers = { ...answer.headers, sign: signature.toString('base64') };
        return { ...answer, headers, body };
      },
    }),
  });
  const failure = await failureOf(provider.getBalances());
  expect(failure.code).toBe('malformed_response');
  expect(failure.message).toMatch(/not as documented at data\..*currency: not a currency code\.$/);
});

test('without a readable Date header the skew is not guessed', async () => {
  const { provider } = await start({
    environment: merchantOnly,
    aheadMs: 600_000,
    wrap: (sandbox) => ({
      ...sandbox,
      answer(request, fault) {
        const answer = sandbox.answer(request, fault);
        return { ...answer, headers: { ...answer.headers, date: 'yesterday' } };
      },
    }),
  });
  const failure = await failureOf(provider.getBalances());
  expect(failure.message).toMatch(/this machine’s clock is more than 2 min off\.$/);
});

test('a wrong private key is refused by the sandbox and explained', async () => {
  const other = String(keys.platform.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const platform = String(keys.merchant.publicKey.export({ type: 'spki', format: 'pem' }));
  const { provider } = await start({
    environment: {
      ...merchantOnly,
      PAYERMAX_PRIVATE_KEY: other,
      PAYERMAX_PLATFORM_PUBLIC_KEY: platform,
    },
  });
  const failure = await failureOf(provider.getBalances());
  expect([failure.code, failure.providerCode]).toEqual(['auth_failed', 'SIGN_VERIFY_FAILED']);
});

test('signs every retry anew, with the time of that moment', async () => {
  const { provider, running, clock } = await start({ environment: merchantOnly });
  running.switchFault({ name: 'system_error', times: 2 });
  expect((await provider.getBalances()).failures).toEqual([]);
  const times = running.requests().map(({ body }) => /"requestTime":"([^"]+)"/.exec(body)?.[1]);
  expect(times).toEqual([
    '2026-11-20T12:00:00.000Z',
    '2026-11-20T12:00:00.200Z',
    '2026-11-20T12:00:00.600Z',
  ]);
  expect(clock.slept).toEqual([200, 400]);
});

const transport: Readonly<Record<string, readonly [ProviderErrorCode, string | RegExp]>> = {
  timeout: ['timed_out', 'PayerMax did not answer within 0.15 s.'],
  process_then_timeout: ['timed_out', 'PayerMax did not answer within 0.15 s.'],
  reset: ['unavailable', /broke off/],
  process_then_reset: ['unavailable', /broke off/],
  truncated: ['unavailable', /broke off/],
  http_500: ['unavailable', 'PayerMax has a problem of its own (HTTP 500).'],
  http_429: ['rate_limited', 'PayerMax asks Purser to slow down (HTTP 429).'],
  html: ['malformed_response', 'PayerMax answered with a web page instead of JSON.'],
  invalid_json: ['malformed_response', 'PayerMax answered with broken JSON.'],
  empty: ['malformed_response', 'PayerMax answered with nothing.'],
  huge: ['malformed_response', /more than 1048576 bytes/],
  redirect: ['malformed_response', /redirect/],
};

test.each(Object.entries(transport))(
  '%s on the wire is explained',
  async (name, [code, message]) => {
    const deadlineMs = code === 'timed_out' ? 150 : 5_000;
    const { provider, running } = await start({ environment: merchantOnly, deadlineMs });
    running.switchFault({ name });
    const failure = await failureOf(provider.getBalances());
    expect(failure.code).toBe(code);
    expect(failure.message).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  },
);

test('every fault of the wire but a slow answer is tested here', () => {
  expect(Object.keys(transport).sort()).toEqual(
    Object.keys(transportFaults)
      .filter((name) => name !== 'slow')
      .sort(),
  );
});
