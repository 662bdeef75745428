// The team of the payout tests. Ana has an account on each platform: she is one person all the same.
import type { Account } from '../../src/commands/types.ts';
import { type Team, teamSchema } from '../../src/team.ts';

const people = [
  {
    id: 'ana',
    name: 'Ana',
    roles: ['viewer', 'requester', 'approver', 'admin'],
    slack: { team: 'T01', user: 'U01' },
    discord: { user: '100000000000000001' },
  },
  {
    id: 'ben',
    name: 'Ben',
    roles: ['viewer', 'approver'],
    slack: { team: 'T01', user: 'U02' },
    discord: { user: '100000000000000002' },
  },
  {
    id: 'cy',
    name: 'Cy',
    roles: ['viewer', 'requester', 'approver'],
    discord: { user: '100000000000000003' },
  },
  { id: 'dia', name: 'Dia', roles: ['viewer'], slack: { team: 'T01', user: 'U04' } },
  { id: 'eve', name: 'Eve', roles: ['requester'], slack: { team: 'T01', user: 'U05' } },
] as const;
export type PersonId = (typeof people)[number]['id'];

/** What each of them writes with. */
export const accounts: Readonly<Record<PersonId, Account>> = {
  ana: { platform: 'slack', team: 'T01', user: 'U01' },
  ben: { platform: 'slack', team: 'T01', user: 'U02' },
  cy: { platform: 'discord', user: '100000000000000003' },
  dia: { platform: 'slack', team: 'T01', user: 'U04' },
  eve: { platform: 'slack', team: 'T01', user: 'U05' },
};
export const anaOnDiscord: Account = { platform: 'discord', user: '100000000000000001' };
export const benOnDiscord: Account = { platform: 'discord', user: '100000000000000002' };

const rules = {
  people,
  channels: { approvals: ['slack:C01'], audit: ['slack:C02'], alerts: ['slack:C03'] },
  approvals: [
    {
      when: { provider: 'payermax', currency: 'USD', up_to: '1000.00' },
      need: 1,
      from: 'approver',
    },
    { when: { currency: 'USD', up_to: '50000.00' }, need: 2, from: 'approver' },
    { when: { currency: 'PEN', up_to: '10000.00' }, need: 1, from: 'approver' },
  ],
};

/** As a team file would say it, checked like one. */
export function composeTeam(changes: object = {}): Team {
  return teamSchema.parse({ ...rules, ...changes });
}

export const team = composeTeam();
