// A provider that hangs: it holds up neither what others have to do nor the end, and what cannot be
// made ready to send is said on its card, not tried every second.
import { expect, it } from 'vitest';
import { ProviderError, UserError } from '../../src/errors.ts';
import type { PayoutCalls } from '../../src/providers/payouts.ts';
import { approve, current, later, request, savePayee, stateOf } from './acts.ts';
import { openOffice, type Scene } from './scene.ts';

const hourMs = 3_600_000;

/** PayerMax answers no question from `hang` on, until `answer`. */
function createHanging() {
  const asked: string[] = [];
  let open = () => {};
  let gate: Promise<void> | undefined;
  const wrap = (calls: PayoutCalls, provider: string): PayoutCalls => {
    const { getStatus } = calls;
    if (provider !== 'payermax' || getStatus === undefined) return calls;
    return {
      ...calls,
      async getStatus(key) {
        asked.push(key.reference);
        await gate;
        return await getStatus(key);
      },
    };
  };
  return {
    asked,
    wrap,
    hang() {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    answer: () => open(),
  };
}

async function submit(scene: Scene, count: number): Promise<void> {
  scene.outside.payermax.switchFault({ name: 'stays_pending', path: '/paymentOrderPay' });
  for (let number = 1; number <= count; number += 1) {
    const payout = await request(scene, { amount: `${number}.00` });
    await approve(scene, payout);
    expect(await stateOf(scene, payout)).toBe('submitted');
  }
}

it('does not hold up what is due without it', async () => {
  const hanging = createHanging();
  const scene = await openOffice({ wrap: hanging.wrap });
  await savePayee(scene);
  await savePayee(scene, {}, 'alignet');
  await submit(scene, 1);
  const waiting = await request(scene, { provider: 'alignet', currency: 'PEN', payee: 'diego' });
  hanging.hang();
  scene.clock.advance(30 * hourMs);
  const { followUp } = scene.payouts;
  await followUp.begin();
  await expect.poll(() => stateOf(scene, waiting)).toBe('expired');
  const next = await request(scene, { provider: 'alignet', currency: 'PEN', payee: 'diego' });
  scene.clock.advance(30 * hourMs);
  await followUp.begin();
  await expect.poll(() => stateOf(scene, next)).toBe('expired');
  // It is asked about once, however often somebody looks.
  expect(hanging.asked).toHaveLength(1);
  hanging.answer();
  await followUp.stop();
});

it('does not hold up the end: what waits for its turn is left to whoever is next', async () => {
  const hanging = createHanging();
  const scene = await openOffice({ wrap: hanging.wrap });
  await savePayee(scene);
  await submit(scene, 7);
  hanging.hang();
  scene.clock.advance(10_000);
  const { followUp } = scene.payouts;
  await followUp.begin();
  await expect.poll(() => hanging.asked.length).toBe(4);
  const stopping = followUp.stop();
  hanging.answer();
  await stopping;
  expect(hanging.asked).toHaveLength(4);
  await followUp.recover();
  scene.clock.advance(60_000);
  await followUp.tick();
  expect(new Set(hanging.asked).size).toBe(7);
});

it.each([
  new ProviderError({
    ...{ provider: 'payermax', operation: 'balances', code: 'malformed_response' },
    message: 'PayerMax shows several accounts.',
  }),
  new UserError('There are too many payouts to check.'),
])(
  'says what keeps it from being sent, and tries again after a minute: $message',
  async (error) => {
    let calls = 0;
    let isBroken = false;
    const wrap = (given: PayoutCalls): PayoutCalls => ({
      ...given,
      async accountFor(...about) {
        if (!isBroken) return await given.accountFor(...about);
        calls += 1;
        throw error;
      },
    });
    const scene = await openOffice({ wrap });
    await savePayee(scene);
    const payout = await request(scene);
    scene.after('payout.approve', async () => {
      isBroken = true;
    });
    await approve(scene, payout);
    for (let second = 0; second < 30; second += 1) await later(scene, 1_000);
    expect(calls).toBeLessThanOrEqual(2);
    expect((await current(scene, payout.id)).blocked).toBe(error.message);
    isBroken = false;
    await later(scene, 60_000);
    expect(await stateOf(scene, payout)).toBe('submitted');
  },
);
