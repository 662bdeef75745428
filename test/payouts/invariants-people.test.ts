// Who may decide (DESIGN.md, section 4: invariants 1, 2 and 4), through the door that bots use.
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/commands/types.ts';
import { tokenOf } from '../../src/payouts/index.ts';
import {
  approve,
  countCalls,
  current,
  expectOnce,
  openReady,
  press,
  request,
  savePayee,
  say,
  stateOf,
} from './acts.ts';
import { openOffice } from './scene.ts';
import { accounts, anaOnDiscord, benOnDiscord, composeTeam } from './team.ts';

describe('invariant 1: nobody decides on their own request', () => {
  it.each([
    ['from the account that asked', accounts.ana],
    ['from their account on another platform', anaOnDiscord],
  ])('refuses the requester %s', async (_where, account) => {
    const scene = await openReady();
    const payout = await request(scene, { by: 'ana' });
    const token = tokenOf(payout);
    const approved = await press(scene, account, `payout.approve:${token}`);
    const rejected = await press(scene, account, `payout.reject:${token}`, { reason: 'a mistake' });
    await scene.settle();
    for (const { audience, card } of [approved, rejected]) {
      expect(audience).toBe('asker');
      expect(card.text).toBe('It is your own request; another person decides: Ben, Cy.');
    }
    expect(await current(scene, payout.id)).toEqual(payout);
    expect(countCalls(scene.outside)).toBe(0);
  });

  it('never counts the requester among those who may decide, even when named in the rule', async () => {
    const rule = { when: { currency: 'USD' }, need: 1, from: ['ana', 'ben'] };
    const scene = await openReady({ team: composeTeam({ approvals: [rule] }) });
    const payout = await request(scene, { by: 'ana' });
    expect(payout.requirement.from).toEqual(['ben']);
    await approve(scene, payout, 'ana');
    expect(await stateOf(scene, payout)).toBe('requested');
  });

  it('lets the requester not close their own unclear payout', async () => {
    const scene = await openReady();
    await savePayee(scene, {}, 'alignet');
    const wish = { provider: 'alignet', currency: 'PEN', payee: 'diego' } as const;
    const payout = await request(scene, wish);
    scene.outside.alignet.switchFault({ name: 'process_then_reset', path: '/payouts' });
    await approve(scene, payout);
    expect(await stateOf(scene, payout)).toBe('unknown');
    const values = { reason: 'seen in the portal' };
    await press(scene, anaOnDiscord, `payout.close.paid:${payout.id}`, values);
    await press(scene, accounts.ben, `payout.close.paid:${payout.id}`, values);
    expect(await stateOf(scene, payout)).toBe('unknown');
    await press(scene, accounts.cy, `payout.close.paid:${payout.id}`, values);
    expect(await stateOf(scene, payout)).toBe('paid');
  });

  it('lets nobody agree to the payee that they proposed', async () => {
    const scene = await openReady();
    const { payouts } = scene;
    const route = payouts.payers.get('payermax')?.payouts.routes.find(({ id }) => id === 'ph-bank');
    if (route === undefined) throw new Error('there is no such route');
    const fields = { target_org: 'RCBC', account_no: '9999999999' };
    const input = { id: 'maria', name: 'Maria Santos', provider: 'payermax', route, fields };
    await payouts.payees.propose(input, false, 'ana', { platform: 'slack', user: 'U01' });
    const { card } = await press(scene, anaOnDiscord, 'payee.approve:maria.2');
    expect(card.title).toBe('That is your own payee');
    expect((await payouts.payees.find('maria'))?.active?.version).toBe(1);
  });

  it('counts among those who proposed a payee whoever wrote a version that nobody decided on', async () => {
    const scene = await openReady();
    const { payees, payers } = scene.payouts;
    const route = payers.get('payermax')?.payouts.routes.find(({ id }) => id === 'ph-bank');
    if (route === undefined) throw new Error('there is no such route');
    const fields = { target_org: 'RCBC', account_no: '9999999999' };
    const input = { id: 'acme', name: 'Acmee', provider: 'payermax', route, fields };
    const place = { platform: 'slack', user: 'U01' };
    await payees.propose(input, true, 'ana', place);
    await payees.propose({ ...input, name: 'Acme' }, false, 'eve', place);
    const { card } = await press(scene, accounts.ana, 'payee.approve:acme.2');
    expect(card.title).toBe('That is your own payee');
    expect((await payees.find('acme'))?.active).toBeUndefined();
    expect(await payees.decide('acme', 2, true, 'ben', place)).toMatchObject({ ok: true });
  });
});

