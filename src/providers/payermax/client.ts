// PayerMax's balances: the merchant account by currentBalanceQuery and, for merchants that have a
// member id, the funds accounts by the newer realTimeAccountBalanceQuery, both at the same time.
// Payouts are asked for in the name of the merchant number, so without one there are none.
// https://docs.payermax.com/en/doc-center/mmc/multi-currency-fund/balance-inquiry.html (read 2026-11)
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigError, type ConfigProblem, ProviderError } from '../../errors.ts';
import { createProviderHttp } from '../http.ts';
import type {
  AccountFailure,
  BalanceLine,
  BalanceReading,
  Provider,
  ProviderConfig,
  ProviderDeps,
} from '../types.ts';
import { createGateway } from './gateway.ts';
import { createNotifications } from './notifications.ts';
import { createPayouts } from './payouts.ts';
import type { PayermaxSettings } from './settings.ts';
import {
  fundsBalancesWire,
  merchantAccount,
  merchantBalancesWire,
  toFundsLines,
  toMerchantLines,
} from './wire.ts';

interface Source {
  readonly account: string;
  read(): Promise<BalanceLine[]>;
}

export function createPayermaxProvider(
  { environment, settings }: ProviderConfig<PayermaxSettings>,
  deps: ProviderDeps,
): Provider {
  const { merchantNo, memberId, ...identity } = readIdentity(environment);
  const http = createProviderHttp({
    provider: 'payermax',
    name: 'PayerMax',
    baseUrl: identity.baseUrl,
    authRemedy:
      'Check PAYERMAX_APP_ID, PAYERMAX_PRIVATE_KEY and PAYERMAX_BASE_URL, and that PayerMax’s whitelist has this machine’s public IP address.',
    ...deps,
  });
  const gateway = createGateway({ ...identity, http, clock: deps.clock });

  const sources: Source[] = [];
  if (merchantNo !== undefined) {
    const call = {
      operation: 'balance',
      api: 'currentBalanceQuery',
      version: '1.3',
      merchant: { merchantNo },
      // Without it accounts that hold nothing are left out, and a zero would look like no account.
      data: { plainSign: true },
      schema: merchantBalancesWire,
      hasErrorInData: true,
    };
    sources.push({
      account: merchantAccount,
      read: async () =>
        toMerchantLines(await http.read(call.operation, (send) => gateway.ask(send, call))),
    });
  }
  if (memberId !== undefined) {
    const call = {
      operation: 'funds balance',
      api: 'realTimeAccountBalanceQuery',
      version: '1.5',
      merchant: { memberId },
      // The inner object is optional on the Chinese page and required on the English one.
      data: {
        plainSign: true,
        realTimeAccountBalanceQueryReq: { fundsAccountCurrencyList: [], fundsAccountNoList: [] },
      },
      schema: fundsBalancesWire,
      hasErrorInData: true,
    };
    sources.push({
      account: 'funds accounts',
      read: async () =>
        toFundsLines(await http.read(call.operation, (send) => gateway.ask(send, call))),
    });
  }

  return {
    id: 'payermax',
    getBalances: () => readAll(sources),
    ...(merchantNo === undefined
      ? {}
      : {
          payouts: createPayouts({
            http,
            gateway,
            merchantNo,
            settings,
            webhook: createNotifications({ ...identity, http, merchantNo }),
          }),
        }),
    close: () => http.close(),
  };
}

async function readAll(sources: readonly Source[]): Promise<BalanceReading> {
  const lines: BalanceLine[] = [];
  const failures: AccountFailure[] = [];
  const settled = await Promise.allSettled(sources.map((source) => source.read()));
  for (const [index, { account }] of sources.entries()) {
    const result = settled[index];
    if (result?.status === 'fulfilled') lines.push(...result.value);
    else if (result?.reason instanceof ProviderError) {
      failures.push({ account, error: result.reason });
    } else throw result?.reason;
  }
  const [first] = failures;
  if (first !== undefined && failures.length === sources.length) throw first.error;
  return { lines, failures };
}

interface Identity {
  readonly baseUrl: string;
  readonly appId: string;
  readonly merchantNo: string | undefined;
  readonly memberId: string | undefined;
  readonly merchantPrivateKey: KeyObject;
  readonly platformPublicKey: KeyObject;
}

/** Throws `ConfigError` with every mistake. Keys are parsed here, once. */
function readIdentity(environment: ProviderConfig['environment']): Identity {
  const problems: ConfigProblem[] = [];
  const need = (name: string): string => {
    const value = environment[name];
    if (value === undefined) {
      problems.push({ path: name, problem: 'It is not set.', remedy: 'See .env.example.' });
    }
    return value ?? '';
  };
  const needKey = (name: string, read: (pem: string) => KeyObject): KeyObject | undefined => {
    const pem = need(name);
    if (pem === '') return undefined;
    try {
      const key = read(pem);
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {
      // What a key parser says about a secret is not for the eyes of whoever reads the start-up log.
    }
    problems.push({
      path: name,
      problem: 'It is not an RSA key.',
      remedy: 'Copy it again from where the key pair was made or from the PayerMax dashboard.',
    });
    return undefined;
  };
  const baseUrl = need('PAYERMAX_BASE_URL');
  const appId = need('PAYERMAX_APP_ID');
  const merchantPrivateKey = needKey('PAYERMAX_PRIVATE_KEY', createPrivateKey);
  const platformPublicKey = needKey('PAYERMAX_PLATFORM_PUBLIC_KEY', createPublicKey);
  const { PAYERMAX_MERCHANT_NO: merchantNo, PAYERMAX_MEMBER_ID: memberId } = environment;
  if (merchantNo === undefined && memberId === undefined) {
    problems.push({
      path: 'PAYERMAX_MERCHANT_NO',
      problem: 'Neither it nor PAYERMAX_MEMBER_ID is set.',
      remedy: 'Set the merchant number, the member id of the funds accounts, or both.',
    });
  }
  if (merchantPrivateKey !== undefined && platformPublicKey !== undefined) {
    if (createPublicKey(merchantPrivateKey).equals(platformPublicKey)) {
      problems.push({
        path: 'PAYERMAX_PLATFORM_PUBLIC_KEY',
        problem: 'It is the public half of PAYERMAX_PRIVATE_KEY, not PayerMax’s key.',
        remedy: 'Copy the “PayerMax public key” from the dashboard (MMC > Settings > Config).',
      });
    } else if (problems.length === 0) {
      return { baseUrl, appId, merchantNo, memberId, merchantPrivateKey, platformPublicKey };
    }
  }
  throw new ConfigError(problems);
}
