// The door of PaynetEasy: what it is called, what it needs, and how it is made. Its base URL ends
// in /paynet; the path of the API begins behind that.
// https://doc.payneteasy.com/integration/API_commands/ (read 2026-11)
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ConfigError } from '../../errors.ts';
import { createProviderHttp } from '../http.ts';
import { createPayoutAccounts } from '../payout-account.ts';
import type { EnvironmentVariable, ProviderModule } from '../types.ts';
import { createCallbacks } from './callbacks.ts';
import { createBalanceClient } from './client.ts';
import { examplePayee } from './payout-routes.ts';
import { createPayouts } from './payouts.ts';
import { type PaynetEasySettings, payneteasySettings } from './settings.ts';
import { type OauthKey, toHmacKey } from './sign.ts';

const environment = [
  {
    name: 'PAYNETEASY_MERCHANT_LOGIN',
    kind: 'text',
    isRequired: true,
    help: 'Login of the merchant whose balances are read; also the OAuth consumer key.',
  },
  {
    name: 'PAYNETEASY_BASE_URL',
    kind: 'url',
    isRequired: false,
    defaultValue: 'https://gate.payneteasy.com/paynet',
    help: 'Ends in /paynet; https://sandbox.payneteasy.com/paynet is the provider’s sandbox.',
  },
  {
    name: 'PAYNETEASY_CONTROL_KEY',
    kind: 'secret',
    isRequired: true,
    help: 'Merchant control key; it signs balance and status requests.',
  },
  {
    name: 'PAYNETEASY_ENDPOINT_ID',
    kind: 'text',
    isRequired: false,
    help: 'Endpoint that pays out; needed for payouts only.',
  },
  {
    name: 'PAYNETEASY_PRIVATE_KEY',
    kind: 'private_key',
    isRequired: false,
    help: 'RSA key of at least 2048 bits whose public half PaynetEasy has; signs v4 payouts.',
  },
] as const satisfies readonly EnvironmentVariable[];

type Name = (typeof environment)[number]['name'];

export const payneteasy: ProviderModule<PaynetEasySettings> = {
  id: 'payneteasy',
  name: 'PaynetEasy',
  aliases: [],
  environment,
  settings: payneteasySettings,
  payoutsNeed: 'set PAYNETEASY_ENDPOINT_ID and, unless payout_auth is v2, PAYNETEASY_PRIVATE_KEY',
  create(config, deps) {
    const { environment: values, settings } = config;
    const baseUrl = requireValue(values, 'PAYNETEASY_BASE_URL');
    const login = requireValue(values, 'PAYNETEASY_MERCHANT_LOGIN');
    const controlKey = requireValue(values, 'PAYNETEASY_CONTROL_KEY');
    checkPathPart(values, 'PAYNETEASY_MERCHANT_LOGIN');
    checkPathPart(values, 'PAYNETEASY_ENDPOINT_ID');
    const privateKey = readPrivateKey(values);
    const http = createProviderHttp({
      ...deps,
      provider: 'payneteasy',
      name: 'PaynetEasy',
      baseUrl,
      authRemedy:
        'Check PAYNETEASY_MERCHANT_LOGIN, PAYNETEASY_CONTROL_KEY and this machine’s clock; ' +
        'reading balances is enabled by PaynetEasy support.',
    });
    const balances = createBalanceClient({
      http,
      baseUrl,
      login,
      controlKey,
      balanceName: settings.balance_name,
      clock: deps.clock,
      newNonce: deps.newNonce,
    });
    const accounts = createPayoutAccounts({
      id: payneteasy.id,
      name: payneteasy.name,
      noun: 'balance',
      remedyForNone: 'Pay in a currency of one of the balances.',
      http,
      configured: settings.payout_accounts,
      getBalances: balances.getBalances,
    });
    const endpointId = values['PAYNETEASY_ENDPOINT_ID'] || undefined;
    const oauth = findOauthKey(settings.payout_auth, controlKey, privateKey);
    const payouts =
      endpointId === undefined || oauth === undefined
        ? undefined
        : createPayouts({
            ...deps,
            http,
            baseUrl,
            login,
            controlKey,
            endpointId,
            oauth,
            settings,
            webhook: createCallbacks({ http, controlKey }),
            accountFor: accounts.accountFor,
          });
    return {
      id: 'payneteasy',
      getBalances: accounts.getBalances,
      ...(payouts === undefined ? {} : { payouts }),
      close: http.close,
    };
  },
  async loadSandbox() {
    const { createPaynetEasySandbox } = await import('./sandbox.ts');
    return createPaynetEasySandbox;
  },
  examplePayee,
};

function requireValue(values: Readonly<Record<string, string>>, name: Name): string {
  const value = values[name];
  if (value !== undefined && value !== '') return value;
  const help = environment.find((variable) => variable.name === name)?.help ?? '';
  throw new ConfigError([{ path: name, problem: 'is not set.', remedy: help }]);
}

/** As a part of the path these two mean a folder: the command would go to another address. */
function checkPathPart(values: Readonly<Record<string, string>>, path: Name): void {
  const value = values[path];
  if (value !== '.' && value !== '..') return;
  const remedy = 'Write it as PaynetEasy’s merchant interface shows it.';
  throw new ConfigError([{ path, problem: `cannot be “${value}”.`, remedy }]);
}

/** Undefined where v4 is wanted and its key is not there: then Purser cannot pay. */
function findOauthKey(
  version: PaynetEasySettings['payout_auth'],
  controlKey: string,
  privateKey: KeyObject | undefined,
): OauthKey | undefined {
  if (version === 'v2') return { method: 'HMAC-SHA1', key: toHmacKey(controlKey) };
  return privateKey === undefined ? undefined : { method: 'RSA-SHA256', key: privateKey };
}

const rsaBitsMin = 2048;

/** A key that cannot sign is told at the start, not by the first payout. */
function readPrivateKey(values: Readonly<Record<string, string>>): KeyObject | undefined {
  const path: Name = 'PAYNETEASY_PRIVATE_KEY';
  const pem = values[path];
  if (pem === undefined) return undefined;
  const remedy = `Give the RSA private key in PEM, at least ${rsaBitsMin} bits, without a passphrase.`;
  let problem: string;
  try {
    const key = createPrivateKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType === 'rsa' && bits >= rsaBitsMin) return key;
    problem = key.asymmetricKeyType === 'rsa' ? `has only ${bits} bits.` : 'is not an RSA key.';
  } catch {
    problem = 'is not a readable private key.';
  }
  throw new ConfigError([{ path, problem, remedy }]);
}
