// Which balance a payout draws on. A payout names none, and a merchant may have several in one
// currency: then the team file says which, and Purser does not guess.
import type { ProviderHttp } from '../http.ts';
import type { BalanceLine, BalanceReading } from '../types.ts';

export interface PayoutAccountsConfig {
  readonly http: ProviderHttp;
  /** By currency, as `/balance` names them. */
  readonly configured: Readonly<Record<string, string>>;
  getBalances(): Promise<BalanceReading>;
}

export function createPayoutAccounts(config: PayoutAccountsConfig) {
  const configured = new Map(Object.entries(config.configured));
  let lines: readonly BalanceLine[] | undefined;

  /** Remembers the names of the balances, never their amounts. */
  async function getBalances(): Promise<BalanceReading> {
    const reading = await config.getBalances();
    lines = reading.lines;
    return reading;
  }

  function findOnly(all: readonly BalanceLine[], currency: string): string {
    const names = all.filter((line) => line.currency === currency).map(({ account }) => account);
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return only;
    throw config.http.error({
      code: 'unsupported',
      operation: 'payout',
      ...(only === undefined
        ? {
            message: `PaynetEasy shows no balance in ${currency}.`,
            remedy: 'Pay in a currency of one of the balances.',
          }
        : {
            message: `PaynetEasy shows several balances in ${currency} (${names.join('; ')}), and a payout does not name the one that it draws on.`,
            remedy: `Ask PaynetEasy which one the endpoint uses, and write it into the team file: providers: { payneteasy: { payout_accounts: { ${currency}: … } } }.`,
          }),
    });
  }

  return {
    getBalances,
    accountFor(currency: string): string | Promise<string> {
      const named = configured.get(currency);
      if (named !== undefined) return named;
      if (lines !== undefined) return findOnly(lines, currency);
      return getBalances().then((reading) => findOnly(reading.lines, currency));
    },
  };
}
