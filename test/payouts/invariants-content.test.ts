// What people agree to (DESIGN.md, section 4: invariants 3 and 9): an approval counts for exactly
// what was shown, and limits, balance and duplicates are looked at whenever it goes on.
import { describe, expect, it } from 'vitest';
import { tokenOf } from '../../src/payouts/index.ts';
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
import { openOffice, type Scene, startOutside } from './scene.ts';
import { accounts, composeTeam } from './team.ts';

const hourMs = 3_600_000;
const newAccount = { fields: { target_org: 'RCBC', account_no: '9234560001' } };

async function reopen(scene: Scene, changes: object): Promise<Scene> {
  await scene.settle();
  await scene.store.close();
  const { outside, dataDir } = scene;
  return openOffice({ outside, dataDir, team: composeTeam(changes) });
}

/** What the provider was told to pay to. */
function accountsPaid({ outside }: Scene): unknown[] {
  return outside.payermax
    .requests()
    .filter(({ path }) => path.endsWith('/paymentOrderPay'))
    .map(({ body }) => JSON.parse(body).data.payeeInfo.accountInfo.accountNo);
}

describe('invariant 3: an approval is bound to the exact content', () => {
  it('voids approvals when the payee has changed, and refuses the old button', async () => {
    const scene = await openReady();
    const payout = await request(scene, { amount: '2000.00' });
    const oldToken = tokenOf(payout);
    await approve(scene, payout, 'ben');
    await savePayee(scene, newAccount);
    const { card } = await press(scene, accounts.cy, `payout.approve:${oldToken}`);
    await scene.settle();
    expect(card.text).toContain('The payout has changed since this card was posted.');
    const revised = await current(scene, payout.id);
    expect(revised).toMatchObject({ state: 'requested', decisions: [] });
    expect(revised.content.payee).toEqual({ id: 'maria', version: 2 });
    expect(tokenOf(revised)).not.toBe(oldToken);
    expect(revised.content.reference).toBe(payout.content.reference);
    await press(scene, accounts.cy, `payout.approve:${oldToken}`);
    expect((await current(scene, payout.id)).decisions).toEqual([]);
    await approve(scene, payout, 'ben');
    await approve(scene, payout, 'cy');
    expect(accountsPaid(scene)).toEqual(['9234560001']);
    expectOnce(scene.outside, payout);
  });

  it('shows the new details on the card that people then decide on', async () => {
    const scene = await openReady();
    const payout = await request(scene, { amount: '2000.00' });
    await savePayee(scene, { ...newAccount, name: 'Maria Reyes' });
    await approve(scene, payout, 'ben');
    const [, card] = scene.posted.in('C01');
    expect(card?.title).toBe('2,000.00 USD to Maria Reyes');
    expect(card?.fields?.map(({ value }) => value)).toContain('••0001');
  });

  it('sends nothing when the payee changes between the last approval and the call', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    await approveHeld(scene, payout);
    await savePayee(scene, newAccount);
    await liftFreeze(scene);
    expect(await current(scene, payout.id)).toMatchObject({ state: 'requested', decisions: [] });
    expect(countCalls(scene.outside)).toBe(0);
  });

  it('says on the card what changed, and that approvals are void', async () => {
    const scene = await openReady();
    const payout = await request(scene, { amount: '2000.00' });
    await approve(scene, payout, 'ben');
    await savePayee(scene, newAccount);
    await approve(scene, payout, 'cy');
    const { evidence } = await current(scene, payout.id);
    const reason = evidence.at(-1)?.reason ?? '';
    expect(reason).toMatch(/^Maria Santos’s .* changed since this was asked for; approvals so far/);
    expect(JSON.stringify(scene.posted.in('C01')[1])).toContain(reason);
  });

  it('does not approve what goes to a payee who is paid in another way now', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    await savePayee(scene, { route: 'pe-bank', fields: { account_no: '19101234567' } });
    const { card } = await press(scene, accounts.ben, `payout.approve:${tokenOf(payout)}`);
    expect(card.text).toContain('maria is paid in another way now');
    expect(await current(scene, payout.id)).toEqual(payout);
  });

  it('sends nothing to a payee who was removed', async () => {
    const scene = await openReady();
    const removed = await request(scene);
    await approveHeld(scene, removed);
    await say(scene, accounts.ana, '/payee remove maria');
    await liftFreeze(scene);
    expect(await current(scene, removed.id)).toMatchObject({
      state: 'approved',
      blocked: 'The payee maria was removed.',
    });
    expect(countCalls(scene.outside)).toBe(0);
  });

  it('voids approvals when the team file asks for more than it did', async () => {
    const before = await openReady();
    const payout = await request(before, { amount: '2000.00' });
    await approve(before, payout, 'ben');
    const rule = { when: { currency: 'USD' }, need: 2, from: ['ana', 'cy', 'dia'] };
    const after = await reopen(before, { approvals: [rule] });
    await approve(after, payout, 'cy');
    const { state, decisions, requirement } = await current(after, payout.id);
    expect(decisions.map(({ person }) => person)).toEqual(['cy']);
    expect([state, requirement.from]).toEqual(['requested', ['cy', 'dia']]);
    await approve(after, payout, 'dia');
    expect(await stateOf(after, payout)).toBe('submitted');
  });

  it('posts nothing but what the requester has seen', async () => {
    const scene = await openReady();
    const { card } = await say(scene, accounts.ana, '/payout payermax 250.00 USD maria');
    await savePayee(scene, newAccount);
    const posted = await press(scene, accounts.ana, card.buttons?.[0]?.action ?? '');
    expect(posted.card.text).toContain('The payee has changed since this preview.');
    expect(await scene.payouts.desk.listOpen()).toEqual([]);
  });

  it('refuses tokens that it did not make', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    const other = await request(scene, { amount: '120.00' });
    const foreignHash = tokenOf(other).split('.')[1];
    const forged = [`${payout.id}.${foreignHash}`, payout.id, `${payout.id}.`, 'PXXXXXXXX.0', ''];
    for (const token of forged) {
      const { card } = await press(scene, accounts.ben, `payout.approve:${token}`);
      expect(card.text).toMatch(/has changed since|does not know this button/);
    }
    expect(await current(scene, payout.id)).toEqual(payout);
  });

  it('puts nothing but opaque ids into buttons', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    const { card } = await say(scene, accounts.ana, '/payout payermax 120 USD maria');
    const cards = [...scene.posted.all, card];
    const carried = cards.flatMap(({ buttons }) => buttons?.map(({ action }) => action) ?? []);
    expect(carried.length).toBeGreaterThan(4);
    for (const action of carried.filter((one) => one.startsWith('payout.'))) {
      expect(action).toMatch(/^payout\.[a-z_.]+:P[2-9A-Z]{8}(\.[0-9a-f]{16})?$/);
    }
    expect(carried).toContain(`payout.approve:${tokenOf(payout)}`);
  });
});

