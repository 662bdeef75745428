// Which account a payout draws on, at providers whose payouts name none. Where there are several in
// one currency the team file says which, and Purser does not guess.
import type { ProviderHttp } from './http.ts';
import type { BalanceLine, BalanceReading } from './types.ts';

export interface PayoutAccountsConfig {
  readonly http: ProviderHttp;
  /** `providers.<id>.payout_accounts` of the team file is where it is written. */
  readonly id: string;
  readonly name: string;
  /** What the provider calls them. */
  readonly noun: 'account' | 'balance';
  /** What to do where there is none. */
  readonly remedyForNone: string;
  /** By currency, as `/balance` names them. */
  readonly configured: Readonly<Record<string, string>>;
  getBalances(): Promise<BalanceReading>;
}

export function createPayoutAccounts(config: PayoutAccountsConfig) {
  const { http, id, name, noun } = config;
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
            message: `${name} shows no ${noun} in ${currency}.`,
            remedy: config.remedyForNone,
          }
        : {
            message: `${name} shows several ${noun}s in ${currency} (${accounts.join('; ')}), and a payout does not name the one that it draws on.`,
            remedy: `Ask ${name} which one it is, and write it into the team file: providers: { ${id}: { payout_accounts: { ${currency}: … } } }.`,
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
