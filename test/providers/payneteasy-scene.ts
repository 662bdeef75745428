// What PaynetEasy's tests share: a merchant with four balances, and a client before its sandbox over
// real HTTP.
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createScrubber } from '../../src/log.ts';
import { formatMoney } from '../../src/money.ts';
import { payneteasy } from '../../src/providers/payneteasy/index.ts';
import {
  createPaynetEasySandbox,
  type PaynetEasySandboxSeed,
} from '../../src/providers/payneteasy/sandbox.ts';
import { type RunningSandbox, startSandbox } from '../../src/providers/sandbox.ts';
import type { BalanceLine, Provider } from '../../src/providers/types.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';
import balance from './fixtures/payneteasy/balance.json' with { type: 'json' };

export const controlKey = 'D41D8CD9-8F00-4204-A980-0998ECF8427E';
export const seed: PaynetEasySandboxSeed = {
  login: balance.request.merchantLogin,
  controlKey,
  balances: [
    row('Test1', 'AUD', [8_854_000n, 0n, 0n, 0n]),
    row('EU', 'EUR', [182_450_375n, 12_300_000n, 9_122_519n, 4_500_000n]),
    row('EU', 'USD', [99_999_999_999_999_999_990n, 0n, 0n, 0n]),
    row('overdrawn', 'GBP', [-1_250n, 0n, 0n, 0n]),
  ],
};

export function row(
  name: string,
  currency: string,
  [amount, hold, reserve, buffer]: readonly bigint[],
) {
  return {
    name,
    currency,
    amountThousandths: amount ?? 0n,
    shortTermHoldThousandths: hold ?? 0n,
    rollingReserveThousandths: reserve ?? 0n,
    bufferHoldThousandths: buffer ?? 0n,
  };
}

export function show(lines: readonly BalanceLine[]) {
  return lines.map(({ account, currency, amounts }) => ({
    account,
    currency,
    ...Object.fromEntries(
      Object.entries(amounts).map(([kind, amount]) => [kind, formatMoney(amount)]),
    ),
  }));
}

export interface SceneOptions {
  environment?: Record<string, string>;
  settings?: unknown;
  newNonce?: () => string;
}

/** Starts the sandbox before the tests of a file, and closes everything after them. */
export function openScene() {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const opened: Provider[] = [];
  let running: RunningSandbox | undefined;

  const getSandbox = (): RunningSandbox => {
    if (running === undefined) throw new TypeError('the sandbox runs only during tests');
    return running;
  };
  beforeAll(async () => {
    running = await startSandbox(createPaynetEasySandbox({ clock }, seed), { clock });
  });
  afterEach(async () => {
    getSandbox().clearFaults();
    await Promise.all(opened.splice(0).map((provider) => provider.close()));
  });
  afterAll(() => getSandbox().close());

  function create({ environment, settings, newNonce }: SceneOptions = {}): Provider {
    const provider = payneteasy.create(
      {
        environment: { ...getSandbox().environment, ...environment },
        settings: payneteasy.settings.parse(settings),
      },
      {
        clock,
        log,
        newNonce: newNonce ?? newTestNonce,
        scrub: createScrubber([controlKey]),
        deadlineMs: 1000,
      },
    );
    opened.push(provider);
    return provider;
  }

  async function readLines(options?: SceneOptions): Promise<readonly BalanceLine[]> {
    const reading = await create(options).getBalances();
    expect(reading.failures).toEqual([]);
    return reading.lines;
  }

  async function readError(options?: SceneOptions): Promise<ProviderError> {
    const error = await create(options)
      .getBalances()
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof ProviderError))
      throw new TypeError('the reading did not fail as it should');
    expect(error).toMatchObject({ provider: 'payneteasy', operation: 'balance' });
    expect(error.message).toMatch(/^[A-Z].*\.$/s);
    expect(error.remedy).toMatch(/^[A-Z].*\.$/s);
    return error;
  }

  return { clock, log, getSandbox, create, readLines, readError };
}
