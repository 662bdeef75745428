// /payee add and change: first the way of paying, then the fields that this way needs.
import { findPayeeProblems, type PayeeDetails, type PayeeInput } from '../payouts/index.ts';
import type { PayeeField, PayoutRoute } from '../providers/payouts.ts';
import { maskAccount } from '../providers/types.ts';
import type { Card, FormField } from './card.ts';
import { CommandError } from './errors.ts';
import { withValue } from './form.ts';
import { explainPayeeRefusal, findPayee, payeeArgument } from './payee.ts';
import { composePayeeCard } from './payee-card.ts';
import type { Action, ActionContext, Command, Outcome } from './types.ts';

export const payeeAddCommand: Command = {
  path: ['payee', 'add'],
  summary: 'Save somebody to be paid; a second person agrees to the details',
  arguments: [],
  roles: ['requester'],
  examples: ['/payee add'],
  opensForm: () => true,
  run: async (context) => ({ card: composeRouteForm(listWays(context)), audience: 'asker' }),
};

export const payeeChangeCommand: Command = {
  path: ['payee', 'change'],
  summary: 'Change a payee; a second person agrees to the new details',
  arguments: [payeeArgument],
  roles: ['requester'],
  examples: [],
  opensForm: ({ id }) => id !== undefined,
  async run(context, values) {
    const { id, active, proposed } = await findPayee(context, values['id'] ?? '');
    const details = active ?? proposed;
    const way = details && findWay(context, `${details.provider}/${details.route}`);
    if (details === undefined || way === undefined) throw lostWay();
    const given = { name: details.name, ...details.fields };
    return { card: composeForm({ way, given, changed: { id, kept: details } }), audience: 'asker' };
  },
};

/** A provider and one of its routes. */
interface Way {
  readonly key: string;
  readonly provider: string;
  readonly providerName: string;
  readonly route: PayoutRoute;
}

function listWays({ payouts }: ActionContext): Way[] {
  return [...payouts.payers.values()].flatMap((payer) =>
    payer.payouts.routes.map((route) => ({
      key: `${payer.id}/${route.id}`,
      provider: payer.id,
      providerName: payer.name,
      route,
    })),
  );
}

function findWay(context: ActionContext, key: string): Way | undefined {
  return listWays(context).find((one) => one.key === key);
}

function lostWay(): CommandError {
  return new CommandError(
    'This way of paying is not there any more',
    'Its provider is not connected, or its settings have changed. Start again.',
    ['/payee add', '/purser providers'],
  );
}

export const payeeWayAction: Action = {
  name: 'payee.way',
  roles: ['requester'],
  opensForm: true,
  async run(context, _argument, values) {
    const key = values?.['way'] ?? '';
    if (key === '') {
      const card = composeRouteForm(listWays(context), 'Choose how it is paid.');
      return { card, audience: 'asker', isInPlace: true };
    }
    const way = findWay(context, key);
    if (way === undefined) throw lostWay();
    const card = composeForm({ way, given: {} });
    return { card, audience: 'asker', isInPlace: true };
  },
};

/** The argument is `<provider>/<route>`, and `/<id>` after it for a change. */
export const payeeFormAction: Action = {
  name: 'payee.form',
  roles: ['requester'],
  opensForm: true,
  async run(context, argument, values = {}): Promise<Outcome> {
    const [provider = '', route = '', id] = argument.split('/');
    const way = findWay(context, `${provider}/${route}`);
    if (way === undefined) throw lostWay();
    const old = id === undefined ? undefined : await findPayee(context, id);
    const kept = old?.active ?? old?.proposed;
    const changed = id === undefined || kept === undefined ? undefined : { id, kept };
    const input = readInput(way, values, changed);
    const problems = findPayeeProblems(input);
    if (problems.length > 0) {
      const errors = new Map(problems.map(({ field, text }) => [field, text]));
      const card = composeForm({ way, given: values, errors, ...(changed && { changed }) });
      return { card, audience: 'asker', isInPlace: true };
    }
    const isNew = changed === undefined;
    const { payees } = context.payouts;
    const answer = await payees.propose(input, isNew, context.person.id, context.place);
    if (!answer.ok) throw explainPayeeRefusal(answer, input.id);
    const { buttons: _buttons, ...card } = await composePayeeCard(context, answer.payee);
    return { card, audience: 'asker', isInPlace: true };
  },
};

