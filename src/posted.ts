// Where the cards of payouts and payees stand, and what each of them says: kept in the store, so that
// whichever replica makes a step brings the card up to date, one at a time, and a card that says the
// same already costs no request.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { composeWithdrawn } from './commands/announcements.ts';
import type { Card } from './commands/card.ts';
import type { Poster } from './commands/types.ts';
import { ConflictError, StoreError } from './errors.ts';
import type { Log } from './log.ts';
import { createClaims, createRecords } from './store/index.ts';
import type { Store } from './store/types.ts';

export interface Target {
  /** `playground:approvals` */
  readonly key: string;
  readonly poster: Poster;
  readonly channel: string;
}

export interface Shown {
  readonly card: Card;
  readonly isOver: boolean;
  /** Over, but somebody has not heard of it yet: it is listed as open until they have. */
  readonly isUntold?: boolean;
}

export interface How {
  /** It may have been posted by a try, or a Purser, that did not live to write it down. */
  readonly isDoubtful: boolean;
  /** Sent once though it says the same: its message may be gone. */
  readonly isForced: boolean;
}

export interface PostedCards {
  /** Brings the card of the subject there up to date, or posts it; `compose` may be asked twice. */
  show(
    target: Target,
    subject: string,
    compose: () => Promise<Shown | undefined>,
    how: How,
  ): Promise<void>;
  /** Once for each id, whatever happens in between. */
  postOnce(target: Target, id: string, card: Card, isDoubtful: boolean): Promise<void>;
  /**
   * The same for what cannot be found again, like a direct message: once more where whoever said it
   * did not live to write it down. `key` names where.
   */
  sayOnce(id: string, key: string, say: () => Promise<void>): Promise<void>;
  /** The message of the card of the subject there. */
  findMessage(subject: string, key: string): Promise<string | undefined>;
  /** Whether that was ever posted or said: `<subject> <channel>`, or the id of what is said once. */
  has(id: string): Promise<boolean>;
  /** Those that got their card since then, as `<subject> <channel>`. */
  listSince(sinceMs: number): Promise<ReadonlySet<string>>;
  /** Subjects whose cards still wait for something. */
  listOpen(): Promise<string[]>;
}

const postSchema = z.object({
  /** `<payout or payee> <channel>`, `alarm <payout> <state> <channel>`, `requester <payout> <state>` */
  id: z.string(),
  channel: z.string(),
  /** Empty for what is never changed. */
  message: z.string(),
  isOver: z.boolean(),
  isUntold: z.boolean().optional(),
  /** Hash of the card that was shown last. */
  said: z.string().optional(),
});
type Post = z.infer<typeof postSchema>;

/** What was to be told when Purser died is looked for, and told, this far back. */
export const lookBackMs = 31 * 24 * 3_600_000;

/** Beyond that the oldest would be looked at once more, which costs no request. */
const postsMax = 100_000;
/** So often can another replica come between. */
const attemptsMax = 5;

export interface PostedCardsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

