// One HTTP layer for all providers: a keep-alive pool per host, a deadline per exchange, a limit on
// the answer, no redirects (they would carry credentials away), reads retried, writes never.
import pLimit from 'p-limit';
import { Pool } from 'undici';
import type { Clock } from '../clock.ts';
import { ProviderError, type ProviderErrorCode, type ProviderErrorFacts } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Answer, explainAnswer, explainFailure, readHeader } from './http-errors.ts';

export type { Answer } from './http-errors.ts';
export { readHeader } from './http-errors.ts';

export interface Exchange {
  readonly method: 'GET' | 'POST';
  /** Below the base URL, beginning with a slash, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent exactly as given: what was signed is what goes out. */
  readonly body?: string | Uint8Array;
}

export type Send = (exchange: Exchange) => Promise<Answer>;

export interface ProviderHttpConfig {
  readonly provider: string;
  /** As people know it: `PayerMax`. */
  readonly name: string;
  readonly baseUrl: string;
  /** What to check when credentials are refused: names of variables, never values. */
  readonly authRemedy: string;
  readonly clock: Clock;
  readonly log: Log;
  scrub(text: string): string;
  /** One exchange. Default 10 s. */
  readonly deadlineMs?: number;
  /** A read with all its retries: nobody waits for a balance longer than this. Default 15 s. */
  readonly budgetMs?: number;
  /** Default 1 MiB. */
  readonly answerBytesMax?: number;
  /** Exchanges under way at once; more wait. Default 4. */
  readonly concurrentMax?: number;
}

export interface ProviderHttp {
  /** Runs the attempt, and again at most twice when it failed in a way that may pass. */
  read<T>(operation: string, attempt: (send: Send) => Promise<T>): Promise<T>;
  /**
   * For calls that move money. Runs the attempt once. Whatever leaves it in doubt whether the
   * provider acted becomes `outcome_unknown`.
   */
  write<T>(operation: string, attempt: (send: Send) => Promise<T>): Promise<T>;
  /** An error of this provider, its message free of secrets. */
  error(facts: Omit<ProviderErrorFacts, 'provider'>): ProviderError;
  /** The error for an answer whose HTTP status alone decides, or undefined for a 2xx. */
  errorOfStatus(operation: string, answer: Answer): ProviderError | undefined;
  close(): Promise<void>;
}

const retriesMax = 2;
const firstBackoffMs = 200;
const retriedCodes: ReadonlySet<ProviderErrorCode> = new Set([
  'unavailable',
  'rate_limited',
  'timed_out',
]);
/** After these nothing was done; after anything else a write may have happened. */
const undoneCodes: ReadonlySet<ProviderErrorCode> = new Set([
  'auth_failed',
  'rejected',
  'unsupported',
]);

export function createProviderHttp(config: ProviderHttpConfig): ProviderHttp {
  const { clock, log } = config;
  const deadlineMs = config.deadlineMs ?? 10_000;
  const budgetMs = config.budgetMs ?? 15_000;
  const concurrentMax = config.concurrentMax ?? 4;
  const answerBytesMax = config.answerBytesMax ?? 1024 * 1024;
  const base = new URL(config.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const limit = pLimit(concurrentMax);
  const pool = new Pool(base.origin, {
    connections: concurrentMax,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: deadlineMs },
    maxResponseSize: answerBytesMax,
  });

  const error: ProviderHttp['error'] = (facts) =>
    new ProviderError({
      ...facts,
      provider: config.provider,
      message: clip(config.scrub(facts.message)),
      ...(facts.remedy === undefined && facts.code === 'auth_failed'
        ? { remedy: config.authRemedy }
        : {}),
    });

  async function exchange(operation: string, request: Exchange, timeoutMs: number) {
    const startedAt = clock.now();
    try {
      const response = await pool.request({
        method: request.method,
        path: prefix + request.path,
        headers: request.headers ?? null,
        body: request.body ?? null,
        signal: AbortSignal.timeout(Math.max(1, timeoutMs)),
      });
      const body = Buffer.from(await response.body.arrayBuffer());
      const answer: Answer = {
        status: response.statusCode,
        headers: response.headers,
        body,
        text: body.toString('utf8'),
      };
      log.debug(
        { operation, httpStatus: answer.status, ms: clock.now() - startedAt, bytes: body.length },
        'provider answered',
      );
      return answer;
    } catch (cause) {
      const failure = explainFailure(cause, { ...config, base, timeoutMs, answerBytesMax });
      log.debug(
        { operation, failure: failure.code, ms: clock.now() - startedAt },
        'provider call failed',
      );
      throw error({ ...failure, operation, cause });
    }
  }

  return {
    error,
    errorOfStatus(operation, answer) {
      const facts = explainAnswer(answer, config.name, clock.now());
      return facts === undefined ? undefined : error({ ...facts, operation });
    },
    async read(operation, attempt) {
      const giveUpAt = clock.now() + budgetMs;
      const send: Send = (request) =>
        limit(() =>
          exchange(operation, request, Math.min(deadlineMs, giveUpAt - clock.now())),
        );
      for (let retries = 0; ; retries += 1) {
        try {
          return await attempt(send);
        } catch (failure) {
          if (!(failure instanceof ProviderError)) throw failure;
          if (!retriedCodes.has(failure.code) || retries === retriesMax) throw failure;
          const waitMs = failure.retryAfterMs ?? firstBackoffMs * 2 ** retries;
          if (clock.now() + waitMs >= giveUpAt) throw failure;
          log.info(
            { operation, failure: failure.code, waitMs, retry: retries + 1 },
            'provider read is retried',
          );
          await clock.sleep(waitMs);
        }
      }
    },
    async write(operation, attempt) {
      // Never retried: a second call could pay twice.
      let isSent = false;
      const send: Send = (request) =>
        limit(async () => {
          if (isSent) throw new TypeError('a write sends once');
          isSent = true;
          try {
            return await exchange(operation, request, deadlineMs);
          } catch (failure) {
            if (failure instanceof ProviderError && isNeverConnected(failure)) isSent = false;
            throw failure;
          }
        });
      try {
        return await attempt(send);
      } catch (failure) {
        if (!isSent && failure instanceof ProviderError) throw failure;
        if (failure instanceof ProviderError && undoneCodes.has(failure.code)) throw failure;
        throw error({
          code: 'outcome_unknown',
          operation,
          message: `${config.name} may or may not have acted: ${failure instanceof Error ? failure.message : 'unreadable answer'}`,
          remedy: 'Purser does not send it again; it asks for the status.',
          cause: failure,
        });
      }
    },
    close: () => pool.close(),
  };
}

/** The connection was never made, so nothing can have been sent on it. */
function isNeverConnected(failure: ProviderError): boolean {
  const { cause } = failure;
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

/** Texts of providers end up in chats and log lines: neither wants a web page. */
function clip(text: string): string {
  return text.length <= 400 ? text : `${text.slice(0, 399)}…`;
}

export function requestIdOf(answer: Answer): string | undefined {
  return readHeader(answer, 'x-request-id');
}
