// A local stand-in for Alignet's payfac API: balances. Written from the documentation as the server
// side; it shares nothing with the client. Payfac 1234 answers the documented sample, whose balance
// is the sum of income and expenditure; for the other one the balance is their difference.
// https://docs.pay-me.com/api-orquestador/Working-version/balance-query (read 2026-11)
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { jsonNumber, toJson } from '../../json.ts';
import type { Sandbox, SandboxAnswer, SandboxDeps, SandboxRequest } from '../sandbox.ts';

export interface AlignetSandboxOptions {
  /** The scale is undocumented: test with 2 and with 5. */
  readonly amountDecimals?: number;
  /** The balances of the demo payfac, in hundredths of the currency. */
  readonly accounts?: readonly SandboxAccount[];
}

export interface SandboxAccount {
  readonly bank: string;
  readonly commerceId: string;
  readonly commerceName: string;
  readonly currency: string;
  readonly incomeHundredths: bigint;
  readonly expenditureHundredths: bigint;
}

interface Row {
  bank_name: string;
  commerce_id: string;
  commerce_name: string;
  country: string;
  currency: string;
  total_balance: unknown;
  total_expenditure_amount: unknown;
  total_income_amount: unknown;
}

interface Status {
  readonly code: unknown;
  readonly message: string;
  readonly local: string;
}

const samplePayfacId = '1234';
const demoPayfacId = '5820';

const sampleRow: Row = {
  bank_name: 'Banco Continental',
  commerce_id: '12',
  commerce_name: 'Comercio de Prueba',
  country: 'PE',
  currency: 'PEN',
  total_balance: 1_000_000_000n,
  total_expenditure_amount: 500_000_000n,
  total_income_amount: 500_000_000n,
};

const shop = { commerceId: '58', commerceName: 'Andes Retail SAC' };
const demoAccounts: readonly SandboxAccount[] = [
  {
    bank: 'Banco Continental',
    ...shop,
    currency: 'PEN',
    incomeHundredths: 318_427_550n,
    expenditureHundredths: 271_904_015n,
  },
  {
    bank: 'Banco de Credito',
    ...shop,
    currency: 'USD',
    incomeHundredths: 9_640_000n,
    expenditureHundredths: 9_571_880n,
  },
  {
    bank: 'Interbank',
    ...shop,
    currency: 'PEN',
    incomeHundredths: 84_250_000n,
    expenditureHundredths: 12_118_725n,
  },
];

const faults = {
  auth_401: 'refuses the credentials: HTTP 401 with code "401" in the usual envelope',
  auth_401_echo: 'refuses with HTTP 401 and repeats the Authorization header in the message',
  auth_403_html: 'refuses the credentials: HTTP 403 with a web page',
  auth_200_code: 'refuses the credentials with HTTP 200 and code "401"',
  auth_200_number: 'refuses the credentials with HTTP 200 and the number 403 as code',
  unknown_code: 'answers HTTP 200 with a code that nobody documented',
  unprocessable_422: 'answers HTTP 422 with code "22" in the usual envelope',
  number_code: 'succeeds, with the code as the number 0',
  missing_meta: 'leaves out meta',
  missing_balance: 'succeeds without the list of balances',
  balance_object: 'gives one balance as an object instead of a list',
  no_rows: 'succeeds with an empty list',
  missing_total: 'leaves out total_balance',
  null_total: 'gives null as total_balance',
  string_amount: 'writes the amounts as strings',
  fraction_amount: 'writes the amounts with a decimal point',
  missing_currency: 'leaves out currency',
  numeric_currency: 'gives the currency as ISO number, like 604',
  many_rows: 'gives twelve more commerces at the first bank',
  same_rows: 'gives the first row twice',
} as const;

export function createAlignetSandbox(
  deps: SandboxDeps,
  options: AlignetSandboxOptions = {},
): Sandbox {
  const amountDecimals = options.amountDecimals ?? 5;
  const authorization = `${randomText(16)}.${randomText(64)}`;
  const payfacs = new Map<string, readonly Row[]>([
    [samplePayfacId, [sampleRow]],
    [demoPayfacId, (options.accounts ?? demoAccounts).map((one) => toRow(one, amountDecimals))],
  ]);
  return {
    id: 'alignet',
    faults,
    answer: (request, fault) => {
      const given = request.headers['authorization'] ?? '';
      if (!isAuthorized(given, authorization) || fault?.startsWith('auth_')) {
        return refuse(fault, given, deps.clock);
      }
      return answerBalance(request, fault, payfacs, deps.clock);
    },
    connect: (origin) => ({
      environment: {
        ALIGNET_AUTHORIZATION: authorization,
        ALIGNET_BASE_URL: origin,
        ALIGNET_PAYFAC_ID: demoPayfacId,
      },
      settings: { amount_decimals: amountDecimals },
    }),
  };
}

