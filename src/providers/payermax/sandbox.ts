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
import { balanceFaults, createSandboxBalances, type SandboxAccounts } from './sandbox-balances.ts';
import {
  admit,
  findForcedRefusal,
  isRefusal,
  type Merchant,
  type Outcome,
  refusalFaults,
  refuse,
} from './sandbox-gate.ts';

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
  const balances = createSandboxBalances(options.accounts ?? {});

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
    return balances.answer({ ...admitted, api, nowMs, fault });
  }

  return {
    id: 'payermax',
    faults: { ...refusalFaults, ...answerFaults, ...balanceFaults },
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
  };
}

function toAnswer(
  outcome: Outcome,
  date: string,
  privateKey: KeyObject,
  fault: string | undefined,
): SandboxAnswer {
  const body = isRefusal(outcome)
    ? JSON.stringify({ msg: outcome.msg, code: outcome.code })
    : writeSuccess(outcome.data, fault);
  const headers = { 'content-type': 'application/json', date };
  const status = fault === 'http_400_refusal' ? 400 : 200;
  const isUnsigned = isRefusal(outcome) ? fault !== 'signed_refusal' : fault === 'sign_missing';
  if (isUnsigned) return { status, headers, body };
  const sign =
    fault === 'sign_garbage'
      ? 'not a signature!'
      : createSign('SHA256').update(body, 'utf8').end().sign(privateKey, 'base64');
  return {
    status,
    headers: { ...headers, sign },
    body: fault === 'body_altered' ? alterOneDigit(body) : body,
  };
}

/** The sample of currentBalanceQuery has an empty msg. */
function writeSuccess(data: string | undefined, fault: string | undefined): string {
  const code = fault === 'code_missing' ? '' : ',"code":"APPLY_SUCCESS"';
  const isWithData = data !== undefined && fault !== 'no_data';
  return `{"msg":""${code}${isWithData ? `,"data":${data}` : ''}}`;
}

/** The last digit of the first number, so that it stays a number. */
function alterOneDigit(body: string): string {
  return body.replace(/\d(?=[,}])/, (digit) => String(9 - Number(digit)));
}

function plain(status: number, body: string, date: string): SandboxAnswer {
  return { status, headers: { 'content-type': 'text/plain', date }, body };
}
