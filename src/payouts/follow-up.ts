// Follows every payout to its end: asks providers, hears their notifications, expires, reminds and
// raises alarms. A payout never ends because nobody asked.
import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { WebhookRequest } from '../providers/payouts.ts';
import type { Claims } from '../store/index.ts';
import type { Team } from '../team.ts';
import { believe } from './belief.ts';
import type { Payer } from './checks.ts';
import { amountOf } from './content.ts';
import { createEndedWatch } from './ended.ts';
import type { Executor } from './executor.ts';
import { createHints } from './hints.ts';
import type { PayoutJournal } from './journal.ts';
import { durationMs } from './limits.ts';
import type { Payout } from './types.ts';
import { createUnderWay } from './under-way.ts';

/** What people must hear beside the card that changes. */
export type Notice =
  | { readonly kind: 'reminder'; readonly payout: Payout; readonly isEscalated: boolean }
  | { readonly kind: 'alarm'; readonly payout: Payout; readonly text: string };

export interface FollowUpDeps {
  readonly team: Team;
  readonly payers: ReadonlyMap<string, Payer>;
  readonly journal: PayoutJournal;
  readonly executor: Executor;
  readonly claims: Claims;
  readonly clock: Clock;
  readonly log: Log;
  notify(notice: Notice): void;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface FollowUp {
  /** After a start: what was being sent is in doubt. Nothing is sent before people can freeze. */
  recover(): Promise<void>;
  /** A freeze was lifted: what is approved goes on at once. */
  resume(): Promise<void>;
  /**
   * Begins everything that is due and not under way, and waits for no provider: one that hangs holds
   * up neither the payouts of others nor what is due without it. To be called every second.
   */
  begin(): Promise<void>;
  /** The same; resolves when what it began is done. */
  tick(): Promise<void>;
  /** Resolves when nothing is under way; what waits for its turn is left, until `recover`. */
  stop(): Promise<void>;
  /** A notification of a provider: verified, then the provider is asked. */
  receive(provider: string, request: WebhookRequest): Promise<WebhookAnswer>;
}

const blockedRetryMs = 60_000;
/** At one provider at once: its HTTP lane carries no more, and `stop` waits for no more. */
const callsMax = 4;
/** What is over has time. */
const endedCallsMax = 2;
const alarmAfterMs = { unknown: 15 * 60_000, submitted: 24 * 3_600_000 } as const;
/** What ended within the window was asked for earlier, by as long as a payout lives. */
const lifeMaxMs = 7 * 24 * 3_600_000;
/** Read at the start, when this replica becomes first. */
const endedMax = 20_000;
const reloadEveryMs = 3_600_000;
const reloadForMs = 2 * 24 * 3_600_000;

export function createFollowUp(deps: FollowUpDeps): FollowUp {
  const { team, payers, journal, executor, claims, clock, log } = deps;
  const purser = { person: 'purser' };
  const ended = createEndedWatch(payers);
  let loadedAtMs: number | undefined;
  /** Open at the last look: what is so no more may have come to its end at another replica. */
  let openIds: ReadonlySet<string> = new Set();
  journal.subscribe((payout) => {
    // A replica that never looks keeps nothing.
    if (loadedAtMs !== undefined) ended.watch(payout);
  });
  const askOnHint = createHints(async (id) => {
    const payout = await journal.find(id);
    return payout === undefined || (await ask(payout, 'webhook'));
  }, clock);
  /** Payouts, each with the state of which an alarm was raised since the start. */
  const told = new Set<string>();
  const underWay = createUnderWay();
  const inSends = underWay.createLane(callsMax);
  const inAsks = underWay.createLane(callsMax);
  const inEndedAsks = underWay.createLane(endedCallsMax);
  let beginning: Promise<readonly Promise<void>[]> | undefined;

  async function beginOnce(): Promise<readonly Promise<void>[]> {
    const open = await journal.records.listOpen();
    const begun = open.map((payout) => start(payout, () => lookAfter(payout)));
    await watchClosed(new Set(open.map(({ id }) => id)));
    const over = (await listEndedDue()).map((payout) => {
      const { provider } = payout.content;
      return start(payout, () => inEndedAsks(provider, () => ask(payout, 'status')));
    });
    return [...begun, ...over];
  }

  function beginAll(): Promise<readonly Promise<void>[]> {
    beginning ??= beginOnce().finally(() => {
      beginning = undefined;
    });
    return beginning;
  }

  function start(payout: Payout, work: () => Promise<void>): Promise<void> {
    return underWay.start(payout.id, () => guard(payout, work));
  }

  /** One payout that cannot be looked after must not stop the others. */
  async function guard(payout: Payout, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.error({ payout: payout.id, err: error }, 'payout could not be followed up');
    }
  }

