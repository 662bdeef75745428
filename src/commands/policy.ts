// /purser policy: who may approve what, as the team file says, in the order in which it is read.

import { formatMoney, parseDecimal } from '../money.ts';
import { describeFreeze, describeRule, describeWindow, peopleOf } from '../payouts/index.ts';
import type { Card, Group } from './card.ts';
import type { Command, CommandContext } from './types.ts';

export const policyCommand: Command = {
  path: ['purser', 'policy'],
  summary: 'Who must agree to which payouts, the limits, and what is frozen',
  arguments: [],
  roles: [],
  examples: ['/purser policy'],
  async run(context) {
    const frozen = await context.payouts.freezes.list();
    const { team, reference, nameOf } = context;
    const card: Card = {
      tone: frozen.length > 0 ? 'warning' : 'neutral',
      title: 'Who may approve what',
      text:
        team.approvals.length === 0
          ? 'There is no rule, so every payout is refused. Rules stand under approvals in the team file.'
          : 'The first rule that matches decides; where none matches, the payout is refused. Nobody decides on their own request.',
      table: {
        caption: 'Approval rules in their order, then limits',
        columns: [
          { label: 'What', align: 'start', isHeadline: true },
          { label: 'Needs', align: 'start' },
        ],
        groups: [composeRules(context), ...composeLimits(context)],
      },
      notes: [
        ...frozen.map((one) => `${describeFreeze(one, providerName(context, one.scope), nameOf)}.`),
        `A request expires after ${describeWindow(team.expiry.after)}.`,
      ],
      reference,
    };
    return { card, audience: 'asker' };
  },
};

function providerName({ modules }: CommandContext, provider: string): string {
  return modules.find(({ id }) => id === provider)?.name ?? provider;
}

function composeRules({ team, modules, nameOf }: CommandContext): Group {
  return {
    title: 'Approvals',
    rows: team.approvals.map((rule, index) => {
      const provider = modules.find(({ id }) => id === rule.when.provider)?.name ?? '';
      const people = peopleOf(team, rule).map(nameOf).join(', ');
      return [
        { text: `${index + 1}. ${describeRule(rule, provider)}` },
        { text: `${rule.need} of ${people}` },
      ];
    }),
  };
}

function composeLimits(context: CommandContext): Group[] {
  const { team } = context;
  if (team.limits.length === 0) return [];
  const rows = team.limits.map((limit) => {
    const amount = formatMoney(parseDecimal(limit.amount, limit.currency));
    const who =
      limit.per === 'person'
        ? 'One person'
        : `Everybody together at ${providerName(context, limit.provider)}`;
    return [{ text: who }, { text: `at most ${amount} in ${describeWindow(limit.window)}` }];
  });
  return [{ title: 'Limits', rows }];
}
