// A payout on the wire: the bodies of both APIs, and what a transaction in an answer means. Only the
// documented statuses are believed, each for its own API; what contradicts the order is unresolved.
// https://docs.pay-cross.com/en/integration/card_api/transactions/payout, …/card_api/statuses,
// https://docs.pay-cross.com/en/integration/apm_api/transactions/payout, …/apm_api/statuses
// (read 2026-11)
import { z } from 'zod';
import { jsonNumber, wireNumberText, wireText } from '../../json.ts';
import { type Money, parseUnits } from '../../money.ts';
import type { PayoutNews, PayoutNewsState, PayoutOrder } from '../payouts.ts';
import { decimalsOf } from './currency.ts';
import type { PaycrossRoute } from './payout-routes.ts';
import type { AskedAccount } from './settings.ts';

type Sections = Record<string, Record<string, string>>;

/** What stands in `request`, in the order of the documented samples. */
export function toPayoutBody(
  order: PayoutOrder,
  route: PaycrossRoute,
  isTest: boolean,
): Record<string, unknown> {
  const { amount, callbackUrl } = order;
  return {
    amount: jsonNumber(amount.units.toString()),
    currency: amount.currency,
    description: order.note,
    tracking_id: order.reference,
    // Cards only: the same amount to the same card within 30 s is refused.
    ...(route.api === 'card' ? { duplicate_check: true } : {}),
    ...(isTest ? { test: true } : {}),
    ...(callbackUrl === undefined ? {} : { notification_url: callbackUrl }),
    ...toSections(order.fields, route),
  };
}

/** A field that nobody filled in is not sent: an empty string would be a statement. */
function toSections(fields: PayoutOrder['fields'], route: PaycrossRoute): Sections {
  const sections: Sections = {};
  const put = (section: string, name: string, value: string) => {
    sections[section] = { ...sections[section], [name]: value };
  };
  if (route.methodType !== undefined) put('method', 'type', route.methodType);
  for (const { field, place } of route.places) {
    const value = fields[field.name] ?? '';
    if (value !== '') put(place.section, place.name, value);
  }
  return sections;
}

export const transactionWire = z.object({
  /** Opaque; what could not stand in a URL is left out. */
  uid: wireText
    .pipe(z.string().regex(/^[!-~]{1,64}$/))
    .nullish()
    .catch(undefined),
  type: z.string(),
  status: z.string().min(1),
  /** Minor units. */
  amount: wireNumberText.refine(
    (text) => /^\d{1,30}$/.test(text),
    'expected a whole number of minor units',
  ),
  currency: z.string().regex(/^[A-Z]{3,10}$/, 'expected a currency like USD'),
  tracking_id: z.string().nullish(),
  message: z.string().nullish().catch(undefined),
  test: z.boolean().nullish(),
});
export type TransactionWire = z.infer<typeof transactionWire>;

/** `[]` where there is none; the older SDK also meets a single one. */
export const transactionsWire = z.union([
  z.array(z.unknown()),
  z.object({ transactions: z.array(z.unknown()) }).transform(({ transactions }) => transactions),
  z.object({ transaction: z.unknown() }).transform(({ transaction }) => [transaction]),
]);

/** What says whose transaction it is, before anything else of it is read. */
const identityWire = z.object({ tracking_id: z.string().nullish() });

/** `error` is not in it: it is believed only when it is said again, see payout-status.ts. */
const meanings: Readonly<Record<AskedAccount['api'], ReadonlyMap<string, PayoutNewsState>>> = {
  card: new Map([
    ['successful', 'paid'],
    ['failed', 'failed'],
    ['incomplete', 'submitted'],
    ['pending', 'submitted'],
  ]),
  apm: new Map([
    ['successful', 'paid'],
    ['failed', 'failed'],
    ['pending', 'submitted'],
    ['initial', 'submitted'],
    ['expired', 'failed'],
    ['deleted', 'failed'],
  ]),
};

export const isError = ({ status }: TransactionWire) => status.toLowerCase() === 'error';

export interface AskedPayout {
  readonly api: AskedAccount['api'];
  readonly isTest: boolean;
  /** As PayCross named it before. */
  readonly uid?: string | undefined;
  /** `error` was said before, long enough ago. */
  readonly isFinalError?: boolean;
}

/** The amount and the reference are left to the caller to compare. */
export function toNews(wire: TransactionWire, asked: AskedPayout): PayoutNews {
  const doubt = findDoubt(wire, asked);
  const reason = doubt ?? (wire.message || undefined);
  const meaning =
    isError(wire) && asked.isFinalError
      ? 'failed'
      : meanings[asked.api].get(wire.status.toLowerCase());
  return {
    state: doubt === undefined && meaning !== undefined ? meaning : 'unresolved',
    providerStatus: wire.status,
    ...(wire.uid ? { providerReference: wire.uid } : {}),
    ...(wire.tracking_id ? { reference: wire.tracking_id } : {}),
    amount: toAmount(wire),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Why this cannot be about the payout that was ordered. */
function findDoubt(wire: TransactionWire, { isTest, uid }: AskedPayout): string | undefined {
  if (wire.type !== 'payout') return `PayCross has it as a ${wire.type}, not as a payout`;
  if (wire.test === true && !isTest) {
    return 'PayCross has it as a test, in which no money moves; Purser ordered a real payout';
  }
  if (wire.test === false && isTest) {
    return 'PayCross has it as a real payout; Purser ordered a test';
  }
  const isOther = uid !== undefined && wire.uid && wire.uid !== uid;
  return isOther ? 'PayCross answers with another uid than before' : undefined;
}

/** Where the scale is not known it is another currency than was ordered, and so nothing to trust. */
function toAmount({ amount, currency }: TransactionWire): Money {
  return parseUnits(amount, decimalsOf(currency) ?? 0, currency);
}

/** The one payout of a reference, or why there is not exactly one. */
export function pickTransaction(
  entries: readonly unknown[],
  reference: string,
): { readonly found: unknown } | { readonly missing: PayoutNews } {
  const own = entries.filter(
    (entry) => identityWire.safeParse(entry).data?.tracking_id === reference,
  );
  const [found] = own;
  if (own.length === 1) return { found };
  if (entries.length === 0) return { missing: { state: 'not_found', providerStatus: '[]' } };
  return {
    missing: {
      state: 'unresolved',
      providerStatus: `${own.length} of ${entries.length} transactions`,
      reason:
        own.length === 0
          ? 'PayCross answered about other orders than the one asked for.'
          : `PayCross has ${own.length} transactions with this reference and Purser ordered one: it may have been paid more than once. Look in its back office.`,
    },
  };
}
