// One payee as a card: what is paid now, what somebody proposes, and who must look at it.
import { maskFields, type Payee, type PayeeDetails } from '../payouts/index.ts';
import type { Button, Card, Field } from './card.ts';
import { describeInstant } from './times.ts';
import type { World } from './types.ts';
import { listNames } from './words.ts';

export async function composePayeeCard(
  world: Pick<World, 'payouts' | 'team'>,
  payee: Payee,
): Promise<Card> {
  const { id, active, proposed, isRemoved } = payee;
  const nameOf = (person: string) =>
    world.team.people.find((one) => one.id === person)?.name ?? person;
  if (isRemoved) {
    const text = 'Nothing can be paid to it.';
    return { tone: 'neutral', title: `Payee ${id}: not in use`, text };
  }
  const state =
    proposed === undefined
      ? 'It can be paid.'
      : active === undefined
        ? `New: it cannot be paid before a second person agrees: ${whoAgrees(world, proposed)}.`
        : `A change waits for a second person: ${whoAgrees(world, proposed)}. Until then the old details are paid.`;
  const doubles = proposed === undefined ? [] : await findDoubles(world, payee, proposed);
  return {
    tone: proposed === undefined ? 'neutral' : doubles.length > 0 ? 'warning' : 'neutral',
    title: `Payee ${id}: ${(proposed ?? active)?.name ?? ''}`,
    text: `${state}${describeChanges(world, active, proposed)}`,
    fields: [
      ...(proposed === undefined ? [] : describe(world, proposed, active && 'New', nameOf)),
      ...(active === undefined ? [] : describe(world, active, proposed && 'Now', nameOf)),
    ],
    ...(doubles.length === 0
      ? {}
      : { notes: [`The same account belongs to ${doubles.join(', ')} already.`] }),
    ...(proposed === undefined ? {} : { buttons: buttonsFor(world, id, proposed) }),
  };
}

function whoAgrees({ team }: Pick<World, 'team'>, { by }: PayeeDetails): string {
  const others = team.people.filter(({ id, roles }) => id !== by && roles.includes('approver'));
  return listNames(
    others.map(({ name }) => name),
    'or',
  );
}

async function findDoubles(
  { payouts }: Pick<World, 'payouts'>,
  { id }: Payee,
  { name, provider, route, fields }: PayeeDetails,
): Promise<string[]> {
  const found = payouts.payers.get(provider)?.payouts.routes.find((one) => one.id === route);
  if (found === undefined) return [];
  const same = await payouts.payees.findSameAccount({ id, name, provider, route: found, fields });
  return same.map((payee) => payee.id);
}

function describe(
  { payouts }: Pick<World, 'payouts'>,
  details: PayeeDetails,
  version: string | undefined,
  nameOf: (person: string) => string,
): Field[] {
  const payer = payouts.payers.get(details.provider);
  const route = payer?.payouts.routes.find((one) => one.id === details.route);
  const shown = route === undefined ? [] : maskFields(route, details.fields);
  const by = `${nameOf(details.by)}, ${describeInstant(details.atMs)}`;
  const label = (text: string) => (version === undefined ? text : `${version}: ${text}`);
  return [
    {
      label: label('Paid by'),
      value: `${payer?.name ?? details.provider}, ${route?.label ?? details.route}`,
    },
    {
      label: label('Details'),
      value: [details.name, ...shown.map((one) => `${one.label} ${one.value}`)].join(' · '),
    },
    {
      label: label(details.approvedBy === undefined ? 'Proposed by' : 'Agreed'),
      value:
        details.approvedBy === undefined ? by : `${by}; agreed by ${nameOf(details.approvedBy)}`,
    },
  ];
}

/** Masked numbers can look alike: what is another one is said. */
function describeChanges(
  { payouts }: Pick<World, 'payouts'>,
  now: PayeeDetails | undefined,
  next: PayeeDetails | undefined,
): string {
  if (now === undefined || next === undefined) return '';
  const isSameWay = now.provider === next.provider && now.route === next.route;
  const payer = payouts.payers.get(next.provider);
  const route = payer?.payouts.routes.find((one) => one.id === next.route);
  const fields = (route?.fields ?? []).filter(({ name }) => now.fields[name] !== next.fields[name]);
  const labels = [
    ...(isSameWay ? [] : ['the way of paying']),
    ...(now.name === next.name ? [] : ['the name']),
    ...fields.map(({ label }) => label.toLowerCase()),
  ];
  return labels.length === 0 ? ' Nothing differs.' : ` Changed: ${labels.join(', ')}.`;
}

function buttonsFor(
  { payouts }: Pick<World, 'payouts'>,
  id: string,
  { version, name, provider }: PayeeDetails,
): Button[] {
  const argument = `${id}.${version}`;
  const providerName = payouts.payers.get(provider)?.name ?? provider;
  return [
    {
      action: `payee.approve:${argument}`,
      label: 'Agree',
      style: 'primary',
      confirm: {
        title: `Let payouts go to ${name}?`,
        text: `Check the details with ${name} in a way that you trust, not by the message that asked for it. Payouts at ${providerName} can go there from then on.`,
        yes: 'Agree',
      },
    },
    { action: `payee.refuse:${argument}`, label: 'Refuse', style: 'danger' },
  ];
}
