// What a click costs: from the last approval until the provider has the order, beside the same
// provider calls alone (the balance is read at the approval and once more before sending). And what a
// request costs until it is posted, beside the one balance read that it needs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { createLog } from '../src/log.ts';
import { parseDecimal } from '../src/money.ts';
import { openLowdbStore } from '../src/store/index.ts';
import { type Result, toOverhead, toTimes } from './measure.ts';
import { amountOf, openOffice, type Payer, pay, withPayer } from './office.ts';

const rounds = { warmUp: 10, measured: 60 };
const names = { click: 'click-to-sent-ms', request: 'request-to-posted-ms' };
const mostMs = 25;

export async function benchPayouts(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!Object.values(names).some(isWanted)) return [];
  const dataDir = await mkdtemp(join(tmpdir(), 'purser-bench-'));
  try {
    const results = await withPayer((payer) => measure(payer, dataDir));
    return results.filter(({ name }) => isWanted(name));
  } finally {
    await rm(dataDir, { recursive: true });
  }
}

async function measure(payer: Payer, dataDir: string): Promise<Result[]> {
  const log = createLog({ level: 'error', secrets: [], destination: process.stderr });
  const store = await openLowdbStore({ dataDir, clock: systemClock, log });
  const office = await openOffice(store, payer);
  const times = {
    request: [] as number[],
    click: [] as number[],
    read: [] as number[],
    calls: [] as number[],
  };
  for (let turn = 0; turn < rounds.warmUp + rounds.measured; turn += 1) {
    const amount = amountOf(turn);
    const taken = await pay(office, payer, amount);
    const floor = await payByHand(payer, amount, turn);
    if (turn < rounds.warmUp) continue;
    times.request.push(taken.requestMs);
    times.click.push(taken.clickMs);
    times.read.push(floor.readMs);
    times.calls.push(floor.callsMs);
  }
  await store.close();
  return [
    toOverhead(names.click, toTimes(times.click, times.calls), mostMs),
    toOverhead(names.request, toTimes(times.request, times.read), mostMs),
  ];
}

async function payByHand(
  { provider, payouts, example }: Payer,
  amount: string,
  turn: number,
): Promise<{ readMs: number; callsMs: number }> {
  const startedAt = performance.now();
  await provider.getBalances();
  const readMs = performance.now() - startedAt;
  await provider.getBalances();
  await payouts.create({
    reference: `BENCH${process.pid}N${turn}`,
    amount: parseDecimal(amount, 'USD'),
    route: example.route,
    payeeName: example.name,
    fields: example.fields,
    note: 'payout',
    requestedOn: '2026-11-20',
  });
  return { readMs, callsMs: performance.now() - startedAt };
}
