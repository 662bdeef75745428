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

export function createReadiness(clock: Clock): Readiness & {
  /** How the store is asked, once there is one. */
  watchStore(ask: () => Promise<unknown>): void;
} {
  const waiting = new Set<{ cause: string }>();
  let isOpen = false;
  let isStopping = false;
  let askStore: (() => Promise<unknown>) | undefined;
  let looked: { atMs: number; isAnswering: Promise<boolean> } | undefined;

  const isStoreAnswering = (ask: () => Promise<unknown>): Promise<boolean> => {
    const now = clock.now();
    if (looked !== undefined && Math.abs(now - looked.atMs) < freshForMs) return looked.isAnswering;
    const asked = ask().then(
      () => true,
      () => false,
    );
    const late = clock.sleep(answerWithinMs).then(() => false);
    looked = { atMs: now, isAnswering: Promise.race([asked, late]) };
    return looked.isAnswering;
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
      if (askStore !== undefined && !(await isStoreAnswering(askStore))) {
        causes.push('The store does not answer.');
      }
      return causes;
    },
  };
}
