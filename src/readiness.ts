// Whether Purser can do its work now: what it waits for at the start, the store, and that it stops.
// A chat platform that is away later is no reason: another replica would not reach it either.
import type { Clock } from './clock.ts';

export interface Readiness {
  /** Why the start takes its time, until the function is called that this gives. */
  waitFor(cause: string): () => void;
  /** The start is over. */
  open(): void;
  /** From now on never again. */
  stop(): void;
  /** One line each, without secrets; none when it is ready. */
  listCauses(): Promise<readonly string[]>;
}

/** A balancer looks every few seconds, and several may. */
const freshForMs = 1_000;
const answerWithinMs = 2_000;
const noAnswer = 'The store does not answer.';

export function createReadiness(clock: Clock): Readiness & {
  /** How the store is asked, once there is one: gives a cause, or rejects where it does not answer. */
  watchStore(ask: () => Promise<string | undefined>): void;
} {
  const waiting = new Set<{ cause: string }>();
  let isOpen = false;
  let isStopping = false;
  let askStore: (() => Promise<string | undefined>) | undefined;
  let looked: { atMs: number; cause: Promise<string | undefined> } | undefined;

  const findCause = (ask: () => Promise<string | undefined>): Promise<string | undefined> => {
    const now = clock.now();
    if (looked !== undefined && Math.abs(now - looked.atMs) < freshForMs) return looked.cause;
    const asked = ask().catch(() => noAnswer);
    const late = clock.sleep(answerWithinMs).then(() => noAnswer);
    looked = { atMs: now, cause: Promise.race([asked, late]) };
    return looked.cause;
  };

  return {
    waitFor(cause) {
      const one = { cause };
      waiting.add(one);
      return () => waiting.delete(one);
    },
    open() {
      isOpen = true;
    },
    stop() {
      isStopping = true;
    },
    watchStore(ask) {
      askStore = ask;
    },
    async listCauses() {
      const causes: string[] = [];
      if (isStopping) causes.push('Purser is stopping.');
      else if (!isOpen) causes.push('Purser is starting.', ...[...waiting].map((one) => one.cause));
      const ofStore = askStore && (await findCause(askStore));
      if (ofStore !== undefined) causes.push(ofStore);
      return causes;
    },
  };
}
