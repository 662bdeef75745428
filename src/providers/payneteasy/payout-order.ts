// One order as PaynetEasy reads it. Everything is checked here once more, whoever asks: what leaves
// this file is inside the documented limits, or nothing leaves at all.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html (read 2026-11)
import { formatMoney, InexactAmountError, rescale, toDecimalText } from '../../money.ts';
import type { PayeeField, PayoutOrder } from '../payouts.ts';
import { maskAccount } from '../types.ts';
import { decimalsOf } from './decimals.ts';
import type { PaynetEasyRoute } from './payout-routes.ts';
import type { Parameter } from './sign.ts';

/** “numeric 10”, read as the strictest it can mean: ten characters, the dot among them. */
const amountLengthMax = 10;
const noteLengthMax = 64;
const callbackUrlLengthMax = 128;
const callbackPorts: ReadonlySet<string> = new Set(['', '80', '8080', '443', '8443']);

/** Everything in the order that PaynetEasy could not carry: sentences without any value of it. */
export function findMistakes(order: PayoutOrder, route: PaynetEasyRoute): string[] {
  const known = new Set(route.fields.map(({ name }) => name));
  return [
    ...checkAmount(order, route),
    ...(/^[A-Za-z0-9]{1,128}$/.test(order.reference)
      ? []
      : ['The reference has something other than letters and digits.']),
    ...(order.note.length <= noteLengthMax && /^[A-Za-z0-9 .-]*$/.test(order.note)
      ? []
      : [`The note has up to ${noteLengthMax} letters, digits, blanks, dots and hyphens.`]),
    ...route.fields.flatMap((field) => checkField(field, order.fields[field.name] ?? '')),
    ...Object.keys(order.fields)
      .filter((name) => !known.has(name))
      .map((name) => `${route.label} has no field ${name.slice(0, 40)}.`),
  ];
}

function checkAmount({ amount }: PayoutOrder, route: PaynetEasyRoute): string[] {
  const decimals = decimalsOf(amount.currency);
  if (decimals === undefined || !route.currencies.includes(amount.currency)) {
    return [`Purser does not pay ${amount.currency} with PaynetEasy.`];
  }
  if (amount.units <= 0n) return ['The amount must be more than zero.'];
  try {
    if (toDecimalText(rescale(amount, decimals)).length <= amountLengthMax) return [];
  } catch (error) {
    if (error instanceof InexactAmountError) return [error.message];
    throw error;
  }
  return [
    `PaynetEasy takes at most ${amountLengthMax} characters for an amount: ${formatMoney(amount)} is too large for one payout.`,
  ];
}

function checkField({ label, help, ...field }: PayeeField, value: string): string[] {
  if (value === '') return field.isRequired ? [`${label} is missing from the payee. ${help}`] : [];
  const isRight = value.length <= field.lengthMax && new RegExp(field.pattern, 'u').test(value);
  return isRight ? [] : [`${label} of the payee is not right. ${help}`];
}

/** The parameters for an order without mistakes. A field that nobody filled in is not sent. */
export function composeParameters(
  order: PayoutOrder,
  route: PaynetEasyRoute,
  orderIdName: string,
): Parameter[] {
  const { amount, callbackUrl, fields, note, reference } = order;
  const exact = rescale(amount, decimalsOf(amount.currency) ?? amount.decimals);
  const url = callbackUrl !== undefined && isCallable(callbackUrl) ? callbackUrl : '';
  const all: readonly Parameter[] = [
    [orderIdName, reference],
    ['amount', toDecimalText(exact)],
    ['currency', exact.currency],
    ['order_desc', note],
    ['server_callback_url', url],
    ...route.fields.map(
      ({ name }): Parameter => [route.parameterOf[name] ?? name, fields[name] ?? ''],
    ),
  ];
  return all.filter(([, value]) => value !== '');
}

/** PaynetEasy calls four ports; on loopback any, because there it is the sandbox. */
export function isCallable(callbackUrl: string): boolean {
  if (callbackUrl.length > callbackUrlLengthMax || !URL.canParse(callbackUrl)) return false;
  const { hostname, port } = new URL(callbackUrl);
  return callbackPorts.has(port) || /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** Hides in PaynetEasy's words what they may quote: account numbers, and what looks like one. */
export function createMask(
  own: readonly (string | undefined)[],
  order?: PayoutOrder,
  route?: PaynetEasyRoute,
): (words: string) => string {
  const numbers = (route?.fields ?? [])
    .filter(({ isAccountNumber }) => isAccountNumber)
    .map(({ name }) => order?.fields[name] ?? '')
    // Shorter ones are no account, and hiding them would spoil other words.
    .filter((number) => number.length > 3)
    .sort((a, b) => b.length - a.length);
  const isOwn = (run: string) => own.some((one) => one?.includes(run));
  return (words) =>
    numbers
      .reduce((masked, number) => masked.replaceAll(number, maskAccount(number)), words)
      .replace(/\d(?:[ .-]?\d){8,}/g, (run) =>
        isOwn(run) ? run : maskAccount(run.replace(/\D/g, '')),
      );
}
