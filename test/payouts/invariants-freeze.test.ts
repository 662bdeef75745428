// The emergency brake (DESIGN.md, section 4: invariant 8), pulled at every moment of a payout's life.
import { describe, expect, it } from 'vitest';
import type { PayoutCalls } from '../../src/providers/payouts.ts';
import type { Store } from '../../src/store/types.ts';
import {
  approve,
  countCalls,
  current,
  expectOnce,
  later,
  request,
  savePayee,
  say,
  stateOf,
} from './acts.ts';
import { type OfficeConfig, openOffice, type Scene, startOutside } from './scene.ts';
import { accounts, type PersonId } from './team.ts';

async function openReady(config: OfficeConfig = {}): Promise<Scene> {
  const scene = await openOffice(config);
  await savePayee(scene);
  return scene;
}

const freeze = (scene: Scene, scope = 'all', by: PersonId = 'ben') =>
  say(scene, accounts[by], `/purser freeze ${scope} something is wrong`);

async function lift(scene: Scene, scope = 'all'): Promise<void> {
  await say(scene, accounts.ana, `/purser unfreeze ${scope}`);
  await say(scene, accounts.cy, `/purser unfreeze ${scope}`);
  await later(scene, 60_000);
}

/** Runs once, after the commit of the first step with this event. */
function runAfter(event: string, work: () => Promise<unknown>): (store: Store) => Store {
  let isDone = false;
  return (store) => ({
    ...store,
    async commit(changes, audit) {
      await store.commit(changes, audit);
      if (isDone || !audit.some((facts) => facts['event'] === event)) return;
      isDone = true;
      await work();
    },
  });
}

