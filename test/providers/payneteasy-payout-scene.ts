// What PaynetEasy's payout tests share: a sandbox whose clock they own, a client before it over real
// HTTP, and an order with the payee of the vendor's sample.
import { expect, onTestFinished } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createScrubber } from '../../src/log.ts';
import { parseDecimal } from '../../src/money.ts';
import { payneteasy } from '../../src/providers/payneteasy/index.ts';
import { examplePayee } from '../../src/providers/payneteasy/payout-routes.ts';
import { createPaynetEasySandbox } from '../../src/providers/payneteasy/sandbox.ts';
import type { PayoutCalls, PayoutKey, PayoutOrder } from '../../src/providers/payouts.ts';
import { type Sandbox, type SandboxAnswer, startSandbox } from '../../src/providers/sandbox.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';
import { controlKey, row } from './payneteasy-scene.ts';

export const login = 'purser_demo_merchant';
export const clock = createFakeClock();
export const balances = [
  row('EU', 'EUR', [1_000_000n, 0n, 0n, 0n]),
  row('US cards', 'USD', [20_000_000n, 1_000_000n, 500_000n, 250_000n]),
  row('EU payouts', 'EUR', [5_000_000n, 0n, 0n, 0n]),
];

/** One pair of keys for a whole test file: making them takes long. */
export function createSandbox(): Sandbox {
  return createPaynetEasySandbox({ clock }, { login, controlKey, balances });
}

export interface OpenOptions {
  readonly sandbox?: Sandbox;
  readonly settings?: object;
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers in the sandbox's place. */
  readonly answer?: Partial<SandboxAnswer>;
}

export async function open(options: OpenOptions = {}) {
  const sandbox = options.sandbox ?? createSandbox();
  const { answer } = options;
  const running = await startSandbox(
    answer === undefined
      ? sandbox
      : { ...sandbox, answer: () => ({ status: 200, headers: {}, body: '', ...answer }) },
    { clock },
  );
  const environment = { ...running.environment, ...options.environment };
  const log = createRecordingLog();
  const secrets = [controlKey, environment['PAYNETEASY_PRIVATE_KEY'] ?? ''];
  const provider = payneteasy.create(
    {
      environment,
      settings: payneteasy.settings.parse({ ...(running.settings ?? {}), ...options.settings }),
    },
    { clock, log, newNonce: newTestNonce, scrub: createScrubber(secrets), deadlineMs: 1_000 },
  );
  onTestFinished(async () => {
    await provider.close();
    await running.close();
  });
  const { payouts } = provider;
  if (payouts === undefined) throw new TypeError('it does not pay as it is configured');
  return { running, provider, payouts, log, sandbox };
}

let orders = 0;

export function orderOf(changes: Partial<PayoutOrder> = {}): PayoutOrder {
  orders += 1;
  return {
    reference: `PRS${String(orders).padStart(13, '0')}`,
    amount: parseDecimal('100.50', 'USD'),
    route: 'bank',
    payeeName: examplePayee.name,
    fields: examplePayee.fields,
    note: 'Invoice 17',
    requestedOn: '2026-11-20',
    ...changes,
  };
}

export function keyOf({ reference, route, amount }: PayoutOrder, providerReference?: string) {
  const key: PayoutKey = { reference, route, amount };
  return providerReference === undefined ? key : { ...key, providerReference };
}

export async function statusOf(payouts: PayoutCalls, order: PayoutOrder, orderId?: string) {
  if (payouts.getStatus === undefined) throw new TypeError('it cannot be asked');
  return payouts.getStatus(keyOf(order, orderId));
}

export async function refusalOf(call: Promise<unknown>): Promise<ProviderError> {
  const thrown = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(thrown instanceof ProviderError)) throw new TypeError('it did not fail as it should');
  expect(thrown.message).toMatch(/^[A-Z].*\.$/s);
  expect(thrown.remedy).toMatch(/^[A-Z].*\.$/s);
  return thrown;
}
