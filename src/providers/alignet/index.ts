// The door to Alignet (Pay-me) payfac accounts, whose payouts run over Monnet. The scale of its
// amounts is documented nowhere, so the team file must state it and there is no default: neither a
// balance nor a payout goes without.
// https://docs.pay-me.com/api-orquestador/Working-version/balance-query (read 2026-11)
import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import { createProviderHttp } from '../http.ts';
import { createPayoutAccounts } from '../payout-account.ts';
import type { Provider, ProviderConfig, ProviderDeps, ProviderModule } from '../types.ts';
import { createBalanceClient } from './client.ts';
import { examplePayee } from './payout-route.ts';
import { createPayouts } from './payouts.ts';

const amountDecimalsHelp =
  'write how many decimals Alignet’s whole numbers carry: a whole number from 0 to 6';

const settings = z.strictObject({
  amount_decimals: z
    .int(amountDecimalsHelp)
    .min(0, amountDecimalsHelp)
    .max(6, amountDecimalsHelp)
    .optional(),
  payout_accounts: z
    .record(
      z.string().regex(/^[A-Z]{3}$/, 'write the currency in capital letters, like PEN'),
      z.string().trim().min(1, 'write the account as /balance names it, like Banco Continental'),
    )
    .default({}),
});
type AlignetSettings = z.infer<typeof settings>;

export const alignet: ProviderModule<AlignetSettings> = {
  id: 'alignet',
  name: 'Alignet',
  aliases: ['monnet', 'payme'],
  environment: [
    {
      name: 'ALIGNET_AUTHORIZATION',
      kind: 'secret',
      isRequired: true,
      help: 'Copy the value of the Authorization header from Alignet, without “Bearer” or “Basic”.',
    },
    {
      name: 'ALIGNET_BASE_URL',
      kind: 'url',
      isRequired: true,
      help: 'Ask Alignet for the host of your environment; tests run on https://api.dev.alignet.io.',
    },
    {
      name: 'ALIGNET_PAYFAC_ID',
      kind: 'text',
      isRequired: true,
      help: 'Copy the payfac id that Alignet assigned, like 1234.',
    },
  ],
  settings,
  create,
  loadSandbox: async () => (await import('./sandbox.ts')).createAlignetSandbox,
  examplePayee,
};

function create(config: ProviderConfig<AlignetSettings>, deps: ProviderDeps): Provider {
  const { environment } = config;
  const amountDecimals = config.settings.amount_decimals;
  if (amountDecimals === undefined) {
    throw new ConfigError([
      {
        path: 'team.yaml: providers.alignet.amount_decimals',
        problem: 'The scale of Alignet’s amounts is not set, so no amount can be shown.',
        remedy:
          'Alignet does not document it, and 2 and 5 decimals differ by a factor of 1000: ' +
          'agree on it with Alignet, then write providers: { alignet: { amount_decimals: … } }.',
      },
    ]);
  }
  const http = createProviderHttp({
    provider: 'alignet',
    name: 'Alignet',
    baseUrl: required(environment, 'ALIGNET_BASE_URL'),
    authRemedy:
      'Check ALIGNET_AUTHORIZATION (the value as Alignet gave it, without a scheme word), ' +
      'ALIGNET_PAYFAC_ID, and that ALIGNET_BASE_URL is the host the value was issued for.',
    doubtRemedy:
      'Purser does not send it again and cannot ask Alignet: look for the reference in its portal ' +
      'or call it; then two people close the payout.',
    ...deps,
  });
  const access = {
    http,
    authorization: headerValue(required(environment, 'ALIGNET_AUTHORIZATION')),
    payfacId: required(environment, 'ALIGNET_PAYFAC_ID'),
    amountDecimals,
    scrub: deps.scrub,
  };
  const { getBalances, accountFor } = createPayoutAccounts({
    id: alignet.id,
    name: alignet.name,
    noun: 'account',
    remedyForNone: 'Ask Alignet to open one.',
    http,
    configured: config.settings.payout_accounts,
    getBalances: createBalanceClient(access).getBalances,
  });
  const payouts = createPayouts({ ...access, accountFor });
  return { id: 'alignet', getBalances, payouts, close: http.close };
}

function required(environment: Readonly<Record<string, string>>, name: string): string {
  const value = environment[name]?.trim() ?? '';
  if (value !== '') return value;
  throw new ConfigError([{ path: name, problem: 'It is not set.', remedy: `Set ${name}.` }]);
}

/** Opaque, except that no HTTP header can carry a line break or a letter beyond Latin-1. */
function headerValue(value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new ConfigError([
    {
      path: 'ALIGNET_AUTHORIZATION',
      problem: 'It holds a character that no HTTP header can carry.',
      remedy: 'Copy the value again, in one line.',
    },
  ]);
}
