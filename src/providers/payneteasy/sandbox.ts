// A stand-in for PaynetEasy's gateway on loopback. It answers its JSON as text/html, as the
// documented boilerplate does, and refuses with a web page and HTTP 200 like the balance page.
// https://doc.payneteasy.com/integration/API_commands/api_v2_get_balance_merchant.html (read 2026-11)
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Sandbox, SandboxAnswer, SandboxDeps, SandboxRequest } from '../sandbox.ts';
import { verifyOauthHmac } from './sandbox-oauth.ts';
import { defaultBalances, renderRows, type SandboxBalance, shapeFaults } from './sandbox-rows.ts';

export type { SandboxBalance } from './sandbox-rows.ts';

export interface PaynetEasySandboxSeed {
  readonly login?: string;
  readonly controlKey?: string;
  readonly balances?: readonly SandboxBalance[];
}

const authFaults: Readonly<Record<string, string>> = {
  auth_401_text:
    'refuses the credentials with HTTP 401 and a plain text, like the vendor’s emulator',
  auth_403: 'refuses the credentials with HTTP 403',
  auth_200_html: 'refuses the credentials with HTTP 200 and a page “Access is denied”',
  nonce_reused: 'refuses a nonce that it has accepted before; off by default',
  clock_skew: 'refuses a timestamp more than 5 minutes away from its clock; off by default',
};

const refusalFaults: Readonly<Record<string, string>> = {
  form_error: 'answers a form-encoded type=error',
  form_validation_error: 'answers a form-encoded type=validation-error',
  form_error_without_reason: 'answers a form-encoded type=error and nothing else',
  json_error: 'answers type=error as a JSON object with HTTP 400',
  form_unknown_type: 'answers a form-encoded type=async-response, which no balance can be',
};

const balancePath = /^\/paynet\/api\/v2\/get-balance\/merchant\/([^/]+)$/;
const balanceNameLengthMax = 128;
const skewMaxS = 300;
const noncesKeptMax = 10_000;
/** The documented header of command replies; the balance page documents none. */
const textHtml = { 'content-type': 'text/html;charset=utf-8' };

