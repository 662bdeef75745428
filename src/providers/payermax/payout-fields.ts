// What PayerMax may ask about a payee: each field once, with its place in `payeeInfo`. Which of them
// a country wants is in a spreadsheet of PayerMax's, so a route carries what its page names and the
// team file adds the rest (`payout_fields`).
// https://docs.payermax.com/doc-center/disbursement/request/api-request.html (read 2026-11)
import type { PayeeField } from '../payouts.ts';

interface FieldFacts extends Omit<PayeeField, 'name' | 'isRequired'> {
  /** Below `payeeInfo`. */
  readonly path: readonly [string] | readonly [string, string];
}

// Patterns mean the same with the flags u and v and without any: forms on a page check them too.
const latin = 'A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff';
const notShown = '\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f';
const line = `^[^${notShown}\\ud800-\\udfff\\ufeff]+$`;
const code = '^[A-Za-z0-9](?:[A-Za-z0-9 ._&\\-]*[A-Za-z0-9])?$';
const day = '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$';
const country = '^[A-Z]{2}$';

/** "Latin letters, blank, comma, hyphen, dot"; one letter at least. Each sign is tried in one way. */
export const namePattern = `^[ ,.\\-]*[${latin}][${latin} ,.\\-]*$`;
export const fullNameLengthMax = 512;

function name(part: 'firstName' | 'middleName' | 'lastName', label: string, example: string) {
  return {
    path: ['name', part],
    label,
    help: `Latin letters only, like ${example}.`,
    pattern: namePattern,
    lengthMax: 64,
  } as const;
}

function text(
  path: FieldFacts['path'],
  label: string,
  example: string,
  lengthMax: number,
): FieldFacts {
  return { path, label, help: `In one line, like ${example}.`, pattern: line, lengthMax };
}

function account(label: string, help: string, pattern: string): FieldFacts {
  const path = ['accountInfo', 'accountNo'] as const;
  return { path, label, help, pattern, lengthMax: 128, isAccountNumber: true };
}

/** Fields that belong to their routes and to no other. */
const routeFields = {
  account_no: account(
    'Account number',
    'Letters, digits, dots, hyphens and underscores without blanks, like 19101234567.',
    '^[A-Za-z0-9._\\-]+$',
  ),
  account_digits: account(
    'Account number',
    'Digits only, like 0812323233332; for a wallet the phone number that it belongs to.',
    '^[0-9]+$',
  ),
  wallet_no: account(
    'Wallet account',
    'The phone number, e-mail address or number of the wallet, like ana@example.com.',
    '^[A-Za-z0-9@._+\\-]+$',
  ),
  pix_key: account(
    'PIX key',
    'CPF, phone number, e-mail address or random key, like ana@example.com.',
    '^[A-Za-z0-9@._+\\-]+$',
  ),
  cpf: {
    path: ['document', 'documentId'],
    label: 'CPF',
    help: 'The payee’s Brazilian tax number, 11 digits, like 12345678909.',
    pattern: '^[0-9]{11}$',
    lengthMax: 11,
    isAccountNumber: true,
  },
} as const satisfies Record<string, FieldFacts>;

