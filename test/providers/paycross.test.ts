// PayCross over real HTTP: documented samples, requests, amounts, accounts. Failures and configuration
// are in paycross-failures.test.ts. Fixtures: fixtures/paycross, each naming its source.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { decimalsOf } from '../../src/providers/paycross/currency.ts';
import { paycross } from '../../src/providers/paycross/index.ts';
import { createPaycrossSandbox } from '../../src/providers/paycross/sandbox.ts';
import { demoAccounts } from '../../src/providers/paycross/sandbox-balance.ts';
import type { Sandbox } from '../../src/providers/sandbox.ts';
import { createFakeClock } from '../support.ts';
import {
  type ClientChanges,
  createReplay,
  failureOf,
  startClient,
  toTexts,
} from './start-client.ts';

interface Sample {
  readonly text: string;
  readonly requests: readonly object[];
  readonly request: object;
}
function readSample(name: string): Sample {
  const url = new URL(`fixtures/paycross/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}
const cardSample = readSample('card-balance');
const apmSample = readSample('apm-balance');

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const deps = { clock: createFakeClock() };
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

async function start(changes: ClientChanges & { sandbox?: Sandbox } = {}) {
  const started = await startClient(
    paycross,
    changes.sandbox ?? createPaycrossSandbox(deps, { keys }),
    changes,
  );
  closers.push(started.close);
  return started;
}

const basic = `Basic ${Buffer.from('42:synthetic-key').toString('base64')}`;
const connection = {
  id: 'paycross',
  connect: (origin: string) => ({
    environment: {
      PAYCROSS_SHOP_ID: '42',
      PAYCROSS_SECRET_KEY: 'synthetic-key',
      PAYCROSS_BASE_URL: origin,
      PAYCROSS_APM_BASE_URL: `${origin}/beyag`,
    },
    settings: undefined,
  }),
};

/** What comes of one account when PayCross answers this text. */
async function readReplay(text: string, account: object) {
  const { sandbox, asked } = createReplay(connection, text);
  const { provider } = await start({ sandbox, settings: { accounts: [account] } });
  const { lines } = await provider.getBalances();
  expect(lines).toHaveLength(1);
  return { line: lines[0], text: toTexts({ lines, failures: [] })[0], asked };
}

const cardAnswer = (result: string) => `{"status":"successful","result":${result}}`;

describe('the documented samples', () => {
  it('read the card answer to the kopeck', async () => {
    const { line, text } = await readReplay(cardSample.text, { api: 'card', gateway: 5 });
    expect(text).toBe('card gateway 5 | RUB | 66,238,716.74 RUB');
    expect(line).toMatchObject({
      amounts: { available: { units: 6_623_871_674n, decimals: 2, currency: 'RUB' } },
      note: 'account ••0021',
    });
  });

  it('read the APM answer, whose status is capitalised, and say which gateway answered', async () => {
    const { line, text } = await readReplay(apmSample.text, { api: 'apm', gateway: 1234 });
    expect(text).toBe('APM gateway 1234 | RUB | 12,900,921.62 RUB');
    expect(line?.note).toBe('account ••••; answered for gateway 1111');
  });

  it('are what the sandbox answers', async () => {
    const { running } = await start();
    const shop = `${running.environment['PAYCROSS_SHOP_ID']}:${running.environment['PAYCROSS_SECRET_KEY']}`;
    const headers = {
      authorization: `Basic ${Buffer.from(shop).toString('base64')}`,
      'content-type': 'application/json',
      'x-api-version': '2',
    };
    const ask = async (path: string, body: object) => {
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const response = await fetch(running.origin + path, init);
      return { status: response.status, text: await response.text() };
    };
    const account = '40701810820020300021';
    const card = await ask('/balance', { request: { account } });
    expect(card).toEqual({ status: 200, text: cardSample.text.replace(/\n\s/, '') });
    const apm = await ask('/beyag/balance', { ...apmSample.request, account: '' });
    expect(apm.status).toBe(200);
    expect({ ...JSON.parse(apm.text), gateway_id: 1111, account: '...' }).toEqual(
      JSON.parse(apmSample.text),
    );
    for (const request of cardSample.requests) {
      expect((await ask('/balance', request)).status).toBe(200);
    }
  });

  it.each(cardSample.requests)('are sent as documented: %j', async (request) => {
    const [[name = '', value]] = Object.entries(Object.values(request)[0]) as [[string, string]];
    const { asked } = await readReplay(cardSample.text.replace('RUB', 'USD'), {
      api: 'card',
      [name.replace('_id', '')]: value,
    });
    expect(JSON.parse(String(asked[0]?.body))).toEqual(request);
  });
});

describe('requests', () => {
  it('go to the card API in request, with its version, and the gateway as a string', async () => {
    const account = { api: 'card', account: '0012', currency: 'RUB', gateway: 5 };
    const { asked } = await readReplay(cardSample.text, account);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/balance' });
    expect(asked[0]?.headers).toMatchObject({
      authorization: basic,
      'x-api-version': '2',
      'content-type': 'application/json',
      accept: 'application/json',
    });
    expect(String(asked[0]?.body)).toBe(
      '{"request":{"account":"0012","currency":"RUB","gateway_id":"5"}}',
    );
  });

  it('go to the APM API unwrapped, with the gateway as a number of any length', async () => {
    const { asked } = await readReplay(apmSample.text, {
      api: 'apm',
      gateway: '123456789012345678',
      account: '',
      currency: 'RUB',
    });
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/beyag/balance' });
    expect(asked[0]?.headers['authorization']).toBe(basic);
    expect(asked[0]?.headers).not.toHaveProperty('x-api-version');
    expect(String(asked[0]?.body)).toBe(
      '{"gateway_id":123456789012345678,"account":"","currency":"RUB"}',
    );
  });

  it('may name nothing at all, for the default account', async () => {
    const { asked, text } = await readReplay(cardSample.text, { api: 'card' });
    expect(String(asked[0]?.body)).toBe('{"request":{}}');
    expect(text).toBe('card default account | RUB | 66,238,716.74 RUB');
  });
});

describe('the sandbox', () => {
  it('shows accounts of both families in several currencies', async () => {
    const { provider } = await start();
    const reading = await provider.getBalances();
    expect(reading.failures).toEqual([]);
    expect(toTexts(reading)).toEqual([
      'card USD | USD | 1,284,350.75 USD',
      'card account ••0021 | RUB | 66,238,716.74 RUB',
      'card gateway 7 | EUR | 482.13 EUR',
      'card gateway 12 | KWD | 12,507.505 KWD',
      'APM gateway 1234 EUR | EUR | 305,119.00 EUR',
      'APM gateway 1234 RUB | RUB | 12,900,921.62 RUB',
      'APM gateway 1240 | KZT | 19,043,300.50 KZT',
    ]);
  });

  it('refuses a key with one changed byte, and another shop', async () => {
    const right = createPaycrossSandbox(deps, { keys }).connect('').environment;
    const sandbox = createPaycrossSandbox(deps, { keys });
    const own = sandbox.connect('').environment;
    const key = own['PAYCROSS_SECRET_KEY'] ?? '';
    const wrong = `${key.startsWith('0') ? '1' : '0'}${key.slice(1)}`;
    expect(right['PAYCROSS_SECRET_KEY']).not.toBe(key);
    for (const change of [{ PAYCROSS_SECRET_KEY: wrong }, { PAYCROSS_SHOP_ID: '1' }]) {
      const { provider } = await start({ sandbox, environment: change });
      const error = await failureOf(provider.getBalances());
      expect(error).toMatchObject({ code: 'auth_failed', httpStatus: 401 });
    }
  });

  const card = { path: '/balance', headers: {}, body: '{"request":{"currency":"USD"}}' };
  const apm = { path: '/beyag/balance', headers: {}, body: '{"gateway_id":1234}' };
  it.each([
    ['no version', { ...card, headers: { 'x-api-version': '' } }, 422],
    ['the flat version', { ...card, headers: { 'x-api-version': '3' } }, 422],
    ['no wrapper', { ...card, body: '{"currency":"USD"}' }, 422],
    ['a gateway as a number', { ...card, body: '{"request":{"gateway_id":1}}' }, 422],
    ['an account as a number', { ...card, body: '{"request":{"account":1}}' }, 422],
    ['a currency in small letters', { ...card, body: '{"request":{"currency":"usd"}}' }, 422],
    ['an unknown account', { ...card, body: '{"request":{"account":"1"}}' }, 422],
    ['broken JSON', { ...card, body: '{"request"' }, 422],
    ['no JSON header', { ...card, headers: { 'content-type': 'text/plain' } }, 415],
    ['another path', { ...card, path: '/balances' }, 404],
    ['an APM wrapper', { ...apm, body: '{"request":{"gateway_id":1234}}' }, 422],
    ['an APM gateway as a string', { ...apm, body: '{"gateway_id":"1234"}' }, 422],
    ['an APM account as a number', { ...apm, body: '{"gateway_id":1234,"account":1}' }, 422],
    ['an unknown APM gateway', { ...apm, body: '{"gateway_id":5}' }, 422],
    ['nothing wrong, card', card, 200],
    ['nothing wrong, APM', apm, 200],
  ])('judges %s', (_name, call, status) => {
    const sandbox = createPaycrossSandbox(deps, { keys });
    const own = sandbox.connect('').environment;
    const shop = `${own['PAYCROSS_SHOP_ID']}:${own['PAYCROSS_SECRET_KEY']}`;
    const request = {
      method: 'POST',
      path: call.path,
      query: new URLSearchParams(),
      headers: {
        authorization: `Basic ${Buffer.from(shop).toString('base64')}`,
        'content-type': 'application/json',
        'x-api-version': '2',
        ...call.headers,
      },
      body: Buffer.from(call.body),
    };
    expect(sandbox.answer(request, undefined).status).toBe(status);
  });
});

describe('amounts', () => {
  const inCurrency = (currency: string, amount = '1234567') =>
    readReplay(cardAnswer(`{"gatewayId":5,"amount":${amount},"currency":"${currency}"}`), {
      api: 'card',
      gateway: 5,
    });

  it.each([
    ['USD', '12,345.67 USD'],
    ['rub', '12,345.67 RUB'],
    ...'CLP JPY KRW VND ISK XOF'.split(' ').map((one) => [one, `1,234,567 ${one}`]),
    ...'BHD JOD KWD LYD OMR TND'.split(' ').map((one) => [one, `1,234.567 ${one}`]),
    ['MOP', '123,456.7 MOP'],
    ['HUF', '12,345.67 HUF'],
    ['COP', '12,345.67 COP'],
  ])('in %s have PayCross’s decimals', async (currency, amount) => {
    const { line, text } = await inCurrency(currency);
    expect(text).toBe(`card gateway 5 | ${currency.toUpperCase()} | ${amount}`);
    expect(line?.note).toBeUndefined();
  });

  it('in IDR have two decimals, with the doubt beside them', async () => {
    const { line, text } = await inCurrency('IDR');
    expect(text).toBe('card gateway 5 | IDR | 12,345.67 IDR');
    expect(line?.note).toBe('read with two decimals; PayCross’s SDK has none for IDR');
  });

  it.each(['LBP', 'UGX', 'BTC', 'USDT'])('in %s are not guessed', async (currency) => {
    expect(decimalsOf(currency)).toBeUndefined();
    const { line } = await inCurrency(currency);
    expect(line).toEqual({
      account: 'card gateway 5',
      currency,
      amounts: {},
      note: `1234567 minor units; how many of them make 1 ${currency} at PayCross is not documented`,
    });
  });

  it('keep every digit that no float could hold', async () => {
    const accounts = demoAccounts.map((one) => ({
      ...one,
      amountMinor: 9_999_999_999_999_999_999n,
    }));
    const { provider } = await start({ sandbox: createPaycrossSandbox(deps, { keys, accounts }) });
    const texts = toTexts(await provider.getBalances());
    expect(texts[0]).toBe('card USD | USD | 99,999,999,999,999,999.99 USD');
    expect(texts[5]).toBe('APM gateway 1234 RUB | RUB | 99,999,999,999,999,999.99 RUB');
  });

  it('may be below zero', async () => {
    expect((await inCurrency('USD', '-1050')).text).toBe('card gateway 5 | USD | -10.50 USD');
  });

  it.each(['1e9', '10.0', '9'.repeat(31), '"100"'])('are refused as %s', async (digits) => {
    const error = await failureOf(inCurrency('USD', digits));
    expect(error.code).toBe('malformed_response');
    expect(error.message).toContain('result.amount: expected a');
    expect(error.message).not.toContain(digits);
  });

  it.each(['missing_amount', 'null_amount'])('are absent, never 0, on %s', async (name) => {
    const { running, provider } = await start();
    running.switchFault({ name });
    const { lines } = await provider.getBalances();
    expect(lines.map(({ amounts }) => amounts)).toEqual(Array.from({ length: 7 }, () => ({})));
    expect(lines[0]).toMatchObject({
      currency: 'USD',
      note: 'PayCross did not give the amount; account ••5221',
    });
  });
});

describe('the currency', () => {
  it.each(['missing_currency', 'empty_currency'])('on %s is the configured one', async (name) => {
    const { running, provider } = await start();
    running.switchFault({ name });
    const reading = await provider.getBalances();
    expect(toTexts(reading)[0]).toBe('card USD | USD | 1,284,350.75 USD');
    expect(reading.lines[0]?.note).toBe(
      'currency as configured, PayCross did not name it; account ••5221',
    );
  });

  it('that nobody names leaves the figure without a scale: it is quoted, not shown', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'missing_currency' });
    const { lines } = await provider.getBalances();
    expect(lines[1]).toEqual({
      account: 'card account ••0021',
      currency: undefined,
      amounts: {},
      note: '6623871674 minor units of a currency that PayCross did not name',
    });
  });

  it('is refused when it contradicts the configured one', async () => {
    const { running, provider } = await start({
      settings: { accounts: [{ api: 'card', currency: 'USD' }] },
    });
    running.switchFault({ name: 'other_currency' });
    expect(await failureOf(provider.getBalances())).toMatchObject({
      code: 'malformed_response',
      message:
        'PayCross’s answer is not as documented (currency: asked for USD, answered another).',
    });
  });

  it('may be any where none is configured', async () => {
    const { running, provider } = await start({
      settings: { accounts: [{ api: 'apm', gateway: 1240 }] },
    });
    running.switchFault({ name: 'other_currency' });
    expect(toTexts(await provider.getBalances())).toEqual([
      'APM gateway 1240 | XTS | 19,043,300.50 XTS',
    ]);
  });
});

describe('accounts', () => {
  it('are said to be others in the note, by their last four digits', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'other_account' });
    const { lines } = await provider.getBalances();
    expect(lines.map(({ note }) => note)).toEqual([
      'account ••4312',
      'answered for account ••4312',
      'account ••4312; answered for gateway 999',
      'account ••4312; answered for gateway 999',
      'account ••4312; answered for gateway 999',
      'account ••4312; answered for gateway 999',
      'account ••4312; answered for gateway 999',
    ]);
  });

  it('need not be named in the answer', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'missing_identity' });
    const { lines } = await provider.getBalances();
    expect(lines.map(({ note }) => note)).toEqual(lines.map(() => undefined));
  });

  it('have names of their own, whatever the numbers end in', async () => {
    const accounts = [
      { api: 'card', account: '1111222233334444' },
      { api: 'card', account: '5555222233334444' },
      { api: 'apm', gateway: 7 },
      { api: 'apm', gateway: 7, currency: 'USD' },
      { api: 'card', account: '99', gateway: 7 },
    ];
    const { sandbox } = createReplay(connection, '{"status":"successful","result":{}}');
    const { provider } = await start({ sandbox, settings: { accounts } });
    const { lines } = await provider.getBalances();
    expect(lines.map(({ account }) => account)).toEqual([
      'card account ••4444 (entry 1)',
      'card account ••4444 (entry 2)',
      'APM gateway 7',
      'APM gateway 7 USD',
      'card account •••• gateway 7',
    ]);
  });

  it('are asked at the same time', async () => {
    const { sandbox } = createReplay(connection, '{"status":"successful","result":{}}');
    const { running, provider } = await start({
      sandbox,
      settings: { accounts: [1, 2, 3, 4].map((gateway) => ({ api: 'card', gateway })) },
      deadlineMs: 150,
    });
    running.switchFault({ name: 'timeout' });
    const failure = failureOf(provider.getBalances());
    await expect.poll(() => running.requests().length).toBeGreaterThan(3);
    // Nobody has answered yet, so these are the first question of each account and no repetition.
    const firstFour = running.requests().slice(0, 4);
    expect(new Set(firstFour.map(({ body }) => body)).size).toBe(4);
    expect((await failure).code).toBe('timed_out');
  });
});
