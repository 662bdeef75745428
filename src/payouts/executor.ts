// Sends an approved payout: once. The order of the steps is the safety: everything is checked, the
// intent is durable, the freeze is looked at once more, and only then is the provider called.
import { ProviderError, UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { PayoutOrder } from '../providers/payouts.ts';
import type { Claims } from '../store/index.ts';
import type { RecordChange, Store } from '../store/types.ts';
import { believe } from './belief.ts';
import type { Checks, Payer } from './checks.ts';
import { amountOf } from './content.ts';
import type { PayoutJournal } from './journal.ts';
import type { PayoutEvent } from './lifecycle.ts';
import type { PayeeDetails } from './payees.ts';
import type { Revisions } from './revision.ts';
import { createSlots, type Turns } from './turns.ts';
import type { Payout } from './types.ts';

export interface ExecutorDeps {
  readonly payers: ReadonlyMap<string, Payer>;
  readonly revisions: Revisions;
  readonly checks: Checks;
  readonly journal: PayoutJournal;
  readonly turns: Turns;
  readonly claims: Claims;
  readonly memory: Pick<Store, 'remember' | 'recall'>;
  readonly clock: { now(): number };
  readonly log: Log;
  /** Where this provider may report, when Purser can be reached from outside. */
  callbackUrlFor(provider: string): string | undefined;
}

export interface Executor {
  /** Safe to call at any time, any number of times, from anywhere: at most one call goes out. */
  send(id: string): Promise<void>;
  /** It is asked for just now: no store that was restored from earlier can have sent it already. */
  vouch(id: string): Promise<void>;
  /** Does the work unless a replica that lives is sending it. */
  unlessSending(id: string, work: () => Promise<void>): Promise<void>;
}

interface Begun {
  readonly payer: Payer;
  readonly order: PayoutOrder;
  readonly payout: Payout;
}

/** At one provider at once. No more than its HTTP lane carries, where a freeze would not stop it. */
const callsMax = 4;
/** Longer than a request can wait for its people. */
const vouchedForMs = 31 * 24 * 3_600_000;

export function createExecutor(deps: ExecutorDeps): Executor {
  const { payers, revisions, checks, journal, turns, claims, memory, clock, log } = deps;
  const slots = createSlots(callsMax);
  const apply = (id: string, event: PayoutEvent) => journal.apply(id, event, { person: 'purser' });

  return {
    async send(id) {
      const payout = await journal.find(id);
      if (payout === undefined) return;
      await slots(payout.content.provider, () => claims.inLine(claimOf(id), () => sendOnce(id)));
    },
    async vouch(id) {
      await memory.remember(vouchOf(id), true, vouchedForMs);
    },
    async unlessSending(id, work) {
      await claims.ifFree(claimOf(id), work);
    },
  };

  async function sendOnce(id: string): Promise<void> {
    const approved = await journal.find(id);
    if (approved?.state !== 'approved') return;
    const begun = await turns(`send ${approved.content.provider}`, (guard) => begin(id, guard));
    if (begun === undefined) return;
    const { payer, order, payout } = begun;
    const [freeze, now] = await Promise.all([checks.findFreeze(payer.id), journal.find(id)]);
    // Meanwhile it may have been taken for left behind, or been lost with a server and made anew: then
    // whoever goes on with it is somebody else.
    if (now?.state !== 'sending' || now.sentAtMs !== payout.sentAtMs) {
      log.error(
        { payout: id, state: now?.state },
        'it was not sent: the step was not ours any more',
      );
      return;
    }
    if (freeze !== undefined) {
      await apply(id, { type: 'hold', reason: freeze, atMs: clock.now() });
      return;
    }
    await call(payer, order, payout);
  }

  /**
   * Undefined where it is not to be sent now. In turns for each provider: of two that are covered
   * one at a time, the second must see that the first is being sent.
   */
  async function begin(id: string, guard: RecordChange): Promise<Begun | undefined> {
    const payout = await journal.find(id);
    if (payout?.state !== 'approved') return undefined;
    const ready = await prepare(payout).catch((error: unknown) => {
      if (error instanceof ProviderError) return block(payout, explainError(error));
      if (error instanceof UserError) return block(payout, error.message);
      throw error;
    });
    if (ready === undefined) return undefined;
    const { payer, payee } = ready;
    // Compare and set: whoever makes this step, in whatever process, is the one who calls.
    const event = { type: 'start_sending', atMs: clock.now() } as const;
    const begun = await journal.applyGuarded(id, event, { person: 'purser' }, guard);
    if (!begun.ok) return undefined;
    return { payer, payout: begun.payout, order: composeOrder(payout, payee) };
  }

  /** Undefined where it is not to be sent now, which is said on its card. */
  async function prepare(
    payout: Payout,
  ): Promise<{ readonly payer: Payer; readonly payee: PayeeDetails } | undefined> {
    const obstacle = await findObstacle(payout);
    if (obstacle !== undefined) return block(payout, obstacle);
    const revision = await revisions.revise(payout);
    if (revision.kind === 'stopped') return block(payout, revision.why);
    const payer = payers.get(payout.content.provider);
    if (revision.kind === 'revised' || payer === undefined) return undefined;
    return (await isUnsent(payout, payer)) ? { payer, payee: revision.payee } : undefined;
  }

  async function findObstacle(payout: Payout): Promise<string | undefined> {
    const { content } = payout;
    const freeze = await checks.findFreeze(content.provider);
    if (freeze !== undefined) return freeze;
    if (clock.now() >= payout.expiresAtMs) return 'It has expired.';
    const exceeded = await checks.findExceeded(content, payout.requestedBy, payout.id);
    if (exceeded.length > 0) return exceeded.join(' ');
    const funds = await checks.checkFunds(content, payout.id);
    return funds.ok ? undefined : funds.why;
  }

  /**
   * What was asked for before Purser was started: a store that was restored from a backup may not
   * know that it was sent. The provider is asked; where it cannot say, people decide anew.
   */
  async function isUnsent(payout: Payout, payer: Payer): Promise<boolean> {
    const { id, content, contentHash, requirement, shown } = payout;
    const { reference, route } = content;
    const atMs = clock.now();
    if ((await memory.recall(vouchOf(id))) !== undefined) return true;
    try {
      const answer = await payer.payouts.getStatus?.({
        reference,
        route,
        amount: amountOf(content),
      });
      const said = answer === undefined ? undefined : believe(answer, payout, log);
      if (said?.state === 'not_found') {
        await memory.remember(vouchOf(id), true, vouchedForMs);
        return true;
      }
      if (said !== undefined && said.state !== 'unresolved') {
        log.error({ payout: id, status: said.providerStatus }, 'it was sent before this start');
        await apply(id, { type: 'found', news: said, atMs });
        return false;
      }
      // Since people have heard that it may be there, all of them have agreed anew.
      if ((await memory.recall(warnedOf(id))) !== undefined) return true;
      const reason = `Purser was started again before it was sent, and ${payer.name} cannot say whether it has it. Look there before you agree again.`;
      const event = { type: 'revise', content, contentHash, requirement, shown, reason } as const;
      const asked = await apply(id, { ...event, atMs });
      if (asked.ok) await memory.remember(warnedOf(id), true, vouchedForMs);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      await block(
        payout,
        `${payer.name} must first say that it does not have it. ${explainError(error)}`,
      );
    }
    return false;
  }

  async function block(payout: Payout, reason: string): Promise<undefined> {
    if (payout.blocked === reason) return;
    await apply(payout.id, { type: 'block', reason, atMs: clock.now() });
  }

  function composeOrder({ content, requestedAtMs }: Payout, payee: PayeeDetails): PayoutOrder {
    const callbackUrl = deps.callbackUrlFor(content.provider);
    return {
      reference: content.reference,
      amount: amountOf(content),
      route: content.route,
      payeeName: payee.name,
      fields: payee.fields,
      note: toProviderNote(content.note),
      requestedOn: new Date(requestedAtMs).toISOString().slice(0, 10),
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    };
  }

  async function call(payer: Payer, order: PayoutOrder, payout: Payout): Promise<void> {
    const { id } = payout;
    let event: PayoutEvent;
    try {
      const news = believe(await payer.payouts.create(order), payout, log);
      event = { type: 'news', from: 'create', news, atMs: clock.now() };
    } catch (error) {
      event = explainCall(error, clock.now());
      log.warn({ payout: id, provider: payer.id, err: error }, 'payout call did not succeed');
    }
    const done = await apply(id, event);
    if (!done.ok)
      log.error({ payout: id, refusal: done.refusal }, 'payout answer was not recorded');
  }
}

const claimOf = (id: string) => `sending ${id}`;
const vouchOf = (id: string) => `asked for ${id}`;
const warnedOf = (id: string) => `warned of ${id}`;

/** Only these leave no doubt that nothing happened; everything else is unknown. */
function explainCall(error: unknown, atMs: number): PayoutEvent {
  const isCertain =
    error instanceof ProviderError &&
    (error.code === 'rejected' ||
      error.code === 'auth_failed' ||
      error.code === 'unsupported' ||
      error.code === 'unavailable');
  // The words of any other error are for the log: they may quote what was sent.
  const reason =
    error instanceof ProviderError ? explainError(error) : 'Its answer could not be read.';
  return isCertain
    ? { type: 'refused', reason, atMs }
    : { type: 'doubt', from: 'create', reason, atMs };
}

function explainError({ message, remedy }: ProviderError): string {
  return remedy === undefined ? message : `${message} ${remedy}`;
}

/** Providers take letters, digits, blank, dot and hyphen; what else a note has becomes a blank. */
export function toProviderNote(note: string): string {
  const plain = note
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9 .-]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, 60)
    .trim();
  return plain === '' ? 'payout' : plain;
}
