// Payouts to card tokens and through APM methods. PayCross has no idempotency: the same `tracking_id`
// sent again is a second payout, so nothing is ever sent again, and a query by `tracking_id` says
// what became of an order that left and was not answered.
// https://docs.pay-cross.com/en/integration/card_api/transactions/payout and
// https://docs.pay-cross.com/en/integration/apm_api/transactions/payout (read 2026-11)
import type { Clock } from '../../clock.ts';
import type { PayoutCalls, PayoutWebhook } from '../payouts.ts';
import { findPayableDecimals } from './currency.ts';
import { createPayout, type PayoutCallConfig, unpayable } from './payout-create.ts';
import { apiOf, createPayoutRoutes, findPots } from './payout-routes.ts';
import { createStatusQuery } from './payout-status.ts';

/** No advice is documented: often at first, then more and more rarely. Age up to, then every. */
const pollSteps: readonly { readonly upToMs: number; readonly everyMs: number }[] = [
  { upToMs: 60_000, everyMs: 5_000 },
  { upToMs: 10 * 60_000, everyMs: 30_000 },
  { upToMs: 60 * 60_000, everyMs: 5 * 60_000 },
];
const slowestPollMs = 30 * 60_000;

export interface PayoutsConfig extends PayoutCallConfig {
  readonly webhook: PayoutWebhook;
  readonly clock: Clock;
}

/** Undefined when no account is configured from which PayCross could pay. */
export function createPayouts(config: PayoutsConfig): PayoutCalls | undefined {
  const { settings, http, webhook } = config;
  const pots = findPots(settings.accounts ?? []);
  const routes = createPayoutRoutes(settings, pots);
  if (routes.length === 0) return undefined;
  const isPayable = (currency: string) =>
    routes.some(({ currencies }) => currencies.includes(currency));
  return {
    routes: routes.map(({ api: _api, methodType: _type, places: _places, ...route }) => route),
    decimalsOf: (currency) => (isPayable(currency) ? findPayableDecimals(currency) : undefined),
    accountFor(route, currency) {
      const account = pots[apiOf(route)].get(currency);
      if (account !== undefined) return account;
      throw unpayable(http.card, [`No single account that pays ${currency} this way is listed.`]);
    },
    create: createPayout(config, routes),
    getStatus: createStatusQuery(config),
    pollAfterMs: (ageMs) =>
      pollSteps.find(({ upToMs }) => ageMs < upToMs)?.everyMs ?? slowestPollMs,
    // No document speaks of a payout that comes back.
    returnWindowMs: 0,
    webhook,
  };
}
