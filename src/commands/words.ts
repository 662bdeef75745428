// How Purser says times, lists and failures. One place, so that every bot says the same.
import type { ProviderError, ProviderErrorCode } from '../errors.ts';
import { maskAccount } from '../providers/types.ts';

/** `just now`, `4 min ago`, `3 h ago`, `2 days ago` */
export function describeAge(ms: number): string {
  if (ms < 10_000) return 'just now';
  return `${describeDuration(ms)} ago`;
}

/** Rounded down to what matters: `45 s`, `4 min`, `3 h`, `2 days`. */
export function describeDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}

/** How long an answer took: `80 ms`, `1.4 s`. */
export function describeTook(ms: number): string {
  const whole = Math.round(ms);
  return whole < 1000 ? `${whole} ms` : `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
}

/** `Ana`, `Ana or Ben`, `Ana, Ben or Cy` */
export function listNames(names: readonly string[], word: 'or' | 'and'): string {
  if (names.length <= 1) return names[0] ?? 'nobody';
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

const failureLabels: Readonly<Record<ProviderErrorCode, string>> = {
  auth_failed: 'credentials refused',
  not_found: 'not found',
  rejected: 'request refused',
  rate_limited: 'too many requests',
  unavailable: 'not reachable',
  timed_out: 'no answer',
  outcome_unknown: 'outcome unknown',
  malformed_response: 'unreadable answer',
  unsupported: 'not supported',
};

/** Two or three words beside a provider's name. */
export function labelFailure(code: ProviderErrorCode): string {
  return failureLabels[code];
}

/** The sentence of what went wrong and what to do. */
export function explainFailure(error: ProviderError): string {
  return error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
}

/**
 * What people typed is repeated to them, but never at any length, and never half a character. It
 * stands in the log too, and a number may be an account that was typed in the wrong place.
 */
export function quote(typed: string): string {
  const masked = typed.replace(/\d{8,}/g, (number) => maskAccount(number));
  const shown = [...masked.slice(0, 80)].slice(0, 40).join('');
  return `“${shown.length < masked.length ? `${shown}…` : masked}”`;
}
