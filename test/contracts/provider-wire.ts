// Facts about the way to a provider: each fault of networks has its code, reads are repeated at most
// twice, credentials go nowhere else, and many readers at once do not disturb each other.
import { expect } from 'vitest';
import type { ProviderErrorCode } from '../../src/errors.ts';
import { startSandbox } from '../../src/providers/sandbox.ts';
import type { TransportFault } from '../../src/providers/sandbox-faults.ts';
import { startRelay } from '../http-servers.ts';
import {
  type ProviderFact,
  type ProviderUnderTest,
  startScene,
  toTexts,
} from './provider-subject.ts';

/** What a read under the fault fails with. */
const codes: Readonly<Record<Exclude<TransportFault, 'slow'>, ProviderErrorCode>> = {
  timeout: 'timed_out',
  process_then_timeout: 'timed_out',
  reset: 'unavailable',
  process_then_reset: 'unavailable',
  truncated: 'unavailable',
  http_500: 'unavailable',
  http_429: 'rate_limited',
  html: 'malformed_response',
  invalid_json: 'malformed_response',
  empty: 'malformed_response',
  huge: 'malformed_response',
  redirect: 'malformed_response',
};
const retriedCodes: ReadonlySet<ProviderErrorCode> = new Set([
  'timed_out',
  'unavailable',
  'rate_limited',
]);

/** Long enough for an answer on loopback, as three of them pass before a read gives up. */
const shortDeadlineMs = 500;

export const faultFacts: readonly ProviderFact[] = Object.entries(codes).map(([name, code]) => ({
  name: `tells ${name} as ${code}, and reads again when it is over`,
  prove: (subject) => proveFault(subject, name, code),
}));

async function proveFault(
  subject: ProviderUnderTest,
  name: string,
  code: ProviderErrorCode,
): Promise<void> {
  const { running, open } = await startScene(subject);
  const truth = toTexts(await open().provider.getBalances());
  const calls = running.requests().length;
  const client = open(code === 'timed_out' ? { deadlineMs: shortDeadlineMs } : {});
  running.switchFault({ name, retryAfterS: 2 });
  const error = await client.refusalOf(client.provider.getBalances());
  expect(error.code).toBe(code);
  if (code === 'rate_limited') expect(error.retryAfterMs).toBe(2000);
  const tried = running.requests().length - calls;
  expect(tried).toBe(retriedCodes.has(code) ? 3 * calls : calls);
  running.clearFaults();
  expect(toTexts(await client.provider.getBalances())).toEqual(truth);
}

export const wireFacts: readonly ProviderFact[] = [
  {
    name: 'waits for a slow answer',
    async prove(subject) {
      const { running, open } = await startScene(subject);
      const { provider } = open();
      const truth = toTexts(await provider.getBalances());
      running.switchFault({ name: 'slow', ms: 3000 });
      expect(toTexts(await provider.getBalances())).toEqual(truth);
    },
  },
  {
    name: 'gets over one broken connection by itself',
    async prove(subject) {
      const { running, open } = await startScene(subject);
      const { provider } = open();
      const truth = toTexts(await provider.getBalances());
      const calls = running.requests().length;
      running.switchFault({ name: 'reset', times: 1 });
      expect(toTexts(await provider.getBalances())).toEqual(truth);
      expect(running.requests()).toHaveLength(2 * calls + 1);
    },
  },
  {
    name: 'stops reading an answer that has no end',
    async prove(subject) {
      const { running, open } = await startScene(subject);
      const relay = await startRelay(running.origin);
      const client = open({ origin: relay.origin });
      await client.provider.getBalances();
      const calls = running.requests().length;
      running.switchFault({ name: 'huge' });
      await client.refusalOf(client.provider.getBalances());
      // What was on its way in the buffers of both sockets comes on top of the limit.
      expect(relay.counts.bytesFromServer / calls).toBeLessThan(16 * 1024 * 1024);
    },
  },
  {
    name: 'takes its credentials nowhere else',
    async prove(subject) {
      const { clock, sandbox } = subject;
      const elsewhere = await startScene(subject);
      for (const status of [302, 307]) {
        const away = await startSandbox(
          {
            ...sandbox,
            answer: ({ path }) => ({
              status,
              headers: { location: elsewhere.running.origin + path },
              body: '',
            }),
          },
          { clock },
        );
        const client = elsewhere.open({ origin: away.origin });
        const reading = client.provider.getBalances();
        await Promise.allSettled([reading]);
        expect(elsewhere.running.requests()).toEqual([]);
        expect((await client.refusalOf(reading)).code).toBe('malformed_response');
        await away.close();
      }
    },
  },
  {
    name: 'answers 20 reads at once over a bounded number of connections',
    async prove(subject) {
      const { running, open } = await startScene(subject);
      const relay = await startRelay(running.origin);
      const { provider } = open({ origin: relay.origin });
      const reads = Array.from({ length: 20 }, () => provider.getBalances());
      const [first, ...others] = (await Promise.all(reads)).map(toTexts);
      expect(first).not.toEqual([]);
      for (const one of others) expect(one).toEqual(first);
      expect(relay.counts.openMax).toBeLessThanOrEqual(connectionsMax);
    },
  },
  {
    name: 'works beside another client, and on when that one is closed',
    async prove(subject) {
      const { open } = await startScene(subject);
      const [one, two] = [open().provider, open().provider];
      const [left, right] = await Promise.all([one.getBalances(), two.getBalances()]);
      expect(toTexts(left)).toEqual(toTexts(right));
      await one.close();
      expect(toTexts(await two.getBalances())).toEqual(toTexts(left));
    },
  },
];

/** What SmilePayz, which is asked account by account, may have open at most. */
const connectionsMax = 16;
