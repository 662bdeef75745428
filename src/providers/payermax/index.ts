// The door of PayerMax. PAYERMAX_MERCHANT_NO and PAYERMAX_MEMBER_ID are two
// ways to name the same merchant to two generations of the API: at least one of them must be set.
// https://docs.payermax.com/en/202606-version/developer/communication-protocols.md (read 2026-11)
import type { ProviderModule } from '../types.ts';
import { createPayermaxProvider } from './client.ts';
import { type PayermaxSettings, payermaxSettings } from './settings.ts';

export const payermax: ProviderModule<PayermaxSettings> = {
  id: 'payermax',
  name: 'PayerMax',
  aliases: [],
  environment: [
    {
      name: 'PAYERMAX_APP_ID',
      kind: 'text',
      isRequired: true,
      help: 'Copy the app id from the PayerMax dashboard.',
    },
    {
      name: 'PAYERMAX_BASE_URL',
      kind: 'url',
      isRequired: false,
      defaultValue: 'https://pay-gate.payermax.com',
      help: 'For PayerMax’s test environment write https://pay-gate-uat.payermax.com.',
    },
    {
      name: 'PAYERMAX_MERCHANT_NO',
      kind: 'text',
      isRequired: false,
      help: 'Copy the merchant number; leave it out only where PAYERMAX_MEMBER_ID is set.',
    },
    {
      name: 'PAYERMAX_MEMBER_ID',
      kind: 'text',
      isRequired: false,
      help: 'Copy the member id, if the merchant has funds accounts (the newer balance API).',
    },
    {
      name: 'PAYERMAX_PRIVATE_KEY',
      kind: 'private_key',
      isRequired: true,
      help: 'Write your RSA private key (PEM or base64), whose public half is in the dashboard.',
    },
    {
      name: 'PAYERMAX_PLATFORM_PUBLIC_KEY',
      kind: 'public_key',
      isRequired: true,
      help: 'Copy the “PayerMax public key” from the dashboard of the same environment.',
    },
  ],
  settings: payermaxSettings,
  create: createPayermaxProvider,
  examplePayee: {
    id: 'maria',
    name: 'Maria Santos',
    route: 'ph-bank',
    currency: 'USD',
    fields: { target_org: 'RCBC', account_no: '9234567890', payee_type: 'PERSONAL' },
  },
  loadSandbox: async () => (await import('./sandbox.ts')).createPayermaxSandbox,
};
