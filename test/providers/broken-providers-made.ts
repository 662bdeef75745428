// Ways to break the reference provider: it stays itself but for one thing.
import { ProviderError, type ProviderErrorFacts } from '../../src/errors.ts';
import { createProviderHttp, type ProviderHttpConfig } from '../../src/providers/http.ts';
import type { PayoutCalls } from '../../src/providers/payouts.ts';
import type {
  BalanceLine,
  EnvironmentVariable,
  Provider,
  ProviderConfig,
  ProviderDeps,
} from '../../src/providers/types.ts';
import { createMint, type MintModule } from './reference-provider.ts';

export interface BrokenProvider {
  /** Names of facts that must fail. */
  readonly breaks: readonly string[];
  readonly how: string;
  readonly module: MintModule;
}

export const mint = createMint();
type Wrap = (provider: Provider, config: ProviderConfig, deps: ProviderDeps) => Partial<Provider>;

/** The Mint whose clients differ. */
export function withClient(wrap: Wrap): MintModule {
  return {
    ...mint,
    create(config, deps) {
      const provider = mint.create(config, deps);
      return { ...provider, ...wrap(provider, config, deps) };
    },
  };
}

/** The Mint that pays differently. */
export function withPayouts(
  change: (payouts: PayoutCalls, deps: ProviderDeps) => Partial<PayoutCalls>,
): MintModule {
  return withClient(({ payouts }, _config, deps) =>
    payouts === undefined ? {} : { payouts: { ...payouts, ...change(payouts, deps) } },
  );
}

/** The Mint whose lines differ. */
export function withLines(change: (line: BalanceLine) => readonly BalanceLine[]): MintModule {
  return withClient(({ getBalances }) => ({
    async getBalances() {
      const { lines, failures } = await getBalances();
      return { failures, lines: lines.flatMap(change) };
    },
  }));
}

/** The Mint whose errors differ. */
export function withErrors(
  change: (error: ProviderError) => Partial<ProviderErrorFacts>,
): MintModule {
  return withClient(({ getBalances }) => ({
    getBalances: () =>
      getBalances().catch((error: ProviderError) => {
        throw remake(error, change(error));
      }),
  }));
}

export function remake(error: ProviderError, change: Partial<ProviderErrorFacts>): ProviderError {
  const { code, provider, operation, message, remedy, cause, retryAfterMs } = error;
  return new ProviderError({
    ...{ code, provider, operation, message, cause },
    ...(remedy === undefined ? {} : { remedy }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...change,
  });
}

export function withVariables(
  change: (variable: EnvironmentVariable) => EnvironmentVariable,
): MintModule {
  return { ...mint, environment: mint.environment.map(change) };
}

export function withHttp(change: Partial<ProviderHttpConfig>): MintModule {
  return createMint((config) => createProviderHttp({ ...config, ...change }));
}
