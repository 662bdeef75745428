// What the tests of Alignet and PayCross share: a client connected to a sandbox over real HTTP, a
// server that repeats one answer, and readings as lines of text.
import { ConfigError, ProviderError } from '../../src/errors.ts';
import { createScrubber } from '../../src/log.ts';
import { formatMoney } from '../../src/money.ts';
import {
  type RunningSandbox,
  type Sandbox,
  type SandboxConnection,
  type SandboxRequest,
  startSandbox,
} from '../../src/providers/sandbox.ts';
import type { BalanceReading, Provider, ProviderModule } from '../../src/providers/types.ts';
import { createFakeClock, createRecordingLog, type FakeClock, newTestNonce } from '../support.ts';

export interface StartedClient {
  readonly running: RunningSandbox;
  readonly provider: Provider;
  readonly log: ReturnType<typeof createRecordingLog>;
  close(): Promise<void>;
}

export interface ClientChanges {
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: unknown;
  readonly deadlineMs?: number;
  readonly clock?: FakeClock;
}

export async function startClient<Settings>(
  module: ProviderModule<Settings>,
  sandbox: Sandbox,
  changes: ClientChanges = {},
): Promise<StartedClient> {
  const clock = changes.clock ?? createFakeClock();
  const running = await startSandbox(sandbox, { clock });
  const environment = { ...running.environment, ...changes.environment };
  // As the composition root does it: only what is declared secret is known to the scrubber.
  const secrets = module.environment
    .filter(({ kind }) => kind === 'secret')
    .map(({ name }) => environment[name] ?? '');
  const log = createRecordingLog();
  const provider = module.create(
    { environment, settings: module.settings.parse(changes.settings ?? running.settings) },
    {
      clock,
      log,
      newNonce: newTestNonce,
      scrub: createScrubber(secrets),
      deadlineMs: changes.deadlineMs ?? 2000,
    },
  );
  return {
    running,
    provider,
    log,
    close: async () => {
      await provider.close();
      await running.close();
    },
  };
}

/** A server that gives one answer to everything, and keeps what it was asked. */
export function createReplay(
  connection: { id: string; connect(origin: string): SandboxConnection },
  body: string,
  status = 200,
): { sandbox: Sandbox; asked: SandboxRequest[] } {
  const asked: SandboxRequest[] = [];
  return {
    asked,
    sandbox: {
      ...connection,
      faults: {},
      answer: (request) => {
        asked.push(request);
        return { status, headers: { 'content-type': 'application/json' }, body };
      },
    },
  };
}

export async function failureOf(reading: Promise<unknown>): Promise<ProviderError> {
  const thrown = await reading.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (thrown instanceof ProviderError) return thrown;
  throw new Error('expected a ProviderError', { cause: thrown });
}

export function configErrorOf(make: () => unknown): ConfigError {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a ConfigError');
}

/** `account | currency | available` */
export function toTexts(reading: BalanceReading): string[] {
  return reading.lines.map(({ account, currency, amounts }) => {
    const { available } = amounts;
    const amount = available === undefined ? 'not provided' : formatMoney(available);
    return `${account} | ${currency} | ${amount}`;
  });
}
