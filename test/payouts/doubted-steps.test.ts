// What happens between a step on disk and the word that it was done: a tick comes in between, or the
// word never comes because the writing seemed to fail.
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { tokenOf } from '../../src/payouts/index.ts';
import { createPayoutJournal } from '../../src/payouts/journal.ts';
import { payoutSchema } from '../../src/payouts/types.ts';
import type { Store } from '../../src/store/types.ts';
import {
  approve,
  countCalls,
  current,
  expectOnce,
  later,
  openReady,
  press,
  request,
  savePayee,
  stateOf,
} from './acts.ts';
import { copyFolder, openOffice } from './scene.ts';
import { accounts } from './team.ts';

const dayMs = 24 * 3_600_000;

describe('a tick between an approval on disk and its answer', () => {
  it('sends it once, when people have heard that it was asked for before the start', async () => {
    const before = await openOffice();
    await savePayee(before, {}, 'alignet');
    const wish = { provider: 'alignet', currency: 'PEN', payee: 'diego' } as const;
    const payout = await request(before, wish);
    const dataDir = await copyFolder(before.dataDir);
    const scene = await openOffice({ dataDir, outside: before.outside });
    scene.after('payout.approve', () => scene.payouts.followUp.tick());
    await approve(scene, payout);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['requested', 0]);
    scene.after('payout.approve', () => scene.payouts.followUp.tick());
    await approve(scene, payout);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
    expectOnce(scene.outside, payout);
  });
});

/** Writes the step that makes it `paid`, and then says once that it could not. */
function loseWord(store: Store): Store {
  let isLost = false;
  return {
    ...store,
    async commit(changes, audit) {
      await store.commit(changes, audit);
      if (isLost || !audit.some((facts) => facts['to'] === 'paid')) return;
      isLost = true;
      throw new StoreError('The disk failed in the middle.');
    },
  };
}

describe('a step that stands although its writing seemed to fail', () => {
  it('is told at the next tick: the card changes, and a return is still asked about', async () => {
    const scene = await openOffice({ wrapStore: loseWord });
    await savePayee(scene);
    scene.outside.payermax.switchFault({ name: 'returned', path: '/paymentOrderPay' });
    const payout = await request(scene);
    await approve(scene, payout);
    const told: string[] = [];
    scene.payouts.journal.subscribe(({ state }, before) => {
      told.push(`${before?.state} to ${state}`);
    });
    await later(scene, 10_000);
    expect(await stateOf(scene, payout)).toBe('paid');
    expect(told).toEqual([]);
    await later(scene, 1_000);
    expect(told).toEqual(['submitted to paid']);
    await later(scene, 1_000);
    expect(told.length).toBe(1);
    await later(scene, dayMs);
    expect((await current(scene, payout.id)).state).toBe('returned');
  });

  it('is told although it was seen to in the meantime', async () => {
    const scene = await openOffice({ wrapStore: loseWord });
    await savePayee(scene);
    const payout = await request(scene);
    await approve(scene, payout);
    const from = scene.posted.in('C02').length;
    scene.clock.advance(10_000);
    await scene.payouts.followUp.tick();
    const nextCheckAtMs = scene.clock.now() + 60_000;
    await scene.payouts.journal.note(payout.id, { nextCheckAtMs });
    await later(scene, 1_000);
    const steps = scene.posted.in('C02').slice(from);
    expect(steps.map(({ title }) => title)).toEqual([`${payout.id}: With the provider → Paid`]);
    expect(scene.posted.direct).toHaveLength(1);
  });

  it('is told where it was tried in vain before', async () => {
    const faults = ['before', 'after'];
    const wrapStore = (store: Store): Store => ({
      ...store,
      async commit(changes, audit) {
        const isIt = audit.some(({ event }) => event === 'payout.reject');
        const fault = isIt ? faults.shift() : undefined;
        if (fault !== 'before') await store.commit(changes, audit);
        if (fault !== undefined) throw new StoreError('The connection is lost.');
      },
    });
    const scene = await openOffice({ wrapStore });
    await savePayee(scene);
    const payout = await request(scene);
    const from = scene.posted.in('C02').length;
    for (const reason of ['a mistake', 'still a mistake']) {
      await press(scene, accounts.ben, `payout.reject:${tokenOf(payout)}`, { reason });
    }
    await later(scene, 1_000);
    expect(await stateOf(scene, payout)).toBe('rejected');
    expect(scene.posted.in('C02').slice(from)).toMatchObject([{ fields: [{ value: 'Ben' }] }]);
    expect(scene.posted.direct).toHaveLength(1);
  });

  it('is told no second time where nothing was written', async () => {
    let isBroken = false;
    const wrapStore = (store: Store): Store => ({
      ...store,
      async commit(changes, audit) {
        if (isBroken) throw new StoreError('The disk is full.');
        await store.commit(changes, audit);
      },
    });
    const scene = await openOffice({ wrapStore });
    await savePayee(scene);
    const payout = await request(scene);
    const told: string[] = [];
    scene.payouts.journal.subscribe(({ state }) => told.push(state));
    isBroken = true;
    await approve(scene, payout);
    isBroken = false;
    await later(scene, 1_000);
    expect(told).toEqual([]);
    expect(await stateOf(scene, payout)).toBe('requested');
  });

  it('is not told as the step of whoever tried another one meanwhile', async () => {
    const wrapStore = (store: Store): Store => ({
      ...store,
      async commit(changes, audit) {
        const facts = audit.find(({ event }) => event === 'payout.approve');
        if (facts === undefined) return store.commit(changes, audit);
        const event = { type: 'expire', atMs: scene.clock.now() + 30 * dayMs } as const;
        await createPayoutJournal(store).apply(payout.id, event, { person: 'purser' });
        throw new StoreError('The connection is lost.');
      },
    });
    const scene = await openOffice({ wrapStore });
    await savePayee(scene);
    const payout = await request(scene);
    const from = scene.posted.in('C02').length;
    await approve(scene, payout);
    await later(scene, 1_000);
    expect(await stateOf(scene, payout)).toBe('expired');
    expect(scene.posted.in('C02').slice(from)).toEqual([]);
    expect(scene.posted.in('C01').at(-1)?.text).toContain('Expired.');
  });
});

describe('a step to the provider that is no longer ours', () => {
  it('calls nobody when the payout was taken for lost before the call', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    // This replica hangs after its step; the first one finds nobody at it.
    scene.after('payout.start_sending', async () => {
      const event = { type: 'doubt', from: 'restart', reason: 'It hangs.', atMs: 1 } as const;
      await scene.payouts.journal.apply(payout.id, event, { person: 'purser' });
    });
    await approve(scene, payout);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['unknown', 0]);
  });

  it('calls nobody when its step was lost with a server, and another has made it anew', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    scene.after('payout.start_sending', async () => {
      const found = await scene.store.find('payout', payout.id);
      if (found === undefined) throw new Error('it is gone');
      const value = { ...payoutSchema.parse(found.value), sentAtMs: scene.clock.now() + 5 };
      const { kind, id, key = '', version, isOpen } = found;
      const change = { kind, id, key, isOpen, expectedVersion: version, value };
      await scene.store.commit([JSON.parse(JSON.stringify(change))], []);
    });
    await approve(scene, payout);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['sending', 0]);
  });
});
