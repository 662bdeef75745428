// Who may approve, and how many must: the first rule that matches decides, none means no.
import { compareMoney, formatMoney, type Money, parseDecimal } from '../money.ts';
import type { Team } from '../team.ts';
import type { Requirement } from './types.ts';

export interface PolicyFacts {
  readonly provider: string;
  readonly providerName: string;
  readonly amount: Money;
  /** Person id. */
  readonly requester: string;
  /** The same payee and amount were asked for within 24 hours: one more person must agree. */
  readonly isPossibleDuplicate: boolean;
}

export type PolicyAnswer =
  | { readonly ok: true; readonly requirement: Requirement }
  /** A sentence that says who could act. */
  | { readonly ok: false; readonly why: string };

type Rule = Team['approvals'][number];

export function findRequirement(team: Team, facts: PolicyFacts): PolicyAnswer {
  const index = team.approvals.findIndex((rule) => matches(rule, facts));
  const rule = team.approvals[index];
  if (rule === undefined) {
    return {
      ok: false,
      why: `No approval rule allows ${formatMoney(facts.amount)} at ${facts.providerName}. ${admins(team)} can add one to the team file.`,
    };
  }
  const from = peopleOf(team, rule).filter((id) => id !== facts.requester);
  const need = rule.need + (facts.isPossibleDuplicate ? 1 : 0);
  const why = `${describeRule(rule, facts.providerName)}${
    facts.isPossibleDuplicate ? ', and one more because it may be a duplicate' : ''
  }`;
  if (from.length < need) {
    return {
      ok: false,
      why: `It needs ${need} approvers (${why}), but only ${from.length} may approve a request of yours. ${admins(team)} can change the team file.`,
    };
  }
  return { ok: true, requirement: { need, from, why, rule: index + 1 } };
}

function matches({ when }: Rule, { provider, amount }: PolicyFacts): boolean {
  if (when.provider !== undefined && when.provider !== provider) return false;
  if (when.currency !== undefined && when.currency !== amount.currency) return false;
  if (when.up_to === undefined) return true;
  return compareMoney(amount, parseDecimal(when.up_to, amount.currency)) <= 0;
}

export function peopleOf(team: Team, { from }: Pick<Rule, 'from'>): string[] {
  return Array.isArray(from)
    ? [...new Set(from)]
    : team.people.filter(({ roles }) => roles.includes(from)).map(({ id }) => id);
}

/** `up to 1,000.00 USD at PayerMax`, `any amount in USD`, `anything at PayerMax` */
export function describeRule({ when }: Rule, providerName: string): string {
  const where = when.provider === undefined ? '' : ` at ${providerName}`;
  const currency = when.currency ?? '';
  if (when.up_to !== undefined) {
    return `up to ${formatMoney(parseDecimal(when.up_to, currency))}${where}`;
  }
  return `${currency === '' ? 'anything' : `any amount in ${currency}`}${where}`;
}

function admins(team: Team): string {
  const names = team.people.filter(({ roles }) => roles.includes('admin')).map(({ name }) => name);
  return names.length === 0 ? 'Whoever keeps the team file' : names.join(' or ');
}
