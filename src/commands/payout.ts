// /payout: asks for a payout. Typed in full it shows the preview at once, else a form; nothing is
// posted before the requester has seen what it costs, who must agree and what looks doubtful.
import { UserError } from '../errors.ts';
import { type PayoutRequest, RequestError } from '../payouts/index.ts';
import type { Card, FormField } from './card.ts';
import { CommandError } from './errors.ts';
import { withValue } from './form.ts';
import { composePayoutLine, composePreviewCard } from './payout-card.ts';
import { composePayoutCardFor } from './payout-view.ts';
import type { Action, ActionContext, Command, Outcome } from './types.ts';

export const payoutCommand: Command = {
  path: ['payout'],
  optionalWord: 'request',
  isInOrder: true,
  summary: 'Ask for a payout; a second person decides. Without values: a form',
  arguments: [
    { name: 'provider', kind: 'provider', isRequired: false, help: 'who pays it out' },
    { name: 'amount', kind: 'amount', isRequired: false, help: 'like 125.50' },
    { name: 'currency', kind: 'currency', isRequired: false, help: 'like USD' },
    { name: 'payee', kind: 'payee', isRequired: false, help: 'a saved payee, like maria' },
    { name: 'note…', kind: 'rest', isRequired: false, help: 'what it is for' },
  ],
  roles: ['requester'],
  examples: ['/payout'],
  opensForm: ({ provider, amount, currency, payee }) =>
    [provider, amount, currency, payee].includes(undefined),
  async run(context, values) {
    const { provider, amount, currency, payee } = values;
    const note = values['note…'] ?? '';
    if (
      provider !== undefined &&
      amount !== undefined &&
      currency !== undefined &&
      payee !== undefined
    ) {
      return preview(context, { provider, amount, currency, payee, note });
    }
    return { card: await composeForm(context, { ...values, note }), audience: 'asker' };
  },
};

export const payoutFormAction: Action = {
  name: 'payout.form',
  roles: ['requester'],
  opensForm: true,
  async run(context, _argument, values) {
    const given = values ?? {};
    if (values === undefined) return { card: await composeForm(context, given), audience: 'asker' };
    try {
      const request = await readForm(context, given);
      return { ...(await preview(context, request)), isInPlace: true };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const card = await composeForm(context, given, error);
      return { card, audience: 'asker', isInPlace: true };
    }
  },
};

export const payoutPostAction: Action = {
  name: 'payout.post',
  roles: ['requester'],
  async run(context, id) {
    const payout = await context.payouts.desk.post(id, context.person.id, context.place);
    const card = composePayoutCardFor(context, payout);
    // The card itself is posted for everybody by the announcer, and changes there; this line stays.
    const isPosted = context.team.channels.approvals.length > 0;
    const text = `You have asked for it.${isPosted ? ' It is in the approvals channel.' : ''}`;
    return { card: composePayoutLine(card, payout, text), audience: 'asker', isInPlace: true };
  },
};

export const payoutDropAction: Action = {
  name: 'payout.drop',
  pace: 'decision',
  roles: [],
  async run({ payouts }, id) {
    if ((await payouts.desk.find(id)) !== undefined) {
      const text = 'It was posted before you dropped it. You can still take it back.';
      throw new CommandError('You have asked for it already', text, [`/payout cancel ${id}`]);
    }
    const card: Card = { tone: 'neutral', title: 'Dropped', text: 'Nothing was posted or sent.' };
    return { card, audience: 'asker', isInPlace: true };
  },
};

async function preview(context: ActionContext, request: PayoutRequest): Promise<Outcome> {
  const shown = await context.payouts.desk.preview(request, context.person.id);
  return { card: composePreviewCard(shown, context.nameOf), audience: 'asker' };
}

/** The provider is the payee's own; the form need not ask for it. */
async function readForm(
  context: ActionContext,
  values: Readonly<Record<string, string>>,
): Promise<PayoutRequest> {
  const id = (values['payee'] ?? '').trim().toLowerCase();
  const payee = await context.payouts.payees.find(id);
  const details = payee?.active ?? payee?.proposed;
  if (details === undefined) {
    throw new RequestError(
      'payee',
      id === '' ? 'Choose a payee.' : 'There is no such payee. Save one with /payee add.',
    );
  }
  const route = context.payouts.payers
    .get(details.provider)
    ?.payouts.routes.find((one) => one.id === details.route);
  const [only, ...others] = route?.currencies ?? [];
  const typed = (values['currency'] ?? '').trim().toUpperCase();
  const currency = typed === '' && others.length === 0 ? (only ?? '') : typed;
  if (currency === '') {
    const codes = route?.currencies.join(' or ') ?? 'like USD';
    throw new RequestError('currency', `Name the currency: ${codes}.`);
  }
  const amount = (values['amount'] ?? '').trim();
  if (amount === '') throw new RequestError('amount', 'Write the amount, like 125.50.');
  const note = values['note'] ?? '';
  return { provider: details.provider, amount, currency, payee: id, note };
}

async function composeForm(
  context: ActionContext,
  given: Readonly<Record<string, string | undefined>>,
  problem?: UserError,
): Promise<Card> {
  const payees = await listPayable(context, given['provider']);
  if (payees.length === 0) {
    throw new CommandError(
      'There is no payee yet that can be paid',
      'Save one with /payee add; a second person agrees to it, then it can be paid.',
      ['/payee add', '/payee list'],
    );
  }
  const fields = composeFields(payees, given, problem);
  const isBeside = fields.some(({ error }) => error !== undefined);
  const text = 'You see a preview before anything is posted.';
  return {
    tone: problem === undefined ? 'neutral' : 'warning',
    title: 'Ask for a payout',
    text: problem === undefined || isBeside ? text : problem.message,
    form: {
      action: 'payout.form:',
      title: 'Ask for a payout',
      submit: 'Preview',
      fields,
    },
  };
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

async function listPayable(context: ActionContext, provider?: string): Promise<Choice[]> {
  const payees = await context.payouts.payees.list();
  return payees.flatMap(({ id, active }) => {
    const payer = active === undefined ? undefined : context.payouts.payers.get(active.provider);
    if (active === undefined || payer === undefined) return [];
    if (provider !== undefined && provider !== payer.id) return [];
    const route = payer.payouts.routes.find((one) => one.id === active.route);
    const label = `${id}: ${active.name}, ${payer.name}, ${route?.label ?? active.route}`;
    return [{ value: id, label }];
  });
}

function composeFields(
  payees: readonly Choice[],
  given: Readonly<Record<string, string | undefined>>,
  problem: UserError | undefined,
): FormField[] {
  const fields: FormField[] = [
    {
      name: 'payee',
      label: 'Payee',
      kind: 'choice',
      options: payees,
      isRequired: true,
      lengthMax: 32,
    },
    {
      name: 'amount',
      label: 'Amount',
      help: 'With a dot before the decimals, like 125.50',
      kind: 'text',
      isRequired: true,
      lengthMax: 40,
    },
    {
      name: 'currency',
      label: 'Currency',
      help: 'May be left out where the payee has only one',
      kind: 'text',
      isRequired: false,
      lengthMax: 5,
    },
    {
      name: 'note',
      label: 'Note',
      help: 'What it is for; people see it',
      kind: 'long_text',
      isRequired: false,
      lengthMax: 140,
    },
  ];
  const wrong = problem instanceof RequestError ? problem.field : undefined;
  return fields.map((field) =>
    withValue(field, given[field.name], field.name === wrong ? problem?.message : undefined),
  );
}
