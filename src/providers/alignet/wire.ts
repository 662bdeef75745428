// Alignet's balance answer as it is on the wire, and its way into balance lines. Amounts are whole
// numbers of an agreed scale; one with a decimal point would put that scale in doubt and is refused.
// https://docs.pay-me.com/api-orquestador/Working-version/balance-query (read 2026-11)
import { z } from 'zod';
import { wireNumberText, wireText } from '../../json.ts';
import { formatAmount, type Money } from '../../money.ts';
import type { BalanceLine } from '../types.ts';

export const successCode = '00';

const amountWire = wireNumberText.refine(
  (text) => /^-?\d{1,30}$/.test(text),
  'expected a whole number, because its scale would be in doubt',
);

const statusWire = z.object({
  /** "00" is success. Should it ever come as a number, that is 0. */
  code: wireText.transform((code) => (code === '0' ? successCode : code)),
  message: z.string().nullish(),
  message_ilgn: z.array(z.object({ value: z.string().nullish() })).nullish(),
});
export type StatusWire = z.infer<typeof statusWire>;

/** Success and failure share this envelope. */
export const envelopeWire = z.object({ meta: z.object({ status: statusWire }) });

const rowWire = z.object({
  bank_name: z.string().nullish(),
  commerce_id: wireText.nullish(),
  commerce_name: z.string().nullish(),
  currency: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{3}$/, 'expected a currency like PEN')
    .toUpperCase(),
  /** What a payout can draw on; the page says so. */
  total_balance: amountWire.nullish(),
  total_income_amount: amountWire.nullish(),
  total_expenditure_amount: amountWire.nullish(),
});
type RowWire = z.infer<typeof rowWire>;

/** No payfac has that many banks: more is a mistake, and not worth the time of reading it. */
const rowsMax = 500;
export const balanceWire = z.object({
  balance: z.array(rowWire).max(rowsMax, `expected at most ${rowsMax} rows`),
});

/** Where an answer departs from the documentation, without what stands there. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`,
    '',
  );
  const at = path === '' ? 'the whole answer' : path;
  return `${at}: ${issue?.message.replace(/^Invalid input: /, '') ?? 'unexpected'}`;
}

/** Alignet's own words, for quoting. Cleaned first: what is cut in the middle is not recognised. */
export function explainStatus(status: StatusWire, clean: (text: string) => string): string {
  const said = status.message || status.message_ilgn?.find(({ value }) => value)?.value;
  const words = clean(said ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  const code = clean(status.code);
  return words === '' ? `It gives the code ${code}` : `It says “${words}” (code ${code})`;
}

/**
 * One line per bank and currency. Rows that are alike in both are told apart by their commerce;
 * `findDouble` says whether that was enough.
 */
export function toBalanceLines(rows: readonly RowWire[], amountDecimals: number): BalanceLine[] {
  const banks = rows.map(({ bank_name }) => toLabel(bank_name));
  return rows.map((row, index) => {
    const { currency } = row;
    const bank = banks[index] ?? '';
    const isOnlyOne = rows.every(
      (other, at) => at === index || other.currency !== currency || banks[at] !== bank,
    );
    const available = toMoney(row.total_balance, amountDecimals, currency);
    const line = {
      account: isOnlyOne && bank !== '' ? bank : toCommerceLabel(bank, row),
      currency,
      amounts: available === undefined ? {} : { available },
    };
    const note = noteOf(
      available,
      toMoney(row.total_income_amount, amountDecimals, currency),
      toMoney(row.total_expenditure_amount, amountDecimals, currency),
    );
    return note === '' ? line : { ...line, note };
  });
}

/** The schema has let whole numbers through and nothing else. */
function toMoney(
  text: string | null | undefined,
  decimals: number,
  currency: string,
): Money | undefined {
  return text == null ? undefined : { units: BigInt(text), decimals, currency };
}

/** The first account that stands twice in one currency. */
export function findDouble(lines: readonly BalanceLine[]): BalanceLine | undefined {
  const seen = new Set<string>();
  return lines.find(({ account, currency }) => {
    const key = `${currency} ${account}`;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

function toCommerceLabel(bank: string, row: RowWire): string {
  const id = toLabel(row.commerce_id);
  const parts = [bank, toLabel(row.commerce_name), id && `commerce ${id}`];
  return parts.filter((part) => part !== '').join(', ') || 'unnamed account';
}

/** Names come from outside: one line, and no longer than a table can bear. */
function toLabel(text: string | null | undefined): string {
  return text?.replace(/\s+/g, ' ').slice(0, 60).trim() ?? '';
}

/**
 * Income and expenditure are turnover, not pots of money. They are quoted as they came: in the
 * documented sample the balance is their sum, so no relation between the three can be relied on.
 */
function noteOf(
  available: Money | undefined,
  income: Money | undefined,
  expenditure: Money | undefined,
): string {
  const parts = [
    available === undefined ? 'Alignet gave no balance' : '',
    income === undefined ? '' : `income ${formatAmount(income)}`,
    expenditure === undefined ? '' : `expenditure ${formatAmount(expenditure)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
