// What is asked about after it is over, and what keeps Purser asking: many payouts, a store that
// fails, a clock that was wrong.
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { createEndedWatch } from '../../src/payouts/ended.ts';
import { createFollowUp } from '../../src/payouts/follow-up.ts';
import { tokenOf } from '../../src/payouts/index.ts';
import { createPayoutJournal } from '../../src/payouts/journal.ts';
import type { PayoutCalls, PayoutNews } from '../../src/providers/payouts.ts';
import { createAgreements, createClaims } from '../../src/store/index.ts';
import {
  approve,
  approveHeld,
  countCalls,
  current,
  later,
  liftFreeze,
  press,
  request,
  savePayee,
  stateOf,
} from './acts.ts';
import { composePayout } from './sample.ts';
import { copyFolder, openOffice } from './scene.ts';
import { accounts, composeTeam } from './team.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe('the watch over what has ended', () => {
  it('is not hidden by 500 newer payouts, and reads nothing in between', async () => {
    const { payouts } = await openOffice();
    const watch = createEndedWatch(payouts.payers);
    const paid = (id: string) => composePayout({ id, state: 'paid', endedAtMs: 0 });
    for (let index = 0; index < 501; index += 1) watch.watch(paid(`P${index}`));
    for (let index = 0; index < 500; index += 1) {
      watch.watch(composePayout({ id: `N${index}`, state: 'rejected', endedAtMs: 1 }));
    }
    expect(watch.listDue(dayMs).length).toBe(501);
    expect(watch.listDue(dayMs + 1)).toEqual([]);
    expect(watch.listDue(2 * dayMs).map(({ id }) => id)).toContain('P0');
  });

  it('asks again although the clock was ahead', async () => {
    const { payouts } = await openOffice();
    const watch = createEndedWatch(payouts.payers);
    watch.watch(composePayout({ state: 'paid', endedAtMs: 0 }));
    expect(watch.listDue(5 * dayMs).length).toBe(1);
    expect(watch.listDue(2 * dayMs).length).toBe(1);
    expect(watch.listDue(2 * dayMs + hourMs)).toEqual([]);
  });

  it('is loaded at the first tick that can read the store', async () => {
    const before = await openOffice();
    await savePayee(before);
    before.outside.payermax.switchFault({ name: 'returned', path: '/paymentOrderPay' });
    const payout = await request(before);
    await approve(before, payout);
    await later(before, 10_000);
    expect(await stateOf(before, payout)).toBe('paid');
    let isBroken = true;
    const { payouts, team, clock, log } = before;
    const { records } = payouts.journal;
    const listSince: typeof records.listSince = async (...given) => {
      if (isBroken) throw new StoreError('The disk failed.');
      return records.listSince(...given);
    };
    const followUp = createFollowUp({
      ...{ team, payers: payouts.payers, clock, log, notify: () => {} },
      journal: { ...payouts.journal, records: { ...records, listSince } },
      claims: createClaims(createAgreements({ clock }), log),
      executor: {
        send: async () => {},
        vouch: async () => {},
        unlessSending: (_id, work) => work(),
      },
    });
    clock.advance(dayMs);
    await expect(followUp.tick()).rejects.toThrow('The disk failed.');
    isBroken = false;
    await followUp.tick();
    expect(await stateOf(before, payout)).toBe('returned');
  });
});

describe('a payout that took days to be paid', () => {
  it('is watched after a start for as long as one that took none', async () => {
    let news: PayoutNews = { state: 'submitted', providerStatus: 'PENDING' };
    const wrap = (calls: PayoutCalls) => ({ ...calls, getStatus: async () => news });
    const before = await openOffice({ wrap });
    await savePayee(before);
    const payout = await request(before);
    await approve(before, payout);
    await later(before, 5 * dayMs);
    news = { state: 'paid', providerStatus: 'SUCCESS' };
    await later(before, dayMs);
    expect(await stateOf(before, payout)).toBe('paid');
    before.clock.advance(28 * dayMs);
    const { outside } = before;
    const dataDir = await copyFolder(before.dataDir);
    news = { state: 'returned', providerStatus: 'BOUNCEBACK' };
    const after = await openOffice({ wrap, outside, dataDir });
    await later(after, dayMs);
    expect(await stateOf(after, payout)).toBe('returned');
  });
});

