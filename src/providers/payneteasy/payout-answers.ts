// What PaynetEasy answers to payouts and status queries: form text with a newline after each value, or
// the same as JSON. `async-response` means accepted, never paid; `type` and `status` decide, and a web
// page is never an answer.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html
// https://doc.payneteasy.com/integration/API_commands/api_v2_status.html
// https://doc.payneteasy.eu/reference/statuses.html (read 2026-11)
import { z } from 'zod';
import { parseJson, wireText } from '../../json.ts';
import { type Money, parseDecimal } from '../../money.ts';
import type { PayoutKey, PayoutNews, PayoutNewsState } from '../payouts.ts';
import { parseForm } from './wire.ts';

/** JSON has numbers where form text has digits, and null where it has nothing. */
const optionalText = wireText.nullish().transform((text) => text || undefined);

/** Goes back to PaynetEasy as it came, so it must be an id and not a text. */
const optionalId = optionalText.refine((id) => id === undefined || /^[\w-]{1,64}$/.test(id));

const commandWire = z.object({
  type: z.string().min(1),
  'serial-number': optionalId,
  'merchant-order-id': optionalText,
  'paynet-order-id': optionalId,
  status: optionalText,
  amount: optionalText,
  currency: optionalText,
  'error-message': optionalText,
  'error-code': optionalText,
});
export type CommandWire = z.output<typeof commandWire>;

export type CommandAnswer =
  | { readonly kind: 'fields'; readonly fields: CommandWire }
  | { readonly kind: 'denied' }
  /** `problem` completes "PaynetEasy answered …". */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Reads the body alone: replies of this API call themselves text/html, whatever they are. */
export function parseCommandAnswer(text: string): CommandAnswer {
  const body = text.trim();
  if (body === '') return { kind: 'unreadable', problem: 'with nothing' };
  const read = commandWire.safeParse(readFields(body));
  if (read.success) return { kind: 'fields', fields: read.data };
  // The page of a refusal has HTTP 200 as well; it looks like that for a wrong key, too.
  const namesOrder = /paynet-order-id/i.test(body);
  if (!namesOrder && /access is denied/i.test(body)) return { kind: 'denied' };
  const problem = body.startsWith('<') ? 'with a web page' : 'in a shape that is not documented';
  return { kind: 'unreadable', problem };
}

/** Undefined for what is neither form text nor JSON. */
function readFields(body: string): unknown {
  if (body.startsWith('<')) return undefined;
  if (!body.startsWith('{')) return parseForm(body);
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

/** The provider's words made fit to be shown. */
export type Clean = (words: string) => string;

/** `“Parameter amount is required” (code 1)`, or that there is no reason. */
export function quoteReason(fields: CommandWire, clean: Clean): string {
  const { 'error-message': message, 'error-code': code } = fields;
  const words = message === undefined ? 'without a reason' : `“${clean(message)}”`;
  return code === undefined ? words : `${words} (code ${clean(code)})`;
}

const states: ReadonlyMap<string, PayoutNewsState> = new Map([
  ['processing', 'submitted'],
  ['approved', 'paid'],
  ['declined', 'failed'],
  ['filtered', 'failed'],
  // A processing error; by the documents it is final and nothing was paid.
  ['error', 'failed'],
  // One page lists it as final, another is silent: it is for people to find out.
  ['unknown', 'unresolved'],
]);

/** What a status query says, or what is wrong with it: "PaynetEasy answered the query …". */
export function toStatusNews(
  fields: CommandWire,
  key: PayoutKey,
  clean: Clean,
): PayoutNews | string {
  const { type, status } = fields;
  if (type === 'error' || type === 'validation-error') return toNothingFound(fields, clean);
  if (type !== 'status-response') return `with the type “${clean(type)}”`;
  if (status === undefined) return 'without a status';
  const amount = toAmount(fields, key);
  if (typeof amount === 'string') return amount;
  const providerReference = fields['paynet-order-id'];
  const reference = fields['merchant-order-id'];
  const isOther =
    key.providerReference !== undefined &&
    providerReference !== undefined &&
    providerReference !== key.providerReference;
  const state = isOther ? 'unresolved' : (states.get(status) ?? 'unresolved');
  const reason = isOther
    ? 'PaynetEasy’s answer is about another order of the same reference.'
    : findReason(state, fields, clean);
  return {
    state,
    providerStatus: clean(status),
    ...(providerReference === undefined ? {} : { providerReference }),
    ...(reference === undefined ? {} : { reference }),
    ...(amount === undefined ? {} : { amount }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** An unknown order is answered with an error, but no code tells it from other errors. */
function toNothingFound(fields: CommandWire, clean: Clean): PayoutNews {
  return {
    state: 'unresolved',
    providerStatus: fields.type,
    reason: `PaynetEasy gave no order but an error: ${quoteReason(fields, clean)}.`,
  };
}

function findReason(state: PayoutNewsState, fields: CommandWire, clean: Clean): string | undefined {
  const isSaid = fields['error-message'] !== undefined || fields['error-code'] !== undefined;
  const words = isSaid ? ` It says: ${quoteReason(fields, clean)}.` : '';
  if (state === 'unresolved') {
    return `PaynetEasy’s documents do not say how this status ends: ask PaynetEasy.${words}`;
  }
  if (state !== 'failed') return undefined;
  return isSaid ? quoteReason(fields, clean) : undefined;
}

/** An answer without a currency is about that of the order. */
function toAmount({ amount, currency }: CommandWire, key: PayoutKey): Money | undefined | string {
  if (amount === undefined) return undefined;
  try {
    return parseDecimal(amount, currency?.toUpperCase() ?? key.amount.currency);
  } catch {
    return 'with an amount that is no decimal number';
  }
}
