// Every way in which PayCross can fail, over real HTTP: one typed error with a sentence and a remedy,
// no secret and no whole account number in it or in the log.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { paycross } from '../../src/providers/paycross/index.ts';
import { createPaycrossSandbox } from '../../src/providers/paycross/sandbox.ts';
import { payoutFaults } from '../../src/providers/paycross/sandbox-payout-fates.ts';
import { createFakeClock } from '../support.ts';
import { type ClientChanges, createReplay, failureOf, startClient } from './start-client.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const deps = { clock: createFakeClock() };
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const account = '40701810842020395221';
const cardOnly = { accounts: [{ api: 'card', account }] };
const apmOnly = { accounts: [{ api: 'apm', gateway: 1234, account }] };

async function start(changes: ClientChanges = {}) {
  const started = await startClient(paycross, createPaycrossSandbox(deps, { keys }), changes);
  closers.push(started.close);
  const shop = started.running.environment;
  const secret = shop['PAYCROSS_SECRET_KEY'] ?? '';
  const basic = Buffer.from(`${shop['PAYCROSS_SHOP_ID']}:${secret}`).toString('base64');
  return { ...started, secret, basic };
}

async function readReplay(body: string, settings: object = cardOnly) {
  const own = createPaycrossSandbox(deps, { keys });
  const { sandbox } = createReplay({ id: own.id, connect: own.connect }, body);
  const { provider, close } = await startClient(paycross, sandbox, { settings });
  closers.push(close);
  return provider.getBalances();
}

const authRemedy =
  'Check PAYCROSS_SHOP_ID and PAYCROSS_SECRET_KEY, and that they are of the shop behind ' +
  'PAYCROSS_BASE_URL and PAYCROSS_APM_BASE_URL.';
const refused = (httpStatus: number, words: string, providerCode?: string) => ({
  code: 'rejected',
  httpStatus,
  providerCode,
  message: `PayCross ${httpStatus === 422 ? 'refused the request (HTTP 422)' : 'gave no balance'}${words}`,
  remedy: expect.stringContaining('providers.paycross.accounts'),
});
const malformed = (problem: string) => ({
  code: 'malformed_response',
  httpStatus: 200,
  message: `PayCross’s answer is not as documented (${problem}).`,
  remedy: expect.stringContaining('no amount rather than a guess'),
});
const noAuth = (httpStatus: number, words: string) => ({
  code: 'auth_failed',
  httpStatus,
  message: `PayCross refused Purser’s credentials.${words}`,
  remedy: authRemedy,
});

