// Payouts and status queries at the sandbox: the documented rules of every field, and orders that are
// taken, refused or found. What no document says (an unknown endpoint, a reference used twice, an
// unknown order) is answered with an error of the documented shape.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html
// https://doc.payneteasy.com/integration/API_commands/api_v2_status.html (read 2026-11)
import type { SandboxAnswer, SandboxRequest } from '../sandbox.ts';
import { answerAsAsked, type Fields } from './sandbox-answers.ts';
import { isSameText, readForm } from './sandbox-oauth.ts';
import { type Orders, sha1 } from './sandbox-orders.ts';

/** Fault -> what it does to a payout. */
export const payoutFaults: Readonly<Record<string, string>> = {
  processes_twice: 'takes a reference again that it has taken before',
  error_but_taken: 'takes the payout and answers type=error',
};

type Parameters = readonly (readonly [name: string, value: string])[];

interface Refusal {
  readonly type: 'error' | 'validation-error';
  readonly message: string;
  readonly code: string;
}

const invalid = (message: string): Refusal => ({ type: 'validation-error', message, code: '1' });
const failed = (message: string): Refusal => ({ type: 'error', message, code: '3' });

/** Documented limits of optional parameters. */
const lengths: readonly (readonly [name: string, min: number, max: number])[] = [
  ['order_desc', 0, 64],
  ['ipaddress', 7, 45],
  ['purpose', 0, 128],
  ['server_callback_url', 0, 128],
  ['redirect_url', 0, 128],
];
const cardParameters = ['expire_month', 'expire_year', 'card_printed_name'];

export interface DeskConfig {
  readonly login: string;
  readonly controlKey: string;
  readonly endpointId: string;
  readonly orders: Orders;
}

export function createPayoutDesk({ login, controlKey, endpointId, orders }: DeskConfig) {
  /** The first is that of the documented sample. */
  let serial = 0x02d9b22a;
  const nextSerial = () => `00000000-0000-0000-0000-${(serial++).toString(16).padStart(12, '0')}`;

  function refuse(
    request: SandboxRequest,
    { type, message, code }: Refusal,
    reference: string,
  ): SandboxAnswer {
    return answerAsAsked(request, [
      ['type', type],
      ['serial-number', nextSerial()],
      ...(reference === '' ? [] : [['merchant-order-id', reference] as const]),
      ['error-message', message],
      ['error-code', code],
    ]);
  }

  return {
    /** `parameters` are those whose signature was verified. */
    answerPayout(
      request: SandboxRequest,
      {
        command,
        endpoint,
        parameters,
      }: { command: string; endpoint: string; parameters: Parameters },
      fault: string | undefined,
    ): SandboxAnswer {
      // The documents write the first, the vendor's samples the second.
      const reference = pick(parameters, 'client_orderid') || pick(parameters, 'client-order-id');
      const refusal =
        endpoint === endpointId
          ? findRefusal(command, parameters, reference)
          : invalid(`End point with id ${endpoint} is not found`);
      if (refusal !== undefined) return refuse(request, refusal, reference);
      const isTwice = orders.find(reference, '') !== undefined;
      if (isTwice && fault !== 'processes_twice') {
        return refuse(request, failed('Order with this client_orderid exists'), reference);
      }
      const amount = pick(parameters, 'amount');
      const order = orders.take(
        {
          reference,
          amount,
          amountThousandths: toThousandths(amount) ?? 0n,
          currency: pick(parameters, 'currency'),
          callbackUrl: pick(parameters, 'server_callback_url') || undefined,
        },
        fault,
      );
      if (fault === 'error_but_taken') return refuse(request, failed('Internal error'), reference);
      return answerAsAsked(request, [
        ['type', 'async-response'],
        ['serial-number', nextSerial()],
        ['merchant-order-id', reference],
        ['paynet-order-id', order.id],
        ['end-point-id', endpoint],
      ]);
    },

    answerStatus(request: SandboxRequest, endpoint: string): SandboxAnswer {
      const parameters = readForm(request.body.toString('utf8'));
      const [reference, id] = [pick(parameters, 'client_orderid'), pick(parameters, 'orderid')];
      const expected = sha1(`${pick(parameters, 'login')}${reference}${id}${controlKey}`);
      const refusal =
        findDouble(parameters) ??
        (pick(parameters, 'login') !== login || !isSameText(pick(parameters, 'control'), expected)
          ? failed('Invalid control or login')
          : reference === ''
            ? invalid('Parameter client_orderid is required')
            : undefined);
      if (refusal !== undefined) return refuse(request, refusal, reference);
      const order = endpoint === endpointId ? orders.find(reference, id) : undefined;
      if (order !== undefined) order.asked += 1;
      if (order === undefined || (order.fault === 'not_found_once' && order.asked === 1)) {
        return refuse(request, failed('Order is not found'), reference);
      }
      const status = orders.statusOf(order);
      const fields: Fields = [
        ['type', 'status-response'],
        ['serial-number', nextSerial()],
        ['merchant-order-id', order.reference],
        ['paynet-order-id', order.id],
        ['status', status],
        ['amount', order.amount],
        ['currency', order.currency],
      ];
      const isWell = status === 'approved' || status === 'processing';
      return answerAsAsked(
        request,
        isWell ? fields : [...fields, ['error-message', order.reason], ['error-code', '578']],
      );
    },
  };
}

