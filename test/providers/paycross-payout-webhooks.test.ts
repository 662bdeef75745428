// Notifications of PayCross: signed by the sandbox with the private half, verified on raw bytes by the
// client, and believed only as hints.
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { paycross } from '../../src/providers/paycross/index.ts';
import type { WebhookRequest } from '../../src/providers/payouts.ts';
import {
  cardOrder,
  createDeps,
  families,
  keys,
  startPayouts,
  toRequest,
} from './paycross-payout-scene.ts';
import { configErrorOf } from './start-client.ts';

const callbackUrl = 'https://purser.example/hooks/paycross';
const withoutKey = { environment: { PAYCROSS_PUBLIC_KEY: '' } };

async function startWebhook(changes: Parameters<typeof startPayouts>[0] = {}) {
  const started = await startPayouts(changes);
  const { webhook } = started.payouts;
  if (webhook === undefined) throw new Error('expected a webhook');
  return { ...started, webhook };
}

/** The notifications of one payout, from its order to its end. */
async function collect(fault?: string, changes: Parameters<typeof startPayouts>[0] = {}) {
  const started = await startWebhook(changes);
  if (fault !== undefined) started.running.switchFault({ name: fault, times: 1 });
  await started.payouts.create(cardOrder({ callbackUrl }));
  expect(started.running.takeWebhooks()).toEqual([]);
  started.clock.advance(6_000);
  const webhooks = started.running.takeWebhooks();
  expect(started.running.takeWebhooks()).toEqual([]);
  return { ...started, webhooks, requests: webhooks.map(toRequest) };
}

function refusalOf(verify: () => unknown): ProviderError {
  try {
    verify();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

const refused = (problem: string) => ({
  code: 'auth_failed',
  operation: 'webhook',
  message: `A notification is not believed to be PayCross’s: ${problem}.`,
  remedy: expect.stringContaining('PAYCROSS_PUBLIC_KEY'),
});

function first(requests: readonly WebhookRequest[]): WebhookRequest {
  const [request] = requests;
  if (request === undefined) throw new Error('expected a notification');
  return request;
}

describe('a notification', () => {
  it.each(families)('of the $api API names the payout and its status', async ({ order }) => {
    const { payouts, running, clock, webhook } = await startWebhook();
    await payouts.create(order({ callbackUrl }));
    clock.advance(6_000);
    const [sent, ...others] = running.takeWebhooks();
    expect(others).toEqual([]);
    expect(sent).toMatchObject({ url: callbackUrl, method: 'POST' });
    const hint = sent && webhook.verify(toRequest(sent));
    expect(hint).toEqual({ reference: order().reference, providerStatus: 'successful' });
    expect(webhook.acknowledgement).toEqual({ contentType: 'text/plain', body: 'OK' });
  });

  it('is not sent where the order names no URL', async () => {
    const { payouts, running, clock } = await startWebhook();
    await payouts.create(cardOrder());
    clock.advance(6_000);
    expect(running.takeWebhooks()).toEqual([]);
  });

  it('is verified on its raw bytes: one more blank is another body', async () => {
    const { webhook, requests } = await collect();
    const request = first(requests);
    const body = Buffer.from(request.body.toString('utf8').replace('":', '": '));
    expect(refusalOf(() => webhook.verify({ ...request, body }))).toMatchObject(
      refused('Content-Signature does not fit its body'),
    );
  });

  it('altered after signing is refused', async () => {
    const { webhook, requests } = await collect('webhook_altered');
    expect(refusalOf(() => webhook.verify(first(requests)))).toMatchObject(
      refused('Content-Signature does not fit its body'),
    );
  });

  it('unsigned is refused where a public key is configured, right credentials or not', async () => {
    const { webhook, requests } = await collect('webhook_unsigned');
    const request = first(requests);
    expect(request.headers['authorization']).toMatch(/^Basic /);
    expect(refusalOf(() => webhook.verify(request))).toMatchObject(
      refused('it has no Content-Signature'),
    );
  });

  it('signed with another key is refused, and so is what is no signature', async () => {
    const { webhook, requests } = await collect();
    const request = first(requests);
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signatures = [
      sign('RSA-SHA256', request.body, other.privateKey).toString('base64'),
      sign('RSA-SHA1', request.body, keys.privateKey).toString('base64'),
      'not base64 at all',
    ];
    for (const signature of signatures) {
      const headers = { ...request.headers, 'content-signature': signature };
      expect(refusalOf(() => webhook.verify({ ...request, headers }))).toMatchObject(
        refused('Content-Signature does not fit its body'),
      );
    }
  });

  it('without a configured key must repeat the credentials', async () => {
    const { webhook, requests } = await collect(undefined, withoutKey);
    const request = first(requests);
    expect(webhook.verify(request).reference).toBe('PTEST00000000001');
    const { authorization = '' } = request.headers;
    for (const wrong of [
      undefined,
      '',
      `${authorization}=`,
      authorization.slice(0, -1),
      'Basic ',
    ]) {
      const headers = { ...request.headers, authorization: wrong };
      expect(refusalOf(() => webhook.verify({ ...request, headers }))).toMatchObject(
        refused('it does not repeat the credentials of the shop'),
      );
    }
  });

  it.each([
    '',
    '{}',
    '{"transaction":{"status":"successful"}}',
    '{"transaction":{"tracking_id":null,"status":"successful"}}',
    '{"transaction":{"tracking_id":"","status":"successful"}}',
    'half a {',
  ])('signed as %j names nothing', async (text) => {
    const { webhook } = await startWebhook();
    const body = Buffer.from(text);
    const signature = sign('RSA-SHA256', body, keys.privateKey).toString('base64');
    const request = {
      method: 'POST',
      query: new URLSearchParams(),
      headers: { 'content-signature': signature },
      body,
    };
    expect(refusalOf(() => webhook.verify(request))).toMatchObject(
      refused('its body names no transaction with a tracking_id'),
    );
    expect(refusalOf(() => webhook.verify({ ...request, method: 'GET' }))).toMatchObject(
      refused('it came as GET'),
    );
  });

  it.each([
    ['webhook_twice', ['successful', 'successful']],
    ['webhook_out_of_order', ['successful', 'incomplete']],
    ['fails_after_success', ['successful']],
  ])('by the switch %s is still a hint', async (fault, statuses) => {
    const { webhook, requests } = await collect(fault);
    const hints = requests.map((request) => webhook.verify(request).providerStatus);
    expect(hints).toEqual(statuses);
  });

  it('comes for each change of status', async () => {
    const { webhook, running, clock } = await collect('fails_after_success');
    clock.advance(6_000);
    const later = running.takeWebhooks().map((one) => webhook.verify(toRequest(one)));
    expect(later).toEqual([{ reference: 'PTEST00000000001', providerStatus: 'failed' }]);
  });
});

describe('the public key', () => {
  it('that cannot be read or is not RSA is told at the start, without its text', async () => {
    const { running } = await startWebhook();
    const settings = paycross.settings.parse(running.settings);
    const ed = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
    for (const wrong of ['not a key at all', String(ed)]) {
      const environment = { ...running.environment, PAYCROSS_PUBLIC_KEY: wrong };
      const error = configErrorOf(() => paycross.create({ environment, settings }, createDeps()));
      expect(error.problems[0]?.path).toBe('PAYCROSS_PUBLIC_KEY');
      expect(error.message).not.toContain(wrong);
    }
  });
});