describe('what another replica brought to its end', () => {
  it('is watched, however long ago it was asked for', async () => {
    let news: PayoutNews = { state: 'submitted', providerStatus: 'PENDING' };
    const wrap = (calls: PayoutCalls) => ({ ...calls, getStatus: async () => news });
    const other = await openOffice({ wrap });
    await savePayee(other);
    const payout = await request(other);
    await approve(other, payout);
    const { payouts, team, clock, log, store } = other;
    const first = createFollowUp({
      ...{ team, clock, log, notify: () => {} },
      payers: new Map([...payouts.payers].filter(([id]) => id === 'payermax')),
      journal: createPayoutJournal(store),
      claims: createClaims(createAgreements({ clock }), log),
      executor: {
        send: async () => {},
        vouch: async () => {},
        unlessSending: (_id, work) => work(),
      },
    });
    for (let day = 0; day < 3; day += 1) {
      clock.advance(dayMs);
      await first.tick();
    }
    news = { state: 'paid', providerStatus: 'SUCCESS' };
    await later(other, 2 * hourMs);
    expect(await stateOf(other, payout)).toBe('paid');
    await first.tick();
    news = { state: 'returned', providerStatus: 'BOUNCEBACK' };
    clock.advance(dayMs);
    await first.tick();
    expect(await stateOf(other, payout)).toBe('returned');
  });
});

describe('a clock that was a day ahead for one tick', () => {
  it('does not silence the queries when it is right again', async () => {
    const scene = await openOffice();
    await savePayee(scene);
    scene.outside.payermax.switchFault({
      name: 'stays_pending',
      path: '/paymentOrderPay',
      times: 1,
    });
    const payout = await request(scene);
    await approve(scene, payout);
    await later(scene, 23 * hourMs);
    scene.clock.advance(-23 * hourMs);
    const countQueries = () =>
      scene.outside.payermax.requests().filter(({ path }) => path.endsWith('/paymentOrderQry'))
        .length;
    const before = countQueries();
    await later(scene, 60_000);
    expect(countQueries()).toBe(before + 1);
  });
});

describe('a provider that hangs', () => {
  it('does not delay the posts of others', async () => {
    let hang: Promise<void> | undefined;
    let release = () => {};
    const scene = await openOffice({
      wrap: (calls, provider) => ({
        ...calls,
        async validate(order) {
          if (provider === 'payermax') await hang;
          await calls.validate?.(order);
        },
      }),
    });
    await savePayee(scene);
    await savePayee(scene, {}, 'alignet');
    const typed = { amount: '250.00', currency: 'USD', payee: 'maria', note: '' };
    const { desk } = scene.payouts;
    const place = { platform: 'slack', user: 'U01' };
    const slow = await desk.preview({ ...typed, provider: 'payermax' }, 'ana');
    const other = {
      provider: 'alignet',
      amount: '10.00',
      currency: 'PEN',
      payee: 'diego',
      note: '',
    };
    const quick = await desk.preview(other, 'cy');
    hang = new Promise((resolve) => {
      release = resolve;
    });
    const waiting = desk.post(slow.id, 'ana', place);
    expect((await desk.post(quick.id, 'cy', place)).state).toBe('requested');
    release();
    expect((await waiting).state).toBe('requested');
  });
});

describe('whoever asked', () => {
  it('and has left the team is not paid for any more', async () => {
    const before = await openOffice();
    await savePayee(before);
    const payout = await request(before, { by: 'eve' });
    const people = composeTeam().people.filter(({ id }) => id !== 'eve');
    const scene = await openOffice({
      outside: before.outside,
      dataDir: await copyFolder(before.dataDir),
      team: composeTeam({ people }),
    });
    const { card } = await press(scene, accounts.ben, `payout.approve:${tokenOf(payout)}`);
    expect(card.text).toContain('may no longer ask for payouts');
    expect(await stateOf(scene, payout)).toBe('requested');
  });
});

describe('what is not as it was when people agreed', () => {
  it('stops a payout that would draw on another account now', async () => {
    let account: string | undefined;
    const scene = await openOffice({
      wrap: (calls) => ({
        ...calls,
        accountFor: async (route, currency) => account ?? calls.accountFor(route, currency),
      }),
    });
    await savePayee(scene);
    const payout = await request(scene);
    await approveHeld(scene, payout);
    account = 'another account';
    await liftFreeze(scene);
    expect((await current(scene, payout.id)).blocked).toContain(
      'would draw on another account now',
    );
    expect(countCalls(scene.outside)).toBe(0);
  });

  it('takes the same account under another name for a possible duplicate', async () => {
    const scene = await openOffice();
    await savePayee(scene);
    await savePayee(scene, { id: 'maria2', name: 'M. Santos' });
    const first = await request(scene);
    const second = await request(scene, { payee: 'maria2' });
    expect([second.duplicates, second.requirement.need]).toEqual([[first.id], 2]);
  });
});
