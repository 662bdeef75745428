// Turns what happened on the wire into a code, a sentence and a remedy. A code is not only a word:
// `rejected` and `auth_failed` promise that the provider did nothing, so in doubt it is another one.
import { ProviderError, type ProviderErrorCode, type ProviderErrorFacts } from '../errors.ts';

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
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
  requestId?: string;
  retryAfterMs?: number;
}

/** Nothing came within the time that an exchange, or a read with its retries, may take. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`no whole answer within ${limitMs} ms`);
    this.limitMs = limitMs;
  }
}

/** Purser is being stopped, or the provider taken out of use. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

export function readHeader(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const laterRemedy = 'Ask again in a minute; if it stays, look at the provider’s status page.';

/** What to do when the one who made the error knew nothing better. */
const defaultRemedies: Readonly<Record<ProviderErrorCode, string>> = {
  auth_failed: 'Check the credentials.',
  not_found: 'Check the base URL and the ids in the configuration.',
  rejected: 'Check the request; the provider’s support can say why it refused.',
  rate_limited: 'Ask again in a minute.',
  unavailable: laterRemedy,
  timed_out: laterRemedy,
  outcome_unknown: 'Ask the provider what became of it; do not send it again.',
  malformed_response: 'Ask again in a minute; if it stays, check the base URL.',
  unsupported: 'Ask the provider’s support for another way.',
};

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing is listening there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'the network is down',
  ETIMEDOUT: 'the network did not carry it in time',
  UND_ERR_CONNECT_TIMEOUT: 'the connection was not accepted in time',
};

export function explainFailure(
  cause: unknown,
  context: { name: string; base: URL; answerBytesMax: number },
): WireFacts {
  const { name, base, answerBytesMax } = context;
  if (cause instanceof DeadlineError) {
    return {
      code: 'timed_out',
      message: `${name} did not answer within ${cause.limitMs / 1000} s.`,
      remedy: laterRemedy,
    };
  }
  if (cause instanceof StoppedError) {
    return {
      code: 'unavailable',
      message: `Purser was stopped before ${name} had answered.`,
      remedy: 'Ask again when Purser runs.',
    };
  }
  const code = cause instanceof Error ? String((cause as NodeJS.ErrnoException).code) : '';
  const reason = unreachable[code];
  if (reason !== undefined) {
    return {
      code: 'unavailable',
      message: `${name} cannot be reached at ${base.host}: ${reason}.`,
      remedy: 'Check the network and the provider’s base URL.',
    };
  }
  if (/CERT|SIGNATURE|SELF_SIGNED|^ERR_TLS|^ERR_SSL|^EPROTO$/.test(code)) {
    return {
      code: 'unavailable',
      message: `No trusted TLS connection to ${name} at ${base.host} (${code}).`,
      remedy: 'Check the base URL; if a proxy inspects traffic, give Node its certificate.',
    };
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return {
      code: 'malformed_response',
      message: `${name} answered with more than ${answerBytesMax} bytes; the rest was not read.`,
      remedy: `Check that ${base.origin} is the provider’s API.`,
    };
  }
  const isParserError = cause instanceof Error && cause.name === 'HTTPParserError';
  if (isParserError || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return {
      code: 'malformed_response',
      message: `What ${base.host} answers is not proper HTTP.`,
      remedy: `Check that ${base.origin} is the provider’s API.`,
    };
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return {
      code: 'unsupported',
      message: `A request to ${name} cannot be written as HTTP: ${(cause as Error).message}.`,
      remedy: 'Look for a line break or a foreign letter in the provider’s credentials and ids.',
    };
  }
  return {
    code: 'unavailable',
    message: `The connection to ${name} broke off before the whole answer was here.`,
    remedy: 'Ask again in a minute.',
  };
}

/** What the HTTP status alone says; undefined for a 2xx. */
export function explainAnswer(answer: Answer, name: string, nowMs: number): WireFacts | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const requestId = readHeader(answer, 'x-request-id');
  const retryAfterMs = retryAfterMsOf(answer, nowMs);
  return {
    httpStatus: status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...explainStatus(status, name, retryAfterMs),
  };
}

function explainStatus(
  status: number,
  name: string,
  retryAfterMs: number | undefined,
): Pick<WireFacts, 'code' | 'message' | 'remedy'> {
  switch (status) {
    case 401:
    case 403:
      return { code: 'auth_failed', message: `${name} refused Purser’s credentials.` };
    case 404:
      return {
        code: 'not_found',
        message: `${name} does not know this address or account (HTTP 404).`,
      };
    case 408:
      return { code: 'timed_out', message: `${name} waited too long for the request (HTTP 408).` };
    // Not `rejected`: what it conflicts with may be the same request, already carried out.
    case 409:
      return { code: 'unavailable', message: `${name} sees a conflict now (HTTP 409).` };
    case 425:
      return { code: 'unavailable', message: `${name} asks Purser to try later (HTTP 425).` };
    case 429: {
      const when = retryAfterMs === undefined ? 'a minute' : `${Math.ceil(retryAfterMs / 1000)} s`;
      return {
        code: 'rate_limited',
        message: `${name} asks Purser to slow down (HTTP 429).`,
        remedy: `Ask again in ${when}.`,
      };
    }
    default:
  }
  if (status >= 500) {
    return { code: 'unavailable', message: `${name} has a problem of its own (HTTP ${status}).` };
  }
  if (status >= 400) {
    return { code: 'rejected', message: `${name} refused the request (HTTP ${status}).` };
  }
  return {
    code: 'malformed_response',
    message: `${name} answered with a redirect (HTTP ${status}); Purser does not take credentials elsewhere.`,
    remedy: 'Check the base URL.',
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

/** Makes the errors of one provider, their texts short and free of secrets. */
export function createErrorFactory(config: {
  readonly provider: string;
  readonly authRemedy: string;
  scrub(text: string): string;
}): (facts: Omit<ProviderErrorFacts, 'provider'>) => ProviderError {
  const clean = (text: string) => toShortText(config.scrub(text));
  return (facts) =>
    new ProviderError({
      ...facts,
      provider: config.provider,
      message: clean(facts.message),
      remedy: clean(
        facts.remedy ??
          (facts.code === 'auth_failed' ? config.authRemedy : defaultRemedies[facts.code]),
      ),
      ...(facts.providerCode === undefined ? {} : { providerCode: clean(facts.providerCode) }),
      ...(facts.requestId === undefined ? {} : { requestId: clean(facts.requestId) }),
    });
}

/** What of a first error still helps to find the call at the provider. */
export function factsToKeep(failure: ProviderError | undefined) {
  const { httpStatus, providerCode, requestId } = failure ?? {};
  return {
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(providerCode === undefined ? {} : { providerCode }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Texts of providers end up in chats and log lines: neither wants a web page or a line break. */
function toShortText(text: string): string {
  const line = text
    .slice(0, 2000)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= 400 ? line : `${characters.slice(0, 399).join('')}…`;
}
