// What the facts about providers have in common: clients before a running sandbox over real HTTP,
// configured as the composition root does it, and the search for what must never come out of them.
import { expect, onTestFinished } from 'vitest';
import { configureProvider, listSecrets, showPath } from '../../src/config.ts';
import { ConfigError, type ConfigProblem, ProviderError } from '../../src/errors.ts';
import { createScrubber } from '../../src/log.ts';
import { formatMoney } from '../../src/money.ts';
import {
  type RunningSandbox,
  type Sandbox,
  type SandboxDeps,
  startSandbox,
} from '../../src/providers/sandbox.ts';
import type {
  BalanceReading,
  Provider,
  ProviderConfig,
  ProviderDeps,
  ProviderModule,
} from '../../src/providers/types.ts';
import { createRecordingLog, type FakeClock, newTestNonce } from '../support.ts';

export interface ProviderUnderTest {
  readonly module: ProviderModule;
  /** The registry that it stands in. */
  readonly modules: readonly ProviderModule[];
  readonly clock: FakeClock;
  /** One for all facts, because its keys take long to make: its books are not empty. */
  readonly sandbox: Sandbox;
  /** What its client can do, as it is configured for the sandbox. */
  readonly hasStatus: boolean;
  readonly hasWebhook: boolean;
  /** One that holds `hugeAmount` somewhere; absent where no sandbox can. */
  createHugeSandbox?(deps: SandboxDeps): Sandbox;
  /** Faults of the sandbox that say something else so well that nobody could tell. */
  readonly plausibleFaults?: readonly string[];
  /** Facts that its documents do not let it keep, with the reason. */
  readonly deviations?: Readonly<Record<string, string>>;
}

export interface ProviderFact {
  readonly name: string;
  /** Why there is nothing to prove of this provider; undefined when there is. */
  findExemption?(subject: ProviderUnderTest): string | undefined;
  prove(subject: ProviderUnderTest): Promise<void>;
}

/** More digits than a float has. */
export const hugeAmount = '99999999999999999.99';

export interface Client {
  readonly provider: Provider;
  readonly log: ReturnType<typeof createRecordingLog>;
  /** All that the client logged and this error says, causes included, holds no secret. */
  expectDiscretion(thrown?: unknown): void;
  /** The error of the call, which is one that a person can act on. */
  refusalOf(call: Promise<unknown>): Promise<ProviderError>;
}

export interface Scene {
  readonly running: RunningSandbox;
  /** `origin` is where the client believes the provider to be. */
  open(options?: { deadlineMs?: number; origin?: string }): Client;
}

export async function startScene(
  subject: ProviderUnderTest,
  sandbox = subject.sandbox,
): Promise<Scene> {
  const { module, clock } = subject;
  const credentials = new Set<string>();
  const running = await startSandbox(
    {
      ...sandbox,
      answer: (request, fault) => {
        credentials.add(request.headers['authorization'] ?? '');
        return sandbox.answer(request, fault);
      },
    },
    { clock },
  );
  onTestFinished(() => running.close());

  return {
    running,
    open({ deadlineMs = 10_000, origin = running.origin } = {}) {
      const config = configure(module, sandbox, origin);
      const { deps, log } = createDeps(subject, config);
      // Calls side by side sleep one after the other on the fake clock: no budget would last.
      const provider = module.create(config, { ...deps, deadlineMs, budgetMs: 3_600_000 });
      // How a provider closes is for a fact to judge.
      onTestFinished(() => provider.close().catch(() => {}));
      const expectDiscretion = (thrown?: unknown) => {
        if (thrown !== undefined) log.debug({ err: thrown }, 'thrown');
        const secrets = [...credentials, ...listSecrets(module, config)].flatMap(formsOf);
        const numbers = [...accountNumbersOf(config.settings), ...numbersOfPayee(module, provider)];
        expectWithout(log.text(), [...secrets, ...numbers]);
      };
      return {
        provider,
        log,
        expectDiscretion,
        async refusalOf(call) {
          const thrown = await call.then(
            () => undefined,
            (error: unknown) => error,
          );
          expect(thrown).toBeInstanceOf(ProviderError);
          const error = thrown as ProviderError;
          expectGoodError(error, module.id);
          expectDiscretion(error);
          return error;
        },
      };
    },
  };
}

export async function openSandbox(module: ProviderModule, clock: FakeClock): Promise<Sandbox> {
  return (await module.loadSandbox())({ clock });
}

export function configure(
  module: ProviderModule,
  sandbox: Pick<Sandbox, 'connect'>,
  origin: string,
): ProviderConfig {
  const { environment, settings } = sandbox.connect(origin);
  const problems: ConfigProblem[] = [];
  const config = configureProvider(module, environment, settings, showPath, problems);
  if (config === undefined) throw new ConfigError(problems);
  return config;
}

export function createDeps(
  { module, clock }: Pick<ProviderUnderTest, 'module' | 'clock'>,
  config: ProviderConfig,
) {
  const log = createRecordingLog();
  const scrub = createScrubber(listSecrets(module, config));
  const deps: ProviderDeps = { clock, log, newNonce: newTestNonce, scrub };
  return { deps, log };
}

const sentence = /^[\p{Lu}“].*[.?!”…]$/su;

function expectGoodError(error: ProviderError, provider: string): void {
  expect(error.message, 'the message is a sentence').toMatch(sentence);
  expect(error.remedy, 'the remedy says what to do').toMatch(sentence);
  expect(error.message.length + (error.remedy?.length ?? 0)).toBeLessThanOrEqual(800);
  expect(error.provider).toBe(provider);
  expect(error.operation).toMatch(/^[a-z][a-z -]+$/);
}

/** A key is secret line by line; the others also in base64, as HTTP carries them. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n|^(?:Basic|Bearer) /).filter((line) => !/^-{5}/.test(line));
  const plain = lines.filter((line) => line.length >= 8);
  return [...plain, ...plain.map((line) => Buffer.from(line).toString('base64'))];
}

const accountNumber = /^(?=(?:.*\d){6})[A-Z0-9]{8,}$/;

/** The account numbers that stand somewhere in settings. */
function accountNumbersOf(settings: unknown): string[] {
  if (typeof settings === 'string') return accountNumber.test(settings) ? [settings] : [];
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.values(settings).flatMap(accountNumbersOf);
}

function numbersOfPayee({ examplePayee }: ProviderModule, { payouts }: Provider): string[] {
  const route = payouts?.routes.find(({ id }) => id === examplePayee?.route);
  const fields = route?.fields.filter(({ isAccountNumber }) => isAccountNumber) ?? [];
  const values = fields.flatMap(({ name }) => examplePayee?.fields[name] ?? []);
  // What is shorter, like the prefix of a country, stands elsewhere by chance.
  return values.filter((value) => value.length >= 6);
}

function expectWithout(text: string, hidden: readonly string[]): void {
  for (const one of hidden) {
    // Not `not.toContain`, whose message would print the secret.
    expect(text.includes(one), `${one.slice(0, 2)}… (${one.length} characters) is seen`).toBe(
      false,
    );
  }
}

/** All that a reading says, so that two can be compared. */
export function toTexts({ lines, failures }: BalanceReading): string[] {
  return [
    ...lines.map(({ account, currency, amounts, note }) => {
      const texts = Object.entries(amounts).map(
        ([kind, amount]) => `${kind} ${formatMoney(amount)}`,
      );
      return [account, currency, ...texts, note].join(' | ');
    }),
    ...failures.map(({ account, error }) => `${account} | ${error.code}`),
  ];
}
