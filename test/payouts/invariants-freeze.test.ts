// The emergency brake (DESIGN.md, section 4: invariant 8), pulled at every moment of a payout's life.
import { describe, expect, it } from 'vitest';
import { tokenOf } from '../../src/payouts/index.ts';
import type { Payout } from '../../src/payouts/types.ts';
import type { PayoutCalls } from '../../src/providers/payouts.ts';
import {
  approve,
  approveHeld,
  countCalls,
  current,
  expectOnce,
  later,
  liftFreeze,
  openReady,
  press,
  request,
  savePayee,
  say,
  stateOf,
} from './acts.ts';
import { type Scene, startOutside } from './scene.ts';
import { accounts, type PersonId } from './team.ts';

const freeze = (scene: Scene, scope = 'all', by: PersonId = 'ben') =>
  say(scene, accounts[by], `/purser freeze ${scope} something is wrong`);

describe('invariant 8: a freeze stops payouts at once, at every moment before the call', () => {
  it.each(['all', 'payermax'])(
    'refuses a request while %s is frozen, saying by whom',
    async (scope) => {
      const scene = await openReady();
      await freeze(scene, scope);
      await expect(request(scene)).rejects.toThrow('frozen by Ben: something is wrong');
      await liftFreeze(scene, scope);
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

  it('refuses an approval while it lasts, saying who froze and why', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    await freeze(scene, 'payermax', 'cy');
    const card = await approve(scene, payout);
    expect(card.text).toMatch(
      /^It cannot be approved now\. Payouts at .* are frozen by Cy: something/,
    );
    expect(await current(scene, payout.id)).toEqual(payout);
  });

  it('holds what is approved while it lasts, and sends it once and at once afterwards', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    await approveHeld(scene, payout);
    for (let minute = 0; minute < 3; minute += 1) await later(scene, 60_000);
    expect(await current(scene, payout.id)).toMatchObject({
      state: 'approved',
      blocked: 'All payouts are frozen by Ben: something is wrong',
    });
    expect(countCalls(scene.outside)).toBe(0);
    await liftFreeze(scene);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
    expectOnce(scene.outside, payout);
  });

  it('stops it between the last step on disk and the call', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    scene.after('payout.start_sending', () => freeze(scene, 'payermax'));
    await approve(scene, payout);
    const held = await current(scene, payout.id);
    expect([held.state, held.sentAtMs]).toEqual(['approved', undefined]);
    expect(held.blocked).toMatch(/^Payouts at .* are frozen by Ben: something is wrong$/);
    expect(countCalls(scene.outside)).toBe(0);
    await liftFreeze(scene, 'payermax');
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['submitted', 1]);
    expectOnce(scene.outside, payout);
  });

  it.each([
    ['payout.requested', 'requested'],
    ['payout.approve', 'approved'],
  ])('stops it when it comes right after %s', async (event, state) => {
    const scene = await openReady();
    scene.after(event, () => freeze(scene));
    const payout = await request(scene);
    await approve(scene, payout);
    await later(scene, 60_000);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual([state, 0]);
  });

  it('stops all but the four that are with the provider’s client already', async () => {
    const calls: string[] = [];
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const scene = await openReady({
      wrap: (payer) => ({
        ...payer,
        async create(order) {
          calls.push(order.reference);
          if (calls.length === 4) begin();
          await gate;
          return payer.create(order);
        },
      }),
    });
    const payouts = [];
    for (const amount of ['11', '12', '13', '14', '15', '16']) {
      payouts.push(await request(scene, { amount: `${amount}.00` }));
    }
    for (const payout of payouts) {
      await press(scene, accounts.ben, `payout.approve:${tokenOf(payout)}`);
    }
    await begun;
    await freeze(scene);
    open();
    await scene.settle();
    const states = await Promise.all(payouts.map((payout) => stateOf(scene, payout)));
    expect([calls.length, states.filter((state) => state === 'approved').length]).toEqual([4, 2]);
  });

  const place = { platform: 'slack', user: 'U02' };
  it.each([
    [
      'rejected',
      ({ payouts }: Scene, one: Payout) =>
        payouts.desk.reject(tokenOf(one), 'cy', place, 'not now'),
    ],
    ['cancelled', ({ payouts }: Scene, one: Payout) => payouts.desk.cancel(one.id, 'ana', place)],
    ['expired', (scene: Scene) => later(scene, 24 * 3_600_000)],
  ])('lets what it holds be %s', async (state, end) => {
    const scene = await openReady();
    const payout = await request(scene);
    await approveHeld(scene, payout);
    await end(scene, payout);
    expect(await stateOf(scene, payout)).toBe(state);
    await liftFreeze(scene);
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

  it('joins a second freeze: both reasons are on record, and an agreement is void', async () => {
    const scene = await openReady();
    await freeze(scene);
    await say(scene, accounts.ana, '/purser unfreeze all');
    await say(scene, accounts.cy, '/purser freeze all a stolen laptop');
    const unfreeze = (by: PersonId) => say(scene, accounts[by], '/purser unfreeze all');
    for (const by of ['ben', 'cy'] as const) {
      expect((await unfreeze(by)).card.text).toContain('You froze it yourself');
    }
    expect((await unfreeze('ana')).card.text).toContain('One more approver must');
    const [standing] = await scene.payouts.freezes.list();
    expect(standing).toMatchObject({ by: 'cy', alsoBy: ['ben'], reason: 'a stolen laptop' });
    const reasons: unknown[] = [];
    for await (const { facts } of scene.payouts.readAudit()) {
      if (facts['event'] === 'freeze') reasons.push(facts['reason']);
    }
    expect(reasons).toEqual(['something is wrong', 'a stolen laptop']);
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
