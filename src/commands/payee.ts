// /payee list, show and remove, and the buttons with which a second person agrees to a payee.

import { findNearest } from '../nearest.ts';
import type { Payee, PayeeAnswer } from '../payouts/index.ts';
import type { Card } from './card.ts';
import { CommandError } from './errors.ts';
import { composePayeeCard } from './payee-card.ts';
import type { Action, ActionContext, Argument, Command, Outcome } from './types.ts';

export const payeeArgument: Argument = {
  name: 'id',
  kind: 'payee',
  isRequired: true,
  help: 'the short name, like maria',
};

export const payeeListCommand: Command = {
  path: ['payee', 'list'],
  summary: 'Whom Purser can pay, and what waits for a second person',
  arguments: [],
  roles: ['viewer', 'requester', 'approver'],
  examples: ['/payee list'],
  async run(context) {
    const payees = await context.payouts.payees.list();
    const { reference } = context;
    if (payees.length === 0) {
      const text = 'There is none yet. A requester saves one, a second person agrees to it.';
      const card: Card = { tone: 'neutral', title: 'Payees', text, suggestions: ['/payee add'] };
      return { card: { ...card, reference }, audience: 'asker' };
    }
    return { card: { ...composeList(context, payees), reference }, audience: 'asker' };
  },
};

export const payeeShowCommand: Command = {
  path: ['payee', 'show'],
  summary: 'One payee, with account numbers by their last four',
  arguments: [payeeArgument],
  roles: ['viewer', 'requester', 'approver'],
  examples: [],
  async run(context, values) {
    const payee = await findPayee(context, values['id'] ?? '');
    return { card: await composePayeeCard(context, payee), audience: 'asker' };
  },
};

export const payeeRemoveCommand: Command = {
  path: ['payee', 'remove'],
  summary: 'Take a payee out: nothing can be paid to it any more',
  arguments: [payeeArgument],
  roles: ['requester', 'approver'],
  examples: [],
  async run(context, values) {
    const { id } = await findPayee(context, values['id'] ?? '');
    const answer = await context.payouts.payees.remove(id, context.person.id, context.place);
    if (!answer.ok) throw explainPayeeRefusal(answer, id);
    const text = 'Requests that wait for it are stopped. It can be added again under this name.';
    const card: Card = { tone: 'neutral', title: `${id} was removed`, text };
    return { card: { ...card, reference: context.reference }, audience: 'asker' };
  },
};

export const payeeApproveAction = decideAction('payee.approve', true);
export const payeeRefuseAction = decideAction('payee.refuse', false);

/** The argument is `<id>.<version>`: whoever agrees agrees to what the card showed. */
function decideAction(name: string, isApproved: boolean): Action {
  return {
    name,
    pace: 'decision',
    roles: ['approver'],
    async run(context, argument): Promise<Outcome> {
      const [id = '', version = ''] = argument.split('.');
      const { payees } = context.payouts;
      const { person, place } = context;
      const answer = await payees.decide(id, Number(version), isApproved, person.id, place);
      if (!answer.ok) throw explainPayeeRefusal(answer, id);
      const card: Card = {
        tone: isApproved ? 'good' : 'neutral',
        title: isApproved ? `You agreed to ${id}` : `You refused ${id}`,
        text: isApproved ? 'It can be paid from now on.' : 'Nothing can be paid to these details.',
        reference: context.reference,
      };
      return { card, audience: 'asker' };
    },
  };
}

export async function findPayee({ payouts }: ActionContext, id: string): Promise<Payee> {
  const payee = await payouts.payees.find(id.toLowerCase());
  if (payee !== undefined && !payee.isRemoved) return payee;
  const known = (await payouts.payees.list()).map((one) => one.id);
  const nearest = findNearest(id, known);
  throw new CommandError(
    'There is no such payee',
    nearest === undefined ? 'Those that are saved are in the list.' : `Did you mean ${nearest}?`,
    nearest === undefined ? ['/payee list'] : [`/payee show ${nearest}`],
  );
}

const refusals: Readonly<
  Record<Extract<PayeeAnswer, { ok: false }>['refusal'], readonly [string, string]>
> = {
  own_request: ['That is your own payee', 'Another approver agrees to it or refuses it.'],
  nothing_waits: ['Somebody was faster', 'This was decided already.'],
  content_changed: [
    'This card is not the newest',
    'The payee was changed since; look at it again.',
  ],
  already_there: ['There is a payee of this name', 'Take another short name, or change that one.'],
  not_there: ['There is no such payee', 'It was removed, or never there.'],
};

export function explainPayeeRefusal(
  { refusal }: Extract<PayeeAnswer, { ok: false }>,
  id: string,
): CommandError {
  const [title, text] = refusals[refusal];
  return new CommandError(title, text, refusal === 'not_there' ? [] : [`/payee show ${id}`]);
}

function composeList({ payouts }: ActionContext, payees: readonly Payee[]): Card {
  return {
    tone: 'neutral',
    title: 'Payees',
    table: {
      caption: 'Payees with their name, provider, way and state',
      columns: [
        { label: 'Payee', align: 'start', isHeadline: true },
        { label: 'Name', align: 'start' },
        { label: 'Paid by', align: 'start' },
        { label: 'State', align: 'start' },
      ],
      groups: [
        {
          rows: payees.map(({ id, active, proposed }) => {
            const details = active ?? proposed;
            const payer = payouts.payers.get(details?.provider ?? '');
            const route = payer?.payouts.routes.find((one) => one.id === details?.route);
            return [
              { text: id },
              { text: details?.name ?? '' },
              { text: `${payer?.name ?? details?.provider ?? ''}, ${route?.label ?? ''}` },
              proposed === undefined
                ? { text: 'can be paid', tone: 'good' }
                : {
                    text: active === undefined ? 'waits for a second person' : 'change waits',
                    tone: 'warning',
                  },
            ];
          }),
        },
      ],
    },
    suggestions: payees.slice(0, 3).map(({ id }) => `/payee show ${id}`),
  };
}