export function createPaynetEasySandbox(
  deps: SandboxDeps,
  seed: PaynetEasySandboxSeed = {},
): Sandbox {
  const login = seed.login ?? 'purser_demo_merchant';
  const controlKey = seed.controlKey ?? randomUUID().toUpperCase();
  const balances = seed.balances ?? defaultBalances;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const admit = createGate({ login, controlKey, clock: deps.clock });

  return {
    id: 'payneteasy',
    faults: {
      ...authFaults,
      ...refusalFaults,
      ...Object.fromEntries(Object.entries(shapeFaults).map(([name, { what }]) => [name, what])),
    },
    answer(request, fault) {
      const match = balancePath.exec(request.path);
      if (match === null) return plain(404, 'Not Found');
      if (request.method !== 'POST') return plain(405, 'Method Not Allowed');
      const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
      if (contentType?.toLowerCase() !== 'application/x-www-form-urlencoded') {
        return plain(415, 'Unsupported Media Type');
      }
      const admission = admit(decodePathPart(match[1] ?? ''), request, fault);
      if (!admission.ok) return admission.answer;
      return findRefusal(fault) ?? answerBalances(balances, admission.parameters, fault);
    },
    connect: (origin) => ({
      environment: {
        PAYNETEASY_MERCHANT_LOGIN: login,
        PAYNETEASY_BASE_URL: `${origin}/paynet`,
        PAYNETEASY_CONTROL_KEY: controlKey,
        PAYNETEASY_ENDPOINT_ID: '22903',
        PAYNETEASY_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
      settings: undefined,
    }),
  };
}

type Admission =
  | { readonly ok: true; readonly parameters: readonly (readonly [string, string])[] }
  | { readonly ok: false; readonly answer: SandboxAnswer };

/** Lets in the one merchant that the sandbox knows. Remembers nonces. */
function createGate(config: {
  readonly login: string;
  readonly controlKey: string;
  readonly clock: Clock;
}): (pathLogin: string, request: SandboxRequest, fault: string | undefined) => Admission {
  const nonces = new Set<string>();
  const deny = (answer: SandboxAnswer): Admission => ({ ok: false, answer });
  const denyBecause = (reason: string) => deny(denyWithPage(reason));

  return (pathLogin, request, fault) => {
    if (fault === 'auth_401_text') return deny(plain(401, 'Unauthorized'));
    if (fault === 'auth_403')
      return deny({ status: 403, headers: textHtml, body: page('Forbidden') });
    if (fault === 'auth_200_html') return denyBecause('switched on');
    const verdict = verifyOauthHmac(request, config.controlKey);
    if (!verdict.ok) return denyBecause(verdict.reason);
    if (verdict.consumerKey !== config.login) return denyBecause('the merchant is not known');
    if (pathLogin !== config.login) return denyBecause('the path names another merchant');
    if (fault === 'nonce_reused' && nonces.has(verdict.nonce)) {
      return denyBecause('the nonce was used before');
    }
    const skewS = Math.abs(Math.floor(config.clock.now() / 1000) - verdict.timestampS);
    if (fault === 'clock_skew' && skewS > skewMaxS) return denyBecause('the clocks differ');
    nonces.add(verdict.nonce);
    for (const oldest of nonces) {
      if (nonces.size <= noncesKeptMax) break;
      nonces.delete(oldest);
    }
    return { ok: true, parameters: verdict.parameters };
  };
}

function answerBalances(
  balances: readonly SandboxBalance[],
  parameters: readonly (readonly [string, string])[],
  fault: string | undefined,
): SandboxAnswer {
  const names = parameters.filter(([name]) => name === 'balance-name').map(([, value]) => value);
  if (names.length > 1) {
    return formAnswer('validation-error', 'Parameter balance-name is given twice');
  }
  const [wanted] = names;
  if (wanted !== undefined && wanted.length > balanceNameLengthMax) {
    return formAnswer('validation-error', 'Parameter balance-name is too long');
  }
  const rows = balances.filter(({ name }) => wanted === undefined || name === wanted);
  return { status: 200, headers: textHtml, body: renderRows(rows, fault) };
}

function findRefusal(fault: string | undefined): SandboxAnswer | undefined {
  switch (fault) {
    case 'form_error':
      return formAnswer('error', 'Balance service is not available for this merchant');
    case 'form_validation_error':
      return formAnswer('validation-error', 'Parameter balance-name is incorrect');
    case 'form_error_without_reason':
      return { status: 200, headers: textHtml, body: 'type=error\n' };
    case 'json_error':
      return {
        status: 400,
        headers: { 'content-type': 'application/vnd.pay+json' },
        body: '{"type":"error","error-message":"Merchant is disabled","error-code":3}',
      };
    case 'form_unknown_type':
      return {
        status: 200,
        headers: textHtml,
        body: 'type=async-response\n&serial-number=00000000-0000-0000-0000-000002d9b22a\n',
      };
    default:
      return undefined;
  }
}

/** As documented: form text, a newline after each value, HTTP 200. */
function formAnswer(type: 'error' | 'validation-error', message: string): SandboxAnswer {
  const fields = [
    ['type', type],
    ['serial-number', '00000000-0000-0000-0000-000002231f99'],
    ['error-message', message.replaceAll(' ', '+')],
    ['error-code', '1'],
  ];
  const body = fields.map(([name, value]) => `${name}=${value}\n`).join('&');
  return { status: 200, headers: textHtml, body };
}

/** The gateway gives no reason; the header is this sandbox's own, for whoever writes a client. */
function denyWithPage(reason: string): SandboxAnswer {
  return {
    status: 200,
    headers: { ...textHtml, 'x-sandbox-reason': reason },
    body: page('Access is denied'),
  };
}

function page(text: string): string {
  return `<html> <head> <title>Error</title> </head> <body> <p>${text}</p> </body> </html>`;
}

function plain(status: number, body: string): SandboxAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

function decodePathPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