/** An account number that was left empty in a change stays what it was. */
function readInput(
  way: Way,
  values: Readonly<Record<string, string>>,
  changed: Changed | undefined,
): PayeeInput {
  const fields = way.route.fields.flatMap(({ name, isAccountNumber }) => {
    const typed = (values[name] ?? '').trim();
    const value = typed === '' && isAccountNumber ? (changed?.kept.fields[name] ?? '') : typed;
    return value === '' ? [] : [[name, value] as const];
  });
  return {
    id: changed?.id ?? (values['id'] ?? '').trim().toLowerCase(),
    name: (values['name'] ?? '').trim(),
    provider: way.provider,
    route: way.route,
    fields: Object.fromEntries(fields),
  };
}

function composeRouteForm(ways: readonly Way[], error?: string): Card {
  if (ways.length === 0) {
    throw new CommandError(
      'No provider can pay here yet',
      'What each provider still needs is in the list of providers.',
      ['/purser providers'],
    );
  }
  const wayField: FormField = {
    name: 'way',
    label: 'Paid by',
    kind: 'choice',
    options: ways.map(({ key, providerName, route }) => ({
      value: key,
      label: `${providerName}: ${route.label} (${summariseCurrencies(route.currencies)})`,
    })),
    isRequired: true,
    lengthMax: 100,
  };
  return {
    tone: error === undefined ? 'neutral' : 'warning',
    title: 'Add a payee',
    text: 'First how it is paid: the next form asks for what this way needs.',
    form: {
      action: 'payee.way:',
      title: 'Add a payee',
      submit: 'Next',
      fields: [withValue(wayField, '', error)],
    },
  };
}

/** `USD, EUR, PEN, COP and 40 more`: some ways know every currency there is. */
function summariseCurrencies(currencies: readonly string[]): string {
  const more = currencies.length - currenciesMax;
  const named = currencies.slice(0, currenciesMax).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}

const currenciesMax = 4;

/** The payee that is to be changed, and what is paid to now. */
interface Changed {
  readonly id: string;
  readonly kept: PayeeDetails;
}

interface FormInput {
  readonly way: Way;
  readonly given: Readonly<Record<string, string>>;
  readonly changed?: Changed;
  readonly errors?: ReadonlyMap<string, string>;
}

function composeForm({ way, given, changed, errors }: FormInput): Card {
  const title = changed === undefined ? 'Add a payee' : `Change ${changed.id}`;
  const filled = (field: FormField, more = '') => {
    const error = errors?.get(field.name);
    return withValue(field, given[field.name], error && `${error}${more}`);
  };
  const idField: FormField = {
    name: 'id',
    label: 'Short name',
    help: 'What people type in /payout, like maria',
    kind: 'text',
    isRequired: true,
    lengthMax: 32,
  };
  const nameField: FormField = {
    name: 'name',
    label: 'Name',
    help: 'Who is paid, as people know them',
    kind: 'text',
    isRequired: true,
    lengthMax: 100,
  };
  return {
    tone: errors === undefined ? 'neutral' : 'warning',
    title,
    text: `${way.providerName}: ${way.route.label}. ${
      changed?.kept.approvedBy === undefined
        ? 'A second person must agree before it can be paid.'
        : 'A second person must agree; until then the old details are paid.'
    }`,
    form: {
      action: `payee.form:${way.key}${changed === undefined ? '' : `/${changed.id}`}`,
      title,
      submit: changed === undefined ? 'Save for agreement' : 'Propose the change',
      fields: [
        ...(changed === undefined ? [filled(idField)] : []),
        filled(nameField),
        ...way.route.fields.map((field) => {
          const kept = describeKept(field, changed?.kept);
          const shown = toFormField(field, kept);
          // A number that is saved already is never shown again in full.
          return field.isAccountNumber && errors === undefined ? shown : filled(shown, kept);
        }),
      ],
    },
  };
}

function describeKept(
  { name, isAccountNumber }: PayeeField,
  kept: PayeeDetails | undefined,
): string {
  const old = isAccountNumber ? kept?.fields[name] : undefined;
  return old === undefined ? '' : ` Empty keeps ${maskAccount(old)}.`;
}

function toFormField(field: PayeeField, kept: string): FormField {
  const { name, label, isRequired, lengthMax, options } = field;
  return {
    name,
    label,
    help: `${field.help}${kept}`,
    kind: options === undefined ? 'text' : 'choice',
    isRequired: isRequired && kept === '',
    lengthMax,
    ...(options === undefined
      ? {}
      : { options: options.map((value) => ({ value, label: value })) }),
  };
}
