// An honest provider with its own books, which are the witness: what it took and what it paid is
// written here and nowhere asked of Purser. How it answers can be switched; its books never lie.
import { ProviderError, type ProviderErrorCode } from '../../src/errors.ts';
import { addMoney } from '../../src/money.ts';
import type {
  PayoutCalls,
  PayoutNews,
  PayoutNewsState,
  PayoutOrder,
} from '../../src/providers/payouts.ts';
import type { Turns } from './turns.ts';

/** How it takes an order. `late`: the answer times out, and the order arrives some time after. */
export const createModes = [
  'take',
  'refuse',
  'refuse_credentials',
  'unreachable',
  'lose',
  'take_unheard',
  'late',
  'unreadable',
  'strange',
  'pay_at_once',
  'other_amount',
  'other_reference',
] as const;
export type CreateMode = (typeof createModes)[number];

/** How it answers a question. `stale`: as if nothing had come of the order yet. */
export const statusModes = [
  'honest',
  'stale',
  'not_found',
  'silent',
  'strange',
  'other_amount',
  'other_currency',
  'other_reference',
] as const;
export type StatusMode = (typeof statusModes)[number];

export type OrderState = 'accepted' | 'paid' | 'failed' | 'returned';

export interface BookedOrder {
  readonly order: PayoutOrder;
  state: OrderState;
  /** Every state it ever had. */
  readonly had: Set<OrderState>;
}

export interface Books {
  readonly id: string;
  readonly isAskable: boolean;
  readonly orders: BookedOrder[];
  /** References in the order in which Purser called with them. */
  readonly calls: string[];
  createMode: CreateMode;
  statusMode: StatusMode;
  readonly payouts: PayoutCalls;
  listFor(reference: string): BookedOrder[];
  /** What the provider does with an order by itself. */
  advance(booked: BookedOrder, isGood: boolean): void;
}

export interface BooksConfig {
  readonly id: string;
  readonly isAskable: boolean;
  readonly turns: Turns;
  /** Heard in the moment of the call, before anything is under way. */
  onCall(order: PayoutOrder): void;
}

export const accountPattern = '^[0-9]{10}$';
const dayMs = 24 * 3_600_000;

export function createBooks({ id, isAskable, turns, onCall }: BooksConfig): Books {
  const orders: BookedOrder[] = [];
  const calls: string[] = [];

  const take = (order: PayoutOrder): BookedOrder => {
    const booked: BookedOrder = { order, state: 'accepted', had: new Set(['accepted']) };
    orders.push(booked);
    return booked;
  };
  const fail = (code: ProviderErrorCode) =>
    new ProviderError({ code, provider: id, operation: 'payout', message: `${id} says ${code}.` });

  const create = async (order: PayoutOrder, mode: CreateMode): Promise<PayoutNews> => {
    switch (mode) {
      case 'refuse':
        throw fail('rejected');
      case 'refuse_credentials':
        throw fail('auth_failed');
      case 'unreachable':
        throw fail('unavailable');
      case 'lose':
        throw fail('outcome_unknown');
      case 'late':
        turns.arriveLater(() => void take(order));
        throw fail('outcome_unknown');
      case 'take_unheard':
        take(order);
        throw fail('outcome_unknown');
      case 'unreadable':
        take(order);
        throw new TypeError('undefined is not what the answer should be');
      case 'strange':
        take(order);
        return { state: 'unresolved', providerStatus: 'PHASE_7' };
      case 'pay_at_once':
        books.advance(take(order), true);
        return describe(order, 'paid');
      case 'other_amount':
        take(order);
        return { ...describe(order, 'paid'), amount: addMoney(order.amount, order.amount) };
      case 'other_reference':
        return { ...describe(order, 'paid'), reference: 'PANOTHER00000000' };
      case 'take':
        take(order);
        return describe(order, 'submitted');
    }
  };

  const answer = async (key: PayoutKeyOf, mode: StatusMode): Promise<PayoutNews> => {
    const [booked] = books.listFor(key.reference);
    switch (mode) {
      case 'silent':
        throw fail('timed_out');
      case 'not_found':
        return { state: 'not_found', providerStatus: 'NO_ORDER' };
      case 'strange':
        return { state: 'unresolved', providerStatus: 'PHASE_8' };
      case 'other_amount':
        return { ...describe(key, 'paid'), amount: addMoney(key.amount, key.amount) };
      case 'other_currency':
        return { ...describe(key, 'paid'), amount: { ...key.amount, currency: 'PEN' } };
      case 'other_reference':
        return { ...describe(key, 'failed'), reference: 'PANOTHER00000000' };
      case 'stale':
      case 'honest': {
        if (booked === undefined) return { state: 'not_found', providerStatus: 'NO_ORDER' };
        return describe(booked.order, toNews(mode === 'stale' ? 'accepted' : booked.state));
      }
    }
  };

  const books: Books = {
    id,
    isAskable,
    orders,
    calls,
    createMode: 'take',
    statusMode: 'honest',
    listFor: (reference) => orders.filter(({ order }) => order.reference === reference),
    advance(booked, isGood) {
      if (booked.state === 'accepted') booked.state = isGood ? 'paid' : 'failed';
      else if (booked.state === 'paid' && isAskable && !isGood) booked.state = 'returned';
      booked.had.add(booked.state);
    },
    payouts: {
      routes: [
        {
          id: 'bank',
          label: 'Bank',
          currencies: ['USD'],
          fields: [
            {
              name: 'account',
              label: 'Account',
              help: 'Ten digits.',
              isRequired: true,
              isAccountNumber: true,
              pattern: accountPattern,
              lengthMax: 10,
            },
          ],
        },
      ],
      decimalsOf: () => 2,
      accountFor: () => 'main',
      create(order) {
        calls.push(order.reference);
        onCall(order);
        const mode = books.createMode;
        return turns.perform('wire', () => create(order, mode));
      },
      pollAfterMs: () => 30_000,
      returnWindowMs: isAskable ? 7 * dayMs : 0,
      ...(isAskable
        ? {
            getStatus: (key: PayoutKeyOf) =>
              turns.perform('wire', () => answer(key, books.statusMode)),
            webhook: {
              verify({ headers, body }) {
                if (headers['signature'] !== 'good') throw fail('auth_failed');
                return JSON.parse(body.toString('utf8'));
              },
              acknowledgement: { contentType: 'text/plain', body: 'OK' },
            },
          }
        : {}),
    },
  };
  return books;
}

type PayoutKeyOf = Pick<PayoutOrder, 'reference' | 'amount'>;

function describe({ reference, amount }: PayoutKeyOf, state: PayoutNewsState): PayoutNews {
  return { state, providerStatus: state.toUpperCase(), reference, amount };
}

function toNews(state: OrderState): PayoutNewsState {
  return state === 'accepted' ? 'submitted' : state;
}
