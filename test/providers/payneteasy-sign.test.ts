// OAuth against what is published, against an independent implementation, and against the
// sandbox's own verification, which shares no code with it.
import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import OAuth from 'oauth-1.0a';
import { describe, expect, it } from 'vitest';
import { createBalanceRequestComposer } from '../../src/providers/payneteasy/client.ts';
import { signAsServer } from '../../src/providers/payneteasy/sandbox-oauth.ts';
import {
  composeAuthorization,
  composeBaseString,
  composeOauthParameters,
  encodeRfc3986,
  joinParameters,
  type Parameter,
  signHmacSha1,
  toHmacKey,
  toSignedUrl,
} from '../../src/providers/payneteasy/sign.ts';
import balance from './fixtures/payneteasy/balance.json' with { type: 'json' };
import vectors from './fixtures/payneteasy/oauth-vectors.json' with { type: 'json' };

const toPairs = (pairs: readonly string[][]): Parameter[] =>
  pairs.map(([name = '', value = '']) => [name, value]);

describe('published vectors', () => {
  it.each(vectors.encoding.pairs)('encodes %s as %s', (text, encoded) => {
    expect(encodeRfc3986(text ?? '')).toBe(encoded);
  });

  it('begins the base string like the vendor’s test', () => {
    const { url, parameters, prefix } = vectors.baseStringPrefix;
    const joined = joinParameters(toPairs(parameters));
    expect(composeBaseString('POST', toSignedUrl(url), joined)).toBe(prefix);
  });

  it('joins the parameters of the documented HMAC example', () => {
    const { consumerKey, timestampS, nonce, parameters, joined, controlKey, hmacKey } =
      vectors.joinedParameters;
    const oauth = composeOauthParameters({
      consumerKey,
      signatureMethod: 'HMAC-SHA1',
      timestampS,
      nonce,
    });
    expect(joinParameters([...oauth, ...toPairs(parameters)])).toBe(joined);
    expect(toHmacKey(controlKey).export().toString()).toBe(hmacKey);
  });

  it('signs the example of OAuth Core A.5, and so does the sandbox', () => {
    const { url, parameters, hmacKey, signature } = vectors.oauthCoreA5;
    const base = composeBaseString('GET', toSignedUrl(url), joinParameters(toPairs(parameters)));
    expect(signHmacSha1(createSecretKey(hmacKey, 'utf8'), base)).toBe(signature);
    expect(signAsServer('GET', url, toPairs(parameters), hmacKey)).toBe(signature);
  });

  it('writes body and header of the documented balance request', () => {
    const { request } = balance;
    const compose = createBalanceRequestComposer({
      baseUrl: 'https://sandbox.payneteasy.com/paynet',
      login: request.merchantLogin,
      controlKey: 'the real one is not published',
      balanceName: request.balanceName,
    });
    const exchange = compose(request.timestampS, request.nonce);
    expect(exchange.body).toBe(request.body);
    expect(request.body).toHaveLength(request.contentLength);
    expect(`/paynet${exchange.path}`).toBe(request.path);
    const oauth = composeOauthParameters({
      consumerKey: request.merchantLogin,
      signatureMethod: 'HMAC-SHA1',
      timestampS: request.timestampS,
      nonce: request.nonce,
    });
    expect(composeAuthorization(oauth, request.signature)).toBe(request.authorization);
    const withoutSignature = (header = '') => header.replace(/oauth_signature="[^"]*"/, '');
    expect(withoutSignature(exchange.headers?.['authorization'])).toBe(
      withoutSignature(request.authorization),
    );
  });
});

describe('the signed address', () => {
  it.each([
    ['HTTPS://Gate.PaynetEasy.com:443/paynet/api', 'https://gate.payneteasy.com/paynet/api'],
    ['http://127.0.0.1:80/paynet?x=1', 'http://127.0.0.1/paynet'],
    ['http://127.0.0.1:8080/paynet', 'http://127.0.0.1:8080/paynet'],
  ])('of %s is %s', (url, signed) => {
    expect(toSignedUrl(url)).toBe(signed);
  });
});

const text = (constraints: fc.StringConstraints = {}) =>
  fc.string({ unit: 'grapheme', maxLength: 30, ...constraints });

/** As a path segment `.` and `..` mean a folder, so no merchant can be called that. */
const login = text({ minLength: 1 }).filter((name) => name !== '.' && name !== '..');

describe('another implementation', () => {
  it('agrees on every set of parameters', () => {
    // Names that JavaScript objects treat specially cannot be given to the other implementation.
    const name = text({ minLength: 1 }).filter((key) => !(key in {}) && key !== '__proto__');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, text()), { selector: ([key]) => key, maxLength: 8 }),
        login,
        text({ minLength: 1 }),
        fc.stringMatching(/^[A-Za-z0-9]{11,24}$/),
        fc.integer({ min: 1, max: 4_000_000_000 }),
        (parameters, consumerKey, controlKey, nonce, timestampS) => {
          const url = `https://gate.payneteasy.com/paynet/api/v2/x/${encodeRfc3986(consumerKey)}`;
          const other = new OAuth({
            consumer: { key: consumerKey, secret: controlKey },
            signature_method: 'HMAC-SHA1',
            hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
          });
          other.getNonce = () => nonce;
          other.getTimeStamp = () => timestampS;
          const theirs = other.authorize({
            url,
            method: 'POST',
            data: Object.fromEntries(parameters),
          });
          const oauth = composeOauthParameters({
            consumerKey,
            signatureMethod: 'HMAC-SHA1',
            timestampS,
            nonce,
          });
          const base = composeBaseString(
            'POST',
            toSignedUrl(url),
            joinParameters([...oauth, ...parameters]),
          );
          expect(signHmacSha1(toHmacKey(controlKey), base)).toBe(theirs.oauth_signature);
        },
      ),
      { numRuns: 300 },
    );
  });
});
