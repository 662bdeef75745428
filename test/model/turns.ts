// Whose turn it is: every store operation and every call to a provider waits here until a random
// choice lets it go on, so that any order of two things at once is met, and met again from the same
// seed. What an operation does and what its caller hears of it are two turns: a process can die
// between them.

/**
 * - `read`: done and heard in one turn · `disk`: lost or done when the process dies, as a commit is
 * - `wire`: lost when the process dies, or still under way, to arrive at any time after
 */
export type Kind = 'read' | 'disk' | 'wire';

export interface Turns {
  /** The effect happens by the time its first promise is made; only the answer may be late. */
  perform<T>(kind: Kind, effect: () => Promise<T>): Promise<T>;
  /** Goes on by itself, whatever becomes of the process that began it. */
  arriveLater(effect: () => void): void;
  /** Happens after so many turns, whoever has them; a crash does not stop it. */
  runLater(turnsFirst: number, work: () => void): void;
  /** Lets go until nothing waits or the number is reached. */
  run(turnsMax: number): Promise<void>;
  /** The process dies: what it waits for never hears an answer. */
  crash(process: number): void;
}

interface Waiting {
  /** Undefined for what goes on by itself. */
  readonly process: number | undefined;
  go(): void;
  /** Absent where it has happened already, and where it is a mere read. */
  readonly undone?: { readonly kind: Kind; happen(): void };
}

/** More turns than this in one go: something asks itself for ever. */
const turnsLimit = 20_000;

/** `pick(n)` gives a whole number below n; `processNow` is the one that asks. */
export function createTurns(pick: (below: number) => number, processNow: () => number): Turns {
  let waiting: Waiting[] = [];
  let later: { turnsLeft: number; readonly work: () => void }[] = [];

  const runDue = () => {
    for (const one of later) one.turnsLeft -= 1;
    const due = later.filter(({ turnsLeft }) => turnsLeft < 0);
    later = later.filter(({ turnsLeft }) => turnsLeft >= 0);
    for (const { work } of due) work();
  };

  return {
    runLater: (turnsLeft, work) => void later.push({ turnsLeft, work }),
    perform: (kind, effect) =>
      new Promise((resolve) => {
        const process = processNow();
        const happen = () => {
          const answer = effect();
          answer.catch(() => undefined);
          if (kind === 'read') resolve(answer);
          else waiting.push({ process, go: () => resolve(answer) });
        };
        const alone = () => void effect().catch(() => undefined);
        waiting.push({
          process,
          go: happen,
          ...(kind === 'read' ? {} : { undone: { kind, happen: alone } }),
        });
      }),
    arriveLater(effect) {
      const undone = { kind: 'wire', happen: effect } as const;
      waiting.push({ process: undefined, go: effect, undone });
    },
    async run(turnsMax) {
      for (let turn = 0; turn < turnsMax; turn += 1) {
        await drain();
        runDue();
        if (waiting.length === 0 && later.length === 0) return;
        if (turn === turnsLimit) throw new Error(`still busy after ${turnsLimit} turns`);
        const [next] = waiting.splice(pick(waiting.length), 1);
        next?.go();
      }
      await drain();
    },
    crash(process) {
      const dying = waiting.filter((one) => one.process === process);
      waiting = waiting.filter((one) => one.process !== process);
      for (const { undone } of dying) {
        if (undone === undefined || pick(2) === 0) continue;
        if (undone.kind === 'disk') undone.happen();
        else waiting.push({ process: undefined, go: undone.happen, undone });
      }
    },
  };
}

/** Everything that was waiting for promises alone has gone on. */
function drain(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Mulberry32: the same seed gives the same numbers. https://github.com/cprosche/mulberry32 */
export function createPick(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
