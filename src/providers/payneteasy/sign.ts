// How PaynetEasy wants to be sure: OAuth 1.0a for what reads or pays (which parameters are signed, the
// base string, the signature and the header), and a SHA-1 `control` for status and callbacks. The
// sorted, encoded parameters are at the same time the body, so what was signed is what goes out.
// https://doc.payneteasy.eu/integration/general_api_usage/request_authentication_methods.html
// https://oauth.net/core/1.0a/#signing_process (read 2026-11)
import {
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  sign,
  timingSafeEqual,
} from 'node:crypto';

export type Parameter = readonly [name: string, value: string];

/** v2 commands are signed with the control key, v4 commands with the merchant's RSA key. */
export interface OauthKey {
  readonly method: 'HMAC-SHA1' | 'RSA-SHA256';
  readonly key: KeyObject;
}

/** Everything but `A-Za-z0-9-._~` is encoded; a blank is `%20`, never `+`. */
export function encodeRfc3986(text: string): string {
  // Most names and values need nothing, and this runs a dozen times for each signature.
  if (/^[A-Za-z0-9\-._~]*$/.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The OAuth parameters without the signature, in the order of the documented header. */
export function composeOauthParameters(facts: {
  readonly consumerKey: string;
  readonly signatureMethod: OauthKey['method'];
  readonly timestampS: number;
  readonly nonce: string;
}): Parameter[] {
  return [
    ['oauth_version', '1.0'],
    ['oauth_consumer_key', facts.consumerKey],
    ['oauth_timestamp', String(facts.timestampS)],
    ['oauth_nonce', facts.nonce],
    ['oauth_signature_method', facts.signatureMethod],
  ];
}

/** Encoded, sorted by encoded name and then value, joined: to be signed and to be sent. */
export function joinParameters(parameters: readonly Parameter[]): string {
  return parameters
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** By code units: a locale would sort `_` and capitals differently from the server. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Scheme and host in lower case, no default port, no query: the address that is signed. */
export function toSignedUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

export function composeBaseString(
  method: 'GET' | 'POST',
  signedUrl: string,
  joinedParameters: string,
): string {
  return `${method}&${encodeRfc3986(signedUrl)}&${encodeRfc3986(joinedParameters)}`;
}

/** PaynetEasy has no tokens: the token secret behind the `&` is empty. */
export function toHmacKey(controlKey: string): KeyObject {
  return createSecretKey(`${encodeRfc3986(controlKey)}&`, 'utf8');
}

export function signHmacSha1(key: KeyObject, baseString: string): string {
  return createHmac('sha1', key).update(baseString).digest('base64');
}

/** RSASSA-PKCS1-v1_5. The name of this method is PaynetEasy's own, not OAuth's. */
export function signRsaSha256(key: KeyObject, baseString: string): string {
  return sign('RSA-SHA256', Buffer.from(baseString), key).toString('base64');
}

export function composeAuthorization(
  oauthParameters: readonly Parameter[],
  signature: string,
): string {
  const pairs = [...oauthParameters, ['oauth_signature', signature] as const].map(
    ([name, value]) => `${name}="${encodeRfc3986(value)}"`,
  );
  return `OAuth realm="",${pairs.join(',')}`;
}

/** Lower-case hex SHA-1 of the fields in a row, the control key last. An absent field is empty. */
export function composeControl(fields: readonly string[], controlKey: string): string {
  return createHash('sha1').update(fields.join('')).update(controlKey).digest('hex');
}

/** In constant time, so that nobody can guess a control letter by letter. */
export function isSameControl(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
