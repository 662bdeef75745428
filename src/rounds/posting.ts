// Posts what is claimed, once. That it is tried is written down before it is posted, by one replica: who
// was slower does not post. Where an earlier try may have reached the channel (it failed half-way, or
// Purser died before writing it down) the message is looked for by its mark before it is posted again;
// where the channel cannot be read, it is not posted, because nobody could tell.
import type { Card } from '../commands/card.ts';
import type { Poster } from '../commands/types.ts';
import {
  type Deliveries,
  type Delivery,
  type Digest,
  listDue,
  retryForMs,
  toAlertDeliveries,
} from '../digests/index.ts';
import type { Log } from '../log.ts';
import type { Claims } from '../store/index.ts';
import type { Team } from '../team.ts';

export interface Posting {
  /** Begins with everything that is to be tried now. */
  begin(): Promise<void>;
  settle(): Promise<void>;
}

/** How a delivery becomes a card. */
export interface Cards {
  compose(delivery: Delivery, isLate: boolean): Promise<Card>;
  /** It stands in the channel. */
  notePosted(delivery: Delivery): Promise<void>;
}

export interface PostingDeps {
  readonly deliveries: Deliveries;
  readonly claims: Claims;
  readonly team: Team;
  readonly posters: readonly Poster[];
  readonly cards: Cards;
  readonly alertChannels: readonly string[];
  readonly clock: { now(): number };
  readonly log: Log;
}

/** Later than that after its time, a digest says so. */
const lateAfterMs = 10 * 60_000;
/**
 * A message that another replica is posting stands in its channel by then, unless its process was
 * halted. Discord is asked six times at the most, of 15 s each; Slack has 10 s a call and 30 s of
 * patience, with some calls for a picture: two minutes, and one by which clocks may differ. After a
 * crash it holds up only what was being posted then and is not found in its channel.
 */
export const postWithinMs = 3 * 60_000;
const backoffMs = { first: 30_000, most: 15 * 60_000 };
/** A clock of a channel that goes a little before ours. */
const skewMs = 5 * 60_000;

