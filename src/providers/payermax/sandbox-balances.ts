// The balance room of the sandbox: what is in its accounts, as the two balance calls tell it.
// https://docs.payermax.com/public/api/New%20Version/en/v1.0/ (read 2026-11), pages
// aggregate-pay_api_gateway_currentBalanceQuery.html and ..._realTimeAccountBalanceQuery.html
import { type AdmittedCall, isObject, type Outcome, refuseField } from './sandbox-gate.ts';
import { type Pot, type SandboxLedger, writeDecimal } from './sandbox-ledger.ts';

export const balanceFaults: Readonly<Record<string, string>> = {
  error_in_data: 'answers APPLY_SUCCESS with `errorCode` SYSTEM_ERROR inside `data`',
  list_missing: 'leaves the list of accounts out',
  list_renamed: 'names the list `AccountRealTimeType`, like the Chinese guide page',
  balance_missing: 'leaves `balance` out of every row',
  balance_null: 'writes null as every `balance`',
  balance_string: 'writes every `balance` as a string',
  balance_misprint: 'writes every `balance` like the guide page does: "A9998.00"',
  currency_missing: 'leaves the currency out of every row',
  row_repeated: 'lists the first account twice, the second time with another amount',
  type_unknown: 'adds a USD account of a type that no document lists',
  no_accounts: 'answers with an empty list',
};

const accountTypes = ['ACQUIRING', 'DISBURSEMENT', 'FREEZE', 'SETTLE', 'REVERSE'];
/** The API page says 1.3, the guide page 1.2. */
const merchantVersions = ['1.2', '1.3'];

interface Fields {
  readonly list: string;
  /** In the order of the samples; `balance` comes first. */
  readonly row: (name: string, currency: string) => readonly (readonly [string, string])[];
}

const merchantFields: Fields = {
  list: 'accountRealTimeTypes',
  row: (name, currency) => [
    ['accountType', name],
    ['currency', currency],
  ],
};
const fundsFields: Fields = {
  list: 'accountBalanceInfoList',
  row: (name, currency) => [
    ['fundsAccountNo', name],
    ['fundsAccountCurrency', currency],
  ],
};

/** Undefined for calls that are not about balances. */
export function answerBalance(ledger: SandboxLedger, call: AdmittedCall): Outcome | undefined {
  if (call.api === 'currentBalanceQuery') return answerMerchant(ledger.merchant, call);
  if (call.api === 'realTimeAccountBalanceQuery') return answerFunds(ledger.funds, call);
  return undefined;
}

type Pots = readonly Pot[];

function answerMerchant(pots: Pots, call: AdmittedCall): Outcome {
  const { data, version } = call;
  if (!merchantVersions.includes(version)) return refuseField('version');
  const isShowingZeros = readPlainSign(data['plainSign']);
  if (isShowingZeros === undefined) return refuseField('plainSign');
  const types = readList(data['accountType'], (text) => accountTypes.includes(text));
  if (types === undefined) return refuseField('accountType');
  const currencies = readList(data['accountCurrency'], isCurrency);
  if (currencies === undefined) return refuseField('accountCurrency');
  return list(merchantFields, select(pots, types, currencies, isShowingZeros), call);
}

function answerFunds(pots: Pots, call: AdmittedCall): Outcome {
  const { data, version } = call;
  if (version !== '1.5') return refuseField('version');
  if (call.memberId === undefined) return refuseField('memberId');
  const isShowingZeros = readPlainSign(data['plainSign']);
  if (isShowingZeros === undefined) return refuseField('plainSign');
  // Optional on the Chinese page, required on the English one: the stricter reading.
  const query = data['realTimeAccountBalanceQueryReq'];
  if (!isObject(query)) return refuseField('realTimeAccountBalanceQueryReq');
  const numbers = readList(query['fundsAccountNoList'], (text) => text !== '');
  if (numbers === undefined) return refuseField('fundsAccountNoList');
  const currencies = readList(query['fundsAccountCurrencyList'], isCurrency);
  if (currencies === undefined) return refuseField('fundsAccountCurrencyList');
  return list(fundsFields, select(pots, numbers, currencies, isShowingZeros), call);
}

/** An empty or absent list means all. */
function select(
  pots: Pots,
  names: readonly string[],
  currencies: readonly string[],
  isShowingZeros: boolean,
): Pots {
  return pots.filter(
    ({ name, currency, units }) =>
      (names.length === 0 || names.includes(name)) &&
      (currencies.length === 0 || currencies.includes(currency)) &&
      (isShowingZeros || units !== 0n),
  );
}

function list(fields: Fields, selected: Pots, { fault, nowMs }: AdmittedCall): Outcome {
  const inquiryTime = `"inquiryTime":"${new Date(nowMs).toISOString()}"`;
  if (fault === 'error_in_data') {
    return {
      data: `{"errorCode":"SYSTEM_ERROR","errorMsg":"System is busy, please try again later.",${inquiryTime}}`,
    };
  }
  if (fault === 'list_missing') return { data: `{${inquiryTime}}` };
  const rows = withFault(selected, fault).map((pot) => writeRow(fields, pot, fault));
  const name = fault === 'list_renamed' ? 'AccountRealTimeType' : fields.list;
  return { data: `{"${name}":[${rows.join(',')}],${inquiryTime}}` };
}

function withFault(pots: Pots, fault: string | undefined): Pots {
  const [first] = pots;
  if (fault === 'no_accounts') return [];
  if (fault === 'row_repeated' && first !== undefined) {
    return [...pots, { ...first, units: first.units + 1n }];
  }
  if (fault === 'type_unknown') {
    return [...pots, { name: 'PREPAID', currency: 'USD', units: 750000n, decimals: 2 }];
  }
  return pots;
}

function writeRow(fields: Fields, pot: Pot, fault: string | undefined): string {
  const entries: [string, string][] = [];
  if (fault !== 'balance_missing') entries.push(['balance', writeBalance(pot, fault)]);
  for (const [key, value] of fields.row(pot.name, pot.currency)) {
    const isCurrencyKey = key.toLowerCase().endsWith('currency');
    if (fault !== 'currency_missing' || !isCurrencyKey) entries.push([key, `"${value}"`]);
  }
  return `{${entries.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
}

function writeBalance(pot: Pot, fault: string | undefined): string {
  const text = writeDecimal(pot);
  if (fault === 'balance_null') return 'null';
  if (fault === 'balance_string') return `"${text}"`;
  if (fault === 'balance_misprint') return `"A${text}"`;
  return text;
}

function readPlainSign(value: unknown): boolean | undefined {
  if (value === undefined) return false;
  return typeof value === 'boolean' ? value : undefined;
}

/** The texts of a list, none for an absent one; undefined when one of them is not right. */
function readList(value: unknown, isRight: (text: string) => boolean): string[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((one): one is string => typeof one === 'string' && isRight(one));
  return texts.length === value.length ? texts : undefined;
}

function isCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}
