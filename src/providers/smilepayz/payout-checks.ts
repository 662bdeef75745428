// What is certain before anything is sent: the documented rules of an order and of its region.
// After sending, SmilePayz’s refusals prove nothing, so each mistake that is found here saves two
// people from having to close a payout by hand.
// https://docs.smilepayz.com/en/guide/feature/orderNoRule.html (sheet compiled 2026-11)
import { compareMoney, formatMoney, type Money } from '../../money.ts';
import type { PayeeField, PayoutOrder, PayoutRoute } from '../payouts.ts';
import type { Fields } from './payout-fields.ts';

const referenceShape = /^[A-Za-z0-9]{6,32}$/;
/** String(64) and String(256) in the field table. */
const purposeCharsMax = 64;
const callbackUrlCharsMax = 256;

/** https://docs.thesmilepay.com/id/reference/indonesia/transaction/payout.html */
const ranges: ReadonlyMap<string, { readonly from: bigint; readonly to: bigint }> = new Map([
  ['IDR', { from: 10_000n, to: 999_999_999n }],
]);

/** One sentence for each rule that the order breaks. */
export function findMistakes(order: PayoutOrder, route: PayoutRoute): string[] {
  const mistakes = route.fields.flatMap((field) => findFieldMistake(field, order.fields) ?? []);
  if (!referenceShape.test(order.reference)) {
    mistakes.push('The merchant reference needs 6 to 32 letters and digits.');
  }
  const purposeChars = [...order.note].length;
  if (purposeChars < 1 || purposeChars > purposeCharsMax) {
    mistakes.push(`The note needs 1 to ${purposeCharsMax} characters.`);
  }
  if (!isCallbackUrl(order.callbackUrl)) {
    mistakes.push(
      `PUBLIC_URL must be https, and the callback URL made of it has ${callbackUrlCharsMax} ` +
        'characters at most.',
    );
  }
  return [...mistakes, ...findAmountMistakes(order.amount)];
}

/** Over https, as documented; loopback is for sandboxes. */
function isCallbackUrl(url: string | undefined): boolean {
  if (url === undefined) return true;
  return url.length <= callbackUrlCharsMax && /^https:|^http:\/\/(?:127\.|localhost[:/])/.test(url);
}

function findFieldMistake(field: PayeeField, fields: Fields): string | undefined {
  const value = fields[field.name] ?? '';
  if (value === '') {
    return field.isRequired ? `${field.label} is missing from the payee. ${field.help}` : undefined;
  }
  const isRight =
    (field.options?.includes(value) ?? true) &&
    value.length <= field.lengthMax &&
    new RegExp(field.pattern, 'u').test(value);
  return isRight ? undefined : `${field.label} of the payee is not right. ${field.help}`;
}

function findAmountMistakes(amount: Money): string[] {
  const zero: Money = { ...amount, units: 0n };
  if (compareMoney(amount, zero) <= 0) return ['The amount must be more than zero.'];
  const range = ranges.get(amount.currency);
  if (range === undefined) return [];
  const from: Money = { ...zero, units: range.from, decimals: 0 };
  const to: Money = { ...zero, units: range.to, decimals: 0 };
  const isInside = compareMoney(from, amount) <= 0 && compareMoney(amount, to) <= 0;
  return isInside ? [] : [`SmilePayz takes ${formatMoney(from)} to ${formatMoney(to)} a payout.`];
}
