// What is being done for payouts: once for each at a time, and with a few calls at once at each provider,
// so that one that hangs holds up neither the others nor the end.
import { createSlots } from './turns.ts';

export interface UnderWay {
  /** Does the work unless something is under way for this payout: that is not waited for. */
  start(id: string, work: () => Promise<void>): Promise<void>;
  /** Calls that wait for each other at one provider; those that wait when it is stopped are left out. */
  createLane(callsMax: number): Lane;
  resume(): void;
  /** Resolves when nothing is under way. */
  stop(): Promise<void>;
}

export type Lane = (provider: string, call: () => Promise<unknown>) => Promise<void>;

export function createUnderWay(): UnderWay {
  const running = new Map<string, Promise<void>>();
  let isStopped = false;
  return {
    async start(id, work) {
      if (running.has(id)) return;
      const done = work().finally(() => running.delete(id));
      running.set(id, done);
      await done;
    },
    createLane(callsMax) {
      const slots = createSlots(callsMax);
      return (provider, call) =>
        slots(provider, async () => {
          if (!isStopped) await call();
        });
    },
    resume() {
      isStopped = false;
    },
    async stop() {
      isStopped = true;
      await Promise.allSettled(running.values());
    },
  };
}
