// The PostgreSQL store on a server that waits for its disk: what a step, the reads of a step and a
// whole click cost with a million closed payouts, beside none. Both stores are on one server and
// take turns, so that what disturbs one disturbs the other. Beside them the bare driver, and lowdb.
import { verifyChain } from '../src/store/index.ts';
import type { Store } from '../src/store/types.ts';
import { startPostgresServer } from '../test/store/postgres-server.ts';
import { createTestDatabase, type TestDatabase } from '../test/store/test-database.ts';
import { openBare } from './bare-postgres.ts';
import { fill, idOf, type Sample } from './history.ts';
import { compare, type Result, round, toOverhead, toRatio, toTimes } from './measure.ts';
import { amountOf, openOffice, type Payer, pay, withPayer } from './office.ts';
import { makeSample, openSide, type Side, withFolderStore } from './postgres-side.ts';
import { measureTogether } from './postgres-together.ts';

const names = {
  step: 'pg-step-ratio-1m',
  read: 'pg-read-ratio-1m',
  click: 'pg-click-to-sent-ms',
  overhead: 'pg-step-overhead-ratio',
  together: 'pg-together-p99-ms',
};
const counts = [10_000, 100_000, 1_000_000];
const rounds = { warmUp: 50, measured: 400 };
const clickRounds = { warmUp: 10, measured: 60 };
const mostTimes = { history: 1.2, bare: 1.5 };
/** A click is three durable steps and some twenty questions more: a round trip each. */
const mostClickMs = 25;
const openCount = 50;

export async function benchPostgres(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!Object.values(names).some(isWanted)) return [];
  // As PostgreSQL comes, but for the memory that every installation gives it.
  const server = await startPostgresServer({
    isDurable: true,
    settings: ['shared_buffers=128MB', 'max_wal_size=4GB'],
  });
  try {
    return await withPayer(async (payer) => {
      const sample = await makeSample(payer);
      const empty = await openSide(await createTestDatabase(server.url), sample, openCount);
      const full = await openSide(await createTestDatabase(server.url), sample, openCount);
      const results = await measureHistory(full, empty, sample, isWanted);
      if (isWanted(names.overhead)) results.push(await measureOverhead(empty, sample));
      if (isWanted(names.together)) {
        results.push(await measureTogether(names.together, server.url, sample));
      }
      if (isWanted(names.click)) results.push(await measureClicks(full.store, payer));
      await Promise.all([empty.store.close(), full.store.close()]);
      return results;
    });
  } finally {
    await server.discard();
  }
}

/** The cost as history grows; what counts is the last. */
async function measureHistory(
  full: Side,
  empty: Side,
  sample: Sample,
  isWanted: (name: string) => boolean,
): Promise<Result[]> {
  const isNeeded = [names.step, names.read, names.click].some(isWanted);
  let results: Result[] = [];
  let done = 0;
  for (const count of isNeeded ? counts : []) {
    const startedAt = performance.now();
    await fill(full.database, sample, { first: done + 1, last: count });
    const filledMs = performance.now() - startedAt;
    // Once, where it is short: what is filled in must be what Purser would have written.
    if (done === 0) await proveChain(full.store);
    done = count;
    let drawn = 0;
    const draw = () => {
      drawn += 1;
      return idOf(1 + ((drawn * 7_919_317) % count));
    };
    const step = await compare(full.step, empty.step, rounds);
    const read = await compare(
      () => full.read(draw()),
      () => empty.read(empty.nextOpen()),
      rounds,
    );
    results = [
      toRatio(names.step, step, { unit: 'ms', most: mostTimes.history }),
      toRatio(names.read, read, { unit: 'ms', most: mostTimes.history }),
    ];
    const size = await readSize(full.database);
    console.log(
      `${count} closed payouts (${size}, filled in ${Math.round(filledMs / 1000)} s): a step takes ${round(step.ours)} ms, in an empty database ${round(step.floor)} ms; its reads take ${round(read.ours)} ms, there ${round(read.floor)} ms`,
    );
  }
  return results.filter(({ name }) => isWanted(name));
}

async function proveChain(store: Store): Promise<void> {
  const verdict = await verifyChain(store.readAudit());
  if (!verdict.isIntact) throw new Error(`entry ${verdict.sequence}: ${verdict.reason}`);
}

async function readSize({ schema, query }: TestDatabase): Promise<string> {
  const text = `SELECT pg_size_pretty(sum(pg_total_relation_size(oid))) AS size FROM pg_class
    WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r'`;
  return String((await query(text))[0]?.['size']);
}

/** The same change and the same entry by the bare driver, without a chain. */
async function measureOverhead(side: Side, sample: Sample): Promise<Result> {
  const [bare] = await openBare(side.database, sample, 1);
  if (bare === undefined) throw new Error('no bare driver');
  try {
    const times = await compare(side.step, bare.step, rounds);
    return toRatio(names.overhead, times, { unit: 'ms', most: mostTimes.bare });
  } finally {
    await bare.close();
  }
}

/** With all that history, beside lowdb without any. */
async function measureClicks(store: Store, payer: Payer): Promise<Result> {
  return await withFolderStore(async (folderStore) => {
    const ours = await openOffice(store, payer);
    const floor = await openOffice(folderStore, payer);
    const times = { ours: [] as number[], floor: [] as number[] };
    for (let turn = 0; turn < clickRounds.warmUp + clickRounds.measured; turn += 1) {
      for (const who of turn % 2 === 0
        ? (['ours', 'floor'] as const)
        : (['floor', 'ours'] as const)) {
        const { clickMs } = await pay(who === 'ours' ? ours : floor, payer, amountOf(turn));
        if (turn >= clickRounds.warmUp) times[who].push(clickMs);
      }
    }
    return toOverhead(names.click, toTimes(times.ours, times.floor), mostClickMs);
  });
}
