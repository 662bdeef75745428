// Facts about ordering a payout: sent once, never again, and in doubt called so. "Rejected" is a
// promise that nothing happened, and the sandbox's books are asked whether it is kept.
import { expect } from 'vitest';
import { ProviderError, type ProviderErrorCode } from '../../src/errors.ts';
import type { PayoutOrder } from '../../src/providers/payouts.ts';
import type { TransportFault } from '../../src/providers/sandbox-faults.ts';
import { takeDeadOrigin } from '../http-servers.ts';
import { expectBooked, openPayer, type Payer, payoutFact } from './provider-payer.ts';
import type { ProviderFact, ProviderUnderTest } from './provider-subject.ts';

/** Whether the provider takes the order under the fault. */
const isTaken: Readonly<Record<Exclude<TransportFault, 'slow'>, boolean>> = {
  timeout: false,
  process_then_timeout: true,
  reset: false,
  process_then_reset: true,
  truncated: true,
  http_500: false,
  http_429: false,
  html: false,
  invalid_json: false,
  empty: false,
  huge: false,
  redirect: false,
};
/** They promise that nothing happened. */
const undoneCodes: ReadonlySet<ProviderErrorCode> = new Set([
  'auth_failed',
  'rejected',
  'unsupported',
]);
const shortDeadlineMs = 500;

export const orderFacts: readonly ProviderFact[] = [
  payoutFact('orders a payout with one request, and calls it submitted', async (subject) => {
    const { payer } = await openPayer(subject);
    const order = payer.compose();
    const news = await payer.payouts.create(order);
    expect(payer.countRequests()).toBe(1);
    expect(payer.booked()).toHaveLength(1);
    expectBooked(payer.booked()[0], order);
    expect(news.state).toBe('submitted');
    expect(news.providerStatus).not.toBe('');
    expect(news.reference ?? order.reference).toBe(order.reference);
    payer.log.debug({ news }, 'told');
    payer.expectDiscretion();
  }),
  payoutFact('orders nothing under a reference that is not the order’s', async (subject) => {
    const { payer } = await openPayer(subject);
    const order = payer.compose();
    await payer.payouts.create(order);
    await payer.payouts.create(order).catch((error: unknown) => {
      expect(error).toBeInstanceOf(ProviderError);
    });
    for (const entry of payer.booked()) expectBooked(entry, order);
  }),
  payoutFact('never says of an order that it has that nothing was ordered', async (subject) => {
    const { payer } = await openPayer(subject);
    const order = payer.compose();
    await payer.payouts.create(order);
    const again = await payer.payouts.create(order).catch((error: unknown) => error);
    if (again instanceof ProviderError) expect([...undoneCodes]).not.toContain(again.code);
    else expect(again).toMatchObject({ state: 'submitted' });
  }),
  payoutFact('keeps ten orders of one moment apart', async (subject) => {
    const { payer } = await openPayer(subject);
    const orders = Array.from({ length: 10 }, () => payer.compose());
    await Promise.all(orders.map((order) => payer.payouts.create(order)));
    const references = payer.booked().map(({ reference }) => reference);
    expect(references.toSorted()).toEqual(orders.map(({ reference }) => reference).toSorted());
  }),
  payoutFact('sends nothing for an order that it cannot carry', async (subject) => {
    const { payer } = await openPayer(subject);
    const { amount } = payer.compose();
    const impossible: Partial<PayoutOrder>[] = [
      { route: 'no-such-route' },
      { amount: { ...amount, currency: 'XXX' } },
      { amount: { ...amount, units: 0n } },
      { amount: { ...amount, units: -amount.units } },
      { amount: { ...amount, units: amount.units * 1000n + 1n, decimals: amount.decimals + 3 } },
    ];
    for (const changes of impossible) {
      const { code } = await payer.refusalOf(payer.payouts.create(payer.compose(changes)));
      expect(undoneCodes.has(code), `${Object.keys(changes)}: ${code}`).toBe(true);
    }
    // Not searched for account numbers: the help that it quotes may hold the example's.
    const empty = payer.payouts.create(payer.compose({ fields: {} }));
    await expect(empty).rejects.toMatchObject({ code: 'rejected' });
    expect(payer.countRequests()).toBe(0);
  }),
  payoutFact('knows that nothing was ordered when nobody can be reached', async (subject) => {
    const { payer } = await openPayer(subject, { origin: await takeDeadOrigin() });
    const { code } = await payer.refusalOf(payer.payouts.create(payer.compose()));
    expect(code).toBe('unavailable');
  }),
  payoutFact('waits for a slow answer to an order', async (subject) => {
    const { payer, scene } = await openPayer(subject);
    scene.running.switchFault({ name: 'slow', ms: 3000 });
    expect((await payer.payouts.create(payer.compose())).state).toBe('submitted');
    expect(payer.countRequests()).toBe(1);
  }),
  payoutFact('promises that nothing was ordered only where it is so', async (subject) => {
    const { payer, scene } = await openPayer(subject);
    const problems: string[] = [];
    for (const name of Object.keys(subject.sandbox.faults)) {
      scene.running.switchFault({ name });
      problems.push(...(await judge(payer)).map((problem) => `${name}: ${problem}`));
      scene.running.clearFaults();
    }
    expect(problems).toEqual([]);
  }),
];

export const doubtFacts: readonly ProviderFact[] = Object.entries(isTaken).map(([name, taken]) =>
  payoutFact(`is in doubt after ${name} in an order, and does not send it again`, (subject) =>
    proveDoubt(subject, name, taken),
  ),
);

async function proveDoubt(subject: ProviderUnderTest, name: string, taken: boolean): Promise<void> {
  const isTimed = name.endsWith('timeout');
  const options = isTimed ? { deadlineMs: shortDeadlineMs } : {};
  const { payer, scene } = await openPayer(subject, options);
  const order = payer.compose();
  scene.running.switchFault({ name });
  const { code } = await payer.refusalOf(payer.payouts.create(order));
  expect(code).toBe('outcome_unknown');
  expect(payer.countRequests()).toBe(1);
  expect(payer.booked()).toHaveLength(taken ? 1 : 0);
  for (const entry of payer.booked()) expectBooked(entry, order);
}

/** What is wrong with one order under the fault that is on. */
async function judge(payer: Payer): Promise<string[]> {
  const order = payer.compose();
  const sentBefore = payer.countRequests();
  const problems: string[] = [];
  const outcome = await payer.payouts.create(order).catch((error: unknown) => error);
  const sent = payer.countRequests() - sentBefore;
  const taken = payer.booked().filter(({ reference }) => reference === order.reference).length;
  if (sent > 1) problems.push(`sent ${sent} times`);
  if (outcome instanceof ProviderError) {
    const { code } = await payer.refusalOf(Promise.reject(outcome));
    if (undoneCodes.has(code)) {
      if (taken > 0) problems.push(`${code}, although ${taken} in the books`);
    } else if (sent > 0 && code !== 'outcome_unknown') problems.push(`${code} instead of doubt`);
  } else if (outcome instanceof Error) problems.push(`${outcome}`);
  else {
    const { state } = outcome as Awaited<ReturnType<Payer['payouts']['create']>>;
    payer.log.debug({ outcome }, 'told');
    if (state === 'paid' || state === 'returned') problems.push(`${state} at once`);
    if (state === 'submitted' && taken === 0) problems.push('submitted, although not in the books');
  }
  payer.expectDiscretion();
  return problems;
}
