// The two ways in which PaynetEasy pays. Its table calls every field of a bank payout conditional:
// the set depends on the acquirer, so the team file says which are needed and which there are beside
// those of the documents. Cards are paid by their token alone; Purser never keeps a card number.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html
// https://doc.payneteasy.com/integration/API_commands/api_v4_deposit_transfer.html (read 2026-11)
import type { PayeeField, PayoutRoute } from '../payouts.ts';
import type { ExamplePayee } from '../types.ts';
import { payableCurrencies } from './decimals.ts';

export const routeIds = ['bank', 'card-token'] as const;
type RouteId = (typeof routeIds)[number];

export interface PaynetEasyRoute extends PayoutRoute {
  readonly id: RouteId;
  /** The command in the address, before the endpoint. */
  readonly command: string;
  /** Where the parameter has another name than the field. */
  readonly parameterOf: Readonly<Record<string, string>>;
}

export type MoreFields = Readonly<
  Partial<Record<RouteId, Readonly<Record<string, 'required' | 'optional'>>>>
>;

/** No document limits these; what is longer is a mistake. */
const textLengthMax = 128;
const numberLengthMax = 34;

// Patterns mean the same with the flags u and v and without any. What cannot be seen is left out.
const unseen = '\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff';
const line = `^[^ ${unseen}](?:[^${unseen}]*[^ ${unseen}])?$`;

function text(name: string, label: string, example: string): PayeeField {
  const help = `In one line, like ${example}.`;
  return { name, label, help, isRequired: false, pattern: line, lengthMax: textLengthMax };
}

const bankFields: readonly PayeeField[] = [
  {
    name: 'account_number',
    label: 'Account number',
    help: 'Letters and digits without blanks, like DE89370400440532013000.',
    // The one condition that needs no acquirer: without it this is no payout to a bank account.
    isRequired: true,
    isAccountNumber: true,
    pattern: '^[A-Za-z0-9]+$',
    lengthMax: numberLengthMax,
  },
  text('first_name', 'First name', 'Vera'),
  text('last_name', 'Last name', 'Novak'),
  text('bank_name', 'Bank', 'Cool bank'),
  text('bank_branch', 'Branch', 'Branch 1'),
  text('bank_province', 'Province of the bank', 'Some province'),
  text('bank_city', 'City of the bank', 'Bank city'),
  {
    ...text('routing_number', 'Routing number', ''),
    help: 'Letters and digits without blanks, like 021000021.',
    pattern: '^[A-Za-z0-9-]+$',
    lengthMax: numberLengthMax,
  },
];

const cardFields: readonly PayeeField[] = [
  {
    name: 'card_ref',
    label: 'Card reference',
    help: 'PaynetEasy’s reference id of a saved card, never the card number, like 7654321.',
    isRequired: true,
    isAccountNumber: true,
    // 20 characters by the table; 12 to 19 digits are what card numbers look like.
    pattern: '^(?!(?:-*[0-9]){12,19}-*$)[A-Za-z0-9-]+$',
    lengthMax: 20,
  },
];

const bank = {
  id: 'bank',
  label: 'Bank account',
  command: 'payout',
  fields: bankFields,
  parameterOf: {},
} as const;
/** For cards the documents point to this command. Its v2 form has another, older signature. */
const cardToken = {
  id: 'card-token',
  label: 'Saved card, by its token',
  command: 'transfer-by-ref',
  fields: cardFields,
  parameterOf: { card_ref: 'destination-card-ref-id' },
} as const;

export function createRoutes(version: 'v4' | 'v2', more: MoreFields): PaynetEasyRoute[] {
  const offered = version === 'v4' ? [bank, cardToken] : [bank];
  return offered.map((route) => ({
    ...route,
    currencies: payableCurrencies,
    fields: withMore(route.fields, more[route.id] ?? {}),
  }));
}

function withMore(
  fields: readonly PayeeField[],
  more: Readonly<Record<string, 'required' | 'optional'>>,
): PayeeField[] {
  const known = new Set(fields.map(({ name }) => name));
  const isRequired = (name: string) => more[name] === 'required';
  return [
    ...fields.map((field) => ({
      ...field,
      isRequired: field.isRequired || isRequired(field.name),
    })),
    ...Object.keys(more)
      .filter((name) => !known.has(name))
      .map((name) => createField(name, isRequired(name))),
  ];
}

/** A field of an acquirer: PaynetEasy's name for it is all that is known. */
function createField(name: string, isRequired: boolean): PayeeField {
  const words = name.replaceAll('_', ' ');
  return {
    name,
    label: words.charAt(0).toUpperCase() + words.slice(1),
    help: `In one line, as PaynetEasy’s parameter ${name} wants it for this acquirer.`,
    isRequired,
    isAccountNumber: /account|iban|number|phone|document|tax/.test(name),
    pattern: line,
    lengthMax: textLengthMax,
  };
}

export const moreFieldName = /^[a-z][a-z0-9_]{0,63}$/;

/** What Purser fills itself, and everything with which a card number could come in. */
export function isReservedName(name: string): boolean {
  return (
    /^(?:client_orderid|amount|currency|order_desc|login|control|orderid|oauth_.*)$/.test(name) ||
    /^(?:server_callback_url|redirect_url|notify_url)$/.test(name) ||
    /(?:^|_)(?:credit|card|pan|cvv2?|cvc2?|expire|track)/.test(name)
  );
}

/** The bank of the vendor's sample payout; the name is invented. */
export const examplePayee: ExamplePayee = {
  id: 'vera',
  name: 'Vera Novak',
  route: 'bank',
  currency: 'USD',
  fields: {
    account_number: '123412341234',
    first_name: 'Vera',
    last_name: 'Novak',
    bank_name: 'Cool bank',
    bank_branch: 'Branch 1',
    bank_province: 'Some province',
    bank_city: 'Bank city',
  },
};
