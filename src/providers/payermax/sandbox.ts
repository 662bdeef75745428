// PayerMax's gateway on this machine. Successes are signed and refusals are not, and refusals come
// with HTTP 200, because no HTTP status is documented and the vendor's SDKs look at none.
// https://docs.payermax.com/202606-version/developer/api-desc.md (read 2026-11)
import {
  createSign,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto';
import type { Sandbox, SandboxAnswer, SandboxDeps, SandboxRequest } from '../sandbox.ts';
import { answerBalance, balanceFaults } from './sandbox-balances.ts';
import {
  admit,
  findForcedRefusal,
  isRefusal,
  type Merchant,
  type Outcome,
  type Refusal,
  refusalFaults,
  refuse,
} from './sandbox-gate.ts';
import { createSandboxLedger, type SandboxAccounts } from './sandbox-ledger.ts';
import { createSandboxPayouts, payoutFaults } from './sandbox-payouts.ts';

export interface PayermaxSandboxKeys {
  readonly merchant: KeyPairKeyObjectResult;
  readonly platform: KeyPairKeyObjectResult;
}

export interface PayermaxSandboxOptions {
  readonly appId?: string;
  readonly merchantNo?: string;
  readonly memberId?: string;
  readonly accounts?: Partial<SandboxAccounts>;
  /** Made when the sandbox is, unless given. */
  readonly keys?: PayermaxSandboxKeys;
}

export function createSandboxKeys(): PayermaxSandboxKeys {
  return {
    merchant: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    platform: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
}

const pathPrefix = '/aggregate-pay/api/gateway/';
const clockAheadMs = (3 * 60 + 12) * 1000;

const answerFaults: Readonly<Record<string, string>> = {
  signed_refusal: 'answers SYSTEM_ERROR like a success: signed',
  http_400_refusal: 'answers SIGN_VERIFY_FAILED with HTTP 400',
  clock_ahead: 'its clock, and its Date header, are 3 min 12 s ahead',
  sign_missing: 'leaves the header `sign` out of a success',
  sign_of_other_key: 'signs a success with the merchant’s key instead of PayerMax’s',
  sign_garbage: 'puts text that is not base64 into the header `sign` of a success',
  body_altered: 'changes one digit of a success after signing it',
  no_data: 'answers APPLY_SUCCESS without `data`',
  code_missing: 'leaves `code` out of a success',
};

export function createPayermaxSandbox(
  { clock }: SandboxDeps,
  options: PayermaxSandboxOptions = {},
): Sandbox {
  const keys = options.keys ?? createSandboxKeys();
  // The ids of the documented samples.
  const merchant: Merchant = {
    appId: options.appId ?? '127d5de5b5124d11b9132c6ec9cc61d3',
    merchantNo: options.merchantNo ?? '010113864671194',
    memberId: options.memberId ?? '20250619P01B00000075000002',
    publicKey: keys.merchant.publicKey,
  };
  const ledger = createSandboxLedger(options.accounts ?? {});
  const payouts = createSandboxPayouts(ledger, merchant, (body) =>
    signText(body, keys.platform.privateKey),
  );

  /** Undefined for an API that this sandbox does not have. */
  function decide(
    request: SandboxRequest,
    nowMs: number,
    fault: string | undefined,
  ): Outcome | undefined {
    const forced = findForcedRefusal(fault);
    if (forced !== undefined) return forced;
    if (fault === 'signed_refusal') return refuse('SYSTEM_ERROR');
    if (fault === 'http_400_refusal') return refuse('SIGN_VERIFY_FAILED');
    const admitted = admit(request, merchant, nowMs);
    if (isRefusal(admitted)) return admitted;
    const api = request.path.slice(pathPrefix.length);
    payouts.advance(nowMs);
    const call = { ...admitted, api, nowMs, fault };
    return answerBalance(ledger, call) ?? payouts.answer(call);
  }

  return {
    id: 'payermax',
    faults: { ...refusalFaults, ...answerFaults, ...balanceFaults, ...payoutFaults },
    answer(request, fault) {
      const nowMs = clock.now() + (fault === 'clock_ahead' ? clockAheadMs : 0);
      const date = new Date(nowMs).toUTCString();
      if (!request.path.startsWith(pathPrefix)) return plain(404, 'Not Found', date);
      if (request.method !== 'POST') return plain(405, 'Method Not Allowed', date);
      const outcome = decide(request, nowMs, fault);
      if (outcome === undefined) return plain(404, 'Not Found', date);
      const signer = fault === 'sign_of_other_key' ? keys.merchant : keys.platform;
      return toAnswer(outcome, date, signer.privateKey, fault);
    },
    connect: (origin) => ({
      environment: {
        PAYERMAX_APP_ID: merchant.appId,
        PAYERMAX_BASE_URL: origin,
        PAYERMAX_MERCHANT_NO: merchant.merchantNo,
        PAYERMAX_MEMBER_ID: merchant.memberId,
        PAYERMAX_PRIVATE_KEY: keys.merchant.privateKey
          .export({ type: 'pkcs8', format: 'pem' })
          .toString(),
        PAYERMAX_PLATFORM_PUBLIC_KEY: keys.platform.publicKey
          .export({ type: 'spki', format: 'pem' })
          .toString(),
      },
      settings: undefined,
    }),
    books() {
      payouts.advance(clock.now());
      return payouts.books();
    },
    takeWebhooks() {
      payouts.advance(clock.now());
      return payouts.takeWebhooks();
    },
  };
}

function toAnswer(
  outcome: Outcome,
  date: string,
  privateKey: KeyObject,
  fault: string | undefined,
): SandboxAnswer {
  const body = isRefusal(outcome)
    ? writeBody(outcome.msg, outcome.code, outcome.data)
    : writeSuccess(outcome, fault);
  const headers = { 'content-type': 'application/json', date };
  const status = fault === 'http_400_refusal' ? 400 : 200;
  const isUnsigned = isRefusal(outcome) ? fault !== 'signed_refusal' : fault === 'sign_missing';
  if (isUnsigned) return { status, headers, body };
  const sign = fault === 'sign_garbage' ? 'not a signature!' : signText(body, privateKey);
  return {
    status,
    headers: { ...headers, sign },
    body: fault === 'body_altered' ? alterOneDigit(body) : body,
  };
}

/** The sample of currentBalanceQuery has an empty msg. */
function writeSuccess(
  { msg = '', data }: Exclude<Outcome, Refusal>,
  fault: string | undefined,
): string {
  const code = fault === 'code_missing' ? undefined : 'APPLY_SUCCESS';
  return writeBody(msg, code, fault === 'no_data' ? undefined : data);
}

/** `data` is JSON text already. */
function writeBody(msg: string, code: string | undefined, data: string | undefined): string {
  const head = JSON.stringify({ msg, code });
  return data === undefined ? head : `${head.slice(0, -1)},"data":${data}}`;
}

function signText(text: string, privateKey: KeyObject): string {
  return createSign('SHA256').update(text, 'utf8').end().sign(privateKey, 'base64');
}

/** The last digit of the first number, so that it stays a number. */
function alterOneDigit(body: string): string {
  return body.replace(/\d(?=[",}])/, (digit) => String(9 - Number(digit)));
}

function plain(status: number, body: string, date: string): SandboxAnswer {
  return { status, headers: { 'content-type': 'text/plain', date }, body };
}
