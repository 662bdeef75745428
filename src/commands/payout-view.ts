// The card of one stored payout, as of now.
import type { Payout } from '../payouts/types.ts';
import type { Card } from './card.ts';
import { composePayoutCard } from './payout-card.ts';
import type { World } from './types.ts';

export function composePayoutCardFor(
  { payouts, team }: Pick<World, 'payouts' | 'team'>,
  payout: Payout,
): Card {
  const payer = payouts.payers.get(payout.content.provider);
  return composePayoutCard({
    payout,
    isAskable: payer?.payouts.getStatus !== undefined,
    isClosable: payouts.desk.isClosable(payout),
    closers: payouts.desk.listClosers(payout),
    nameOf: (id) => team.people.find((person) => person.id === id)?.name ?? id,
  });
}
