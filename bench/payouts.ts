// What a click costs: from the last approval until the provider has the order, beside the same
// provider calls alone (the balance is read at the approval and once more before sending). And what a
// request costs until it is posted, beside the one balance read that it needs.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBalanceDesk } from '../src/balances.ts';
import { systemClock } from '../src/clock.ts';
import { createLog } from '../src/log.ts';
import { parseDecimal } from '../src/money.ts';
import { newPayoutId } from '../src/names.ts';
import { createPayoutOffice, type PayoutOffice, tokenOf } from '../src/payouts/index.ts';
import { payermax } from '../src/providers/payermax/index.ts';
import type { PayoutCalls } from '../src/providers/payouts.ts';
import type { Provider } from '../src/providers/types.ts';
import { openLowdbStore } from '../src/store/index.ts';
import { teamSchema } from '../src/team.ts';
import { connect, type Served } from './connect.ts';
import { median, type Result, round } from './measure.ts';

const rounds = { warmUp: 10, measured: 60 };
const names = { click: 'click-to-sent-ms', request: 'request-to-posted-ms' };
const place = { platform: 'playground', user: 'bench' };

const team = teamSchema.parse({
  people: [
    { id: 'ana', name: 'Ana', roles: ['requester'] },
    { id: 'ben', name: 'Ben', roles: ['approver'] },
    { id: 'cy', name: 'Cy', roles: ['approver'] },
  ],
  approvals: [{ when: { currency: 'USD' }, need: 1, from: 'approver' }],
});

export async function benchPayouts(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!Object.values(names).some(isWanted)) return [];
  const child = fork(fileURLToPath(new URL('./sandboxes.ts', import.meta.url)));
  const dataDir = await mkdtemp(join(tmpdir(), 'purser-bench-'));
  try {
    const [served] = (await once(child, 'message')) as [Served[]];
    const one = served.find(({ id }) => id === payermax.id);
    if (one === undefined) throw new Error('no sandbox of PayerMax');
    const provider = connect(one);
    const results = await measure(provider, dataDir);
    await provider.close();
    return results.filter(({ name }) => isWanted(name));
  } finally {
    child.disconnect();
    await rm(dataDir, { recursive: true });
  }
}

async function measure(provider: Provider, dataDir: string): Promise<Result[]> {
  const { payouts } = provider;
  const example = payermax.examplePayee;
  if (payouts === undefined || example === undefined) throw new Error('PayerMax cannot pay');
  const log = createLog({ level: 'error', secrets: [], destination: process.stderr });
  const store = await openLowdbStore({ dataDir, clock: systemClock, log });
  const office = createPayoutOffice({
    store,
    team,
    payers: [{ id: payermax.id, name: payermax.name, payouts }],
    balances: createBalanceDesk([provider], { clock: systemClock }),
    clock: systemClock,
    log,
    referencePrefix: 'B',
    newId: newPayoutId,
    callbackUrlFor: () => undefined,
    notify: () => {},
  });
  await addPayee(office, payouts);
  const times = {
    request: [] as number[],
    click: [] as number[],
    read: [] as number[],
    calls: [] as number[],
  };
  for (let turn = 0; turn < rounds.warmUp + rounds.measured; turn += 1) {
    // Never the same amount twice: a possible duplicate would need one more person.
    const amount = `${1 + Math.floor(turn / 90)}.${String(10 + (turn % 90))}`;
    const taken = await pay(office, amount);
    const floor = await payByHand(provider, payouts, amount);
    if (turn < rounds.warmUp) continue;
    times.request.push(taken.requestMs);
    times.click.push(taken.clickMs);
    times.read.push(floor.readMs);
    times.calls.push(floor.callsMs);
  }
  await store.close();
  return [
    toResult(names.click, median(times.click), median(times.calls), 25),
    toResult(names.request, median(times.request), median(times.read), 25),
  ];
}

function toResult(name: string, ours: number, floor: number, mostMs: number): Result {
  return {
    name,
    ours: round(ours),
    floor: round(floor),
    ratio: round(ours / floor),
    unit: 'ms',
    goal: `ours <= floor + ${mostMs}`,
    ok: ours <= floor + mostMs,
  };
}

async function addPayee({ payees }: PayoutOffice, { routes }: PayoutCalls): Promise<void> {
  const example = payermax.examplePayee;
  const route = routes.find(({ id }) => id === example?.route);
  if (example === undefined || route === undefined) throw new Error('no example payee');
  const { id, name, fields } = example;
  const input = { id, name, provider: payermax.id, route, fields };
  await payees.propose(input, true, 'ana', place);
  await payees.decide(id, 1, true, 'ben', place);
}

async function pay(
  office: PayoutOffice,
  amount: string,
): Promise<{ requestMs: number; clickMs: number }> {
  const { desk, journal } = office;
  const payee = payermax.examplePayee?.id ?? '';
  const request = { provider: payermax.id, amount, currency: 'USD', payee, note: '' };
  const preview = await desk.preview(request, 'ana');
  const requestedAt = performance.now();
  const payout = await desk.post(preview.id, 'ana', place);
  const requestMs = performance.now() - requestedAt;
  const clickedAt = performance.now();
  await desk.approve(tokenOf(payout), 'ben', place);
  await office.settle();
  const clickMs = performance.now() - clickedAt;
  const after = await journal.find(payout.id);
  if (after?.state !== 'submitted') throw new Error(`the payout is ${after?.state}`);
  return { requestMs, clickMs };
}

let count = 0;

async function payByHand(
  provider: Provider,
  payouts: PayoutCalls,
  amount: string,
): Promise<{ readMs: number; callsMs: number }> {
  const example = payermax.examplePayee;
  if (example === undefined) throw new Error('no example payee');
  count += 1;
  const startedAt = performance.now();
  await provider.getBalances();
  const readMs = performance.now() - startedAt;
  await provider.getBalances();
  await payouts.create({
    reference: `BENCH${process.pid}N${count}`,
    amount: parseDecimal(amount, 'USD'),
    route: example.route,
    payeeName: example.name,
    fields: example.fields,
    note: 'payout',
    requestedOn: '2026-11-20',
  });
  return { readMs, callsMs: performance.now() - startedAt };
}
