// Which account a payout draws on. A payout names none, and a payfac may have several in one
// currency: then the team file says which, and Purser does not guess.
import type { ProviderHttp } from '../http.ts';
import type { BalanceLine, BalanceReading } from '../types.ts';

export interface PayoutAccountConfig {
  readonly http: ProviderHttp;
  /** By currency, as `/balance` names them. */
  readonly configured: Readonly<Record<string, string>>;
  getBalances(): Promise<BalanceReading>;
}

export function createPayoutAccounts(config: PayoutAccountConfig) {
  const { http } = config;
  const configured = new Map(Object.entries(config.configured));
  let lines: readonly BalanceLine[] | undefined;

  /** Remembers the names of the accounts, never their amounts. */
  async function getBalances(): Promise<BalanceReading> {
    const reading = await config.getBalances();
    lines = reading.lines;
    return reading;
  }

  function findOnly(all: readonly BalanceLine[], currency: string): string {
    const accounts = all.filter((line) => line.currency === currency).map(({ account }) => account);
    const [only, ...others] = accounts;
    if (only !== undefined && others.length === 0) return only;
    throw http.error({
      code: 'unsupported',
      operation: 'payout',
      ...(only === undefined
        ? {
            message: `Alignet shows no account in ${currency}.`,
            remedy: 'Ask Alignet to open one.',
          }
        : {
            message: `Alignet shows several accounts in ${currency} (${accounts.join('; ')}), and a payout does not name the one that it draws on.`,
            remedy: `Ask Alignet which one it is, and write it into the team file: providers: { alignet: { payout_accounts: { ${currency}: … } } }.`,
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