function answerBalance(
  request: SandboxRequest,
  fault: string | undefined,
  payfacs: ReadonlyMap<string, readonly Row[]>,
  clock: Clock,
): SandboxAnswer {
  const match = /^\/onboarding\/payfac\/([^/]+)\/account\/balance\/([^/]+)$/.exec(request.path);
  const rows = payfacs.get(decodeURIComponent(match?.[1] ?? ''));
  if (match?.[2] !== 'monnet' || rows === undefined) {
    return envelope(404, { code: '404', message: 'Not Found', local: 'No existe' }, {}, clock);
  }
  if (request.method !== 'GET') {
    return envelope(405, { code: '405', message: 'Method Not Allowed', local: '' }, {}, clock);
  }
  if (request.body.length > 0) {
    const status = { code: '400', message: 'No body expected', local: 'Solicitud inválida' };
    return envelope(400, status, {}, clock);
  }
  switch (fault) {
    case 'unknown_code':
      return envelope(200, { code: '97', message: 'Switch down', local: 'Sin línea' }, {}, clock);
    case 'unprocessable_422':
      return envelope(422, { code: '22', message: 'Wrong provider', local: '' }, {}, clock);
    case 'missing_meta':
      return json(200, { action: 'pay_out_balance', balance: rows });
    default:
  }
  const status = { code: '00', message: 'OK', local: 'Se encontro balance' };
  const balance = bend(rows, fault);
  return envelope(
    200,
    fault === 'number_code' ? { ...status, code: 0 } : status,
    balance === undefined ? {} : { balance },
    clock,
  );
}

/** The rows as the fault wants them; undefined for none at all. */
function bend(rows: readonly Row[], fault: string | undefined): unknown {
  const [first] = rows;
  const mapAmounts = (change: (amount: string) => unknown) =>
    rows.map((row) => ({
      ...row,
      total_balance: change(String(row.total_balance)),
      total_expenditure_amount: change(String(row.total_expenditure_amount)),
      total_income_amount: change(String(row.total_income_amount)),
    }));
  switch (fault) {
    case 'missing_balance':
      return undefined;
    case 'balance_object':
      return first;
    case 'no_rows':
      return [];
    case 'missing_total':
      return rows.map(({ total_balance, ...rest }) => rest);
    case 'null_total':
      return rows.map((row) => ({ ...row, total_balance: null }));
    case 'string_amount':
      return mapAmounts((amount) => amount);
    case 'fraction_amount':
      return mapAmounts((amount) => jsonNumber(`${amount}.25`));
    case 'missing_currency':
      return rows.map(({ currency, ...rest }) => rest);
    case 'numeric_currency':
      return rows.map((row) => ({ ...row, currency: '604' }));
    case 'same_rows':
      return [first, ...rows];
    case 'many_rows':
      return [
        ...rows,
        ...Array.from({ length: 12 }, (_, index) => ({
          ...first,
          commerce_id: String(100 + index),
          commerce_name: `Tienda ${index + 1}`,
          total_balance: BigInt(index) * 7_000_001n,
        })),
      ];
    default:
      return rows;
  }
}

function refuse(fault: string | undefined, given: string, clock: Clock): SandboxAnswer {
  const local = 'Credenciales inválidas';
  switch (fault) {
    case 'auth_401_echo':
      return envelope(401, { code: '401', message: `Unknown key ${given}`, local }, {}, clock);
    case 'auth_403_html':
      return {
        status: 403,
        headers: { 'content-type': 'text/html' },
        body: '<html><head><title>403 Forbidden</title></head><body>Forbidden</body></html>',
      };
    case 'auth_200_code':
      return envelope(200, { code: '401', message: 'Unauthorized', local }, {}, clock);
    case 'auth_200_number':
      return envelope(200, { code: 403, message: 'Forbidden', local }, {}, clock);
    default:
      return envelope(401, { code: '401', message: 'Unauthorized', local }, {}, clock);
  }
}

/** The documented shape of the value, and the value. */
function isAuthorized(given: string, authorization: string): boolean {
  if (!/^[A-Za-z0-9]{16}\.[A-Za-z0-9]{64}$/.test(given)) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(authorization));
}

function envelope(
  httpStatus: number,
  status: Status,
  content: object,
  clock: Clock,
): SandboxAnswer {
  const now = String(clock.now());
  return json(httpStatus, {
    action: 'pay_out_balance',
    ...content,
    meta: {
      metrics: {
        aggregate: { start: now, end: now, duration: { milliseconds: '0', seconds: '0' } },
      },
      status: {
        code: status.code,
        message: status.message,
        message_ilgn: [{ locale: 'es_PE', value: status.local }],
      },
    },
  });
}

function json(status: number, body: object): SandboxAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: toJson(body),
  };
}

function toRow(account: SandboxAccount, amountDecimals: number): Row {
  const toUnits = (hundredths: bigint) => (hundredths * 10n ** BigInt(amountDecimals)) / 100n;
  const income = toUnits(account.incomeHundredths);
  const expenditure = toUnits(account.expenditureHundredths);
  return {
    bank_name: account.bank,
    commerce_id: account.commerceId,
    commerce_name: account.commerceName,
    country: 'PE',
    currency: account.currency,
    total_balance: income - expenditure,
    total_expenditure_amount: expenditure,
    total_income_amount: income,
  };
}

const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function randomText(length: number): string {
  return Array.from({ length }, () => alphanumerics.charAt(randomInt(alphanumerics.length))).join(
    '',
  );
}
