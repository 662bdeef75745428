// The ways in which SmilePayz pays, region by region, with the fields that each documents. Lists of
// bank codes are not documented, only examples, so codes are text. Two regions are left out:
// Vietnam is known from demo code only, and for USDT no page says where the wallet address goes.
// https://docs.smilepayz.com/id/reference/peru/transaction/payout.html and the payout pages of the
// other regions and their demos (sheet compiled 2026-11)
import {
  account,
  accountNumber,
  bank,
  choice,
  field,
  optional,
  type PayoutRegion,
} from './payout-fields.ts';
import { createLatinRegions, type Generation } from './payout-latin.ts';

const otherRegions: readonly PayoutRegion[] = [
  {
    route: {
      id: 'id-bank',
      label: 'Indonesia, bank or wallet',
      country: 'ID',
      currencies: ['IDR'],
      fields: [
        bank('BRI, BCA, DANA or OVO'),
        account('Account number, like 78120011629261665; for DANA the phone number 8xxxxxxx.'),
      ],
    },
    toDetails: (_fields, name) => ({ receiver: { name } }),
  },
  {
    route: {
      id: 'th-bank',
      label: 'Thailand, bank account',
      country: 'TH',
      currencies: ['THB'],
      fields: [bank('KBANK'), account('Account number, like 17385238451.')],
    },
    toDetails: () => ({}),
  },
  {
    route: {
      id: 'in-bank',
      label: 'India, bank account',
      country: 'IN',
      currencies: ['INR'],
      fields: [
        accountNumber('50100123456789'),
        field('ifsc', 'IFSC code', '11 letters and digits, like HDFC0000123.', {
          pattern: '^[A-Za-z0-9]{11}$',
          lengthMax: 11,
        }),
        optional(bank('YES, HDFC, PNB, CANARA, ICICI or OTHERS')),
      ],
    },
    toDetails: (fields, name) => ({ ifscCode: fields['ifsc'], receiver: { name } }),
  },
  {
    route: {
      id: 'br-pix',
      label: 'Brazil, PIX',
      country: 'BR',
      currencies: ['BRL'],
      fields: [
        // An exhaustive list for once: PIX itself has these five kinds of key and no other.
        choice('key_type', 'PIX key type', 'CPF, CNPJ, PHONE, EMAIL or EVP (random key).', [
          'CPF',
          'CNPJ',
          'PHONE',
          'EMAIL',
          'EVP',
        ]),
        account('The PIX key itself, like 12345678909 or ana@example.com.', {
          label: 'PIX key',
          pattern: '^[!-~]{1,77}$',
          lengthMax: 77,
        }),
        field('tax_number', 'Tax number', 'CPF (11 digits) or CNPJ (14 digits) of the payee.', {
          isAccountNumber: true,
          pattern: '^(?:[0-9]{11}|[0-9]{14})$',
          lengthMax: 14,
        }),
      ],
    },
    toDetails: (fields) => ({ receiver: { taxNumber: fields['tax_number'] } }),
  },
  {
    route: {
      id: 'mx-bank',
      label: 'Mexico, bank account',
      country: 'MX',
      currencies: ['MXN'],
      fields: [
        bank('BANXICO, BANAMEX or BBVAMX'),
        account('CLABE (18 digits) or account id, like 032180000118359719.'),
      ],
    },
    toDetails: () => ({}),
  },
  {
    route: {
      id: 'ph-bank',
      label: 'Philippines, bank or wallet',
      country: 'PH',
      currencies: ['PHP'],
      fields: [bank('GCASH'), account('Account or wallet number, like 09171234567.')],
    },
    toDetails: (_fields, name) => ({ receiver: { name } }),
  },
];

export function createPayoutRegions(generation: Generation): readonly PayoutRegion[] {
  return [...createLatinRegions(generation), ...otherRegions];
}
