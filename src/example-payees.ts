// What a newcomer finds in the playground: one payee at each provider, proposed by one person of the
// team and agreed to by another, like any other payee.
import type { ConnectedProvider } from './commands/types.ts';
import { UserError } from './errors.ts';
import type { Log } from './log.ts';
import type { PayoutOffice } from './payouts/index.ts';
import type { Person, Team } from './team.ts';

/** Who proposes them and who agrees; undefined where the team file has no such two. */
export function findExamplePair({
  people,
}: Team): { requester: Person; approver: Person } | undefined {
  const requester = people.find(({ roles }) => roles.includes('requester'));
  const approver = people.find(
    ({ id, roles }) => roles.includes('approver') && id !== requester?.id,
  );
  return requester && approver && { requester, approver };
}

export async function addExamplePayees(
  connected: readonly ConnectedProvider[],
  { payouts, team, log }: { payouts: PayoutOffice; team: Team; log: Log },
): Promise<void> {
  const pair = findExamplePair(team);
  if (pair === undefined) return;
  const { requester, approver } = pair;
  for (const { module } of connected) {
    const example = module.examplePayee;
    const route = payouts.payers
      .get(module.id)
      ?.payouts.routes.find(({ id }) => id === example?.route);
    if (example === undefined || route === undefined) continue;
    const { id, name, fields } = example;
    const placeOf = (user: string) => ({ platform: 'playground', user });
    try {
      const { payees } = payouts;
      const input = { id, name, provider: module.id, route, fields };
      const made = await payees.propose(input, true, requester.id, placeOf(requester.id));
      if (!made.ok) continue;
      await payees.decide(id, made.payee.versions, true, approver.id, placeOf(approver.id));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      log.warn({ provider: module.id, err: error }, 'the example payee does not fit');
    }
  }
}
