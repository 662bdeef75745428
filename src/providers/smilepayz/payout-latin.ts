// Peru, Colombia and Chile: the three regions whose field names and words exist in two generations.
// Which one production accepts is unknown, so the team file says it (`peru_fields`). The current
// words are documented for Peru alone, so Colombia and Chile are paid in the older generation only.
// https://docs.smilepayz.com/id/reference/peru/transaction/payout.html (current), the same path
// below /th/ and /zh/ and docs.thesmilepay.com (older) (sheet compiled 2026-11)
import {
  accountNumber,
  bank,
  choice,
  email,
  type Fields,
  field,
  optional,
  type PayoutRegion,
  phone,
  withoutAbsent,
} from './payout-fields.ts';

/** Of the field names: `peru_fields` in the team file. */
export type Generation = 'current' | 'older';

/** Neutral word -> wire. That CHECKING is CORRIENTE and so on is inferred from their order. */
const accountTypes = {
  current: { checking: 'CHECKING', savings: 'SAVINGS' },
  older: { checking: 'CORRIENTE', savings: 'AHORROS' },
} as const;

const accountType = choice(
  'account_type',
  'Account type',
  'One of checking and savings.',
  Object.keys(accountTypes.current),
);

interface LatinCountry {
  readonly id: string;
  readonly label: string;
  readonly country: string;
  readonly currency: string;
  readonly bankExample: string;
  readonly accountExample: string;
  readonly area: number;
  /** Neutral word -> wire, for the generations that document any. */
  readonly idTypes: { readonly current?: Fields; readonly older: Fields };
  readonly idTypeHelp: string;
  readonly idNumberHelp: string;
  /** The 20-digit interbank code of Peru. */
  readonly hasInterbankCode: boolean;
}

const latinCountries: readonly LatinCountry[] = [
  {
    id: 'pe-bank',
    label: 'Peru, bank account',
    country: 'PE',
    currency: 'PEN',
    bankExample: 'BCP',
    accountExample: '19312345678901',
    area: 15,
    idTypes: {
      current: { national_id: 'NID', foreigner_id: 'FID', passport: 'PP', tax_id: 'TIN' },
      older: { national_id: 'DNI', foreigner_id: 'CE', passport: 'PAS', tax_id: 'RUC' },
    },
    idTypeHelp: 'One of national_id (DNI), foreigner_id (CE), passport or tax_id (RUC).',
    idNumberHelp: 'Number of that document, like 48982488.',
    hasInterbankCode: true,
  },
  {
    id: 'co-bank',
    label: 'Colombia, bank account',
    country: 'CO',
    currency: 'COP',
    bankExample: 'BANCOLOMBIA',
    accountExample: '12345678901',
    area: 16,
    idTypes: { older: { national_id: 'CC', foreigner_id: 'CE' } },
    idTypeHelp: 'One of national_id (CC) or foreigner_id (CE).',
    idNumberHelp: 'Number of that document, like 1020304050.',
    hasInterbankCode: false,
  },
  {
    id: 'cl-bank',
    label: 'Chile, bank account',
    country: 'CL',
    currency: 'CLP',
    bankExample: 'BANCO_ESTADO',
    accountExample: '12345678',
    area: 17,
    idTypes: { older: { national_id: 'DNI', foreigner_id: 'CE', passport: 'PAS', tax_id: 'RUT' } },
    idTypeHelp: 'One of national_id (DNI), foreigner_id (CE), passport or tax_id (RUT).',
    idNumberHelp: 'Number of that document; a RUT with its hyphen, like 12345678-9.',
    hasInterbankCode: false,
  },
];

export function createLatinRegions(generation: Generation): readonly PayoutRegion[] {
  return latinCountries.flatMap((country) => {
    const idTypes = country.idTypes[generation];
    return idTypes === undefined ? [] : [toRegion(country, generation, idTypes)];
  });
}

function toRegion(country: LatinCountry, generation: Generation, idTypes: Fields): PayoutRegion {
  const isCurrent = generation === 'current';
  const hasInterbankCode = country.hasInterbankCode && isCurrent;
  const cci = field('cci', 'Interbank code (CCI)', '20 digits, like 00219311234567890112.', {
    isAccountNumber: true,
    pattern: '^[0-9]{20}$',
    lengthMax: 20,
  });
  const types: Fields = accountTypes[generation];
  return {
    route: {
      id: country.id,
      label: country.label,
      country: country.country,
      currencies: [country.currency],
      fields: [
        bank(country.bankExample),
        accountNumber(country.accountExample),
        accountType,
        ...(hasInterbankCode ? [cci] : []),
        choice('id_type', 'Document type', country.idTypeHelp, Object.keys(idTypes)),
        field('id_number', 'Document number', country.idNumberHelp, {
          isAccountNumber: true,
          pattern: '^[A-Za-z0-9\\-]{1,32}$',
        }),
        // The older receiver page sets both in brackets.
        isCurrent ? email : optional(email),
        isCurrent ? phone : optional(phone),
      ],
    },
    toDetails: (fields, payeeName) => ({
      cashAccountType: types[fields['account_type'] ?? ''],
      ...(hasInterbankCode ? { cci: fields['cci'] } : {}),
      receiver: withoutAbsent({
        name: payeeName,
        email: fields['email'],
        phone: fields['phone'],
        idType: idTypes[fields['id_type'] ?? ''],
        [isCurrent ? 'idNumber' : 'identity']: fields['id_number'],
      }),
      ...(isCurrent ? {} : { area: country.area }),
    }),
  };
}
