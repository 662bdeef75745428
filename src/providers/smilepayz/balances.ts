// Balances: POST /v2.0/inquiry-balance, one call for one account number, all at the same time.
// Only the code "00" is documented. No error list is, so a refusal cannot be told apart further:
// its code and message are quoted and the likely causes are listed.
// https://docs.smilepayz.com/id/reference/peru/inquiry/inquiryBalance.html (sheet compiled 2026-11)
import { ProviderError } from '../../errors.ts';
import { toJson } from '../../json.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import type { AccountFailure, BalanceLine, BalanceReading } from '../types.ts';
import { createAnswerReader, providerCodeCharsMax, successCode } from './answers.ts';
import type { Account } from './settings.ts';
import type { RequestSigner } from './sign.ts';
import { balanceWire, toBalanceLine, UnusableAnswerError } from './wire.ts';

const operation = 'balance';
const path = '/v2.0/inquiry-balance';
const refusedRemedy =
  'SmilePayz documents no error codes. Likely causes: SMILEPAYZ_PARTNER_ID or ' +
  'SMILEPAYZ_MERCHANT_SECRET is wrong; SMILEPAYZ_PRIVATE_KEY does not belong to the public key ' +
  'in the SmilePayz portal; the clock of this machine is more than 5 minutes off; SmilePayz does ' +
  'not know the account number (team.yaml: providers.smilepayz.accounts).';

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

export function createBalances(config: BalancesConfig): () => Promise<BalanceReading> {
  const { http, signRequest } = config;
  const reader = createAnswerReader(http, operation, config.accounts);
  const { hideNumbers } = reader;
  const questions: Question[] = config.accounts.map((account) => ({
    account,
    body: toJson({ accountNo: account.no, balanceTypes: ['BALANCE'] }),
  }));

  function readAnswer(answer: Answer, account: Account): BalanceLine {
    const failure = http.errorOfStatus(operation, answer);
    if (failure !== undefined) throw failure;
    const { json, code, said } = reader.read(answer);
    if (code !== successCode) {
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
    if (!balance.success) throw reader.malformedAt(balance.error, 'accountInfos');
    try {
      return toBalanceLine(balance.data, account);
    } catch (error) {
      if (error instanceof UnusableAnswerError) throw reader.malformed(error.message, error.remedy);
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
