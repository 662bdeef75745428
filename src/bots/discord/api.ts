// Discord's REST API through discord.js, which keeps its rate limits. Every request has a deadline, and
// none sleeps through a long rate limit; those of one route wait for each other.
import {
  DefaultRestOptions,
  DiscordAPIError,
  HTTPError,
  RateLimitError,
  REST,
  type RequestData,
  type RouteLike,
} from 'discord.js';
import { limits } from './limits.ts';

export interface DiscordApiConfig {
  readonly botToken: string;
  /** `https://discord.com/api` */
  readonly apiUrl: string;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface DiscordApi {
  /** Rejects with what discord.js throws: see `codeOf` and `isPassing`. */
  call(method: Method, route: RouteLike, request?: RequestData): Promise<unknown>;
  /** The first answer to an interaction, which Discord takes once. */
  respond(route: RouteLike, body: object): Promise<void>;
  /** Tidies up; calls may come all the same. */
  stop(): void;
}

export const restOptions = {
  version: '10',
  timeout: limits.requestMs,
  retries: 2,
  rejectOnRateLimit: ({ retryAfter, timeToReset }: { retryAfter: number; timeToReset: number }) =>
    Math.max(retryAfter, timeToReset) > limits.rateLimitWaitMs,
  makeRequest,
} as const;

type MakeRequest = typeof DefaultRestOptions.makeRequest;

/**
 * What @discordjs/rest 2.6 leaves open (seen 2026-11-27): it bounds the way to the headers, not to the
 * end of the body; it reads no body of a 429 or 5xx, so that one that breaks off would end the process;
 * and see `bindToWait`.
 */
async function makeRequest(...[url, init]: Parameters<MakeRequest>): ReturnType<MakeRequest> {
  const limit = AbortSignal.timeout(limits.answerMs);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  const answer = await send(url, { ...init, signal });
  if (answer.status === 429) bindToWait(answer.headers);
  if (answer.status === 429 || answer.status >= 500) void answer.arrayBuffer().catch(() => {});
  return answer;
}

/**
 * A 429 whose headers leave something in the bucket, as a limit that several bots share has it, makes
 * discord.js set that request apart; when it then waits for its turn while others wait for it, nobody
 * ever asks on that route again. One that does not say how long, as a proxy's, is repeated at once and
 * without end. Told that the bucket is empty for some time, they all wait, or are rejected.
 * https://discord.com/developers/docs/topics/rate-limits (read 2026-11-27)
 */
function bindToWait(headers: Headers): void {
  const said = headers.get('retry-after')?.trim();
  const isSaid = said !== undefined && said !== '' && Number(said) >= 0;
  const waitSeconds = isSaid ? said : String(limits.rateLimitUnsaidSeconds);
  headers.set('retry-after', waitSeconds);
  headers.set('x-ratelimit-remaining', '0');
  headers.set('x-ratelimit-reset-after', waitSeconds);
}

/**
 * Uploads go out as bytes. All copies of undici in a process share the agent of the newest, and that
 * one takes no form but its own: discord.js's own older copy then fails with “action is not a
 * function”. Seen with undici 6.29 and 7.30 on Node 20, 2026-11-26.
 */
async function send(...[url, init]: Parameters<MakeRequest>): ReturnType<MakeRequest> {
  if (!(init.body instanceof FormData)) return DefaultRestOptions.makeRequest(url, init);
  const encoded = new Response(init.body);
  return DefaultRestOptions.makeRequest(url, {
    ...init,
    headers: {
      ...(init.headers as Record<string, string>),
      'content-type': encoded.headers.get('content-type') ?? '',
    },
    body: new Uint8Array(await encoded.arrayBuffer()),
  });
}

export function createDiscordApi({ botToken, apiUrl }: DiscordApiConfig): DiscordApi {
  const open = () => ({
    rest: new REST({ ...restOptions, api: apiUrl }).setToken(botToken),
    responding: new REST({
      ...restOptions,
      ...{ api: apiUrl, retries: 0 },
      // An interaction is over before a longer wait is.
      rejectOnRateLimit: ({ retryAfter }) => retryAfter > limits.respondWaitMs,
    }),
  });
  let opened: ReturnType<typeof open> | undefined;
  const get = () => {
    opened ??= open();
    return opened;
  };
  return {
    async respond(route, body) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          // The token in the path is all that Discord wants to see here.
          await get().responding.post(route, { auth: false, body });
          return;
        } catch (error) {
          // The answer to an earlier attempt was lost on its way. At the first attempt it was given
          // by somebody else: another Purser with the same bot.
          if (attempt > 1 && codeOf(error) === alreadyAcknowledged) return;
          const isWorthIt = isPassing(error) && !(error instanceof RateLimitError);
          if (attempt === respondAttempts || !isWorthIt) throw withoutRequest(error);
        }
      }
    },
    async call(method, route, request = {}) {
      const { rest } = get();
      try {
        return await rest[method](route, request);
      } catch (error) {
        // discord.js forgets a token that was refused once, and would then throw without asking.
        if (statusOf(error) === 401) rest.setToken(botToken);
        throw withoutRequest(error);
      }
    },
    stop() {
      for (const one of Object.values(opened ?? {})) {
        one.clearHashSweeper();
        one.clearHandlerSweeper();
      }
      // What is posted later, and a new start, have their own.
      opened = undefined;
    },
  };
}

/**
 * discord.js hangs the whole request on its errors: the token of an interaction, with which anybody
 * may answer in its place, what a person typed, and files. A log must have none of it.
 */
function withoutRequest(error: unknown): unknown {
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    error.requestBody = { files: undefined, json: undefined };
  }
  const holdsUrl =
    error instanceof DiscordAPIError ||
    error instanceof HTTPError ||
    error instanceof RateLimitError;
  if (holdsUrl) error.url = error.url.replace(secretPart, '$1[token]');
  return error;
}

const secretPart = /(\/(?:webhooks|interactions)\/\d+\/)[^/?]+/;

const alreadyAcknowledged = 40060;
const respondAttempts = 3;

/** Discord's own number for what went wrong, like 10008. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof DiscordAPIError && typeof error.code === 'number'
    ? error.code
    : undefined;
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof DiscordAPIError || error instanceof HTTPError ? error.status : undefined;
}

/** Whether the same call could work later: Discord is away, or asks for patience. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.status === 429;
  if (error instanceof HTTPError || error instanceof RateLimitError) return true;
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || error.name === 'TimeoutError' || hasNetworkCode(error);
}

function hasNetworkCode(error: Error): boolean {
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string' && /^(E[A-Z_]+|UND_ERR_[A-Z_]+)$/.test(code)) return true;
  return error.cause instanceof Error && hasNetworkCode(error.cause);
}