describe('invariant 8: a freeze stops payouts at once, at every moment before the call', () => {
  it.each(['all', 'payermax'])(
    'refuses a request while %s is frozen, saying by whom',
    async (scope) => {
      const scene = await openReady();
      await freeze(scene, scope);
      await expect(request(scene)).rejects.toThrow('frozen by Ben: something is wrong');
      await lift(scene, scope);
      expect(await stateOf(scene, await request(scene))).toBe('requested');
    },
  );

  it('refuses to post what was previewed before it', async () => {
    const scene = await openReady();
    const line = '/payout payermax 250.00 USD maria';
    const { card } = await say(scene, accounts.ana, line);
    await freeze(scene);
    const action = card.buttons?.[0]?.action ?? '';
    const posted = await scene.dispatcher.press({
      account: accounts.ana,
      spot: { channel: 'C01' },
      action,
    });
    expect(posted.card.text).toContain('All payouts are frozen by Ben');
    expect(await scene.payouts.desk.listOpen()).toEqual([]);
  });

  it('holds what is approved while it lasts, and sends it once afterwards', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    await freeze(scene);
    await approve(scene, payout);
    for (let minute = 0; minute < 3; minute += 1) await later(scene, 60_000);
    expect(await current(scene, payout.id)).toMatchObject({
      state: 'approved',
      blocked: 'All payouts are frozen by Ben: something is wrong',
    });
    expect(countCalls(scene.outside)).toBe(0);
    await lift(scene);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
    expectOnce(scene.outside, payout);
  });

  it('stops it between the last step on disk and the call', async () => {
    let scene: Scene | undefined;
    const store = runAfter('payout.start_sending', async () => {
      if (scene !== undefined) await freeze(scene, 'payermax');
    });
    scene = await openReady({ wrapStore: store });
    const payout = await request(scene);
    await approve(scene, payout);
    expect(await current(scene, payout.id)).toMatchObject({
      state: 'approved',
      blocked: 'Payouts at payermax are frozen by Ben: something is wrong',
    });
    expect((await current(scene, payout.id)).sentAtMs).toBeUndefined();
    expect(countCalls(scene.outside)).toBe(0);
    await lift(scene, 'payermax');
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
    expectOnce(scene.outside, payout);
  });

  it.each(['payout.requested', 'payout.approve'])(
    'stops it when it comes right after %s',
    async (event) => {
      let scene: Scene | undefined;
      const store = runAfter(event, async () => {
        if (scene !== undefined) await freeze(scene);
      });
      scene = await openReady({ wrapStore: store });
      const payout = await request(scene);
      await approve(scene, payout);
      await later(scene, 60_000);
      expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['approved', 0]);
    },
  );

  it('lets what it holds be rejected, cancelled and expire', async () => {
    const scene = await openReady();
    const payouts = [await request(scene), await request(scene, { amount: '120.00' })];
    const third = await request(scene, { amount: '130.00' });
    await freeze(scene);
    for (const payout of [...payouts, third]) await approve(scene, payout);
    const [rejected, cancelled] = payouts;
    if (rejected === undefined || cancelled === undefined) throw new Error('two were asked for');
    const place = { platform: 'slack', user: 'U02' };
    const { desk } = scene.payouts;
    const token = `${rejected.id}.${rejected.contentHash.slice(0, 16)}`;
    await desk.reject(token, 'cy', place, 'not now');
    await desk.cancel(cancelled.id, 'ana', place);
    await later(scene, 24 * 3_600_000);
    const states = await Promise.all(
      [rejected, cancelled, third].map((one) => stateOf(scene, one)),
    );
    expect(states).toEqual(['rejected', 'cancelled', 'expired']);
    await lift(scene);
    expect(countCalls(scene.outside)).toBe(0);
  });

  it('freezes one provider and lets the other pay', async () => {
    const scene = await openReady();
    await savePayee(scene, {}, 'alignet');
    await freeze(scene, 'payermax');
    const wish = { provider: 'alignet', currency: 'PEN', payee: 'diego' } as const;
    const payout = await request(scene, wish);
    await approve(scene, payout);
    expect(await stateOf(scene, payout)).toBe('submitted');
  });

  it('takes two other approvers to lift, and nobody else', async () => {
    const scene = await openReady();
    await freeze(scene);
    const unfreeze = (by: PersonId) => say(scene, accounts[by], '/purser unfreeze all');
    for (const by of ['ben', 'dia', 'eve'] as const) {
      expect((await unfreeze(by)).audience).toBe('asker');
    }
    expect((await unfreeze('ana')).card.text).toContain('One more approver must');
    expect((await unfreeze('ana')).card.text).toContain('You have agreed already');
    expect((await unfreeze('ben')).card.text).toContain('You froze it yourself');
    expect((await scene.payouts.freezes.list()).length).toBe(1);
    await expect(request(scene)).rejects.toThrow('frozen');
    expect((await unfreeze('cy')).card.text).toContain('Payouts go on');
    expect(await scene.payouts.freezes.list()).toEqual([]);
  });

  it('counts an agreement to lift for the freeze that it was given to alone', async () => {
    const scene = await openReady();
    await freeze(scene);
    await say(scene, accounts.ana, '/purser unfreeze all');
    await say(scene, accounts.cy, '/purser unfreeze all');
    await freeze(scene);
    await say(scene, accounts.cy, '/purser unfreeze all');
    expect((await scene.payouts.freezes.list()).length).toBe(1);
  });

  it('goes on following what was sent before', async () => {
    const outside = await startOutside();
    const asked: string[] = [];
    const wrap = (calls: PayoutCalls): PayoutCalls => ({
      ...calls,
      getStatus: async (key) => {
        asked.push(key.reference);
        const news = await calls.getStatus?.(key);
        if (news === undefined) throw new Error('it can be asked');
        return news;
      },
    });
    const scene = await openReady({ outside, wrap });
    const payout = await request(scene);
    await approve(scene, payout);
    await freeze(scene);
    await later(scene, 10_000);
    expect([await stateOf(scene, payout), asked.length]).toEqual(['paid', 1]);
  });
});
