// The payouts of the bank that never was: paid after a minute, unless a fault decides otherwise.
import { createHmac } from 'node:crypto';
import type { Clock } from '../../src/clock.ts';
import { toJson } from '../../src/json.ts';
import type { SandboxAnswer, SandboxOrder, SandboxWebhook } from '../../src/providers/sandbox.ts';

export const payoutFaults = {
  payout_fails: 'the payout fails after a minute',
  returned: 'the payout is paid after a minute and comes back after two',
  stays_pending: 'the payout stays pending',
  unknown_status: 'the payout has a status that nobody knows',
  not_found_once: 'does not know the payout when first asked',
  refused: 'refuses the payout',
  taken_other_code: 'takes the payout and answers a code that nobody knows',
  other_order: 'tells of another payout, which failed',
} as const;

interface Order {
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
  readonly callbackUrl?: string;
  readonly takenAtMs: number;
  readonly fault: string | undefined;
}

const minuteMs = 60_000;

export function createMintOrders(clock: Clock, key: string) {
  const orders: Order[] = [];
  const hidden = new Set<string>();
  let outbox: { order: Order; state: string }[] = [];

  function stateOf({ takenAtMs, fault }: Order): string {
    const ageMs = clock.now() - takenAtMs;
    if (fault === 'stays_pending' || ageMs < minuteMs) return 'pending';
    if (fault === 'unknown_status') return 'postponed';
    if (fault === 'payout_fails') return 'failed';
    return fault === 'returned' && ageMs > 2 * minuteMs ? 'returned' : 'paid';
  }

  return {
    take(body: string, fault: string | undefined): SandboxAnswer {
      const { account_no: _, ...given } = JSON.parse(body);
      if (fault === 'refused') return json(200, { code: 'refused' });
      if (orders.some(({ reference }) => reference === given.reference)) return json(409, {});
      const order: Order = { ...given, takenAtMs: clock.now(), fault };
      orders.push(order);
      outbox.push({ order, state: 'pending' }, { order, state: 'paid' });
      if (fault === 'not_found_once') hidden.add(order.reference);
      return json(200, { code: fault === 'taken_other_code' ? 'later' : 'taken' });
    },
    tell(reference: string, fault: string | undefined): SandboxAnswer {
      const order = orders.find((one) => one.reference === reference);
      if (order === undefined || hidden.delete(reference)) return json(200, { code: 'unknown' });
      if (fault === 'other_order') return json(200, { reference: 'OTHER00001', state: 'failed' });
      return json(200, { reference, state: stateOf(order) });
    },
    books: (): SandboxOrder[] =>
      orders.map((order) => {
        const { reference, amount, currency } = order;
        return { reference, amount, currency, status: stateOf(order) };
      }),
    takeWebhooks(): SandboxWebhook[] {
      const isDue = ({ order, state }: (typeof outbox)[number]) => stateOf(order) === state;
      const due = outbox.filter(isDue);
      outbox = outbox.filter((one) => !isDue(one));
      return due.flatMap(({ order: { reference, callbackUrl }, state }) => {
        if (callbackUrl === undefined) return [];
        const body = JSON.stringify({ reference, state });
        const signature = createHmac('sha256', key).update(body).digest('hex');
        return { url: callbackUrl, method: 'POST', headers: { 'X-Signature': signature }, body };
      });
    },
  };
}

export function json(status: number, body: object): SandboxAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: toJson(body) };
}
