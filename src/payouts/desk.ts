// What people do with payouts: ask, decide, cancel, close. Everything they are told before they act
// is worked out here; who may do what to which state is the lifecycle's business.
import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Store } from '../store/types.ts';
import type { Team } from '../team.ts';
import type { Checks, Payer } from './checks.ts';
import { amountOf, hashContent, parseToken } from './content.ts';
import type { Executor } from './executor.ts';
import { checkReason } from './freezes.ts';
import type { Applied, PayoutJournal } from './journal.ts';
import { durationMs } from './limits.ts';
import { findRequirement } from './policy.ts';
import type { PayoutRequest, Preview, PreviewComposer } from './preview.ts';
import type { Revisions } from './revision.ts';
import type { Turns } from './turns.ts';
import type { Payout, Place, Verdict } from './types.ts';

export interface PayoutDesk {
  /** Throws `UserError` with what is wrong and what to do; `ProviderError` from a format check. */
  preview(request: PayoutRequest, person: string): Promise<Preview>;
  /** Checks everything again and stores the request. Only by the person who saw the preview. */
  post(previewId: string, person: string, place: Place): Promise<Payout>;
  /** `token` is what the button carries. */
  approve(token: string, person: string, place: Place): Promise<Applied>;
  reject(token: string, person: string, place: Place, reason: string): Promise<Applied>;
  cancel(id: string, person: string, place: Place): Promise<Applied>;
  close(
    id: string,
    verdict: Verdict,
    person: string,
    place: Place,
    reason: string,
  ): Promise<Applied>;
  /** Two people may say how it ended: nobody else can, or has for too long. */
  isClosable(payout: Payout): boolean;
  /** Those two are among these: whoever may approve today, and never the requester. */
  listClosers(payout: Payout): string[];
  find(id: string): Promise<Payout | undefined>;
  listOpen(): Promise<Payout[]>;
  listSince(sinceMs: number, rowsMax: number): Promise<Payout[]>;
}

export interface PayoutDeskDeps {
  readonly team: Team;
  readonly payers: ReadonlyMap<string, Payer>;
  readonly checks: Checks;
  readonly journal: PayoutJournal;
  readonly revisions: Revisions;
  readonly executor: Executor;
  readonly previews: PreviewComposer;
  readonly turns: Turns;
  readonly memory: Pick<Store, 'remember' | 'recall'>;
  readonly clock: { now(): number };
  /** `[A-Z0-9]{8}`, unguessable. */
  newId(): string;
  /** Goes on after the answer; its failures are logged by whoever runs it. */
  runLater(work: () => Promise<void>): void;
}

/** What a person was shown, whichever replica showed it. */
const seenSchema = z.object({
  request: z.object({
    provider: z.string(),
    amount: z.string(),
    currency: z.string(),
    payee: z.string(),
    note: z.string(),
  }),
  person: z.string(),
  contentHash: z.string(),
});

const previewLifeMs = 30 * 60_000;
const previewOf = (id: string) => `preview ${id}`;

