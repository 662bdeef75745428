// The edges of what PayerMax can carry: amounts, decimals, names and texts. Nothing is cut or rounded:
// what does not fit is refused with a sentence before anything is sent.
import { expect, test } from 'vitest';
import { composeOrder, startPayer } from './payermax-payout-scene.ts';
import { failureOf } from './payermax-scene.ts';

const bcaFields = { target_org: 'BCA', account_digits: '0123456789' };

test.each([
  // units, decimals, currency -> what is sent
  [25000n, 2, 'USD', '250.00'],
  [1n, 2, 'USD', '0.01'],
  [250n, 0, 'USD', '250.00'],
  [250_000n, 3, 'USD', '250.00'],
  [99_999_999_999n, 2, 'USD', '999999999.99'],
  [250n, 0, 'IDR', '250'],
  [25_000n, 2, 'IDR', '250'],
  [999_999_999_999n, 0, 'IDR', '999999999999'],
])('%d with %d decimals of %s goes out as %s', async (units, decimals, currency, amount) => {
  const { payouts, sent } = await startPayer();
  await payouts.create(
    composeOrder({
      amount: { units, decimals, currency },
      route: 'id-bank',
      fields: bcaFields,
    }),
  );
  expect(sent('paymentOrderPay')[0]?.['data']).toMatchObject({
    sourceAccount: currency,
    trade: { amount, currency },
  });
});

test.each([
  [
    250_005n,
    3,
    'USD',
    '250.005 USD cannot be carried exactly: USD has 2 decimals here. Nearest: 250.00 USD or 250.01 USD.',
  ],
  [
    25_050n,
    2,
    'IDR',
    '250.50 IDR cannot be carried exactly: IDR has no decimals here. Nearest: 250 IDR or 251 IDR.',
  ],
  [
    100_000_000_000n,
    2,
    'USD',
    'PayerMax takes at most 12 characters for an amount: 1,000,000,000.00 USD is too large for one payout.',
  ],
  [
    9_999_999_999_999_999_999n,
    2,
    'USD',
    'PayerMax takes at most 12 characters for an amount: 99,999,999,999,999,999.99 USD is too large for one payout.',
  ],
  [0n, 2, 'USD', 'The amount must be more than zero.'],
  [-100n, 2, 'USD', 'The amount must be more than zero.'],
  [100n, 2, 'PHP', 'Indonesia, bank account is not paid in PHP.'],
  [100n, 2, 'XXX', 'Indonesia, bank account is not paid in XXX.'],
])('%d with %d decimals of %s is refused', async (units, decimals, currency, why) => {
  const { payouts, running } = await startPayer();
  const order = composeOrder({
    amount: { units, decimals, currency },
    route: 'id-bank',
    fields: bcaFields,
  });
  const failure = await failureOf(payouts.create(order));
  expect([failure.code, failure.message]).toEqual(['rejected', `PayerMax was not asked: ${why}`]);
  expect(running.requests()).toEqual([]);
});

test('decimals are PayerMax’s own, not those of ISO 4217', async () => {
  const { payouts } = await startPayer();
  const decimals = Object.fromEntries(
    ['IDR', 'COP', 'KRW', 'CLP', 'VND', 'JPY', 'KWD', 'USD', 'PHP', 'JOD', 'XAU', 'idr'].map(
      (currency) => [currency, payouts.decimalsOf(currency)],
    ),
  );
  expect(decimals).toEqual({
    ...{ IDR: 0, COP: 0, KRW: 0, CLP: 0, VND: 0, JPY: 0 },
    ...{ KWD: 2, USD: 2, PHP: 2, JOD: 2, XAU: undefined, idr: undefined },
  });
});

test.each([
  ['María-José Núñez, Jr.', true],
  ['Mari\u0301a', true],
  ['Мария Сантос', false],
  ['山田太郎', false],
  ['Maria & Co', false],
  ['Maria 2', false],
  ['- .', false],
  ['', false],
  ['M'.repeat(513), false],
])('the name %s is carried: %s', async (payeeName, isCarried) => {
  const { payouts, sent } = await startPayer();
  const asked = payouts.create(composeOrder({ payeeName }));
  if (isCarried) {
    expect((await asked).state).toBe('submitted');
    expect(sent('paymentOrderPay')[0]?.['data']).toMatchObject({
      payeeInfo: { name: { fullName: payeeName.normalize('NFC') } },
    });
  } else {
    expect((await failureOf(asked)).code).toBe('rejected');
    expect(sent('paymentOrderPay')).toEqual([]);
  }
});

test.each([
  ['reference', 'PU-7K2M', 'The reference has'],
  ['note', 'rent & more', 'in a note only'],
  ['callbackUrl', 'ftp://example.com', 'address for notifications'],
  ['callbackUrl', `https://example.com/${'x'.repeat(240)}`, 'address for notifications'],
])('the %s %s is refused', async (name, value, words) => {
  const { payouts, running } = await startPayer();
  const failure = await failureOf(payouts.create(composeOrder({ [name]: value })));
  expect([failure.code, failure.message]).toEqual(['rejected', expect.stringContaining(words)]);
  expect(running.requests()).toEqual([]);
});
