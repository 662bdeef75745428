// Payouts: paymentOrderPay, followed with paymentOrderQry. PayerMax knows an order by its outTradeNo
// alone and lists what it refuses before it takes one; whatever else it answers proves nothing.
// https://docs.payermax.com/doc-center/disbursement/request/api-request.html (read 2026-11)
import { ProviderError } from '../../errors.ts';
import type { ProviderHttp } from '../http.ts';
import { factsToKeep } from '../http-errors.ts';
import type { PayoutCalls, PayoutNews, PayoutOrder, PayoutWebhook } from '../payouts.ts';
import { decimalsOf } from './decimals.ts';
import type { Gateway } from './gateway.ts';
import { findLabel } from './payout-fields.ts';
import { composePayee, composePayout, createMask, findMistakes } from './payout-order.ts';
import { createRoutes, type PayermaxRoute } from './payout-routes.ts';
import {
  orderWire,
  takenWire,
  toLine,
  toStatusNews,
  toTakenNews,
  validationWire,
} from './payout-wire.ts';
import type { PayermaxSettings } from './settings.ts';
import { merchantAccount } from './wire.ts';

/** The page's table of what is refused before an order is taken, but for its rate limit. */
const refusedAtTheDoor: ReadonlySet<string> = new Set([
  'REQ_TIME_OVER_TIME',
  'ILLEGAL_IP_REQUEST',
  'MERCHANT_APP_INVALID',
  'SIGN_VERIFY_FAILED',
  'CONTRACT_INVALID',
  'MERCHANT_INVALID',
  'PARAMS_INVALID',
]);

/** Beside notifications nothing is advised: often at first, then rarely. Age up to, then every. */
const pollSteps: readonly { readonly upToMs: number; readonly everyMs: number }[] = [
  { upToMs: 60_000, everyMs: 5_000 },
  { upToMs: 10 * 60_000, everyMs: 30_000 },
  { upToMs: 60 * 60_000, everyMs: 5 * 60_000 },
];
const slowestPollMs = 30 * 60_000;

export interface PayoutsConfig {
  readonly http: ProviderHttp;
  readonly gateway: Gateway;
  readonly merchantNo: string;
  readonly settings: PayermaxSettings;
  readonly webhook: PayoutWebhook;
}

export function createPayouts(config: PayoutsConfig): PayoutCalls {
  const { http, gateway, merchantNo, settings, webhook } = config;
  const routes = createRoutes(settings.payout_fields);
  const head = { version: settings.payout_version, merchant: { merchantNo } };
  const calls: Calls = { http, gateway, routes, head };
  return {
    routes,
    decimalsOf,
    accountFor: () => merchantAccount,
    validate: createPayeeCheck(calls),
    create: createPayout(calls),
    getStatus: createStatusQuery(calls),
    pollAfterMs: (ageMs) =>
      pollSteps.find(({ upToMs }) => ageMs < upToMs)?.everyMs ?? slowestPollMs,
    // BOUNCEBACK has no documented limit of time: thirty days are Purser's own.
    returnWindowMs: 30 * 24 * 3_600_000,
    webhook,
  };
}

interface Calls {
  readonly http: ProviderHttp;
  readonly gateway: Gateway;
  readonly routes: readonly PayermaxRoute[];
  /** The same for every payout call. */
  readonly head: { readonly version: string; readonly merchant: { readonly merchantNo: string } };
}

/** Throws `rejected` for an order that PayerMax is documented not to take: nothing is sent then. */
function routeOf(order: PayoutOrder, { http, routes }: Calls): PayermaxRoute {
  const route = routes.find(({ id }) => id === order.route);
  const mistakes = route === undefined ? ['It has no such route.'] : findMistakes(order, route);
  if (route !== undefined && mistakes.length === 0) return route;
  throw http.error({
    code: 'rejected',
    operation: 'payout',
    message: `PayerMax was not asked: ${mistakes.join(' ')}`,
    remedy: 'Correct the payee or the amount, then ask for the payout anew.',
  });
}

function createPayeeCheck(calls: Calls): NonNullable<PayoutCalls['validate']> {
  const { http, gateway, head } = calls;
  const operation = 'payee check';
  return async (order) => {
    const route = routeOf(order, calls);
    const hide = createMask(order.reference, order, route);
    const api = 'paymentFieldValidation';
    const data = composePayee(order, route);
    const call = { ...head, operation, api, data, schema: validationWire, hide };
    const answer = await http.read(operation, (send) => gateway.ask(send, call));
    const failed = answer.validationFailedFields ?? [];
    if (answer.validationCode === 'PASS' && failed.length === 0) return;
    const names = route.fields.map(({ name }) => name);
    const sentences = failed.map(({ field, errorMsg }) =>
      toLine(`${findLabel(field, names) ?? hide(field)}: ${hide(errorMsg ?? '')}`, 200),
    );
    throw http.error({
      code: 'rejected',
      operation,
      providerCode: answer.validationCode,
      message: ['PayerMax does not take this payee.', ...sentences].join(' '),
      remedy: 'Correct the payee; PayerMax’s instructions for the country say what it wants.',
    });
  };
}

function createPayout(calls: Calls): PayoutCalls['create'] {
  const { http, gateway, head } = calls;
  const operation = 'payout';
  return (order) =>
    http.write(operation, async (send): Promise<PayoutNews> => {
      const route = routeOf(order, calls);
      const hide = createMask(order.reference, order, route);
      const api = 'paymentOrderPay';
      const data = composePayout(order, route);
      const call = { ...head, operation, api, data, schema: takenWire, hide };
      const taken = await gateway.ask(send, call).catch((failure: unknown) => {
        throw toVerdict(failure, http);
      });
      if (taken.outTradeNo === order.reference) return toTakenNews(taken, hide);
      const message = 'PayerMax’s answer is about another order.';
      throw http.error({ code: 'malformed_response', operation, message });
    });
}

/**
 * A refusal that the page lists stands. One that only an HTTP status tells, that came with a server
 * error, or that other pages list could be about an order that was taken all the same.
 */
function toVerdict(failure: unknown, http: ProviderHttp): unknown {
  if (!(failure instanceof ProviderError)) return failure;
  if (failure.code !== 'rejected' && failure.code !== 'auth_failed') return failure;
  const isListed = refusedAtTheDoor.has(failure.providerCode ?? '');
  if (isListed && (failure.httpStatus ?? 200) < 500) return failure;
  return http.error({
    ...factsToKeep(failure),
    code: 'outcome_unknown',
    operation: failure.operation,
    message: failure.message,
    cause: failure,
  });
}

function createStatusQuery({ http, gateway, head }: Calls): NonNullable<PayoutCalls['getStatus']> {
  const operation = 'payout status';
  return async ({ reference }) => {
    const hide = createMask(reference);
    const api = 'paymentOrderQry';
    const data = { outTradeNo: reference };
    const call = { ...head, operation, api, data, schema: orderWire, hide };
    try {
      return toStatusNews(await http.read(operation, (send) => gateway.ask(send, call)), hide);
    } catch (failure) {
      const isUnknownThere =
        failure instanceof ProviderError && failure.providerCode === 'ORDER_NOT_EXIST';
      if (!isUnknownThere) throw failure;
      return { state: 'not_found', providerStatus: 'ORDER_NOT_EXIST' };
    }
  };
}
