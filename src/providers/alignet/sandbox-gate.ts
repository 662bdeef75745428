// What every call of the Alignet sandbox goes through: the check of the Authorization value, the
// faults that come before the call is looked at, and the envelope of every answer.
// https://docs.pay-me.com/api-orquestador/Working-version/balance-query (read 2026-11)
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { toJson } from '../../json.ts';
import type { SandboxAnswer } from '../sandbox.ts';

export const gateFaults = {
  auth_401: 'refuses the credentials: HTTP 401 with code "401" in the usual envelope',
  auth_401_echo: 'refuses with HTTP 401 and repeats the Authorization header in the message',
  auth_403_html: 'refuses the credentials: HTTP 403 with a web page',
  auth_200_code: 'refuses the credentials with HTTP 200 and code "401"',
  auth_200_number: 'refuses the credentials with HTTP 200 and the number 403 as code',
  unknown_code: 'answers HTTP 200 with a code that nobody documented; nothing is done',
  unprocessable_422: 'answers HTTP 422 with code "22" in the usual envelope; nothing is done',
  number_code: 'succeeds, with the code as the number 0',
  missing_meta: 'succeeds and leaves out meta',
} as const;

export interface Status {
  readonly code: unknown;
  readonly message: string;
  readonly local: string;
}

export interface Envelope {
  readonly action: 'pay_out_balance' | 'pay_out';
  readonly clock: Clock;
}

/** The answer that is given instead of looking at the call, if there is one. */
export function refuseAtGate(
  given: string,
  authorization: string,
  fault: string | undefined,
  envelope: Envelope,
): SandboxAnswer | undefined {
  if (!isAuthorized(given, authorization) || fault?.startsWith('auth_')) {
    return refuseCredentials(fault, given, envelope);
  }
  switch (fault) {
    case 'unknown_code':
      return wrap(200, { code: '97', message: 'Switch down', local: 'Sin línea' }, {}, envelope);
    case 'unprocessable_422':
      return wrap(422, { code: '22', message: 'Wrong provider', local: '' }, {}, envelope);
    default:
      return undefined;
  }
}

function refuseCredentials(
  fault: string | undefined,
  given: string,
  envelope: Envelope,
): SandboxAnswer {
  const local = 'Credenciales inválidas';
  switch (fault) {
    case 'auth_401_echo':
      return wrap(401, { code: '401', message: `Unknown key ${given}`, local }, {}, envelope);
    case 'auth_403_html':
      return {
        status: 403,
        headers: { 'content-type': 'text/html' },
        body: '<html><head><title>403 Forbidden</title></head><body>Forbidden</body></html>',
      };
    case 'auth_200_code':
      return wrap(200, { code: '401', message: 'Unauthorized', local }, {}, envelope);
    case 'auth_200_number':
      return wrap(200, { code: 403, message: 'Forbidden', local }, {}, envelope);
    default:
      return wrap(401, { code: '401', message: 'Unauthorized', local }, {}, envelope);
  }
}

/** The documented shape of the value, and the value. */
function isAuthorized(given: string, authorization: string): boolean {
  if (!/^[A-Za-z0-9]{16}\.[A-Za-z0-9]{64}$/.test(given)) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(authorization));
}

/** Success as the fault wants it. */
export function succeed(
  content: object,
  local: string,
  fault: string | undefined,
  envelope: Envelope,
): SandboxAnswer {
  if (fault === 'missing_meta') return json(200, { action: envelope.action, ...content });
  const code = fault === 'number_code' ? 0 : '00';
  return wrap(200, { code, message: 'OK', local }, content, envelope);
}

export function wrap(
  httpStatus: number,
  status: Status,
  content: object,
  { action, clock }: Envelope,
): SandboxAnswer {
  const now = String(clock.now());
  return json(httpStatus, {
    action,
    ...content,
    meta: {
      metrics: {
        aggregate: { start: now, end: now, duration: { milliseconds: '0', seconds: '0' } },
      },
      status: {
        code: status.code,
        message: status.message,
        message_ilgn: [{ locale: 'es_PE', value: status.local }],
      },
    },
  });
}

function json(status: number, body: object): SandboxAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: toJson(body),
  };
}
