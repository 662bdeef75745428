// Notifications are hints to ask, and may come often: sent again, or replayed by somebody who kept
// one. However many come, a provider is asked about one payout at most once a second. None is
// answered from a question that was put before it came: what it reports could be newer.
import type { Clock } from '../clock.ts';

interface Asking {
  readonly startedAtMs: number;
  readonly answer: Promise<boolean>;
  isOver: boolean;
  /** Shared by all that came since. */
  next?: Promise<boolean>;
}

const gapMs = 1_000;

/** The function asks about a payout by its id, now or as soon as it may. */
export function createHints(
  ask: (id: string) => Promise<boolean>,
  clock: Clock,
): (id: string) => Promise<boolean> {
  const latest = new Map<string, Asking>();

  function begin(id: string): Promise<boolean> {
    const answer = ask(id);
    const asking: Asking = { startedAtMs: clock.now(), answer, isOver: false };
    latest.set(id, asking);
    const end = () => {
      asking.isOver = true;
    };
    answer.then(end, end);
    return answer;
  }

  function forgetOld(): void {
    for (const [id, { isOver, next, startedAtMs }] of latest) {
      const isOld = Math.abs(clock.now() - startedAtMs) >= gapMs;
      if (isOver && isOld && next === undefined) latest.delete(id);
    }
  }

  async function waitAndBegin(id: string, { answer, startedAtMs }: Asking): Promise<boolean> {
    await answer.catch(() => {});
    const waitMs = startedAtMs + gapMs - clock.now();
    // Not longer, where the clock was set back.
    if (waitMs > 0) await clock.sleep(Math.min(waitMs, gapMs));
    return await begin(id);
  }

  return (id) => {
    forgetOld();
    const before = latest.get(id);
    if (before === undefined) return begin(id);
    before.next ??= waitAndBegin(id, before);
    return before.next;
  };
}
