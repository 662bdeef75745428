// The door to PayCross, a white label of beGateway with two API families on two hosts: the card
// gateway and APM ("beyag"). Both take the shop's id and secret key as HTTP Basic.
// https://docs.pay-cross.com/en/integration/card_api, …/apm_api (read 2026-11)
import { createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigError } from '../../errors.ts';
import { createScrubber } from '../../log.ts';
import { createProviderHttp } from '../http.ts';
import {
  type ExamplePayee,
  maskAccount,
  type Provider,
  type ProviderConfig,
  type ProviderDeps,
  type ProviderModule,
} from '../types.ts';
import { createBalanceClient } from './client.ts';
import { createPayoutWebhook } from './payout-webhook.ts';
import { createPayouts } from './payouts.ts';
import { type PaycrossSettings, settings } from './settings.ts';

const authRemedy =
  'Check PAYCROSS_SHOP_ID and PAYCROSS_SECRET_KEY, and that they are of the shop behind ' +
  'PAYCROSS_BASE_URL and PAYCROSS_APM_BASE_URL.';

/** Nobody’s card: the sandbox takes any token. */
export const examplePayee: ExamplePayee = {
  id: 'jonas',
  name: 'Jonas Weber',
  route: 'card',
  currency: 'USD',
  fields: { card_token: '7d5c2a90-1f4e-4b6a-9c3d-e8b5f0a1c246', holder: 'Jonas Weber' },
};

export const paycross: ProviderModule<PaycrossSettings> = {
  id: 'paycross',
  name: 'PayCross',
  aliases: [],
  environment: [
    {
      name: 'PAYCROSS_SHOP_ID',
      kind: 'text',
      isRequired: true,
      help: 'Copy the shop id from the PayCross back office.',
    },
    {
      name: 'PAYCROSS_BASE_URL',
      kind: 'url',
      isRequired: false,
      defaultValue: 'https://gateway.pay-cross.com',
      help: 'The card gateway.',
    },
    {
      name: 'PAYCROSS_APM_BASE_URL',
      kind: 'url',
      isRequired: false,
      defaultValue: 'https://data.pay-cross.com/beyag',
      help: 'The APM API; it ends in /beyag.',
    },
    {
      name: 'PAYCROSS_SECRET_KEY',
      kind: 'secret',
      isRequired: true,
      help: 'Copy the secret key of the shop from the PayCross back office.',
    },
    {
      name: 'PAYCROSS_PUBLIC_KEY',
      kind: 'public_key',
      isRequired: false,
      help: 'The public key of the shop; with it, webhooks must be signed.',
    },
  ],
  settings,
  payoutsNeed: 'list in the team file an account with its currency, of the API that is to pay',
  create,
  loadSandbox: async () => (await import('./sandbox.ts')).createPaycrossSandbox,
  examplePayee,
};

function create(config: ProviderConfig<PaycrossSettings>, deps: ProviderDeps): Provider {
  const accounts = config.settings.accounts ?? [];
  if (accounts.length === 0) {
    throw new ConfigError([
      {
        path: 'team.yaml: providers.paycross.accounts',
        problem: 'No account is listed, and PayCross has no call that lists them.',
        remedy:
          'Which accounts to ask depends on your acquirer: ask your account manager which of ' +
          'account, currency and gateway it wants, then write for example ' +
          'accounts: [{ api: card, currency: USD }].',
      },
    ]);
  }
  const basic = Buffer.from(toCredentials(config.environment)).toString('base64');
  const scrub = createAccountScrubber(
    accounts.map(({ account }) => account ?? ''),
    // The base64 of id and key together: to whoever has it, it is the key.
    createScrubber([basic]),
    deps.scrub,
  );
  const connect = (baseUrl: string) =>
    createProviderHttp({
      ...deps,
      provider: 'paycross',
      name: 'PayCross',
      baseUrl: required(config.environment, baseUrl),
      authRemedy,
      scrub,
    });
  const http = { card: connect('PAYCROSS_BASE_URL'), apm: connect('PAYCROSS_APM_BASE_URL') };
  const authorization = `Basic ${basic}`;
  const client = createBalanceClient({ http, authorization, accounts });
  const payouts = createPayouts({
    http,
    headers: {
      authorization,
      accept: 'application/json',
      'content-type': 'application/json',
      // That transactions are nested without it is only inferred.
      'x-api-version': '2',
    },
    settings: config.settings,
    webhook: createPayoutWebhook({
      http: http.card,
      authorization,
      publicKey: readPublicKey(config.environment),
    }),
    clock: deps.clock,
    scrub,
  });
  return {
    id: 'paycross',
    getBalances: client.getBalances,
    ...(payouts === undefined ? {} : { payouts }),
    close: async () => {
      await Promise.all([http.card.close(), http.apm.close()]);
    },
  };
}

/** `shop_id:secret_key`; the first colon ends the id, so the id can hold none. */
function toCredentials(environment: Readonly<Record<string, string>>): string {
  const shopId = required(environment, 'PAYCROSS_SHOP_ID');
  const secretKey = required(environment, 'PAYCROSS_SECRET_KEY');
  if (shopId.includes(':')) {
    throw new ConfigError([
      {
        path: 'PAYCROSS_SHOP_ID',
        problem: 'A shop id has no colon.',
        remedy: 'Write the id here and the key in PAYCROSS_SECRET_KEY.',
      },
    ]);
  }
  return `${shopId}:${secretKey}`;
}

/** Undefined where none is given. A wrong one is told now, not at the first notification. */
function readPublicKey(environment: Readonly<Record<string, string>>): KeyObject | undefined {
  const path = 'PAYCROSS_PUBLIC_KEY';
  const pem = environment[path]?.trim() ?? '';
  if (pem === '') return undefined;
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Told below; the reason of OpenSSL would not help a person.
  }
  throw new ConfigError([
    {
      path,
      problem: 'It is not an RSA public key that can be read.',
      remedy: 'Copy it from the PayCross back office again, as base64 or in PEM.',
    },
  ]);
}

/** PayCross's messages may repeat the account that was asked for; only its end is shown. */
function createAccountScrubber(
  numbers: readonly string[],
  ...scrubs: readonly ((text: string) => string)[]
): (text: string) => string {
  const long = numbers.filter((number) => number.length > 4);
  return (text) => {
    const clean = scrubs.reduce((left, scrub) => scrub(left), text);
    return long.reduce((left, number) => left.replaceAll(number, maskAccount(number)), clean);
  };
}

function required(environment: Readonly<Record<string, string>>, name: string): string {
  const value = environment[name]?.trim() ?? '';
  if (value !== '') return value;
  throw new ConfigError([{ path: name, problem: 'It is not set.', remedy: `Set ${name}.` }]);
}
