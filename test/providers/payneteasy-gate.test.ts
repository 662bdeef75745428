// The sandbox's own verification, which shares no code with the client, against what the client
// signs: it lets every good request in, and nothing that was changed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBalanceRequestComposer } from '../../src/providers/payneteasy/client.ts';
import { createPaynetEasySandbox } from '../../src/providers/payneteasy/sandbox.ts';
import { signAsServer, verifyOauthHmac } from '../../src/providers/payneteasy/sandbox-oauth.ts';
import {
  composeAuthorization,
  composeBaseString,
  composeOauthParameters,
  encodeRfc3986,
  joinParameters,
  signHmacSha1,
  toHmacKey,
} from '../../src/providers/payneteasy/sign.ts';
import type { SandboxRequest } from '../../src/providers/sandbox.ts';
import { createFakeClock } from '../support.ts';

const text = (constraints: fc.StringConstraints = {}) =>
  fc.string({ unit: 'grapheme', maxLength: 30, ...constraints });

/** As a path segment `.` and `..` mean a folder, so no merchant can be called that. */
const login = text({ minLength: 1 }).filter((name) => name !== '.' && name !== '..');

interface Changes {
  path?: string;
  authorization?: string;
  body?: string;
}

function compose(
  merchant: { login: string; controlKey: string; balanceName?: string | undefined },
  changes: Changes = {},
  host = '127.0.0.1:4711',
): SandboxRequest {
  const exchange = createBalanceRequestComposer({
    baseUrl: `http://${host}/paynet`,
    balanceName: undefined,
    ...merchant,
  })(1_686_924_613, 'nonce0123456789abc');
  return {
    method: exchange.method,
    path: changes.path ?? `/paynet${exchange.path}`,
    query: new URLSearchParams(),
    headers: { host, ...exchange.headers, ...pickAuthorization(changes) },
    body: Buffer.from(changes.body ?? exchange.body ?? ''),
  };
}

function pickAuthorization({ authorization }: Changes) {
  return authorization === undefined ? {} : { authorization };
}

describe('the sandbox as the other half', () => {
  const merchant = { login: 'merchant', controlKey: 'F9F65098-1111', balanceName: 'saa' };

  it('verifies what the client signs, whatever the texts are', () => {
    fc.assert(
      fc.property(login, text({ minLength: 1 }), text(), (merchantLogin, key, name) => {
        const request = compose({ login: merchantLogin, controlKey: key, balanceName: name });
        expect(verifyOauthHmac(request, key)).toEqual({
          ok: true,
          consumerKey: merchantLogin,
          nonce: 'nonce0123456789abc',
          timestampS: 1_686_924_613,
          parameters: [['balance-name', name]],
        });
      }),
    );
  });

  it('rebuilds https for a host that is not loopback', () => {
    const request = compose(merchant, {}, 'gate.payneteasy.com');
    expect(verifyOauthHmac(request, merchant.controlKey).ok).toBe(false);
    const secure = createBalanceRequestComposer({
      baseUrl: 'https://gate.payneteasy.com/paynet',
      ...merchant,
    })(1_686_924_613, 'nonce0123456789abc');
    const headers = { host: 'gate.payneteasy.com', ...secure.headers };
    expect(verifyOauthHmac({ ...request, headers }, merchant.controlKey).ok).toBe(true);
  });

  it('refuses another control key', () => {
    expect(verifyOauthHmac(compose(merchant), 'F9F65098-1112').ok).toBe(false);
  });

  it('refuses a change of any single character of the body', () => {
    const body = compose(merchant).body.toString();
    for (let at = 0; at < body.length; at += 1) {
      const other = body[at] === 'x' ? 'y' : 'x';
      const changed = compose(merchant, { body: body.slice(0, at) + other + body.slice(at + 1) });
      expect(verifyOauthHmac(changed, merchant.controlKey).ok, `position ${at}`).toBe(false);
    }
  });

  it('refuses a change of any single character of the header, its empty realm apart', () => {
    const header = compose(merchant).headers['authorization'] ?? '';
    for (let at = header.indexOf('oauth_version'); at < header.length; at += 1) {
      const other = header[at] === 'x' ? 'y' : 'x';
      const authorization = header.slice(0, at) + other + header.slice(at + 1);
      const verdict = verifyOauthHmac(compose(merchant, { authorization }), merchant.controlKey);
      expect(verdict.ok, `position ${at}`).toBe(false);
    }
  });

  it('takes the OAuth parameters from the header alone, and from the body alone', () => {
    const signed = compose({ ...merchant, balanceName: undefined });
    const headerOnly = { ...signed, body: Buffer.alloc(0) };
    expect(verifyOauthHmac(headerOnly, merchant.controlKey).ok).toBe(true);
    const signature = /oauth_signature="([^"]*)"/.exec(signed.headers['authorization'] ?? '')?.[1];
    const bodyOnly = compose(
      { ...merchant, balanceName: undefined },
      {
        authorization: 'OAuth realm=""',
        body: `${signed.body.toString()}&oauth_signature=${signature}`,
      },
    );
    expect(verifyOauthHmac(bodyOnly, merchant.controlKey).ok).toBe(true);
  });

  it('refuses a nonce that differs between header and body, though both are signed', () => {
    const { headers, body, path } = compose({ ...merchant, balanceName: undefined });
    const both = [...new URLSearchParams(body.toString()), ['oauth_nonce', 'another'] as const];
    const key = `${merchant.controlKey}&`;
    const signature = signAsServer('POST', `http://127.0.0.1:4711${path}`, both, key);
    const authorization = (headers['authorization'] ?? '')
      .replace(/oauth_nonce="[^"]*"/, 'oauth_nonce="another"')
      .replace(/oauth_signature="[^"]*"/, `oauth_signature="${encodeRfc3986(signature)}"`);
    const request = compose({ ...merchant, balanceName: undefined }, { authorization });
    expect(verifyOauthHmac(request, merchant.controlKey)).toEqual({
      ok: false,
      reason: 'an OAuth parameter is given twice',
    });
  });

  it('counts a query parameter into the signature', () => {
    const request = { ...compose(merchant), query: new URLSearchParams('extra=1') };
    expect(verifyOauthHmac(request, merchant.controlKey).ok).toBe(false);
  });

  it.each([
    ['no header', undefined],
    ['another scheme', 'Basic bWVyY2hhbnQ6a2V5'],
    ['a broken header', 'OAuth realm="",oauth_version'],
    ['a broken encoding', 'OAuth realm="",oauth_version="%"'],
  ])('refuses %s', (_what, authorization) => {
    const request = compose(merchant);
    const headers = { ...request.headers, authorization };
    expect(verifyOauthHmac({ ...request, headers }, merchant.controlKey).ok).toBe(false);
  });
});

