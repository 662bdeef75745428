// One command to PaynetEasy as an HTTP request: form-urlencoded, signed by OAuth. The documented v2
// requests carry the OAuth parameters in header and body, the vendor's v4 samples in the header only.
// https://doc.payneteasy.eu/integration/general_api_usage/request_authentication_methods.html
// https://github.com/payneteasy/payneteasy-v4-api-examples-php (10c83346, read 2026-11)
import type { Exchange } from '../http.ts';
import {
  composeAuthorization,
  composeBaseString,
  composeOauthParameters,
  joinParameters,
  type OauthKey,
  type Parameter,
  signHmacSha1,
  signRsaSha256,
  toSignedUrl,
} from './sign.ts';

export interface CommandSignerConfig {
  /** Ends in `/paynet`, as in the provider's host table. */
  readonly baseUrl: string;
  readonly login: string;
  readonly oauth: OauthKey;
}

const contentType = 'application/x-www-form-urlencoded';

/** Key and address are prepared once; each call of the result signs one request. */
export function createCommandSigner(
  { baseUrl, login, oauth: { method, key } }: CommandSignerConfig,
  path: string,
): (parameters: readonly Parameter[], timestampS: number, nonce: string) => Exchange {
  const signedUrl = toSignedUrl(baseUrl.replace(/\/+$/, '') + path);
  return (parameters, timestampS, nonce) => {
    const oauth = composeOauthParameters({
      consumerKey: login,
      signatureMethod: method,
      timestampS,
      nonce,
    });
    // Signed once, in however many places they stand.
    const signed = joinParameters([...oauth, ...parameters]);
    const base = composeBaseString('POST', signedUrl, signed);
    const isHmac = method === 'HMAC-SHA1';
    const signature = isHmac ? signHmacSha1(key, base) : signRsaSha256(key, base);
    return {
      method: 'POST',
      path,
      headers: {
        authorization: composeAuthorization(oauth, signature),
        'content-type': contentType,
      },
      body: isHmac ? signed : joinParameters(parameters),
    };
  };
}

/** For commands that carry a `control` parameter instead. */
export function composeControlledCommand(path: string, parameters: readonly Parameter[]): Exchange {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': contentType },
    body: joinParameters(parameters),
  };
}
