// One HTTP layer for all providers: connections that are kept, a deadline per exchange, a limit on
// the answer, no redirects (they would carry credentials away), reads retried, writes never.
// It dispatches by itself rather than with undici's `request`, because only there it learns when
// the first byte leaves: before that, a write that fails has certainly done nothing.
// https://github.com/nodejs/undici/blob/main/docs/docs/api/Dispatcher.md (read 2026-11)
import pLimit from 'p-limit';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { ProviderError, type ProviderErrorCode, type ProviderErrorFacts } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../meter.ts';
import {
  type Answer,
  createErrorFactory,
  DeadlineError,
  explainAnswer,
  explainFailure,
  factsToKeep,
  readHeader,
  StoppedError,
} from './http-errors.ts';
import { createMetering } from './http-metering.ts';

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
  /** What becomes of a write in doubt, where the provider cannot be asked for its status. */
  readonly doubtRemedy?: string;
  readonly clock: Clock;
  readonly log: Log;
  scrub(text: string): string;
  readonly meter?: Pick<Meter, 'called'> | undefined;
  /** One exchange, from its turn to the last byte of the answer. Default 10 s. */
  readonly deadlineMs?: number;
  /** A read with its waiting and retries: nobody waits for a balance longer. Default 15 s. */
  readonly budgetMs?: number;
  /** Default 1 MiB. */
  readonly answerBytesMax?: number;
  /** Reads under way at once, and writes likewise; more wait for their turn. Default 4. */
  readonly concurrentMax?: number;
}

export interface ProviderHttp {
  /** Runs the attempt, and again at most twice when it failed in a way that may pass. */
  read<T>(operation: string, attempt: (send: Send) => Promise<T>): Promise<T>;
  /**
   * For calls that move money. Runs the attempt, which may send once, once. Whatever leaves it in
   * doubt whether the provider acted becomes `outcome_unknown`; any other error means that it
   * refused, or that nothing was sent.
   */
  write<T>(operation: string, attempt: (send: Send) => Promise<T>): Promise<T>;
  /** An error of this provider, its texts short and free of secrets. */
  error(facts: Omit<ProviderErrorFacts, 'provider'>): ProviderError;
  /** The error for an answer whose HTTP status alone decides, or undefined for a 2xx. */
  errorOfStatus(operation: string, answer: Answer): ProviderError | undefined;
  /** Breaks off reads, which nobody waits for any more, and lets writes come to their end. */
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
  const { clock, log, name } = config;
  const budgetMs = config.budgetMs ?? 15_000;
  const toError = createErrorFactory(config);
  const reads = createLane(config, toError, { budgetMs, isKept: true });
  // A fresh connection for each write: on a kept one that the server is just closing, a payout
  // would be in doubt for nothing.
  const writes = createLane(config, toError, { budgetMs, isKept: false });
  const metered = createMetering<Send>(config);
  let closing: Promise<void> | undefined;

  return {
    error: toError,
    errorOfStatus(operation, answer) {
      const facts = explainAnswer(answer, name, clock.now());
      return facts === undefined ? undefined : toError({ ...facts, operation });
    },
    read: metered(async (operation, attempt) => {
      const giveUpAt = clock.now() + budgetMs;
      const send: Send = (request) =>
        reads.send(operation, request, { turnBy: giveUpAt, giveUpAt });
      for (let retries = 0; ; retries += 1) {
        try {
          return await attempt(send);
        } catch (failure) {
          if (!(failure instanceof ProviderError) || closing !== undefined) throw failure;
          if (!retriedCodes.has(failure.code) || retries === retriesMax) throw failure;
          const waitMs = Math.max(failure.retryAfterMs ?? 0, firstBackoffMs * 2 ** retries);
          if (clock.now() + waitMs >= giveUpAt) throw failure;
          log.info(
            { operation, failure: failure.code, waitMs, retry: retries + 1 },
            'provider read is retried',
          );
          await clock.sleep(waitMs);
        }
      }
    }),
    write: metered(async (operation, attempt) => {
      // Never retried: a second call could pay twice.
      let sending: Promise<Answer> | undefined;
      let hasLeft = false;
      let isAnswered = false;
      const limits = {
        turnBy: clock.now() + budgetMs,
        // Once it is under way it has its whole deadline, however long it waited for its turn.
        giveUpAt: Number.POSITIVE_INFINITY,
        onLeave: () => {
          hasLeft = true;
        },
      };
      const send: Send = async (request) => {
        if (sending !== undefined) throw new TypeError('a write sends once');
        sending = writes.send(operation, request, limits);
        const answer = await sending;
        isAnswered = true;
        return answer;
      };
      try {
        return await attempt(send);
      } catch (failure) {
        const known = failure instanceof ProviderError ? failure : undefined;
        if (isAnswered && known !== undefined && undoneCodes.has(known.code)) throw known;
        // An attempt that failed by itself may have left its request on the way.
        await sending?.catch(() => {});
        if (!hasLeft) throw failure;
        throw toError({
          ...factsToKeep(known),
          code: 'outcome_unknown',
          operation,
          message: `${name} may or may not have acted: ${known?.message ?? 'its answer is unreadable.'}`,
          remedy: config.doubtRemedy ?? 'Purser does not send it again; it asks for the status.',
          cause: failure,
        });
      }
    }),
    close() {
      closing ??= Promise.all([reads.breakOff(), writes.finish()]).then(() => {});
      return closing;
    },
  };
}

