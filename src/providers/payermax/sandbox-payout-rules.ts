// The documented rules for the fields of a payout, read on their own: nothing here comes from the
// client. Lengths and forms are those of the page; which fields a country needs is known in part.
// https://docs.payermax.com/doc-center/disbursement/request/api-request.html (read 2026-11)
import { isObject, type Json } from './sandbox-gate.ts';
import { type Decimal, readDecimal } from './sandbox-ledger.ts';

/** What the rest of the sandbox wants to know of an order whose fields are in order. */
export interface PayoutRequest {
  readonly outTradeNo: string;
  readonly country: string;
  readonly targetOrg: string;
  readonly currency: string;
  readonly amount: Decimal;
  /** Whether the currency is the country's own. */
  readonly isLocal: boolean;
  /** The currency of the account that is debited. */
  readonly source: string;
  readonly remark: string;
  readonly reference: string;
  readonly notifyUrl: string;
  readonly notifyEmail: string;
  readonly notifyPhone: string;
}

export interface FieldFailure {
  readonly field: string;
  readonly errorMsg: string;
}

interface Rule {
  readonly path: string;
  readonly isRequired?: boolean;
  readonly max?: number;
  readonly form?: RegExp;
  readonly errorMsg?: string;
}

interface Method {
  readonly currency: string;
  readonly hasTarget: boolean;
  /** Beside those of every payout. */
  readonly rules?: readonly Rule[];
}

const digitsOnly: Rule = {
  path: 'payeeInfo.accountInfo.accountNo',
  form: /^\d+$/,
  errorMsg: 'Please enter numbers.',
};
const target = (form: RegExp): Rule => ({ path: 'payeeInfo.targetOrg', form });

/** By country and method; any other is not opened in the contract. */
const methods: Readonly<Record<string, Method>> = {
  'ID BANK_TRANSFER': { currency: 'IDR', hasTarget: true, rules: [digitsOnly] },
  'ID WALLET': { currency: 'IDR', hasTarget: true, rules: [digitsOnly] },
  'PH BANK_TRANSFER': { currency: 'PHP', hasTarget: true },
  'TH BANK_TRANSFER': { currency: 'THB', hasTarget: true },
  'BR REALTIME_PAYMENT': { currency: 'BRL', hasTarget: true, rules: [target(/^PIX$/)] },
  'BR WALLET': { currency: 'BRL', hasTarget: true, rules: [target(/^(MERCADOPAGO|PAGBANK)$/)] },
  'BR BANK_TRANSFER': {
    currency: 'BRL',
    hasTarget: false,
    rules: [{ path: 'payeeInfo.document.documentId', isRequired: true }],
  },
  'PE BANK_TRANSFER': { currency: 'PEN', hasTarget: false },
  'KR BANK_TRANSFER': { currency: 'KRW', hasTarget: false },
  'AR BANK_TRANSFER': { currency: 'ARS', hasTarget: false },
};
const countries = new Set(Object.keys(methods).map((key) => key.slice(0, 2)));

const wholeUnits = new Set(['CLP', 'COP', 'IDR', 'JPY', 'KMF', 'KRW', 'VND']);
const name = /^[\p{Script=Latin} ,.-]+$/u;
const day = /^\d{4}-\d\d-\d\d$/;
const code3 = /^[A-Z]{3}$/;
const url = /^https?:\/\/\S+$/;
const purposes =
  /^(ISUBIL|EPTOUR|EPTKAG|ISPAYR|ISPAYRA|ISGDDS|ISSCVE|ISSUPP|ISLOGS|INCEN|GAME|SAMENM|PAYCMSN|SAMENMC|AGOPEXP|ADEXP|RFND|SMCNTST|LGTEP|GOODPAY|SINVEST|FINVEST|TAXPAY|LOANPAY|OTHER)$/;

const payeeRules: readonly Rule[] = [
  { path: 'country', isRequired: true, form: /^[A-Z]{2}$/ },
  {
    path: 'payeeInfo.paymentMethodType',
    isRequired: true,
    form: /^(BANK_TRANSFER|WALLET|CASH|CARD|REALTIME_PAYMENT)$/,
  },
  { path: 'payeeInfo.targetOrg', max: 64 },
  { path: 'payeeInfo.payeeType', form: /^(PERSONAL|CORPORATION)$/ },
  { path: 'payeeInfo.accountInfo.accountNo', isRequired: true, max: 128 },
  { path: 'payeeInfo.bankInfo.bankCode', max: 64 },
  { path: 'payeeInfo.bankInfo.bankName', max: 255 },
  { path: 'payeeInfo.bankInfo.bankBranch', max: 64 },
  { path: 'payeeInfo.bankInfo.bankCity', max: 255 },
  { path: 'payeeInfo.bankInfo.corAccountNo', max: 128 },
  { path: 'payeeInfo.name.firstName', max: 64, form: name },
  { path: 'payeeInfo.name.middleName', max: 64, form: name },
  { path: 'payeeInfo.name.lastName', max: 64, form: name },
  { path: 'payeeInfo.name.fullName', max: 512, form: name },
  { path: 'payeeInfo.document.documentType', max: 16 },
  { path: 'payeeInfo.document.documentId', max: 64 },
  { path: 'payeeInfo.address.address', max: 512 },
  { path: 'payeeInfo.address.city', max: 255 },
  { path: 'payeeInfo.address.state', max: 255 },
  { path: 'payeeInfo.address.zipCode', max: 32 },
  { path: 'payeeInfo.payeePhone', max: 64 },
  { path: 'payeeInfo.birthDate', form: day },
  { path: 'payeeInfo.email', max: 64 },
  { path: 'payeeInfo.payeeNationality', form: /^[A-Z]{2}$/ },
  { path: 'payeeInfo.payeeGender', form: /^[FM]$/ },
  { path: 'payeeInfo.payeeBirthCountry', form: /^[A-Z]{2}$/ },
];

