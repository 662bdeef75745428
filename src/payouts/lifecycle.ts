// The life of a payout as a pure function: a state and an event give the next state or a refusal.
// No clock, no store, no provider; every rule of who may do what to a payout stands here.
import type { PayoutNews } from '../providers/payouts.ts';
import { hashContent } from './content.ts';
import { toEvidence, wasTaken, withReason, witness } from './evidence.ts';
import {
  type Closure,
  type Decision,
  finalStates,
  type Payout,
  type PayoutContent,
  type PayoutState,
  type Requirement,
  type Shown,
  type Verdict,
} from './types.ts';

interface By {
  readonly person: string;
  readonly atMs: number;
}

export type PayoutEvent =
  | ({ readonly type: 'approve'; readonly contentHash: string } & By)
  | ({ readonly type: 'reject'; readonly reason: string } & By)
  | ({ readonly type: 'cancel' } & By)
  | ({
      readonly type: 'close';
      readonly verdict: Verdict;
      readonly reason: string;
      /** Ids of those who may close it as the team is today. */
      readonly closers: readonly string[];
    } & By)
  | { readonly type: 'expire'; readonly atMs: number }
  | {
      /** Something that was approved has changed: everybody decides anew. */
      readonly type: 'revise';
      readonly atMs: number;
      readonly content: PayoutContent;
      readonly contentHash: string;
      readonly requirement: Requirement;
      /** Said on the card: what people agreed to can look the same. */
      readonly reason: string;
      readonly shown: Shown;
    }
  | { readonly type: 'block'; readonly reason: string; readonly atMs: number }
  | { readonly type: 'start_sending'; readonly atMs: number }
  /** Asked before sending, the provider knows it: it must have been sent before. */
  | { readonly type: 'found'; readonly news: PayoutNews; readonly atMs: number }
  /** The call was stopped at the last moment, before anything went out. */
  | { readonly type: 'hold'; readonly reason: string; readonly atMs: number }
  /** The provider said no, or was never reached: it is certain that nothing happened. */
  | { readonly type: 'refused'; readonly atMs: number; readonly reason: string }
  /** Nobody can say whether the provider acted. */
  | {
      readonly type: 'doubt';
      readonly atMs: number;
      readonly from: 'create' | 'restart';
      readonly reason: string;
    }
  | {
      readonly type: 'news';
      readonly atMs: number;
      readonly from: 'create' | 'status' | 'webhook';
      readonly news: PayoutNews;
    };

export type Refusal =
  /** Nobody decides on their own request. */
  | 'own_request'
  | 'not_an_approver'
  | 'not_the_requester'
  /** The same click again: nothing is wrong, nothing happens. */
  | 'already_done'
  | 'content_changed'
  | 'expired'
  /** The other one of two people must be somebody else. */
  | 'needs_another_person'
  /** The provider took it: that it was never sent cannot be. */
  | 'was_taken'
  | 'wrong_state';

export type Step =
  | { readonly ok: true; readonly payout: Payout }
  | { readonly ok: false; readonly refusal: Refusal };

