// Five people with different roles, and the rules of their team: once as Purser reads them, once in
// the words of the model.
import { type Team, teamSchema } from '../../src/team.ts';

export const people = ['ana', 'bob', 'cat', 'dan', 'eve'] as const;
export type Person = (typeof people)[number];
export const approvers: readonly Person[] = ['bob', 'cat', 'dan'];
/** What one person may pay in a day, in cents. */
export const limitUnits = 70_000n;

export const team: Team = teamSchema.parse({
  people: [
    { id: 'ana', name: 'Ana', roles: ['viewer', 'requester'] },
    { id: 'bob', name: 'Bob', roles: ['viewer', 'requester', 'approver'] },
    { id: 'cat', name: 'Cat', roles: ['viewer', 'approver'] },
    { id: 'dan', name: 'Dan', roles: ['viewer', 'approver', 'admin'] },
    { id: 'eve', name: 'Eve', roles: ['viewer'] },
  ],
  approvals: [
    { when: { provider: 'acme', currency: 'USD', up_to: '100.00' }, need: 1, from: 'approver' },
    { when: {}, need: 2, from: 'approver' },
  ],
  expiry: { after: '24h', remind: ['12h'] },
  limits: [{ per: 'person', window: '24h', currency: 'USD', amount: '700.00' }],
});

/** The fewest people who must agree. */
export function needFor(provider: string, amount: string, duplicates: number): number {
  const base = provider === 'acme' && Number(amount) <= 100 ? 1 : 2;
  return base + (duplicates > 0 ? 1 : 0);
}