describe('the sandbox as a gateway', () => {
  const login = 'balance_test_merchant14';
  const controlKey = 'D41D8CD9-8F00-4204-A980-0998ECF8427E';
  const sandbox = createPaynetEasySandbox(
    { clock: createFakeClock(1_686_924_613_000) },
    { login, controlKey },
  );
  const ask = (request: SandboxRequest) => sandbox.answer(request, undefined);
  const page = /Access is denied/;

  it('answers a request that is signed well', () => {
    const answer = ask(compose({ login, controlKey }));
    expect(answer.status).toBe(200);
    expect(String(answer.body)).not.toMatch(page);
  });

  it('denies a login in the path that is not the consumer key', () => {
    // Signed for the very path that is asked: only the comparison can refuse it.
    const url = 'http://127.0.0.1:4711/paynet/api/v2/get-balance/merchant/somebody_else';
    const oauth = composeOauthParameters({
      consumerKey: login,
      signatureMethod: 'HMAC-SHA1',
      timestampS: 1_686_924_613,
      nonce: 'nonce0123456789abc',
    });
    const body = joinParameters(oauth);
    const signature = signHmacSha1(toHmacKey(controlKey), composeBaseString('POST', url, body));
    const answer = ask({
      ...compose({ login, controlKey }),
      path: new URL(url).pathname,
      headers: {
        host: '127.0.0.1:4711',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: composeAuthorization(oauth, signature),
      },
      body: Buffer.from(body),
    });
    expect(String(answer.body)).toMatch(page);
    expect(answer.headers['x-sandbox-reason']).toBe('the path names another merchant');
  });

  it('denies a merchant whom it does not know', () => {
    const answer = ask(compose({ login: 'nobody', controlKey }));
    expect(String(answer.body)).toMatch(page);
    expect(answer.headers['x-sandbox-reason']).toBe('the merchant is not known');
  });

  it('refuses another path, method and content type', () => {
    const request = compose({ login, controlKey });
    expect(ask({ ...request, path: `/paynet${request.path}` }).status).toBe(404);
    expect(ask({ ...request, method: 'GET' }).status).toBe(405);
    const headers = { ...request.headers, 'content-type': 'application/json' };
    expect(ask({ ...request, headers }).status).toBe(415);
  });

  it('refuses a balance name of more than 128 characters', () => {
    const answer = ask(compose({ login, controlKey, balanceName: 'a'.repeat(129) }));
    expect(String(answer.body)).toMatch(/^type=validation-error\n&/);
    const longest = ask(compose({ login, controlKey, balanceName: 'a'.repeat(128) }));
    expect(longest.body).toBe('[]');
  });
});
