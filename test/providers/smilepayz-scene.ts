// What the tests of SmilePayz payouts share: a client and its sandbox on one clock, payees of every
// region, and what no log may hold.
import { expect } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createScrubber } from '../../src/log.ts';
import { parseDecimal } from '../../src/money.ts';
import type { PayoutKey, PayoutOrder } from '../../src/providers/payouts.ts';
import { startSandbox } from '../../src/providers/sandbox.ts';
import { smilepayz } from '../../src/providers/smilepayz/index.ts';
import {
  createSandboxKeys,
  createSmilepayzSandbox,
  type SandboxAccount,
  type SmilepayzSandboxDeps,
} from '../../src/providers/smilepayz/sandbox.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';
import { createReplay, startClient } from './start-client.ts';

export const keys = createSandboxKeys();
export const createPath = '/v2.0/disbursement/pay-out';
export const statusPath = '/v2.0/inquiry-status';

export function potOf(currency: string, change: Partial<SandboxAccount> = {}): SandboxAccount {
  const decimals = ['IDR', 'CLP', 'VND'].includes(currency) ? 0 : 2;
  const no = `2112003020240307${currency.charCodeAt(0)}${currency.charCodeAt(2)}`;
  const money = { total: 10n ** 12n, available: 10n ** 12n };
  return { no, use: 'payout', currency, unit: 'minor', decimals, ...money, ...change };
}

export interface PayoutScene extends Omit<SmilepayzSandboxDeps, 'clock' | 'keys'> {
  readonly settings?: (given: unknown) => unknown;
  /** Undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly deadlineMs?: number;
}

/** `close` at the end of each test; `calls` counts the requests of one path. */
export async function startPayouts(scene: PayoutScene = {}) {
  const { settings: changeSettings, environment: changes, deadlineMs, ...sandboxDeps } = scene;
  const clock = createFakeClock();
  const log = createRecordingLog();
  const running = await startSandbox(createSmilepayzSandbox({ clock, keys, ...sandboxDeps }), {
    clock,
  });
  const environment = Object.fromEntries(
    Object.entries({ ...running.environment, ...changes }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const secrets = ['MERCHANT_SECRET', 'PRIVATE_KEY'].map((name) =>
    String(environment[`SMILEPAYZ_${name}`]),
  );
  const settings = smilepayz.settings.parse(changeSettings?.(running.settings) ?? running.settings);
  const deps = { clock, log, newNonce: newTestNonce, scrub: createScrubber(secrets) };
  const provider = smilepayz.create(
    { environment, settings },
    { ...deps, deadlineMs: deadlineMs ?? 2_000 },
  );
  const { payouts } = provider;
  if (payouts?.getStatus === undefined) {
    await Promise.all([provider.close(), running.close()]);
    throw new TypeError('the scene cannot pay');
  }
  const calls = (path: string) => running.requests().filter((request) => request.path === path);
  return {
    provider,
    payouts,
    getStatus: payouts.getStatus,
    running,
    clock,
    log,
    calls,
    hidden: [...secrets, ...settings.accounts.map(({ no }) => no)],
    close: async () => {
      await provider.close();
      await running.close();
    },
  };
}
export type StartedPayouts = Awaited<ReturnType<typeof startPayouts>>;

export const luz = {
  bank: 'BCP',
  account: '19312345678901',
  account_type: 'savings',
  cci: '00219311234567890112',
  id_type: 'national_id',
  id_number: '48982488',
  email: 'maria@example.com',
  phone: '987654321',
} as const;

export function orderOf(amount: string, change: Partial<PayoutOrder> = {}): PayoutOrder {
  return {
    reference: 'PURSER0000000001',
    amount: parseDecimal(amount, 'PEN'),
    route: 'pe-bank',
    payeeName: 'Maria Rodriguez Lopez',
    fields: luz,
    note: 'Vendor payout',
    requestedOn: '2026-11-20',
    ...change,
  };
}

export function keyOf({ reference, route, amount }: PayoutOrder): PayoutKey {
  return { reference, route, amount };
}

export async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof ProviderError)) throw new TypeError('a ProviderError was expected');
  return failure;
}

/** Neither the log nor an error as it would be logged may hold a secret or an account. */
export function expectNothingTold(scene: StartedPayouts, failure?: ProviderError): void {
  if (failure !== undefined) scene.log.error({ failure }, 'as the caller would log it');
  const { account, cci, id_number, phone } = luz;
  for (const value of [...scene.hidden, account, cci, id_number, phone]) {
    expect(scene.log.text()).not.toContain(value);
  }
}

/** A client of a server that answers everything with one body. `close` at the end of each test. */
export async function replayPayouts(
  body: string,
  { status = 200, secret }: { status?: number; secret?: string } = {},
) {
  const sandbox = createSmilepayzSandbox({
    clock: createFakeClock(),
    keys,
    partnerId: '20001',
    accounts: [potOf('PEN'), potOf('INR', { unit: 'major' })],
  });
  const { sandbox: replay, asked } = createReplay(sandbox, body, status);
  const environment = secret === undefined ? {} : { SMILEPAYZ_MERCHANT_SECRET: secret };
  const client = await startClient(smilepayz, replay, { environment });
  const { payouts } = client.provider;
  if (payouts?.getStatus === undefined) throw new TypeError('the replay cannot pay');
  return { payouts, getStatus: payouts.getStatus, asked, log: client.log, close: client.close };
}