export function createPosting(deps: PostingDeps): Posting {
  const { deliveries, team, posters, cards, clock, log } = deps;
  const startedAtMs = clock.now();
  const underWay = new Map<string, Promise<void>>();
  /** Where the store could not be told of a failure, or another replica is posting. */
  const waitUntilMs = new Map<string, number>();
  /** When the tries of this replica began whose end is not written down yet. */
  const begunAtMs = new Map<string, number>();

  /** As it is now: another replica may have been at it meanwhile. */
  async function attempt(stale: Delivery): Promise<void> {
    await deps.claims.ifFree(`delivery ${stale.id}`, async () => {
      const delivery = await deliveries.find(stale.id);
      if (delivery?.state === 'claimed') await deliver(delivery);
      begunAtMs.delete(stale.id);
    });
  }

  async function deliver(delivery: Delivery): Promise<void> {
    const { id, mark, channel: key } = delivery;
    const [platform, channel = ''] = key.split(/:(.*)/s);
    const poster = posters.find((one) => one.platform === platform);
    if (poster === undefined) return giveUp(delivery, `No bot for ${platform} is running.`);
    if (isGone(delivery, team)) return giveUp(delivery, 'It is no longer in the team file.');
    let current = delivery;
    try {
      const isDoubtful = delivery.triedAtMs !== undefined;
      const untilMs = findLeaveUntilMs(delivery);
      // As it is before the look: what comes into the channel after it would not be seen.
      const isToLeave = clock.now() < untilMs;
      const found = isDoubtful
        ? await poster.find(channel, mark, delivery.claimedAtMs - skewMs)
        : undefined;
      if (found === undefined && isToLeave) {
        waitUntilMs.set(id, untilMs);
        return;
      }
      if (found === undefined && isOutdated(delivery)) return await miss(delivery);
      const isLate = clock.now() - delivery.dueAtMs > lateAfterMs;
      let message = found;
      if (message === undefined) {
        const card = await cards.compose(delivery, isLate);
        const begun = await begin(delivery);
        // Another replica is at it, or has posted it while the card was composed.
        if (begun === undefined) return;
        current = begun;
        message = await poster.post(channel, card);
      }
      const fields = { state: 'posted', postedAtMs: clock.now(), message, isLate } as const;
      await deliveries.settle(id, fields);
    } catch (error) {
      await fail(current, error);
      return;
    }
    await cards.notePosted(delivery).catch((error: unknown) => {
      log.error({ delivery: id, err: error }, 'what a digest showed could not be written down');
    });
  }

  async function begin(delivery: Delivery): Promise<Delivery | undefined> {
    const nowMs = clock.now();
    const begun = await deliveries.begin(delivery, nowMs);
    if (begun !== undefined) begunAtMs.set(delivery.id, nowMs);
    return begun;
  }

  /** 0 where nobody else, nor a Purser before this one, has begun to post it and left the end open. */
  function findLeaveUntilMs({ id, triedAtMs = 0, failedAtMs = 0 }: Delivery): number {
    const isOpen = triedAtMs > failedAtMs && begunAtMs.get(id) !== triedAtMs;
    return isOpen ? triedAtMs + postWithinMs : 0;
  }

  async function fail(delivery: Delivery, error: unknown): Promise<void> {
    const { id, tries } = delivery;
    const nowMs = clock.now();
    const waitMs = Math.min(backoffMs.first * 2 ** Math.min(tries, 10), backoffMs.most);
    waitUntilMs.set(id, nowMs + waitMs);
    log.warn(
      { delivery: id, tries: tries + 1, err: error },
      'a digest or alert could not be posted',
    );
    const reason = error instanceof Error ? error.message : String(error);
    if (nowMs >= Math.max(delivery.retryUntilMs, startedAtMs + retryForMs)) {
      return giveUp(delivery, reason);
    }
    const again = { tries: tries + 1, nextTryAtMs: nowMs + waitMs, reason };
    const isOurs = begunAtMs.has(id) && begunAtMs.get(id) === delivery.triedAtMs;
    await deliveries.step(delivery, { ...again, ...(isOurs ? { failedAtMs: nowMs } : {}) });
  }

  async function giveUp(delivery: Delivery, reason: string): Promise<void> {
    const { id, digest, channel } = delivery;
    const also =
      digest === undefined
        ? []
        : toAlertDeliveries(
            {
              topic: `undelivered ${id}`,
              kind: 'undelivered',
              digest: digest.id,
              date: digest.date,
              channel,
              reason,
              isWorse: false,
            },
            1,
            deps.alertChannels,
            clock.now(),
          );
    const changes = also.map((one) => deliveries.toClaim(one));
    const fields = { state: 'given_up', reason } as const;
    if ((await deliveries.step(delivery, fields, changes)) === undefined) return;
    log.error({ delivery: id, reason }, 'a digest or alert was given up: it could not be posted');
  }

  /** Purser was away for so long that a newer one is due. */
  function isOutdated({ digest, dueAtMs }: Delivery): boolean {
    const known = team.digests.find((one) => one.id === digest?.id);
    if (known === undefined || digest?.by !== undefined) return false;
    return listDue(known, dueAtMs, clock.now()).length > 0;
  }

  async function miss(delivery: Delivery): Promise<void> {
    const reason = 'It was not posted before a newer digest was due.';
    if ((await deliveries.step(delivery, { state: 'missed', reason })) === undefined) return;
    log.warn({ delivery: delivery.id }, 'a digest was missed: a newer one is due');
  }

  return {
    async begin() {
      const nowMs = clock.now();
      for (const delivery of await deliveries.listOpen()) {
        const { id } = delivery;
        const waitMs = Math.max(delivery.nextTryAtMs, waitUntilMs.get(id) ?? 0);
        if (underWay.has(id) || nowMs < waitMs) continue;
        waitUntilMs.delete(id);
        const working = attempt(delivery)
          .catch((error: unknown) => {
            waitUntilMs.set(id, clock.now() + backoffMs.first);
            log.error({ delivery: id, err: error }, 'a delivery could not be written down');
          })
          .finally(() => underWay.delete(id));
        underWay.set(id, working);
      }
    },
    async settle() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}

function isGone({ digest, channel }: Delivery, { digests }: Team): boolean {
  if (digest === undefined) return false;
  const known: Digest | undefined = digests.find(({ id }) => id === digest.id);
  return known === undefined || !known.to.some((one) => one === channel);
}
