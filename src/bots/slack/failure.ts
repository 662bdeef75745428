// What went wrong at Slack, as one kind of error with Slack's own code, and in words with what to do.
import { webApi } from '@slack/bolt';

/** What no answer of Slack's is behind. */
const sayings: Readonly<Record<string, string>> = {
  unreachable: 'Slack could not be reached',
  unknown: 'the connection to Slack failed',
  foreign_response_url: 'the address for the answer is none of Slack’s',
};

export class SlackFailure extends Error {
  override readonly name = 'SlackFailure';
  /** Slack's code (`channel_not_found`), or `unreachable`, `rate_limited`, `http_500`. */
  readonly code: string;
  /** Whether the same call could work later. */
  readonly isPassing: boolean;
  /** It may have had its effect: the same once more could be there twice. */
  readonly isDoubtful: boolean;
  /** The scope that was needed. */
  readonly needed: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: string,
    facts: {
      cause?: unknown;
      isPassing: boolean;
      isDoubtful?: boolean;
      needed?: string;
      retryAfterMs?: number;
    },
  ) {
    super(
      sayings[code] ?? `Slack answered ${code}`,
      facts.cause === undefined ? {} : { cause: facts.cause },
    );
    this.code = code;
    this.isPassing = facts.isPassing;
    this.isDoubtful = facts.isDoubtful ?? false;
    this.needed = facts.needed;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** Codes of Slack's own trouble: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const passingCodes = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'ratelimited',
  'rate_limited',
  'team_added_to_org',
]);

export function toFailure(error: unknown): SlackFailure {
  if (error instanceof SlackFailure) return error;
  if (error instanceof webApi.WebAPIPlatformError) {
    const { error: code } = error.data;
    const needed = 'needed' in error.data ? error.data.needed : undefined;
    return new SlackFailure(code, {
      cause: error,
      // A page instead of JSON is a proxy in trouble, not an answer of Slack.
      isPassing: passingCodes.has(code) || !/^[a-z0-9_]+$/.test(code),
      ...(typeof needed === 'string' ? { needed } : {}),
    });
  }
  if (error instanceof webApi.WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1000;
    return new SlackFailure('rate_limited', { cause: error, isPassing: true, retryAfterMs });
  }
  if (error instanceof webApi.WebAPIHTTPError) {
    const isPassing = error.statusCode >= 500;
    return new SlackFailure(`http_${error.statusCode}`, { cause: error, isPassing });
  }
  if (error instanceof webApi.WebAPIRequestError) {
    return new SlackFailure('unreachable', { cause: error, isPassing: true });
  }
  if (error instanceof Error && error.message.startsWith(untimed)) {
    return new SlackFailure('rate_limited', { cause: error, isPassing: true });
  }
  if (error instanceof Error && isCutOff(error)) {
    return new SlackFailure('unreachable', { cause: error, isPassing: true, isDoubtful: true });
  }
  return new SlackFailure('unknown', { cause: error, isPassing: false });
}

/** Bolt's client has no class for a 429 without a time, as a proxy sends it. */
const untimed = 'Retry header did not contain a valid timeout';

/** Nor for the body of a 200 that breaks off or stands still. */
function isCutOff({ name, message }: Error): boolean {
  return name === 'TimeoutError' || (name === 'TypeError' && message === 'terminated');
}

const tokenCodes = new Set([
  'account_inactive',
  'invalid_auth',
  'not_allowed_token_type',
  'not_authed',
  'token_expired',
  'token_revoked',
]);

/** The token can never work as it is. */
export function isRefusedToken({ code }: SlackFailure): boolean {
  return tokenCodes.has(code) || code === 'user_removed_from_team' || code === 'team_disabled';
}

const explanations: Readonly<Record<string, string>> = {
  not_in_channel: 'Purser is not in it: write “/invite @purser” there.',
  channel_not_found:
    'Purser does not see it: check its id, and write “/invite @purser” there if it is private.',
  is_archived: 'It is archived: name another one in the team file.',
  restricted_action: 'Only some people may post there: allow Purser in its posting permissions.',
  cannot_dm_bot: 'This account is a bot, which cannot be written to.',
  user_not_found: 'There is no such person in this workspace: check the id in the team file.',
  user_disabled: 'This account is deactivated.',
  msg_too_long: 'The message was too long for Slack.',
  invalid_blocks: 'Slack did not take the layout of the message.',
  rate_limited: 'Slack asks for patience.',
  unreachable: 'Slack cannot be reached.',
  unknown: 'The connection to Slack failed; the log has the cause.',
};

/** One sentence for a person. */
export function explain({ code, needed }: SlackFailure): string {
  if (code === 'missing_scope') {
    return `The scope ${needed ?? 'that it needs'} is missing: install the app again with the manifest of “npm run manifest”.`;
  }
  if (tokenCodes.has(code)) {
    return 'Slack does not accept SLACK_BOT_TOKEN: copy it again from “OAuth & Permissions”.';
  }
  return explanations[code] ?? `Slack says ${code}.`;
}
