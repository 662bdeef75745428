// Alignet over real HTTP: documented samples, amounts, accounts, configuration. Its failures are in
// alignet-failures.test.ts. Fixtures: fixtures/alignet, each naming its source.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { alignet } from '../../src/providers/alignet/index.ts';
import { createAlignetSandbox } from '../../src/providers/alignet/sandbox.ts';
import type { Sandbox } from '../../src/providers/sandbox.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';
import {
  type ClientChanges,
  configErrorOf,
  createReplay,
  failureOf,
  startClient,
  toTexts,
} from './start-client.ts';

const sample: { request: { method: string; path: string }; body: Record<string, unknown> } =
  JSON.parse(readFileSync(new URL('fixtures/alignet/balance.json', import.meta.url), 'utf8'));
const sampleText = JSON.stringify(sample.body);

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options: ClientChanges & { sandbox?: Sandbox } = {}) {
  const sandbox = options.sandbox ?? createAlignetSandbox({ clock: createFakeClock() });
  const started = await startClient(alignet, sandbox, options);
  closers.push(started.close);
  const secret = started.running.environment['ALIGNET_AUTHORIZATION'] ?? '';
  return { ...started, secret };
}

/** A payfac 1234 whose amounts have two decimals. */
const connection = {
  id: 'alignet',
  connect: (origin: string) => ({
    environment: {
      ALIGNET_AUTHORIZATION: 'synthetic-authorization',
      ALIGNET_BASE_URL: origin,
      ALIGNET_PAYFAC_ID: '1234',
    },
    settings: { amount_decimals: 2 },
  }),
};

async function readReplay(body: string, settings: object = { amount_decimals: 2 }) {
  const { sandbox } = createReplay(connection, body);
  const { provider } = await start({ sandbox, settings });
  return provider.getBalances();
}

function answerWith(rows: unknown, status: object = { code: '00', message: 'OK' }): string {
  return JSON.stringify({ action: 'pay_out_balance', balance: rows, meta: { status } });
}

describe('the documented sample', () => {
  it('is what payfac 1234 of the sandbox answers, but for the times', async () => {
    const { running, secret } = await start();
    const response = await fetch(`${running.origin}${sample.request.path}`, {
      headers: { authorization: secret },
    });
    const body = (await response.json()) as { meta: { metrics: object } };
    expect(response.status).toBe(200);
    expect(Object.keys(body.meta.metrics)).toEqual(['aggregate']);
    expect({ ...body, meta: { ...body.meta, metrics: undefined } }).toEqual({
      ...sample.body,
      meta: { ...(sample.body['meta'] as object), metrics: undefined },
    });
  });

  it.each([
    [2, '10,000,000.00 PEN', 'income 5,000,000.00, expenditure 5,000,000.00'],
    [5, '10,000.00000 PEN', 'income 5,000.00000, expenditure 5,000.00000'],
    [0, '1,000,000,000 PEN', 'income 500,000,000, expenditure 500,000,000'],
    [6, '1,000.000000 PEN', 'income 500.000000, expenditure 500.000000'],
  ])('is read with the agreed %i decimals', async (amount_decimals, available, note) => {
    const reading = await readReplay(sampleText, { amount_decimals });
    expect(toTexts(reading)).toEqual([`Banco Continental | PEN | ${available}`]);
    expect(reading.lines[0]?.note).toBe(note);
    expect(reading.failures).toEqual([]);
  });

  it('is asked for with the documented method, path and header, and no body', async () => {
    const { sandbox, asked } = createReplay(connection, sampleText);
    const { provider } = await start({
      sandbox,
      environment: { ALIGNET_AUTHORIZATION: '  opaque value/==with a blank \n' },
    });
    await provider.getBalances();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'GET', path: sample.request.path });
    expect(asked[0]?.headers['authorization']).toBe('opaque value/==with a blank');
    expect(asked[0]?.body).toHaveLength(0);
  });

  it('keeps a payfac id inside its place in the path', async () => {
    const { sandbox, asked } = createReplay(connection, sampleText);
    const { provider } = await start({ sandbox, environment: { ALIGNET_PAYFAC_ID: 'a/b?c' } });
    await provider.getBalances();
    expect(asked[0]?.path).toBe('/onboarding/payfac/a%2Fb%3Fc/account/balance/monnet');
  });
});

