// What became of a payout: a query by `tracking_id`, which also finds an order that was taken and
// never answered. More than one transaction with a reference is loud, because Purser orders one.
// https://docs.pay-cross.com/en/integration/card_api/statuses, …/apm_api/statuses (read 2026-11)
import type { Clock } from '../../clock.ts';
import type { PayoutKey, PayoutNews } from '../payouts.ts';
import { createAnswerReader } from './answers.ts';
import type { PayoutCallConfig } from './payout-create.ts';
import { createMask, toSafeNews } from './payout-mask.ts';
import { apiOf } from './payout-routes.ts';
import {
  isError,
  pickTransaction,
  toNews,
  transactionsWire,
  transactionWire,
} from './payout-wire.ts';
import { describeIssue } from './wire.ts';

const operation = 'payout status';
const paths = { card: '/v2/transactions/tracking_id/', apm: '/transactions/tracking_id/' };
/** A payout in `error` is failed when a query this much later says so again. */
const errorHoldsMs = 60_000;
const errorsKeptMax = 1000;

export function createStatusQuery(
  config: PayoutCallConfig & { readonly clock: Clock },
): (key: PayoutKey) => Promise<PayoutNews> {
  const { headers, settings, clock, scrub } = config;
  /** Since when, by reference. Forgotten at a restart: then it is asked twice again. */
  const errorsSinceMs = new Map<string, number>();

  function isErrorConfirmed(reference: string): boolean {
    const now = clock.now();
    const sinceMs = errorsSinceMs.get(reference);
    if (sinceMs !== undefined) return now - sinceMs >= errorHoldsMs;
    if (errorsSinceMs.size < errorsKeptMax) errorsSinceMs.set(reference, now);
    return false;
  }

  return async (key) => {
    const { reference } = key;
    const api = apiOf(key.route);
    const http = config.http[api];
    const reader = createAnswerReader(http, operation, {});
    const path = paths[api] + encodeURIComponent(reference);
    const mask = createMask([], [reference, key.providerReference ?? '']);
    const isTest = settings.test;

    return http.read(operation, async (send) => {
      const answer = await send({ method: 'GET', path, headers });
      const failure = http.errorOfStatus(operation, answer);
      if (failure !== undefined) throw reader.explain(failure, answer);
      const list = transactionsWire.safeParse(reader.readBody(answer));
      if (!list.success) throw reader.unreadable(answer, 'transactions: missing');
      const picked = pickTransaction(list.data, reference);
      if ('missing' in picked) return picked.missing;
      const wire = transactionWire.safeParse(picked.found);
      if (!wire.success) throw reader.unreadable(answer, describeIssue(wire.error));
      const isFinalError = isError(wire.data) && isErrorConfirmed(reference);
      if (!isError(wire.data)) errorsSinceMs.delete(reference);
      const news = toNews(wire.data, { api, isTest, isFinalError, uid: key.providerReference });
      return toSafeNews(news, (text) => mask(scrub(text)));
    });
  };
}
