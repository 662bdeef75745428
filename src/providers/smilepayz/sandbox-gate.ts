// The sandbox’s door: what a request must have before anybody looks at its fields. Written from the
// server’s side and without the client’s code: it verifies with the public half of the key, on the
// received text with the white space outside strings taken out (PHP sends `\/` and `\u00e9`, and
// signs exactly that). How SmilePayz itself words a refusal is not documented: codes are invented.
// https://docs.smilepayz.com/zh/product/overview/signature.html (sheet compiled 2026-11)
import { createVerify, type KeyObject } from 'node:crypto';
import type { SandboxRequest } from '../sandbox.ts';

export interface Merchant {
  readonly partnerId: string;
  readonly secret: string;
  readonly publicKey: KeyObject;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

const windowMs = 5 * 60_000;
const timestampShape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/;
const base64Shape = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export interface GateOptions {
  readonly nowMs: number;
  /** The short generation of the documents no longer speaks of the ±5 minutes. */
  readonly isWindowEnforced: boolean;
}

/** Undefined for a request that may come in. */
export function checkRequest(
  request: SandboxRequest,
  merchant: Merchant,
  options: GateOptions,
): Refusal | undefined {
  const header = (name: string) => request.headers[name] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(header('content-type'))) {
    return { code: 'SBX_CONTENT_TYPE', message: 'Content-Type must be application/json' };
  }
  if (header('x-partner-id') !== merchant.partnerId) {
    return { code: 'SBX_PARTNER', message: 'X-PARTNER-ID is not a merchant' };
  }
  const timestamp = header('x-timestamp');
  const atMs = timestampShape.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(atMs)) {
    return { code: 'SBX_TIMESTAMP', message: 'X-TIMESTAMP must be yyyy-MM-ddTHH:mm:ss±HH:mm' };
  }
  if (options.isWindowEnforced && Math.abs(options.nowMs - atMs) > windowMs) return staleTimestamp;
  const signature = header('x-signature');
  const body = stripWhiteSpace(request.body.toString('utf8'));
  const signed = `${timestamp}|${merchant.secret}|${body}`;
  const verifier = createVerify('RSA-SHA256').update(signed, 'utf8');
  const isGenuine =
    signature !== '' &&
    base64Shape.test(signature) &&
    verifier.verify(merchant.publicKey, signature, 'base64');
  return isGenuine ? undefined : badSignature;
}

export const badSignature: Refusal = {
  code: 'SBX_SIGNATURE',
  message: 'X-SIGNATURE does not fit the request',
};

export const staleTimestamp: Refusal = {
  code: 'SBX_STALE',
  message: 'X-TIMESTAMP is more than 5 minutes away from the server time',
};

/** Outside strings only; inside them every byte counts. */
export function stripWhiteSpace(json: string): string {
  let kept = '';
  let isInString = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (isInString && character === '\\') {
      kept += character + json.charAt(at + 1);
      at += 1;
      continue;
    }
    if (character === '"') isInString = !isInString;
    if (isInString || !' \t\r\n'.includes(character)) kept += character;
  }
  return kept;
}
