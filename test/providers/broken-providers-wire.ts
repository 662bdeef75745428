// Providers that break a rule on their way out, or in what they say of a failure.
import type { ProviderError } from '../../src/errors.ts';
import { createProviderHttp } from '../../src/providers/http.ts';
import {
  type BrokenProvider,
  remake,
  withClient,
  withErrors,
  withHttp,
} from './broken-providers-made.ts';
import { createMint, type MintModule } from './reference-provider.ts';
import { payoutAccount } from './reference-sandbox.ts';

const someFault = 'tells http_500 as unavailable, and reads again when it is over';

export const brokenErrors: readonly BrokenProvider[] = [
  {
    breaks: ['timeout', 'process_then_timeout']
      .map((name) => `tells ${name} as timed_out, and reads again when it is over`)
      .concat(
        ['reset', 'process_then_reset', 'truncated', 'http_500'].map(
          (name) => `tells ${name} as unavailable, and reads again when it is over`,
        ),
        'tells http_429 as rate_limited, and reads again when it is over',
        ['html', 'invalid_json', 'empty', 'huge', 'redirect'].map(
          (name) => `tells ${name} as malformed_response, and reads again when it is over`,
        ),
      ),
    how: 'calls everything rejected',
    module: withErrors(() => ({ code: 'rejected' })),
  },
  {
    breaks: ['tells http_429 as rate_limited, and reads again when it is over'],
    how: 'forgets when to ask again',
    module: withErrors(() => ({ retryAfterMs: 0 })),
  },
  {
    breaks: [someFault],
    how: 'gives a word instead of a sentence',
    module: withErrors(() => ({ message: 'failed' })),
  },
  {
    breaks: [someFault],
    how: 'has no remedy',
    module: withErrors(() => ({ remedy: '' })),
  },
  {
    breaks: [someFault],
    how: 'speaks for another provider',
    module: withErrors(() => ({ provider: 'bank' })),
  },
  {
    breaks: [someFault],
    how: 'names the account in a cause',
    module: withErrors(() => ({ cause: new Error(`no ${payoutAccount}`) })),
  },
  {
    breaks: [someFault],
    how: 'keeps its key in a cause',
    module: withClient(({ getBalances }, { environment }) => ({
      getBalances: () =>
        getBalances().catch((error: ProviderError) => {
          throw remake(error, { cause: { sent: { key: environment['MINT_KEY'] } } });
        }),
    })),
  },
  {
    breaks: [someFault],
    how: 'logs its key in base64',
    module: withClient(({ getBalances }, { environment }, { log }) => ({
      async getBalances() {
        const key = Buffer.from(environment['MINT_KEY'] ?? '').toString('base64');
        log.debug({ key }, 'asking');
        return getBalances();
      },
    })),
  },
  {
    breaks: [someFault],
    how: 'does not get well again',
    module: withClient(({ getBalances }) => {
      let broken: unknown;
      return {
        async getBalances() {
          if (broken !== undefined) throw broken;
          return getBalances().catch((error: unknown) => {
            broken = error;
            throw error;
          });
        },
      };
    }),
  },
  {
    breaks: [someFault, 'tells html as malformed_response, and reads again when it is over'],
    how: 'tries once more than it may',
    module: withClient(({ getBalances }) => ({
      getBalances: () => getBalances().catch(() => getBalances()),
    })),
  },
];

export const brokenWires: readonly BrokenProvider[] = [
  {
    breaks: ['waits for a slow answer'],
    how: 'gives up after a second',
    module: withClient(({ getBalances }, _config, { clock }) => ({
      async getBalances() {
        const startedAt = clock.now();
        const reading = await getBalances();
        if (clock.now() - startedAt > 1000) throw new Error('too slow');
        return reading;
      },
    })),
  },
  {
    breaks: ['gets over one broken connection by itself'],
    how: 'does not try again',
    module: withHttp({ budgetMs: 190 }),
  },
  {
    breaks: ['stops reading an answer that has no end'],
    how: 'takes any number of bytes',
    module: withHttp({ answerBytesMax: 100 * 1024 * 1024 }),
  },
  {
    breaks: ['takes its credentials nowhere else'],
    how: 'follows redirects',
    module: createMint((config) => {
      const http = createProviderHttp(config);
      return {
        ...http,
        read: (_operation, attempt) =>
          attempt(async ({ path, headers }) => {
            const response = await fetch(config.baseUrl + path, { headers: { ...headers } });
            const body = Buffer.from(await response.arrayBuffer());
            return { status: response.status, headers: {}, body, text: body.toString() };
          }),
      };
    }),
  },
  {
    breaks: ['answers 20 reads at once over a bounded number of connections'],
    how: 'opens a connection for each',
    module: withHttp({ concurrentMax: 100 }),
  },
  {
    breaks: ['works beside another client, and on when that one is closed'],
    how: 'shares its end with other clients',
    module: withSharedEnd(),
  },
];

function withSharedEnd(): MintModule {
  let isOver = false;
  return withClient(({ getBalances, close }) => ({
    async getBalances() {
      if (isOver) throw new Error('over');
      return getBalances();
    },
    async close() {
      isOver = true;
      await close();
    },
  }));
}
