// Reads PayCross's answers for one operation: JSON out of a text, and an error that quotes what
// PayCross said. Error texts stand in `response`, in `transaction` or at the top level.
// https://docs.pay-cross.com/en/reference/api_v3 and the error samples of both APIs (read 2026-11)
import type { ProviderError, ProviderErrorCode } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import { type Outcome, outcomeWire, toOutcome } from './wire.ts';

export interface AnswerReader {
  /** The JSON of an answer; throws `malformed_response`. */
  readBody(answer: Answer): unknown;
  /** Undefined where the answer is not JSON with words in it. */
  findOutcome(answer: Answer): Outcome | undefined;
  /** Quotes the outcome behind the message. */
  error(answer: Answer, code: ProviderErrorCode, message: string, outcome?: Outcome): ProviderError;
  /** `problem` names the place and never what stands there. */
  unreadable(answer: Answer, problem: string): ProviderError;
  /** A failure by HTTP status, with PayCross's words where there are any. */
  explain(failure: ProviderError, answer: Answer): ProviderError;
}

export function createAnswerReader(
  http: ProviderHttp,
  operation: string,
  remedies: Partial<Record<ProviderErrorCode, string>>,
): AnswerReader {
  function readBody(answer: Answer): unknown {
    try {
      return parseJson(answer.text);
    } catch (cause) {
      const start = answer.text.trimStart();
      const what = start === '' ? 'nothing' : start.startsWith('<') ? 'a web page' : 'broken text';
      throw http.error({
        code: 'malformed_response',
        operation,
        httpStatus: answer.status,
        message: `PayCross answered with ${what} instead of JSON.`,
        remedy: 'Ask again in a minute; if it stays, check the base URLs of PayCross.',
        cause,
      });
    }
  }

  function findOutcome(answer: Answer): Outcome | undefined {
    try {
      const wire = outcomeWire.safeParse(parseJson(answer.text));
      return wire.success ? toOutcome(wire.data) : undefined;
    } catch {
      return undefined;
    }
  }

  const error: AnswerReader['error'] = (answer, code, message, outcome) => {
    const providerCode = outcome?.code;
    const isCode = providerCode !== undefined && /^[\w.-]{1,20}$/.test(providerCode);
    const words = outcome?.words === undefined ? '' : ` It says “${outcome.words}”`;
    const number = isCode ? ` (code ${providerCode})` : '';
    const remedy = remedies[code];
    return http.error({
      code,
      operation,
      httpStatus: answer.status,
      message: words === '' ? message : `${message}${words}${number}.`,
      ...(remedy === undefined ? {} : { remedy }),
      ...(isCode ? { providerCode } : {}),
    });
  };

  return {
    readBody,
    findOutcome,
    error,
    unreadable: (answer, problem) =>
      error(answer, 'malformed_response', `PayCross’s answer is not as documented (${problem}).`),
    explain(failure, answer) {
      const { code } = failure;
      if (code !== 'auth_failed' && code !== 'rejected' && code !== 'not_found') return failure;
      return error(answer, code, failure.message, findOutcome(answer));
    },
  };
}