export function createPayoutDesk(deps: PayoutDeskDeps): PayoutDesk {
  const { team, payers, checks, journal, revisions, executor, turns, memory, clock } = deps;

  async function post(previewId: string, person: string, place: Place): Promise<Payout> {
    // The same click again, or after an answer that was lost: the request is there already.
    const posted = await journal.find(previewId);
    if (posted?.requestedBy === person) return posted;
    const seen = seenSchema.safeParse(await memory.recall(previewOf(previewId))).data;
    if (seen === undefined || seen.person !== person) {
      throw new UserError('This preview is no longer open. Ask for the payout again.');
    }
    const preview = await deps.previews.compose(previewId, seen.request, person);
    if (hashContent(preview.content) !== seen.contentHash) {
      throw new UserError('The payee has changed since this preview. Ask for the payout again.');
    }
    // One after the other: two at once would not see each other as duplicates, nor in the limits.
    return turns('post', async (guard) => {
      const known = await journal.find(previewId);
      if (known !== undefined) return known;
      const payout = toPayout(await deps.previews.recheck(preview, person), person, place);
      // Before it can be found: whoever looks for work must not take it for one of an earlier start.
      await executor.vouch(payout.id);
      await journal.insert(payout, { person, place }, guard);
      return payout;
    });
  }

  function toPayout(preview: Preview, person: string, place: Place): Payout {
    const { id, content, requirement, duplicates, shown } = preview;
    return {
      id,
      state: 'requested',
      content,
      contentHash: hashContent(content),
      requestedBy: person,
      requestedAtMs: clock.now(),
      place,
      requirement,
      shown,
      duplicates: duplicates.map((one) => one.id),
      decisions: [],
      expiresAtMs: clock.now() + durationMs(team.expiry.after),
      reminders: 0,
      evidence: [],
      closures: [],
    };
  }

  return {
    async preview(request, person) {
      const id = deps.newId();
      const preview = await deps.previews.compose(id, request, person);
      const contentHash = hashContent(preview.content);
      await memory.remember(
        previewOf(id),
        { request: { ...request }, person, contentHash },
        previewLifeMs,
      );
      return preview;
    },
    post,
    async approve(token, person, place) {
      const { payout, hash } = await findByToken(token);
      const atMs = clock.now();
      const event = { type: 'approve', person, contentHash: hash, atMs } as const;
      // Whether this person may decide at all comes before what the provider or the limits say.
      const isDeciding = payout.state === 'requested' && mayDecide(payout, person);
      const why = isDeciding ? await findApprovalObstacle(payout) : undefined;
      if (why !== undefined) throw new UserError(`It cannot be approved now. ${why}`);
      const applied = await journal.apply(payout.id, event, { person, place });
      if (applied.ok && applied.payout.state === 'approved') {
        deps.runLater(() => executor.send(payout.id));
      }
      return applied;
    },
    async reject(token, person, place, reason) {
      const { payout } = await findByToken(token);
      const atMs = clock.now();
      const event = { type: 'reject', person, reason: checkReason(reason), atMs } as const;
      if (mayDecide(payout, person)) await revisions.revise(payout);
      return journal.apply(payout.id, event, { person, place });
    },
    cancel: (id, person, place) =>
      journal.apply(id, { type: 'cancel', person, atMs: clock.now() }, { person, place }),
    async close(id, verdict, person, place, reason) {
      const payout = await journal.find(id);
      if (payout !== undefined && isUnderWay(payout) && !isClosable(payout)) {
        throw new UserError(
          `${payout.shown.providerName} is still being asked how it ended. People can close it when that takes too long.`,
        );
      }
      const closers = payout === undefined ? [] : listClosers(payout);
      const event = {
        type: 'close',
        person,
        verdict,
        closers,
        reason: checkReason(reason),
        atMs: clock.now(),
      } as const;
      return journal.apply(id, event, { person, place });
    },
    isClosable,
    listClosers,
    find: (id) => journal.find(id),
    listOpen: () => journal.records.listOpen(),
    listSince: (sinceMs, rowsMax) => journal.records.listSince(sinceMs, rowsMax),
  };

  function isClosable(payout: Payout): boolean {
    const isAskable = payers.get(payout.content.provider)?.payouts.getStatus !== undefined;
    return isUnderWay(payout) && (!isAskable || payout.alarmedAtMs !== undefined);
  }

  function listClosers({ content, requestedBy, shown }: Payout): string[] {
    const policy = findRequirement(team, {
      provider: content.provider,
      providerName: shown.providerName,
      amount: amountOf(content),
      requester: requestedBy,
      isPossibleDuplicate: false,
    });
    const named = policy.ok ? policy.requirement.from : [];
    const people = team.people.filter(
      ({ id, roles }) => roles.includes('approver') || named.includes(id),
    );
    return people.map(({ id }) => id).filter((id) => id !== requestedBy);
  }

  async function findByToken(token: string): Promise<{ payout: Payout; hash: string }> {
    const parsed = parseToken(token);
    const payout = parsed === undefined ? undefined : await journal.find(parsed.id);
    if (parsed === undefined || payout === undefined) {
      throw new UserError(
        'Purser does not know this button. Look the payout up with /payout list.',
      );
    }
    const isCurrent = payout.contentHash.startsWith(parsed.hashStart);
    return { payout, hash: isCurrent ? payout.contentHash : parsed.hashStart };
  }

  /** A freeze, the payee, the rules, the limits and the balance, as they are now. */
  async function findApprovalObstacle(payout: Payout): Promise<string | undefined> {
    const freeze = await checks.findFreeze(payout.content.provider);
    if (freeze !== undefined) return freeze;
    const revision = await revisions.revise(payout);
    if (revision.kind === 'stopped') return revision.why;
    const exceeded = await checks.findExceeded(payout.content, payout.requestedBy, payout.id);
    if (exceeded.length > 0) return exceeded.join(' ');
    const funds = await checks.checkFunds(payout.content, payout.id);
    return funds.ok ? undefined : funds.why;
  }
}

function mayDecide({ state, requestedBy, requirement }: Payout, person: string): boolean {
  const isOpen = state === 'requested' || state === 'approved';
  return isOpen && requestedBy !== person && requirement.from.includes(person);
}

function isUnderWay({ state }: Payout): boolean {
  return state === 'unknown' || state === 'submitted';
}
