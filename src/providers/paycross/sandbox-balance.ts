// The balance calls of the PayCross sandbox: the documented field rules of both API families, and
// answers that are bent as a fault asks. The shape of a refusal is documented, its wording is not.
// Balance page of https://docs.pay-cross.com/en/integration/card_api and, for the same platform,
// https://docs.bepaid.by/en/integration/apm_api/transactions/balance_query/ (read 2026-11)
import { jsonNumber, toJson } from '../../json.ts';
import type { SandboxAnswer, SandboxRequest } from '../sandbox.ts';

export interface SandboxAccount {
  readonly api: 'card' | 'apm';
  readonly gateway: number;
  readonly number: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  /** What the bank itself says, passed on by the card API. */
  readonly bankInfo?: object;
}

/** Copied from the documented sample. */
const sampleBankInfo = {
  Account: '40701810820020300021',
  Amount: jsonNumber('66238716.74'),
  Balance: {
    OperDate: '2021-12-15T00:00:00',
    Credit: jsonNumber('0.0'),
    CreditRub: jsonNumber('0.0'),
    Debit: jsonNumber('0.0'),
    DebitRub: jsonNumber('0.0'),
    AmountIn: jsonNumber('132339134.78'),
    AmountInRub: jsonNumber('132339134.78'),
    AmountOut: jsonNumber('132339134.78'),
    AmountOutRub: jsonNumber('132339134.78'),
  },
};

const card = { api: 'card' } as const;
const apm = { api: 'apm' } as const;

/** The first of a family is its default account. The first two are those of the documentation. */
export const demoAccounts: readonly SandboxAccount[] = [
  {
    ...card,
    gateway: 5,
    number: '40701810820020300021',
    currency: 'RUB',
    amountMinor: 6_623_871_674n,
    bankInfo: sampleBankInfo,
  },
  {
    ...card,
    gateway: 1,
    number: '40701810842020395221',
    currency: 'USD',
    amountMinor: 128_435_075n,
  },
  {
    ...card,
    gateway: 7,
    number: 'BY13NBRB3600900000002Z00AB00',
    currency: 'EUR',
    amountMinor: 48_213n,
  },
  {
    ...card,
    gateway: 12,
    number: 'KW81CBKU0000000000001234560101',
    currency: 'KWD',
    amountMinor: 12_507_505n,
  },
  {
    ...apm,
    gateway: 1234,
    number: '40701810842020395221',
    currency: 'RUB',
    amountMinor: 1_290_092_162n,
  },
  {
    ...apm,
    gateway: 1234,
    number: '40701978842020395777',
    currency: 'EUR',
    amountMinor: 30_511_900n,
  },
  { ...apm, gateway: 1240, number: '8801234567', currency: 'KZT', amountMinor: 1_904_330_050n },
];

export const balanceFaults = {
  missing_amount: 'leaves out the amount',
  null_amount: 'gives null as amount',
  missing_currency: 'leaves out the currency',
  empty_currency: 'gives an empty currency',
  missing_identity: 'leaves out account and gateway',
  string_amount: 'writes the amount as a string',
  fraction_amount: 'writes the amount in major units with a decimal point',
  other_currency: 'answers in XTS, whatever was asked for',
  other_account: 'answers for another account and gateway',
  undecided_currency: 'answers in LBP, whose scale is contradictory',
  token_currency: 'answers in USDT, whose scale is undocumented',
  missing_result: 'leaves out the figures',
  result_string: 'gives the result of the card API as a string, as its table says',
  unknown_status: 'gives a status that nobody documented',
  processing_status: 'says that it is still processing',
  failed_status: 'fails with HTTP 200, a status, a code and a message',
  contradictory_code: 'says successful with the code of a failure',
  missing_status: 'leaves out status and code',
  upper_status: 'writes the status in capitals',
} as const;

export function answerCardBalance(
  request: SandboxRequest,
  accounts: readonly SandboxAccount[],
  fault: string | undefined,
): SandboxAnswer {
  if (request.headers['x-api-version'] !== '2') {
    return refuseCard('X-API-Version is invalid.', { 'X-API-Version': ['must be 2'] });
  }
  const wrapped = toObject(readJson(request.body))?.['request'];
  const fields = toObject(wrapped);
  if (fields === undefined) return refuseCard('Request is missing.', { request: ['is missing'] });
  for (const name of ['account', 'currency', 'gateway_id']) {
    if (fields[name] !== undefined && typeof fields[name] !== 'string') {
      return refuseCard(`${name} is invalid.`, { [name]: ['must be a string'] });
    }
  }
  if (isBadCurrency(fields['currency'])) {
    return refuseCard('Currency is invalid.', { currency: ['is not a currency code'] });
  }
  const gateway = fields['gateway_id'];
  const found = findAccount(
    accounts.filter(({ api }) => api === 'card'),
    fields,
    gateway === undefined ? undefined : String(gateway),
  );
  if (found === undefined) return refuseCard('Account not found.', { account: ['is not found'] });
  const result = bendFigures(fault, found, {
    gatewayId: found.gateway,
    account: found.number,
    amount: found.amountMinor,
    currency: found.currency,
    ...(found.bankInfo === undefined ? {} : { bankInfo: found.bankInfo }),
  });
  const outcome = bendOutcome(fault, { status: 'successful' });
  if (fault === 'missing_result') return json(200, outcome);
  if (fault === 'result_string') return json(200, { ...outcome, result: toJson(result) });
  return json(200, { ...outcome, result });
}

