// The buttons of a posted payout. Who may press which is the lifecycle's business; here a refusal
// becomes a private card, and a no or a closing verdict first asks for its reason.
import { UserError } from '../errors.ts';
import { formatMoney } from '../money.ts';
import {
  type Applied,
  amountOf,
  checkReason,
  explainRefusal,
  type PayoutEvent,
  step,
} from '../payouts/index.ts';
import { type Payout, verdicts } from '../payouts/types.ts';
import type { Card, FormField } from './card.ts';
import { CommandError } from './errors.ts';
import { withValue } from './form.ts';
import { composePayoutLine, labelState, labelVerdict } from './payout-card.ts';
import { composePayoutCardFor } from './payout-view.ts';
import type { Action, ActionContext, Outcome } from './types.ts';

export const approveAction: Action = {
  name: 'payout.approve',
  pace: 'decision',
  roles: [],
  async run(context, token) {
    const applied = await context.payouts.desk.approve(token, context.person.id, context.place);
    return confirm(context, applied, approvedText(applied));
  },
};

export const rejectAction: Action = {
  name: 'payout.reject',
  pace: 'decision',
  roles: [],
  opensForm: true,
  async run(context, token, values) {
    const [id = ''] = token.split('.');
    const payout = await findPayout(context, id);
    const refused = refuseEarly(context, payout, { type: 'reject', reason: '' });
    if (refused !== undefined) return refused;
    const question: Question = {
      action: `payout.reject:${token}`,
      title: 'Reject this payout',
      text: `${describePayout(payout)}. The requester and the channel see why.`,
      submit: 'Reject',
    };
    return withReason(question, values, async (reason) => {
      const { desk } = context.payouts;
      const applied = await desk.reject(token, context.person.id, context.place, reason);
      return confirm(context, applied, 'You rejected it.');
    });
  },
};

export const cancelAction: Action = {
  name: 'payout.cancel',
  pace: 'decision',
  roles: [],
  run: (context, id) => cancelPayout(context, id),
};

export async function cancelPayout(context: ActionContext, id: string): Promise<Outcome> {
  await findPayout(context, id);
  const applied = await context.payouts.desk.cancel(id, context.person.id, context.place);
  return confirm(context, applied, 'You took it back. Nothing was sent.');
}

export const closeActions: readonly Action[] = verdicts.map((verdict) => ({
  name: `payout.close.${verdict}`,
  pace: 'decision',
  roles: [],
  opensForm: true,
  async run(context, id, values) {
    const payout = await findPayout(context, id);
    const closers = context.payouts.desk.listClosers(payout);
    const refused = refuseEarly(context, payout, { type: 'close', verdict, closers, reason: '' });
    if (refused !== undefined) return refused;
    const question: Question = {
      action: `payout.close.${verdict}:${id}`,
      title: labelVerdict(verdict),
      text: `${describePayout(payout)}. Say where you saw it, for example in ${payout.shown.providerName}’s portal. A second person must say the same.`,
      submit: labelVerdict(verdict),
    };
    return withReason(question, values, async (reason) => {
      const { desk } = context.payouts;
      const applied = await desk.close(id, verdict, context.person.id, context.place, reason);
      const isOver = applied.ok && applied.payout.state === verdict;
      const text = isOver
        ? 'Two people have said so; it is closed.'
        : 'It is on record. A second person must say the same.';
      return confirm(context, applied, text);
    });
  },
}));

export async function findPayout({ payouts }: ActionContext, id: string): Promise<Payout> {
  const payout = await payouts.desk.find(id.toUpperCase());
  if (payout !== undefined) return payout;
  throw new CommandError(
    'There is no such payout',
    'Ids stand on the cards, like P7K2M9QX4. Those that are open are in the list.',
    ['/payout list'],
  );
}

/** Nobody writes down a reason only to hear that it is not theirs to decide. */
function refuseEarly(
  context: ActionContext,
  payout: Payout,
  event: Unsigned<Extract<PayoutEvent, { type: 'reject' | 'close' }>>,
): Outcome | undefined {
  const { person, clock } = context;
  const tried = step(payout, { ...event, person: person.id, atMs: clock.now() });
  return tried.ok ? undefined : confirm(context, { ...tried, payout }, '');
}

/** An event without who and when. */
type Unsigned<T> = T extends unknown ? Omit<T, 'person' | 'atMs'> : never;

function describePayout({ id, content, shown }: Payout): string {
  const amount = formatMoney(amountOf(content));
  return `${amount} to ${shown.payeeName} at ${shown.providerName}, ${id}`;
}

function approvedText(applied: Applied): string {
  if (!applied.ok) return '';
  const { state, requirement, decisions } = applied.payout;
  const missing = requirement.need - decisions.length;
  return state === 'requested'
    ? `You agreed. ${missing} more must agree.`
    : 'You agreed. It is checked once more and then sent.';
}

/** For the person who clicked alone: the posted card changes by itself. */
function confirm(context: ActionContext, applied: Applied, text: string): Outcome {
  const { payout } = applied;
  if (applied.ok) {
    const card = composePayoutLine(composePayoutCardFor(context, payout), payout, text);
    return { card, audience: 'asker' };
  }
  const card: Card = {
    tone: 'warning',
    title: `${labelState(payout.state)}: nothing has changed`,
    text: explainRefusal(applied.refusal, payout, context.nameOf),
    notes: [payout.id],
    suggestions: [`/payout show ${payout.id}`],
    reference: context.reference,
  };
  return { card, audience: 'asker' };
}

/** A form with one field. */
interface Question {
  readonly action: string;
  readonly title: string;
  readonly text: string;
  readonly submit: string;
}

/** Asks for the reason until there is one. */
async function withReason(
  question: Question,
  values: Readonly<Record<string, string>> | undefined,
  decide: (reason: string) => Promise<Outcome>,
): Promise<Outcome> {
  if (values === undefined) return { card: askReason(question), audience: 'asker' };
  const given = values['reason'] ?? '';
  try {
    checkReason(given);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const card = askReason(question, given, error.message);
    return { card, audience: 'asker', isInPlace: true };
  }
  return { ...(await decide(given)), isInPlace: true };
}

function askReason({ action, title, text, submit }: Question, given = '', error?: string): Card {
  const field: FormField = {
    name: 'reason',
    label: 'Why',
    help: '3 to 300 characters',
    kind: 'long_text',
    isRequired: true,
    lengthMax: 300,
  };
  const fields = [withValue(field, given, error)];
  const tone = error === undefined ? 'neutral' : 'warning';
  return { tone, title, text, form: { action, title, submit, fields } };
}
