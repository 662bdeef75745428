// A team of fifty who ask for money and agree to each other's payouts, on both platforms.
import { providerModules } from '../../src/providers/registry.ts';
import type { Platform } from '../town/team.ts';

export const officeSize = 50;

const ids = Array.from({ length: officeSize }, (_, at) => `p${String(at + 1).padStart(2, '0')}`);

export const officePeople: Readonly<Record<Platform, Readonly<Record<string, string>>>> = {
  slack: Object.fromEntries(ids.map((id) => [id, `U0${id.toUpperCase()}`])),
  discord: Object.fromEntries(ids.map((id) => [id, `1000000000000000${id.slice(1)}`])),
};

/** The colleague so many places on; the last one stands beside the first. */
export function colleague(place: number): string {
  return ids[place % ids.length] ?? '';
}

/** Keys of the team file: everybody may do everything, but nobody both steps of one payout. */
export function composeOffice(slackTeam = 'T01'): object {
  const from = 'approver';
  return {
    people: ids.map((id) => ({
      id,
      name: `Person ${id}`,
      roles: ['viewer', 'requester', 'approver', 'admin'],
      slack: { team: slackTeam, user: officePeople.slack[id] },
      discord: { user: officePeople.discord[id] },
    })),
    approvals: [
      { when: { currency: 'USD', up_to: '50.00' }, need: 1, from },
      { when: { currency: 'PEN', up_to: '50.00' }, need: 1, from },
    ],
    digests: [],
  };
}

/** Providers that can be asked what became of an order: with the others people would have to. */
export const payers = providerModules.flatMap(({ id, examplePayee }) =>
  examplePayee === undefined || id === 'alignet' ? [] : [{ provider: id, payee: examplePayee }],
);

export type Payer = (typeof payers)[number];