export function step(payout: Payout, event: PayoutEvent): Step {
  switch (event.type) {
    case 'approve':
      return approve(payout, event);
    case 'reject':
      return reject(payout, event);
    case 'cancel':
      return cancel(payout, event);
    case 'close':
      return close(payout, event);
    case 'expire':
      if (!isUndecided(payout) || event.atMs < payout.expiresAtMs) return refuse('wrong_state');
      return end(payout, 'expired', event.atMs);
    case 'revise':
      if (!isUndecided(payout)) return refuse('wrong_state');
      return ok({
        ...settled(payout),
        state: 'requested',
        content: event.content,
        contentHash: event.contentHash,
        requirement: event.requirement,
        shown: event.shown,
        decisions: [],
        evidence: withReason(payout, event),
      });
    case 'block':
      if (payout.state !== 'approved') return refuse('wrong_state');
      return ok({ ...payout, blocked: event.reason });
    case 'start_sending':
      // The provider is called after this alone; `sentAtMs` stays, so it cannot happen twice.
      if (payout.state !== 'approved' || payout.sentAtMs !== undefined || !isAgreed(payout)) {
        return refuse('wrong_state');
      }
      return ok({ ...settled(payout), state: 'sending', sentAtMs: event.atMs });
    case 'found':
      if (payout.state !== 'approved' || payout.sentAtMs !== undefined) {
        return refuse('wrong_state');
      }
      return ok({
        ...witness(settled(payout), toEvidence(event.news, 'status', event.atMs)),
        state: 'unknown',
        sentAtMs: event.atMs,
      });
    case 'hold':
      return hold(payout, event.reason);
    case 'refused':
      if (payout.state !== 'sending') return refuse('wrong_state');
      return end(
        witness(payout, {
          atMs: event.atMs,
          from: 'create',
          state: 'rejected',
          providerStatus: 'refused',
          reason: event.reason,
        }),
        'failed',
        event.atMs,
      );
    case 'doubt':
      if (payout.state !== 'sending') return refuse('wrong_state');
      return ok({
        ...witness(payout, {
          atMs: event.atMs,
          from: event.from,
          state: 'unknown',
          providerStatus: 'no clear answer',
          reason: event.reason,
        }),
        state: 'unknown',
      });
    case 'news':
      return learn(payout, event);
  }
}

/** Looked at once more, whatever the state says: so many different people, and exactly this. */
function isAgreed({ content, contentHash, requirement, decisions, requestedBy }: Payout): boolean {
  const agreed = decisions.filter(
    (one) =>
      one.kind === 'approve' && one.contentHash === contentHash && one.person !== requestedBy,
  );
  const people = new Set(agreed.map(({ person }) => person));
  return people.size >= Math.max(1, requirement.need) && hashContent(content) === contentHash;
}

function hold(payout: Payout, reason: string): Step {
  if (payout.state !== 'sending') return refuse('wrong_state');
  const { sentAtMs: _sentAtMs, ...rest } = payout;
  return ok({ ...rest, state: 'approved', blocked: reason });
}

/** Nothing has been sent yet: it can still be stopped. */
function isUndecided({ state }: Payout): boolean {
  return state === 'requested' || state === 'approved';
}

function approve(payout: Payout, event: Extract<PayoutEvent, { type: 'approve' }>): Step {
  if (event.person === payout.requestedBy) return refuse('own_request');
  if (!payout.requirement.from.includes(event.person)) return refuse('not_an_approver');
  const isRepeated = payout.decisions.some(
    ({ person, contentHash }) => person === event.person && contentHash === event.contentHash,
  );
  if (isRepeated) return refuse('already_done');
  if (payout.state !== 'requested') return refuse('wrong_state');
  if (event.atMs >= payout.expiresAtMs) return refuse('expired');
  if (event.contentHash !== payout.contentHash) return refuse('content_changed');
  const decision: Decision = {
    person: event.person,
    kind: 'approve',
    atMs: event.atMs,
    contentHash: event.contentHash,
  };
  const decisions = [...payout.decisions, decision];
  const isEnough = decisions.length >= payout.requirement.need;
  return ok({ ...payout, decisions, state: isEnough ? 'approved' : 'requested' });
}

/** One no is enough, until it is sent. */
function reject(payout: Payout, event: Extract<PayoutEvent, { type: 'reject' }>): Step {
  if (event.person === payout.requestedBy) return refuse('own_request');
  if (!payout.requirement.from.includes(event.person)) return refuse('not_an_approver');
  if (!isUndecided(payout)) return refuse('wrong_state');
  const decision: Decision = {
    person: event.person,
    kind: 'reject',
    atMs: event.atMs,
    contentHash: payout.contentHash,
    reason: event.reason,
  };
  return end({ ...payout, decisions: [...payout.decisions, decision] }, 'rejected', event.atMs);
}

function cancel(payout: Payout, event: Extract<PayoutEvent, { type: 'cancel' }>): Step {
  if (event.person !== payout.requestedBy) return refuse('not_the_requester');
  if (!isUndecided(payout)) return refuse('wrong_state');
  return end({ ...payout, cancelledBy: event.person }, 'cancelled', event.atMs);
}