describe('the sandbox', () => {
  it('shows several accounts at the scale of its settings', async () => {
    const { provider } = await start();
    expect(toTexts(await provider.getBalances())).toEqual([
      'Banco Continental | PEN | 465,235.35000 PEN',
      'Banco de Credito | USD | 681.20000 USD',
      'Interbank | PEN | 721,312.75000 PEN',
    ]);
    const clock = createFakeClock();
    const cents = await start({ sandbox: createAlignetSandbox({ clock }, { amountDecimals: 2 }) });
    expect(toTexts(await cents.provider.getBalances())[0]).toBe(
      'Banco Continental | PEN | 465,235.35 PEN',
    );
  });

  it('makes a new authorization of the documented shape each time', () => {
    const deps = { clock: createFakeClock() };
    const [one, two] = [createAlignetSandbox(deps), createAlignetSandbox(deps)].map(
      (sandbox) => sandbox.connect('http://127.0.0.1:1').environment['ALIGNET_AUTHORIZATION'],
    );
    expect(one).toMatch(/^[A-Za-z0-9]{16}\.[A-Za-z0-9]{64}$/);
    expect(two).not.toBe(one);
  });

  it('refuses an authorization with one changed character', async () => {
    const clock = createFakeClock();
    const sandbox = createAlignetSandbox({ clock });
    const right = sandbox.connect('').environment['ALIGNET_AUTHORIZATION'] ?? '';
    const wrong = `${right.startsWith('A') ? 'B' : 'A'}${right.slice(1)}`;
    const { provider, log } = await start({
      sandbox,
      environment: { ALIGNET_AUTHORIZATION: wrong },
    });
    const error = await failureOf(provider.getBalances());
    expect(error).toMatchObject({ code: 'auth_failed', httpStatus: 401, providerCode: '401' });
    expect(log.text()).not.toContain(wrong);
  });

  it.each([
    ['no header', {}],
    ['a scheme word', { authorization: 'Bearer 0123456789abcdef' }],
  ])('answers 401 in its envelope to %s', async (_name, headers: Record<string, string>) => {
    const { running } = await start();
    const response = await fetch(`${running.origin}${sample.request.path}`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ meta: { status: { code: '401' } } });
  });

  it('knows no other payfac, provider or body', async () => {
    const { running, secret } = await start();
    const ask = async (path: string, init: RequestInit = {}) =>
      (await fetch(running.origin + path, { ...init, headers: { authorization: secret } })).status;
    expect(await ask('/onboarding/payfac/999/account/balance/monnet')).toBe(404);
    expect(await ask('/onboarding/payfac/1234/account/balance/other')).toBe(404);
    expect(await ask('/onboarding/payfac/1234/account/balance')).toBe(404);
    expect(await ask(sample.request.path, { method: 'POST' })).toBe(405);
  });
});

describe('amounts', () => {
  it('keeps every digit of an amount that no float could hold', async () => {
    const clock = createFakeClock();
    const sandbox = createAlignetSandbox(
      { clock },
      {
        accounts: [
          {
            bank: 'Interbank',
            commerceId: '1',
            commerceName: 'Prueba',
            currency: 'PEN',
            incomeHundredths: 9_999_999_999_999_999_999n,
            expenditureHundredths: 0n,
          },
        ],
      },
    );
    const { provider } = await start({ sandbox });
    expect(toTexts(await provider.getBalances())).toEqual([
      'Interbank | PEN | 99,999,999,999,999,999.99000 PEN',
    ]);
  });

  it('shows an overdrawn account below zero', async () => {
    const reading = await readReplay(
      answerWith([{ bank_name: 'Interbank', currency: 'pen', total_balance: -12345 }]),
    );
    expect(toTexts(reading)).toEqual(['Interbank | PEN | -123.45 PEN']);
    expect(reading.lines[0]?.note).toBeUndefined();
  });

  it.each(['missing_total', 'null_total'])('takes %s for absent, never for 0', async (name) => {
    const { running, provider } = await start();
    running.switchFault({ name });
    const { lines } = await provider.getBalances();
    expect(lines.map(({ amounts }) => amounts)).toEqual([{}, {}, {}]);
    expect(lines[1]?.note).toBe(
      'Alignet gave no balance, income 96,400.00000, expenditure 95,718.80000',
    );
  });

  it.each(['1e9', '10.0', '9'.repeat(31)])('refuses the number %s', async (digits) => {
    const body = answerWith([{ bank_name: 'B', currency: 'PEN', total_balance: 7 }]);
    const error = await failureOf(readReplay(body.replace(':7', `:${digits}`)));
    expect(error.code).toBe('malformed_response');
    expect(error.message).toContain('balance[0].total_balance: expected a whole number');
    expect(error.message).not.toContain(digits);
  });

  it('refuses a turnover with decimals too: it puts the scale in doubt', async () => {
    const row = { bank_name: 'B', currency: 'PEN', total_balance: 7, total_income_amount: 7.5 };
    const error = await failureOf(readReplay(answerWith([row])));
    expect(error.message).toContain('balance[0].total_income_amount');
  });
});