export function createPostedCards({ store, clock, log }: PostedCardsDeps): PostedCards {
  const posts = createRecords(store, {
    kind: 'post',
    schema: postSchema,
    idOf: ({ id }) => id,
    isOpen: ({ isOver, isUntold = false }) => !isOver || isUntold,
  });
  const claims = createClaims(store, log);
  /** Where a card stands, also while the store cannot keep it: it must not be posted again. */
  const messages = new Map<string, string>();
  /** Those that were really sent since this start. */
  const checked = new Set<string>();
  /** Those that another replica has written down while this one showed them. */
  const contested = new Set<string>();

  const find = async (id: string) => (await posts.find(id))?.value;

  /** The platform shows these words already. */
  const isSaid = (id: string, last: Post | undefined, { card }: Shown, how: How) =>
    last?.said === hashOf(card) && !contested.has(id) && (!how.isForced || checked.has(id));

  const isCurrent = (id: string, last: Post | undefined, shown: Shown, how: How) =>
    isSaid(id, last, shown, how) &&
    last?.isOver === shown.isOver &&
    (last.isUntold ?? false) === (shown.isUntold ?? false);

  /**
   * Where two replicas are at it, because one of them lost its claim without knowing, nobody can say
   * whose words reached the platform last. Whoever finds that the other has written it down meanwhile
   * shows the card once more, now or at the next try.
   */
  async function write(
    target: Target,
    id: string,
    compose: () => Promise<Shown | undefined>,
    how: How,
  ): Promise<void> {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      // Before the card is composed: what was over then, is.
      const last = await find(id);
      const shown = await compose();
      if (shown === undefined || isCurrent(id, last, shown, how)) {
        messages.delete(id);
        return;
      }
      const brought =
        last !== undefined && isSaid(id, last, shown, how)
          ? { message: last.message, isNew: false }
          : await bring(target, id, { shown, last, how });
      if (brought === undefined) return;
      const { message, isNew } = brought;
      messages.set(id, message);
      const { card, isOver, isUntold = false } = shown;
      const isKept = await keep(id, last, {
        ...{ id, channel: target.key, message, isOver, said: hashOf(card) },
        ...(isUntold ? { isUntold } : {}),
      });
      messages.delete(id);
      if (!isKept) {
        contested.add(id);
        if (isNew) await withdraw(target, message, card);
        continue;
      }
      contested.delete(id);
      if (isOver) checked.delete(id);
      else checked.add(id);
      return;
    }
    throw new StoreError('Other replicas change this card faster than it can be shown.');
  }

  /** Undefined where it is over and gone: it need not be posted again. */
  async function bring(
    { poster, channel }: Target,
    id: string,
    { shown: { card, isOver }, last, how }: { shown: Shown; last: Post | undefined; how: How },
  ): Promise<{ message: string; isNew: boolean } | undefined> {
    // What was over and begins anew, like another change of a payee, must be seen: it is posted.
    const kept = last?.isOver === true && !isOver ? undefined : last;
    const isToFind = how.isDoubtful && last === undefined && card.mark !== undefined;
    const unkept =
      messages.get(id) ??
      (isToFind ? await poster.find(channel, card.mark, clock.now() - lookBackMs) : undefined);
    const standing = unkept ?? kept?.message;
    if (standing !== undefined && (await poster.update(channel, standing, card))) {
      return { message: standing, isNew: false };
    }
    if (unkept === undefined && kept?.isOver === true) return undefined;
    return { message: await poster.post(channel, card), isNew: true };
  }

  /** Two replicas have posted it: the one that nobody would bring up to date says so. */
  async function withdraw({ poster, channel }: Target, message: string, card: Card): Promise<void> {
    await poster
      .update(channel, message, composeWithdrawn(card))
      .catch((error: unknown) => log.warn({ err: error }, 'a card stands twice in a channel'));
  }

  /** False where another replica has written it down since `last` was read. */
  async function keep(id: string, last: Post | undefined, next: Post): Promise<boolean> {
    const before = JSON.stringify(last);
    try {
      const changed = await posts.changeOnce(id, (now) =>
        JSON.stringify(now) === before ? { next } : undefined,
      );
      return changed !== undefined;
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
  }

  const isWritten = async (id: string): Promise<boolean> => {
    if ((await find(id)) === undefined) return false;
    messages.delete(id);
    return true;
  };

  async function once(id: string, channel: string, say: () => Promise<string>): Promise<void> {
    if (await isWritten(id)) return;
    await claims.hold(`card ${id}`, clock, async () => {
      if (await isWritten(id)) return;
      // Said already where only the writing down has failed.
      const message = messages.get(id) ?? (await say());
      messages.set(id, message);
      await posts.change(id, () => ({ next: { id, channel, message, isOver: true } }));
      messages.delete(id);
    });
  }

  return {
    async show(target, subject, compose, how) {
      const id = `${subject} ${target.key}`;
      const now = await compose();
      if (now === undefined || isCurrent(id, await find(id), now, how)) return;
      // It may have changed while another replica was at it.
      await claims.hold(`card ${id}`, clock, () => write(target, id, compose, how));
    },
    postOnce: ({ key, poster, channel }, id, card, isDoubtful) =>
      once(id, key, async () => {
        const isToFind = isDoubtful && card.mark !== undefined;
        const sinceMs = clock.now() - lookBackMs;
        const found = isToFind ? await poster.find(channel, card.mark, sinceMs) : undefined;
        return found ?? (await poster.post(channel, card));
      }),
    sayOnce: (id, key, say) =>
      once(id, key, async () => {
        await say();
        return '';
      }),
    async findMessage(subject, key) {
      const id = `${subject} ${key}`;
      return messages.get(id) ?? (await find(id))?.message;
    },
    has: async (id) => (await find(id)) !== undefined,
    async listSince(sinceMs) {
      return new Set((await posts.listSince(sinceMs, postsMax)).map(({ id }) => id));
    },
    async listOpen() {
      const open = await posts.listOpen();
      return open.map(({ id }) => id.split(' ').slice(0, -1).join(' '));
    },
  };
}

function hashOf(card: Card): string {
  return createHash('sha256').update(JSON.stringify(card)).digest('hex');
}
