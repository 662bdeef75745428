// PaynetEasy's balances over real HTTP against its sandbox: what is shown, and what is exact.
import { describe, expect, it } from 'vitest';
import { createBalanceRequestComposer } from '../../src/providers/payneteasy/client.ts';
import { payneteasy } from '../../src/providers/payneteasy/index.ts';
import { createPaynetEasySandbox } from '../../src/providers/payneteasy/sandbox.ts';
import { shapeFaults } from '../../src/providers/payneteasy/sandbox-rows.ts';
import { parseBalanceAnswer } from '../../src/providers/payneteasy/wire.ts';
import { startSandbox } from '../../src/providers/sandbox.ts';
import balance from './fixtures/payneteasy/balance.json' with { type: 'json' };
import { controlKey, openScene, row, seed, show } from './payneteasy-scene.ts';

const { clock, getSandbox, readError, readLines } = openScene();

describe('a reading', () => {
  it('shows every documented amount of the documented sample', () => {
    const answer = parseBalanceAnswer(balance.success);
    expect(answer.kind === 'lines' && show(answer.lines)).toEqual([
      {
        account: 'Test1',
        currency: 'AUD',
        available: '8,854.000 AUD',
        total: '8,854.000 AUD',
        held: '0.000 AUD',
        reserve: '0.000 AUD',
        inFlight: '0.000 AUD',
      },
    ]);
  });

  it('comes from the sandbox in the documented bytes to the documented request', () => {
    const { request, success } = balance;
    const exchange = createBalanceRequestComposer({
      baseUrl: 'https://sandbox.payneteasy.com/paynet',
      login: request.merchantLogin,
      controlKey,
      balanceName: request.balanceName,
    })(request.timestampS, request.nonce);
    // The page asks for the balance saa and shows Test1.
    const named = createPaynetEasySandbox(
      { clock },
      { ...seed, balances: [row(request.balanceName, 'AUD', [8_854_000n])] },
    );
    const answer = named.answer(
      {
        method: 'POST',
        path: request.path,
        query: new URLSearchParams(),
        headers: { host: 'sandbox.payneteasy.com', ...exchange.headers },
        body: Buffer.from(request.body),
      },
      undefined,
    );
    expect(answer).toMatchObject({ status: 200, body: success.replace('Test1', 'saa') });
  });

  it('writes currencies in upper case, and finds a double that differs in case only', () => {
    const lower = balance.success.replace('AUD', 'aud');
    const answer = parseBalanceAnswer(lower);
    expect(answer.kind === 'lines' && show(answer.lines)).toMatchObject([
      { currency: 'AUD', total: '8,854.000 AUD' },
    ]);
    const both = `${balance.success.slice(0, -1)},${lower.slice(1)}`;
    expect(parseBalanceAnswer(both).kind).toBe('unreadable');
  });

  it('keeps what the amounts mean, and every digit', async () => {
    const lines = show(await readLines());
    expect(lines).toHaveLength(4);
    expect(lines[1]).toEqual({
      account: 'EU',
      currency: 'EUR',
      available: '161,027.856 EUR',
      total: '182,450.375 EUR',
      held: '12,300.000 EUR',
      reserve: '9,122.519 EUR',
      inFlight: '4,500.000 EUR',
    });
    expect(lines[2]).toMatchObject({
      account: 'EU',
      currency: 'USD',
      available: '99,999,999,999,999,999.990 USD',
    });
    expect(lines[3]).toMatchObject({ available: '-1.250 GBP' });
  });

  it('asks only for the configured balance', async () => {
    const lines = await readLines({ settings: { balance_name: 'Test1' } });
    expect(lines.map(({ account }) => account)).toEqual(['Test1']);
    expect(getSandbox().requests().at(-1)?.body).toMatch(/^balance-name=Test1&oauth_consumer_key=/);
  });

  it('has no line for a balance that the merchant does not have', async () => {
    expect(await readLines({ settings: { balance_name: 'other' } })).toEqual([]);
  });

  it('signs blanks, letters with accents and reserved characters so that they arrive', async () => {
    const name = "Niño & Co. (a+b) * 'é'~%20";
    const odd = createPaynetEasySandbox(
      { clock },
      { login: 'é/merchant +1', controlKey: 'a b&c=d', balances: [row(name, 'EUR', [1n])] },
    );
    const running = await startSandbox(odd, { clock });
    const lines = await readLines({
      environment: { ...running.environment },
      settings: { balance_name: name },
    });
    await running.close();
    expect(show(lines)).toMatchObject([{ account: name, total: '0.001 EUR' }]);
  });

  it('reaches a base URL that ends in a slash', async () => {
    const PAYNETEASY_BASE_URL = `${getSandbox().origin}/paynet/`;
    expect(await readLines({ environment: { PAYNETEASY_BASE_URL } })).toHaveLength(4);
  });

  it('is retried with a new nonce and the time of the retry', async () => {
    getSandbox().switchFault({ name: 'http_429', times: 1, retryAfterS: 2 });
    const before = getSandbox().requests().length;
    const startedAtS = Math.floor(clock.now() / 1000);
    await readLines();
    const sent = getSandbox()
      .requests()
      .slice(before)
      .map(({ body }) => new URLSearchParams(body));
    expect(sent.map((form) => Number(form.get('oauth_timestamp')) - startedAtS)).toEqual([0, 2]);
    expect(new Set(sent.map((form) => form.get('oauth_nonce'))).size).toBe(2);
  });

  it('carries the time of the given clock in seconds', async () => {
    await readLines();
    const sent = new URLSearchParams(getSandbox().requests().at(-1)?.body);
    expect(sent.get('oauth_timestamp')).toBe(String(Math.floor(clock.now() / 1000)));
  });
});