/** By fault: both families, or the card API and the APM API apart. */
const failures: Record<string, object | { card: object; apm: object }> = {
  auth_401_message: noAuth(401, ' It says “Unauthorized”.'),
  auth_401_errors: noAuth(401, ' It says “Invalid shop_id/secret_key. (system: System error.)”.'),
  auth_401_nested: noAuth(401, ' It says “Invalid shop_id/secret_key. (system: System error.)”.'),
  auth_401_echo: noAuth(401, ' It says “Not valid: Basic [secret]”.'),
  auth_403_html: noAuth(403, ''),
  error_422_v2: refused(
    422,
    '. It says “Number is invalid. (recipient_card.number: is not a card number)”.',
  ),
  error_422_apm: refused(422, '. It says “Currency is invalid (currency: is missing)”.'),
  error_422_precheck: refused(
    422,
    '. It says “Invalid transaction parameters (type: is missing)” (code E.0625).',
    'E.0625',
  ),
  error_422_echo: {
    card: refused(422, '. It says “Not available: {"request":{"account":"••5221"}}”.'),
    apm: refused(422, '. It says “Not available: {"gateway_id":1234,"account":"••5221"}”.'),
  },
  error_404: {
    code: 'not_found',
    message:
      'PayCross does not know this address or account (HTTP 404). It says “Record not found”.',
    remedy: 'Check PAYCROSS_BASE_URL and PAYCROSS_APM_BASE_URL, which ends in /beyag.',
  },
  error_200_v3: refused(200, '. It says “Not allowed (type: is missing)” (code F.0104).', 'F.0104'),
  error_200_response: refused(200, '. It says “Shop is blocked. (shop: is blocked)”.'),
  error_200_transaction: refused(200, '. It says “Shop is blocked. (shop: is blocked)”.'),
  string_amount: {
    card: malformed('result.amount: expected a number'),
    apm: malformed('amount: expected a number'),
  },
  fraction_amount: {
    card: malformed('result.amount: expected a whole number of minor units'),
    apm: malformed('amount: expected a whole number of minor units'),
  },
  unknown_status: {
    card: refused(200, ' but the status “postponed”.'),
    apm: refused(200, ' but the status “postponed”. It says “none” (code S.0000).', 'S.0000'),
  },
  processing_status: refused(
    200,
    ' but the status “processing”. It says “In progress” (code P.0001).',
    'P.0001',
  ),
  failed_status: refused(
    200,
    ' but the status “failed”. It says “Account is not found” (code F.0101).',
    'F.0101',
  ),
  contradictory_code: refused(
    200,
    ' but the status “successful”. It says “Unknown” (code F.0999).',
    'F.0999',
  ),
  missing_status: malformed('status: missing'),
};
/** Only the card API has a `result` that could be missing or a string. */
const cardFailures = {
  missing_result: malformed('result: expected object, received undefined'),
  result_string: malformed('result: expected object, received string'),
};
const triedElsewhere = [
  'missing_amount',
  'null_amount',
  'missing_currency',
  'empty_currency',
  'missing_identity',
  'other_currency',
  'other_account',
];
const successes = ['undecided_currency', 'token_currency', 'upper_status'];

const cases = Object.entries(failures).flatMap(([name, expected]) =>
  (['card', 'apm'] as const).map((api) => ({
    name,
    api,
    expected: 'card' in expected && 'apm' in expected ? expected[api] : expected,
  })),
);
for (const [name, expected] of Object.entries(cardFailures)) {
  cases.push({ name, api: 'card', expected });
}

