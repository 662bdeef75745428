// What a chat platform is to the rest of Purser. test/contracts/bot.ts is the specification.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher, Platform, Poster } from '../commands/types.ts';

export interface Bot {
  readonly platform: Platform;
  /** `first`: several connections would all be told the same, so one replica serves it. */
  readonly servedBy: 'every' | 'first';
  /** Works before `start` too. */
  readonly poster: Poster;
  /** Where the platform calls Purser, instead of being called: taken by the HTTP server. */
  readonly inbox?: Inbox;
  /**
   * Token, rights, commands, channels and the accounts of the team file, one finding each. Changes
   * nothing and never rejects: what cannot be looked at is a finding too.
   */
  check(): Promise<readonly Finding[]>;
  /**
   * Resolves when people can use it. One that the first serves may be started again after `stop`. Throws `UserError` where it can never work as it is set; an
   * outage of the platform is waited for.
   */
  start(dispatcher: Dispatcher): Promise<Started>;
  /** Finishes the answers that are under way, within a few seconds. Twice is fine. */
  stop(): Promise<void>;
}

export interface Inbox {
  /** `/slack/events` */
  readonly path: string;
  listen(request: IncomingMessage, response: ServerResponse): void;
}

export interface Started {
  /** For whoever started Purser, in one line. */
  readonly line: string;
  /** Of a page, where it has one. */
  readonly url?: string;
}

/** One line of `doctor`, and of the log at start where it is not fine. */
export interface Finding {
  /** `unchecked`: could not be looked at, because of a problem that is told already. */
  readonly level: 'fine' | 'warning' | 'problem' | 'unchecked';
  /** `Slack token`, `slack:C01` */
  readonly what: string;
  /** What was found, and what to do where it is not fine. */
  readonly text: string;
}

export function isWrong(level: Finding['level']): boolean {
  return level === 'warning' || level === 'problem';
}
