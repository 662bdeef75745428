// Which currencies Purser pays with PaynetEasy, and in how many decimals. Amounts are major units with
// a dot, and no document lists decimals: so only currencies are here of which ISO 4217 and everyday
// use agree on two. With JPY, KWD, IDR or COP a provider may mean something else.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html (read 2026-11)

export const payableCurrencies: readonly string[] = (
  'AED AUD AZN BGN BRL BYN CAD CHF CNY CZK DKK EGP EUR GBP GEL GHS HKD ILS INR KES KGS KZT MAD ' +
  'MDL MXN MYR NGN NOK NZD PEN PHP PLN QAR RON RSD RUB SAR SEK SGD THB TJS TRY UAH USD ZAR'
).split(' ');

const payable: ReadonlySet<string> = new Set(payableCurrencies);

export function decimalsOf(currency: string): number | undefined {
  return payable.has(currency) ? 2 : undefined;
}
