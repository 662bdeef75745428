// /purser freeze and unfreeze: one approver stops payouts at once, two others let them go on.

import { findNearest } from '../nearest.ts';
import { checkReason, type LiftAnswer } from '../payouts/index.ts';
import type { Card } from './card.ts';
import { CommandError } from './errors.ts';
import type { Argument, Command, CommandContext } from './types.ts';

const scopeArgument: Argument = {
  name: 'provider|all',
  kind: 'provider_or_all',
  isRequired: false,
  help: 'everything, when left out',
};

export const freezeCommand: Command = {
  path: ['purser', 'freeze'],
  pace: 'unlimited',
  summary: 'Stop payouts at once, at one provider or everywhere',
  arguments: [
    scopeArgument,
    { name: 'reason…', kind: 'rest', isRequired: true, help: 'those who lift it read this' },
  ],
  roles: ['approver'],
  examples: [],
  async run(context, values) {
    const given = values[scopeArgument.name];
    const reason = checkReason(values['reason…'] ?? '');
    if (given === undefined) refuseMistyped(context, reason);
    const { payouts, person, place, reference, nameOf } = context;
    const scope = given ?? 'all';
    const freeze = await payouts.freezes.freeze(scope, person.id, reason, place);
    const before = freeze.alsoBy ?? [];
    const card: Card = {
      tone: 'warning',
      title: `${describeScope(context, scope)} are frozen`,
      text:
        before.length === 0
          ? 'Nothing is sent from now on; what is under way is followed to its end. Two other approvers can lift it.'
          : `It was frozen already by ${before.map(nameOf).join(', ')}. Two others can lift it now.`,
      fields: [{ label: 'Why', value: freeze.reason }],
      suggestions: [`/purser unfreeze ${scope}`],
      reference,
    };
    return { card, audience: 'channel' };
  },
};

/** `/purser freeze payermx …` must not be taken for a reason to freeze everything. */
function refuseMistyped({ modules }: CommandContext, reason: string): void {
  const [word = ''] = reason.split(' ');
  const nearest = findNearest(
    word,
    modules.flatMap(({ id, aliases }) => [id, ...aliases]),
  );
  if (nearest === undefined) return;
  const rest = reason.slice(word.length);
  throw new CommandError('Freeze what?', `Did you mean ${nearest}, or everything?`, [
    `/purser freeze ${nearest}${rest}`,
    `/purser freeze all ${reason}`,
  ]);
}

export const unfreezeCommand: Command = {
  path: ['purser', 'unfreeze'],
  pace: 'decision',
  summary: 'Let payouts go on; takes two approvers other than the one who froze',
  arguments: [scopeArgument],
  roles: ['approver'],
  examples: [],
  async run(context, values) {
    const scope = values[scopeArgument.name] ?? 'all';
    const { payouts, person, place, reference } = context;
    const answer = await payouts.freezes.lift(scope, person.id, place);
    const [tone, text] = liftWords[answer];
    const isDone = answer === 'lifted' || answer === 'one_more';
    const frozen = await payouts.freezes.list();
    const left = frozen.map(
      (one) => `${describeScope(context, one.scope)} are frozen: ${one.reason}`,
    );
    const card: Card = {
      tone,
      title: titles[answer](describeScope(context, scope)),
      text,
      ...(left.length === 0 ? {} : { notes: left }),
      ...(answer === 'not_frozen' && frozen.length > 0
        ? { suggestions: frozen.map((one) => `/purser unfreeze ${one.scope}`) }
        : {}),
      reference,
    };
    return { card, audience: isDone ? 'channel' : 'asker' };
  },
};

const titles: Readonly<Record<LiftAnswer, (scope: string) => string>> = {
  lifted: (scope) => `${scope} go on`,
  one_more: (scope) => `${scope} are still frozen`,
  own_freeze: () => 'Nothing has changed',
  same_person: () => 'Nothing has changed',
  not_frozen: () => 'Nothing has changed',
};

const liftWords: Readonly<Record<LiftAnswer, readonly [Card['tone'], string]>> = {
  lifted: ['good', 'Two people have agreed. Payouts go on.'],
  one_more: ['neutral', 'You agreed. One more approver must, then payouts go on.'],
  own_freeze: ['warning', 'You froze it yourself; two other approvers lift it.'],
  same_person: ['warning', 'You have agreed already; another approver must too.'],
  not_frozen: ['neutral', 'This is not frozen.'],
};

function describeScope({ modules }: CommandContext, scope: string): string {
  const name = modules.find(({ id }) => id === scope)?.name ?? scope;
  return scope === 'all' ? 'All payouts' : `Payouts at ${name}`;
}
