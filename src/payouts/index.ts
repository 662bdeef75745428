// The door: everything about payouts that commands and bots may use, put together.
import type { BalanceDesk } from '../balances.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createClaims } from '../store/index.ts';
import type { Store } from '../store/types.ts';
import type { Team } from '../team.ts';
import { type AuditReader, createAuditReader } from './audit.ts';
import { createChecks, type Payer } from './checks.ts';
import { createPayoutDesk, type PayoutDesk } from './desk.ts';
import { createExecutor } from './executor.ts';
import { createFollowUp, type FollowUp, type Notice } from './follow-up.ts';
import { createFreezes, type Freezes } from './freezes.ts';
import { createPayoutJournal, type PayoutJournal } from './journal.ts';
import { createPayees, type Payees } from './payees.ts';
import { createPreviewComposer } from './preview.ts';
import { createRevisions } from './revision.ts';
import { createTurns } from './turns.ts';

export type { Payer } from './checks.ts';
export { amountOf, tokenOf } from './content.ts';
export type { PayoutDesk } from './desk.ts';
export { wasTaken } from './evidence.ts';
export type { FollowUp, Notice } from './follow-up.ts';
export {
  checkReason,
  describeFreeze,
  type Freeze,
  freezersOf,
  type LiftAnswer,
} from './freezes.ts';
export type { Actor, Applied, PayoutJournal } from './journal.ts';
export { type PayoutEvent, step } from './lifecycle.ts';
export { describeWindow } from './limits.ts';
export { type OpenWork, readOpenWork } from './look.ts';
export {
  authorsOf,
  findPayeeProblems,
  listNumbersFirst,
  type Payee,
  type PayeeAnswer,
  type PayeeDetails,
  type PayeeInput,
  type PayeeStep,
  type Payees,
} from './payees.ts';
export { describeRule, peopleOf } from './policy.ts';
export { type PayoutRequest, type Preview, RequestError } from './preview.ts';
export { explainRefusal } from './refusals.ts';
export type { Payout } from './types.ts';

export interface PayoutOffice extends AuditReader {
  readonly desk: PayoutDesk;
  readonly payees: Payees;
  readonly freezes: Freezes;
  readonly payers: ReadonlyMap<string, Payer>;
  readonly followUp: FollowUp;
  readonly journal: PayoutJournal;
  /** Resolves when nothing that was begun is still under way. */
  settle(): Promise<void>;
}

export interface PayoutOfficeDeps {
  readonly store: Store;
  readonly team: Team;
  readonly payers: readonly Payer[];
  readonly balances: BalanceDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly referencePrefix: string;
  newId(): string;
  callbackUrlFor(provider: string): string | undefined;
  notify(notice: Notice): void;
}

export function createPayoutOffice(deps: PayoutOfficeDeps): PayoutOffice {
  const { store, team, balances, clock, log } = deps;
  const payers = new Map(deps.payers.map((payer) => [payer.id, payer]));
  const payees = createPayees(store, clock);
  const freezes = createFreezes(store, clock);
  const journal = createPayoutJournal(store);
  const checks = createChecks({
    team,
    payers,
    balances,
    freezes,
    payouts: journal.records,
    clock,
  });
  const revisions = createRevisions({ team, payers, payees, journal, clock });
  const claims = createClaims(store, log);
  const turns = createTurns(store);
  const executor = createExecutor({
    turns,
    claims,
    memory: store,
    payers,
    revisions,
    checks,
    journal,
    clock,
    log,
    callbackUrlFor: deps.callbackUrlFor,
  });
  const underWay = new Set<Promise<void>>();
  const runLater = (work: () => Promise<void>) => {
    const running = work()
      .catch((error: unknown) => log.error({ err: error }, 'work in the background failed'))
      .finally(() => underWay.delete(running));
    underWay.add(running);
  };
  const desk = createPayoutDesk({
    team,
    payers,
    checks,
    journal,
    revisions,
    executor,
    previews: createPreviewComposer({
      team,
      payers,
      payees,
      checks,
      clock,
      referencePrefix: deps.referencePrefix,
    }),
    turns,
    memory: store,
    clock,
    newId: deps.newId,
    runLater,
  });
  const followUp = createFollowUp({
    team,
    payers,
    journal,
    executor,
    claims,
    clock,
    log,
    notify: deps.notify,
  });
  freezes.subscribe(({ isFrozen }) => {
    if (!isFrozen) runLater(() => followUp.resume());
  });
  return {
    desk,
    payees,
    freezes,
    payers,
    followUp,
    journal,
    ...createAuditReader(store),
    async settle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