describe('accounts', () => {
  const row = { bank_name: 'Interbank', currency: 'PEN', total_balance: 1 };

  it('are told apart by commerce where bank and currency are the same', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'many_rows' });
    const accounts = (await provider.getBalances()).lines.map(({ account }) => account);
    expect(accounts).toHaveLength(15);
    expect(accounts.slice(0, 4)).toEqual([
      'Banco Continental, Andes Retail SAC, commerce 58',
      'Banco de Credito',
      'Interbank',
      'Banco Continental, Tienda 1, commerce 100',
    ]);
    expect(new Set(accounts).size).toBe(15);
  });

  it('may share a bank in two currencies, which needs no commerce', async () => {
    const reading = await readReplay(answerWith([row, { ...row, currency: 'USD' }]));
    expect(reading.lines.map(({ account }) => account)).toEqual(['Interbank', 'Interbank']);
  });

  it('are refused when nothing tells two of them apart', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'same_rows' });
    const error = await failureOf(provider.getBalances());
    expect(error.code).toBe('malformed_response');
    expect(error.message).toContain('two rows have the same bank and commerce');
  });

  it('without a bank name are called by their commerce', async () => {
    const { lines } = await readReplay(
      answerWith([
        { currency: 'PEN', total_balance: 1, commerce_id: 12 },
        { currency: 'USD', total_balance: 1, bank_name: ' \n ' },
      ]),
    );
    expect(lines.map(({ account }) => account)).toEqual(['commerce 12', 'unnamed account']);
  });

  it('are refused beyond 500', async () => {
    const rows = (length: number) =>
      Array.from({ length }, (_, index) => ({ ...row, bank_name: `Bank ${index}` }));
    expect((await readReplay(answerWith(rows(500)))).lines).toHaveLength(500);
    const error = await failureOf(readReplay(answerWith(rows(501))));
    expect(error).toMatchObject({ code: 'malformed_response' });
    expect(error.message).toContain('balance: expected at most 500 rows');
  });

  it('may be none', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'no_rows' });
    expect(await provider.getBalances()).toEqual({ lines: [], failures: [] });
  });
});

describe('configuration', () => {
  const environment = {
    ALIGNET_AUTHORIZATION: 'synthetic',
    ALIGNET_BASE_URL: 'http://127.0.0.1:1',
    ALIGNET_PAYFAC_ID: '1234',
  };
  const create = (settings: unknown, changed: Record<string, string> = {}) =>
    alignet.create(
      { environment: { ...environment, ...changed }, settings: alignet.settings.parse(settings) },
      {
        clock: createFakeClock(),
        log: createRecordingLog(),
        newNonce: newTestNonce,
        scrub: (text) => text,
      },
    );

  it('has no default scale: what it is must be agreed on with Alignet', () => {
    const error = configErrorOf(() => create({}));
    expect(error.problems).toEqual([
      {
        path: 'team.yaml: providers.alignet.amount_decimals',
        problem: 'The scale of Alignet’s amounts is not set, so no amount can be shown.',
        remedy: expect.stringMatching(/not document.*2 and 5 .*1000.*agree on it with Alignet/),
      },
    ]);
  });

  it.each([-1, 7, 2.5, '5', null])('refuses %j decimals with what to write', (amount_decimals) => {
    const parsed = alignet.settings.safeParse({ amount_decimals });
    expect(parsed.error?.issues[0]?.path).toEqual(['amount_decimals']);
    expect(parsed.error?.issues[0]?.message).toContain('from 0 to 6');
  });

  it('refuses an unknown setting', () => {
    expect(alignet.settings.safeParse({ amount_decimal: 5 }).success).toBe(false);
  });

  it('names the variable that is empty or holds what no header can carry, not its value', () => {
    for (const [name, value] of [
      ['ALIGNET_PAYFAC_ID', ' '],
      ['ALIGNET_AUTHORIZATION', 'abc\r\nx-evil: 1'],
      ['ALIGNET_AUTHORIZATION', 'secretß€'],
    ] as const) {
      const error = configErrorOf(() => create({ amount_decimals: 2 }, { [name]: value }));
      expect(error.problems[0]?.path).toBe(name);
      expect(error.message).not.toContain('evil');
      expect(error.message).not.toContain('€');
    }
  });

  it('is switched on by the authorization and requires a base URL, which has no default', () => {
    expect(alignet.environment[0]).toMatchObject({
      name: 'ALIGNET_AUTHORIZATION',
      kind: 'secret',
      isRequired: true,
    });
    const baseUrl = alignet.environment.find(({ name }) => name === 'ALIGNET_BASE_URL');
    expect(baseUrl).toMatchObject({ kind: 'url', isRequired: true });
    expect(baseUrl?.defaultValue).toBeUndefined();
  });

  it('loads its sandbox on demand', async () => {
    const make = await alignet.loadSandbox();
    expect(make({ clock: createFakeClock() }).id).toBe('alignet');
  });
});