const orderRules: readonly Rule[] = [
  { path: 'outTradeNo', isRequired: true, max: 63, form: /^[A-Za-z0-9_]+$/ },
  { path: 'sourceAccount', form: code3 },
  { path: 'destinationCurrency', form: code3 },
  { path: 'userId', max: 64 },
  { path: 'trade.amount', isRequired: true, max: 12, form: /^\d+(\.\d+)?$/ },
  { path: 'trade.currency', isRequired: true, form: code3 },
  { path: 'expiryDays', form: /^([1-9]|1[0-5])$/ },
  { path: 'remark', form: /^[A-Za-z0-9 .-]+$/ },
  { path: 'reference', max: 255 },
  { path: 'notifyUrl', max: 255, form: url },
  { path: 'notifyEmail', max: 64 },
  { path: 'notifyPhone', max: 64 },
  { path: 'purpose', max: 32, form: purposes },
];

/** Every field of the payee that breaks a rule. */
export function checkPayee(data: Json): FieldFailure[] {
  const method = findMethod(data);
  const targetRule: Rule = { path: 'payeeInfo.targetOrg', isRequired: method?.hasTarget ?? false };
  return check(data, [...payeeRules, targetRule, ...(method?.rules ?? [])]);
}

/** Whether the contract has the method that the payee is paid by. */
export function isOpened(data: Json): boolean {
  return findMethod(data) !== undefined;
}

export function readPayout(data: Json): PayoutRequest | readonly FieldFailure[] {
  const failures = [...check(data, orderRules), ...checkPayee(data)];
  const text = (path: string) => read(data, path) ?? '';
  const currency = text('trade.currency');
  if (failures.length === 0) {
    const amount = readDecimal(text('trade.amount'));
    const decimalsMax = wholeUnits.has(currency) ? 0 : 2;
    if (amount.units > 0n && amount.decimals <= decimalsMax) {
      return {
        outTradeNo: text('outTradeNo'),
        country: text('country'),
        targetOrg: text('payeeInfo.targetOrg'),
        currency,
        amount,
        isLocal: findMethod(data)?.currency === currency,
        source: read(data, 'sourceAccount') ?? currency,
        remark: text('remark'),
        reference: text('reference'),
        notifyUrl: text('notifyUrl'),
        notifyEmail: text('notifyEmail'),
        notifyPhone: text('notifyPhone'),
      };
    }
    failures.push({ field: 'trade.amount', errorMsg: 'The trade.amount is incorrect.' });
  }
  return failures;
}

function findMethod(data: Json): Method | undefined {
  const country = read(data, 'country') ?? '';
  const key = `${country} ${read(data, 'payeeInfo.paymentMethodType')}`;
  return countries.has(country) && Object.hasOwn(methods, key) ? methods[key] : undefined;
}

function check(data: Json, rules: readonly Rule[]): FieldFailure[] {
  const failures: FieldFailure[] = [];
  for (const { path: field, isRequired = false, max = 512, form, errorMsg } of rules) {
    const value = read(data, field);
    const last = field.split('.').at(-1) ?? field;
    if (value === null) failures.push({ field, errorMsg: `The ${last} is incorrect.` });
    else if (value === undefined) {
      if (isRequired) {
        failures.push({ field, errorMsg: `The ${last} is incorrect,you should fill ${field}` });
      }
    } else if (value.length > max) {
      failures.push({ field, errorMsg: `The ${field} should not exceed ${max} characters` });
    } else if (form !== undefined && !form.test(value)) {
      failures.push({ field, errorMsg: errorMsg ?? `The ${last} is incorrect.` });
    }
  }
  return failures;
}

/** Undefined for what is absent or empty, null for what is not a text. */
function read(data: Json, path: string): string | undefined | null {
  let value: unknown = data;
  for (const key of path.split('.')) {
    if (value === undefined) return undefined;
    if (!isObject(value)) return null;
    value = value[key];
  }
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : null;
}
