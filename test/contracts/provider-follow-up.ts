// Facts about what becomes of a payout: what the provider says when it is asked, and whom Purser
// believes that reports without being asked.
import { expect } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type {
  PayoutKey,
  PayoutNewsState,
  PayoutWebhook,
  WebhookRequest,
} from '../../src/providers/payouts.ts';
import type { SandboxWebhook } from '../../src/providers/sandbox.ts';
import { keyOf, openPayer, type Payer, payoutFact } from './provider-payer.ts';
import { openSandbox, type ProviderFact, type ProviderUnderTest } from './provider-subject.ts';

/** Faults that several sandboxes have under one name -> how the payout stands after a day. */
const fates: Readonly<Record<string, PayoutNewsState>> = {
  payout_fails: 'failed',
  returned: 'returned',
  stays_pending: 'submitted',
  unknown_status: 'unresolved',
  not_found_once: 'paid',
};

function statusFact(name: string, prove: (subject: ProviderUnderTest) => Promise<void>) {
  const fact = payoutFact(name, prove);
  return {
    ...fact,
    findExemption(subject: ProviderUnderTest) {
      const cannot = fact.findExemption?.(subject);
      return cannot ?? (subject.hasStatus ? undefined : 'it cannot be asked');
    },
  };
}

export const statusFacts: readonly ProviderFact[] = [
  statusFact('does not find a payout that it never took', async (subject) => {
    const { payer } = await openPayer(subject);
    const { state } = await ask(payer, keyOf(payer.compose()));
    expect(['not_found', 'unresolved']).toContain(state);
  }),
  statusFact('follows a payout to its end', async (subject) => {
    const { payer } = await openPayer(subject);
    expect(await follow(subject, payer)).toBe('paid');
  }),
  ...Object.entries(fates).map(([fault, state]) => ({
    ...statusFact(`ends at ${state} under ${fault}`, async (subject) => {
      const { payer, scene } = await openPayer(subject);
      scene.running.switchFault({ name: fault });
      expect(await follow(subject, payer, () => scene.running.clearFaults())).toBe(state);
    }),
    findExemption: (subject: ProviderUnderTest) =>
      !subject.hasStatus
        ? 'it cannot be asked'
        : fault in subject.sandbox.faults
          ? undefined
          : 'its sandbox has no such fault',
  })),
  statusFact(
    'says nothing final that is not so under any fault of its sandbox',
    async (subject) => {
      const { payer, scene } = await openPayer(subject);
      const order = payer.compose();
      const key = keyOf(order, await payer.payouts.create(order));
      const problems: string[] = [];
      const { sandbox, plausibleFaults = [] } = subject;
      for (const name of Object.keys(sandbox.faults)) {
        if (plausibleFaults.includes(name)) continue;
        scene.running.switchFault({ name });
        const outcome = await ask(payer, key).catch((error: unknown) => error);
        scene.running.clearFaults();
        if (outcome instanceof ProviderError) {
          const { code } = await payer.refusalOf(Promise.reject(outcome));
          if (code === 'outcome_unknown') problems.push(`${name}: ${code}`);
        } else if (outcome instanceof Error) problems.push(`${name}: ${outcome}`);
        else {
          const { state } = outcome as Awaited<ReturnType<typeof ask>>;
          // Nor “not found”: two people may then declare it not sent, and pay again.
          if (['failed', 'returned', 'not_found'].includes(state))
            problems.push(`${name}: ${state}`);
        }
      }
      expect(problems).toEqual([]);
      payer.expectDiscretion();
    },
  ),
];

async function ask({ payouts, log }: Payer, key: PayoutKey) {
  const news = await payouts.getStatus?.(key);
  if (news === undefined) throw new TypeError('it cannot be asked');
  log.debug({ news }, 'told');
  return news;
}

/** How an order stands a day later, asked as often as the provider advises. */
async function follow(
  { clock }: ProviderUnderTest,
  payer: Payer,
  onOrdered: () => void = () => {},
): Promise<PayoutNewsState> {
  const order = payer.compose();
  const taken = await payer.payouts.create(order);
  onOrdered();
  const startedAt = clock.now();
  for (let ageMs = 0; ageMs < 86_400_000; ageMs = clock.now() - startedAt) {
    const news = await ask(payer, keyOf(order, taken));
    expect(news.reference ?? order.reference).toBe(order.reference);
    clock.advance(payer.payouts.pollAfterMs(ageMs));
  }
  const { state } = await ask(payer, keyOf(order, taken));
  payer.expectDiscretion();
  return state;
}

