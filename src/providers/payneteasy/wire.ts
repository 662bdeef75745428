// What PaynetEasy answers to get-balance, and what it means. Amounts are major units, documented
// with three decimals; they are kept as they came.
// https://doc.payneteasy.com/integration/API_commands/api_v2_get_balance_merchant.html (read 2026-11)
import { z } from 'zod';
import { parseJson, wireNumberText, wireText } from '../../json.ts';
import { type Money, parseDecimal } from '../../money.ts';
import type { AmountKind, BalanceLine } from '../types.ts';

/** Documented as a number, so that is tried first: a failed try costs more than the reading. */
const amountWire = z.union([wireNumberText, z.string()]).nullish();

const balanceRowWire = z.object({
  name: wireText.refine((name) => name.trim() !== '', 'is empty'),
  currency: z.string().regex(/^[A-Za-z0-9]{3,10}$/, 'is not a currency code'),
  amount: amountWire,
  'online-balance-live-amount': amountWire,
  'total-short-term-hold-amount': amountWire,
  'total-rolling-reserve-amount': amountWire,
  'amount-buffer-hold': amountWire,
});
type BalanceRowWire = z.infer<typeof balanceRowWire>;
type AmountField = Exclude<keyof BalanceRowWire, 'name' | 'currency'>;

/** `amount` includes both holds; the live amount is what is left without them. */
const kindOfField: readonly (readonly [AmountKind, AmountField])[] = [
  ['available', 'online-balance-live-amount'],
  ['total', 'amount'],
  ['held', 'total-short-term-hold-amount'],
  ['reserve', 'total-rolling-reserve-amount'],
  ['inFlight', 'amount-buffer-hold'],
];

const balanceRowsWire = z.array(balanceRowWire);

/** The lines, or what is wrong with the rows. */
function toLines(rows: readonly BalanceRowWire[]): BalanceLine[] | string {
  const lines: BalanceLine[] = [];
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    const currency = row.currency.toUpperCase();
    // Two rows of one name and currency cannot be told apart, nor may they be added up.
    const key = `${currency} ${row.name}`;
    if (seen.has(key)) return `[${index}].name: appears twice with the same currency`;
    seen.add(key);
    const amounts: Partial<Record<AmountKind, Money>> = {};
    for (const [kind, field] of kindOfField) {
      const text = row[field];
      if (text === undefined || text === null) continue;
      try {
        amounts[kind] = parseDecimal(text, currency);
      } catch {
        return `[${index}]["${field}"]: is not a decimal number`;
      }
    }
    lines.push({ account: row.name, currency, amounts });
  }
  return lines;
}

export type BalanceAnswer =
  | { readonly kind: 'lines'; readonly lines: readonly BalanceLine[] }
  | { readonly kind: 'denied' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** `problem` completes "PaynetEasy answered the balance request …". */
  | { readonly kind: 'unreadable'; readonly problem: string; readonly cause?: unknown };

/**
 * Reads the body alone: the documented success has no content type, and other replies of this API
 * call their JSON text/html.
 */
export function parseBalanceAnswer(text: string): BalanceAnswer {
  const body = text.trim();
  if (body === '') return { kind: 'unreadable', problem: 'with nothing' };
  if (!/^[[{]/.test(body)) return parseOtherText(body);
  let json: unknown;
  try {
    json = parseJson(body);
  } catch (cause) {
    return { kind: 'unreadable', problem: 'with broken JSON', cause };
  }
  const refusal = body.startsWith('{') ? findRefusal(json) : undefined;
  if (refusal !== undefined) return { kind: 'refused', refusal };
  const rows = balanceRowsWire.safeParse(json);
  const lines = rows.success ? toLines(rows.data) : explainIssue(rows.error);
  if (typeof lines !== 'string') return { kind: 'lines', lines };
  const problem = `in a shape that is not documented: ${lines}`;
  return { kind: 'unreadable', problem, cause: rows.error };
}

function parseOtherText(body: string): BalanceAnswer {
  // Documented with HTTP 200 and a web page; a wrong key looks like that, too.
  if (/access is denied/i.test(body)) return { kind: 'denied' };
  if (body.startsWith('<')) {
    return { kind: 'unreadable', problem: 'with a web page instead of JSON' };
  }
  const refusal = findRefusal(parseForm(body));
  if (refusal !== undefined) return { kind: 'refused', refusal };
  return { kind: 'unreadable', problem: 'with a text that is not JSON' };
}

function explainIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'no reason is known';
  const path = z.core.toDotPath(issue.path);
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

export interface Refusal {
  readonly message: string | undefined;
  readonly code: string | undefined;
  /** PaynetEasy's own id of the request. */
  readonly serialNumber: string | undefined;
}

const refusalWire = z.object({
  type: z.enum(['error', 'validation-error']),
  'error-message': wireText.optional(),
  'error-code': wireText.optional(),
  'serial-number': wireText.optional(),
});

function findRefusal(answer: unknown): Refusal | undefined {
  const parsed = refusalWire.safeParse(answer);
  if (!parsed.success) return undefined;
  return {
    message: parsed.data['error-message'],
    code: parsed.data['error-code'],
    serialNumber: parsed.data['serial-number'],
  };
}

/**
 * Form text with a newline after each value; the vendor's own library trims it like this. Undefined
 * where a name has two values: nobody can say which one counts.
 */
export function parseForm(text: string): Record<string, string> | undefined {
  const form = new Map<string, string>();
  for (const [rawName, rawValue] of new URLSearchParams(text)) {
    const [name, value] = [rawName.trim(), rawValue.trim()];
    if ((form.get(name) ?? value) !== value) return undefined;
    form.set(name, value);
  }
  return Object.fromEntries(form);
}
