// Signatures of SmilePayz v2.0: RSA-SHA256 (PKCS#1 v1.5) both ways; answers are not signed at all.
// The merchant secret is only a part of the signed text and is never sent. The HMAC-SHA512 of
// docs-test.smilepayz.com is a documentation error: the result printed there is an RSA signature.
// https://docs.smilepayz.com/zh/product/overview/signature.html (sheet compiled 2026-11)
import { type KeyObject, sign, verify } from 'node:crypto';
import type { Clock } from '../../clock.ts';

export interface RequestSignerConfig {
  readonly partnerId: string;
  readonly merchantSecret: string;
  readonly privateKey: KeyObject;
  readonly clock: Clock;
}

/** Gives the headers for one body. Called anew for each attempt: the server takes ±5 minutes. */
export type RequestSigner = (compactBody: string) => Record<string, string>;

export function createRequestSigner(config: RequestSignerConfig): RequestSigner {
  return (compactBody) => {
    const timestamp = toTimestamp(config.clock.now());
    const stringToSign = toStringToSign(timestamp, config.merchantSecret, compactBody);
    return {
      'Content-Type': 'application/json',
      'X-TIMESTAMP': timestamp,
      'X-SIGNATURE': signText(stringToSign, config.privateKey),
      'X-PARTNER-ID': config.partnerId,
    };
  };
}

/** Seconds precision with an offset, as documented; the offset need not be the region’s. */
export function toTimestamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}+00:00`;
}

/** The body is signed as it is sent, without white space between tokens; keys are not sorted. */
export function toStringToSign(
  timestamp: string,
  merchantSecret: string,
  compactBody: string,
): string {
  return `${timestamp}|${merchantSecret}|${compactBody}`;
}

export function signText(text: string, privateKey: KeyObject): string {
  return sign('sha256', Buffer.from(text), privateKey).toString('base64');
}

export interface SignedCallback {
  readonly tradeNo: string;
  /** The header X-TIMESTAMP. */
  readonly timestamp: string;
  /** The header X-SIGNATURE. */
  readonly signature: string;
}

/**
 * Says that SmilePayz signed this trade number and time. It says nothing about status and amount:
 * the signature does not cover the body, so those are asked again with inquiry-status.
 * https://docs.smilepayz.com/en/guide/feature/callback.html (sheet compiled 2026-11)
 */
export function isCallbackSigned(callback: SignedCallback, platformKey: KeyObject): boolean {
  const text = Buffer.from(`${callback.tradeNo}|${callback.timestamp}`);
  return verify('sha256', text, platformKey, Buffer.from(callback.signature, 'base64'));
}
