// RSA-SHA256 (PKCS#1 v1.5) over the exact body, in both directions, in the header `sign`. Nothing is
// canonicalised: whoever serialises a body again after signing breaks it.
// https://docs.payermax.com/doc-center/developer/signature-rules.html (read 2026-11)
import { type KeyObject, sign, verify } from 'node:crypto';

/** Gives the base64 for the header `sign`. */
export function signBody(body: Uint8Array, merchantPrivateKey: KeyObject): string {
  return sign('RSA-SHA256', body, merchantPrivateKey).toString('base64');
}

/** Whether PayerMax's key made this signature over exactly these bytes. */
export function isSignedByPlatform(
  body: Uint8Array,
  signature: string | undefined,
  platformPublicKey: KeyObject,
): boolean {
  if (signature === undefined) return false;
  return verify('RSA-SHA256', body, platformPublicKey, Buffer.from(signature, 'base64'));
}
