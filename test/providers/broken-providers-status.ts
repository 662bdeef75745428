// Providers that break a rule in what they say of a payout that was ordered.
import type { PayoutNews, PayoutNewsState, PayoutWebhook } from '../../src/providers/payouts.ts';
import { type BrokenProvider, withPayouts } from './broken-providers-made.ts';
import type { MintModule } from './reference-provider.ts';

/** The Mint that takes one state for another. */
function withStates(change: (news: PayoutNews) => PayoutNewsState): MintModule {
  return withPayouts(({ getStatus }) => ({
    async getStatus(key) {
      const news = await getStatus?.(key);
      if (news === undefined) throw new TypeError('it cannot be asked');
      return { ...news, state: change(news) };
    },
  }));
}

const turn = (from: PayoutNewsState, to: PayoutNewsState) =>
  withStates(({ state }) => (state === from ? to : state));

export const brokenStatuses: readonly BrokenProvider[] = [
  {
    breaks: ['does not find a payout that it never took'],
    how: 'calls what it does not find failed',
    module: turn('not_found', 'failed'),
  },
  {
    breaks: ['follows a payout to its end', 'ends at paid under not_found_once'],
    how: 'never believes that it paid',
    module: turn('paid', 'submitted'),
  },
  {
    breaks: ['ends at failed under payout_fails'],
    how: 'never believes that it failed',
    module: turn('failed', 'submitted'),
  },
  {
    breaks: ['ends at returned under returned'],
    how: 'does not see that money came back',
    module: turn('returned', 'paid'),
  },
  {
    breaks: ['ends at submitted under stays_pending'],
    how: 'takes what is under way for paid',
    module: turn('submitted', 'paid'),
  },
  {
    breaks: ['ends at unresolved under unknown_status'],
    how: 'takes an unknown status for a failure',
    module: turn('unresolved', 'failed'),
  },
  {
    breaks: ['says nothing final that is not so under any fault of its sandbox'],
    how: 'takes an answer that it cannot read for a failure',
    module: withPayouts(({ getStatus }) => ({
      async getStatus(key) {
        const failed: PayoutNews = { state: 'failed', providerStatus: 'unreadable' };
        return (await getStatus?.(key).catch(() => failed)) ?? failed;
      },
    })),
  },
  {
    breaks: ['says nothing final that is not so under any fault of its sandbox'],
    how: 'finds nothing where it cannot read',
    module: withPayouts(({ getStatus }) => ({
      async getStatus(key) {
        const lost: PayoutNews = { state: 'not_found', providerStatus: 'unreadable' };
        return (await getStatus?.(key).catch(() => lost)) ?? lost;
      },
    })),
  },
];

/** The Mint that verifies differently. */
function withVerify(change: (verify: PayoutWebhook['verify']) => PayoutWebhook['verify']) {
  return withPayouts(({ webhook }) =>
    webhook === undefined ? {} : { webhook: { ...webhook, verify: change(webhook.verify) } },
  );
}

function believe({ body }: Parameters<PayoutWebhook['verify']>[0]) {
  const { reference, state } = JSON.parse(body.toString());
  return { reference, providerStatus: state };
}

export const brokenReports: readonly BrokenProvider[] = [
  {
    breaks: ['believes what its provider reports, and says which payout it is'],
    how: 'speaks of another payout',
    module: withVerify((verify) => (request) => ({ ...verify(request), reference: 'OTHER00001' })),
  },
  {
    breaks: ['refuses a report that says nothing'],
    how: 'takes nothing for a hint',
    module: withVerify((verify) => (request) => {
      const isEmpty = request.body.length === 0;
      return isEmpty ? { reference: 'OTHER00001', providerStatus: 'paid' } : verify(request);
    }),
  },
  {
    breaks: [
      'refuses a report that was turned to another payout',
      'refuses a report that was signed with other keys',
    ],
    how: 'believes any signature',
    module: withVerify((verify) => (request) => {
      return request.headers['x-signature'] === undefined ? verify(request) : believe(request);
    }),
  },
  {
    breaks: ['refuses a report without its signature'],
    how: 'believes what is not signed',
    module: withVerify((verify) => (request) => {
      return request.headers['x-signature'] === undefined ? believe(request) : verify(request);
    }),
  },
];
