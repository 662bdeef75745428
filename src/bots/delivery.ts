// Brings one answer to one person. Progress never overtakes the answer, edits stay within what the
// platform allows, and the answer itself is tried until it arrives or is said to be lost.
import type { Clock } from '../clock.ts';
import type { Card } from '../commands/card.ts';
import type { Outcome } from '../commands/types.ts';
import type { Log } from '../log.ts';

export interface Delivery {
  /** Shows what is known so far, if the platform has room for it. */
  progress(card: Card): void;
  /** Resolves when the answer has arrived or is lost. Never rejects. */
  finish(outcome: Outcome): Promise<void>;
}

export interface DeliveryWays {
  /** Puts it where the answer belongs. Rejects when that fails. */
  edit(outcome: Outcome): Promise<void>;
  /** A new message, for when the first way is closed for good. Rejects when that fails. */
  post(outcome: Outcome): Promise<void>;
  /** Whether trying the same again could help: the platform is away, or asks for patience. */
  isPassing(error: unknown): boolean;
}

export interface DeliveryDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** How often progress may be shown. */
  readonly editsMax: number;
  readonly gapMs: number;
}

const giveUpAfterMs = 10 * 60_000;
const waitMaxMs = 15_000;

export function createDelivery(ways: DeliveryWays, deps: DeliveryDeps): Delivery {
  const { clock, log, editsMax, gapMs } = deps;
  let edits = 0;
  let shownAtMs = clock.now();
  let next: Card | undefined;
  let isShowing = false;
  let editing: Promise<void> | undefined;
  let isOver = false;

  async function show(): Promise<void> {
    while (next !== undefined && !isOver && edits < editsMax) {
      const waitMs = shownAtMs + gapMs - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs);
      const card: Card | undefined = next;
      next = undefined;
      if (isOver || card === undefined) return;
      edits += 1;
      shownAtMs = clock.now();
      // What progress would have said, the answer says too.
      editing = ways.edit({ card, audience: 'asker' }).catch((error: unknown) => {
        log.debug({ err: error }, 'progress could not be shown');
      });
      await editing;
    }
  }

  async function attempt(outcome: Outcome): Promise<unknown> {
    try {
      await ways.edit(outcome);
      return undefined;
    } catch (edited) {
      if (ways.isPassing(edited)) return edited;
      return await ways.post(outcome).then(
        () => undefined,
        (posted: unknown) => posted,
      );
    }
  }

  return {
    progress(card) {
      if (isOver) return;
      next = card;
      if (isShowing) return;
      isShowing = true;
      void show().finally(() => {
        isShowing = false;
      });
    },
    async finish(outcome) {
      isOver = true;
      // An edit on its way must arrive before the answer, not after it.
      await editing;
      const startedAtMs = clock.now();
      let waitMs = 500;
      let isFirst = true;
      for (;;) {
        const error = await attempt(outcome);
        if (error === undefined) return;
        const { reference, title } = outcome.card;
        const isLate = clock.now() - startedAtMs > giveUpAfterMs;
        if (!ways.isPassing(error) || isLate) {
          log.error(
            { reference, title, err: error },
            'an answer was lost: it could not be delivered',
          );
          return;
        }
        const again = 'an answer could not be delivered yet; it is tried again';
        if (isFirst) log.warn({ reference, err: error }, again);
        else log.debug({ reference, err: error }, again);
        isFirst = false;
        await clock.sleep(waitMs);
        waitMs = Math.min(waitMs * 2, waitMaxMs);
      }
    },
  };
}
