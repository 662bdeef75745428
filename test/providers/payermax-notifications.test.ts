// Notifications of PayerMax: what its sandbox posts, and what the client believes of it.
import { createSign, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import type { WebhookRequest } from '../../src/providers/payouts.ts';
import type { SandboxWebhook } from '../../src/providers/sandbox.ts';
import documented from './fixtures/payermax/payout.json' with { type: 'json' };
import { composeOrder, startPayer } from './payermax-payout-scene.ts';
import { keys } from './payermax-scene.ts';

const callbackUrl = 'https://purser.example/hooks/payermax';
const documentedIds = {
  appId: '6666c83333a24666674497c444a33333',
  merchantNo: '010213834123456',
};

function toRequest(body: string | Buffer, sign?: string): WebhookRequest {
  return {
    method: 'POST',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json', sign },
    body: Buffer.from(body),
  };
}

function sign(body: string | Buffer, key: KeyObject = keys.platform.privateKey): string {
  return createSign('SHA256').update(body).sign(key, 'base64');
}

const deliver = ({ body, headers }: SandboxWebhook) => toRequest(body, headers['sign']);

async function startListener(scene: Parameters<typeof startPayer>[0] = {}) {
  const { webhook, ...rest } = await startPayer(scene);
  const verify = (request: WebhookRequest): unknown => {
    try {
      return webhook.verify(request);
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  return { ...rest, webhook, verify };
}

test('the documented notification, signed by PayerMax, names its payout', async () => {
  const { verify } = await startListener(documentedIds);
  const { notification } = documented;
  expect(verify(toRequest(notification, sign(notification)))).toEqual({
    reference: 'outTradeNo167823423411',
    providerStatus: 'SUCCESS',
  });
});

test('is acknowledged in the words that stop PayerMax', async () => {
  const { webhook } = await startListener();
  expect(webhook.acknowledgement.contentType).toBe('application/json');
  expect(JSON.parse(webhook.acknowledgement.body)).toEqual({ msg: 'Success', code: 'SUCCESS' });
});

test('nothing but the exact bytes that PayerMax signed is believed', async () => {
  const { verify } = await startListener(documentedIds);
  const { notification } = documented;
  const good = sign(notification);
  const altered = notification.replace('"status":"SUCCESS"', '"status":"FAILED"');
  for (const request of [
    toRequest(notification),
    toRequest(notification, ''),
    toRequest(notification, 'not a signature!'),
    toRequest(notification, sign(notification, keys.merchant.privateKey)),
    toRequest(altered, good),
    toRequest(`${notification} `, good),
    // The same JSON, serialised again.
    toRequest(JSON.stringify(JSON.parse(notification)), good),
  ]) {
    expect(verify(request)).toBe('auth_failed');
  }
});

test('the signature is verified before anything is read', async () => {
  const { verify } = await startListener(documentedIds);
  for (const body of ['', '{', '[]', '{"data":{}}', Buffer.from([0xff])]) {
    expect(verify(toRequest(body))).toBe('auth_failed');
    expect(verify(toRequest(body, sign(body)))).toBe('malformed_response');
  }
});

test('a notification for another merchant of the same key is refused', async () => {
  const { verify } = await startListener(documentedIds);
  const signed = (from: string, to: string) => {
    const body = documented.notification.replace(from, to);
    expect(body).not.toBe(documented.notification);
    return verify(toRequest(body, sign(body)));
  };
  expect(signed('6666c83333a24666674497c444a33333', '127d5de5b5124d11b9132c6ec9cc61d3')).toBe(
    'auth_failed',
  );
  expect(signed('"010213834123456"', '"010213834123457"')).toBe('auth_failed');
  expect(signed('"PAYOUT"', '"DEPOSIT"')).toBe('malformed_response');
  expect(signed('"outTradeNo167823423411"', '"a-b"')).toBe('malformed_response');
});

test('the sandbox posts each end once, signed, to the address of the order', async () => {
  const { payouts, running, clock, verify } = await startListener();
  await payouts.create(composeOrder({ callbackUrl }));
  await payouts.create(composeOrder({ reference: 'PUWITHOUTURL' }));
  expect(running.takeWebhooks()).toEqual([]);
  clock.advance(4_000);
  const [posted, ...more] = running.takeWebhooks();
  expect([more, running.takeWebhooks()]).toEqual([[], []]);
  expect([posted?.url, posted?.method]).toEqual([callbackUrl, 'POST']);
  expect(posted && verify(deliver(posted))).toEqual({
    reference: 'PU7K2M9QX4ABCD',
    providerStatus: 'SUCCESS',
  });
  const names = (text: string) => Object.keys(JSON.parse(text)).sort();
  expect(names(posted?.body ?? '')).toEqual(names(documented.notification));
});

test.each([
  ['payout_fails', ['FAILED']],
  ['returned', ['SUCCESS', 'BOUNCEBACK']],
  ['fails_after_success', ['SUCCESS', 'FAILED']],
  ['stays_pending', []],
  ['webhook_twice', ['SUCCESS', 'SUCCESS']],
  ['webhook_out_of_order', ['SUCCESS', 'PENDING']],
  ['webhook_altered', [undefined]],
  ['webhook_unsigned', [undefined]],
])('with %s the sandbox posts %j', async (name, statuses) => {
  const { payouts, running, clock, verify } = await startListener();
  running.switchFault({ name, times: 1 });
  await payouts.create(composeOrder({ callbackUrl }));
  clock.advance(60_000);
  const hints = running.takeWebhooks().map((posted) => verify(deliver(posted)));
  expect(hints).toEqual(
    statuses.map((providerStatus) =>
      providerStatus === undefined
        ? 'auth_failed'
        : { reference: 'PU7K2M9QX4ABCD', providerStatus },
    ),
  );
});
