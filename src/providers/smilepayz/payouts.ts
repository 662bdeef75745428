// Payouts: POST /v2.0/disbursement/pay-out, followed with /v2.0/inquiry-status. The documents know
// one code, "00", and no refusal: whatever else comes is no proof that nothing was paid, and asking
// for an order that SmilePayz does not know has no documented answer either. So no answer is ever
// taken for `rejected` or `not_found`.
// https://docs.smilepayz.com/id/reference/peru/transaction/payout.html (sheet compiled 2026-11)
import type { ProviderError } from '../../errors.ts';
import { toJson } from '../../json.ts';
import { toDecimalText } from '../../money.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import type { PayoutCalls, PayoutNews, PayoutOrder, PayoutWebhook } from '../payouts.ts';
import { maskAccount } from '../types.ts';
import { createAnswerReader, providerCodeCharsMax, successCode } from './answers.ts';
import { findMistakes } from './payout-checks.ts';
import type { PayoutRegion } from './payout-fields.ts';
import type { Generation } from './payout-latin.ts';
import { createPayoutRegions } from './payout-routes.ts';
import {
  toCreateNews,
  toInquiryBody,
  toPayoutBody,
  toStatusNews,
  tradeWire,
} from './payout-wire.ts';
import type { Account } from './settings.ts';
import type { RequestSigner } from './sign.ts';
import { findDecimals } from './units.ts';

const createPath = '/v2.0/disbursement/pay-out';
const statusPath = '/v2.0/inquiry-status';
/** No advice is documented: often at first, then more and more rarely. Age up to, then every. */
const pollSteps: readonly { readonly upToMs: number; readonly everyMs: number }[] = [
  { upToMs: 60_000, everyMs: 5_000 },
  { upToMs: 10 * 60_000, everyMs: 30_000 },
  { upToMs: 60 * 60_000, everyMs: 5 * 60_000 },
];
const slowestPollMs = 30 * 60_000;

export interface PayoutsConfig {
  readonly http: ProviderHttp;
  readonly signRequest: RequestSigner;
  readonly partnerId: string;
  readonly accounts: readonly Account[];
  readonly generation: Generation;
  /** Absent when the key that verifies callbacks is not configured. */
  readonly webhook: PayoutWebhook | undefined;
  /** Removes the configured secrets. */
  scrub(text: string): string;
}

/** Only the routes for which a payout account is configured; undefined when there is none. */
export function createPayouts(config: PayoutsConfig): PayoutCalls | undefined {
  const { http, webhook } = config;
  const pots = findPots(config.accounts);
  const regions = createPayoutRegions(config.generation).filter(({ route }) =>
    route.currencies.some((currency) => pots.has(currency)),
  );
  if (regions.length === 0) return undefined;
  const isPayable = (currency: string) =>
    regions.some(({ route }) => route.currencies.includes(currency));
  const calls = { ...config, pots, regions };
  return {
    routes: regions.map(({ route }) => route),
    decimalsOf: (currency) => (isPayable(currency) ? findDecimals(currency) : undefined),
    accountFor(_route, currency) {
      const pot = pots.get(currency);
      if (pot === undefined) throw unpayable(http, [`No payout account in ${currency} is set.`]);
      return pot.label;
    },
    create: createPayout(calls),
    getStatus: createStatusQuery(calls),
    pollAfterMs: (ageMs) =>
      pollSteps.find(({ upToMs }) => ageMs < upToMs)?.everyMs ?? slowestPollMs,
    // Final states have no further transitions; no reversal and no bounce is documented.
    returnWindowMs: 0,
    ...(webhook === undefined ? {} : { webhook }),
  };
}

interface Calls extends PayoutsConfig {
  readonly pots: ReadonlyMap<string, Account>;
  readonly regions: readonly PayoutRegion[];
}

/**
 * The payout account of each currency. A pay-out names no account, and the documents know one for
 * each currency: where two are configured nobody can say which one, in which unit, would pay.
 */
function findPots(accounts: readonly Account[]): ReadonlyMap<string, Account> {
  const payable = accounts.filter(
    ({ use, currency }) => use === 'payout' && findDecimals(currency) !== undefined,
  );
  const isOnly = (pot: Account) =>
    payable.filter(({ currency }) => currency === pot.currency).length === 1;
  return new Map(payable.filter(isOnly).map((pot) => [pot.currency, pot]));
}

/** Nothing was sent: nothing happened. */
function unpayable(http: ProviderHttp, mistakes: readonly string[]): ProviderError {
  return http.error({
    code: 'rejected',
    operation: 'payout',
    message: `SmilePayz was not asked: ${mistakes.join(' ')}`,
    remedy: 'Correct the payee, the amount or team.yaml: providers.smilepayz; then ask again.',
  });
}

/** Throws `rejected` for an order that SmilePayz is documented not to take. */
function placeOf(order: PayoutOrder, { http, pots, regions }: Calls) {
  const region = regions.find(({ route }) => route.id === order.route);
  const { currency, decimals } = order.amount;
  const pot = pots.get(currency);
  if (region === undefined) throw unpayable(http, [`There is no route ${order.route}.`]);
  if (pot === undefined || !region.route.currencies.includes(currency)) {
    throw unpayable(http, [`${region.route.label} cannot be paid in ${currency} here.`]);
  }
  if (decimals !== findDecimals(currency)) {
    throw unpayable(http, [`${toDecimalText(order.amount)} ${currency} has other decimals here.`]);
  }
  const mistakes = findMistakes(order, region.route);
  if (mistakes.length > 0) throw unpayable(http, mistakes);
  return { region, pot };
}

