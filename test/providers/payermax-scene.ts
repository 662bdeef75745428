// What PayerMax's tests share: one pair of key pairs, and a client before a sandbox over real HTTP.
import { afterEach } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createScrubber } from '../../src/log.ts';
import { formatMoney } from '../../src/money.ts';
import { payermax } from '../../src/providers/payermax/index.ts';
import {
  createPayermaxSandbox,
  createSandboxKeys,
  type PayermaxSandboxOptions,
} from '../../src/providers/payermax/sandbox.ts';
import { type Sandbox, startSandbox } from '../../src/providers/sandbox.ts';
import type { BalanceLine, Provider, ProviderDeps } from '../../src/providers/types.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';

export const keys = createSandboxKeys();
export const merchantOnly = { PAYERMAX_MEMBER_ID: undefined };
export const fundsOnly = { PAYERMAX_MERCHANT_NO: undefined };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

export interface Scene extends PayermaxSandboxOptions {
  /** Changes to what the sandbox hands out; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `providers.payermax` of the team file. */
  readonly settings?: unknown;
  /** How much the client's clock is ahead of the sandbox's. */
  readonly aheadMs?: number;
  readonly deadlineMs?: number;
  /** Stands between the client and the sandbox. */
  readonly wrap?: (sandbox: Sandbox) => Sandbox;
}

export async function start(scene: Scene = {}) {
  const clock = createFakeClock();
  const inner = createPayermaxSandbox({ clock }, { keys, ...scene });
  const running = await startSandbox(scene.wrap?.(inner) ?? inner, { clock });
  const environment: Record<string, string> = {};
  const given = { ...running.environment, ...scene.environment };
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) environment[name] = value;
  }
  const log = createRecordingLog();
  const clientClock = { ...clock, now: () => clock.now() + (scene.aheadMs ?? 0) };
  const provider = createProvider(environment, {
    clock: clientClock,
    log,
    deadlineMs: scene.deadlineMs ?? 2_000,
    settings: scene.settings,
  });
  closers.push(() => provider.close(), running.close);
  return { provider, running, clock, log, environment };
}

export function createProvider(
  environment: Readonly<Record<string, string>>,
  { settings, ...deps }: Partial<ProviderDeps> & { readonly settings?: unknown } = {},
): Provider {
  return payermax.create(
    { environment, settings: payermax.settings.parse(settings) },
    {
      clock: createFakeClock(),
      log: createRecordingLog(),
      newNonce: newTestNonce,
      scrub: createScrubber([environment['PAYERMAX_PRIVATE_KEY'] ?? '']),
      ...deps,
    },
  );
}

export async function failureOf(reading: Promise<unknown>): Promise<ProviderError> {
  const thrown = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ProviderError) return thrown;
  throw new Error('a ProviderError was expected', { cause: thrown });
}

/** `{ available: '0.59 AED' }` */
export function toTexts({ amounts }: BalanceLine): Record<string, string> {
  const entries = Object.entries(amounts).map(([kind, amount]) => [kind, formatMoney(amount)]);
  return Object.fromEntries(entries);
}

/** The longest line of the private key: none of it may be seen anywhere. */
export const secretLine = String(keys.merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  .split('\n')
  .slice(1, 2)
  .join('');
