// Payouts: POST /onboarding/payfac/{id}/payouts, and nothing after it. No query, no notification, no
// rule for duplicates and no error code is documented, so an accepted payout stays `submitted` and
// one in doubt stays unknown until two people close it. Certain refusals are two: HTTP 401 or 403,
// and a payment of which an otherwise good answer says that it is not valid.
// https://docs.pay-me.com/api-orquestador/Working-version/parameters (read 2026-11)
import type { ProviderError } from '../../errors.ts';
import { InexactAmountError, rescale } from '../../money.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import type { PayoutCalls, PayoutNews, PayoutOrder } from '../payouts.ts';
import { maskNumbers } from '../types.ts';
import { findStatus, providerCodeOf, readBody } from './answers.ts';
import { findFieldMistakes, peruBank } from './payout-route.ts';
import { payoutAnswerWire, toPayoutBody } from './payout-wire.ts';
import {
  describeIssue,
  envelopeWire,
  explainStatus,
  type StatusWire,
  successCode,
} from './wire.ts';

export interface PayoutsConfig {
  readonly http: ProviderHttp;
  /** The whole header value; there is no scheme word. */
  readonly authorization: string;
  readonly payfacId: string;
  readonly amountDecimals: number;
  scrub(text: string): string;
  accountFor(currency: string): string | Promise<string>;
}

const operation = 'payout';
/** ISO 4217. A scale finer than that is Alignet's bookkeeping, not money that a bank moves. */
const bankDecimals: ReadonlyMap<string, number> = new Map([['PEN', 2]]);
const dayMs = 24 * 3_600_000;

export function createPayouts(config: PayoutsConfig): PayoutCalls {
  const { http, amountDecimals } = config;
  // Their words may quote what they were sent. Secrets first: masking digits inside one would hide
  // it from the scrubber.
  const clean = (words: string) => maskNumbers(config.scrub(words));
  const path = `/onboarding/payfac/${encodeURIComponent(config.payfacId)}/payouts`;
  const headers = {
    authorization: config.authorization,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  const decimalsOf = (currency: string) => {
    const decimals = bankDecimals.get(currency);
    return decimals === undefined ? undefined : Math.min(decimals, amountDecimals);
  };

  return {
    routes: [peruBank],
    decimalsOf,
    accountFor: (_route, currency) => config.accountFor(currency),
    async create(order) {
      const mistakes = findMistakes(order, decimalsOf(order.amount.currency));
      if (mistakes.length > 0) {
        throw http.error({
          code: 'rejected',
          operation,
          message: `Alignet was not asked: ${mistakes.join(' ')}`,
          remedy: 'Correct the payee or the amount; then ask for the payout again.',
        });
      }
      const body = toPayoutBody(order, amountDecimals);
      return http.write(operation, async (send) =>
        judge({ http, clean }, await send({ method: 'POST', path, headers, body }), order),
      );
    },
    // Nobody asks: there is no query. People are told that it has no end after a day.
    pollAfterMs: () => dayMs,
    returnWindowMs: 0,
  };
}

/** One sentence for each rule that the order breaks. */
function findMistakes(order: PayoutOrder, decimals: number | undefined): string[] {
  const { amount } = order;
  if (order.route !== peruBank.id) return [`There is no route ${order.route.slice(0, 40)}.`];
  if (decimals === undefined || !peruBank.currencies.includes(amount.currency)) {
    return [`${peruBank.label} is paid in ${peruBank.currencies.join(' or ')} only.`];
  }
  const mistakes = findFieldMistakes(order);
  if (amount.units <= 0n) mistakes.push('The amount must be more than zero.');
  try {
    rescale(amount, decimals);
  } catch (error) {
    if (!(error instanceof InexactAmountError)) throw error;
    mistakes.push(error.message);
  }
  return mistakes;
}

interface Judge {
  readonly http: ProviderHttp;
  clean(words: string): string;
}

/** Throws `rejected` or `auth_failed` where nothing was taken; any other error is doubt. */
function judge({ http, clean }: Judge, answer: Answer, order: PayoutOrder): PayoutNews {
  const failure = http.errorOfStatus(operation, answer);
  if (failure !== undefined) throw failureOf({ http, clean }, answer, failure);
  const body = readBody(http, operation, answer);
  const malformed = (problem: string) =>
    http.error({
      code: 'malformed_response',
      operation,
      httpStatus: answer.status,
      message: `its answer is not as documented (${problem}).`,
    });
  const envelope = envelopeWire.safeParse(body);
  if (!envelope.success) throw malformed(describeIssue(envelope.error));
  const { status } = envelope.data.meta;
  const told = { operation, httpStatus: answer.status, ...cleanCodeOf(status, clean) };
  const words = explainStatus(status, clean);
  if (status.code !== successCode) {
    const message = `its answer is not one that is documented. ${words}.`;
    throw http.error({ ...told, code: 'outcome_unknown', message });
  }
  const read = payoutAnswerWire.safeParse(body);
  if (!read.success) throw malformed(describeIssue(read.error));
  const { success, pay_out: batch } = read.data;
  const [payment, ...others] = batch.payments;
  if (payment === undefined || others.length > 0) {
    throw malformed(`pay_out.payments: expected one, received ${batch.payments.length}`);
  }
  if (payment.internal_transaction_id !== order.reference) {
    throw malformed('pay_out.payments[0].internal_transaction_id: another reference');
  }
  if (!payment.is_valid) {
    throw http.error({
      ...told,
      code: 'rejected',
      message: `Alignet did not take the payout (is_valid is false). ${words}.`,
      remedy: 'Check the payee’s details and the balance with Alignet; nothing was paid.',
    });
  }
  if (!success) throw malformed('success: false, beside a payment that is valid');
  const providerReference = batch.id;
  return {
    state: 'submitted',
    providerStatus: `${successCode}, success true, is_valid true`,
    reference: order.reference,
    ...(providerReference ? { providerReference } : {}),
  };
}

/**
 * 401 and 403 are refused credentials, whatever the body is. Of no other status is it documented
 * that nothing was done; a 400 or 422 too may come from behind the point where it was taken.
 */
function failureOf({ http, clean }: Judge, answer: Answer, failure: ProviderError): ProviderError {
  const status = findStatus(answer);
  const words = status === undefined ? '' : ` ${explainStatus(status, clean)}.`;
  return http.error({
    code: failure.code === 'auth_failed' ? 'auth_failed' : 'outcome_unknown',
    operation,
    httpStatus: answer.status,
    message: `${failure.message}${words}`,
    ...cleanCodeOf(status, clean),
  });
}

function cleanCodeOf(status: StatusWire | undefined, clean: Judge['clean']) {
  return status === undefined ? {} : providerCodeOf({ ...status, code: clean(status.code) });
}