describe('failures', () => {
  it.each(cases)('$name of the $api API is one clear error', async ({ name, api, expected }) => {
    const started = await start({ settings: api === 'card' ? cardOnly : apmOnly });
    const { running, provider, log } = started;
    running.switchFault({ name });
    const error = await failureOf(provider.getBalances());
    expect(error).toMatchObject({ provider: 'paycross', operation: 'balance', ...expected });
    expect(running.requests()).toHaveLength(1);
    log.error({ error }, 'logged as it is');
    for (const hidden of [started.secret, started.basic, account]) {
      expect(log.text()).not.toContain(hidden);
    }
  });

  it('every fault of the sandbox is tried, and listed in the README', () => {
    const { faults } = createPaycrossSandbox(deps, { keys });
    const tried = [
      ...Object.keys(failures),
      ...Object.keys(cardFailures),
      ...triedElsewhere,
      ...successes,
      ...Object.keys(payoutFaults),
    ];
    expect(tried.sort()).toEqual(Object.keys(faults).sort());
    const url = new URL('../../src/providers/paycross/README.md', import.meta.url);
    const readme = readFileSync(url, 'utf8').replace(/ +/g, ' ');
    for (const [name, text] of Object.entries(faults)) {
      expect(readme).toContain(`| \`${name}\` | ${text} |`);
    }
    const client = readFileSync(new URL('paycross-lines.test.ts', import.meta.url), 'utf8');
    for (const name of triedElsewhere) expect(client).toContain(`'${name}'`);
    const payouts = ['payouts', 'payout-doubts', 'payout-webhooks'].map((part) =>
      readFileSync(new URL(`paycross-${part}.test.ts`, import.meta.url), 'utf8'),
    );
    for (const name of Object.keys(payoutFaults)) expect(payouts.join()).toContain(`'${name}'`);
  });

  it.each(successes)('%s is a success', async (name) => {
    const { running, provider } = await start({ settings: cardOnly });
    running.switchFault({ name });
    const { lines } = await provider.getBalances();
    const isScaleKnown = name === 'upper_status';
    expect(lines[0]?.amounts.available !== undefined).toBe(isScaleKnown);
  });

  it('of one account leave the others standing, under the name of that account', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'failed_status', path: '/beyag', times: 1 });
    const { lines, failures: failed } = await provider.getBalances();
    expect(lines).toHaveLength(6);
    expect(failed).toHaveLength(1);
    expect(failed[0]?.account).toMatch(/^APM gateway 12/);
    expect(failed[0]?.error).toMatchObject({ code: 'rejected', providerCode: 'F.0101' });
    expect(lines.map((line) => line.account)).not.toContain(failed[0]?.account);
  });

  it('of a whole family leave the other one standing', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'html', path: '/beyag' });
    const { lines, failures: failed } = await provider.getBalances();
    expect(lines).toHaveLength(4);
    expect(failed.map((one) => one.account)).toEqual([
      'APM gateway 1234 EUR',
      'APM gateway 1234 RUB',
      'APM gateway 1240',
    ]);
  });

  it('of all accounts are one error', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'auth_401_message' });
    expect((await failureOf(provider.getBalances())).code).toBe('auth_failed');
    expect(running.requests()).toHaveLength(7);
  });

  it.each([
    ['html', 'malformed_response', 'PayCross answered with a web page instead of JSON.'],
    ['empty', 'malformed_response', 'PayCross answered with nothing instead of JSON.'],
    ['invalid_json', 'malformed_response', 'PayCross answered with broken text instead of JSON.'],
    ['timeout', 'timed_out', 'PayCross did not answer within 0.15 s.'],
    ['http_500', 'unavailable', 'PayCross has a problem of its own (HTTP 500).'],
  ])('%s on the wire is %s', async (name, code, message) => {
    const { running, provider } = await start({
      settings: cardOnly,
      deadlineMs: name === 'timeout' ? 150 : 5_000,
    });
    running.switchFault({ name });
    expect(await failureOf(provider.getBalances())).toMatchObject({ code, message });
  });

  it('is throttled as long as PayCross says, then asks again', async () => {
    const { running, provider } = await start({ settings: cardOnly });
    running.switchFault({ name: 'http_429', times: 1, retryAfterS: 3 });
    expect((await provider.getBalances()).lines).toHaveLength(1);
    expect(running.requests()).toHaveLength(2);
    running.switchFault({ name: 'http_429' });
    expect(await failureOf(provider.getBalances())).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 1000,
    });
  });

  it.each([
    ['"successful"', 'malformed_response'],
    ['[]', 'malformed_response'],
    ['{}', 'malformed_response'],
    ['{"status":7}', 'malformed_response'],
    ['{"message":"Unauthorized"}', 'rejected'],
    ['{"code":"F.0001","errors":[[[[[[[["deep"]]]]]]]]}', 'rejected'],
    ['{"status":"","result":{"amount":1,"currency":"USD"}}', 'malformed_response'],
    ['{"status":"unsuccessful","result":{"amount":1,"currency":"USD"}}', 'rejected'],
    ['{"status":"successful","result":{"amount":1,"currency":"643"}}', 'malformed_response'],
    ['{"response":"no","transaction":7,"message":"Stop"}', 'rejected'],
  ])('answers %s as %s', async (body, code) => {
    expect((await failureOf(readReplay(body))).code).toBe(code);
  });

  it('quotes at length only what a person would read', async () => {
    const message = `one\n\n${'two '.repeat(400)}`;
    const error = await failureOf(readReplay(JSON.stringify({ message, code: 'x y' })));
    expect(error.message.length).toBeLessThan(350);
    expect(error.message).toContain('“one two two');
    expect(error.providerCode).toBeUndefined();
  });
});
