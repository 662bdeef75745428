// Reads what Alignet answers. Success and failure share one envelope, whose `meta.status.code` is
// "00" for success; no error code and no error body is documented.
// https://docs.pay-me.com/api-orquestador/Working-version/balance-query (read 2026-11)
import { parseJson } from '../../json.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import { envelopeWire, type StatusWire } from './wire.ts';

/** Throws `malformed_response` for what is not JSON. */
export function readBody(http: ProviderHttp, operation: string, answer: Answer): unknown {
  try {
    return parseJson(answer.text);
  } catch (cause) {
    const start = answer.text.trimStart();
    const what = start === '' ? 'nothing' : start.startsWith('<') ? 'a web page' : 'broken text';
    throw http.error({
      code: 'malformed_response',
      operation,
      httpStatus: answer.status,
      message: `Alignet answered with ${what} instead of JSON.`,
      remedy: 'Ask again in a minute; if it stays, check ALIGNET_BASE_URL.',
      cause,
    });
  }
}

/** Alignet's words beside an HTTP status, if there are any. */
export function findStatus(answer: Answer): StatusWire | undefined {
  try {
    return envelopeWire.safeParse(parseJson(answer.text)).data?.meta.status;
  } catch {
    return undefined;
  }
}

/** Only what looks like a code: it is shown and logged beside the message. */
export function providerCodeOf(status: StatusWire | undefined): { providerCode?: string } {
  const code = status?.code ?? '';
  return /^[\w.-]{1,20}$/.test(code) ? { providerCode: code } : {};
}
