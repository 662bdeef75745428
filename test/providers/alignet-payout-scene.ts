// What the payout tests of Alignet share: the documented sample as an order, and a client that pays
// at a sandbox whose time the test owns.
import { readFileSync } from 'node:fs';
import { alignet } from '../../src/providers/alignet/index.ts';
import {
  type AlignetSandboxOptions,
  createAlignetSandbox,
} from '../../src/providers/alignet/sandbox.ts';
import type { PayoutCalls, PayoutOrder } from '../../src/providers/payouts.ts';
import type { Sandbox } from '../../src/providers/sandbox.ts';
import type { Provider } from '../../src/providers/types.ts';
import { createFakeClock } from '../support.ts';
import { type ClientChanges, startClient } from './start-client.ts';

interface Payment {
  readonly internal_transaction_id: string;
  readonly amount: number;
  readonly payee: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

interface RequestBody {
  readonly action: string;
  readonly pay_out: { readonly name: string; readonly payments: readonly Payment[] };
}

export const sample: {
  readonly request: { readonly method: string; readonly path: string; readonly body: RequestBody };
  readonly response: Readonly<Record<string, unknown>>;
} = JSON.parse(readFileSync(new URL('fixtures/alignet/payout.json', import.meta.url), 'utf8'));

/** The payee of the sample, in the words of the route. */
export const sampleFields: Readonly<Record<string, string>> = {
  first_name: 'Mariano Leon',
  last_name: 'Sanchez Carranza',
  bank_name: 'Banco Continental',
  account_type: 'savings_account',
  account_number: '10040404000400938',
  cci: '111040404000400940',
  document_country: 'PE',
  document_type: 'DNI',
  document_number: '44998831',
  email: 'foo.bar@email.com',
  department: 'Lima',
  phone_country: '51',
  phone: '967918120',
};

/** The sample with the 5 decimals that fit it best: 125.00 PEN. */
export function sampleOrder(changes: Partial<PayoutOrder> = {}): PayoutOrder {
  return {
    reference: 'PTEST00000000001',
    amount: { units: 12_500n, decimals: 2, currency: 'PEN' },
    route: 'pe-bank',
    payeeName: 'Mariano Leon Sanchez Carranza',
    fields: sampleFields,
    note: 'Retiro de apuestas ganadas',
    requestedOn: '2022-03-11',
    ...changes,
  };
}

export function payoutsOf(provider: Provider): PayoutCalls {
  if (provider.payouts === undefined) throw new Error('expected a provider that pays');
  return provider.payouts;
}

export async function startPayouts(
  changes: ClientChanges & { options?: AlignetSandboxOptions; sandbox?: Sandbox } = {},
) {
  const clock = createFakeClock();
  const sandbox = changes.sandbox ?? createAlignetSandbox({ clock }, changes.options);
  const started = await startClient(alignet, sandbox, changes);
  const secret = started.running.environment['ALIGNET_AUTHORIZATION'] ?? '';
  return { ...started, clock, secret, payouts: payoutsOf(started.provider) };
}

/** What a replayed answer stands beside: payfac 1234 at the scale that fits the sample best. */
export const sampleConnection = {
  id: 'alignet',
  connect: (origin: string) => ({
    environment: {
      ALIGNET_AUTHORIZATION: 'synthetic-authorization',
      ALIGNET_BASE_URL: origin,
      ALIGNET_PAYFAC_ID: '1234',
    },
    settings: { amount_decimals: 5 },
  }),
};
