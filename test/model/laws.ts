// What must hold, said a second time and apart from src/payouts: from what was clicked, from what
// became durable and from the books of the providers. Each law is checked in the moment in which
// it could be broken: at a commit, at a call. What is found is collected, because a throw would
// reach the code under test.
import { toDecimalText } from '../../src/money.ts';
import { type Payee, tokenOf } from '../../src/payouts/index.ts';
import { finalStates, type Payout, type PayoutState } from '../../src/payouts/types.ts';
import type { PayoutOrder } from '../../src/providers/payouts.ts';
import { canonicalJson } from '../../src/store/index.ts';
import type { AuditFacts, Json } from '../../src/store/types.ts';
import type { ReferenceData } from '../store/reference-store.ts';
import type { Books } from './books.ts';
import { approvers, limitUnits, needFor, type Person, people } from './people.ts';

export interface Laws {
  /** Sentences; empty as long as nothing was broken. */
  readonly broken: string[];
  /** What a person did, before anything came of it: `approve bob P00000001.0123456789abcdef`. */
  click(...words: readonly (string | number)[]): void;
  /** What a person asked for. */
  request(id: string, asked: Asked): void;
  onCommit(kind: string, before: Json | undefined, after: Json, audit: readonly AuditFacts[]): void;
  onCall(provider: string, order: PayoutOrder): void;
  breakWith(sentence: string): void;
}

export interface Asked {
  readonly person: Person;
  readonly provider: string;
  readonly payee: string;
  /** `90.00` */
  readonly amount: string;
}

export interface LawsDeps {
  readonly data: ReferenceData;
  /** The latest that any clock of Purser ever showed. */
  latest(): number;
  books(): readonly Books[];
}

/** After the provider was called, nothing else can become of a payout. */
const statesAfterCall: ReadonlySet<PayoutState> = new Set([
  'sending',
  'submitted',
  'unknown',
  'paid',
  'returned',
  'failed',
  'not_sent',
]);
const dayMs = 24 * 3_600_000;

