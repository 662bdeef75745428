// The way to Slack's Web API. Never hangs: a call has ten seconds, patience that Slack asks for has a
// bound, and nothing is retried behind our back, because a second message could be a second answer.
import { LogLevel, webApi } from '@slack/bolt';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { SlackFailure, toFailure } from './failure.ts';
import { limits } from './limits.ts';

export interface SlackApi {
  /** Throws `SlackFailure`. */
  call<Result>(work: (client: webApi.WebClient) => Promise<Result>): Promise<Result>;
  /** To the address that came with a command or a button, if it is Slack’s. Throws `SlackFailure`. */
  respond(url: string, message: object): Promise<void>;
}

export interface SlackApiConfig {
  readonly botToken: string;
  /** With the slash at its end. */
  readonly apiUrl: string;
}

export function createSlackApi(
  config: SlackApiConfig,
  { clock, log }: { clock: Clock; log: Log },
): SlackApi {
  const client = new webApi.WebClient(config.botToken, clientOptions(config.apiUrl, log));

  const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    let patienceMs: number = limits.patienceMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const failure = toFailure(error);
        const { retryAfterMs } = failure;
        if (retryAfterMs === undefined || retryAfterMs > patienceMs) throw failure;
        // A server that says "at once" for ever must not be asked for ever.
        const waitMs = Math.max(retryAfterMs, 250);
        patienceMs -= waitMs;
        await clock.sleep(waitMs);
      }
    }
  };

  return {
    call: (work) => patiently(() => work(client)),
    async respond(url, message) {
      if (!isSlacks(url, config.apiUrl))
        throw new SlackFailure('foreign_response_url', { isPassing: false });
      await patiently(() => postMessage(url, message));
    },
  };
}

/**
 * Whoever came by the signing secret could otherwise have answers, with the money in them, brought
 * to an address of their own, or to one inside our network.
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses (read 2026-11-27)
 */
function isSlacks(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin } = new URL(url);
  // A local server in place of Slack hands out its own.
  if (origin === new URL(apiUrl).origin) return true;
  return protocol === 'https:' && /^hooks\.slack(-gov)?\.com$/.test(hostname);
}

/** A fresh object each time: Bolt and its clients write into what they are given. */
export function clientOptions(apiUrl: string, log: Log): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    timeout: limits.callTimeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: toBoltLogger(log),
  };
}

/** Bolt's own lines repeat what we log ourselves, some of them with tokens and whole payloads. */
export function toBoltLogger(log: Log) {
  const say = (...parts: unknown[]) => log.debug({ from: 'bolt' }, parts.map(String).join(' '));
  return {
    debug() {},
    info() {},
    warn: say,
    error: say,
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}

async function postMessage(url: string, message: object): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      redirect: 'error',
      signal: AbortSignal.timeout(limits.callTimeoutMs),
    });
  } catch (cause) {
    throw new SlackFailure('unreachable', { cause, isPassing: true });
  }
  if (response.ok) {
    await response.body?.cancel();
    return;
  }
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after') || 1);
    const retryAfterMs = (seconds >= 0 ? seconds : 1) * 1000;
    throw new SlackFailure('rate_limited', { isPassing: true, retryAfterMs });
  }
  const text = await response.text().catch(() => '');
  const code = /[a-z]+(?:_[a-z]+)+/.exec(text)?.[0];
  const isPassing = response.status >= 500 && code === undefined;
  throw new SlackFailure(code ?? `http_${response.status}`, { isPassing });
}
