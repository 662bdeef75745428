// Turns what happened on the wire into a code, a sentence and a remedy.
import type { ProviderErrorCode } from '../errors.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came: signatures are verified on these. */
  readonly body: Buffer;
  readonly text: string;
}

interface WireFacts {
  code: ProviderErrorCode;
  message: string;
  remedy?: string;
  httpStatus?: number;
  retryAfterMs?: number;
}

export function readHeader(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing is listening there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'the network is down',
  UND_ERR_CONNECT_TIMEOUT: 'the connection was not accepted in time',
};

export function explainFailure(
  cause: unknown,
  context: { name: string; base: URL; timeoutMs: number; answerBytesMax: number },
): WireFacts {
  const { name, base } = context;
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  if (cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')) {
    return {
      code: 'timed_out',
      message: `${name} did not answer within ${context.timeoutMs / 1000} s.`,
      remedy: 'Ask again in a minute; if it stays, look at the provider’s status page.',
    };
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return {
      code: 'malformed_response',
      message: `${name} answered with more than ${context.answerBytesMax} bytes; the rest was not read.`,
      remedy: `Check that ${base.origin} is the provider’s API.`,
    };
  }
  const reason = code === undefined ? undefined : unreachable[code];
  if (reason !== undefined) {
    return {
      code: 'unavailable',
      message: `${name} cannot be reached at ${base.host}: ${reason}.`,
      remedy: 'Check the network and the provider’s base URL.',
    };
  }
  if (code?.includes('CERT') || code?.startsWith('ERR_TLS') || code?.includes('SIGNED')) {
    return {
      code: 'unavailable',
      message: `${name} at ${base.host} shows a TLS certificate that is not trusted (${code}).`,
      remedy: 'Check the base URL; if a proxy inspects traffic, give Node its certificate.',
    };
  }
  return {
    code: 'unavailable',
    message: `The connection to ${name} broke off before the whole answer was here.`,
    remedy: 'Ask again in a minute.',
  };
}

/** What the HTTP status alone says; undefined for a 2xx. */
export function explainAnswer(
  answer: Answer,
  name: string,
  nowMs: number,
): WireFacts | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const httpStatus = status;
  if (status === 401 || status === 403) {
    return { code: 'auth_failed', httpStatus, message: `${name} refused Purser’s credentials.` };
  }
  if (status === 404) {
    return {
      code: 'not_found',
      httpStatus,
      message: `${name} does not know this address or account (HTTP 404).`,
      remedy: 'Check the base URL and the ids in the configuration.',
    };
  }
  if (status === 429) {
    const retryAfterMs = retryAfterMsOf(answer, nowMs);
    const when = retryAfterMs === undefined ? 'a minute' : `${Math.ceil(retryAfterMs / 1000)} s`;
    return {
      code: 'rate_limited',
      httpStatus,
      message: `${name} asks Purser to slow down (HTTP 429).`,
      remedy: `Ask again in ${when}.`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  if (status >= 500) {
    return {
      code: 'unavailable',
      httpStatus,
      message: `${name} has a problem of its own (HTTP ${status}).`,
      remedy: 'Ask again in a minute; if it stays, look at the provider’s status page.',
    };
  }
  if (status >= 300 && status < 400) {
    return {
      code: 'malformed_response',
      httpStatus,
      message: `${name} answered with a redirect (HTTP ${status}); Purser does not take credentials elsewhere.`,
      remedy: 'Check the base URL.',
    };
  }
  return {
    code: 'rejected',
    httpStatus,
    message: `${name} refused the request (HTTP ${status}).`,
  };
}

/** `Retry-After` in seconds or as a date. */
function retryAfterMsOf(answer: Answer, nowMs: number): number | undefined {
  const value = readHeader(answer, 'retry-after');
  if (value === undefined) return undefined;
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
