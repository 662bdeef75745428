// Reads the balance of every configured account, all at the same time. Two API families: the card
// gateway wants `request` around the fields and `X-API-Version: 2`, the APM API wants neither.
// Balance page of https://docs.pay-cross.com/en/integration/card_api and, for the same platform,
// https://docs.bepaid.by/en/integration/apm_api/transactions/balance_query/ (read 2026-11)
import { ProviderError, type ProviderErrorCode } from '../../errors.ts';
import { jsonNumber, toJson } from '../../json.ts';
import type { Answer, Exchange, ProviderHttp } from '../http.ts';
import type { AccountFailure, BalanceLine, BalanceReading } from '../types.ts';
import { type AnswerReader, createAnswerReader } from './answers.ts';
import { type AskedAccount, labelAccounts } from './settings.ts';
import {
  balanceWire,
  describeIssue,
  isContradicted,
  outcomeWire,
  toBalanceLine,
  toOutcome,
} from './wire.ts';

export interface BalanceClientConfig {
  readonly http: Readonly<Record<AskedAccount['api'], ProviderHttp>>;
  /** `Basic …` */
  readonly authorization: string;
  readonly accounts: readonly AskedAccount[];
}

const operation = 'balance';
const remedies: Partial<Record<ProviderErrorCode, string>> = {
  rejected:
    'Check this account under providers.paycross.accounts in the team file: which of account, ' +
    'currency and gateway PayCross wants depends on your acquirer; ask your account manager.',
  not_found: 'Check PAYCROSS_BASE_URL and PAYCROSS_APM_BASE_URL, which ends in /beyag.',
  malformed_response:
    'Purser shows no amount rather than a guess; ask PayCross what changed, or whether ' +
    'PAYCROSS_BASE_URL and PAYCROSS_APM_BASE_URL are its API.',
};

export function createBalanceClient(config: BalanceClientConfig) {
  const { accounts } = config;
  const labels = labelAccounts(accounts);
  const questions = accounts.map((asked, index) => ({
    asked,
    label: labels[index] ?? asked.api,
    http: config.http[asked.api],
    reader: createAnswerReader(config.http[asked.api], operation, remedies),
    request: toRequest(asked, config.authorization),
  }));
  type Question = (typeof questions)[number];

  const ask = ({ asked, label, http, reader, request }: Question): Promise<BalanceLine> =>
    http.read(operation, async (send) => {
      const answer = await send(request);
      const body = readAnswer(http, reader, answer);
      const figures = balanceWire[asked.api].safeParse(body);
      if (!figures.success) throw reader.unreadable(answer, describeIssue(figures.error));
      if (isContradicted(asked, figures.data)) {
        throw reader.unreadable(answer, `currency: asked for ${asked.currency}, answered another`);
      }
      return toBalanceLine(asked, label, figures.data);
    });

  return {
    async getBalances(): Promise<BalanceReading> {
      const lines: BalanceLine[] = [];
      const failures: AccountFailure[] = [];
      const results = await Promise.allSettled(questions.map(ask));
      results.forEach((result, index) => {
        if (result.status === 'fulfilled') {
          lines.push(result.value);
        } else if (result.reason instanceof ProviderError) {
          failures.push({ account: labels[index] ?? '', error: result.reason });
        } else {
          throw result.reason;
        }
      });
      const [first] = failures;
      if (lines.length === 0 && first !== undefined) throw first.error;
      return { lines, failures };
    },
  };
}

function toRequest(asked: AskedAccount, authorization: string): Exchange {
  const { account, currency, gateway } = asked;
  const headers = {
    authorization,
    accept: 'application/json',
    'content-type': 'application/json',
  };
  const fields = {
    ...(account === undefined ? {} : { account }),
    ...(currency === undefined ? {} : { currency }),
  };
  if (asked.api === 'apm') {
    const body = toJson({ gateway_id: jsonNumber(asked.gateway), ...fields });
    return { method: 'POST', path: '/balance', headers, body };
  }
  return {
    method: 'POST',
    path: '/balance',
    headers: { ...headers, 'x-api-version': '2' },
    // A string here, although it comes back as a number.
    body: toJson({
      request: { ...fields, ...(gateway === undefined ? {} : { gateway_id: gateway }) },
    }),
  };
}

/** The body of an answer that is a success in its HTTP status, its status and its code. */
function readAnswer(http: ProviderHttp, reader: AnswerReader, answer: Answer): unknown {
  const failure = http.errorOfStatus(operation, answer);
  if (failure !== undefined) throw reader.explain(failure, answer);
  const body = reader.readBody(answer);
  const wire = outcomeWire.safeParse(body);
  if (!wire.success) throw reader.unreadable(answer, describeIssue(wire.error));
  const outcome = toOutcome(wire.data);
  const { status, code, words } = outcome;
  if (status === undefined && words === undefined && code === undefined) {
    throw reader.unreadable(answer, 'status: missing');
  }
  const isSuccess = status === 'successful' && (code === undefined || code.startsWith('S.'));
  if (!isSuccess) {
    const shown = status === undefined ? '' : ` but the status “${status.slice(0, 40)}”`;
    throw reader.error(answer, 'rejected', `PayCross gave no balance${shown}.`, outcome);
  }
  return body;
}
