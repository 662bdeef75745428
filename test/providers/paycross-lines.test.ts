// How PayCross's figures become balance lines: amounts to the last digit, currencies, accounts.
import { describe, expect, it } from 'vitest';
import { decimalsOf } from '../../src/providers/paycross/currency.ts';
import { createPaycrossSandbox } from '../../src/providers/paycross/sandbox.ts';
import { demoAccounts } from '../../src/providers/paycross/sandbox-balance.ts';
import { keys } from './paycross-payout-scene.ts';
import { cardAnswer, connection, deps, readReplay, start } from './paycross-scene.ts';
import { createReplay, failureOf, toTexts } from './start-client.ts';

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