interface Limits {
  readonly turnBy: number;
  readonly giveUpAt: number;
  /** Called just before the first byte leaves. */
  onLeave?(): void;
}

interface Lane {
  send(operation: string, request: Exchange, limits: Limits): Promise<Answer>;
  breakOff(): Promise<void>;
  finish(): Promise<void>;
}

/** Requests of one kind to one host; each has a connection to itself while it is under way. */
function createLane(
  config: ProviderHttpConfig,
  toError: ProviderHttp['error'],
  { budgetMs, isKept }: { budgetMs: number; isKept: boolean },
): Lane {
  const { clock, log, name } = config;
  const deadlineMs = config.deadlineMs ?? 10_000;
  const answerBytesMax = config.answerBytesMax ?? 1024 * 1024;
  const base = new URL(config.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const limit = pLimit(config.concurrentMax ?? 4);
  const connect = buildConnector({ timeout: deadlineMs });
  // No pool of undici's: that takes a second connection when asked again in the same moment.
  const idle: Client[] = [];
  const underWay = new Map<Client, Promise<Answer>>();
  let isStopped = false;

  async function exchange(request: Exchange, limits: Limits): Promise<Answer> {
    const leftMs = limits.giveUpAt - clock.now();
    if (isStopped) throw new StoppedError();
    if (leftMs <= 0) throw new DeadlineError(budgetMs);
    const client =
      idle.pop() ??
      new Client(base.origin, {
        connect,
        headersTimeout: 0,
        bodyTimeout: 0,
        maxResponseSize: answerBytesMax,
      });
    const answering = dispatch(
      client,
      {
        method: request.method,
        path: prefix + request.path,
        headers: request.headers ?? null,
        body: request.body ?? null,
      },
      {
        timeoutMs: Math.min(leftMs, deadlineMs),
        limitMs: leftMs < deadlineMs ? budgetMs : deadlineMs,
        onLeave: limits.onLeave,
      },
    );
    underWay.set(client, answering);
    try {
      const answer = await answering;
      if (isKept && !isStopped) idle.push(client);
      else void client.destroy();
      return answer;
    } catch (failure) {
      // What has not left by now never leaves, whenever the connection may come.
      void client.destroy();
      throw failure;
    } finally {
      underWay.delete(client);
    }
  }

  return {
    async send(operation, request, limits) {
      const startedAt = clock.now();
      const wait = { waitMs: limits.turnBy - startedAt, budgetMs };
      try {
        const answer = await waitForTurn(limit, wait, () => exchange(request, limits));
        const { status: httpStatus, body } = answer;
        const ms = clock.now() - startedAt;
        log.debug({ operation, httpStatus, ms, bytes: body.length }, 'provider answered');
        return answer;
      } catch (cause) {
        const failure = explainFailure(cause, { name, base, answerBytesMax });
        const ms = clock.now() - startedAt;
        log.debug({ operation, failure: failure.code, ms }, 'provider call failed');
        throw toError({ ...failure, operation, cause });
      }
    },
    async breakOff() {
      isStopped = true;
      const all = [...idle.splice(0), ...underWay.keys()];
      await Promise.all(all.map((client) => client.destroy(new StoppedError())));
    },
    async finish() {
      isStopped = true;
      await Promise.allSettled(underWay.values());
    },
  };
}

/** Fails as soon as the time is up, also when the turn has not come: it then runs nothing. */
function waitForTurn<T>(
  limit: ReturnType<typeof pLimit>,
  { waitMs, budgetMs }: { waitMs: number; budgetMs: number },
  run: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isWaiting = true;
    const timer = setTimeout(() => {
      isWaiting = false;
      reject(new DeadlineError(budgetMs));
    }, waitMs);
    void limit(async () => {
      clearTimeout(timer);
      if (isWaiting) await run().then(resolve, reject);
    });
  });
}

function dispatch(
  client: Client,
  options: Dispatcher.DispatchOptions,
  times: { timeoutMs: number; limitMs: number; onLeave: (() => void) | undefined },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let headers: Answer['headers'] = {};
    const timer = setTimeout(() => reject(new DeadlineError(times.limitMs)), times.timeoutMs);
    client.dispatch(options, {
      onRequestStart() {
        times.onLeave?.();
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        status = statusCode;
        headers = responseHeaders;
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        clearTimeout(timer);
        resolve(toAnswer(status, headers, chunks));
      },
      onResponseError(_controller, failure) {
        clearTimeout(timer);
        reject(failure);
      },
    });
  });
}

function toAnswer(status: number, headers: Answer['headers'], chunks: readonly Buffer[]): Answer {
  const [first] = chunks;
  const body = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
  let text: string | undefined;
  return {
    status,
    headers,
    body,
    get text() {
      text ??= body.toString('utf8').replace(/^\ufeff/, '');
      return text;
    },
  };
}

export function requestIdOf(answer: Answer): string | undefined {
  return readHeader(answer, 'x-request-id');
}
