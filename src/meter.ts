// What Purser counts while it works. Whoever measures implements it (src/metrics.ts); the business
// knows no metrics. No fact carries a person, an id, an amount or anything that somebody typed.

export interface Answered {
  /** `payout list`, `payout.approve`; a fixed word where nothing was found or allowed. */
  readonly command: string;
  readonly platform: string;
  readonly outcome: AnswerOutcome;
  readonly ms: number;
}

export type AnswerOutcome =
  | 'answered'
  | 'refused'
  | 'limited'
  | 'provider_failed'
  | 'store_failed'
  | 'mistake';

export interface Called {
  readonly provider: string;
  readonly operation: string;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  /** With its retries. */
  readonly ms: number;
}

export interface Stepped {
  readonly outcome: 'done' | 'conflict' | 'full' | 'failed';
  /** Audit entries that were written. */
  readonly entries: number;
  readonly ms: number;
}

export interface Meter {
  answered(fact: Answered): void;
  called(fact: Called): void;
  stepped(fact: Stepped): void;
  /** The store was asked for something beside a step, and failed. */
  unanswered(): void;
  /** Whether this replica holds the clocks. */
  led(isFirst: boolean): void;
}