describe('odd variants', () => {
  it.each(['missing_amounts', 'null_amounts'])('%s leaves amounts absent, not 0', async (name) => {
    getSandbox().switchFault({ name });
    const lines = await readLines();
    expect(lines.map(({ amounts }) => amounts)).toEqual([{}, {}, {}, {}]);
  });

  it('missing_live_amount leaves only the available amount absent', async () => {
    getSandbox().switchFault({ name: 'missing_live_amount' });
    const [first] = await readLines();
    expect(Object.keys(first?.amounts ?? {})).toEqual(['total', 'held', 'reserve', 'inFlight']);
  });

  it('amounts_as_strings are read with the same digits', async () => {
    const plain = await readLines();
    getSandbox().switchFault({ name: 'amounts_as_strings' });
    expect(await readLines()).toEqual(plain);
  });

  it('short_amounts keep the digits that they have', async () => {
    getSandbox().switchFault({ name: 'short_amounts' });
    const lines = show(await readLines());
    expect(lines[0]).toMatchObject({ available: '8,854 AUD', held: '0 AUD' });
    expect(lines[2]).toMatchObject({ available: '99,999,999,999,999,999.99 USD' });
  });

  it('empty_list is a reading without lines', async () => {
    getSandbox().switchFault({ name: 'empty_list' });
    expect(await readLines()).toEqual([]);
  });

  it.each([
    ['missing_currency', '[0].currency: '],
    ['missing_name', '[0].name: '],
    ['amounts_with_commas', '[0]["online-balance-live-amount"]: is not a decimal number'],
    ['duplicate_row', '[1].name: appears twice with the same currency'],
    ['object_instead_of_list', 'a shape that is not documented'],
    ['trailing_comma', 'with broken JSON'],
    ['form_unknown_type', 'with a text that is not JSON'],
    ['html', 'with a web page instead of JSON'],
    ['empty', 'with nothing'],
    ['invalid_json', 'with broken JSON'],
  ])('%s is a malformed response', async (name, problem) => {
    getSandbox().switchFault({ name });
    const error = await readError();
    expect(error.code).toBe('malformed_response');
    expect(error.httpStatus).toBe(200);
    expect(error.message).toContain(problem);
    expect(error.message).not.toMatch(/8854/);
  });

  it('are all tested here', () => {
    const tested = [
      'missing_amounts',
      'null_amounts',
      'missing_live_amount',
      'amounts_as_strings',
      'short_amounts',
      'empty_list',
      'missing_currency',
      'missing_name',
      'amounts_with_commas',
      'duplicate_row',
      'object_instead_of_list',
      'trailing_comma',
    ];
    expect(Object.keys(shapeFaults).sort()).toEqual(tested.sort());
  });
});

describe('the sandbox', () => {
  it('is loaded by the module and can be read with what connect() gives', async () => {
    const createSandbox = await payneteasy.loadSandbox();
    const running = await startSandbox(createSandbox({ clock }), { clock });
    const lines = await readLines({
      environment: { ...running.environment },
      settings: running.settings,
    });
    await running.close();
    expect(new Set(lines.map(({ currency }) => currency))).toEqual(
      new Set(['AUD', 'EUR', 'USD', 'GBP']),
    );
    expect(lines.every(({ amounts }) => Object.keys(amounts).length === 5)).toBe(true);
    expect(running.environment['PAYNETEASY_BASE_URL']).toBe(`${running.origin}/paynet`);
  });

  it('makes a new control key and private key each time', () => {
    const [one, two] = [1, 2].map(
      () => createPaynetEasySandbox({ clock }).connect('http://127.0.0.1:1').environment,
    );
    for (const name of ['PAYNETEASY_CONTROL_KEY', 'PAYNETEASY_PRIVATE_KEY']) {
      expect(one?.[name]).not.toBe(two?.[name]);
    }
  });
});
