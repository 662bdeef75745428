// What people do with payouts: ask, decide, cancel, close. Everything they are told before they act
// is worked out here; who may do what to which state is the lifecycle's business.
import { UserError } from '../errors.ts';
import { type Money, parseTypedAmount, rescale, toDecimalText } from '../money.ts';
import { findNearest } from '../nearest.ts';
import type { Team } from '../team.ts';
import type { Checks, Funds, Payer } from './checks.ts';
import { hashContent, parseToken, referenceFor } from './content.ts';
import { type Executor, toProviderNote } from './executor.ts';
import type { Applied, PayoutJournal } from './journal.ts';
import { durationMs, findDuplicates } from './limits.ts';
import { maskFields, type Payee, type Payees } from './payees.ts';
import { findRequirement } from './policy.ts';
import type { Payout, PayoutContent, Place, Requirement, Shown, Verdict } from './types.ts';

export interface PayoutRequest {
  readonly provider: string;
  /** As typed. */
  readonly amount: string;
  readonly currency: string;
  readonly payee: string;
  readonly note: string;
}

/** Everything that the requester sees before the request is posted. */
export interface Preview {
  readonly id: string;
  readonly content: PayoutContent;
  readonly amount: Money;
  readonly payee: Payee;
  readonly requirement: Requirement;
  readonly duplicates: readonly Payout[];
  readonly funds: Funds;
  readonly shown: Shown;
}

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
  find(id: string): Promise<Payout | undefined>;
  listOpen(): Promise<Payout[]>;
  listSince(sinceMs: number, rowsMax: number): Promise<Payout[]>;
}

export interface PayoutDeskDeps {
  readonly team: Team;
  readonly payers: ReadonlyMap<string, Payer>;
  readonly payees: Payees;
  readonly checks: Checks;
  readonly journal: PayoutJournal;
  readonly executor: Executor;
  readonly clock: { now(): number };
  /** `[A-Z0-9]{8}`, unguessable. */
  newId(): string;
  /** Goes on after the answer; its failures are logged by whoever runs it. */
  runLater(work: () => Promise<void>): void;
  /** Begins every merchant reference; at most 4 letters. */
  readonly referencePrefix: string;
}

const previewsMax = 500;
const previewLifeMs = 30 * 60_000;
const noteLengthMax = 140;

