// One step of the lowdb store (find a payout, change it, write one audit entry) on a real disk with
// fsync: with 100,000 closed payouts in the store, beside an empty store. The cost must not grow with
// history. Closed payouts and their audit log are filled in through the store's own format functions,
// because that many real steps would take minutes; the store that is measured opened them itself.
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../src/clock.ts';
import { createLog } from '../src/log.ts';
import { chainStart, nextEntry, openLowdbStore } from '../src/store/index.ts';
import { encodeEntry } from '../src/store/lowdb/audit-file.ts';
import { encodeClosed } from '../src/store/lowdb/closed-line.ts';
import { emptyState, encodeState } from '../src/store/lowdb/state.ts';
import type { Store } from '../src/store/types.ts';
import { compare, type Result, round, type Times, toRatio } from './measure.ts';

const name = 'store-step-ratio-100k';
const rounds = { warmUp: 50, measured: 1_000 };
const goalRatio = 1.1;

export async function benchStore(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!isWanted(name)) return [];
  // Not in the folder for temporary files: that may be in memory, where fsync costs nothing.
  const folder = await mkdtemp(fileURLToPath(new URL('../data/bench-', import.meta.url)));
  try {
    for (const count of [1_000, 10_000]) tell(count, await measure(folder, count));
    const times = await measure(folder, 100_000);
    tell(100_000, times);
    return [toRatio(name, times, { unit: 'ms', most: goalRatio })];
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Measured extends Times {
  readonly openMs: number;
  readonly heapBytesEach: number;
}

function tell(count: number, { ours, floor, openMs, heapBytesEach }: Measured): void {
  console.log(
    `${count} closed payouts: a step takes ${round(ours)} ms, in an empty store ${round(floor)} ms; opened in ${Math.round(openMs)} ms, ${Math.round(heapBytesEach)} bytes of heap each`,
  );
}

async function measure(folder: string, count: number): Promise<Measured> {
  const dataDir = join(folder, String(count));
  await fill(dataDir, count);
  const before = heapBytes();
  const startedAt = performance.now();
  const full = await openStore(dataDir);
  const openMs = performance.now() - startedAt;
  const heapBytesEach = (heapBytes() - before) / count;
  const empty = await openStore(`${dataDir}-empty`);
  try {
    const times = await compare(await prepareStep(full), await prepareStep(empty), rounds);
    return { ...times, openMs, heapBytesEach };
  } finally {
    await Promise.all([full.close(), empty.close()]);
  }
}

const openStore = (dataDir: string) =>
  openLowdbStore({
    dataDir,
    clock: systemClock,
    log: createLog({ level: 'warn', secrets: [], destination: process.stderr }),
  });

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** As large as a payout is in practice. */
const composeValue = (id: string) => ({
  id,
  provider: 'payermax',
  amount: '1250.00',
  currency: 'USD',
  payee: { id: 'acme', version: 3, name: 'Acme Trading S.A.C.', account: '••••4821' },
  reference: `PUR-${id}`,
  history: Array.from({ length: 5 }, (_, step) => ({ step, person: 'ana', at: 1_795_176_000_000 })),
  note: 'Invoice 2026-11-0042, second half, as agreed with the supplier.',
});

async function fill(dataDir: string, count: number): Promise<void> {
  await mkdir(dataDir);
  const closed = await open(join(dataDir, 'closed.jsonl'), 'w');
  const audit = await open(join(dataDir, 'audit.jsonl'), 'w');
  const bytes = { audit: 0, closed: 0 };
  let head = chainStart;
  for (let start = 0; start < count; start += 1_000) {
    let closedText = '';
    let auditText = '';
    for (let n = start; n < start + 1_000; n += 1) {
      const id = `p${n}`;
      const createdAtMs = 1_764_000_000_000 + n;
      const record = { kind: 'payout', id, version: 6, isOpen: false, createdAtMs };
      closedText += encodeClosed({ ...record, key: `PUR-${id}`, value: composeValue(id) });
      const facts = { what: 'paid', payout: id, person: 'ana', platform: 'slack', channel: 'C01' };
      const entry = nextEntry(head, createdAtMs, facts);
      auditText += encodeEntry(entry);
      head = entry;
    }
    bytes.closed += (await closed.write(closedText)).bytesWritten;
    bytes.audit += (await audit.write(auditText)).bytesWritten;
  }
  await Promise.all([closed.sync(), audit.sync()]);
  await Promise.all([closed.close(), audit.close()]);
  const { sequence, hash } = head;
  const state = encodeState({ ...emptyState, audit: { sequence, hash }, bytes });
  const file = await open(join(dataDir, 'open.json'), 'w');
  await file.writeFile(state);
  await file.close();
}

async function prepareStep(store: Store): Promise<() => Promise<void>> {
  const kind = 'payout';
  const id = 'open';
  const value = composeValue(id);
  const change = { kind, id, isOpen: true, key: `PUR-${id}`, value };
  const facts = { what: 'looked', payout: id, person: 'ben', platform: 'slack', channel: 'C01' };
  await store.commit([{ ...change, expectedVersion: 0 }], [facts]);
  return async () => {
    const record = await store.find(kind, id);
    if (record === undefined) throw new Error('the open payout is gone');
    await store.commit([{ ...change, expectedVersion: record.version }], [facts]);
  };
}