/** Two people who are not the requester say the same about what no query can resolve. */
function close(payout: Payout, event: Extract<PayoutEvent, { type: 'close' }>): Step {
  if (payout.state !== 'unknown' && payout.state !== 'submitted') return refuse('wrong_state');
  if (event.person === payout.requestedBy) return refuse('own_request');
  if (!event.closers.includes(event.person)) return refuse('not_an_approver');
  if (event.verdict === 'not_sent' && wasTaken(payout)) return refuse('was_taken');
  const closure: Closure = {
    person: event.person,
    verdict: event.verdict,
    reason: event.reason,
    atMs: event.atMs,
  };
  // The latest word of each person counts; any two who say the same decide.
  const own = payout.closures.find(({ person }) => person === event.person);
  if (own?.verdict === event.verdict) return refuse('needs_another_person');
  const others = payout.closures.filter((one) => one !== own);
  const closures = [...others, closure];
  const isShared = others.some(
    ({ person, verdict }) => verdict === event.verdict && event.closers.includes(person),
  );
  if (!isShared) return ok({ ...payout, closures });
  const seen = witness(payout, {
    atMs: event.atMs,
    from: 'people',
    state: event.verdict,
    providerStatus: 'closed by two people',
    reason: event.reason,
  });
  return end({ ...seen, closures }, event.verdict, event.atMs);
}

function learn(payout: Payout, event: Extract<PayoutEvent, { type: 'news' }>): Step {
  const { news, atMs, from } = event;
  if (isUndecided(payout)) return refuse('wrong_state');
  if (payout.state === 'sending' && from !== 'create') return refuse('wrong_state');
  const evidence = toEvidence(news, from, atMs);
  const last = payout.evidence.at(-1);
  const isKnown = last?.state === news.state && last.providerStatus === news.providerStatus;
  const seen = isKnown ? payout : witness(payout, evidence);
  const known: Payout =
    news.providerReference === undefined || seen.providerReference !== undefined
      ? seen
      : { ...seen, providerReference: news.providerReference };
  if (finalStates.has(payout.state)) return learnLate(known, news, atMs);
  switch (news.state) {
    case 'paid':
    case 'failed':
    case 'returned':
      return end(known, news.state, atMs);
    case 'submitted':
      if (known === payout && payout.state === 'submitted') return refuse('already_done');
      if (payout.state === 'submitted') return ok(known);
      return ok({ ...unheard(known), state: 'submitted' });
    case 'unresolved':
    case 'not_found':
      // Neither proves anything: what was submitted stays so, what is in doubt stays in doubt.
      if (known === payout && payout.state !== 'sending') return refuse('already_done');
      return ok({ ...known, state: payout.state === 'sending' ? 'unknown' : payout.state });
  }
}

/** A final state changes only from paid to returned; what contradicts it is shown, not believed. */
function learnLate(payout: Payout, news: PayoutNews, atMs: number): Step {
  if (payout.state === 'paid' && news.state === 'returned') return end(payout, 'returned', atMs);
  const isContradiction =
    (news.state === 'paid' && payout.state !== 'paid') ||
    (news.state === 'failed' && payout.state === 'paid') ||
    (news.state === 'returned' && payout.state !== 'returned') ||
    // It is on its way although Purser believes that nothing will leave.
    (news.state === 'submitted' && payout.state !== 'paid' && payout.state !== 'returned');
  if (!isContradiction || payout.disputed !== undefined) return refuse('already_done');
  return ok({
    ...payout,
    disputed: `It ended as ${payout.state}, but the provider now says ${news.providerStatus}.`,
  });
}

/** What people said, and the alarm, were about a state that has changed since. */
function unheard(payout: Payout): Payout {
  const { alarmedAtMs: _alarmedAtMs, ...rest } = payout;
  return { ...rest, closures: [] };
}

function end(payout: Payout, state: PayoutState, atMs: number): Step {
  return ok({ ...settled(payout), state, endedAtMs: atMs });
}

/** No longer waiting for anything. */
function settled(payout: Payout): Payout {
  const { blocked: _blocked, nextCheckAtMs: _nextCheckAtMs, ...rest } = payout;
  return rest;
}

function ok(payout: Payout): Step {
  return { ok: true, payout };
}

function refuse(refusal: Refusal): Step {
  return { ok: false, refusal };
}
