// What the answer to a payout proves. Only a `validation-error` and a refused access are documented to
// have done nothing; `type=error` may have made an order, and any HTTP status but 200 is no reply.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html (read 2026-11)
import type { ProviderError } from '../../errors.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import type { PayoutNews, PayoutOrder } from '../payouts.ts';
import { type Clean, type CommandWire, parseCommandAnswer, quoteReason } from './payout-answers.ts';

export interface Case {
  readonly http: ProviderHttp;
  readonly order: PayoutOrder;
  readonly clean: Clean;
}

const operation = 'payout';

/** Throws `rejected` or `auth_failed` where nothing was done; any other error is doubt. */
export function judge(answer: Answer, { http, order, clean }: Case): PayoutNews {
  const read = parseCommandAnswer(answer.text);
  const fields = read.kind === 'fields' ? read.fields : undefined;
  const facts = {
    operation,
    httpStatus: answer.status,
    ...(fields === undefined ? {} : factsOf(fields, clean)),
  };
  const doubt = (problem: string) =>
    http.error({ ...facts, code: 'outcome_unknown', message: `it answered ${problem}.` });

  // An answer that names an order of theirs has made one, whatever else it says.
  const isTaken = fields?.type === 'async-response' || fields?.['paynet-order-id'] !== undefined;
  const isRefused = answer.status === 401 || answer.status === 403;
  if (isRefused && !isTaken) throw denialOf(http, operation, answer);
  if (answer.status !== 200) throw doubt(`with HTTP ${answer.status}`);
  if (read.kind === 'denied') throw denialOf(http, operation, answer);
  if (read.kind === 'unreadable') throw doubt(read.problem);

  const { type, 'merchant-order-id': reference, 'paynet-order-id': orderId } = read.fields;
  const reason = quoteReason(read.fields, clean);
  if (reference !== undefined && reference !== order.reference) throw doubt('about another order');
  switch (type) {
    case 'async-response':
      if (reference === undefined) throw doubt('without naming the order');
      return {
        state: 'submitted',
        providerStatus: type,
        reference,
        ...(orderId === undefined ? {} : { providerReference: orderId }),
      };
    case 'validation-error':
      if (isTaken) throw doubt(`with a refusal of an order that it has: ${reason}`);
      throw http.error({
        ...facts,
        code: 'rejected',
        message: `PaynetEasy refused the payout: ${reason}.`,
        remedy:
          'Nothing was paid. Correct the payee; what this acquirer needs can be set in team.yaml: ' +
          'providers: { payneteasy: { payout_fields: … } }.',
      });
    case 'error':
      throw doubt(`with an error, which may have left an order: ${reason}`);
    default:
      throw doubt(`with a type that is not documented, “${clean(type)}”`);
  }
}

function factsOf(fields: CommandWire, clean: Clean) {
  const { 'error-code': code, 'serial-number': serialNumber } = fields;
  return {
    ...(code === undefined ? {} : { providerCode: clean(code) }),
    ...(serialNumber === undefined ? {} : { requestId: serialNumber }),
  };
}

/** The refusals of access: HTTP 401, 403, or HTTP 200 with a page. */
export function denialOf(
  http: ProviderHttp,
  operationName: string,
  { status }: Answer,
): ProviderError {
  return http.error({
    code: 'auth_failed',
    operation: operationName,
    httpStatus: status,
    message:
      status === 200
        ? `PaynetEasy answered the ${operationName} with “Access is denied”.`
        : `PaynetEasy refused Purser’s credentials (HTTP ${status}).`,
    remedy:
      'Check PAYNETEASY_MERCHANT_LOGIN, PAYNETEASY_ENDPOINT_ID, this machine’s clock and the key ' +
      'that signs: PAYNETEASY_PRIVATE_KEY for v4 payouts, PAYNETEASY_CONTROL_KEY for everything else.',
  });
}
