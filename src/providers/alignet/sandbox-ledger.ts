// The orders that the Alignet sandbox has taken, and what they have moved. Nothing documents how a
// payout goes on, so its states are those of Monnet's own API, on which Alignet builds; they are
// seen in the books and in the balance alone, and follow from the clock whenever somebody looks.
// https://docs.monnet.io/OoF1XuWTEpPjI0i2ERRO/quick-start/authentication (read 2026-11)
import type { Clock } from '../../clock.ts';
import { toDecimalText } from '../../money.ts';
import type { SandboxOrder } from '../sandbox.ts';
import type { Row } from './sandbox-balance.ts';

const finalAfterMs = 4000;
const returnedAfterMs = 3_600_000;

/** What becomes of an order, fixed when it is taken. */
export type Fate = 'paid' | 'fails' | 'returned' | 'stays' | 'unfunded';

export interface Order {
  readonly payfac: string;
  readonly reference: string;
  readonly units: bigint;
  readonly currency: string;
  readonly fate: Fate;
}

interface TakenOrder extends Order {
  readonly takenAtMs: number;
}

export function createLedger(
  payfacs: ReadonlyMap<string, readonly Row[]>,
  amountDecimals: number,
  clock: Clock,
) {
  const orders: TakenOrder[] = [];

  function statusOf({ fate, takenAtMs }: TakenOrder): string {
    const ageMs = clock.now() - takenAtMs;
    if (fate === 'stays' || ageMs < finalAfterMs) return 'IN_PROGRESS';
    if (fate === 'fails' || fate === 'unfunded') return 'REJECTED';
    return fate === 'returned' && ageMs >= returnedAfterMs ? 'REVERSED' : 'SUCCESS';
  }

  /** Taken when the order is, and back when it comes to nothing. */
  function unitsGone(order: TakenOrder): bigint {
    if (order.fate === 'unfunded') return 0n;
    const status = statusOf(order);
    return status === 'REJECTED' || status === 'REVERSED' ? 0n : order.units;
  }

  return {
    take(order: Order): void {
      orders.push({ ...order, takenAtMs: clock.now() });
    },
    knows: (payfac: string, reference: string): boolean =>
      orders.some((order) => order.payfac === payfac && order.reference === reference),
    /** Undefined for a payfac that does not exist. Payouts draw on the first row of a currency. */
    findRows(payfac: string): readonly Row[] | undefined {
      const rows = payfacs.get(payfac);
      return rows?.map((row) => {
        if (rows.find(({ currency }) => currency === row.currency) !== row) return row;
        const gone = orders
          .filter((order) => order.payfac === payfac && order.currency === row.currency)
          .reduce((sum, order) => sum + unitsGone(order), 0n);
        return {
          ...row,
          total_balance: row.total_balance - gone,
          total_expenditure_amount: row.total_expenditure_amount + gone,
        };
      });
    },
    books: (): SandboxOrder[] =>
      orders.map((order) => ({
        reference: order.reference,
        amount: toMajorText(order.units, amountDecimals, order.currency),
        currency: order.currency,
        status: statusOf(order),
      })),
  };
}
export type Ledger = ReturnType<typeof createLedger>;

/** Whatever the scale, an amount of whole cents has two decimals: `125.00`. */
function toMajorText(units: bigint, decimals: number, currency: string): string {
  return toDecimalText({ units, decimals, currency }).replace(/(\.\d\d\d*?)0+$/, '$1');
}
