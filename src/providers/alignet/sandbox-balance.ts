// The accounts of the Alignet sandbox and its balance answer. Payfac 1234 answers the documented
// sample, whose balance is the sum of income and expenditure; for the other one the balance is their
// difference. What a payout takes comes out of the balance and goes into the expenditure.
// https://docs.pay-me.com/api-orquestador/Working-version/balance-query (read 2026-11)
import { jsonNumber } from '../../json.ts';
import type { SandboxAnswer, SandboxRequest } from '../sandbox.ts';
import { type Envelope, succeed, wrap } from './sandbox-gate.ts';

export interface SandboxAccount {
  readonly bank: string;
  readonly commerceId: string;
  readonly commerceName: string;
  readonly currency: string;
  readonly incomeHundredths: bigint;
  readonly expenditureHundredths: bigint;
}

export interface Row {
  readonly bank_name: string;
  readonly commerce_id: string;
  readonly commerce_name: string;
  readonly country: string;
  readonly currency: string;
  readonly total_balance: bigint;
  readonly total_expenditure_amount: bigint;
  readonly total_income_amount: bigint;
}

export const balanceFaults = {
  missing_balance: 'succeeds without the list of balances',
  balance_object: 'gives one balance as an object instead of a list',
  no_rows: 'succeeds with an empty list',
  missing_total: 'leaves out total_balance',
  null_total: 'gives null as total_balance',
  string_amount: 'writes the amounts as strings',
  fraction_amount: 'writes the amounts with a decimal point',
  missing_currency: 'leaves out currency',
  numeric_currency: 'gives the currency as ISO number, like 604',
  many_rows: 'gives twelve more commerces at the first bank',
  same_rows: 'gives the first row twice',
} as const;

export const sampleRow: Row = {
  bank_name: 'Banco Continental',
  commerce_id: '12',
  commerce_name: 'Comercio de Prueba',
  country: 'PE',
  currency: 'PEN',
  total_balance: 1_000_000_000n,
  total_expenditure_amount: 500_000_000n,
  total_income_amount: 500_000_000n,
};

const shop = { commerceId: '58', commerceName: 'Andes Retail SAC' };
export const demoAccounts: readonly SandboxAccount[] = [
  {
    bank: 'Banco Continental',
    ...shop,
    currency: 'PEN',
    incomeHundredths: 318_427_550n,
    expenditureHundredths: 271_904_015n,
  },
  {
    bank: 'Banco de Credito',
    ...shop,
    currency: 'USD',
    incomeHundredths: 9_640_000n,
    expenditureHundredths: 9_571_880n,
  },
  {
    bank: 'Interbank',
    ...shop,
    currency: 'PEN',
    incomeHundredths: 84_250_000n,
    expenditureHundredths: 12_118_725n,
  },
];

export function toRow(account: SandboxAccount, amountDecimals: number): Row {
  const toUnits = (hundredths: bigint) => (hundredths * 10n ** BigInt(amountDecimals)) / 100n;
  const income = toUnits(account.incomeHundredths);
  const expenditure = toUnits(account.expenditureHundredths);
  return {
    bank_name: account.bank,
    commerce_id: account.commerceId,
    commerce_name: account.commerceName,
    country: 'PE',
    currency: account.currency,
    total_balance: income - expenditure,
    total_expenditure_amount: expenditure,
    total_income_amount: income,
  };
}

export function answerBalance(
  request: SandboxRequest,
  fault: string | undefined,
  rows: readonly Row[],
  envelope: Envelope,
): SandboxAnswer {
  if (request.method !== 'GET') {
    return wrap(405, { code: '405', message: 'Method Not Allowed', local: '' }, {}, envelope);
  }
  if (request.body.length > 0) {
    const status = { code: '400', message: 'No body expected', local: 'Solicitud inválida' };
    return wrap(400, status, {}, envelope);
  }
  const balance = bend(rows, fault);
  return succeed(balance === undefined ? {} : { balance }, 'Se encontro balance', fault, envelope);
}

/** The rows as the fault wants them; undefined for none at all. */
function bend(rows: readonly Row[], fault: string | undefined): unknown {
  const [first] = rows;
  const mapAmounts = (change: (amount: string) => unknown) =>
    rows.map((row) => ({
      ...row,
      total_balance: change(String(row.total_balance)),
      total_expenditure_amount: change(String(row.total_expenditure_amount)),
      total_income_amount: change(String(row.total_income_amount)),
    }));
  switch (fault) {
    case 'missing_balance':
      return undefined;
    case 'balance_object':
      return first;
    case 'no_rows':
      return [];
    case 'missing_total':
      return rows.map(({ total_balance, ...rest }) => rest);
    case 'null_total':
      return rows.map((row) => ({ ...row, total_balance: null }));
    case 'string_amount':
      return mapAmounts((amount) => amount);
    case 'fraction_amount':
      return mapAmounts((amount) => jsonNumber(`${amount}.25`));
    case 'missing_currency':
      return rows.map(({ currency, ...rest }) => rest);
    case 'numeric_currency':
      return rows.map((row) => ({ ...row, currency: '604' }));
    case 'same_rows':
      return [first, ...rows];
    case 'many_rows':
      return [
        ...rows,
        ...Array.from({ length: 12 }, (_, index) => ({
          ...first,
          commerce_id: String(100 + index),
          commerce_name: `Tienda ${index + 1}`,
          total_balance: BigInt(index) * 7_000_001n,
        })),
      ];
    default:
      return rows;
  }
}
