// SmilePayz signatures against the published vectors, and the sandbox’s door against requests that
// no client of ours would make.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { toJson } from '../../src/json.ts';
import type { SandboxRequest } from '../../src/providers/sandbox.ts';
import {
  createSandboxKeys,
  createSmilepayzSandbox,
} from '../../src/providers/smilepayz/sandbox.ts';
import {
  createRequestSigner,
  isCallbackSigned,
  signText,
  toStringToSign,
  toTimestamp,
} from '../../src/providers/smilepayz/sign.ts';
import { createFakeClock } from '../support.ts';
import balanceAnswer from './fixtures/smilepayz/balance-answer.synthetic.json' with {
  type: 'json',
};
import balanceRequest from './fixtures/smilepayz/balance-request.json' with { type: 'json' };
import callback from './fixtures/smilepayz/callback-signature.json' with { type: 'json' };
import stringVector from './fixtures/smilepayz/string-to-sign.json' with { type: 'json' };

const keys = createSandboxKeys();
const platformKey = createPublicKey({
  key: Buffer.from(callback.publicKeySpki, 'base64'),
  format: 'der',
  type: 'spki',
});

test('the published callback signature verifies', () => {
  expect(isCallbackSigned(callback, platformKey)).toBe(true);
});

test.each([
  ['trade number', { ...callback, tradeNo: `${callback.tradeNo}0` }],
  ['time', { ...callback, timestamp: '2024-04-10T08:45:33+07:00' }],
  ['signature', { ...callback, signature: callback.signature.replace('R5', 'R6') }],
  ['signature that is empty', { ...callback, signature: '' }],
])('a callback with another %s does not verify', (_what, changed) => {
  expect(isCallbackSigned(changed, platformKey)).toBe(false);
});

test('builds the published string to sign', () => {
  const { timestamp, merchantSecret, body, stringToSign } = stringVector;
  expect(toStringToSign(timestamp, merchantSecret, body)).toBe(stringToSign);
  // Their compact JSON is ours: nothing is sorted, slashes are not escaped.
  expect(toJson(JSON.parse(body))).toBe(body);
});

test('writes the time in seconds with an offset', () => {
  expect(toTimestamp(Date.parse('2020-12-17T15:55:00.987Z'))).toBe('2020-12-17T15:55:00+00:00');
});

function createScene() {
  const clock = createFakeClock();
  const pen = {
    no: '21120030202403071031',
    use: 'payout',
    currency: 'PEN',
    unit: 'minor',
  } as const;
  const sandbox = createSmilepayzSandbox({
    clock,
    keys,
    accounts: [{ ...pen, decimals: 2, total: 1050n, available: 1050n }],
  });
  const { environment } = sandbox.connect('http://127.0.0.1:1');
  const read = (name: string) => environment[`SMILEPAYZ_${name}`] ?? '';
  const secret = read('MERCHANT_SECRET');
  const privateKey = createPrivateKey(read('PRIVATE_KEY'));
  const partnerId = read('PARTNER_ID');
  const signRequest = createRequestSigner({ partnerId, merchantSecret: secret, privateKey, clock });
  const ask = (
    body: string,
    headers: Record<string, string>,
    fault?: string,
  ): Record<string, unknown> => {
    const request: SandboxRequest = {
      method: 'POST',
      path: '/v2.0/inquiry-balance',
      query: new URLSearchParams(),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: Buffer.from(body),
    };
    return JSON.parse(sandbox.answer(request, fault).body.toString());
  };
  const askAt = (timestamp: string, fault?: string) => {
    const signature = signText(`${timestamp}|${secret}|${balanceRequest.body}`, privateKey);
    const changed = { 'X-TIMESTAMP': timestamp, 'X-SIGNATURE': signature };
    return ask(balanceRequest.body, { ...signRequest(''), ...changed }, fault);
  };
  return { ask, askAt, signRequest };
}

test('the sandbox verifies the client’s signature and answers the documented shape', () => {
  const { ask, signRequest } = createScene();
  const { body } = balanceRequest;
  expect(ask(body, signRequest(body))).toEqual(balanceAnswer.body);
});

test('white space between tokens is no part of the signature, inside strings it is', () => {
  const { ask, signRequest } = createScene();
  const pretty = JSON.stringify(JSON.parse(balanceRequest.body), null, 2);
  expect(ask(pretty, signRequest(balanceRequest.body))['code']).toBe('00');
  const spaced = balanceRequest.body.replace('BALANCE', ' BALANCE');
  expect(ask(spaced, signRequest(balanceRequest.body))['code']).toBe('SBX_SIGNATURE');
});

