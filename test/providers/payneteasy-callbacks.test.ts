// PaynetEasy's callbacks: which are believed, and how little.
import { describe, expect, it } from 'vitest';
import { sha1 } from '../../src/providers/payneteasy/sandbox-orders.ts';
import { composeControl, isSameControl } from '../../src/providers/payneteasy/sign.ts';
import type { PayoutCalls, WebhookRequest } from '../../src/providers/payouts.ts';
import type { SandboxWebhook } from '../../src/providers/sandbox.ts';
import controls from './fixtures/payneteasy/controls.json' with { type: 'json' };
import { clock, createSandbox, open, orderOf, refusalOf } from './payneteasy-payout-scene.ts';
import { controlKey } from './payneteasy-scene.ts';

const sandbox = createSandbox();
const callbackUrl = 'https://purser.example/hooks/payneteasy?team=1';

function toRequest({ method, url, headers, body }: SandboxWebhook): WebhookRequest {
  return { method, query: new URL(url).searchParams, headers, body: Buffer.from(body) };
}

function webhookOf({ webhook }: PayoutCalls) {
  if (webhook === undefined) throw new TypeError('it takes no callbacks');
  return webhook;
}

const verify = (payouts: PayoutCalls, request: WebhookRequest) =>
  new Promise((resolve) => resolve(webhookOf(payouts).verify(request)));

/** The callbacks of one payout that was taken under the fault, when it has ended. */
async function callbacksOf(fault?: string) {
  const scene = await open({ sandbox });
  if (fault !== undefined) scene.running.switchFault({ name: fault, times: 1 });
  const order = orderOf({ callbackUrl });
  await scene.payouts.create(order);
  expect(scene.running.takeWebhooks()).toEqual([]);
  clock.advance(4000);
  return { ...scene, order, sent: scene.running.takeWebhooks().map(toRequest) };
}

describe('published controls', () => {
  it.each([
    ['a callback', controls.callback],
    ['an empty callback', controls.emptyCallback],
    ['a sale', controls.sale],
  ])('of %s are made, by the client and by the sandbox', (_what, vector) => {
    expect(composeControl(vector.fields, vector.controlKey)).toBe(vector.control);
    expect(sha1(vector.fields.join('') + vector.controlKey)).toBe(vector.control);
  });

  it('verify the callback of the vendor’s test', async () => {
    const { fields, control, controlKey: key } = controls.callback;
    const [status = '', orderid = '', reference = ''] = fields;
    const environment = { PAYNETEASY_CONTROL_KEY: key };
    const { payouts } = await open({ sandbox, environment });
    const query = new URLSearchParams({ status, orderid, client_orderid: reference, control });
    const request = { method: 'GET', query, headers: {}, body: Buffer.alloc(0) };
    expect(await verify(payouts, request)).toEqual({
      reference: 'hf-abc',
      providerStatus: 'approved',
    });
  });

  it('are compared as a whole', () => {
    const { control } = controls.callback;
    expect(isSameControl(control, control)).toBe(true);
    expect(isSameControl(control.slice(0, -1), control)).toBe(false);
    expect(isSameControl(control.toUpperCase(), control)).toBe(false);
    expect(isSameControl('', control)).toBe(false);
  });
});

