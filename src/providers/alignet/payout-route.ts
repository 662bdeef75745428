// The one way in which Alignet is documented to pay: a bank account in Peru. Its table names every
// field and gives neither lengths nor lists of words, so what is free text there is free text here.
// https://docs.pay-me.com/api-orquestador/Working-version/parameters (read 2026-11)
import type { PayeeField, PayoutOrder, PayoutRoute } from '../payouts.ts';
import type { ExamplePayee } from '../types.ts';

// No document limits these. Longer is a mistake.
const textLengthMax = 100;
const numberLengthMax = 34;

// Patterns mean the same with the flags u and v and without any. What cannot be seen is left out.
const unseen = '\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff';
const line = `^[^ ${unseen}](?:[^${unseen}]*[^ ${unseen}])?$`;

function text(name: string, label: string, example: string): PayeeField {
  const help = `In one line, like ${example}.`;
  return { name, label, help, isRequired: true, pattern: line, lengthMax: textLengthMax };
}

function digits(name: string, label: string, help: string): PayeeField {
  const rule = { pattern: '^[0-9]+$', lengthMax: numberLengthMax, isAccountNumber: true };
  return { name, label, help, isRequired: true, ...rule };
}

function optional(field: PayeeField): PayeeField {
  return { ...field, isRequired: false };
}

export const peruBank: PayoutRoute = {
  id: 'pe-bank',
  label: 'Peru, bank account',
  country: 'PE',
  currencies: ['PEN'],
  fields: [
    text('first_name', 'First name', 'Mariano Leon'),
    optional(text('last_name', 'Last name', 'Sanchez Carranza')),
    text('bank_name', 'Bank', 'Banco Continental'),
    {
      name: 'account_type',
      label: 'Account type',
      // The table names words that the sample does not use; which of them are taken is not said.
      help:
        'Alignet’s word in small letters, like savings_account; its table also names savings, ' +
        'current, vista and rut.',
      isRequired: true,
      pattern: '^[a-z]+(?:_[a-z]+)*$',
      lengthMax: 40,
    },
    digits('account_number', 'Account number', 'Digits only, like 10040404000400938.'),
    // A real one has 20 digits, the documented sample 18.
    digits(
      'cci',
      'CCI',
      'Interbank account number (CCI), digits only and usually 20, like 111040404000400940.',
    ),
    {
      name: 'document_country',
      label: 'Document country',
      help: 'The two letters of the country that issued the document, like PE.',
      isRequired: true,
      pattern: '^[A-Z]{2}$',
      lengthMax: 2,
    },
    {
      name: 'document_type',
      label: 'Document type',
      help: 'Alignet’s word in capital letters, like DNI.',
      isRequired: true,
      pattern: '^[A-Z]+(?:_[A-Z]+)*$',
      lengthMax: 40,
    },
    digits('document_number', 'Document number', 'Digits only, like 44998831.'),
    {
      name: 'email',
      label: 'E-mail',
      help: 'E-mail address of the payee, like foo.bar@email.com.',
      isRequired: true,
      pattern: '^[!-?A-~]+@[!-?A-~]+$',
      lengthMax: 254,
    },
    optional(text('department', 'Department', 'Lima')),
    optional(digits('phone_country', 'Phone country code', 'Digits only, like 51.')),
    optional(digits('phone', 'Phone', 'Digits only, like 967918120.')),
  ],
};

/** The documented sample: nobody’s account. */
export const examplePayee: ExamplePayee = {
  id: 'diego',
  name: 'Diego Sanchez Carranza',
  route: 'pe-bank',
  currency: 'PEN',
  fields: {
    first_name: 'Diego',
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
  },
};

/** One sentence for each field that is wrong, with no value in it. Empty counts as absent. */
export function findFieldMistakes({ fields }: PayoutOrder): string[] {
  const mistakes = peruBank.fields.flatMap(({ name, label, help, ...field }) => {
    const value = fields[name] ?? '';
    if (value === '')
      return field.isRequired ? [`${label} is missing from the payee. ${help}`] : [];
    const isRight = value.length <= field.lengthMax && new RegExp(field.pattern, 'u').test(value);
    return isRight ? [] : [`${label} of the payee is not right. ${help}`];
  });
  const known = new Set(peruBank.fields.map(({ name }) => name));
  for (const name of Object.keys(fields)) {
    if (!known.has(name)) mistakes.push(`${peruBank.label} has no field ${name.slice(0, 40)}.`);
  }
  return mistakes;
}
