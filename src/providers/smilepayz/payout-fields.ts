// The fields of which the payout routes are made. People write neutral words; what a region
// documents less than fully (bank codes, e-mail and phone lengths) is text of any form that can be
// meant. Patterns mean the same with the flags u and v and without any, for forms on a page.
// https://docs.smilepayz.com/en/product/dataModel/receiver.html (sheet compiled 2026-11)
import type { PayeeField, PayoutRoute } from '../payouts.ts';

export type Fields = Readonly<Record<string, string>>;

/** What a region adds to the fields that every payout has. */
export type RegionDetails = Readonly<Record<string, unknown>>;

export interface PayoutRegion {
  readonly route: PayoutRoute;
  toDetails(fields: Fields, payeeName: string): RegionDetails;
}

/** Letters and digits, 32 at most, when nothing else is said. */
export const field = (
  name: string,
  label: string,
  help: string,
  rest: Partial<PayeeField> = {},
): PayeeField => ({
  name,
  label,
  help,
  isRequired: true,
  pattern: '^[A-Za-z0-9]{1,32}$',
  lengthMax: 32,
  ...rest,
});

export const choice = (name: string, label: string, help: string, options: readonly string[]) =>
  field(name, label, help, { options, pattern: `^(?:${options.join('|')})$` });

export const optional = (one: PayeeField): PayeeField => ({ ...one, isRequired: false });

export const bank = (examples: string) =>
  field('bank', 'Bank code', `SmilePayz’s code of the bank or wallet, like ${examples}.`, {
    pattern: '^[A-Za-z0-9_]{1,64}$',
    lengthMax: 64,
  });

/** 32 characters by the pages of Peru and Mexico. */
export const account = (help: string, rest: Partial<PayeeField> = {}) =>
  field('account', 'Account number', help, { isAccountNumber: true, ...rest });

export const accountNumber = (example: string) =>
  account(`Account number without blanks and hyphens, like ${example}.`);

export const email = field(
  'email',
  'E-mail',
  'E-mail address of the payee, like maria@example.com.',
  {
    pattern: '^[!-?A-~]+@[!-?A-~]+$',
    lengthMax: 254,
  },
);

export const phone = field(
  'phone',
  'Phone',
  'Phone number as dialled in the country, like 987654321.',
  {
    isAccountNumber: true,
    pattern: '^[0-9]{1,20}$',
    lengthMax: 20,
  },
);

/** A field that nobody filled in is not sent: an empty string would be a statement. */
export function withoutAbsent(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  );
}
