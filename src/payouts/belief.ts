// What a provider says of a payout is held against what was ordered before it counts.
import type { Log } from '../log.ts';
import { compareMoney } from '../money.ts';
import type { PayoutNews } from '../providers/payouts.ts';
import { amountOf } from './content.ts';
import type { Payout } from './types.ts';

/** An answer about another amount or another reference is no answer about this payout. */
export function believe(news: PayoutNews, { id, content }: Payout, log: Log): PayoutNews {
  const amount = amountOf(content);
  const isOther =
    (news.reference !== undefined && news.reference !== content.reference) ||
    (news.amount !== undefined &&
      (news.amount.currency !== amount.currency || compareMoney(news.amount, amount) !== 0));
  if (!isOther) return news;
  const { providerStatus } = news;
  log.error({ payout: id, providerStatus }, 'provider answered about another amount or reference');
  return {
    state: 'unresolved',
    providerStatus,
    reason: 'The provider’s answer names another amount, currency or reference.',
  };
}