test('a body as PHP writes it verifies as it was received', () => {
  const { ask, signRequest } = createScene();
  const phpBody =
    '{"accountNo":"21120030202403071031","balanceTypes":["BALANCE"],"note":"a\\/b \\" \\u00e9 }"}';
  expect(ask(phpBody, signRequest(phpBody))['code']).toBe('00');
  const unescaped = phpBody.replace('\\/', '/');
  expect(ask(unescaped, signRequest(phpBody))['code']).toBe('SBX_SIGNATURE');
});

test('any changed byte of what is signed is refused', () => {
  const { ask, signRequest } = createScene();
  const { body } = balanceRequest;
  const headers = signRequest(body);
  for (let at = 0; at < body.length; at += 1) {
    const changed = `${body.slice(0, at)}~${body.slice(at + 1)}`;
    expect(ask(changed, headers)['code']).toBe('SBX_SIGNATURE');
  }
  const signature = headers['X-SIGNATURE'] ?? '';
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  for (const wrong of [flipped, '', 'not base64', signature.slice(0, -8), '0'.repeat(64)]) {
    expect(ask(body, { ...headers, 'X-SIGNATURE': wrong })['code']).toBe('SBX_SIGNATURE');
  }
});

test('another key and another merchant are refused', () => {
  const { ask, signRequest } = createScene();
  const { body } = balanceRequest;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signature = signText(`${signRequest(body)['X-TIMESTAMP']}|x|${body}`, privateKey);
  expect(ask(body, { ...signRequest(body), 'X-SIGNATURE': signature })['code']).toBe(
    'SBX_SIGNATURE',
  );
  expect(ask(body, { ...signRequest(body), 'X-PARTNER-ID': '1' })['code']).toBe('SBX_PARTNER');
  expect(ask(body, { ...signRequest(body), 'Content-Type': 'text/plain' })['code']).toBe(
    'SBX_CONTENT_TYPE',
  );
});

test.each([
  ['2026-11-20T12:05:00+00:00', '00'],
  ['2026-11-20T11:55:00Z', '00'],
  ['2026-11-20T07:00:00-05:00', '00'],
  ['2026-11-20T12:05:01+00:00', 'SBX_STALE'],
  ['2026-11-20T11:54:59+00:00', 'SBX_STALE'],
  ['2026-11-20T12:00:00', 'SBX_TIMESTAMP'],
  ['2026-11-20T12:00:00.000Z', 'SBX_TIMESTAMP'],
  ['2026-13-20T12:00:00Z', 'SBX_TIMESTAMP'],
  ['', 'SBX_TIMESTAMP'],
])('at noon in UTC the time “%s” is answered with %s', (timestamp, code) => {
  expect(createScene().askAt(timestamp)['code']).toBe(code);
});

test('the window of 5 minutes can be switched off', () => {
  expect(createScene().askAt('2020-01-01T00:00:00Z', 'timestamp_ignored')['code']).toBe('00');
});

test.each([
  ['{"balanceTypes":["BALANCE"]}', 'SBX_FIELD'],
  ['{"accountNo":21120030202403071031,"balanceTypes":["BALANCE"]}', 'SBX_FIELD'],
  ['{"accountNo":"21120030202403071031"}', 'SBX_FIELD'],
  ['{"accountNo":"21120030202403071031","balanceTypes":[]}', 'SBX_FIELD'],
  ['{"accountNo":"21120030202403071031","balanceTypes":"BALANCE"}', 'SBX_FIELD'],
  ['{"accountNo":"21120030202403071031","balanceTypes":["ALL"]}', 'SBX_FIELD'],
  [`{"accountNo":"${'1'.repeat(129)}","balanceTypes":["BALANCE"]}`, 'SBX_FIELD'],
  [`{"accountNo":"${'1'.repeat(128)}","balanceTypes":["BALANCE"]}`, 'SBX_ACCOUNT'],
  ['null', 'SBX_FIELD'],
  ['{"accountNo', 'SBX_FIELD'],
])('the sandbox answers the signed body %s with %s', (body, code) => {
  const { ask, signRequest } = createScene();
  expect(ask(body, signRequest(body))['code']).toBe(code);
});
