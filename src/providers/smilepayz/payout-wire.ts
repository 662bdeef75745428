// A payout on the wire: the body of pay-out, and what the answers of pay-out and inquiry-status
// mean. Only the statuses of the documents are believed; every other word, and every answer about
// another amount or trade, is unresolved.
// https://docs.smilepayz.com/en/product/dataModel/transactionStatus.html and
// https://docs.smilepayz.com/id/reference/peru/transaction/payout.html (sheet compiled 2026-11)
import { z } from 'zod';
import { jsonNumber, wireText } from '../../json.ts';
import { compareMoney, InexactAmountError, type Money, parseDecimal } from '../../money.ts';
import type { PayoutKey, PayoutNews, PayoutNewsState, PayoutOrder } from '../payouts.ts';
import { type PayoutRegion, withoutAbsent } from './payout-fields.ts';
import type { Account } from './settings.ts';
import { parseValue, toAmountText } from './units.ts';

/** Of inquiry-status; 1 is pay-in. */
const payoutTradeType = 2;

/** In the order of the documented example. Absent fields are left out, never sent empty. */
export function toPayoutBody(
  order: PayoutOrder,
  place: { readonly region: PayoutRegion; readonly pot: Account; readonly merchantId: string },
): Record<string, unknown> {
  const { fields } = order;
  const { pot, region } = place;
  return withoutAbsent({
    orderNo: order.reference,
    purpose: order.note,
    merchant: { merchantId: place.merchantId },
    money: {
      currency: order.amount.currency,
      amount: jsonNumber(toAmountText(order.amount, pot.unit)),
    },
    paymentMethod: fields['bank'] ?? fields['key_type'],
    cashAccount: fields['account'],
    ...region.toDetails(fields, order.payeeName),
    callbackUrl: order.callbackUrl,
  });
}

/** By our own number only: theirs could name another trade, and is compared with the answer. */
export function toInquiryBody({ reference }: PayoutKey): object {
  return { tradeType: payoutTradeType, orderNo: reference };
}

/** Opaque, documented as at most 32 characters; what is no number at all is left out. */
const tradeNoWire = wireText.pipe(z.string().regex(/^[!-~]{1,64}$/));

/** Both answers; every field beside the code may be missing in one or the other. */
export const tradeWire = z.object({
  orderNo: wireText.nullish(),
  tradeNo: tradeNoWire.nullish().catch(undefined),
  tradeType: wireText.nullish(),
  status: z.string().nullish(),
  remark: z.string().nullish().catch(undefined),
  money: z.object({ currency: z.string().nullish(), amount: wireText.nullish() }).nullish(),
});
export type TradeWire = z.infer<typeof tradeWire>;

/** INIT belongs to pay-ins. FAIL and FAILURE are only guarded against by third parties. */
const meanings: ReadonlyMap<string, PayoutNewsState> = new Map([
  ['PROCESSING', 'submitted'],
  ['SUCCESS', 'paid'],
  ['FAILED', 'failed'],
  ['EXPIRED', 'failed'],
]);

/** `00` where the answer names no status. */
const toProviderStatus = ({ status }: TradeWire) => status || '00';

/**
 * The answer of pay-out with the code "00": the payout is taken. That it is paid or failed is left
 * for the status query to say.
 */
export function toCreateNews(wire: TradeWire, order: PayoutOrder, pot: Account): PayoutNews {
  const amount = readAmount(wire, pot);
  const isTaken = (wire.status ?? '') === '' || meanings.has(wire.status ?? '');
  const doubt =
    amount.doubt ??
    (amount.money !== undefined && isOther(amount.money, order.amount)
      ? 'SmilePayz’s answer names another amount or currency than the one sent'
      : undefined);
  return {
    state: isTaken && doubt === undefined ? 'submitted' : 'unresolved',
    ...toFacts(wire, amount.money),
    ...(doubt === undefined ? {} : { reason: doubt }),
  };
}

/** The amount is left to the caller to compare; what cannot be compared is unresolved. */
export function toStatusNews(
  wire: TradeWire,
  key: PayoutKey,
  pot: Account | undefined,
): PayoutNews {
  const { money, doubt: amountDoubt } = readAmount(wire, pot);
  const doubt = findOtherTrade(wire, key) ?? amountDoubt;
  const reason = doubt ?? (wire.remark || undefined);
  const meaning = meanings.get(wire.status ?? '') ?? 'unresolved';
  return {
    state: doubt === undefined ? meaning : 'unresolved',
    ...toFacts(wire, money),
    ...(reason === undefined ? {} : { reason }),
  };
}

function findOtherTrade(wire: TradeWire, key: PayoutKey): string | undefined {
  const tradeType = wire.tradeType ?? String(payoutTradeType);
  if (tradeType !== String(payoutTradeType)) {
    return `SmilePayz answers about a trade of tradeType ${tradeType}`;
  }
  const isOtherTrade =
    key.providerReference !== undefined &&
    (wire.tradeNo ?? '') !== '' &&
    wire.tradeNo !== key.providerReference;
  return isOtherTrade ? 'SmilePayz answers about another tradeNo' : undefined;
}

function toFacts(wire: TradeWire, money: Money | undefined) {
  return {
    providerStatus: toProviderStatus(wire),
    ...(wire.tradeNo ? { providerReference: wire.tradeNo } : {}),
    ...(wire.orderNo ? { reference: wire.orderNo } : {}),
    ...(money === undefined ? {} : { amount: money }),
  };
}

/** Half an amount is a doubt, no money is none: inquiry-status does not promise any. */
function readAmount(
  { money }: TradeWire,
  pot: Account | undefined,
): { readonly money?: Money; readonly doubt?: string } {
  if (money === null || money === undefined) return {};
  const text = money.amount ?? '';
  const currency = money.currency ?? '';
  if (text === '' || currency === '') {
    return { doubt: 'SmilePayz’s answer names money without its amount or currency' };
  }
  try {
    // In another currency the unit is unknown, and the answer is about another payout anyway.
    if (currency !== pot?.currency) return { money: parseDecimal(text, currency) };
    return { money: parseValue(text, currency, pot.unit) };
  } catch (error) {
    if (error instanceof InexactAmountError) {
      return { doubt: `SmilePayz names a fraction of a minor unit of ${currency}: check \`unit\`` };
    }
    if (error instanceof SyntaxError) return { doubt: 'SmilePayz names an unreadable amount' };
    throw error;
  }
}

function isOther(said: Money, sent: Money): boolean {
  return said.currency !== sent.currency || compareMoney(said, sent) !== 0;
}
