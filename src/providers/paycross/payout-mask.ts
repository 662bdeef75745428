// PayCross's words about a payout may quote the payee's numbers and go into cards and the log. The
// payee is known only while an order is created, so later anything that could be a number is masked.
import type { PayoutNews } from '../payouts.ts';
import { maskAccount } from '../types.ts';

export type Mask = (text: string) => string;

/** Card numbers with blanks or hyphens in them too. */
const digitRun = /\d(?:[ -]?\d){8,}/g;
/** Tokens, and account numbers with letters like an IBAN. */
const mixedRun = /(?<![\w-])(?=[A-Za-z_-]*\d)[\w-]{12,}/g;

/** `own` are the payout's own names, which are no secret. */
export function createMask(numbers: readonly string[], own: readonly string[]): Mask {
  const longestFirst = numbers
    .filter((number) => number.length > 4)
    .sort((a, b) => b.length - a.length);
  const maskRun = (run: string) => (own.some((one) => one.includes(run)) ? run : maskAccount(run));
  return (text) =>
    longestFirst
      .reduce((left, number) => left.replaceAll(number, maskAccount(number)), text)
      .replace(mixedRun, maskRun)
      .replace(digitRun, maskRun);
}

/** Cards and log lines want neither line breaks nor half a character. */
export function toSafeNews(news: PayoutNews, hide: Mask): PayoutNews {
  return {
    ...news,
    providerStatus: toLine(hide(news.providerStatus), 40),
    ...(news.reason === undefined ? {} : { reason: toLine(hide(news.reason), 250) }),
  };
}

function toLine(words: string, charactersMax: number): string {
  const line = words.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return [...line].slice(0, charactersMax).join('');
}
