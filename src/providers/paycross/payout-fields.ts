// The fields of payees that the documents name, and where each goes in a request. A card is a token,
// never a number. Which of the other fields are needed depends on the acquirer or the method, and the
// documents do not say it: the team file does. Limits are those of the card API’s table, the only
// ones that are documented; where it has none they are generous.
// https://docs.pay-cross.com/en/integration/card_api/transactions/payout and
// https://docs.pay-cross.com/en/integration/apm_api/transactions/payout (read 2026-11)
import type { PayeeField } from '../payouts.ts';

export const needs = ['required', 'optional'] as const;
export type Need = (typeof needs)[number];

type FieldFacts = Pick<PayeeField, 'label' | 'help' | 'pattern' | 'lengthMax' | 'isAccountNumber'>;

const text = (label: string, example: string, lengthMax: number): FieldFacts => ({
  label,
  help: `At most ${lengthMax} characters, like ${example}.`,
  pattern: '^\\S(?:.*\\S)?$',
  lengthMax,
});
const day = '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$';

const facts = {
  card_token: {
    label: 'Card token',
    help: 'PayCross’s token of the card, from its recipient tokenization; never the card number.',
    // A token's form is not documented; a card number is the one thing without a letter.
    pattern: '^(?=.*[A-Za-z])[!-~]{8,255}$',
    lengthMax: 255,
    isAccountNumber: true,
  },
  holder: text('Card holder', 'John Doe', 32),
  exp_month: {
    label: 'Card expires in month',
    help: 'Two digits, like 09.',
    pattern: '^(?:0[1-9]|1[0-2])$',
    lengthMax: 2,
  },
  exp_year: {
    label: 'Card expires in year',
    help: 'Four digits, like 2029.',
    pattern: '^20[0-9]{2}$',
    lengthMax: 4,
  },
  first_name: text('First name', 'John', 30),
  middle_name: text('Middle name', 'Allan', 30),
  last_name: text('Last name', 'Doe', 30),
  country: {
    label: 'Country',
    help: 'The two letters of the country, like US.',
    pattern: '^[A-Z]{2}$',
    lengthMax: 2,
  },
  city: text('City', 'Denver', 60),
  state: text('State', 'CO (United States and Canada only)', 60),
  zip: text('Postal code', '96002', 30),
  address: text('Address', '1st Street', 255),
  phone: {
    label: 'Phone number',
    help: 'With a plus and the country code, like +16123456789.',
    pattern: '^\\+?[0-9]{5,20}$',
    lengthMax: 21,
    isAccountNumber: true,
  },
  email: {
    label: 'E-mail address',
    help: 'Like john@example.com.',
    pattern: '^[!-?A-~]+@[!-?A-~]+$',
    lengthMax: 254,
  },
  birth_date: {
    label: 'Date of birth',
    help: 'Year, month and day, like 1980-01-31.',
    pattern: day,
    lengthMax: 10,
  },
  taxpayer_id: {
    label: 'Taxpayer number',
    help: 'As the tax office writes it, like 12345678909.',
    pattern: '^\\S(?:.*\\S)?$',
    lengthMax: 64,
    isAccountNumber: true,
  },
} as const satisfies Record<string, FieldFacts>;
type FieldName = keyof typeof facts;

/** Where a value goes inside `request`. */
export interface WirePlace {
  readonly section: string;
  readonly name: string;
}

export interface PlacedField {
  readonly field: PayeeField;
  readonly place: WirePlace;
}

function toField(name: FieldName, isRequired: boolean): PayeeField {
  const known: FieldFacts = facts[name];
  return { name, ...known, isRequired };
}

/** The fields of a card payout that are conditional, by the acquirer's rules. */
const cardSections = {
  holder: 'recipient_credit_card',
  exp_month: 'recipient_credit_card',
  exp_year: 'recipient_credit_card',
  email: 'recipient',
  birth_date: 'recipient',
  first_name: 'recipient_billing_address',
  last_name: 'recipient_billing_address',
  country: 'recipient_billing_address',
  city: 'recipient_billing_address',
  state: 'recipient_billing_address',
  zip: 'recipient_billing_address',
  address: 'recipient_billing_address',
  phone: 'recipient_billing_address',
} as const satisfies Partial<Record<FieldName, string>>;
export type CardFieldName = keyof typeof cardSections;
export const cardFieldNames = Object.keys(cardSections) as CardFieldName[];

/** Below `customer`; `external_id`, `device_id` and `ip` say nothing about a payee. */
export const customerFieldNames = [
  'first_name',
  'middle_name',
  'last_name',
  'country',
  'city',
  'zip',
  'address',
  'phone',
  'email',
  'birth_date',
  'taxpayer_id',
] as const satisfies readonly FieldName[];
export type CustomerFieldName = (typeof customerFieldNames)[number];

export function toCardFields(wanted: Partial<Record<CardFieldName, Need>>): PlacedField[] {
  const token: PlacedField = {
    field: toField('card_token', true),
    place: { section: 'recipient_credit_card', name: 'token' },
  };
  const all: Partial<Record<CardFieldName, Need>> = { holder: 'optional', ...wanted };
  const others = cardFieldNames.flatMap((name) => {
    const need = all[name];
    if (need === undefined) return [];
    const place = { section: cardSections[name], name };
    return [{ field: toField(name, need === 'required'), place }];
  });
  return [token, ...others];
}

export function toCustomerFields(wanted: Partial<Record<CustomerFieldName, Need>>): PlacedField[] {
  return customerFieldNames.flatMap((name) => {
    const need = wanted[name];
    if (need === undefined) return [];
    const place = { section: 'customer', name };
    return [{ field: toField(name, need === 'required'), place }];
  });
}
