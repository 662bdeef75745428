// A border is where something comes into Purser that others wrote. Each has one file here, with the
// laws that hold whatever comes. The suite throws some thousands of inputs at each; `npm run fuzz`
// throws 100,000. FC_SEED and FUZZ_RUNS repeat or lengthen a run; fast-check prints the seed of one
// that fails.
import fc from 'fast-check';
import { expect, type TestContext } from 'vitest';

/** Two minutes are many times what the suite needs; a long run ends when it is through. */
export const borderTimeoutMs = process.env['FUZZ_RUNS'] === undefined ? 120_000 : 8 * 3_600_000;

export interface BorderRecord {
  readonly border: string;
  readonly inputs: number;
  readonly seconds: number;
  readonly seed: number;
  /** What became of the inputs: laws that were only ever tried on refusals prove little. */
  readonly ends: Readonly<Record<string, number>>;
}

declare module 'vitest' {
  interface TaskMeta {
    border?: BorderRecord;
  }
}

export interface Border<T> {
  readonly name: string;
  /** In the suite; `npm run fuzz` has its own number. */
  readonly inputs: number;
  readonly input: fc.Arbitrary<T>;
  /** Inputs that one world sees after another; a new world each time, so that a seed repeats all. */
  readonly perWorld: number;
  /** Opens a world and gives what judges one input: it throws for a broken law, else names the end. */
  open(): Promise<World<T>>;
  /** Ends that must be among those seen. */
  readonly reaches: readonly string[];
}

export interface World<T> {
  judge(input: T): Promise<string>;
  close(): Promise<void>;
}

export async function holdBorder<T>(border: Border<T>, test: TestContext): Promise<void> {
  const { name, perWorld, reaches } = border;
  const inputs = Number(process.env['FUZZ_RUNS'] ?? border.inputs);
  const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
  const stories = fc.array(border.input, { minLength: 1, maxLength: perWorld, size: 'max' });
  const ends: Record<string, number> = {};
  let judged = 0;
  const rejections: unknown[] = [];
  const keep = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', keep);
  const startedAt = performance.now();
  try {
    // In rounds, because how many inputs a story has is known only afterwards. The seed that
    // fast-check prints is that of the round: a run that begins with it fails at once.
    for (let round = 0; judged < inputs; round += 1) {
      await fc.assert(
        fc.asyncProperty(stories, async (story) => {
          const world = await border.open();
          try {
            for (const input of story) {
              const end = await world.judge(input);
              ends[end] = (ends[end] ?? 0) + 1;
              judged += 1;
            }
          } finally {
            await world.close();
          }
          expect(rejections).toEqual([]);
        }),
        { seed: seed + round, numRuns: Math.min(500, Math.ceil((inputs - judged) / perWorld)) },
      );
    }
  } finally {
    process.off('unhandledRejection', keep);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  test.task.meta.border = { border: name, inputs: judged, seconds, seed, ends };
  expect(Object.keys(ends)).toEqual(expect.arrayContaining([...reaches]));
}
