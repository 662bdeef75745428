// How many decimals PayerMax carries of a currency in a payout. Not ISO 4217: KWD has two here and
// three there, COP none here and two there. A currency that is not on this list is not paid in.
// https://docs.payermax.com/en/old-version/appendix/disbursement/country-region-lang.html (read 2026-11)

const none = ['CLP', 'COP', 'IDR', 'JPY', 'KMF', 'KRW', 'VND'];
const two = ['AED', 'ARS', 'AUD', 'BDT', 'EGP', 'EUR', 'GBP', 'HKD', 'INR', 'KWD', 'USD'];
/** Two by default; PayerMax's support gives three on request, which Purser does not know of. */
const twoByDefault = ['JOD'];
/** Not in the part of the table that is available: two by the samples and by ISO 4217. */
const twoByInference = ['BRL', 'MXN', 'PEN', 'PHP', 'THB'];

const decimals: ReadonlyMap<string, number> = new Map([
  ...none.map((currency): [string, number] => [currency, 0]),
  ...[...two, ...twoByDefault, ...twoByInference].map((currency): [string, number] => [
    currency,
    2,
  ]),
]);

export function decimalsOf(currency: string): number | undefined {
  return decimals.get(currency);
}
