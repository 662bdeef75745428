// Who lives in the town and by which rules: the people, their accounts on each platform, the channels,
// and the team file that says so.
import { stringify } from 'yaml';
import type { RunningSandbox } from '../../src/providers/sandbox.ts';

export type Platform = 'slack' | 'discord';
export type ChannelUse = 'approvals' | 'audit' | 'alerts';

export const channels: Readonly<Record<Platform, Readonly<Record<ChannelUse, string>>>> = {
  slack: { approvals: 'C01', audit: 'C02', alerts: 'C03' },
  discord: {
    approvals: '200000000000000001',
    audit: '200000000000000002',
    alerts: '200000000000000003',
  },
};

/** Gus is a guest of both platforms; Eve is in nobody's team file. */
export const accounts = {
  slack: { ana: 'U0ANA', ben: 'U0BEN', cy: 'U0CY', gus: 'U0GUS', eve: 'U0EVE' },
  discord: {
    ana: '100000000000000001',
    ben: '100000000000000002',
    cy: '100000000000000003',
    gus: '100000000000000004',
    eve: '100000000000000005',
  },
} as const;

export type Townsperson = keyof typeof accounts.slack;

const people = [
  { id: 'ana', name: 'Ana Torres', roles: ['viewer', 'requester', 'approver', 'admin'] },
  { id: 'ben', name: 'Ben Okafor', roles: ['viewer', 'approver'] },
  { id: 'cy', name: 'Cy Lindqvist', roles: ['viewer', 'requester', 'approver'] },
  { id: 'gus', name: 'Gus Weber', roles: ['viewer', 'approver'] },
] as const;

export interface TeamFileParts {
  readonly platforms: readonly Platform[];
  readonly sandboxes: readonly RunningSandbox[];
  /** Keys of the team file that are other than usual. */
  readonly changes?: object;
}

export function composeTeamFile({ platforms, sandboxes, changes }: TeamFileParts): string {
  const named = (use: ChannelUse) =>
    platforms.map((platform) => `${platform}:${channels[platform][use]}`);
  return stringify({
    providers: Object.fromEntries(sandboxes.map(({ id, settings }) => [id, settings])),
    people: people.map((person) => ({
      ...person,
      slack: { team: 'T01', user: accounts.slack[person.id] },
      discord: { user: accounts.discord[person.id] },
    })),
    channels: { approvals: named('approvals'), audit: named('audit'), alerts: named('alerts') },
    approvals: [
      {
        when: { provider: 'payermax', currency: 'USD', up_to: '1000.00' },
        need: 1,
        from: ['ben', 'cy', 'ana'],
      },
      { when: { currency: 'USD', up_to: '50000.00' }, need: 2, from: ['ben', 'cy', 'ana'] },
      { when: { currency: 'PEN', up_to: '10000.00' }, need: 1, from: ['ben', 'cy', 'ana'] },
    ],
    digests: [
      { id: 'morning', at: '09:00', zone: 'America/Lima', days: 'mon-fri', to: named('approvals') },
    ],
    ...changes,
  });
}
