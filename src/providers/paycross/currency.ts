// How many decimals PayCross's minor units have in each currency. They are the platform's, not ISO's:
// MOP has one. Where the vendor's SDK and ISO 4217 contradict each other the scale is unknown, and no
// amount is shown: begateway-api-php lib/Money.php (a58aa709, b64030e8, read 2026-11).

/** Named by the SDK, and agreeing with ISO 4217. */
const withoutDecimals = 'BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UYI VND VUV XAF XOF XPF'.split(
  ' ',
);
const withThree = 'BHD JOD KWD LYD OMR TND'.split(' ');

const decimalsByCurrency: ReadonlyMap<string, number> = new Map([
  ...withoutDecimals.map((currency) => [currency, 0] as const),
  ...withThree.map((currency) => [currency, 3] as const),
  ['MOP', 1],
]);

/**
 * The SDK has no decimals for the first row where ISO 4217 has two to four, and two for UGX where ISO
 * has none. The tokens have eight decimals at a sister brand of the same platform, not the SDK's two:
 * https://docs.bepaid.by/en/reference/cryptocurrency_codes/ (read 2026-11).
 */
const undecided: ReadonlySet<string> = new Set([
  ...'CLF CVE IQD IRR KPW LAK LBP MMK SLL STD UGX'.split(' '),
  ...'ADA AXS BCH BNB BTC CSC DAI ETH TRX XRP'.split(' '),
]);

/** Undefined where the documents leave it open. */
export function decimalsOf(currency: string): number | undefined {
  if (undecided.has(currency) || currency.length !== 3) return undefined;
  return decimalsByCurrency.get(currency) ?? 2;
}

/**
 * Purser's design gives IDR two decimals at PayCross, like ISO 4217 and the SDK's default, but the
 * SDK's own table gives it none. Said beside every such amount until PayCross has confirmed one.
 */
export function explainDoubt(currency: string): string {
  return currency === 'IDR' ? 'read with two decimals; PayCross’s SDK has none for IDR' : '';
}

/** Undefined also where a figure may be shown with its doubt: money is not sent on a doubt. */
export function findPayableDecimals(currency: string): number | undefined {
  return explainDoubt(currency) === '' ? decimalsOf(currency) : undefined;
}
