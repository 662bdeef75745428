// What providers say (DESIGN.md, section 4: invariant 7), and what of it is believed.
import { describe, expect, it } from 'vitest';
import { approve, current, deliver, later, openReady, payWith, request, stateOf } from './acts.ts';

const dayMs = 24 * 3_600_000;

describe('invariant 7: unrecognised statuses are unresolved, and a paid payout can come back', () => {
  it('takes a status that no document lists for neither success nor failure', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'unknown_status');
    for (const waitMs of [5_000, 60_000, dayMs]) await later(scene, waitMs);
    const { state, evidence } = await current(scene, payout.id);
    expect(state).toBe('submitted');
    expect(evidence.map((one) => [one.state, one.providerStatus])).toEqual([
      ['submitted', 'APPLY_SUCCESS/PENDING'],
      ['unresolved', 'APPLY_SUCCESS/ON_HOLD'],
    ]);
  });

  it('leaves in doubt what was in doubt when the status says nothing', async () => {
    const scene = await openReady({
      wrap: (calls) => ({
        ...calls,
        async create(order) {
          await calls.create(order);
          throw new TypeError('the answer was lost');
        },
      }),
    });
    const payout = await payWith(scene, 'unknown_status');
    for (const waitMs of [5_000, 60_000, dayMs]) await later(scene, waitMs);
    const { state, evidence } = await current(scene, payout.id);
    expect([state, evidence.at(-1)?.state]).toEqual(['unknown', 'unresolved']);
  });

  it('says loudly that a paid payout has come back', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'returned');
    await later(scene, 5_000);
    expect([await stateOf(scene, payout), scene.posted.in('C03')]).toEqual(['paid', []]);
    await later(scene, 60_000);
    expect(await stateOf(scene, payout)).toBe('paid');
    await later(scene, dayMs);
    expect(await stateOf(scene, payout)).toBe('returned');
    expect(scene.posted.in('C03')).toMatchObject([
      { title: 'Came back: 250.00 USD to Maria Santos', tone: /bad|warning/ },
    ]);
  });

  it('shows a contradiction and does not believe it', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'fails_after_success');
    await later(scene, 5_000);
    scene.clock.advance(60_000);
    await deliver(scene);
    await deliver(scene);
    const { state, disputed } = await current(scene, payout.id);
    expect(state).toBe('paid');
    expect(disputed).toBe('It ended as paid, but the provider now says APPLY_SUCCESS/FAILED.');
    expect(scene.posted.in('C03').length).toBe(1);
  });

  it.each([
    ['another amount', { amount: { units: 25_001n, decimals: 2, currency: 'USD' } }],
    ['another currency', { amount: { units: 25_000n, decimals: 2, currency: 'EUR' } }],
    ['another reference', { reference: 'P000000000000000' }],
  ])('does not believe an answer about %s', async (_what, lie) => {
    const scene = await openReady({
      wrap: (calls) => ({
        ...calls,
        getStatus: async (key) => {
          const news = await calls.getStatus?.(key);
          if (news === undefined) throw new Error('it can be asked');
          return { ...news, ...lie };
        },
      }),
    });
    const payout = await request(scene);
    await approve(scene, payout);
    await later(scene, 10_000);
    expect(await current(scene, payout.id)).toMatchObject({
      state: 'submitted',
      evidence: [{ state: 'submitted' }, { state: 'unresolved' }],
    });
  });
});
