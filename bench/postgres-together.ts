// A hundred steps at once over three replicas: how long the unluckiest waits until theirs is durable,
// and how many a second that is. Every step writes into one audit chain, so they take turns, and each
// turn lasts as long as the disk takes. Beside it the bare driver with as many connections, which
// chains nothing and lets the disk take many at once.
import type { Store } from '../src/store/types.ts';
import { createTestDatabase } from '../test/store/test-database.ts';
import { openBare } from './bare-postgres.ts';
import type { Sample } from './history.ts';
import { median, p99, type Result, round, toLimit } from './measure.ts';
import { openSide, openStore } from './postgres-side.ts';

const stepsAtOnce = 100;
const replicas = 3;
/** Of each replica, as Purser has them. */
const connections = 10;
const bursts = { warmUp: 5, measured: 30 };
const mostMs = 500;

export async function measureTogether(
  name: string,
  serverUrl: string,
  sample: Sample,
): Promise<Result> {
  const side = await openSide(await createTestDatabase(serverUrl), sample, stepsAtOnce);
  const { database, store } = side;
  const others = await Promise.all(Array.from({ length: replicas - 1 }, () => openStore(database)));
  const stores: Store[] = [store, ...others];
  const bare = await openBare(database, sample, replicas * connections);
  const ours = createBursts((at) =>
    side.stepOf(side.ids[at] ?? '', stores[at % replicas] ?? store),
  );
  const turns: Promise<void>[] = [];
  const floor = createBursts((at) => {
    const lane = at % bare.length;
    const step = (turns[lane] ?? Promise.resolve()).then(() => bare[lane]?.step());
    turns[lane] = step;
    return step;
  });
  try {
    for (let turn = 0; turn < bursts.warmUp + bursts.measured; turn += 1) {
      for (const who of [ours, floor]) await who.run(turn >= bursts.warmUp);
    }
  } finally {
    await Promise.all([...stores, ...bare].map((one) => one.close()));
  }
  console.log(
    `${stepsAtOnce} steps at once over ${replicas} replicas: ${Math.round(ours.perSecond())} steps a second, by the bare driver ${Math.round(floor.perSecond())}; half of them within ${round(ours.median())} ms`,
  );
  return toLimit(name, { ours: ours.p99(), floor: floor.p99() }, mostMs);
}

function createBursts(step: (at: number) => Promise<void>) {
  const waits: number[] = [];
  const lengths: number[] = [];
  return {
    async run(isMeasured: boolean) {
      const startedAt = performance.now();
      const after = () => performance.now() - startedAt;
      const all = Array.from({ length: stepsAtOnce }, (_, at) => step(at).then(after));
      const times = await Promise.all(all);
      if (!isMeasured) return;
      waits.push(...times);
      lengths.push(after());
    },
    p99: () => p99(waits),
    median: () => median(waits),
    perSecond: () => (stepsAtOnce * 1_000) / median(lengths),
  };
}