function webhookFact(name: string, prove: (subject: ProviderUnderTest) => Promise<void>) {
  const fact = payoutFact(name, prove);
  return {
    ...fact,
    findExemption(subject: ProviderUnderTest) {
      const cannot = fact.findExemption?.(subject);
      return cannot ?? (subject.hasWebhook ? undefined : 'it does not report');
    },
  };
}

export const webhookFacts: readonly ProviderFact[] = [
  webhookFact('believes what its provider reports, and says which payout it is', (subject) =>
    eachReport(subject, async ({ payer, webhook, sent, reference }) => {
      expect(webhook.verify(toRequest(sent)).reference).toBe(reference);
      expect(webhook.acknowledgement.contentType).toMatch(/^[a-z]+\/[a-z]+/);
      payer.expectDiscretion();
    }),
  ),
  webhookFact('refuses a report that says nothing', (subject) =>
    eachReport(subject, async ({ payer, webhook, sent: { method } }) => {
      const empty = { method, query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) };
      await expectRefusal(payer, () => webhook.verify(empty));
    }),
  ),
  webhookFact('refuses a report that was turned to another payout', (subject) =>
    eachReport(subject, async ({ payer, webhook, sent, reference }) => {
      const turn = (text: string) => text.replaceAll(reference, `${reference.slice(0, -1)}X`);
      const turned = { ...sent, url: turn(sent.url), body: turn(sent.body) };
      expect(turned).not.toEqual(sent);
      await expectRefusal(payer, () => webhook.verify(toRequest(turned)));
    }),
  ),
  webhookFact('refuses a report without its signature', (subject) =>
    eachReport(subject, async ({ payer, webhook, sent }) => {
      const { query, ...rest } = toRequest(sent);
      // In the header, or as long as a hash in the address.
      const bare = new URLSearchParams([...query].filter(([, value]) => value.length < 32));
      await expectRefusal(payer, () => webhook.verify({ ...rest, query: bare, headers: {} }));
    }),
  ),
  webhookFact('refuses a report that was signed with other keys', async (subject) => {
    const { payer } = await openPayer(subject);
    const sandbox = await openSandbox(subject.module, subject.clock);
    await eachReport({ ...subject, sandbox }, async ({ sent }) => {
      await expectRefusal(payer, () => payer.payouts.webhook?.verify(toRequest(sent)));
    });
  }),
];

interface Report {
  readonly payer: Payer;
  readonly webhook: PayoutWebhook;
  readonly sent: SandboxWebhook;
  /** Of the payout that it is about. */
  readonly reference: string;
}

/** What the provider reports of one payout in a day, each at its time: old ones may be refused. */
async function eachReport(
  subject: ProviderUnderTest,
  judge: (report: Report) => Promise<void>,
): Promise<void> {
  const { payer, scene } = await openPayer(subject);
  const { webhook } = payer.payouts;
  if (webhook === undefined) throw new TypeError('it does not report');
  scene.running.takeWebhooks();
  const order = payer.compose({ callbackUrl: 'https://purser.example/hooks/payouts' });
  await payer.payouts.create(order);
  let reports = 0;
  for (let hours = 0; hours < 24; hours += 1) {
    for (const sent of scene.running.takeWebhooks()) {
      await judge({ payer, webhook, sent, reference: order.reference });
      reports += 1;
    }
    subject.clock.advance(3_600_000);
  }
  expect(reports).toBeGreaterThan(0);
}

function toRequest({ url, method, headers, body }: SandboxWebhook): WebhookRequest {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    query: new URL(url).searchParams,
    headers: Object.fromEntries(lowerCase),
    body: Buffer.from(body),
  };
}

async function expectRefusal(payer: Payer, verify: () => unknown): Promise<void> {
  const { code } = await payer.refusalOf(Promise.resolve().then(verify));
  expect(code).toBe('auth_failed');
}
