// The sandbox as the other half for payouts: it takes the documented samples unchanged, refuses by the
// documented rules, and lets nothing in whose signature or control does not fit.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCommandSigner } from '../../src/providers/payneteasy/commands.ts';
import { verifyOauthRsa } from '../../src/providers/payneteasy/sandbox-oauth.ts';
import { type Parameter, toHmacKey } from '../../src/providers/payneteasy/sign.ts';
import type { Sandbox, SandboxRequest } from '../../src/providers/sandbox.ts';
import payout from './fixtures/payneteasy/payout.json' with { type: 'json' };
import { createSandbox, login } from './payneteasy-payout-scene.ts';
import { controlKey } from './payneteasy-scene.ts';

const host = '127.0.0.1:4711';
const baseUrl = `http://${host}/paynet`;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyOf = (sandbox: Sandbox) =>
  sandbox.connect('http://127.0.0.1:1').environment['PAYNETEASY_PRIVATE_KEY'] ?? '';

interface Command {
  readonly path?: string;
  readonly key?: KeyObject;
  readonly accept?: string;
}

/** A request of the client's, signed with RSA, or with the control key for v2. */
function compose(parameters: readonly Parameter[], command: Command = {}): SandboxRequest {
  const { path = '/api/v4/payout/22903', key = privateKey, accept } = command;
  const isV2 = path.startsWith('/api/v2');
  const { headers, body } = createCommandSigner(
    {
      baseUrl,
      login,
      oauth: isV2
        ? { method: 'HMAC-SHA1', key: toHmacKey(controlKey) }
        : { method: 'RSA-SHA256', key },
    },
    path,
  )(parameters, 1_686_924_613, 'nonce0123456789abc');
  return {
    method: 'POST',
    path: `/paynet${path}`,
    query: new URLSearchParams(),
    headers: { host, ...headers, ...(accept === undefined ? {} : { accept }) },
    body: Buffer.from(body ?? ''),
  };
}

const toParameters = (sample: string): Parameter[] =>
  sample.split('&').map((pair): Parameter => {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    return [name, value];
  });

const order: readonly Parameter[] = [
  ['client_orderid', 'inv4097763'],
  ['amount', '10.5'],
  ['currency', 'USD'],
  ['account_number', '123412341234'],
];

const sandbox = createSandbox();
const privatePem = keyOf(sandbox);

function ask(parameters: readonly Parameter[], command: Command = {}, at = sandbox) {
  const request = compose(parameters, { key: createPrivateKey(keyOf(at)), ...command });
  return at.answer(request, undefined);
}

describe('the signature of a v4 command', () => {
  const request = compose(order);

  it('is verified with the public half', () => {
    expect(verifyOauthRsa(request, publicKey)).toEqual({
      ok: true,
      consumerKey: login,
      nonce: 'nonce0123456789abc',
      timestampS: 1_686_924_613,
      parameters: [...order].sort(([a], [b]) => (a < b ? -1 : 1)),
    });
  });

  it('is refused after a change of any single character of the body', () => {
    const body = request.body.toString();
    for (let at = 0; at < body.length; at += 1) {
      const other = body[at] === 'x' ? 'y' : 'x';
      const changed = body.slice(0, at) + other + body.slice(at + 1);
      const verdict = verifyOauthRsa({ ...request, body: Buffer.from(changed) }, publicKey);
      expect(verdict.ok, `position ${at}`).toBe(false);
    }
  });

  it('is refused for another key, another address, and made with the control key', () => {
    expect(verifyOauthRsa(request, createPublicKey(privatePem)).ok).toBe(false);
    const elsewhere = { ...request, path: '/paynet/api/v4/payout/22904' };
    expect(verifyOauthRsa(elsewhere, publicKey).ok).toBe(false);
    const hmac = compose(order, { path: '/api/v2/payout/22903' });
    expect(verifyOauthRsa(hmac, publicKey)).toEqual({ ok: false, reason: 'not RSA-SHA256' });
  });

  it('is wanted by v4, and that of the control key by v2', () => {
    expect(String(ask(order, { key: privateKey }).body)).toMatch(/Access is denied/);
    const hmac = compose(order, { path: '/api/v2/payout/22903' });
    const crossed = { ...hmac, path: '/paynet/api/v4/payout/22903' };
    expect(String(sandbox.answer(crossed, undefined).body)).toMatch(/Access is denied/);
    expect(sandbox.books?.()).toEqual([]);
  });
});

