// One payee as a card: what is paid now, what somebody proposes, and who must look at it.
import { listNumbersFirst, type Payee, type PayeeDetails } from '../payouts/index.ts';
import { maskAccount } from '../providers/types.ts';
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
  const { changed, same } = describeDetails(world, payee);
  const isUnchanged = active !== undefined && proposed !== undefined && changed.length === 0;
  return {
    tone: proposed === undefined ? 'neutral' : doubles.length > 0 ? 'warning' : 'neutral',
    title: `Payee ${id}: ${(proposed ?? active)?.name ?? ''}`,
    text: `${state}${isUnchanged ? ' Nothing differs.' : ''}`,
    fields: [
      ...changed,
      ...same,
      ...[proposed, active].flatMap((one) =>
        one === undefined ? [] : describeAuthors(one, nameOf),
      ),
    ],
    ...(doubles.length === 0
      ? {}
      : { notes: [`The same account belongs to ${doubles.join(', ')} already.`] }),
    ...(proposed === undefined ? {} : { buttons: buttonsFor(world, id, proposed) }),
    mark: `payee ${id}, version ${payee.versions}`,
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

/** One thing that is paid to, as it is shown and as it is. */
interface Detail {
  readonly key: string;
  readonly label: string;
  readonly shown: string;
  readonly value: string;
}

function listDetails(
  { payouts }: Pick<World, 'payouts'>,
  { provider, route: routeId, name, fields }: PayeeDetails,
): Detail[] {
  const payer = payouts.payers.get(provider);
  const route = payer?.payouts.routes.find((one) => one.id === routeId);
  const way = `${payer?.name ?? provider}, ${route?.label ?? routeId}`;
  return [
    { key: 'way', label: 'Paid by', shown: way, value: `${provider}/${routeId}` },
    { key: 'name', label: 'Name', shown: name, value: name },
    ...(route === undefined ? [] : listNumbersFirst(route)).flatMap((field): Detail[] => {
      const value = fields[field.name];
      if (value === undefined) return [];
      const shown = field.isAccountNumber ? maskAccount(value) : value;
      return [{ key: `field ${field.name}`, label: field.label, shown, value }];
    }),
  ];
}

/** What would change stands first, once: as it is now, and as it would be. */
function describeDetails(
  world: Pick<World, 'payouts'>,
  { active, proposed }: Payee,
): { changed: Field[]; same: Field[] } {
  const old = active === undefined ? [] : listDetails(world, active);
  const next = proposed === undefined ? old : listDetails(world, proposed);
  const toField = ({ label, shown }: Detail): Field => ({ label, value: shown });
  if (active === undefined) return { changed: [], same: next.map(toField) };
  const changed: Field[] = [];
  const same: Field[] = [];
  for (const detail of next) {
    const before = old.find(({ key }) => key === detail.key);
    if (before?.value === detail.value) same.push(toField(detail));
    else changed.push(toChange(detail.label, before?.shown, detail.shown));
  }
  for (const gone of old.filter(({ key }) => !next.some((one) => one.key === key))) {
    changed.push(toChange(gone.label, gone.shown, undefined));
  }
  return { changed, same };
}

/** Masked numbers can look alike: that it is another one is said. */
function toChange(label: string, before: string | undefined, after: string | undefined): Field {
  const isAlike = before === after ? 'another number, ' : '';
  return {
    label: `Changed: ${label}`,
    value: `${isAlike}${before ?? 'nothing'} → ${after ?? 'nothing'}`,
  };
}

function describeAuthors(
  { by, atMs, approvedBy }: PayeeDetails,
  nameOf: (person: string) => string,
): Field {
  const who = `${nameOf(by)}, ${describeInstant(atMs)}`;
  return approvedBy === undefined
    ? { label: 'Proposed by', value: who }
    : { label: 'Agreed', value: `${who}; agreed by ${nameOf(approvedBy)}` };
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