function pick(parameters: Parameters, wanted: string): string {
  return parameters.find(([name]) => name === wanted)?.[1] ?? '';
}

function findDouble(parameters: Parameters): Refusal | undefined {
  const names = parameters.map(([name]) => name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  return double === undefined ? undefined : invalid(`Parameter ${double} is given twice`);
}

function findRefusal(
  command: string,
  parameters: Parameters,
  reference: string,
): Refusal | undefined {
  const double = findDouble(parameters);
  if (double !== undefined) return double;
  const get = (name: string) => pick(parameters, name);
  const [amount, currency] = [get('amount'), get('currency')];
  if (reference === '') return invalid('Parameter client_orderid is required');
  if (reference.length > 128) return invalid('Parameter client_orderid is too long');
  if (amount === '') return invalid('Parameter amount is required');
  const thousandths = toThousandths(amount);
  if (thousandths === undefined || thousandths === 0n) return invalid('Parameter amount is wrong');
  if (currency === '') return invalid('Parameter currency is required');
  if (!/^[A-Z]{3}$/.test(currency)) return invalid('Parameter currency is wrong');
  for (const [name, min, max] of lengths) {
    const { length } = get(name);
    if (length > 0 && (length < min || length > max)) return invalid(`Parameter ${name} is wrong`);
  }
  const callbackUrl = get('server_callback_url');
  if (callbackUrl !== '' && !URL.canParse(callbackUrl)) {
    return invalid('Parameter server_callback_url is wrong');
  }
  return command === 'payout' ? findPayeeRefusal(get) : findCardRefusal(get);
}

/** An account, or a whole card: what else is needed depends on the acquirer. */
function findPayeeRefusal(get: (name: string) => string): Refusal | undefined {
  if (get('account_number') !== '') return undefined;
  if (get('credit_card_number') === '') return invalid('Parameter credit_card_number is required');
  const missing = cardParameters.find((name) => get(name) === '');
  return missing === undefined ? undefined : invalid(`Parameter ${missing} is required`);
}

function findCardRefusal(get: (name: string) => string): Refusal | undefined {
  const [number, token] = [get('destination-card-no'), get('destination-card-ref-id')];
  if (token !== '') return token.length > 20 ? invalid('Card reference is wrong') : undefined;
  if (/^\d{16,19}$/.test(number)) return undefined;
  return invalid('Parameter destination-card-ref-id is required');
}

/** “numeric 10” with a dot and no exponent; the sandbox keeps three decimals. */
function toThousandths(amount: string): bigint | undefined {
  const match = amount.length > 10 ? null : /^(\d+)(?:\.(\d{1,3}))?$/.exec(amount);
  if (match === null) return undefined;
  return BigInt(`${match[1]}${(match[2] ?? '').padEnd(3, '0')}`);
}
