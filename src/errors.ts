// The errors that Purser throws on purpose. Each carries what a reader of one log line needs;
// anything else that is thrown is a programmer's error.

/** Safe to show to the person as it is: says what is wrong and what to do next. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

export interface ConfigProblem {
  /** Where it is written: `PAYERMAX_APP_ID` or `team.yaml: people[2].roles`. */
  path: string;
  problem: string;
  remedy: string;
}

/** Lists every mistake in the configuration at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(given: readonly ConfigProblem[]) {
    const problems = given.map(({ path, problem, remedy }) => ({
      path: toPlainLine(path),
      problem: toPlainLine(problem),
      remedy: toPlainLine(remedy),
    }));
    super(
      [
        `Purser cannot start: ${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'} in the configuration.`,
        ...problems.map(({ path, problem, remedy }) => `- ${path}: ${problem} ${remedy}`),
      ].join('\n'),
    );
    this.problems = problems;
  }
}

/** A key that somebody wrote must not look like another line of ours, steer a terminal or fill it. */
function toPlainLine(text: string): string {
  const line = text.replace(/\p{C}+/gu, ' ');
  const characters = [...line.slice(0, 1000)];
  return line.length <= 300 ? line : `${characters.slice(0, 299).join('')}…`;
}

/**
 * - `auth_failed`: credentials, signature, clock or IP address refused
 * - `rejected`: the provider understood and said no; nothing happened
 * - `outcome_unknown`: a call that moves money may or may not have had its effect; never retried
 */
export type ProviderErrorCode =
  | 'auth_failed'
  | 'not_found'
  | 'rejected'
  | 'rate_limited'
  | 'unavailable'
  | 'timed_out'
  | 'outcome_unknown'
  | 'malformed_response'
  | 'unsupported';

export interface ProviderErrorFacts {
  code: ProviderErrorCode;
  provider: string;
  operation: string;
  /** One sentence in plain words, without any secret. */
  message: string;
  /** What the operator should do; shown after the message. */
  remedy?: string;
  httpStatus?: number;
  /** The provider's own code, as it came. */
  providerCode?: string;
  requestId?: string;
  retryAfterMs?: number;
  cause?: unknown;
}

export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: ProviderErrorCode;
  readonly provider: string;
  readonly operation: string;
  readonly remedy: string | undefined;
  readonly httpStatus: number | undefined;
  readonly providerCode: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(facts: ProviderErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.provider = facts.provider;
    this.operation = facts.operation;
    this.remedy = facts.remedy;
    this.httpStatus = facts.httpStatus;
    this.providerCode = facts.providerCode;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** A chat platform did not do what was asked. */
export class BotError extends Error {
  override readonly name = 'BotError';
}

/** The store could not keep or give back what was asked. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** Somebody else changed the record first, or the key is taken. Read again and decide anew. */
export class ConflictError extends StoreError {
  override readonly name = 'ConflictError';
}

/** The open work has reached its bound. */
export class StoreFullError extends StoreError {
  override readonly name = 'StoreFullError';
}
