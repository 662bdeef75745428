// The door of PaynetEasy: what it is called, what it needs, and how it is made. Its base URL ends
// in /paynet; the path of the API begins behind that.
// https://doc.payneteasy.com/integration/API_commands/ (read 2026-11)
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import { createProviderHttp } from '../http.ts';
import type { EnvironmentVariable, ProviderModule } from '../types.ts';
import { createBalanceClient } from './client.ts';

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

const settings = z
  .strictObject({
    /** v4 signs payouts with the private key (RSA-SHA256), v2 with the control key (HMAC-SHA1). */
    payout_auth: z.enum(['v4', 'v2']).default('v4'),
    /** Asks for this balance only. https://doc.payneteasy.com: string of up to 128. */
    balance_name: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'a balance name is one line of text')
      .optional(),
  })
  .prefault({});
type PaynetEasySettings = z.output<typeof settings>;

export const payneteasy: ProviderModule<PaynetEasySettings> = {
  id: 'payneteasy',
  name: 'PaynetEasy',
  aliases: [],
  environment,
  settings,
  create(config, deps) {
    const baseUrl = requireValue(config.environment, 'PAYNETEASY_BASE_URL');
    const login = requireValue(config.environment, 'PAYNETEASY_MERCHANT_LOGIN');
    const controlKey = requireValue(config.environment, 'PAYNETEASY_CONTROL_KEY');
    checkPrivateKey(config.environment);
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
      balanceName: config.settings.balance_name,
      clock: deps.clock,
      newNonce: deps.newNonce,
    });
    return {
      id: 'payneteasy',
      getBalances: balances.getBalances,
      close: http.close,
    };
  },
  async loadSandbox() {
    const { createPaynetEasySandbox } = await import('./sandbox.ts');
    return createPaynetEasySandbox;
  },
};

function requireValue(values: Readonly<Record<string, string>>, name: Name): string {
  const value = values[name];
  if (value !== undefined && value !== '') return value;
  const help = environment.find((variable) => variable.name === name)?.help ?? '';
  throw new ConfigError([{ path: name, problem: 'is not set.', remedy: help }]);
}

const rsaBitsMin = 2048;

/** A key that cannot sign is told at the start, not by the first payout. */
function checkPrivateKey(values: Readonly<Record<string, string>>): void {
  const path: Name = 'PAYNETEASY_PRIVATE_KEY';
  const pem = values[path];
  if (pem === undefined) return;
  const remedy = `Give the RSA private key in PEM, at least ${rsaBitsMin} bits, without a passphrase.`;
  let problem: string | undefined;
  try {
    const key = createPrivateKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa') problem = 'is not an RSA key.';
    else if (bits < rsaBitsMin) problem = `has only ${bits} bits.`;
  } catch {
    problem = 'is not a readable private key.';
  }
  if (problem !== undefined) throw new ConfigError([{ path, problem, remedy }]);
}