describe('a payout', () => {
  it('is answered in the documented bytes', () => {
    expect(ask(order, {}, createSandbox())).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html;charset=utf-8' },
      body: payout.accepted,
    });
  });

  it('that names neither account nor card is refused in the documented bytes', () => {
    const parameters = [['client_orderid', '2121'] as const, ...order.slice(1, 3)];
    const { body } = ask(parameters);
    const withoutSerial = (text: string) => text.replace(/serial-number=\S+/, '');
    expect(withoutSerial(String(body))).toBe(withoutSerial(payout.refused));
  });

  it.each([
    ['bank', payout.samples.bank, '/api/v4/payout/22903'],
    ['card', payout.samples.card, '/api/v4/payout/22903'],
    ['depositToCard', payout.samples.depositToCard, '/api/v4/transfer-by-ref/22903'],
  ])('of the vendor’s sample %s is taken unchanged', (_name, sample, path) => {
    expect(String(ask(toParameters(sample), { path }).body)).toMatch(/^type=async-response\n/);
  });

  it('is answered in JSON when that is accepted, and then refused with a 4xx', () => {
    const accept = 'application/vnd.pay+json';
    const taken = ask([['client_orderid', 'json1'], ...order.slice(1)], { accept });
    expect(taken.status).toBe(200);
    expect(JSON.parse(String(taken.body))).toMatchObject({ 'merchant-order-id': 'json1' });
    const refused = ask(order.slice(1), { accept });
    expect(refused.status).toBe(400);
    expect(JSON.parse(String(refused.body))).toMatchObject({ type: 'validation-error' });
  });

  const long = (length: number) => 'a'.repeat(length);
  it.each<readonly [string, string, string]>([
    ['client_orderid', '', 'client_orderid is required'],
    ['client_orderid', long(129), 'client_orderid is too long'],
    ['amount', '', 'amount is required'],
    ['amount', '10,5', 'amount is wrong'],
    ['amount', '1e3', 'amount is wrong'],
    ['amount', '-1', 'amount is wrong'],
    ['amount', '0.00', 'amount is wrong'],
    ['amount', '12345678.99', 'amount is wrong'],
    ['currency', '', 'currency is required'],
    ['currency', '840', 'currency is wrong'],
    ['order_desc', long(65), 'order_desc is wrong'],
    ['ipaddress', '1.1.1', 'ipaddress is wrong'],
    ['purpose', long(129), 'purpose is wrong'],
    ['server_callback_url', `https://a.example/${long(128)}`, 'server_callback_url is wrong'],
    ['server_callback_url', 'nowhere', 'server_callback_url is wrong'],
    ['redirect_url', long(129), 'redirect_url is wrong'],
  ])('with %s “%.10s” is refused', (name, value, message) => {
    const others = order.filter(([one]) => one !== name);
    const answer = new URLSearchParams(String(ask([...others, [name, value]]).body));
    expect(answer.get('type')?.trim()).toBe('validation-error');
    expect(answer.get('error-message')?.trim()).toBe(`Parameter ${message}`);
    expect(sandbox.books?.().filter(({ reference }) => reference === 'inv4097763')).toEqual([]);
  });

  it('with a parameter twice, or for another endpoint, is refused', () => {
    const twice = ask([...order, ['amount', '11']]);
    expect(String(twice.body)).toContain('Parameter+amount+is+given+twice');
    const elsewhere = ask(order, { path: '/api/v4/payout/1' });
    expect(String(elsewhere.body)).toMatch(/^type=validation-error\n/);
  });
});
