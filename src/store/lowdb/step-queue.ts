// One write at a time; steps that arrive meanwhile wait and then share the next write.
import { StoreError, StoreFullError } from '../../errors.ts';
import type { Step } from '../step.ts';

/** What became of a step: undefined when it is durable. */
export type StepResult = Error | undefined;

export interface StepQueue {
  add(step: Step): Promise<void>;
  /** Takes no more; resolves when all that were taken are done. Twice is fine. */
  drain(): Promise<void>;
}

export interface StepQueueConfig {
  /** Gives one result for each step. A throw is a programmer's error: all of them get it. */
  write(steps: readonly Step[]): Promise<readonly StepResult[]>;
}

const waitingMax = 10_000;
/** Bounds the size of one write. */
const sharingMax = 128;

interface Waiting {
  readonly step: Step;
  settle(result: StepResult): void;
}

export function createStepQueue({ write }: StepQueueConfig): StepQueue {
  const waiting: Waiting[] = [];
  let isDrained = false;
  let running: Promise<void> | undefined;

  const run = async () => {
    while (waiting.length > 0) {
      const group = waiting.splice(0, sharingMax);
      let results: readonly StepResult[];
      try {
        results = await write(group.map(({ step }) => step));
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        results = group.map(() => failure);
      }
      for (const [index, { settle }] of group.entries()) settle(results[index]);
    }
    running = undefined;
  };

  return {
    add: (step) =>
      new Promise((resolve, reject) => {
        if (isDrained) throw new StoreError('The store is closed.');
        if (waiting.length >= waitingMax) {
          throw new StoreFullError(`${waitingMax} steps are waiting to be written already.`);
        }
        const settle = (result: StepResult) => (result === undefined ? resolve() : reject(result));
        waiting.push({ step, settle });
        running ??= run();
      }),
    async drain() {
      isDrained = true;
      await running;
    },
  };
}
