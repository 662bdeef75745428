// Providers that break a rule when they pay.
import type { ProviderError, ProviderErrorCode } from '../../src/errors.ts';
import { roundDown } from '../../src/money.ts';
import type { PayeeField, PayoutNews } from '../../src/providers/payouts.ts';
import { transportFaults } from '../../src/providers/sandbox-faults.ts';
import { type BrokenProvider, mint, remake, withPayouts } from './broken-providers-made.ts';
import { examplePayee } from './reference-payouts.ts';
import type { MintModule } from './reference-provider.ts';

const withoutExample: MintModule = (({ examplePayee: _, ...rest }) => rest)(mint);

function withField(change: Partial<PayeeField>): MintModule {
  return withPayouts(({ routes }) => ({
    routes: routes.map((route) => ({
      ...route,
      fields: route.fields.map((field) => ({ ...field, ...change })),
    })),
  }));
}

export const brokenRoutes: readonly BrokenProvider[] = [
  {
    breaks: ['has an example payee if, and only if, it can pay'],
    how: 'pays without an example',
    module: withoutExample,
  },
  {
    breaks: ['names each route once, and each field of it'],
    how: 'has two routes of one name',
    module: withPayouts(({ routes }) => ({ routes: [...routes, ...routes] })),
  },
  {
    breaks: ['says what to write into each field, and checks the whole of it'],
    how: 'checks a part of a field',
    module: withField({ pattern: '\\d{10,20}' }),
  },
  {
    breaks: ['says what to write into each field, and checks the whole of it'],
    how: 'checks the beginning of a field or its end',
    module: withField({ pattern: '^\\d{10}|\\d{20}$' }),
  },
  {
    breaks: ['says what to write into each field, and checks the whole of it'],
    how: 'does not say what to write',
    module: withField({ help: '' }),
  },
  {
    breaks: ['has an example payee that fits its route'],
    how: 'has an example that nobody would take',
    module: { ...mint, examplePayee: { ...examplePayee, fields: { account_no: '12' } } },
  },
  {
    breaks: ['draws on an account whose balance it reads'],
    how: 'draws on an account that nobody sees',
    module: withPayouts(() => ({ accountFor: () => 'account ••9999' })),
  },
  {
    breaks: ['knows the decimals that it can carry, and of no unknown currency'],
    how: 'guesses the decimals of a currency',
    module: withPayouts(() => ({ decimalsOf: () => 2 })),
  },
  {
    breaks: ['says when to ask next, and for how long money can come back'],
    how: 'asks without a pause',
    module: withPayouts(() => ({ pollAfterMs: () => 0 })),
  },
];

/** The Mint whose failed orders are told differently. */
function withCreateErrors(change: (error: ProviderError) => ProviderErrorCode): MintModule {
  return withPayouts(({ create }) => ({
    create: (order) =>
      create(order).catch((error: ProviderError) => {
        throw remake(error, { code: change(error) });
      }),
  }));
}

const doubts = Object.keys(transportFaults)
  .filter((name) => name !== 'slow')
  .map((name) => `is in doubt after ${name} in an order, and does not send it again`);
const promise = 'promises that nothing was ordered only where it is so';
const repeat = 'never says of an order that it has that nothing was ordered';
const submitted: PayoutNews = { state: 'submitted', providerStatus: 'taken' };

export const brokenOrders: readonly BrokenProvider[] = [
  {
    breaks: ['orders a payout with one request, and calls it submitted'],
    how: 'orders twice to be sure',
    module: withPayouts(({ create }) => ({
      async create(order) {
        const news = await create(order);
        await create(order).catch(() => {});
        return news;
      },
    })),
  },
  {
    breaks: ['orders a payout with one request, and calls it submitted'],
    how: 'calls what was taken paid',
    module: withPayouts(({ create }) => ({
      create: async (order) => ({ ...(await create(order)), state: 'paid' }),
    })),
  },
  {
    breaks: ['orders nothing under a reference that is not the order’s'],
    how: 'counts its attempts in the reference',
    module: withPayouts(({ create }) => {
      let attempts = 0;
      return {
        async create(order) {
          attempts += 1;
          return create({ ...order, reference: `${order.reference}N${attempts}` });
        },
      };
    }),
  },
  {
    breaks: ['keeps ten orders of one moment apart'],
    how: 'takes one order for another',
    module: withPayouts(({ create }) => {
      let underWay: Promise<PayoutNews> | undefined;
      return {
        create(order) {
          underWay ??= create(order);
          return underWay;
        },
      };
    }),
  },
  {
    breaks: ['sends nothing for an order that it cannot carry'],
    how: 'rounds what it cannot carry',
    module: withPayouts(({ create }) => ({
      create: (order) => create({ ...order, amount: roundDown(order.amount, 2) }),
    })),
  },
  {
    breaks: ['knows that nothing was ordered when nobody can be reached'],
    how: 'is in doubt about everything',
    module: withCreateErrors(() => 'outcome_unknown'),
  },
  {
    breaks: ['waits for a slow answer to an order'],
    how: 'gives up after a second',
    module: withPayouts(({ create }, { clock }) => ({
      async create(order) {
        const startedAt = clock.now();
        const news = await create(order);
        if (clock.now() - startedAt > 1000) throw new Error('too slow');
        return news;
      },
    })),
  },
  {
    breaks: [promise, repeat, ...doubts],
    how: 'calls every failed order rejected',
    module: withCreateErrors(() => 'rejected'),
  },
  {
    breaks: [promise],
    how: 'calls a doubt unavailable',
    module: withCreateErrors(({ code }) => (code === 'outcome_unknown' ? 'unavailable' : code)),
  },
  {
    breaks: [promise],
    how: 'calls every order submitted',
    module: withPayouts(({ create }) => ({
      create: (order) => create(order).catch(() => submitted),
    })),
  },
  {
    breaks: doubts,
    how: 'sends an order again',
    module: withPayouts(({ create }) => ({
      create: (order) => create(order).catch(() => create(order)),
    })),
  },
  {
    breaks: [promise],
    how: 'names the account of the payee',
    module: withPayouts(({ create }) => ({
      create: (order) =>
        create(order).catch((error: ProviderError) => {
          throw remake(error, { cause: new Error(`not to ${order.fields['account_no']}`) });
        }),
    })),
  },
];
