// SIGTERM and SIGINT: what was begun comes to its end, within a time that whoever starts Purser waits
// for. A second one ends it at once, as a person who has waited enough means it.
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

export interface Stoppable {
  stop(): Promise<void>;
  listLeft(): readonly string[];
}

export interface SignalDeps {
  readonly host: {
    on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
    exit(code: number): void;
  };
  readonly clock: Clock;
  /** As it is when the signal comes. */
  log(): Log | undefined;
}

/** Compose waits for 10 s, Kubernetes for 30 s, systemd for 90 s, where nobody says otherwise. */
export const stopWithinMs = 25_000;

export function stopOnSignal({ stop, listLeft }: Stoppable, deps: SignalDeps): void {
  const { host, clock } = deps;
  let isStopping = false;

  const end = async (signal: string): Promise<number> => {
    deps.log()?.info({ signal }, 'Purser stops: what was begun comes to its end');
    const late = clock.sleep(stopWithinMs).then(() => 'late' as const);
    try {
      if ((await Promise.race([stop(), late])) !== 'late') return 0;
      const left = listLeft();
      deps
        .log()
        ?.error({ left }, 'Purser ended before everything had; it goes on at the next start');
    } catch (error) {
      deps.log()?.error({ err: error }, 'a part of Purser did not stop as it should');
    }
    return 1;
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.on(signal, () => {
      if (isStopping) {
        host.exit(1);
        return;
      }
      isStopping = true;
      void end(signal).then((code) => host.exit(code));
    });
  }
}