describe('a callback', () => {
  it('is sent once, when the payout has ended, and names it', async () => {
    const { payouts, order, running, sent } = await callbacksOf();
    expect(sent).toHaveLength(1);
    const [request] = sent;
    if (request === undefined) throw new TypeError('none was sent');
    expect(request.query.get('team')).toBe('1');
    expect(await verify(payouts, request)).toEqual({
      reference: order.reference,
      providerStatus: 'approved',
    });
    expect(running.takeWebhooks()).toEqual([]);
    expect(webhookOf(payouts).acknowledgement).toEqual({ contentType: 'text/plain', body: 'OK' });
  });

  it.each(['control', 'status', 'orderid', 'client_orderid'])(
    'whose %s was changed, emptied or left out is refused',
    async (name) => {
      const { payouts, sent } = await callbacksOf();
      for (const change of [
        (query: URLSearchParams) => query.set(name, `${query.get(name)}0`),
        (query: URLSearchParams) => query.set(name, `9${query.get(name)?.slice(1)}`),
        (query: URLSearchParams) => query.set(name, ''),
        (query: URLSearchParams) => query.delete(name),
      ]) {
        const query = new URLSearchParams(sent[0]?.query);
        change(query);
        const altered = { method: 'GET', query, headers: {}, body: Buffer.alloc(0) };
        expect((await refusalOf(verify(payouts, altered))).code).toBe('auth_failed');
      }
    },
  );

  it('with another amount is still only a hint to ask about the same payout', async () => {
    const { payouts, order, sent } = await callbacksOf();
    const query = new URLSearchParams(sent[0]?.query);
    query.set('amount', '999999');
    const altered = { method: 'GET', query, headers: {}, body: Buffer.alloc(0) };
    const hint = await verify(payouts, altered);
    expect(hint).toEqual({ reference: order.reference, providerStatus: 'approved' });
  });

  it('that is altered or not signed on its way is refused', async () => {
    for (const [fault, problem] of [
      ['webhook_altered', 'its control does not fit its order'],
      ['webhook_unsigned', 'it has no control'],
    ] as const) {
      const { payouts, sent } = await callbacksOf(fault);
      const [request] = sent;
      if (request === undefined) throw new TypeError('none was sent');
      const error = await refusalOf(verify(payouts, request));
      expect(error).toMatchObject({ code: 'auth_failed', operation: 'callback' });
      expect(error.message).toBe(`A callback is not believed to be PaynetEasy’s: ${problem}.`);
      expect(error.remedy).toContain('PAYNETEASY_CONTROL_KEY');
    }
  });

  it('for another control key is refused', async () => {
    const { sent } = await callbacksOf();
    const environment = { PAYNETEASY_CONTROL_KEY: `${controlKey}0` };
    const { payouts } = await open({ sandbox, environment });
    const [request] = sent;
    if (request === undefined) throw new TypeError('none was sent');
    expect((await refusalOf(verify(payouts, request))).code).toBe('auth_failed');
  });

  it('that comes as POST is refused', async () => {
    const { payouts, sent } = await callbacksOf();
    const [request] = sent;
    if (request === undefined) throw new TypeError('none was sent');
    const posted = { ...request, method: 'POST' };
    expect((await refusalOf(verify(payouts, posted))).code).toBe('auth_failed');
  });

  it('signed for no order of a merchant is refused', async () => {
    const { payouts } = await open({ sandbox });
    for (const reference of ['', 'a'.repeat(129)]) {
      const control = composeControl(['approved', '1', reference], controlKey);
      const query = new URLSearchParams({
        status: 'approved',
        orderid: '1',
        client_orderid: reference,
        control,
      });
      const request = { method: 'GET', query, headers: {}, body: Buffer.alloc(0) };
      expect((await refusalOf(verify(payouts, request))).code).toBe('auth_failed');
    }
  });

  it('says no more of an odd status than that it is one', async () => {
    const { payouts } = await open({ sandbox });
    const status = 'two words';
    const control = composeControl([status, '', 'PRS1'], controlKey);
    const query = new URLSearchParams({ status, client_orderid: 'PRS1', control });
    const request = { method: 'GET', query, headers: {}, body: Buffer.alloc(0) };
    expect(await verify(payouts, request)).toEqual({
      reference: 'PRS1',
      providerStatus: 'unreadable',
    });
  });

  it('comes twice, or again with an older status, when that is switched on', async () => {
    for (const [fault, statuses] of [
      ['webhook_twice', ['approved', 'approved']],
      ['webhook_out_of_order', ['approved', 'processing']],
      ['payout_fails', ['declined']],
      ['payout_unknown', ['unknown']],
      ['unknown_status', []],
      ['stays_pending', []],
    ] as const) {
      const { payouts, sent, order } = await callbacksOf(fault);
      const hints = await Promise.all(sent.map((request) => verify(payouts, request)));
      expect(hints).toEqual(
        statuses.map((providerStatus) => ({ reference: order.reference, providerStatus })),
      );
    }
  });

  it('comes a second time when a paid payout fails after all', async () => {
    const { running, sent } = await callbacksOf('fails_after_success');
    clock.advance(4000);
    const later = running.takeWebhooks().map(toRequest);
    const statuses = [...sent, ...later].map(({ query }) => query.get('status'));
    expect(statuses).toEqual(['approved', 'declined']);
  });

  it('is not sent without an address, nor to a port that is not called', async () => {
    const { payouts, running } = await open({ sandbox });
    await payouts.create(orderOf());
    await payouts.create(orderOf({ callbackUrl: 'https://purser.example:3000/' }));
    clock.advance(4000);
    expect(running.takeWebhooks()).toEqual([]);
  });
});
