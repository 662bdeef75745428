// What PayCross can pay as it is configured: currencies, their decimals, and the account behind them.
import { describe, expect, it } from 'vitest';
import { findPayableDecimals } from '../../src/providers/paycross/currency.ts';
import { examplePayee, paycross } from '../../src/providers/paycross/index.ts';
import { demoAccounts } from '../../src/providers/paycross/sandbox-balance.ts';
import { cardOrder, createDeps, startPayouts } from './paycross-payout-scene.ts';
import { failureOf } from './start-client.ts';

describe('what can be paid', () => {
  it('is what exactly one account of the API is listed with', async () => {
    const { payouts } = await startPayouts();
    expect(payouts.routes.map(({ id, currencies }) => [id, currencies])).toEqual([
      ['card', ['USD', 'EUR']],
      ['apm-sepa', ['EUR']],
    ]);
    expect(payouts.accountFor('card', 'EUR')).toBe('card gateway 7');
    expect(payouts.accountFor('apm-sepa', 'RUB')).toBe('APM gateway 1234 RUB');
    expect(() => payouts.accountFor('card', 'KWD')).toThrow('No single account that pays KWD');
    const answered = ['USD', 'EUR', 'RUB', 'KWD', 'IDR', 'usd', 'constructor'];
    expect(answered.map(payouts.decimalsOf)).toEqual([2, 2, ...Array(5).fill(undefined)]);
  });

  it.each([
    ['nothing, without a currency', [{ api: 'card', gateway: 7 }]],
    [
      'nothing, of two in one currency',
      [7, 8].map((gateway) => ({ api: 'card', gateway, currency: 'USD' })),
    ],
    ['nothing in IDR, whose scale is in doubt', [{ api: 'card', currency: 'IDR' }]],
    ['nothing in LBP, whose scale is contradictory', [{ api: 'card', currency: 'LBP' }]],
  ])('is %s', async (_name, accounts) => {
    const { running } = await startPayouts();
    const provider = paycross.create(
      { environment: running.environment, settings: paycross.settings.parse({ accounts }) },
      createDeps(),
    );
    expect(provider.payouts).toBeUndefined();
    await provider.close();
  });

  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['MOP', 1],
    ['IDR', undefined],
    ['UGX', undefined],
    ['USDT', undefined],
  ])('has in %s %s decimals', (currency, decimals) => {
    expect(findPayableDecimals(currency)).toBe(decimals);
  });

  it('keeps the decimals of the currency on the wire and in the books', async () => {
    const accounts = demoAccounts.map((one) => ({ ...one, currency: 'KWD' }));
    const settings = { accounts: [{ api: 'card', currency: 'KWD' }] };
    const { payouts, running } = await startPayouts({ accounts, settings });
    const amount = { units: 1_005n, decimals: 3, currency: 'KWD' };
    expect((await payouts.create(cardOrder({ amount }))).amount).toEqual(amount);
    expect(running.books()[0]?.amount).toBe('1.005');
  });

  it.each([
    [{ units: 100n, decimals: 3, currency: 'USD' }, 'other decimals'],
    [{ units: 100n, decimals: 0, currency: 'USD' }, 'other decimals'],
    [{ units: 0n, decimals: 2, currency: 'USD' }, 'more than zero'],
    [{ units: -1n, decimals: 2, currency: 'USD' }, 'more than zero'],
    [{ units: 100n, decimals: 2, currency: 'RUB' }, 'cannot be paid in RUB'],
  ])('is not %o, and nothing is sent', async (amount, words) => {
    const { payouts, running } = await startPayouts();
    const error = await failureOf(payouts.create(cardOrder({ amount })));
    expect(error).toMatchObject({ code: 'rejected', message: expect.stringContaining(words) });
    expect(running.requests()).toEqual([]);
  });

  it('is the example payee', async () => {
    const { payouts } = await startPayouts();
    const route = payouts.routes.find(({ id }) => id === examplePayee.route);
    expect(route?.currencies).toContain(examplePayee.currency);
    expect(paycross.examplePayee).toBe(examplePayee);
    expect((await payouts.create(cardOrder())).state).toBe('submitted');
  });
});
