// What waits for one person: payouts to decide on or to close, payees to agree to, freezes to lift.
import { formatMoney } from '../money.ts';
import {
  amountOf,
  authorsOf,
  type Freeze,
  freezersOf,
  type Payee,
  type PayoutDesk,
} from '../payouts/index.ts';
import type { Payout } from '../payouts/types.ts';
import type { Person } from '../team.ts';
import { describeUntil } from './times.ts';
import type { Suggestion, World } from './types.ts';

/** Most urgent first. */
export async function listWaiting(world: World, person: Person): Promise<Suggestion[]> {
  const { desk, payees, freezes } = world.payouts;
  const now = world.clock.now();
  const [open, saved, frozen] = await Promise.all([desk.listOpen(), payees.list(), freezes.list()]);
  const payouts = open
    .filter((payout) => waitsFor(payout, person.id, desk))
    .sort((a, b) => a.expiresAtMs - b.expiresAtMs)
    .map((payout) => toSuggestion(payout, now));
  if (!person.roles.includes('approver')) return payouts;
  return [
    ...payouts,
    ...saved.filter((payee) => isProposedByOther(payee, person.id)).map(toPayeeSuggestion),
    ...frozen
      .filter((freeze) => canLift(freeze, person.id))
      .map((freeze) => toFreezeSuggestion(world, freeze)),
  ];
}

function waitsFor(payout: Payout, person: string, desk: PayoutDesk): boolean {
  if (payout.state === 'requested') {
    const isAsked = payout.requirement.from.includes(person);
    return isAsked && !payout.decisions.some((decision) => decision.person === person);
  }
  if (!desk.isClosable(payout) || !desk.listClosers(payout).includes(person)) return false;
  return !payout.closures.some((closure) => closure.person === person);
}

function toSuggestion(payout: Payout, now: number): Suggestion {
  const what = payout.state === 'requested' ? 'Decide' : 'Say how it ended';
  const until =
    payout.state === 'requested' ? ` · expires ${describeUntil(payout.expiresAtMs - now)}` : '';
  return {
    line: `/payout show ${payout.id}`,
    label: `${formatMoney(amountOf(payout.content))} to ${payout.shown.payeeName}`,
    help: `${what}${until}`,
  };
}

function isProposedByOther({ proposed }: Payee, person: string): boolean {
  return proposed !== undefined && !authorsOf(proposed).includes(person);
}

function toPayeeSuggestion({ id, active, proposed }: Payee): Suggestion {
  return {
    line: `/payee show ${id}`,
    label: `Payee ${id}${proposed === undefined ? '' : `, ${proposed.name}`}`,
    help: active === undefined ? 'New: agree or refuse' : 'Changed: agree or refuse',
  };
}

function canLift(freeze: Freeze, person: string): boolean {
  return !freezersOf(freeze).includes(person) && freeze.liftedBy !== person;
}

function toFreezeSuggestion({ modules }: World, { scope, reason }: Freeze): Suggestion {
  const name = modules.find(({ id }) => id === scope)?.name ?? scope;
  return {
    line: `/purser unfreeze ${scope}`,
    label: scope === 'all' ? 'All payouts are frozen' : `Payouts at ${name} are frozen`,
    help: reason,
  };
}
