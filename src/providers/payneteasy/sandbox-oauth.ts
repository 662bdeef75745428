// The server's half of OAuth 1.0a (HMAC-SHA1 for v2, RSA-SHA256 for v4), written from the specification
// and sharing nothing with the client: it starts from the bytes received and rebuilds what must have
// been signed.
// https://oauth.net/core/1.0a/#signing_process and
// https://doc.payneteasy.eu/integration/general_api_usage/request_authentication_methods.html (read 2026-11)
import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { SandboxRequest } from '../sandbox.ts';

type Pair = readonly [name: string, value: string];

export type OauthVerdict =
  | {
      readonly ok: true;
      readonly consumerKey: string;
      readonly nonce: string;
      readonly timestampS: number;
      /** What was sent besides the OAuth protocol parameters. */
      readonly parameters: readonly Pair[];
    }
  /** `reason` is for the developer; the gateway itself never says it. */
  | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): OauthVerdict => ({ ok: false, reason });

/** For v2 commands: signed with the control key. */
export function verifyOauthHmac(request: SandboxRequest, controlKey: string): OauthVerdict {
  return verifyOauth(request, 'HMAC-SHA1', (base, signature) =>
    isSameText(signature, signHmac(base, `${percentEncode(controlKey)}&`)),
  );
}

/** For v4 commands: signed with the private half of the key that the merchant registered. */
export function verifyOauthRsa(request: SandboxRequest, publicKey: KeyObject): OauthVerdict {
  return verifyOauth(request, 'RSA-SHA256', (base, signature) =>
    verify('sha256', Buffer.from(base, 'ascii'), publicKey, Buffer.from(signature, 'base64')),
  );
}

/** Every OAuth parameter may come in the header, in the body, or identically in both. */
function verifyOauth(
  request: SandboxRequest,
  method: 'HMAC-SHA1' | 'RSA-SHA256',
  isSignatureOf: (base: string, signature: string) => boolean,
): OauthVerdict {
  const fromHeader = readAuthorization(request.headers['authorization']);
  if (fromHeader === undefined) return refuse('the Authorization header is not OAuth');
  const fromBody = readForm(request.body.toString('utf8'));
  const all = [...request.query, ...fromBody];
  for (const pair of fromHeader) {
    // In both places it is one parameter, not two; with another value it stays a second one.
    if (!all.some(([name, value]) => name === pair[0] && value === pair[1])) all.push(pair);
  }
  const protocol = new Map<string, string>();
  for (const [name, value] of all) {
    if (!name.startsWith('oauth_')) continue;
    if (protocol.has(name)) return refuse('an OAuth parameter is given twice');
    protocol.set(name, value);
  }
  const signature = protocol.get('oauth_signature');
  const consumerKey = protocol.get('oauth_consumer_key');
  const nonce = protocol.get('oauth_nonce');
  const timestamp = protocol.get('oauth_timestamp') ?? '';
  if (signature === undefined || !consumerKey || !nonce)
    return refuse('an OAuth parameter is missing');
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) return refuse('oauth_timestamp is not in seconds');
  if (protocol.get('oauth_version') !== '1.0') return refuse('oauth_version is not 1.0');
  if (protocol.get('oauth_signature_method') !== method) return refuse(`not ${method}`);
  const signed = all.filter(([name]) => name !== 'oauth_signature');
  const base = rebuildBase(request.method, receivedUrl(request), signed);
  if (!isSignatureOf(base, signature)) return refuse('the signature is another one');
  return {
    ok: true,
    consumerKey,
    nonce,
    timestampS: Number(timestamp),
    parameters: all.filter(([name]) => !name.startsWith('oauth_')),
  };
}

/** What the signature of these parameters has to be; `hmacKey` is already encoded and joined. */
export function signAsServer(
  method: string,
  url: string,
  parameters: readonly Pair[],
  hmacKey: string,
): string {
  return signHmac(rebuildBase(method, url, parameters), hmacKey);
}

function signHmac(base: string, hmacKey: string): string {
  return createHmac('sha1', hmacKey).update(base, 'ascii').digest('base64');
}

function rebuildBase(method: string, url: string, parameters: readonly Pair[]): string {
  const encoded = parameters.map(
    ([name, value]): Pair => [percentEncode(name), percentEncode(value)],
  );
  encoded.sort((a, b) => {
    const order = Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0]));
    return order === 0 ? Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1])) : order;
  });
  const normalized = encoded.map((pair) => pair.join('=')).join('&');
  return [method.toUpperCase(), url, normalized].map(percentEncode).join('&');
}

/** https unless the client came to loopback, where sandboxes are served without TLS. */
function receivedUrl(request: SandboxRequest): string {
  const host = (request.headers['host'] ?? '').toLowerCase();
  const isLoopback = /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(host);
  const defaultPort = isLoopback ? /:80$/ : /:443$/;
  return `${isLoopback ? 'http' : 'https'}://${host.replace(defaultPort, '')}${request.path}`;
}

/** Without `realm`, which is never signed; undefined when this is no OAuth header. */
function readAuthorization(header: string | undefined): Pair[] | undefined {
  const scheme = /^OAuth\s+/i.exec(header ?? '');
  if (header === undefined || scheme === null) return undefined;
  const pairs: Pair[] = [];
  for (const part of header.slice(scheme[0].length).split(',')) {
    const match = /^\s*([^\s=]+)="([^"]*)"\s*$/.exec(part);
    const name = percentDecode(match?.[1]);
    const value = percentDecode(match?.[2]);
    if (name === undefined || value === undefined) return undefined;
    if (name.toLowerCase() !== 'realm') pairs.push([name, value]);
  }
  return pairs;
}

export function readForm(text: string): Pair[] {
  return [...new URLSearchParams(text)];
}

function percentDecode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** RFC 3986, byte by byte over UTF-8. */
function percentEncode(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    const isUnreserved = byte < 0x80 && /[A-Za-z0-9\-._~]/.test(char);
    encoded += isUnreserved ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

export function isSameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
