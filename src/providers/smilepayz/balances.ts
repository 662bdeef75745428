// Balances: POST /v2.0/inquiry-balance, one call for one account number, all at the same time.
// Only the code "00" is documented. No error list is, so a refusal cannot be told apart further:
// its code and message are quoted and the likely causes are listed.
// https://docs.smilepayz.com/id/reference/peru/inquiry/inquiryBalance.html (sheet compiled 2026-11)
import { ProviderError } from '../../errors.ts';
import { parseJson, toJson } from '../../json.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import {
  type AccountFailure,
  type BalanceLine,
  type BalanceReading,
  maskAccount,
} from '../types.ts';
import type { Account } from './settings.ts';
import type { RequestSigner } from './sign.ts';
import {
  balanceWire,
  statusWire,
  successCode,
  toBalanceLine,
  UnusableAnswerError,
} from './wire.ts';

const operation = 'balance';
const path = '/v2.0/inquiry-balance';
const refusedRemedy =
  'SmilePayz documents no error codes. Likely causes: SMILEPAYZ_PARTNER_ID or ' +
  'SMILEPAYZ_MERCHANT_SECRET is wrong; SMILEPAYZ_PRIVATE_KEY does not belong to the public key ' +
  'in the SmilePayz portal; the clock of this machine is more than 5 minutes off; SmilePayz does ' +
  'not know the account number (team.yaml: providers.smilepayz.accounts).';
/** The only documented code has two characters. */
const providerCodeCharsMax = 64;
const malformedRemedy = 'Ask again in a minute; if it stays, show this to SmilePayz support.';

export interface BalancesConfig {
  readonly http: ProviderHttp;
  readonly signRequest: RequestSigner;
  /** At least one. */
  readonly accounts: readonly Account[];
}

interface Question {
  readonly account: Account;
  readonly body: string;
}

interface Outcome {
  readonly line?: BalanceLine;
  readonly failure?: AccountFailure;
}

type Malformed = (problem: string, remedy?: string) => ProviderError;

export function createBalances(config: BalancesConfig): () => Promise<BalanceReading> {
  const { http, signRequest } = config;
  const hideNumbers = createNumberMask(config.accounts);
  const questions: Question[] = config.accounts.map((account) => ({
    account,
    body: toJson({ accountNo: account.no, balanceTypes: ['BALANCE'] }),
  }));

  const malformed: Malformed = (problem, remedy = malformedRemedy) =>
    http.error({
      code: 'malformed_response',
      operation,
      message: `SmilePayz’s answer cannot be used: ${hideNumbers(problem)}.`,
      remedy,
    });

  function readAnswer(answer: Answer, account: Account): BalanceLine {
    const failure = http.errorOfStatus(operation, answer);
    if (failure !== undefined) throw failure;
    const json = parseAnswer(answer, malformed);
    const status = statusWire.safeParse(json);
    if (!status.success) throw malformed(firstPath(status.error, 'code'));
    const { code, message } = status.data;
    if (code !== successCode) {
      const said = message ? `“${message}”` : 'no message';
      throw http.error({
        code: 'rejected',
        operation,
        message: hideNumbers(
          `SmilePayz refused the balance of ${account.label}: code ${code}, ${said}.`,
        ),
        remedy: refusedRemedy,
        httpStatus: answer.status,
        providerCode: hideNumbers(code).slice(0, providerCodeCharsMax),
      });
    }
    const balance = balanceWire.safeParse(json);
    if (!balance.success) throw malformed(firstPath(balance.error, 'accountInfos'));
    try {
      return toBalanceLine(balance.data, account);
    } catch (error) {
      if (error instanceof UnusableAnswerError) throw malformed(error.message, error.remedy);
      throw error;
    }
  }

  async function readAccount({ account, body }: Question): Promise<Outcome> {
    try {
      const line = await http.read(operation, async (send) => {
        const headers = signRequest(body);
        return readAnswer(await send({ method: 'POST', path, headers, body }), account);
      });
      return { line };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { failure: { account: account.label, error } };
    }
  }

  return async () => {
    const outcomes = await Promise.all(questions.map(readAccount));
    const lines = outcomes.flatMap(({ line }) => line ?? []);
    const failures = outcomes.flatMap(({ failure }) => failure ?? []);
    const [firstFailure] = failures;
    if (lines.length === 0 && firstFailure !== undefined) throw firstFailure.error;
    return { lines, failures };
  };
}

function parseAnswer({ text }: Answer, malformed: Malformed): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const start = text.trimStart();
    if (start === '') throw malformed('it is empty');
    if (start.startsWith('<')) {
      throw malformed(
        'it is a web page instead of JSON',
        'Check SMILEPAYZ_BASE_URL; SmilePayz may also be under maintenance.',
      );
    }
    throw malformed('it is not JSON');
  }
}

/** Where zod found the first mistake; never the value itself. */
function firstPath(
  { issues }: { issues: readonly { path: readonly PropertyKey[] }[] },
  fallback: string,
): string {
  const at = issues[0]?.path.map(String).join('.');
  return `${at === undefined || at === '' ? fallback : at} is missing or of another type`;
}

/** Providers quote account numbers in their messages; those end up in chats and log lines. */
function createNumberMask(accounts: readonly Account[]): (text: string) => string {
  const numbers = accounts.map(({ no }) => no).sort((a, b) => b.length - a.length);
  return (text) =>
    numbers.reduce((masked, number) => masked.replaceAll(number, maskAccount(number)), text);
}