describe('invariant 2: whoever is not known to be allowed is refused', () => {
  const strangers: readonly (readonly [string, Account])[] = [
    ['a member who is not in the team file', { platform: 'slack', team: 'T01', user: 'U99' }],
    ['an approver’s id in a foreign workspace', { platform: 'slack', team: 'T99', user: 'U02' }],
    ['an approver’s id without its workspace', { platform: 'slack', user: 'U02' }],
    ['a Slack id on Discord', { platform: 'discord', user: 'U02' }],
    ['nobody', { platform: 'discord', user: '' }],
  ];
  it.each(strangers)('refuses %s, privately, saying who can help', async (_who, account) => {
    const scene = await openReady();
    const payout = await request(scene);
    const answers = [
      await press(scene, account, `payout.approve:${tokenOf(payout)}`),
      await say(scene, account, '/payout payermax 10 USD maria'),
      await say(scene, account, '/purser freeze all a stranger'),
    ];
    for (const { audience, card } of answers) {
      expect(audience).toBe('asker');
      expect(card.text).toContain('is not in the team file. Ana can add you.');
    }
    expect(await current(scene, payout.id)).toEqual(payout);
    expect(await scene.payouts.freezes.list()).toEqual([]);
  });

  it.each(['dia', 'eve'] as const)('refuses %s, who is no approver', async (person) => {
    const scene = await openReady();
    const payout = await request(scene);
    const token = tokenOf(payout);
    for (const action of [`payout.approve:${token}`, `payout.reject:${token}`]) {
      const { audience, card } = await press(scene, accounts[person], action, {
        reason: 'because',
      });
      expect(audience).toBe('asker');
      expect(card.text).toContain('You cannot decide on this payout. Ben, Cy can');
    }
    expect(await current(scene, payout.id)).toEqual(payout);
  });

  it('refuses a viewer who asks for a payout', async () => {
    const scene = await openReady();
    await expect(request(scene, { by: 'dia' })).rejects.toThrow('Ana, Cy or Eve can do this');
  });

  it.each([
    ['another currency', [{ when: { currency: 'EUR' }, need: 1, from: 'approver' }]],
    ['another provider', [{ when: { provider: 'alignet' }, need: 1, from: 'approver' }]],
    [
      'a smaller amount',
      [{ when: { currency: 'USD', up_to: '249.99' }, need: 1, from: 'approver' }],
    ],
    ['nothing', []],
  ])('refuses what no rule covers: the rules are for %s', async (_what, approvals) => {
    const scene = await openReady({ team: composeTeam({ approvals }) });
    await expect(request(scene)).rejects.toThrow(
      'No approval rule allows 250.00 USD at PayerMax. Ana can add one to the team file.',
    );
    expect(await scene.payouts.desk.listOpen()).toEqual([]);
  });

  it('refuses a request that too few people could approve', async () => {
    const rule = { when: {}, need: 2, from: ['ana', 'ben'] };
    const scene = await openReady({ team: composeTeam({ approvals: [rule] }) });
    await expect(request(scene)).rejects.toThrow('only 1 may approve a request of yours');
  });

  it.each([
    ['has left the team', undefined],
    ['is an approver no more', ['viewer']],
  ])('refuses an approver who %s since the request', async (_what, roles) => {
    const before = await openReady();
    const payout = await request(before);
    await before.store.close();
    const people = composeTeam().people.flatMap((one) => {
      if (one.id !== 'ben') return [one];
      return roles === undefined ? [] : [{ ...one, roles }];
    });
    const { outside, dataDir } = before;
    const after = await openOffice({ outside, dataDir, team: composeTeam({ people }) });
    const token = tokenOf(payout);
    const values = { reason: 'not any more' };
    const approved = await press(after, accounts.ben, `payout.approve:${token}`);
    const rejected = await press(after, accounts.ben, `payout.reject:${token}`, values);
    expect([approved.audience, rejected.audience]).toEqual(['asker', 'asker']);
    expect(await stateOf(after, payout)).toBe('requested');
    await approve(after, payout, 'cy');
    expect(await stateOf(after, payout)).toBe('submitted');
  });

  it('neither asks, approves nor sends while the balance cannot be read', async () => {
    const scene = await openReady();
    const { payermax } = scene.outside;
    const payout = await request(scene);
    const other = await request(scene, { amount: '120.00' });
    payermax.switchFault({ name: 'http_400_refusal', path: 'Balance' });
    await expect(request(scene, { amount: '130.00' })).rejects.toThrow('cannot be checked now');
    expect((await approve(scene, payout)).text).toContain('The balance cannot be checked now.');
    payermax.clearFaults();
    payermax.switchFault({ name: 'slow', ms: 0, path: 'Balance', times: 1 });
    payermax.switchFault({ name: 'http_400_refusal', path: 'Balance' });
    await approve(scene, other);
    expect((await current(scene, other.id)).blocked).toContain(
      'The balance cannot be checked now.',
    );
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['requested', 0]);
  });
});

