// A provider that pays, as small as it can honestly be: it takes an order once, keeps it, and says
// how it stands. It fulfils the port that the real providers fulfil.
import { ProviderError, type ProviderErrorCode } from '../../src/errors.ts';
import type {
  PayoutCalls,
  PayoutNews,
  PayoutNewsState,
  PayoutOrder,
  PayoutRoute,
} from '../../src/providers/payouts.ts';

/** Two currencies, a choice, an account number that is needed and one that is not. */
export const bankRoute: PayoutRoute = {
  id: 'pe-bank',
  label: 'Peru, bank account',
  country: 'PE',
  currencies: ['USD', 'PEN'],
  fields: [
    {
      name: 'bank',
      label: 'Bank',
      help: 'One of the list.',
      isRequired: true,
      pattern: '^[A-Z]+$',
      lengthMax: 10,
      options: ['BCP', 'BBVA'],
    },
    {
      name: 'account_no',
      label: 'Account number',
      help: '10 to 20 digits.',
      isRequired: true,
      isAccountNumber: true,
      pattern: '^\\d{10,20}$',
      lengthMax: 20,
    },
    {
      name: 'cci',
      label: 'CCI',
      help: '20 digits.',
      isRequired: false,
      isAccountNumber: true,
      pattern: '^\\d{20}$',
      lengthMax: 20,
    },
    {
      name: 'phone',
      label: 'Phone',
      help: 'Digits, like 51987654321.',
      isRequired: false,
      pattern: '^\\d{6,15}$',
      lengthMax: 15,
    },
  ],
};

/** One currency and one field. */
export const walletRoute: PayoutRoute = {
  id: 'us-wallet',
  label: 'United States, wallet',
  country: 'US',
  currencies: ['USD'],
  fields: [
    {
      name: 'wallet',
      label: 'Wallet number',
      help: '12 digits.',
      isRequired: true,
      isAccountNumber: true,
      pattern: '^\\d{12}$',
      lengthMax: 12,
    },
  ],
};

export interface Payer extends PayoutCalls {
  /** What was taken, in the order of taking. */
  readonly orders: readonly PayoutOrder[];
  /** From now on orders are taken and stand so, or are not taken and this is thrown. */
  answers(next: PayoutNewsState | ProviderError): void;
  /** Takes the next orders, and yet its answer is lost. */
  losesAnswers(): void;
  /** How all that was taken stands from now on. */
  settles(state: PayoutNewsState): void;
}

export interface PayerConfig {
  readonly id: string;
  readonly routes?: readonly PayoutRoute[];
  /** Without it people close its payouts. */
  readonly isAskable?: boolean;
}

export function createPayer({ id, routes, isAskable = true }: PayerConfig): Payer {
  const orders: PayoutOrder[] = [];
  const states = new Map<string, PayoutNewsState>();
  let next: PayoutNewsState | ProviderError = 'submitted';
  let isAnswerLost = false;
  const newsOf = (reference: string): PayoutNews => {
    const state = states.get(reference) ?? 'not_found';
    return { state, providerStatus: state.toUpperCase(), reference };
  };
  return {
    routes: routes ?? [bankRoute, walletRoute],
    orders,
    answers: (answer) => {
      next = answer;
    },
    losesAnswers: () => {
      isAnswerLost = true;
    },
    settles: (state) => {
      for (const reference of states.keys()) states.set(reference, state);
    },
    decimalsOf: (currency) => ({ USD: 2, PEN: 2, COP: 0 })[currency],
    accountFor: () => 'main',
    async create(order) {
      if (states.has(order.reference)) {
        throw refusalOf(id, 'rejected', 'It knows this reference already.');
      }
      if (next instanceof ProviderError) throw next;
      orders.push(order);
      states.set(order.reference, next);
      if (isAnswerLost) throw refusalOf(id, 'outcome_unknown', `${id} did not answer within 30 s.`);
      return newsOf(order.reference);
    },
    ...(isAskable ? { getStatus: async ({ reference }) => newsOf(reference) } : {}),
    pollAfterMs: () => 60_000,
    returnWindowMs: 0,
  };
}

export function refusalOf(id: string, code: ProviderErrorCode, message: string): ProviderError {
  return new ProviderError({ code, provider: id, operation: 'payouts', message });
}
