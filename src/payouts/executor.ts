// Sends an approved payout: once. The order of the steps is the safety: everything is checked, the
// intent is durable, the freeze is looked at once more, and only then is the provider called.
import { ProviderError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { PayoutOrder } from '../providers/payouts.ts';
import type { Team } from '../team.ts';
import type { Checks, Payer } from './checks.ts';
import { amountOf, hashContent } from './content.ts';
import type { PayoutJournal } from './journal.ts';
import type { PayoutEvent } from './lifecycle.ts';
import type { Payees } from './payees.ts';
import { findRequirement } from './policy.ts';
import type { Payout } from './types.ts';

export interface ExecutorDeps {
  readonly team: Team;
  readonly payers: ReadonlyMap<string, Payer>;
  readonly payees: Payees;
  readonly checks: Checks;
  readonly journal: PayoutJournal;
  readonly clock: { now(): number };
  readonly log: Log;
  /** Where this provider may report, when Purser can be reached from outside. */
  callbackUrlFor(provider: string): string | undefined;
}

export interface Executor {
  /** Safe to call at any time, any number of times, from anywhere: at most one call goes out. */
  send(id: string): Promise<void>;
}

export function createExecutor(deps: ExecutorDeps): Executor {
  const { team, payers, payees, checks, journal, clock, log } = deps;
  const apply = (id: string, event: PayoutEvent) => journal.apply(id, event, { person: 'purser' });

  return {
    async send(id) {
      const payout = await journal.find(id);
      if (payout?.state !== 'approved') return;
      const payer = payers.get(payout.content.provider);
      const obstacle =
        payer === undefined
          ? `${payout.content.provider} is not connected.`
          : await findObstacle(payout);
      if (obstacle !== undefined || payer === undefined) {
        await block(payout, obstacle ?? '');
        return;
      }
      const order = await composeOrder(payout);
      if (order === undefined) {
        await revise(payout);
        return;
      }
      // Compare and set: whoever makes this step, in whatever process, is the one who calls.
      const begun = await apply(id, { type: 'start_sending', atMs: clock.now() });
      if (!begun.ok) return;
      const freeze = await checks.findFreeze(payout.content.provider);
      if (freeze !== undefined) {
        await apply(id, { type: 'hold', reason: freeze, atMs: clock.now() });
        return;
      }
      await call(payer, order, id);
    },
  };

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

  async function block(payout: Payout, reason: string): Promise<void> {
    if (payout.blocked === reason) return;
    await apply(payout.id, { type: 'block', reason, atMs: clock.now() });
  }

  /** Undefined when the payee is no longer the one that was approved. */
  async function composeOrder(payout: Payout): Promise<PayoutOrder | undefined> {
    const { content } = payout;
    const payee = await payees.find(content.payee.id);
    const active = payee?.active;
    if (payee === undefined || payee.isRemoved || active?.version !== content.payee.version) {
      return undefined;
    }
    if (active.provider !== content.provider || active.route !== content.route) return undefined;
    const callbackUrl = deps.callbackUrlFor(content.provider);
    return {
      reference: content.reference,
      amount: amountOf(content),
      route: content.route,
      payeeName: active.name,
      fields: active.fields,
      note: toProviderNote(content.note),
      requestedOn: new Date(payout.requestedAtMs).toISOString().slice(0, 10),
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    };
  }

  /** The payee changed after the request: approvals given for the old one are void. */
  async function revise(payout: Payout): Promise<void> {
    const { content } = payout;
    const payee = await payees.find(content.payee.id);
    const version = payee?.isRemoved ? undefined : payee?.active?.version;
    if (version === undefined) {
      await block(payout, `The payee ${content.payee.id} was removed.`);
      return;
    }
    const next = { ...content, payee: { id: content.payee.id, version } };
    const policy = findRequirement(team, {
      provider: content.provider,
      providerName: payers.get(content.provider)?.name ?? content.provider,
      amount: amountOf(content),
      requester: payout.requestedBy,
      isPossibleDuplicate: payout.duplicates.length > 0,
    });
    if (!policy.ok) {
      await block(payout, policy.why);
      return;
    }
    await apply(payout.id, {
      type: 'revise',
      atMs: clock.now(),
      content: next,
      contentHash: hashContent(next),
      requirement: policy.requirement,
    });
  }

  async function call(payer: Payer, order: PayoutOrder, id: string): Promise<void> {
    let event: PayoutEvent;
    try {
      const news = await payer.payouts.create(order);
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

/** Only these leave no doubt that nothing happened; everything else is unknown. */
function explainCall(error: unknown, atMs: number): PayoutEvent {
  const isCertain =
    error instanceof ProviderError &&
    (error.code === 'rejected' ||
      error.code === 'auth_failed' ||
      error.code === 'unsupported' ||
      error.code === 'unavailable');
  const reason = error instanceof Error ? error.message : 'unreadable answer';
  return isCertain
    ? { type: 'refused', reason, atMs }
    : { type: 'doubt', from: 'create', reason, atMs };
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