function createPayout(calls: Calls): PayoutCalls['create'] {
  const { http, signRequest, partnerId, webhook } = calls;
  const operation = 'payout';
  const reader = createAnswerReader(http, operation, calls.accounts);

  function readAnswer(answer: Answer, order: PayoutOrder, { region, pot }: Place): PayoutNews {
    const failure = http.errorOfStatus(operation, answer);
    const doubtful = (message: string, providerCode?: string) =>
      http.error({
        code: 'outcome_unknown',
        operation,
        message,
        httpStatus: answer.status,
        ...(providerCode === undefined ? {} : { providerCode }),
      });
    // A 401 or 400 as well: no HTTP status of v2.0 is documented to mean that nothing was done.
    if (failure !== undefined) throw doubtful(failure.message);
    const hide = createMask([calls.scrub, reader.hideNumbers], listNumbers(order, region), [
      order.reference,
    ]);
    const { json, code, said } = reader.read(answer);
    if (code !== successCode) {
      throw doubtful(
        hide(`It answered code ${code}, ${said}, which is not documented to mean a refusal.`),
        hide(code).slice(0, providerCodeCharsMax),
      );
    }
    const wire = tradeWire.safeParse(json);
    if (!wire.success) throw reader.malformedAt(wire.error, 'answer');
    const { orderNo } = wire.data;
    if (orderNo && orderNo !== order.reference) {
      throw reader.malformed('it is about another orderNo');
    }
    return toSafeNews(toCreateNews(wire.data, order, pot), http, hide);
  }

  return (order) =>
    http.write(operation, async (send) => {
      const place = placeOf(order, calls);
      const { callbackUrl: _callbackUrl, ...silent } = order;
      // Nobody is called to an address where nobody could verify it.
      const told = webhook === undefined ? silent : order;
      const body = toJson(toPayoutBody(told, { ...place, merchantId: partnerId }));
      const headers = signRequest(body);
      const answer = await send({ method: 'POST', path: createPath, headers, body });
      return readAnswer(answer, order, place);
    });
}

type Place = ReturnType<typeof placeOf>;

function createStatusQuery(calls: Calls): NonNullable<PayoutCalls['getStatus']> {
  const { http, signRequest, pots } = calls;
  const operation = 'payout status';
  const reader = createAnswerReader(http, operation, calls.accounts);

  return (key) => {
    const body = toJson(toInquiryBody(key));
    const own = [key.reference, key.providerReference ?? ''];
    const hide = createMask([calls.scrub, reader.hideNumbers], [], own);
    return http.read(operation, async (send) => {
      const headers = signRequest(body);
      const answer = await send({ method: 'POST', path: statusPath, headers, body });
      const failure = http.errorOfStatus(operation, answer);
      if (failure !== undefined) throw failure;
      const { json, code, said } = reader.read(answer);
      if (code !== successCode) {
        // Not `not_found`: how an unknown order is answered is not documented.
        const reason = `SmilePayz answered the query with code ${code}, ${said}.`;
        return toSafeNews({ state: 'unresolved', providerStatus: code, reason }, http, hide);
      }
      const wire = tradeWire.safeParse(json);
      if (!wire.success) throw reader.malformedAt(wire.error, 'answer');
      const pot = pots.get(key.amount.currency);
      return toSafeNews(toStatusNews(wire.data, key, pot), http, hide);
    });
  };
}

/** What a refusal could quote of this payee. */
function listNumbers({ fields }: PayoutOrder, { route }: PayoutRegion): string[] {
  return route.fields
    .filter(({ isAccountNumber }) => isAccountNumber)
    .map(({ name }) => fields[name] ?? '')
    .filter((number) => number.length > 3)
    .sort((a, b) => b.length - a.length);
}

/**
 * Long runs of digits are taken for account numbers unless they are the payout’s own. Secrets go
 * first: one in which digits were masked would no longer be recognised.
 */
function createMask(
  hides: readonly ((text: string) => string)[],
  numbers: readonly string[],
  own: readonly string[],
): (text: string) => string {
  return (text) => {
    const hidden = hides.reduce((rest, hide) => hide(rest), text);
    return numbers
      .reduce((rest, number) => rest.replaceAll(number, maskAccount(number)), hidden)
      .replace(/\d{9,}/g, (run) => (own.some((one) => one.includes(run)) ? run : maskAccount(run)));
  };
}

/** Their words go into cards and the log: masked, short, and without secrets like any error’s. */
function toSafeNews(
  news: PayoutNews,
  http: ProviderHttp,
  hide: (text: string) => string,
): PayoutNews {
  const clean = (text: string) =>
    http.error({ code: 'unsupported', operation: 'payout', message: hide(text) }).message;
  return {
    ...news,
    providerStatus: clean(news.providerStatus),
    ...(news.reason === undefined ? {} : { reason: clean(news.reason) }),
  };
}