export function createLaws({ data, latest, books }: LawsDeps): Laws {
  const broken: string[] = [];
  const clicks: string[] = [];
  const asked = new Map<string, Asked>();
  /** `<payee> <version>` to the account number that was proposed with it. */
  const accounts = new Map<string, string | undefined>();

  const law = (isKept: boolean, sentence: string) => {
    if (!isKept) broken.push(sentence);
  };
  const isClicked = (...words: readonly (string | number)[]) => clicks.includes(words.join(' '));
  const isCalled = (reference: string) => books().some(({ calls }) => calls.includes(reference));
  const find = (kind: string, isIt: (value: Json) => boolean) =>
    data.records.find((record) => record.kind === kind && isIt(record.value));
  const isSecond = (payout: Payout, person: string) =>
    person !== payout.requestedBy && approvers.some((one) => one === person);

  return {
    broken,
    click: (...words) => void clicks.push(words.join(' ')),
    request: (id, what) => void asked.set(id, what),
    breakWith: (sentence) => void broken.push(sentence),
    onCommit(kind, before, after, audit) {
      if (kind === 'payout') judgePayout(as(before), as<Payout>(after), audit);
      if (kind === 'payee') judgePayee(as(before), as<Payee>(after));
      if (kind === 'freeze') judgeFreeze(as(before), as<FreezeFacts>(after), audit);
    },
    onCall: judgeCall,
  };

  function judgePayout(before: Payout | undefined, after: Payout, audit: readonly AuditFacts[]) {
    const { id, state } = after;
    const isMoved = before?.state !== state;
    law(
      !isMoved || audit.some((facts) => facts['payout'] === id),
      `${id} became ${state} without a line in the audit log`,
    );
    if (before === undefined) judgeRequest(after);
    else judgeChange(before, after);
    if (isCalled(after.content.reference)) {
      law(statesAfterCall.has(state), `${id} was sent, and then became ${state}`);
      law(after.sentAtMs !== undefined, `${id} was sent, and then forgot it`);
    }
    for (const { person, kind } of after.decisions) {
      law(isSecond(after, person), `${person} may not decide on ${id}`);
      const what = kind === 'approve' ? tokenOf(after) : id;
      law(isClicked(kind, person, what), `${person} never clicked ${kind} for ${what}`);
    }
    if (isMoved) judgeMove(after);
  }

  /** Whatever is like it and may still be paid was seen, or is counted out by its age. */
  function judgeRequest({ id, content, duplicates, requestedAtMs }: Payout) {
    for (const { kind, value } of data.records) {
      if (kind !== 'payout' || as<Payout>(value).id === id) continue;
      const other = as<Payout>(value);
      const isAlike =
        other.content.payee.id === content.payee.id && other.content.amount === content.amount;
      const isRecent = other.requestedAtMs > requestedAtMs - dayMs;
      const isOver = finalStates.has(other.state) && other.state !== 'paid';
      if (!isAlike || !isRecent || isOver) continue;
      law(duplicates.includes(other.id), `${id} is like ${other.id}, and does not say so`);
    }
  }

  function judgeChange(before: Payout, after: Payout) {
    const { id, content } = after;
    law(content.reference === before.content.reference, `the reference of ${id} changed`);
    law(after.requestedBy === before.requestedBy, `the requester of ${id} changed`);
    const isSame = canonicalJson(content) === canonicalJson(before.content);
    law(
      isSame || (after.decisions.length === 0 && after.contentHash !== before.contentHash),
      `the content of ${id} changed, but not its approvals`,
    );
    const isReturn = before.state === 'paid' && after.state === 'returned';
    law(
      !finalStates.has(before.state) || after.state === before.state || isReturn,
      `${id} was ${before.state} for good, and then became ${after.state}`,
    );
  }

  function judgeMove(payout: Payout) {
    const { id, state } = payout;
    const last = payout.decisions.at(-1);
    switch (state) {
      case 'approved':
        judgeApprovals(payout);
        return;
      case 'rejected':
        law(last?.kind === 'reject', `nobody rejected ${id}`);
        return;
      case 'cancelled':
        law(isClicked('cancel', payout.requestedBy, id), `its requester never cancelled ${id}`);
        return;
      case 'expired':
        law(latest() >= payout.expiresAtMs, `${id} expired before its time`);
        return;
      case 'paid':
      case 'failed':
      case 'returned':
      case 'not_sent':
        judgeEnd(payout, state);
        return;
      default:
        return;
    }
  }

  function judgeApprovals(payout: Payout) {
    const { id, decisions, contentHash } = payout;
    const agreed = new Set(
      decisions
        .filter((one) => one.kind === 'approve' && one.contentHash === contentHash)
        .map(({ person }) => person),
    );
    const need = needFor(payout.content.provider, payout.content.amount, payout.duplicates.length);
    law(agreed.size >= need, `${id} is ${payout.state} with ${agreed.size} of ${need} approvals`);
  }

  function judgeEnd(payout: Payout, state: 'paid' | 'failed' | 'returned' | 'not_sent') {
    const { id, content, closures } = payout;
    const provider = books().find((one) => one.id === content.provider);
    const booked = provider?.listFor(content.reference) ?? [];
    const closers = new Set(
      closures
        .filter(({ person, verdict }) => verdict === state && isClicked('close', person, id, state))
        .map(({ person }) => person)
        .filter((person) => isSecond(payout, person)),
    );
    if (payout.evidence.at(-1)?.from === 'people') {
      law(closers.size >= 2, `${id} was closed as ${state} by ${closers.size} people`);
    } else if (state === 'not_sent') {
      law(false, `${id} became not_sent without people`);
    } else {
      const isRefused = state === 'failed' && booked.length === 0;
      const isCertain = isRefused && payout.evidence.at(-1)?.state === 'rejected';
      law(
        isCertain || booked.some(({ had }) => had.has(state)),
        `${id} became ${state}, of which the books know nothing`,
      );
    }
  }

  function judgePayee(before: Payee | undefined, after: Payee) {
    const { id, proposed, active } = after;
    for (const details of [proposed, active]) {
      if (details === undefined) continue;
      const key = `${id} ${details.version}`;
      const account = details.fields['account'];
      law(!accounts.has(key) || accounts.get(key) === account, `${key} is two accounts`);
      accounts.set(key, account);
    }
    if (active === undefined || active.version === before?.active?.version) return;
    // That they are approvers is the commands' business, as it is for freezes.
    const isAgreed = people.some(
      (person) => person !== active.by && isClicked('agree', person, id, active.version),
    );
    law(isAgreed, `nobody but ${active.by} agreed on version ${active.version} of ${id}`);
  }

  function judgeFreeze(
    before: FreezeFacts | undefined,
    after: FreezeFacts,
    audit: readonly AuditFacts[],
  ) {
    if (after.isFrozen || !before?.isFrozen) return;
    const { scope, by, liftedBy } = before;
    const lifters = new Set(
      [liftedBy, String(audit[0]?.['person'])].filter(
        (person) => person !== undefined && person !== by && isClicked('lift', person, scope),
      ),
    );
    law(lifters.size >= 2, `${scope} was unfrozen by ${lifters.size} people`);
  }

  function judgeCall(provider: string, order: PayoutOrder) {
    const { reference } = order;
    const calls = books().flatMap((one) => one.calls.filter((call) => call === reference));
    law(calls.length === 1, `${provider} was called ${calls.length} times for one payout`);
    const freeze = find('freeze', (value) => {
      const { isFrozen, scope } = as<FreezeFacts>(value);
      return isFrozen && (scope === 'all' || scope === provider);
    });
    law(freeze === undefined, `${provider} was called while ${freeze?.id} was frozen`);
    const record = find('payout', (value) => as<Payout>(value).content.reference === reference);
    const payout = as<Payout | undefined>(record?.value);
    const wanted = asked.get(payout?.id ?? '');
    if (payout === undefined || wanted === undefined) {
      law(false, `${provider} was called with ${reference}, for which nobody asked`);
      return;
    }
    law(
      payout.state === 'sending',
      `${provider} was called while ${payout.id} was ${payout.state}`,
    );
    law(payout.sentAtMs !== undefined, `${provider} was called before that was durable`);
    judgeApprovals(payout);
    const version = `${wanted.payee} ${payout.content.payee.version}`;
    law(wanted.provider === provider, `${payout.id} went to ${provider}`);
    law(toDecimalText(order.amount) === wanted.amount, `${payout.id} went out with another amount`);
    law(order.fields['account'] === accounts.get(version), `${payout.id} went to another account`);
    judgeLimit(wanted.person);
  }

  function judgeLimit(person: Person) {
    const since = latest() - dayMs;
    const sent = books()
      .flatMap(({ calls }) => calls)
      .flatMap((reference) => {
        const isIt = (value: Json) => as<Payout>(value).content.reference === reference;
        const record = find('payout', isIt);
        return record === undefined ? [] : [as<Payout>(record.value)];
      })
      .filter((one) => one.requestedBy === person && one.requestedAtMs > since)
      .filter(({ state }) => state !== 'failed' && state !== 'returned' && state !== 'not_sent');
    const units = sent.reduce((sum, { content }) => sum + toCents(content.amount), 0n);
    law(units <= limitUnits, `${person} pays ${units} cents in a day`);
  }
}

interface FreezeFacts {
  readonly scope: string;
  readonly isFrozen: boolean;
  readonly by: string;
  readonly liftedBy?: string;
}

/** What was committed is what Purser made of its own types. */
function as<T>(value: unknown): T {
  return value as T;
}

function toCents(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}