  async function lookAfter(payout: Payout): Promise<void> {
    const now = clock.now();
    switch (payout.state) {
      case 'requested':
      case 'approved': {
        if (now >= payout.expiresAtMs) {
          await journal.apply(payout.id, { type: 'expire', atMs: now }, purser);
          return;
        }
        if (payout.state === 'requested') await remind(payout, now);
        else if (isDue(payout, blockedRetryMs, now)) {
          await inSends(payout.content.provider, () => sendAgain(payout.id));
        }
        return;
      }
      case 'sending':
        await doubtIfLeft(payout.id);
        return;
      case 'submitted':
      case 'unknown': {
        const isToAsk = isDue(payout, pollAfterMs(payout, now), now);
        if (isToAsk) {
          await inAsks(payout.content.provider, () =>
            claims.ifFree(`ask ${payout.id}`, () => ask(payout, 'status')),
          );
        }
        if (isToAsk || explainStuck(payout, now) !== undefined) await raiseIfStuck(payout.id, now);
        return;
      }
      default:
        return;
    }
  }

  async function sendAgain(id: string): Promise<void> {
    try {
      await executor.send(id);
    } finally {
      const after = await journal.find(id);
      if (after?.state === 'approved') {
        await journal.note(id, { nextCheckAtMs: clock.now() + blockedRetryMs });
      }
    }
  }

  function pollAfterMs({ content, sentAtMs, requestedAtMs }: Payout, now: number): number {
    const ageMs = Math.max(0, now - (sentAtMs ?? requestedAtMs));
    return payers.get(content.provider)?.payouts.pollAfterMs(ageMs) ?? 0;
  }

  /** Nobody is sending it any more: its replica has died, or could not write the answer down. */
  async function doubtIfLeft(id: string): Promise<void> {
    await executor.unlessSending(id, async () => {
      if ((await journal.find(id))?.state !== 'sending') return;
      const reason =
        'Purser stopped while the provider was being called, or could not write its answer down.';
      const event = { type: 'doubt', from: 'restart', reason, atMs: clock.now() } as const;
      await journal.apply(id, event, purser);
    });
  }

  async function remind(payout: Payout, now: number): Promise<void> {
    const due = team.expiry.remind.filter(
      (after) => now >= payout.requestedAtMs + durationMs(after),
    ).length;
    if (due <= payout.reminders) return;
    const noted = await journal.note(
      payout.id,
      { reminders: due },
      {
        event: 'reminded',
        isWanted: ({ state, reminders }) => state === 'requested' && reminders < due,
      },
    );
    if (noted === undefined) return;
    const isEscalated = due === team.expiry.remind.length;
    deps.notify({ kind: 'reminder', payout: noted, isEscalated });
  }

  /** Whether what can be asked was answered and recorded; a failing query moves the next one. */
  async function ask(payout: Payout, from: 'status' | 'webhook'): Promise<boolean> {
    const payer = payers.get(payout.content.provider);
    if (payer?.payouts.getStatus === undefined) return true;
    const now = clock.now();
    const nextCheckAtMs = now + pollAfterMs(payout, now);
    let isAnswered = true;
    try {
      const said = await payer.payouts.getStatus({
        reference: payout.content.reference,
        route: payout.content.route,
        amount: amountOf(payout.content),
        ...(payout.providerReference === undefined
          ? {}
          : { providerReference: payout.providerReference }),
      });
      const news = believe(said, payout, log);
      await journal.apply(payout.id, { type: 'news', from, news, atMs: clock.now() }, purser);
    } catch (error) {
      // Ours or the provider's mistake: the next query and the alarm come all the same.
      isAnswered = false;
      log.warn({ payout: payout.id, provider: payer.id, err: error }, 'status was not answered');
    }
    const after = await journal.find(payout.id);
    if (after?.state === 'submitted' || after?.state === 'unknown') {
      await journal.note(payout.id, { nextCheckAtMs });
    }
    return isAnswered;
  }

