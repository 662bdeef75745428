// Whether a payout is still what people were asked: the payee's details and the team's rules may have
// changed since. What changed is written into the payout, and everybody decides anew.
import type { Team } from '../team.ts';
import type { Payer } from './checks.ts';
import { amountOf, hashContent } from './content.ts';
import type { PayoutJournal } from './journal.ts';
import { maskFields, type PayeeDetails, type Payees } from './payees.ts';
import { findRequirement } from './policy.ts';
import type { Payout, Requirement, Shown } from './types.ts';

export type Revision =
  | { readonly kind: 'current'; readonly payee: PayeeDetails }
  | { readonly kind: 'revised' }
  /** It cannot go on as it is; a sentence for people. */
  | { readonly kind: 'stopped'; readonly why: string };

export interface Revisions {
  /** Only for what is undecided or approved. */
  revise(payout: Payout): Promise<Revision>;
}

export interface RevisionsDeps {
  readonly team: Team;
  readonly payers: ReadonlyMap<string, Payer>;
  readonly payees: Payees;
  readonly journal: PayoutJournal;
  readonly clock: { now(): number };
}

export function createRevisions(deps: RevisionsDeps): Revisions {
  const { team, payers, payees, journal, clock } = deps;
  return {
    async revise(payout) {
      const { content, shown } = payout;
      const stop = (why: string): Revision => ({ kind: 'stopped', why });
      const requester = team.people.find(({ id }) => id === payout.requestedBy);
      if (requester?.roles.includes('requester') !== true) {
        return stop(`${requester?.name ?? payout.requestedBy} may no longer ask for payouts.`);
      }
      const payer = payers.get(content.provider);
      if (payer === undefined) return stop(`${content.provider} is not connected.`);
      const saved = await payees.find(content.payee.id);
      const payee = saved?.isRemoved ? undefined : saved?.active;
      if (payee === undefined) return stop(`The payee ${content.payee.id} was removed.`);
      const route = payer.payouts.routes.find(({ id }) => id === content.route);
      if (route === undefined || payee.provider !== payer.id || payee.route !== route.id) {
        return stop(`${content.payee.id} is paid in another way now. Ask for the payout anew.`);
      }
      const account = await payer.payouts.accountFor(route.id, content.currency);
      if (account !== content.account) {
        return stop(`${payer.name} would draw on ${account} now. Ask for the payout anew.`);
      }
      const policy = findRequirement(team, {
        provider: payer.id,
        providerName: payer.name,
        amount: amountOf(content),
        requester: payout.requestedBy,
        isPossibleDuplicate: payout.duplicates.length > 0,
      });
      if (!policy.ok) return stop(policy.why);
      const { requirement } = policy;
      const isSamePayee = payee.version === content.payee.version;
      if (isSamePayee && !isStricter(requirement, payout.requirement)) {
        return { kind: 'current', payee };
      }
      const next = { ...content, payee: { id: content.payee.id, version: payee.version } };
      const nextShown: Shown = {
        ...shown,
        payeeName: payee.name,
        payeeFields: maskFields(route, payee.fields),
      };
      const what = isSamePayee
        ? `The rule changed (${requirement.why})`
        : describeChange(shown, nextShown);
      await journal.apply(
        payout.id,
        {
          type: 'revise',
          atMs: clock.now(),
          content: next,
          contentHash: hashContent(next),
          requirement,
          shown: nextShown,
          reason: `${what} since this was asked for; approvals so far are void.`,
        },
        { person: 'purser' },
      );
      return { kind: 'revised' };
    },
  };
}

/** “Diego’s Account number was changed”. Masked numbers can look alike: then it is the details. */
function describeChange(then: Shown, now: Shown): string {
  const textOf = ({ payeeFields }: Shown, label: string) =>
    payeeFields.find((one) => one.label === label)?.value;
  const labels = new Set([...then.payeeFields, ...now.payeeFields].map(({ label }) => label));
  const changed = [...labels].filter((label) => textOf(then, label) !== textOf(now, label));
  if (then.payeeName !== now.payeeName) changed.unshift('name');
  const what = changed.length === 0 ? 'details' : changed.join(', ');
  return `${then.payeeName}’s ${what} changed`;
}

/** A rule that was loosened changes nothing: what people were told then still holds. */
function isStricter(now: Requirement, then: Requirement): boolean {
  return now.need > then.need || then.from.some((person) => !now.from.includes(person));
}
