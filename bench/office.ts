// The office that makes payouts, on any store, with the sandbox of PayerMax: a payee whom two people
// agreed to, a request, and the click that sends it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createBalanceDesk } from '../src/balances.ts';
import { systemClock } from '../src/clock.ts';
import { createLog } from '../src/log.ts';
import { newPayoutId } from '../src/names.ts';
import { createPayoutOffice, type PayoutOffice, tokenOf } from '../src/payouts/index.ts';
import type { Payout } from '../src/payouts/types.ts';
import { payermax } from '../src/providers/payermax/index.ts';
import type { PayoutCalls } from '../src/providers/payouts.ts';
import type { Provider } from '../src/providers/types.ts';
import type { Store } from '../src/store/types.ts';
import { teamSchema } from '../src/team.ts';
import { connect, type Served } from './connect.ts';

const place = { platform: 'playground', user: 'bench' };
const team = teamSchema.parse({
  people: [
    { id: 'ana', name: 'Ana', roles: ['requester'] },
    { id: 'ben', name: 'Ben', roles: ['approver'] },
    { id: 'cy', name: 'Cy', roles: ['approver'] },
  ],
  approvals: [{ when: { currency: 'USD' }, need: 1, from: 'approver' }],
});

export interface Payer {
  readonly provider: Provider;
  readonly payouts: PayoutCalls;
  readonly example: NonNullable<typeof payermax.examplePayee>;
}

export async function withPayer<T>(work: (payer: Payer) => Promise<T>): Promise<T> {
  const sandboxes = fork(fileURLToPath(new URL('./sandboxes.ts', import.meta.url)));
  try {
    const [served] = (await once(sandboxes, 'message')) as [Served[]];
    const one = served.find(({ id }) => id === payermax.id);
    if (one === undefined) throw new Error('no sandbox of PayerMax');
    const provider = connect(one);
    const { payouts } = provider;
    const { examplePayee: example } = payermax;
    if (payouts === undefined || example === undefined) throw new Error('PayerMax cannot pay');
    const done = await work({ provider, payouts, example });
    await provider.close();
    return done;
  } finally {
    sandboxes.disconnect();
  }
}

export async function openOffice(store: Store, payer: Payer): Promise<PayoutOffice> {
  const { provider, payouts, example } = payer;
  const office = createPayoutOffice({
    store,
    team,
    payers: [{ id: payermax.id, name: payermax.name, payouts }],
    balances: createBalanceDesk([provider], { clock: systemClock }),
    clock: systemClock,
    log: createLog({ level: 'error', secrets: [], destination: process.stderr }),
    referencePrefix: 'B',
    newId: newPayoutId,
    callbackUrlFor: () => undefined,
    notify: () => {},
  });
  const { id, name, fields } = example;
  const route = payouts.routes.find((one) => one.id === example.route);
  if (route === undefined) throw new Error('no route for the example payee');
  await office.payees.propose(
    { id, name, provider: payermax.id, route, fields },
    true,
    'ana',
    place,
  );
  await office.payees.decide(id, 1, true, 'ben', place);
  return office;
}

export interface Paid {
  readonly payout: Payout;
  /** From the request until it is posted. */
  readonly requestMs: number;
  /** From the last approval until the provider has the order, and that is written down. */
  readonly clickMs: number;
}

/** Never the same amount twice a day: a possible duplicate would need one more person. */
export function amountOf(turn: number): string {
  return `${1 + Math.floor(turn / 90)}.${String(10 + (turn % 90))}`;
}

export async function pay(
  { desk, journal, settle }: PayoutOffice,
  { example }: Payer,
  amount: string,
): Promise<Paid> {
  const request = { provider: payermax.id, amount, currency: 'USD', payee: example.id, note: '' };
  const preview = await desk.preview(request, 'ana');
  const requestedAt = performance.now();
  const posted = await desk.post(preview.id, 'ana', place);
  const requestMs = performance.now() - requestedAt;
  const clickedAt = performance.now();
  await desk.approve(tokenOf(posted), 'ben', place);
  await settle();
  const clickMs = performance.now() - clickedAt;
  const payout = await journal.find(posted.id);
  if (payout?.state !== 'submitted') throw new Error(`the payout is ${payout?.state}`);
  return { payout, requestMs, clickMs };
}
