// A stand-in for PaynetEasy's gateway on loopback. It answers its JSON as text/html, as the
// documented boilerplate does, and refuses with a web page and HTTP 200 like the balance page.
// https://doc.payneteasy.com/integration/API_commands/api_v2_get_balance_merchant.html (read 2026-11)
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Sandbox, SandboxAnswer, SandboxDeps } from '../sandbox.ts';
import { denyWithPage, formAnswer, page, plain, textHtml } from './sandbox-answers.ts';
import { type OauthVerdict, verifyOauthHmac, verifyOauthRsa } from './sandbox-oauth.ts';
import { createOrders, fateFaults } from './sandbox-orders.ts';
import { createPayoutDesk, payoutFaults } from './sandbox-payouts.ts';
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

const commandPath =
  /^\/paynet\/api\/(v2\/get-balance\/merchant|v[24]\/payout|v4\/transfer-by-ref|v2\/status)\/([^/]+)$/;
const balanceNameLengthMax = 128;
const skewMaxS = 300;
const noncesKeptMax = 10_000;
const endpointId = '22903';

export function createPaynetEasySandbox(
  deps: SandboxDeps,
  seed: PaynetEasySandboxSeed = {},
): Sandbox {
  const { clock } = deps;
  const login = seed.login ?? 'purser_demo_merchant';
  const controlKey = seed.controlKey ?? randomUUID().toUpperCase();
  const balances = seed.balances ?? defaultBalances;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const orders = createOrders({ clock, balances, controlKey });
  const desk = createPayoutDesk({ login, controlKey, endpointId, orders });
  const admit = createGate({ login, clock });

  return {
    id: 'payneteasy',
    faults: {
      ...authFaults,
      ...refusalFaults,
      ...payoutFaults,
      ...fateFaults,
      ...Object.fromEntries(Object.entries(shapeFaults).map(([name, { what }]) => [name, what])),
    },
    answer(request, fault) {
      const [, command = '', part = ''] = commandPath.exec(request.path) ?? [];
      if (command === '') return plain(404, 'Not Found');
      if (request.method !== 'POST') return plain(405, 'Method Not Allowed');
      const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
      if (contentType?.toLowerCase() !== 'application/x-www-form-urlencoded') {
        return plain(415, 'Unsupported Media Type');
      }
      const target = decodePathPart(part);
      const denial = findDenial(fault);
      if (denial !== undefined) return denial;
      if (command === 'v2/status') {
        return findRefusal(fault) ?? desk.answerStatus(request, target);
      }
      const verdict = command.startsWith('v4')
        ? verifyOauthRsa(request, publicKey)
        : verifyOauthHmac(request, controlKey);
      const admission = admit(verdict, fault);
      if (!admission.ok) return admission.answer;
      const { parameters } = admission;
      const isBalance = command.includes('get-balance');
      if (isBalance && target !== login) return denyWithPage('the path names another merchant');
      const refusal = findRefusal(fault);
      if (refusal !== undefined) return refusal;
      if (isBalance) return answerBalances(orders.listBalances(), parameters, fault);
      const payout = { command: command.slice(3), endpoint: target, parameters };
      return desk.answerPayout(request, payout, fault);
    },
    connect: (origin) => ({
      environment: {
        PAYNETEASY_MERCHANT_LOGIN: login,
        PAYNETEASY_BASE_URL: `${origin}/paynet`,
        PAYNETEASY_CONTROL_KEY: controlKey,
        PAYNETEASY_ENDPOINT_ID: endpointId,
        PAYNETEASY_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
      // Some currencies have several balances, and a payout names none.
      settings: {
        payout_accounts: Object.fromEntries(
          balances.map((one) => [one.currency, orders.findPot(one.currency)?.name]),
        ),
      },
    }),
    books: orders.books,
    takeWebhooks: orders.takeWebhooks,
  };
}

type Admission =
  | { readonly ok: true; readonly parameters: readonly (readonly [string, string])[] }
  | { readonly ok: false; readonly answer: SandboxAnswer };

/** Lets in the one merchant that the sandbox knows. Remembers nonces. */
function createGate(config: {
  readonly login: string;
  readonly clock: Clock;
}): (verdict: OauthVerdict, fault: string | undefined) => Admission {
  const nonces = new Set<string>();
  const denyBecause = (reason: string): Admission => ({ ok: false, answer: denyWithPage(reason) });

  return (verdict, fault) => {
    if (!verdict.ok) return denyBecause(verdict.reason);
    if (verdict.consumerKey !== config.login) return denyBecause('the merchant is not known');
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

function findDenial(fault: string | undefined): SandboxAnswer | undefined {
  switch (fault) {
    case 'auth_401_text':
      return plain(401, 'Unauthorized');
    case 'auth_403':
      return { status: 403, headers: textHtml, body: page('Forbidden') };
    case 'auth_200_html':
      return denyWithPage('switched on');
    default:
      return undefined;
  }
}

function answerBalances(
  balances: readonly SandboxBalance[],
  parameters: readonly (readonly [string, string])[],
  fault: string | undefined,
): SandboxAnswer {
  const names = parameters.filter(([name]) => name === 'balance-name').map(([, value]) => value);
  if (names.length > 1) {
    return refuseForm('validation-error', 'Parameter balance-name is given twice');
  }
  const [wanted] = names;
  if (wanted !== undefined && wanted.length > balanceNameLengthMax) {
    return refuseForm('validation-error', 'Parameter balance-name is too long');
  }
  const rows = balances.filter(({ name }) => wanted === undefined || name === wanted);
  return { status: 200, headers: textHtml, body: renderRows(rows, fault) };
}

function findRefusal(fault: string | undefined): SandboxAnswer | undefined {
  switch (fault) {
    case 'form_error':
      return refuseForm('error', 'Balance service is not available for this merchant');
    case 'form_validation_error':
      return refuseForm('validation-error', 'Parameter balance-name is incorrect');
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

function refuseForm(type: 'error' | 'validation-error', message: string): SandboxAnswer {
  return formAnswer([
    ['type', type],
    ['serial-number', '00000000-0000-0000-0000-000002231f99'],
    ['error-message', message],
    ['error-code', '1'],
  ]);
}

function decodePathPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
