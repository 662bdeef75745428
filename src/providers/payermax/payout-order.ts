// One order as PayerMax reads it. Everything is checked here once more, whoever asks: what leaves
// this file is inside the documented limits, or nothing leaves at all.
// https://docs.payermax.com/doc-center/disbursement/request/api-request.html (read 2026-11)
import { formatMoney, InexactAmountError, rescale, toDecimalText } from '../../money.ts';
import type { PayeeField, PayoutOrder } from '../payouts.ts';
import { maskAccount } from '../types.ts';
import { decimalsOf } from './decimals.ts';
import { findPath, fullNameLengthMax, namePattern } from './payout-fields.ts';
import type { PayermaxRoute } from './payout-routes.ts';

const amountLengthMax = 12;
const callbackUrlLengthMax = 255;

/** Everything in the order that PayerMax could not carry: sentences without any value of it. */
export function findMistakes(order: PayoutOrder, route: PayermaxRoute): string[] {
  return [
    ...checkAmount(order, route),
    ...checkTexts(order),
    ...route.fields.flatMap((field) => checkField(field, order.fields[field.name] ?? '')),
    ...checkPlaces(order, route),
  ];
}

function checkAmount({ amount }: PayoutOrder, route: PayermaxRoute): string[] {
  const decimals = decimalsOf(amount.currency);
  if (decimals === undefined || !route.currencies.includes(amount.currency)) {
    return [`${route.label} is not paid in ${amount.currency}.`];
  }
  if (amount.units <= 0n) return ['The amount must be more than zero.'];
  try {
    if (toDecimalText(rescale(amount, decimals)).length <= amountLengthMax) return [];
  } catch (error) {
    if (error instanceof InexactAmountError) return [error.message];
    throw error;
  }
  return [
    `PayerMax takes at most ${amountLengthMax} characters for an amount: ${formatMoney(amount)} is too large for one payout.`,
  ];
}

function checkTexts({ reference, payeeName, note, callbackUrl }: PayoutOrder): string[] {
  const isUrlRight =
    callbackUrl === undefined ||
    (callbackUrl.length <= callbackUrlLengthMax && /^https?:\/\/[!-~]+$/.test(callbackUrl));
  const rules: readonly (readonly [isRight: boolean, problem: string])[] = [
    [
      /^[A-Za-z0-9_]{1,63}$/.test(reference),
      'The reference has something other than letters and digits.',
    ],
    [
      new RegExp(namePattern, 'u').test(toName(payeeName)),
      'PayerMax takes the payee’s name in Latin letters with blanks, commas, hyphens and dots only.',
    ],
    [toName(payeeName).length <= fullNameLengthMax, 'The payee’s name is too long.'],
    [
      /^[A-Za-z0-9 .-]*$/.test(note),
      'PayerMax takes letters, digits, blanks, dots and hyphens in a note only.',
    ],
    [isUrlRight, 'The address for notifications is not one that PayerMax takes.'],
  ];
  return rules.filter(([isRight]) => !isRight).map(([, problem]) => problem);
}

function checkField({ label, help, ...field }: PayeeField, value: string): string[] {
  if (value === '') return field.isRequired ? [`${label} is missing. ${help}`] : [];
  const isRight =
    value.length <= field.lengthMax &&
    (field.options?.includes(value) ?? true) &&
    new RegExp(field.pattern, 'u').test(value);
  return isRight ? [] : [`${label} is not right. ${help}`];
}

/** Two fields for one place would let one win that nobody chose. */
function checkPlaces({ fields }: PayoutOrder, route: PayermaxRoute): string[] {
  const problems: string[] = [];
  const labels = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    const field = route.fields.find((one) => one.name === name);
    const path = findPath(name)?.join('.');
    if (field === undefined || path === undefined) {
      problems.push(`${route.label} has no field named ${name.slice(0, 40)}.`);
    } else if (value !== '') {
      const other = labels.get(path);
      if (other !== undefined) problems.push(`Give either ${other} or ${field.label}, not both.`);
      labels.set(path, field.label);
    }
  }
  return problems;
}

/** Letters and their accents as one character each: the same name, however it was typed. */
function toName(text: string): string {
  return text.normalize('NFC').trim();
}

/** `data` of paymentFieldValidation: the payee, without order and amount. */
export function composePayee(order: PayoutOrder, route: PayermaxRoute) {
  const payeeInfo: Record<string, string | Record<string, string>> = {
    paymentMethodType: route.method,
    ...(route.targetOrg === undefined ? {} : { targetOrg: route.targetOrg }),
  };
  const put = ([group = '', key]: readonly string[], value: string) => {
    const old = payeeInfo[group];
    payeeInfo[group] =
      key === undefined ? value : { ...(typeof old === 'object' ? old : {}), [key]: value };
  };
  put(['name', 'fullName'], toName(order.payeeName));
  for (const { name } of route.fields) {
    const value = order.fields[name] ?? '';
    const path = findPath(name);
    if (value !== '' && path !== undefined) put(path, value);
  }
  if ((order.fields['cpf'] ?? '') !== '') put(['document', 'documentType'], 'CPF');
  return { country: route.country, payeeInfo };
}

/** `data` of paymentOrderPay, for an order without mistakes. */
export function composePayout(order: PayoutOrder, route: PayermaxRoute) {
  const { currency, decimals } = order.amount;
  return {
    outTradeNo: order.reference,
    // Always the account of the order's own currency, so that the balance that was checked is the
    // one that pays, in the amount that was approved.
    sourceAccount: currency,
    trade: {
      amount: toDecimalText(rescale(order.amount, decimalsOf(currency) ?? decimals)),
      currency,
    },
    ...composePayee(order, route),
    ...(order.note === '' ? {} : { remark: order.note }),
    ...(order.callbackUrl === undefined ? {} : { notifyUrl: order.callbackUrl }),
  };
}

/** Hides in PayerMax's words what they may quote: account numbers, and what looks like one. */
export function createMask(
  reference: string,
  order?: PayoutOrder,
  route?: PayermaxRoute,
): (text: string) => string {
  const numbers = (route?.fields ?? [])
    .filter(({ isAccountNumber }) => isAccountNumber)
    .map(({ name }) => order?.fields[name] ?? '')
    // Shorter ones are no account, and hiding them would spoil other words.
    .filter((number) => number.length > 3)
    .sort((a, b) => b.length - a.length);
  return (text) =>
    numbers
      .reduce((masked, number) => masked.replaceAll(number, maskAccount(number)), text)
      .replace(/\d{9,}/g, (run) => (reference.includes(run) ? run : maskAccount(run)));
}
