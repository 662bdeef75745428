// The ways in which PayerMax pays here: a country, a method, its currency and the fields that the
// page of the country names. Lists of codes on those pages are incomplete, so they are help, not a
// choice, except in Brazil. Beside the local currency an order may be in USD: then PayerMax debits
// dollars and converts them, and the amount that people approve is the one that leaves the account.
// https://docs.payermax.com/en/202606-version/disbursement/payment-method-list/introduction.md and
// southeast-asia/{philippines,thailand}.md, latin-america/{brazil,peru}.md beside it (read 2026-11)
import type { PayeeField, PayoutRoute } from '../payouts.ts';
import { type MoreFieldName, moreFieldNames, toField } from './payout-fields.ts';

export const routeIds = [
  'id-bank',
  'id-wallet',
  'ph-bank',
  'th-bank',
  'br-pix',
  'br-wallet',
  'pe-bank',
  'kr-bank',
  'ar-bank',
] as const;
export type RouteId = (typeof routeIds)[number];

export interface PayermaxRoute extends PayoutRoute {
  readonly id: RouteId;
  readonly country: string;
  readonly method: 'BANK_TRANSFER' | 'WALLET' | 'REALTIME_PAYMENT';
  /** The only institution of the route, where there is only one. */
  readonly targetOrg?: string;
}

type Need = 'required' | 'optional';
export type PayoutFields = Partial<Record<RouteId, Partial<Record<MoreFieldName, Need>>>>;

const codes = (examples: string) => ({
  help: `PayerMax’s own code, from its list of payment methods, like ${examples}.`,
});

const documented: readonly PayermaxRoute[] = [
  {
    id: 'id-bank',
    label: 'Indonesia, bank account',
    country: 'ID',
    currencies: ['IDR', 'USD'],
    method: 'BANK_TRANSFER',
    fields: [
      toField('target_org', true, { label: 'Bank (PayerMax code)', ...codes('BCA') }),
      toField('account_digits', true),
      toField('payee_type', false),
    ],
  },
  {
    id: 'id-wallet',
    label: 'Indonesia, wallet',
    country: 'ID',
    currencies: ['IDR', 'USD'],
    method: 'WALLET',
    fields: [
      toField('target_org', true, { label: 'Wallet (PayerMax code)', ...codes('DANA') }),
      toField('account_digits', true, { label: 'Wallet account' }),
    ],
  },
  {
    id: 'ph-bank',
    label: 'Philippines, bank account',
    country: 'PH',
    currencies: ['PHP', 'USD'],
    method: 'BANK_TRANSFER',
    fields: [
      toField('target_org', true, {
        label: 'Bank (PayerMax code)',
        ...codes('RCBC, SEC, EQB or LOCAL BANKS'),
      }),
      toField('account_no', true),
      toField('first_name', false),
      toField('last_name', false),
      toField('payee_type', false),
    ],
  },
  {
    id: 'th-bank',
    label: 'Thailand, bank account',
    country: 'TH',
    currencies: ['THB', 'USD'],
    method: 'BANK_TRANSFER',
    fields: [
      toField('target_org', true, {
        label: 'Bank (PayerMax code)',
        ...codes('KASIKORN, SIAM_COMMERCIAL or KRUNG_THAI'),
      }),
      toField('account_no', true),
      toField('payee_type', false),
    ],
  },
  {
    id: 'br-pix',
    label: 'Brazil, PIX',
    country: 'BR',
    currencies: ['BRL', 'USD'],
    method: 'REALTIME_PAYMENT',
    targetOrg: 'PIX',
    fields: [
      toField('pix_key', true),
      toField('account_type', false, {
        label: 'Kind of PIX key',
        help: 'PayerMax’s word for it, from its instructions, like EMAIL.',
      }),
      toField('cpf', false),
    ],
  },
  {
    id: 'br-wallet',
    label: 'Brazil, wallet',
    country: 'BR',
    currencies: ['BRL', 'USD'],
    method: 'WALLET',
    fields: [
      toField('target_org', true, {
        label: 'Wallet',
        help: 'MERCADOPAGO or PAGBANK.',
        options: ['MERCADOPAGO', 'PAGBANK'],
      }),
      toField('wallet_no', true),
      toField('cpf', false),
    ],
  },
  {
    id: 'pe-bank',
    label: 'Peru, bank account',
    country: 'PE',
    currencies: ['PEN', 'USD'],
    method: 'BANK_TRANSFER',
    fields: [
      toField('account_no', true),
      toField('target_org', false, {
        label: 'Bank (PayerMax code)',
        ...codes('INTERBANK, BBVA or SCOTIA'),
      }),
      toField('bank_code', false),
      toField('payee_type', false),
    ],
  },
  {
    id: 'kr-bank',
    label: 'South Korea, bank account',
    country: 'KR',
    currencies: ['KRW', 'USD'],
    method: 'BANK_TRANSFER',
    fields: [
      toField('account_no', true),
      toField('bank_code', false),
      toField('payee_type', false),
    ],
  },
  {
    id: 'ar-bank',
    label: 'Argentina, bank account',
    country: 'AR',
    currencies: ['ARS', 'USD'],
    method: 'BANK_TRANSFER',
    fields: [
      toField('account_no', true),
      toField('bank_code', false),
      toField('payee_type', false),
    ],
  },
];

/** The documented routes with what the team file adds to them. */
export function createRoutes(added: PayoutFields): readonly PayermaxRoute[] {
  return documented.map((route) => ({
    ...route,
    fields: addFields(route.fields, added[route.id] ?? {}),
  }));
}

function addFields(
  fields: readonly PayeeField[],
  added: Partial<Record<string, Need>>,
): readonly PayeeField[] {
  const kept = fields.map((field) => {
    const need = added[field.name];
    // What a page requires stays required, whatever the team file says.
    return need === undefined
      ? field
      : { ...field, isRequired: field.isRequired || need === 'required' };
  });
  const more = moreFieldNames
    .filter((name) => added[name] !== undefined && !fields.some((field) => field.name === name))
    .map((name) => toField(name, added[name] === 'required'));
  return [...kept, ...more];
}
