// Reads the balances of one payfac. A 200 whose `meta.status.code` is not "00" is a failure, and
// 401 or 403 means refused credentials wherever it stands: no error body is documented.
// https://docs.pay-me.com/api-orquestador/Working-version/balance-query (read 2026-11)
import type { ProviderError } from '../../errors.ts';
import type { Answer, Exchange, ProviderHttp } from '../http.ts';
import type { BalanceReading } from '../types.ts';
import { findStatus, providerCodeOf, readBody } from './answers.ts';
import {
  balanceWire,
  describeIssue,
  envelopeWire,
  explainStatus,
  findDouble,
  type StatusWire,
  successCode,
  toBalanceLines,
} from './wire.ts';

export interface BalanceClientConfig {
  readonly http: ProviderHttp;
  /** The whole header value; there is no scheme word. */
  readonly authorization: string;
  readonly payfacId: string;
  readonly amountDecimals: number;
  scrub(text: string): string;
}

const operation = 'balance';
const idRemedy = 'Check ALIGNET_PAYFAC_ID and ALIGNET_BASE_URL.';
const contractRemedy =
  'Purser shows no amount rather than a guess; ask Alignet what changed, or whether ' +
  'ALIGNET_BASE_URL is its payfac API.';

export function createBalanceClient(config: BalanceClientConfig) {
  const { http, amountDecimals, scrub } = config;
  const request: Exchange = {
    method: 'GET',
    path: `/onboarding/payfac/${encodeURIComponent(config.payfacId)}/account/balance/monnet`,
    headers: { authorization: config.authorization, accept: 'application/json' },
  };

  return {
    getBalances: (): Promise<BalanceReading> =>
      http.read(operation, async (send) => {
        const answer = await send(request);
        const failure = failureOf(http, answer, scrub);
        if (failure !== undefined) throw failure;
        const body = readBody(http, operation, answer);
        const envelope = envelopeWire.safeParse(body);
        if (!envelope.success) throw unreadable(http, answer, describeIssue(envelope.error));
        const { status } = envelope.data.meta;
        if (status.code !== successCode)
          throw refusal(http, answer, explainStatus(status, scrub), status);
        const read = balanceWire.safeParse(body);
        if (!read.success) throw unreadable(http, answer, describeIssue(read.error));
        const lines = toBalanceLines(read.data.balance, amountDecimals);
        const double = findDouble(lines);
        if (double !== undefined) {
          throw unreadable(http, answer, 'balance: two rows have the same bank and commerce');
        }
        return { lines, failures: [] };
      }),
  };
}

/** What the HTTP status says, with Alignet's words where the body is its envelope. */
function failureOf(
  http: ProviderHttp,
  answer: Answer,
  scrub: (text: string) => string,
): ProviderError | undefined {
  const failure = http.errorOfStatus(operation, answer);
  const isExplained =
    failure?.code === 'auth_failed' ||
    failure?.code === 'not_found' ||
    failure?.code === 'rejected';
  if (!isExplained) return failure;
  const status = findStatus(answer);
  return http.error({
    code: failure.code,
    operation,
    httpStatus: answer.status,
    message:
      status === undefined
        ? failure.message
        : `${failure.message} ${explainStatus(status, scrub)}.`,
    ...(failure.code === 'auth_failed' ? {} : { remedy: idRemedy }),
    ...providerCodeOf(status),
  });
}

/** A 200 that says no. */
function refusal(
  http: ProviderHttp,
  answer: Answer,
  words: string,
  status: StatusWire,
): ProviderError {
  const facts = { operation, httpStatus: answer.status, ...providerCodeOf(status) };
  return status.code === '401' || status.code === '403'
    ? http.error({
        ...facts,
        code: 'auth_failed',
        message: `Alignet refused Purser’s credentials. ${words}.`,
      })
    : http.error({
        ...facts,
        code: 'rejected',
        message: `Alignet did not give the balance. ${words}.`,
        remedy: 'Alignet documents no error codes; ask its support what this one means.',
      });
}

function unreadable(http: ProviderHttp, answer: Answer, problem: string): ProviderError {
  return http.error({
    code: 'malformed_response',
    operation,
    httpStatus: answer.status,
    message: `Alignet’s answer is not as documented (${problem}).`,
    remedy: contractRemedy,
  });
}