  async function raiseIfStuck(id: string, now: number): Promise<void> {
    const payout = await journal.find(id);
    if (payout === undefined || told.has(`${id} ${payout.state}`)) return;
    const text = explainStuck(payout, now);
    if (text === undefined) return;
    // Told again after a start: Purser may have died between writing it down and saying it.
    const isNoted = payout.alarmedAtMs !== undefined;
    const isWanted = ({ alarmedAtMs }: Payout) => alarmedAtMs === undefined;
    const noted = isNoted
      ? payout
      : await journal.note(id, { alarmedAtMs: now }, { event: 'alarmed', isWanted });
    if (noted === undefined) return;
    told.add(`${id} ${payout.state}`);
    deps.notify({ kind: 'alarm', payout: noted, text });
  }

  function explainStuck(payout: Payout, now: number): string | undefined {
    const sinceMs = now - (payout.sentAtMs ?? payout.requestedAtMs);
    const name = payers.get(payout.content.provider)?.name ?? payout.content.provider;
    const isAskable = payers.get(payout.content.provider)?.payouts.getStatus !== undefined;
    if (payout.state === 'unknown' && !isAskable) {
      return `Nobody knows whether ${name} took this payout, and ${name} cannot be asked. Look in its portal or call it; then two people close the payout with what they found.`;
    }
    if (payout.state === 'unknown' && sinceMs >= alarmAfterMs.unknown) {
      return `It is still unclear whether ${name} took this payout. Purser goes on asking; if ${name} tells you, two people can close it.`;
    }
    if (payout.state === 'submitted' && sinceMs >= alarmAfterMs.submitted) {
      return isAskable
        ? `${name} has had this payout for a day without an end. Ask ${name} about ${payout.content.reference}.`
        : `${name} has had this payout for a day and cannot be asked by Purser. Look in its portal; then two people close the payout with what they found.`;
    }
    return undefined;
  }

  async function watchClosed(openNow: ReadonlySet<string>): Promise<void> {
    for (const id of openIds) {
      const payout = openNow.has(id) ? undefined : await journal.find(id);
      if (payout !== undefined) ended.watch(payout);
    }
    openIds = openNow;
  }

  async function listEndedDue(): Promise<readonly Payout[]> {
    const now = clock.now();
    const lifeMs = durationMs(team.expiry.after) + lifeMaxMs;
    if (loadedAtMs === undefined) await loadEnded(now, ended.longestMs + lifeMs);
    // What another replica brought from its beginning to its end between two looks.
    else if (now - loadedAtMs >= reloadEveryMs) await loadEnded(now, reloadForMs);
    return ended.listDue(now);
  }

  async function loadEnded(now: number, forMs: number): Promise<void> {
    const recent = await journal.records.listSince(now - forMs, endedMax);
    for (const payout of recent) ended.watch(payout);
    loadedAtMs = now;
  }

  return {
    async recover() {
      loadedAtMs = undefined;
      underWay.resume();
      const open = await journal.records.listOpen();
      for (const { id, state } of open) if (state === 'sending') await doubtIfLeft(id);
    },
    async resume() {
      const open = await journal.records.listOpen();
      const approved = open.filter(({ state }) => state === 'approved');
      await Promise.all(approved.map((one) => guard(one, () => executor.send(one.id))));
    },
    async begin() {
      await beginAll();
    },
    async tick() {
      await Promise.all(await beginAll());
    },
    stop: underWay.stop,
    async receive(provider, request) {
      const webhook = payers.get(provider)?.payouts.webhook;
      if (webhook === undefined) return { status: 404, contentType: 'text/plain', body: 'unknown' };
      try {
        const hint = webhook.verify(request);
        const found = await journal.records.findByKey(hint.reference);
        if (found?.value.content.provider !== provider) {
          log.warn({ provider }, 'notification names no payout of ours');
        } else if (!(await askOnHint(found.value.id))) {
          // Not acknowledged: it is sent again, and that a payout came back is not forgotten.
          return { status: 503, contentType: 'text/plain', body: 'the status is not known yet' };
        }
        const { contentType, body } = webhook.acknowledgement;
        return { status: 200, contentType, body };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        log.warn({ provider, err: error }, 'notification refused');
        return { status: 401, contentType: 'text/plain', body: 'not verified' };
      }
    },
  };
}

/** Also where the time lies further ahead than it can: a clock that was wrong must not silence us. */
function isDue({ nextCheckAtMs = 0 }: Payout, everyMs: number, now: number): boolean {
  return nextCheckAtMs <= now || nextCheckAtMs > now + everyMs;
}