/** Fields that the team file may add to any route. */
const moreFields = {
  target_org: {
    path: ['targetOrg'],
    label: 'Bank or wallet (PayerMax code)',
    help: 'PayerMax’s own code, from its list of payment methods, like BCA.',
    pattern: code,
    lengthMax: 64,
  },
  payee_type: {
    path: ['payeeType'],
    label: 'Kind of payee',
    help: 'PERSONAL for a person (also when left empty), CORPORATION for a company.',
    pattern: '^(?:PERSONAL|CORPORATION)$',
    lengthMax: 11,
    options: ['PERSONAL', 'CORPORATION'],
  },
  bank_code: {
    path: ['bankInfo', 'bankCode'],
    label: 'Bank code',
    help: 'National bank code or SWIFT code, like BCPLPEPL.',
    pattern: code,
    lengthMax: 64,
  },
  bank_name: text(['bankInfo', 'bankName'], 'Bank name', 'Banco de Credito', 255),
  bank_branch: text(['bankInfo', 'bankBranch'], 'Bank branch', 'Miraflores', 64),
  bank_city: text(['bankInfo', 'bankCity'], 'City of the bank', 'Lima', 255),
  correspondent_account: {
    path: ['bankInfo', 'corAccountNo'],
    label: 'Correspondent account',
    help: 'Letters and digits, like 30101810400000000225.',
    pattern: '^[A-Za-z0-9]+$',
    lengthMax: 128,
    isAccountNumber: true,
  },
  account_type: {
    path: ['accountInfo', 'accountType'],
    label: 'Account type',
    help: 'PayerMax’s word for the kind of account or key, from its instructions, like EMAIL.',
    pattern: '^[A-Za-z0-9_]+$',
    lengthMax: 64,
  },
  check_digit: {
    path: ['accountInfo', 'checkDigit'],
    label: 'Check digit',
    help: 'As it stands behind the account number, like 7.',
    pattern: '^[A-Za-z0-9]+$',
    lengthMax: 64,
  },
  first_name: name('firstName', 'First name', 'Maria'),
  middle_name: name('middleName', 'Middle name', 'Elena'),
  last_name: name('lastName', 'Last name', 'Santos'),
  document_type: {
    path: ['document', 'documentType'],
    label: 'Document type',
    help: 'PayerMax’s word for the document, from its instructions, like DNI.',
    pattern: '^[A-Za-z0-9_]+$',
    lengthMax: 16,
  },
  document_id: {
    path: ['document', 'documentId'],
    label: 'Document number',
    help: 'Letters, digits, dots, hyphens and slashes, like 45678912.',
    pattern: '^[A-Za-z0-9.\\-\\/]+$',
    lengthMax: 64,
    isAccountNumber: true,
  },
  document_issue_date: {
    path: ['document', 'documentIssueDate'],
    label: 'Document issued on',
    help: 'Year, month and day, like 2021-03-31.',
    pattern: day,
    lengthMax: 10,
  },
  document_expire_date: {
    path: ['document', 'documentExpireDate'],
    label: 'Document valid until',
    help: 'Year, month and day, like 2031-03-31.',
    pattern: day,
    lengthMax: 10,
  },
  address: text(['address', 'address'], 'Address', 'Av. Larco 345', 512),
  city: text(['address', 'city'], 'City', 'Lima', 255),
  state: text(['address', 'state'], 'State or region', 'Lima', 255),
  zip_code: text(['address', 'zipCode'], 'Postal code', '15074', 32),
  payee_phone: {
    path: ['payeePhone'],
    label: 'Phone number',
    help: 'Digits, with a plus before a country code, like +51987654321.',
    pattern: '^\\+?[0-9]+$',
    lengthMax: 64,
    isAccountNumber: true,
  },
  email: {
    path: ['email'],
    label: 'E-mail address',
    help: 'Like ana@example.com.',
    pattern: '^[A-Za-z0-9._+%\\-]+@[A-Za-z0-9.\\-]+$',
    lengthMax: 64,
  },
  birth_date: {
    path: ['birthDate'],
    label: 'Date of birth',
    help: 'Year, month and day, like 1996-09-01.',
    pattern: day,
    lengthMax: 10,
  },
  payee_nationality: {
    path: ['payeeNationality'],
    label: 'Nationality',
    help: 'The two letters of the country, like PE.',
    pattern: country,
    lengthMax: 2,
  },
  payee_gender: {
    path: ['payeeGender'],
    label: 'Gender',
    help: 'F or M.',
    pattern: '^[FM]$',
    lengthMax: 1,
    options: ['F', 'M'],
  },
  payee_birth_country: {
    path: ['payeeBirthCountry'],
    label: 'Country of birth',
    help: 'The two letters of the country, like PE.',
    pattern: country,
    lengthMax: 2,
  },
} as const satisfies Record<string, FieldFacts>;

const facts = { ...routeFields, ...moreFields };
export type FieldName = keyof typeof facts;
export type MoreFieldName = keyof typeof moreFields;
export const moreFieldNames = Object.keys(moreFields) as MoreFieldName[];

/** `changes` say what a route knows better: its own codes as help, or the only ones as options. */
export function toField(
  fieldName: FieldName,
  isRequired: boolean,
  changes: Partial<Pick<PayeeField, 'label' | 'help' | 'options'>> = {},
): PayeeField {
  const { path: _path, ...field }: FieldFacts = facts[fieldName];
  return { name: fieldName, ...field, isRequired, ...changes };
}

/** Where a field goes below `payeeInfo`; undefined for a field that PayerMax does not have. */
export function findPath(fieldName: string): readonly string[] | undefined {
  return isFieldName(fieldName) ? facts[fieldName].path : undefined;
}

/** `payeeInfo.accountInfo.accountNo` in the words of the form; undefined for other texts. */
export function findLabel(wirePath: string, fieldNames: readonly string[]): string | undefined {
  const found = fieldNames
    .filter(isFieldName)
    .find((one) => `payeeInfo.${facts[one].path.join('.')}` === wirePath);
  return found === undefined ? undefined : facts[found].label;
}

function isFieldName(text: string): text is FieldName {
  return Object.hasOwn(facts, text);
}
