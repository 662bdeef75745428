// The orders that the sandbox has taken, and what they do to its balances. Nothing happens by itself:
// what an order has become is worked out from the clock whenever somebody asks. While it is under way
// its amount is in the buffer; only an approved one leaves the balance.
// https://doc.payneteasy.eu/reference/statuses.html (read 2026-11)
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { SandboxOrder, SandboxWebhook } from '../sandbox.ts';
import type { SandboxBalance } from './sandbox-rows.ts';

/** What becomes of an order, in order of time. */
type Course = readonly { readonly afterMs: number; readonly status: string }[];

const endsAfterMs = 4_000;
const endsAs = (status: string): Course => [{ afterMs: endsAfterMs, status }];
const approved = endsAs('approved');

/** Fault -> what it does to an order that is taken while it is on. */
const courses: Readonly<Record<string, { readonly what: string; readonly course: Course }>> = {
  payout_fails: { what: 'ends as declined', course: endsAs('declined') },
  payout_filtered: { what: 'ends as filtered', course: endsAs('filtered') },
  payout_error: { what: 'ends as error', course: endsAs('error') },
  payout_unknown: {
    what: 'ends as unknown, which may or may not be final',
    course: endsAs('unknown'),
  },
  unknown_status: {
    what: 'ends as suspended, which no document has',
    course: endsAs('suspended'),
  },
  fails_after_success: {
    what: 'is approved, and declined four seconds later',
    course: [...approved, { afterMs: 2 * endsAfterMs, status: 'declined' }],
  },
  stays_pending: { what: 'is processed for ever', course: [] },
};

const otherFates: Readonly<Record<string, string>> = {
  not_found_once: 'cannot be found by the first status query',
  webhook_twice: 'sends each callback twice',
  webhook_altered: 'sends callbacks whose status was changed on the way',
  webhook_unsigned: 'sends callbacks without control',
  webhook_out_of_order: 'sends each callback again after it with the status processing',
};

export const fateFaults: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(courses).map(([name, { what }]) => [name, what])),
  ...otherFates,
};

export interface NewOrder {
  readonly reference: string;
  readonly amount: string;
  readonly amountThousandths: bigint;
  readonly currency: string;
  readonly callbackUrl: string | undefined;
}

export interface TakenOrder extends NewOrder {
  readonly id: string;
  readonly course: Course;
  readonly fault: string | undefined;
  readonly takenAtMs: number;
  readonly reason: string;
  /** How many steps of the course were told by callback. */
  told: number;
  asked: number;
}

/** The documents have callbacks for these. */
const toldStatuses: ReadonlySet<string> = new Set([
  'approved',
  'declined',
  'filtered',
  'error',
  'unknown',
]);
/** The order of the documented sample. */
const firstId = 6_768_788;

export interface OrdersConfig {
  readonly clock: Clock;
  readonly balances: readonly SandboxBalance[];
  readonly controlKey: string;
}

export function createOrders({ clock, balances, controlKey }: OrdersConfig) {
  const orders: TakenOrder[] = [];
  const stepsOf = (order: TakenOrder) =>
    order.course.filter(({ afterMs }) => clock.now() - order.takenAtMs >= afterMs);
  const statusOf = (order: TakenOrder) => stepsOf(order).at(-1)?.status ?? 'processing';

  /** Payouts draw on the last balance in their currency. */
  const findPot = (currency: string) => balances.findLast((one) => one.currency === currency);

  function listBalances(): SandboxBalance[] {
    const left = new Map<SandboxBalance, { gone: bigint; buffered: bigint }>();
    for (const order of orders) {
      const pot = findPot(order.currency);
      if (pot === undefined) continue;
      const sums = left.get(pot) ?? { gone: 0n, buffered: 0n };
      const status = statusOf(order);
      if (status === 'approved') sums.gone += order.amountThousandths;
      else if (!/^(declined|filtered|error)$/.test(status)) {
        sums.buffered += order.amountThousandths;
      }
      left.set(pot, sums);
    }
    return balances.map((one) => {
      const { gone, buffered } = left.get(one) ?? { gone: 0n, buffered: 0n };
      return {
        ...one,
        amountThousandths: one.amountThousandths - gone,
        bufferHoldThousandths: one.bufferHoldThousandths + buffered,
      };
    });
  }

  function canPay({ currency, amountThousandths }: NewOrder): boolean {
    const pot = listBalances().findLast((one) => one.currency === currency);
    if (pot === undefined) return false;
    const held = pot.shortTermHoldThousandths + pot.rollingReserveThousandths;
    return pot.amountThousandths - held - pot.bufferHoldThousandths >= amountThousandths;
  }

  return {
    listBalances,
    findPot,
    statusOf,
    find: (reference: string, id: string) =>
      orders.find((order) => order.reference === reference && (id === '' || order.id === id)),
    take(order: NewOrder, fault: string | undefined): TakenOrder {
      const isCovered = canPay(order);
      const course = courses[fault ?? '']?.course ?? approved;
      const taken: TakenOrder = {
        ...order,
        id: String(firstId + orders.length),
        course: isCovered ? course : endsAs('declined'),
        reason: isCovered ? 'Refused by the processor' : 'Insufficient funds',
        fault,
        takenAtMs: clock.now(),
        told: 0,
        asked: 0,
      };
      orders.push(taken);
      return taken;
    },
    books: (): SandboxOrder[] =>
      orders.map((order) => ({
        reference: order.reference,
        amount: order.amount,
        currency: order.currency,
        status: statusOf(order),
      })),
    takeWebhooks: (): SandboxWebhook[] =>
      orders.flatMap((order) => {
        const due = stepsOf(order).slice(order.told);
        order.told += due.length;
        return due
          .filter(({ status }) => toldStatuses.has(status))
          .flatMap(({ status }) => composeCallbacks(order, status, controlKey));
      }),
  };
}

export type Orders = ReturnType<typeof createOrders>;

function composeCallbacks(order: TakenOrder, status: string, controlKey: string): SandboxWebhook[] {
  const { callbackUrl, fault } = order;
  if (callbackUrl === undefined || !isCalled(new URL(callbackUrl))) return [];
  const compose = (signedStatus: string, shownStatus = signedStatus): SandboxWebhook => {
    const url = new URL(callbackUrl);
    const parameters = {
      status: shownStatus,
      orderid: order.id,
      merchant_order: order.reference,
      client_orderid: order.reference,
      type: 'payout',
      amount: order.amount,
      ...(signedStatus === 'approved' ? {} : { error_message: order.reason }),
      ...(fault === 'webhook_unsigned'
        ? {}
        : { control: sha1(`${signedStatus}${order.id}${order.reference}${controlKey}`) }),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
    return { url: url.href, method: 'GET', headers: {}, body: '' };
  };
  switch (fault) {
    case 'webhook_twice':
      return [compose(status), compose(status)];
    case 'webhook_altered':
      return [compose(status, status === 'approved' ? 'declined' : 'approved')];
    case 'webhook_out_of_order':
      return [compose(status), compose('processing')];
    default:
      return [compose(status)];
  }
}

/** The documented ports, and any on loopback, where those are taken. */
function isCalled({ hostname, port }: URL): boolean {
  return /^(80|443|8080|8443|)$/.test(port) || /^(127\.|localhost$|\[::1\]$)/.test(hostname);
}

export function sha1(text: string): string {
  return createHash('sha1').update(text, 'utf8').digest('hex');
}