describe('invariant 4: of simultaneous clicks one wins, and a click again does nothing', () => {
  const crowd = Array.from({ length: 50 }, (_, index) => ({
    id: `p${index + 1}`,
    name: `P${index + 1}`,
    roles: ['approver'],
    slack: { team: 'T01', user: `UP${index + 1}` },
  }));
  const team = composeTeam({
    people: [...composeTeam().people, ...crowd],
    approvals: [{ when: {}, need: 3, from: crowd.map(({ id }) => id) }],
  });
  const accountOf = (index: number): Account => ({
    platform: 'slack',
    team: 'T01',
    user: `UP${index + 1}`,
  });

  it('takes one decision of each, as many as are needed, from fifty who click at once', async () => {
    const scene = await openReady({ team });
    const payout = await request(scene);
    const action = `payout.approve:${tokenOf(payout)}`;
    const answers = await Promise.all(
      crowd.map((_, index) => press(scene, accountOf(index), action)),
    );
    await scene.settle();
    const titles = answers.map(({ card }) => card.title);
    const lost = titles.filter((title) => title.endsWith('nothing has changed'));
    expect([lost.length, titles.length]).toEqual([47, 50]);
    const { decisions, state } = await current(scene, payout.id);
    expect(new Set(decisions.map(({ person }) => person)).size).toBe(3);
    expect([decisions.length, state]).toEqual([3, 'submitted']);
    expect(countCalls(scene.outside)).toBe(1);
    expectOnce(scene.outside, payout);
  });

  it('takes one decision of a person who clicks fifty times, on two platforms', async () => {
    const scene = await openReady();
    const payout = await request(scene, { amount: '2000.00' });
    const action = `payout.approve:${tokenOf(payout)}`;
    const clicks = Array.from({ length: 50 }, (_, index) =>
      press(scene, index % 2 === 0 ? accounts.ben : benOnDiscord, action),
    );
    const answers = (await Promise.all(clicks)).map(({ card }) => card.text ?? '');
    const told = answers.filter((text) => text === 'That was done already; nothing happens twice.');
    expect(told.length).toBe(49);
    const { state, decisions } = await current(scene, payout.id);
    expect([state, decisions.map(({ person }) => person)]).toEqual(['requested', ['ben']]);
    expect(countCalls(scene.outside)).toBe(0);
  });

  it('lets one of a yes and a no at the same moment win', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    const token = tokenOf(payout);
    const [yes, no] = await Promise.all([
      press(scene, accounts.ben, `payout.approve:${token}`),
      press(scene, accounts.cy, `payout.reject:${token}`, { reason: 'too soon' }),
    ]);
    await scene.settle();
    const state = await stateOf(scene, payout);
    expect(countCalls(scene.outside)).toBe(state === 'rejected' ? 0 : 1);
    const loser = state === 'rejected' ? yes : no;
    expect(loser.card.title).toContain('nothing has changed');
  });

  it('gives a redelivered click of each kind no second effect', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    const action = `payout.approve:${tokenOf(payout)}`;
    for (let delivery = 0; delivery < 3; delivery += 1) await press(scene, accounts.ben, action);
    await scene.settle();
    await press(scene, accounts.ben, action);
    await scene.settle();
    expect((await current(scene, payout.id)).decisions.length).toBe(1);
    expect(countCalls(scene.outside)).toBe(1);
  });

  it('posts one request when the preview’s button is delivered twice at once', async () => {
    const scene = await openReady();
    const { card } = await say(scene, accounts.ana, '/payout payermax 250.00 USD maria');
    const action = card.buttons?.[0]?.action ?? '';
    const answers = await Promise.all([1, 2, 3].map(() => press(scene, accounts.ana, action)));
    const again = await press(scene, accounts.ana, action);
    for (const outcome of [...answers, again]) {
      expect(outcome.card.text).toContain('You have asked for it.');
    }
    expect((await scene.payouts.desk.listOpen()).length).toBe(1);
  });
});