export function createPayoutDesk(deps: PayoutDeskDeps): PayoutDesk {
  const { team, payers, payees, checks, journal, executor, clock } = deps;
  const previews = new Map<string, { request: PayoutRequest; person: string; atMs: number }>();

  async function compose(id: string, request: PayoutRequest, person: string): Promise<Preview> {
    const payer = findPayer(request.provider);
    const payee = await findPayee(request.payee, payer);
    const active = payee.active;
    if (active === undefined) {
      throw new UserError(
        `${payee.id} waits for a second person’s approval before it can be paid.`,
      );
    }
    const route = payer.payouts.routes.find((one) => one.id === active.route);
    if (route === undefined || !route.currencies.includes(request.currency)) {
      throw new UserError(
        `${payee.id} is paid by ${route?.label ?? active.route}, in ${route?.currencies.join(' or ') ?? 'no currency'} only.`,
      );
    }
    const amount = readAmount(request, payer);
    const note = readNote(request.note);
    const content: PayoutContent = {
      provider: payer.id,
      route: route.id,
      account: await payer.payouts.accountFor(route.id, request.currency),
      amount: toDecimalText(amount),
      currency: request.currency,
      payee: { id: payee.id, version: active.version },
      reference: referenceFor(id, deps.referencePrefix),
      note,
    };
    const freeze = await checks.findFreeze(payer.id);
    if (freeze !== undefined) throw new UserError(freeze);
    const exceeded = await checks.findExceeded(content, person, undefined);
    if (exceeded.length > 0) throw new UserError(exceeded.join(' '));
    const recent = await checks.listRecent();
    const duplicates = findDuplicates(
      {
        id: undefined,
        provider: payer.id,
        requester: person,
        amount,
        nowMs: clock.now(),
        payee: payee.id,
      },
      recent,
    );
    const policy = findRequirement(team, {
      provider: payer.id,
      providerName: payer.name,
      amount,
      requester: person,
      isPossibleDuplicate: duplicates.length > 0,
    });
    if (!policy.ok) throw new UserError(policy.why);
    const funds = await checks.checkFunds(content, undefined);
    if (!funds.ok) throw new UserError(funds.why);
    await payer.payouts.validate?.({
      reference: content.reference,
      amount,
      route: route.id,
      payeeName: active.name,
      fields: active.fields,
      note: toProviderNote(note),
      requestedOn: new Date(clock.now()).toISOString().slice(0, 10),
    });
    const { requirement } = policy;
    const shown: Shown = {
      providerName: payer.name,
      payeeName: active.name,
      routeLabel: route.label,
      payeeFields: maskFields(route, active.fields),
      available: toDecimalText(funds.funds.available),
      after: toDecimalText(funds.funds.after),
    };
    return { id, content, amount, payee, requirement, duplicates, funds: funds.funds, shown };
  }

  function findPayer(id: string): Payer {
    const payer = payers.get(id);
    if (payer !== undefined) return payer;
    const names = [...payers.values()].map(({ name }) => name);
    throw new UserError(`${id} cannot pay here. Providers that can: ${names.join(', ')}.`);
  }

  async function findPayee(id: string, payer: Payer): Promise<Payee> {
    const payee = await payees.find(id.toLowerCase());
    if (payee === undefined || payee.isRemoved) {
      const known = (await payees.list()).map((one) => one.id);
      const nearest = findNearest(id, known);
      throw new UserError(
        `There is no payee “${id.slice(0, 40)}”. ${
          nearest === undefined ? 'Save one with /payee add.' : `Did you mean ${nearest}?`
        }`,
      );
    }
    const provider = (payee.active ?? payee.proposed)?.provider;
    if (provider !== payer.id) {
      throw new UserError(`${payee.id} is a payee at ${provider}, not at ${payer.name}.`);
    }
    return payee;
  }

  function readAmount(request: PayoutRequest, payer: Payer): Money {
    const decimals = payer.payouts.decimalsOf(request.currency);
    if (decimals === undefined) {
      throw new UserError(
        `${payer.name} cannot pay in ${request.currency} here: its accounts or their unit are not configured for it.`,
      );
    }
    const typed = parseTypedAmount(request.amount, request.currency);
    if (typed.units <= 0n) throw new UserError('The amount must be more than zero.');
    return rescale(typed, decimals);
  }

  async function decideLater(applied: Applied): Promise<Applied> {
    if (applied.ok && applied.payout.state === 'approved') {
      deps.runLater(() => executor.send(applied.payout.id));
    }
    return applied;
  }

  return {
    async preview(request, person) {
      const id = deps.newId();
      const preview = await compose(id, request, person);
      previews.set(id, { request, person, atMs: clock.now() });
      const oldest = previews.keys().next();
      if (previews.size > previewsMax && !oldest.done) previews.delete(oldest.value);
      return preview;
    },
    async post(previewId, person, place) {
      const seen = previews.get(previewId);
      if (seen === undefined || seen.person !== person) {
        const posted = await journal.find(previewId);
        // The same click again: the request is there already.
        if (posted?.requestedBy === person) return posted;
        throw new UserError('This preview is no longer open. Ask for the payout again.');
      }
      if (clock.now() - seen.atMs > previewLifeMs) {
        throw new UserError('This preview is too old. Ask for the payout again.');
      }
      const { content, requirement, duplicates, shown } = await compose(
        previewId,
        seen.request,
        person,
      );
      const payout: Payout = {
        id: previewId,
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
      await journal.insert(payout, { person, place });
      previews.delete(previewId);
      return payout;
    },
    async approve(token, person, place) {
      const payout = await findByToken(token);
      const event = {
        type: 'approve',
        person,
        contentHash: payout.hash,
        atMs: clock.now(),
      } as const;
      // Whether this person may decide at all comes before what the provider or the limits say.
      const refusal = await findApprovalObstacle(payout.payout, person);
      if (refusal !== undefined) throw new UserError(refusal);
      return decideLater(await journal.apply(payout.payout.id, event, { person, place }));
    },
    async reject(token, person, place, reason) {
      const { payout } = await findByToken(token);
      const event = {
        type: 'reject',
        person,
        reason: readReason(reason),
        atMs: clock.now(),
      } as const;
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
      const atMs = clock.now();
      const event = { type: 'close', person, verdict, reason: readReason(reason), atMs } as const;
      return journal.apply(id, event, { person, place });
    },
    isClosable,
    find: (id) => journal.find(id),
    listOpen: () => journal.records.listOpen(),
    listSince: (sinceMs, rowsMax) => journal.records.listSince(sinceMs, rowsMax),
  };

  function isClosable(payout: Payout): boolean {
    const isAskable = payers.get(payout.content.provider)?.payouts.getStatus !== undefined;
    return isUnderWay(payout) && (!isAskable || payout.alarmedAtMs !== undefined);
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

  /** Limits, balance and freeze are checked again for those who may approve now. */
  async function findApprovalObstacle(payout: Payout, person: string): Promise<string | undefined> {
    const isDeciding =
      payout.state === 'requested' &&
      payout.requestedBy !== person &&
      payout.requirement.from.includes(person);
    if (!isDeciding) return undefined;
    const exceeded = await checks.findExceeded(payout.content, payout.requestedBy, payout.id);
    if (exceeded.length > 0) return `It cannot be approved now. ${exceeded.join(' ')}`;
    const funds = await checks.checkFunds(payout.content, payout.id);
    return funds.ok ? undefined : `It cannot be approved now. ${funds.why}`;
  }
}

function isUnderWay({ state }: Payout): boolean {
  return state === 'unknown' || state === 'submitted';
}

function readNote(text: string): string {
  const note = text.trim();
  if (note.length > noteLengthMax) {
    throw new UserError(
      `The note has ${note.length} characters; at most ${noteLengthMax} are kept.`,
    );
  }
  return note;
}

function readReason(text: string): string {
  const reason = text.trim();
  if (reason.length < 3 || reason.length > 300) {
    throw new UserError(
      'Say why in 3 to 300 characters; it goes on the card and into the audit log.',
    );
  }
  return reason;
}