describe('invariant 9: limits and balance are checked at request, approval and sending', () => {
  const personLimit = { per: 'person', window: '24h', currency: 'PEN', amount: '1000.00' };

  it('counts what one person asked for over all providers, pending and unknown too', async () => {
    const outside = await startOutside({
      accounts: { merchant: [['DISBURSEMENT', 'PEN', '5000']] },
    });
    const scene = await openReady({ outside, team: composeTeam({ limits: [personLimit] }) });
    await savePayee(scene, {}, 'alignet');
    const peru = { route: 'pe-bank', fields: { account_no: '19101234567' } };
    await savePayee(scene, { id: 'lucia', name: 'Lucia Flores', ...peru });
    const wish = {
      provider: 'alignet',
      currency: 'PEN',
      payee: 'diego',
      amount: '400.00',
    } as const;
    const unclear = await request(scene, wish);
    outside.alignet.switchFault({ name: 'process_then_reset', path: '/payouts' });
    await approve(scene, unclear);
    expect(await stateOf(scene, unclear)).toBe('unknown');
    const own = { currency: 'PEN', payee: 'lucia' } as const;
    await request(scene, { ...own, amount: '500.00' });
    await expect(request(scene, { ...own, amount: '100.01' })).rejects.toThrow(
      /One person may pay 1,000.00 PEN in 24.?h; 900.00 PEN of it is used or waiting./,
    );
    await request(scene, { ...own, amount: '100.00' });
    await request(scene, { ...own, amount: '600.00', by: 'cy' });
    // What is unclear may still leave: it counts until it is over.
    await later(scene, 24 * hourMs);
    await expect(request(scene, { ...own, amount: '600.01' })).rejects.toThrow('400.00 PEN of it');
    await request(scene, { ...own, amount: '600.00' });
  });

  it('holds limits again at the approval and at the sending', async () => {
    const before = await openReady();
    const payout = await request(before);
    const frozen = await request(before, { amount: '300.00' });
    await approveHeld(before, frozen);
    const limits = [
      { per: 'provider', provider: 'payermax', window: '24h', currency: 'USD', amount: '549.99' },
    ];
    const after = await reopen(before, { limits });
    await liftFreeze(after);
    expect((await approve(after, payout)).text).toContain('It cannot be approved now. Everybody');
    expect((await current(after, frozen.id)).blocked).toMatch(/549.99 USD in 24.?h/);
    expect(countCalls(after.outside)).toBe(0);
    await press(after, accounts.ana, `payout.cancel:${payout.id}`);
    await later(after, 60_000);
    expect(await stateOf(after, frozen)).toBe('submitted');
  });

  it('holds the balance at the request, the approval and the sending', async () => {
    const outside = await startOutside({
      accounts: { merchant: [['DISBURSEMENT', 'USD', '600.009']] },
    });
    const scene = await openReady({ outside });
    await expect(request(scene, { amount: '600.01' })).rejects.toThrow(
      '600.00 USD is available at PayerMax',
    );
    const first = await request(scene, { amount: '250.00' });
    const second = await request(scene, { amount: '355.00' });
    const third = await request(scene, { amount: '360.00' });
    await Promise.all([approve(scene, first), approve(scene, third)]);
    await scene.settle();
    const states = [await stateOf(scene, first), await stateOf(scene, third)];
    expect(states.sort()).toEqual(['approved', 'submitted']);
    const { card } = await press(scene, accounts.ben, `payout.approve:${tokenOf(second)}`);
    expect([card.text, await stateOf(scene, second)]).toEqual([
      expect.stringMatching(/^It cannot be approved now. .* USD is available at PayerMax/),
      'requested',
    ]);
    expect(countCalls(outside)).toBe(1);
  });

  it('sends no two payouts at once of which only one is covered', async () => {
    const outside = await startOutside({
      accounts: { merchant: [['DISBURSEMENT', 'USD', '400.00']] },
    });
    const scene = await openReady({ outside });
    const first = await request(scene, { amount: '250.00' });
    const second = await request(scene, { amount: '251.00' });
    await Promise.all([approve(scene, first), approve(scene, second)]);
    await scene.settle();
    const states = [await stateOf(scene, first), await stateOf(scene, second)];
    expect([countCalls(outside), states.sort()]).toEqual([1, ['approved', 'submitted']]);
  });

  it('shows a possible duplicate within 24 hours and wants one more approver', async () => {
    const scene = await openReady();
    const first = await request(scene);
    const { card } = await say(scene, accounts.cy, '/payout payermax 250.0 USD maria');
    expect(card.tone).toBe('warning');
    expect(card.notes?.join(' ')).toContain(`in ${first.id} (waiting for approval)`);
    const again = await request(scene, { by: 'cy' });
    expect(again.duplicates).toEqual([first.id]);
    expect(again.requirement.need).toBe(2);
    expect(JSON.stringify(scene.posted.in('C01').at(-1))).toContain('Possible duplicate');
    await approve(scene, again, 'ben');
    expect(await stateOf(scene, again)).toBe('requested');
    await approve(scene, again, 'ana');
    expect(await stateOf(scene, again)).toBe('submitted');
    expect((await request(scene, { amount: '250.01' })).duplicates).toEqual([]);
    scene.clock.advance(24 * hourMs);
    expect((await request(scene)).duplicates).toEqual([]);
  });

  it('sees two equal requests that are posted at the same moment', async () => {
    const scene = await openReady();
    const [one, two] = await Promise.all([
      request(scene, { by: 'ana' }),
      request(scene, { by: 'cy' }),
    ]);
    expect([one.requirement.need, two.requirement.need].sort()).toEqual([1, 2]);
  });
});
