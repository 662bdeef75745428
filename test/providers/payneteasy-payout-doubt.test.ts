// Payouts of which PaynetEasy's answer never came or proves nothing: sent once, and asked for.
import { describe, expect, it } from 'vitest';
import { transportFaults } from '../../src/providers/sandbox.ts';
import { createSandbox, open, orderOf, refusalOf, statusOf } from './payneteasy-payout-scene.ts';

const sandbox = createSandbox();

describe('in doubt', () => {
  const processed = ['process_then_timeout', 'process_then_reset', 'truncated'];
  const notSent = ['slow'];

  it.each(Object.keys(transportFaults).filter((name) => !notSent.includes(name)))(
    'after %s nobody knows, one request went out, and the status tells',
    async (name) => {
      const { payouts, running } = await open({ sandbox });
      running.switchFault({ name, times: 1 });
      const order = orderOf();
      const error = await refusalOf(payouts.create(order));
      expect(error).toMatchObject({ code: 'outcome_unknown', operation: 'payout' });
      expect(running.requests()).toHaveLength(1);
      const isTaken = processed.includes(name);
      const taken = running.books().filter(({ reference }) => reference === order.reference);
      expect(taken).toHaveLength(isTaken ? 1 : 0);
      const { state } = await statusOf(payouts, order);
      expect(state).toBe(isTaken ? 'submitted' : 'unresolved');
    },
  );

  it('a slow answer is waited for', async () => {
    const { payouts, running } = await open({ sandbox });
    running.switchFault({ name: 'slow', ms: 5000, times: 1 });
    expect((await payouts.create(orderOf())).state).toBe('submitted');
  });

  it('a server that was never reached did nothing', async () => {
    const environment = { PAYNETEASY_BASE_URL: 'http://127.0.0.1:1/paynet' };
    const { payouts } = await open({ sandbox, environment });
    expect((await refusalOf(payouts.create(orderOf()))).code).toBe('unavailable');
  });

  it('an error of which an order may be left is one, and the status finds the order', async () => {
    const { payouts, running } = await open({ sandbox });
    running.switchFault({ name: 'error_but_taken', times: 1 });
    const order = orderOf();
    const error = await refusalOf(payouts.create(order));
    expect(error).toMatchObject({ code: 'outcome_unknown', providerCode: '3', httpStatus: 200 });
    expect((await statusOf(payouts, order)).state).toBe('submitted');
  });

  it('a reference that is used twice is, whether it is taken again or not', async () => {
    const { payouts, running } = await open({ sandbox });
    const order = orderOf();
    await payouts.create(order);
    expect((await refusalOf(payouts.create(order))).code).toBe('outcome_unknown');
    const count = () =>
      running.books().filter(({ reference }) => reference === order.reference).length;
    expect(count()).toBe(1);
    running.switchFault({ name: 'processes_twice', times: 1 });
    expect((await payouts.create(order)).state).toBe('submitted');
    expect(count()).toBe(2);
  });
});

describe('following up', () => {
  it.each([
    ['http_500', 'unavailable', 3],
    ['http_429', 'rate_limited', 3],
    ['reset', 'unavailable', 3],
    ['html', 'malformed_response', 1],
    ['auth_200_html', 'auth_failed', 1],
    ['auth_403', 'auth_failed', 1],
  ])('tells %s as %s', async (name, code, requests) => {
    const { payouts, running } = await open({ sandbox });
    running.switchFault({ name });
    expect((await refusalOf(statusOf(payouts, orderOf()))).code).toBe(code);
    expect(running.requests()).toHaveLength(requests);
  });

  it.each([
    [0, 5_000],
    [299_999, 5_000],
    [300_000, 300_000],
    [3_599_999, 300_000],
    [3_600_000, 1_800_000],
  ])('a payout of %i ms is asked for again after %i ms, as advised', async (age, next) => {
    const { payouts } = await open({ sandbox });
    expect(payouts.pollAfterMs(age)).toBe(next);
    expect(payouts.returnWindowMs).toBe(0);
  });
});
