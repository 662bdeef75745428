// PayCross's balances over real HTTP: documented samples, requests and the sandbox's rules. What becomes
// of the figures is in paycross-lines.test.ts. Fixtures: fixtures/paycross, each naming its source.
import { describe, expect, it } from 'vitest';
import { createPaycrossSandbox } from '../../src/providers/paycross/sandbox.ts';
import { keys } from './paycross-payout-scene.ts';
import { apmSample, basic, cardSample, deps, readReplay, start } from './paycross-scene.ts';
import { failureOf, toTexts } from './start-client.ts';

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
