// What every answer of v2.0 has in common: JSON with a code, of which only "00" is documented.
// https://docs.smilepayz.com/id/reference/peru/inquiry/inquiryBalance.html (sheet compiled 2026-11)
import { z } from 'zod';
import type { ProviderError } from '../../errors.ts';
import { parseJson, wireText } from '../../json.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import { maskAccount } from '../types.ts';
import type { Account } from './settings.ts';

/** Only this code is documented; anything else says nothing that can be relied on. */
export const successCode = '00';
/** The only documented code has two characters. */
export const providerCodeCharsMax = 64;

const malformedRemedy = 'Ask again in a minute; if it stays, show this to SmilePayz support.';

const statusWire = z.object({
  code: wireText,
  message: z.string().nullish().catch(undefined),
});

export interface ReadAnswer {
  readonly json: unknown;
  readonly code: string;
  /** Their message in quotes, or that there is none. */
  readonly said: string;
}

export interface AnswerReader {
  /** Throws `malformed_response` for what is not JSON with a code. */
  read(answer: Answer): ReadAnswer;
  malformed(problem: string, remedy?: string): ProviderError;
  /** What zod found first, as an error; never the value itself. */
  malformedAt(error: ZodLikeError, fallback: string): ProviderError;
  /** Masks the configured account numbers, which providers like to quote. */
  hideNumbers(text: string): string;
}

interface ZodLikeError {
  readonly issues: readonly { readonly path: readonly PropertyKey[] }[];
}

export function createAnswerReader(
  http: ProviderHttp,
  operation: string,
  accounts: readonly Account[],
): AnswerReader {
  const numbers = accounts.map(({ no }) => no).sort((a, b) => b.length - a.length);
  const hideNumbers = (text: string) =>
    numbers.reduce((masked, number) => masked.replaceAll(number, maskAccount(number)), text);

  const malformed = (problem: string, remedy = malformedRemedy) =>
    http.error({
      code: 'malformed_response',
      operation,
      message: `SmilePayz’s answer cannot be used: ${hideNumbers(problem)}.`,
      remedy,
    });

  const malformedAt = ({ issues }: ZodLikeError, fallback: string) => {
    const at = issues[0]?.path.map(String).join('.');
    return malformed(
      `${at === undefined || at === '' ? fallback : at} is missing or of another type`,
    );
  };

  return {
    hideNumbers,
    malformed,
    malformedAt,
    read({ text }) {
      const json = parseAnswer(text, malformed);
      const status = statusWire.safeParse(json);
      if (!status.success) throw malformedAt(status.error, 'code');
      const { code, message } = status.data;
      return { json, code, said: message ? `“${message}”` : 'no message' };
    },
  };
}

function parseAnswer(text: string, malformed: AnswerReader['malformed']): unknown {
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
