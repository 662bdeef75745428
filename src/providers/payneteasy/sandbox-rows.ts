// The balances that the sandbox keeps, and how it writes them, in the documented shape or in one
// that is wrong on purpose. Everything is in thousandths, because the wire has three decimals.
// https://doc.payneteasy.com/integration/API_commands/api_v2_get_balance_merchant.html (read 2026-11)

export interface SandboxBalance {
  readonly name: string;
  readonly currency: string;
  /** Everything in the account, both holds included; the live amount is what they leave. */
  readonly amountThousandths: bigint;
  readonly shortTermHoldThousandths: bigint;
  readonly rollingReserveThousandths: bigint;
  /** Payouts without a final status; still part of the amount. */
  readonly bufferHoldThousandths: bigint;
}

export const defaultBalances: readonly SandboxBalance[] = [
  balance('AU acquiring', 'AUD', 8_854_000n, 0n, 0n, 0n),
  balance('EU acquiring', 'EUR', 182_450_375n, 12_300_000n, 9_122_519n, 4_500_000n),
  balance('EU payouts', 'EUR', 36_018_900n, 0n, 0n, 1_250_000n),
  balance('US cards', 'USD', 1_284_903_125n, 61_740_250n, 128_490_313n, 0n),
  balance('UK petty cash', 'GBP', 41_250n, 0n, 0n, 0n),
];

function balance(
  name: string,
  currency: string,
  amountThousandths: bigint,
  shortTermHoldThousandths: bigint,
  rollingReserveThousandths: bigint,
  bufferHoldThousandths: bigint,
): SandboxBalance {
  return {
    name,
    currency,
    amountThousandths,
    shortTermHoldThousandths,
    rollingReserveThousandths,
    bufferHoldThousandths,
  };
}

/** Names with the JSON text of their values, so that no number is ever a float. */
type Row = readonly (readonly [field: string, json: string])[];

const liveField = 'online-balance-live-amount';

function toRow(kept: SandboxBalance): Row {
  const { amountThousandths, shortTermHoldThousandths, rollingReserveThousandths } = kept;
  const live = amountThousandths - shortTermHoldThousandths - rollingReserveThousandths;
  return [
    ['name', JSON.stringify(kept.name)],
    ['amount', toThousandthsText(amountThousandths)],
    [liveField, toThousandthsText(live)],
    ['total-short-term-hold-amount', toThousandthsText(shortTermHoldThousandths)],
    ['total-rolling-reserve-amount', toThousandthsText(rollingReserveThousandths)],
    ['currency', JSON.stringify(kept.currency)],
    ['amount-buffer-hold', toThousandthsText(kept.bufferHoldThousandths)],
  ];
}

function toThousandthsText(thousandths: bigint): string {
  const digits = String(thousandths < 0n ? -thousandths : thousandths).padStart(4, '0');
  return `${thousandths < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

const isAmount = (field: string) => field !== 'name' && field !== 'currency';
const writeRow = (row: Row) => `{${row.map(([field, json]) => `"${field}":${json}`).join(',')}}`;
const writeList = (rows: readonly Row[]) => `[${rows.map(writeRow).join(',')}]`;
const without = (rows: readonly Row[], isDropped: (field: string) => boolean) =>
  rows.map((row) => row.filter(([field]) => !isDropped(field)));
const replaceAmounts = (rows: readonly Row[], replace: (json: string) => string) =>
  rows.map((row) =>
    row.map(([field, json]) => [field, isAmount(field) ? replace(json) : json] as const),
  );

/** Fault -> what it does to the answer, and how. */
export const shapeFaults: Readonly<
  Record<string, { readonly what: string; readonly write: (rows: readonly Row[]) => string }>
> = {
  missing_amounts: {
    what: 'leaves out every amount',
    write: (rows) => writeList(without(rows, isAmount)),
  },
  missing_live_amount: {
    what: `leaves out ${liveField}`,
    write: (rows) => writeList(without(rows, (field) => field === liveField)),
  },
  missing_currency: {
    what: 'leaves out the currency',
    write: (rows) => writeList(without(rows, (field) => field === 'currency')),
  },
  missing_name: {
    what: 'leaves out the name',
    write: (rows) => writeList(without(rows, (field) => field === 'name')),
  },
  null_amounts: {
    what: 'writes null for every amount',
    write: (rows) => writeList(replaceAmounts(rows, () => 'null')),
  },
  amounts_as_strings: {
    what: 'writes amounts as JSON strings',
    write: (rows) => writeList(replaceAmounts(rows, (json) => `"${json}"`)),
  },
  amounts_with_commas: {
    what: 'writes amounts as strings with a decimal comma',
    write: (rows) => writeList(replaceAmounts(rows, (json) => `"${json.replace('.', ',')}"`)),
  },
  short_amounts: {
    what: 'writes amounts without zeros at the end, like 29.99 on the page of /get-balance/{id}',
    write: (rows) => writeList(replaceAmounts(rows, (json) => json.replace(/\.?0+$/, ''))),
  },
  duplicate_row: {
    what: 'writes the first balance twice',
    write: (rows) => writeList([...rows.slice(0, 1), ...rows]),
  },
  empty_list: { what: 'answers an empty list', write: () => '[]' },
  object_instead_of_list: {
    what: 'answers the first balance without a list around it',
    write: (rows) => rows.slice(0, 1).map(writeRow).join(),
  },
  trailing_comma: {
    what: 'writes a comma before each closing brace, like the page of /get-balance/{id}',
    write: (rows) => writeList(rows).replaceAll('}', ',}'),
  },
};

export function renderRows(balances: readonly SandboxBalance[], fault: string | undefined): string {
  const rows = balances.map(toRow);
  const shape = fault === undefined ? undefined : shapeFaults[fault];
  return (shape?.write ?? writeList)(rows);
}
