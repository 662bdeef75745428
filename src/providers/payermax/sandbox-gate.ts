// The gate of the sandbox: who may call, with which signature and when. Nothing here is shared with
// the client; the signature is verified with the other half of the algorithm.
// https://docs.payermax.com/doc-center/developer/signature-rules.html (read 2026-11)
import { createVerify, type KeyObject } from 'node:crypto';
import type { SandboxRequest } from '../sandbox.ts';

export interface Refusal {
  readonly code: string;
  readonly msg: string;
  /** JSON text; only one page says that a refusal may carry any. */
  readonly data?: string;
}

/** What a room of the sandbox answers: `data` as JSON text, or a refusal. */
export type Outcome = { readonly msg?: string; readonly data: string | undefined } | Refusal;

export type Json = Readonly<Record<string, unknown>>;

/** A request whose signature, time and envelope are in order. */
export interface AdmittedCall {
  readonly api: string;
  readonly version: string;
  readonly memberId: unknown;
  readonly data: Json;
  readonly nowMs: number;
  readonly fault: string | undefined;
}

export interface Merchant {
  readonly appId: string;
  readonly merchantNo: string;
  readonly memberId: string;
  readonly publicKey: KeyObject;
}

const requestTimeWindowMs = 2 * 60 * 1000;

/** Codes with the texts of the error tables; each is also the name of a fault, in lower case. */
const refusals: readonly Refusal[] = [
  { code: 'ILLEGAL_IP_REQUEST', msg: 'illegal ip request' },
  { code: 'TOO_MANY_REQUEST', msg: 'Exceed request limitation, please retry later' },
  { code: 'MERCHANT_APP_INVALID', msg: 'Signature key is not configured.' },
  { code: 'SIGN_VERIFY_FAILED', msg: 'The signature verify failed.' },
  { code: 'REQ_TIME_OVER_TIME', msg: 'requestTime effective in two minutes' },
  { code: 'CONTRACT_INVALID', msg: 'Merchant has not signed the contract or payment methods.' },
  { code: 'MERCHANT_INVALID', msg: 'The merchant has been offline.' },
  { code: 'PARAMS_INVALID', msg: 'currency is invalid,because currency is null.' },
  { code: 'ORDER_REPEAT', msg: 'The order number repeat.' },
  { code: 'ORDER_NOT_EXIST', msg: 'The order does not exist.' },
  { code: 'BALANCE_INSUFFICIENT', msg: 'Insufficient balance.' },
  { code: 'SYSTEM_ERROR', msg: 'System is busy, please try again later.' },
  {
    code: 'REQUEST_TIMEOUT',
    msg: "Request timeout or didn't get result, If you have finished to pay, pls wait for the result.",
  },
  { code: 'UNEXPECTED_ERROR', msg: 'No further information for the error, plz try it later.' },
  { code: 'BRAND_NEW_CODE', msg: 'Nobody has documented this.' },
];

export const refusalFaults: Readonly<Record<string, string>> = Object.fromEntries(
  refusals.map(({ code }) => [code.toLowerCase(), `answers ${code}, unsigned; nothing is done`]),
);

export function refuse(code: string): Refusal {
  const found = refusals.find((one) => one.code === code);
  if (found === undefined) throw new RangeError(`no text for ${code}`);
  return found;
}

export function refuseField(field: string): Refusal {
  return { code: 'PARAMS_INVALID', msg: `The ${field} is incorrect.` };
}

export function findForcedRefusal(fault: string | undefined): Refusal | undefined {
  return refusals.find(({ code }) => code.toLowerCase() === fault);
}

/** Checks in the order of the error table: app, key, signature, time, fields. */
export function admit(
  request: SandboxRequest,
  merchant: Merchant,
  nowMs: number,
): Pick<AdmittedCall, 'version' | 'memberId' | 'data'> | Refusal {
  if (!/^application\/json(\s*;|$)/i.test(request.headers['content-type'] ?? '')) {
    return refuseField('Content-Type');
  }
  const envelope = readObject(request.body);
  if (envelope === undefined) return refuseField('request body');
  const { version, keyVersion, requestTime, appId, merchantNo, memberId, data } = envelope;
  if (appId !== merchant.appId) return refuse('MERCHANT_APP_INVALID');
  const { sign } = request.headers;
  if (sign === undefined || !isSigned(request.body, sign, merchant.publicKey)) {
    return refuse('SIGN_VERIFY_FAILED');
  }
  const requestTimeMs = readRequestTime(requestTime);
  if (requestTimeMs === undefined) return refuseField('requestTime');
  if (Math.abs(nowMs - requestTimeMs) > requestTimeWindowMs) return refuse('REQ_TIME_OVER_TIME');
  if (!isText(version, 8)) return refuseField('version');
  // Some samples of the vendor send the number.
  if (keyVersion !== '1' && keyVersion !== 1) return refuseField('keyVersion');
  if (merchantNo !== undefined && !isText(merchantNo, 32)) return refuseField('merchantNo');
  if (memberId !== undefined && !isText(memberId, 64)) return refuseField('memberId');
  if (!isObject(data)) return refuseField('data');
  const isOther =
    (merchantNo !== undefined && merchantNo !== merchant.merchantNo) ||
    (memberId !== undefined && memberId !== merchant.memberId);
  return isOther ? refuse('MERCHANT_INVALID') : { version, memberId, data };
}

export function isRefusal(value: object): value is Refusal {
  return 'code' in value && 'msg' in value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, lengthMax: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= lengthMax;
}

function isSigned(body: Buffer, sign: string, key: KeyObject): boolean {
  return createVerify('SHA256').update(body).end().verify(key, sign, 'base64');
}

function readObject(body: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `yyyy-MM-dd'T'HH:mm:ss.SSSXXX`; the vendor's Go SDK cuts trailing zeros of the milliseconds. */
function readRequestTime(value: unknown): number | undefined {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;
  if (typeof value !== 'string' || !form.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}
