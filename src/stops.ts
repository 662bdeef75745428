// What was begun and must come to its end when Purser stops: the last thing first, so that nobody is
// answered by half a Purser.

export interface Stops {
  add(what: string, stop: () => Promise<void>): void;
  /**
   * One after the other; what fails holds up none of the others, and its error comes at the end.
   * Twice is fine.
   */
  run(): Promise<void>;
  /** What has not ended, the next one first. */
  listLeft(): readonly string[];
}

export function createStops(): Stops {
  const left: { what: string; stop: () => Promise<void> }[] = [];
  let running: Promise<void> | undefined;

  const runAll = async () => {
    const errors: unknown[] = [];
    for (let last = left.at(-1); last !== undefined; last = left.at(-1)) {
      const one = last;
      await one.stop().catch((error: unknown) => errors.push(error));
      left.splice(left.indexOf(one), 1);
    }
    running = undefined;
    if (errors.length > 0) throw errors[0];
  };

  return {
    add(what, stop) {
      left.push({ what, stop });
    },
    run() {
      running ??= runAll();
      return running;
    },
    listLeft: () => left.map(({ what }) => what).reverse(),
  };
}
