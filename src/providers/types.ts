// What a provider is to the rest of Purser. One folder fulfils it; the contract suite in
// test/contracts/provider.ts says the rest.
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { ProviderError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../meter.ts';
import type { Money } from '../money.ts';
import type { PayoutCalls } from './payouts.ts';
import type { Sandbox, SandboxDeps } from './sandbox.ts';

export const amountKinds = [
  'available',
  'total',
  'held',
  'reserve',
  'settling',
  'inFlight',
] as const;
/**
 * - `available`: what a payout can draw on now
 * - `total`: everything in the account, usable or not
 * - `held`: blocked for a time; `reserve`: kept back by contract
 * - `settling`: on its way in; `inFlight`: on its way out, not yet final
 */
export type AmountKind = (typeof amountKinds)[number];

/** One pot of money. An amount that is absent was not given by the provider, which is never 0. */
export interface BalanceLine {
  /** Unique within the provider and currency; account numbers are masked: `payout ••1031`. */
  readonly account: string;
  /** Absent where the provider names none and none is configured. */
  readonly currency: string | undefined;
  readonly amounts: Readonly<Partial<Record<AmountKind, Money>>>;
  /** What the figures alone would not say. */
  readonly note?: string;
}

/** One account that did not answer while others of the same provider did. */
export interface AccountFailure {
  readonly account: string;
  readonly error: ProviderError;
}

export interface BalanceReading {
  readonly lines: readonly BalanceLine[];
  readonly failures: readonly AccountFailure[];
}

export interface Provider {
  readonly id: string;
  /** Reads every account. Throws the first `ProviderError` when none of them answered. */
  getBalances(): Promise<BalanceReading>;
  /** Absent where Purser cannot pay with this provider as it is configured. */
  readonly payouts?: PayoutCalls;
  close(): Promise<void>;
}

export interface ProviderDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Unguessable text for nonces, at least 16 characters `[A-Za-z0-9]`. */
  newNonce(): string;
  /** Removes the configured secrets from a text. */
  scrub(text: string): string;
  /** Counts each call with its outcome. */
  readonly meter?: Pick<Meter, 'called'> | undefined;
  /** For tests: how long one HTTP exchange, and a whole call with its retries, may take. */
  readonly deadlineMs?: number;
  readonly budgetMs?: number;
}

export interface EnvironmentVariable {
  readonly name: string;
  /**
   * `secret` is opaque text kept out of logs, `private_key` and `public_key` are PEM or bare
   * base64, `url` is https or loopback.
   */
  readonly kind: 'text' | 'secret' | 'private_key' | 'public_key' | 'url';
  readonly isRequired: boolean;
  readonly defaultValue?: string;
  /** One line for `.env.example` and for the remedy when it is missing. */
  readonly help: string;
}

/** A payee that the sandbox takes, for people who try Purser out. */
export interface ExamplePayee {
  readonly id: string;
  readonly name: string;
  readonly route: string;
  readonly currency: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The door of a provider's folder: everything that Purser knows of it before it runs. */
export interface ProviderModule<Settings = unknown> {
  readonly id: string;
  readonly name: string;
  /** Other names that people type. */
  readonly aliases: readonly string[];
  /** The first is what switches the provider on, together with every other required one. */
  readonly environment: readonly EnvironmentVariable[];
  /** `providers.<id>` in the team file. */
  readonly settings: z.ZodType<Settings>;
  /** Where it may be that Purser cannot pay with it: what to set then. */
  readonly payoutsNeed?: string;
  create(config: ProviderConfig<Settings>, deps: ProviderDeps): Provider;
  /** Loaded only where sandboxes run, so that production code carries none. */
  loadSandbox(): Promise<(deps: SandboxDeps) => Sandbox>;
  readonly examplePayee?: ExamplePayee;
}

export interface ProviderConfig<Settings = unknown> {
  /** By variable name; keys are in PEM. Only variables that are set or have a default. */
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: Settings;
}

/** Account numbers are shown by their last four characters: `••1031`. */
export function maskAccount(number: string): string {
  return number.length <= 4 ? '••••' : `••${number.slice(-4)}`;
}

/** The same for each number of five digits or more in somebody's words, however it is grouped. */
export function maskNumbers(words: string): string {
  return words.replace(/\d(?:[ .-]?\d){4,}/g, (number) => maskAccount(number));
}