export function answerApmBalance(
  request: SandboxRequest,
  accounts: readonly SandboxAccount[],
  fault: string | undefined,
): SandboxAnswer {
  const fields = toObject(readJson(request.body));
  const gateway = fields?.['gateway_id'];
  if (fields === undefined || !Number.isSafeInteger(gateway)) {
    const problem = gateway === undefined ? 'is missing' : 'must be an integer';
    return refuseApm('Gateway is invalid', { gateway_id: [problem] });
  }
  if (fields['account'] !== undefined && typeof fields['account'] !== 'string') {
    return refuseApm('Account is invalid', { account: ['must be a string'] });
  }
  if (isBadCurrency(fields['currency'])) {
    return refuseApm('Currency is invalid', { currency: ['is not a currency code'] });
  }
  const ofApm = accounts.filter(({ api }) => api === 'apm');
  const found = findAccount(ofApm, fields, String(gateway));
  if (found === undefined) return refuseApm('Account not found', { account: ['is not found'] });
  const figures = bendFigures(fault, found, {
    gateway_id: found.gateway,
    account: found.number,
    amount: found.amountMinor,
    currency: found.currency,
    provider_info: {},
  });
  const outcome = bendOutcome(fault, {
    code: 'S.0000',
    status: 'Successful',
    message: 'none',
    friendly_message: 'Successfully processed',
  });
  return json(200, fault === 'missing_result' ? outcome : { ...outcome, ...figures });
}

type Figures = Record<string, unknown>;

function bendFigures(fault: string | undefined, found: SandboxAccount, figures: Figures): Figures {
  const { amount, currency, ...rest } = figures;
  const minor = String(found.amountMinor);
  switch (fault) {
    case 'missing_amount':
      return { ...rest, currency };
    case 'null_amount':
      return { ...figures, amount: null };
    case 'missing_currency':
      return { ...rest, amount };
    case 'empty_currency':
      return { ...figures, currency: '' };
    case 'missing_identity':
      return { amount, currency };
    case 'string_amount':
      return { ...figures, amount: minor };
    case 'fraction_amount':
      return { ...figures, amount: jsonNumber(`${minor.slice(0, -2)}.${minor.slice(-2)}`) };
    case 'other_currency':
      return { ...figures, currency: 'XTS' };
    case 'undecided_currency':
      return { ...figures, currency: 'LBP' };
    case 'token_currency':
      return { ...figures, currency: 'USDT' };
    case 'other_account': {
      const gateway = 'gatewayId' in figures ? { gatewayId: 999 } : { gateway_id: 999 };
      return { ...figures, ...gateway, account: '40817810099910004312' };
    }
    default:
      return figures;
  }
}

function bendOutcome(fault: string | undefined, outcome: Figures): Figures {
  switch (fault) {
    case 'unknown_status':
      return { ...outcome, status: 'postponed' };
    case 'processing_status':
      return { ...outcome, status: 'processing', code: 'P.0001', message: 'In progress' };
    case 'failed_status':
      return { status: 'failed', code: 'F.0101', message: 'Account is not found' };
    case 'contradictory_code':
      return { ...outcome, code: 'F.0999', message: 'Unknown' };
    case 'missing_status':
      return {};
    case 'upper_status':
      return { ...outcome, status: 'SUCCESSFUL' };
    default:
      return outcome;
  }
}

/** An empty account means the default one, which is the first that fits the rest. */
function findAccount(
  accounts: readonly SandboxAccount[],
  fields: Figures,
  gateway: string | undefined,
): SandboxAccount | undefined {
  const { account, currency } = fields;
  return accounts.find(
    (one) =>
      (account === undefined || account === '' || one.number === account) &&
      (currency === undefined || one.currency === currency) &&
      (gateway === undefined || String(one.gateway) === gateway),
  );
}

function isBadCurrency(value: unknown): boolean {
  return value !== undefined && !(typeof value === 'string' && /^[A-Z]{3}$/.test(value));
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function toObject(value: unknown): Figures | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { ...value } : undefined;
}

function refuseCard(message: string, errors: object): SandboxAnswer {
  return json(422, { response: { message, errors } });
}

function refuseApm(message: string, errors: object): SandboxAnswer {
  return json(422, { message, errors });
}

export function json(status: number, body: object): SandboxAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: toJson(body),
  };
}
