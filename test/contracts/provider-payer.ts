// What the facts about payouts have in common: a client that pays the provider's own example payee,
// and the sandbox's books as the witness of what was really ordered.
import { expect } from 'vitest';
import { compareMoney, type Money, parseDecimal } from '../../src/money.ts';
import type {
  PayoutCalls,
  PayoutKey,
  PayoutNews,
  PayoutOrder,
} from '../../src/providers/payouts.ts';
import type { SandboxOrder } from '../../src/providers/sandbox.ts';
import type { ExamplePayee } from '../../src/providers/types.ts';
import {
  type Client,
  type ProviderFact,
  type ProviderUnderTest,
  startScene,
} from './provider-subject.ts';

export interface Payer extends Client {
  readonly payouts: PayoutCalls;
  readonly payee: ExamplePayee;
  /** A new order, of a reference that was never used. */
  compose(changes?: Partial<PayoutOrder>): PayoutOrder;
  /** The entries of the books that came since the payer was opened. */
  booked(): readonly SandboxOrder[];
  /** How many requests were seen since the payer was opened. */
  countRequests(): number;
}

let orders = 0;

export async function openPayer(
  subject: ProviderUnderTest,
  options: { deadlineMs?: number; origin?: string } = {},
) {
  const scene = await startScene(subject);
  const client = scene.open(options);
  const { payouts } = client.provider;
  const payee = subject.module.examplePayee;
  if (payouts === undefined || payee === undefined) throw new TypeError('it cannot pay');
  const booksBefore = scene.running.books().length;
  const payer: Payer = {
    ...client,
    payouts,
    payee,
    compose(changes) {
      orders += 1;
      return {
        reference: `CT${String(orders).padStart(8, '0')}`,
        amount: exampleAmount(payouts, payee),
        route: payee.route,
        payeeName: payee.name,
        fields: payee.fields,
        note: 'Invoice 4711',
        requestedOn: new Date(subject.clock.now()).toISOString().slice(0, 10),
        ...changes,
      };
    },
    booked: () => scene.running.books().slice(booksBefore),
    countRequests: () => scene.running.requests().length,
  };
  return { payer, scene };
}

/** 12.34 and a little more each time, or 50,000 where there are no decimals. */
function exampleAmount(payouts: PayoutCalls, { currency }: ExamplePayee): Money {
  const decimals = payouts.decimalsOf(currency);
  expect(decimals, `decimals of ${currency}`).toBeDefined();
  const places = decimals ?? 0;
  // PayCross takes the same amount to the same payee, soon again, for a duplicate.
  const units = places < 2 ? 50_000 + orders : (1234 + orders) * 10 ** (places - 2);
  return { units: BigInt(units), decimals: places, currency };
}

export function keyOf(order: PayoutOrder, news?: PayoutNews): PayoutKey {
  const { reference, route, amount } = order;
  const { providerReference } = news ?? {};
  return { reference, route, amount, ...(providerReference && { providerReference }) };
}

export function expectBooked(entry: SandboxOrder | undefined, order: PayoutOrder): void {
  expect(entry?.reference).toBe(order.reference);
  expect(entry?.currency).toBe(order.amount.currency);
  const amount = parseDecimal(entry?.amount ?? '0', order.amount.currency);
  expect(compareMoney(amount, order.amount)).toBe(0);
}

/** Only for providers that pay. */
export function payoutFact(
  name: string,
  prove: (subject: ProviderUnderTest) => Promise<void>,
): ProviderFact {
  return {
    name,
    findExemption: ({ module }) =>
      module.examplePayee === undefined ? 'Purser cannot pay with it' : undefined,
    prove,
  };
}
