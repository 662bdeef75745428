// A data folder that is older than what was done with it: a backup that was put back. What was asked
// for before the start may have been sent already, so the provider is asked before it is sent.
import { describe, expect, it } from 'vitest';
import { ProviderError, StoreError } from '../../src/errors.ts';
import type { PayoutCalls } from '../../src/providers/payouts.ts';
import {
  approve,
  approveHeld,
  countCalls,
  current,
  expectOnce,
  later,
  liftFreeze,
  request,
  savePayee,
  stateOf,
} from './acts.ts';
import { copyFolder, openOffice, type Scene } from './scene.ts';

const toDiego = { provider: 'alignet', currency: 'PEN', payee: 'diego' } as const;

async function openReady(): Promise<Scene> {
  const scene = await openOffice();
  await savePayee(scene);
  await savePayee(scene, {}, 'alignet');
  return scene;
}

/** Approved and held, as the backup has it; sent afterwards where the scene goes on. */
async function backUp(scene: Scene, wish: Parameters<typeof request>[1] = {}) {
  const payout = await request(scene, wish);
  await approveHeld(scene, payout);
  return { payout, backup: await copyFolder(scene.dataDir) };
}

describe('what was approved before the start', () => {
  it('is not sent again when the provider has it, and is followed to its end', async () => {
    const scene = await openReady();
    const { payout, backup } = await backUp(scene);
    await liftFreeze(scene);
    expect(countCalls(scene.outside)).toBe(1);
    const restored = await openOffice({ outside: scene.outside, dataDir: backup });
    await liftFreeze(restored);
    expect(await stateOf(restored, payout)).toBe('unknown');
    await later(restored, 10_000);
    expect([await stateOf(restored, payout), countCalls(scene.outside)]).toEqual(['paid', 1]);
    expectOnce(scene.outside, payout);
  });

  it('is sent once when the provider does not know it', async () => {
    const scene = await openReady();
    const { payout, backup } = await backUp(scene);
    const restored = await openOffice({ outside: scene.outside, dataDir: backup });
    await liftFreeze(restored);
    expect([await stateOf(restored, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
    expect(scene.outside.payermax.requests().map(({ path }) => path)).toContainEqual(
      expect.stringMatching(/paymentOrderQry$/),
    );
  });

  it('is decided anew where the provider cannot be asked, and the card says why', async () => {
    const scene = await openReady();
    const { payout, backup } = await backUp(scene, toDiego);
    const restored = await openOffice({ outside: scene.outside, dataDir: backup });
    await liftFreeze(restored);
    const asked = await current(restored, payout.id);
    expect([asked.state, asked.decisions, countCalls(scene.outside)]).toEqual(['requested', [], 0]);
    expect(JSON.stringify(restored.posted.in('C01'))).toContain('cannot say whether it has it');
    await approve(restored, payout, 'cy');
    expect([await stateOf(restored, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
  });

  const unresolved = { state: 'unresolved', providerStatus: 'ODD' } as const;
  const other = { state: 'paid', providerStatus: 'PAID', reference: 'PANOTHERONE00000' } as const;
  it.each([
    ['a status of no meaning', unresolved],
    ['an answer about another payout', other],
  ])('is decided anew after %s', async (_what, said) => {
    const scene = await openReady();
    const { payout, backup } = await backUp(scene);
    const wrap = (calls: PayoutCalls) => ({ ...calls, getStatus: async () => said });
    const restored = await openOffice({ outside: scene.outside, dataDir: backup, wrap });
    await liftFreeze(restored);
    expect(await current(restored, payout.id)).toMatchObject({ state: 'requested', decisions: [] });
    expect(countCalls(scene.outside)).toBe(0);
    await approve(restored, payout);
    expect(countCalls(scene.outside)).toBe(1);
  });

  it('waits while the provider does not answer, and is asked about again', async () => {
    const scene = await openReady();
    const { payout, backup } = await backUp(scene);
    let isDown = true;
    const wrap = (calls: PayoutCalls): PayoutCalls => ({
      ...calls,
      async getStatus(key) {
        const facts = { provider: 'payermax', operation: 'status', message: 'It is down.' };
        if (isDown || calls.getStatus === undefined) {
          throw new ProviderError({
            code: 'timed_out',
            ...facts,
            remedy: 'Look at its status page.',
          });
        }
        return calls.getStatus(key);
      },
    });
    const restored = await openOffice({ outside: scene.outside, dataDir: backup, wrap });
    await liftFreeze(restored);
    expect((await current(restored, payout.id)).blocked).toBe(
      'PayerMax must first say that it does not have it. It is down. Look at its status page.',
    );
    isDown = false;
    await later(restored, 60_000);
    expect([await stateOf(restored, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
  });

  it('is not sent before the bots are there, so that people can freeze', async () => {
    let isFull = true;
    const scene = await openOffice({
      wrapStore: (store) => ({
        ...store,
        async commit(changes, audit) {
          const isStart = audit.some(({ event }) => event === 'payout.start_sending');
          if (isStart && isFull) throw new StoreError('The disk is full.');
          await store.commit(changes, audit);
        },
      }),
    });
    await savePayee(scene);
    const payout = await request(scene);
    await approve(scene, payout);
    isFull = false;
    await scene.payouts.followUp.recover();
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['approved', 0]);
    await later(scene, 0);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
  });
});

describe('what was asked for before the start and approved after it', () => {
  it('is not sent again when the provider has it', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    const backup = await copyFolder(scene.dataDir);
    await approve(scene, payout);
    const restored = await openOffice({ outside: scene.outside, dataDir: backup });
    await approve(restored, payout);
    expect([await stateOf(restored, payout), countCalls(scene.outside)]).toEqual(['unknown', 1]);
  });

  it('is sent after an answer of no meaning only when people have heard of it and agreed', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    const backup = await copyFolder(scene.dataDir);
    await approve(scene, payout);
    const said = { state: 'unresolved', providerStatus: 'ODD' } as const;
    const wrap = (calls: PayoutCalls) => ({ ...calls, getStatus: async () => said });
    const restored = await openOffice({ outside: scene.outside, dataDir: backup, wrap });
    await approve(restored, payout);
    expect(await current(restored, payout.id)).toMatchObject({ state: 'requested', decisions: [] });
    expect(countCalls(scene.outside)).toBe(1);
    expect(JSON.stringify(restored.posted.in('C01'))).toContain('cannot say whether it has it');
  });

  it('is sent where the provider cannot say only when people have heard of it and agreed', async () => {
    const scene = await openReady();
    const payout = await request(scene, toDiego);
    const backup = await copyFolder(scene.dataDir);
    const restored = await openOffice({ outside: scene.outside, dataDir: backup });
    await approve(restored, payout);
    expect(await current(restored, payout.id)).toMatchObject({ state: 'requested', decisions: [] });
    expect(countCalls(scene.outside)).toBe(0);
    expect(JSON.stringify(restored.posted.in('C01'))).toContain('cannot say whether it has it');
    // They have looked, and it is not there.
    await approve(restored, payout);
    expect([await stateOf(restored, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
  });
});
