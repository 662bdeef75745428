// What the channels see of payouts, payees and freezes, and what is left of it after a full disk and
// after a crash. The office is the real one; channels are kept in memory.
import { describe, expect, it } from 'vitest';
import { createAnnouncer } from '../src/announcer.ts';
import { StoreError } from '../src/errors.ts';
import { tokenOf } from '../src/payouts/index.ts';
import {
  approve,
  current,
  later,
  liftFreeze,
  press,
  request,
  savePayee,
  say,
  stateOf,
} from './payouts/acts.ts';
import { copyFolder, openOffice, type Scene } from './payouts/scene.ts';
import { accounts } from './payouts/team.ts';

/** Title and author of each card in the audit channel, from the n-th on. */
function listSteps({ posted }: Scene, from = 0): string[] {
  return posted
    .in('C02')
    .slice(from)
    .map(({ title, fields }) => `${title} | ${fields?.[0]?.value}`);
}

async function payAndReturn(scene: Scene): Promise<string> {
  await savePayee(scene);
  scene.outside.payermax.switchFault({ name: 'returned', path: '/paymentOrderPay', times: 1 });
  const payout = await request(scene);
  await approve(scene, payout);
  await later(scene, 10_000);
  await later(scene, 24 * 3_600_000);
  expect(await stateOf(scene, payout)).toBe('returned');
  return payout.id;
}

const listAlarms = ({ posted }: Scene) =>
  posted.in('C03').filter(({ text }) => text?.includes('the money came back'));

describe('the audit channel', () => {
  it('has each step of a payout with the person who made it, first approvals too', async () => {
    const scene = await openOffice();
    await savePayee(scene);
    const before = listSteps(scene).length;
    const payout = await request(scene, { amount: '2000.00' });
    await approve(scene, payout, 'ben');
    await approve(scene, payout, 'cy');
    expect(listSteps(scene, before)).toEqual([
      `${payout.id}: Waiting for approval | Ana`,
      `${payout.id}: Approved by 1 of 2 | Ben`,
      `${payout.id}: Waiting for approval → Approved | Cy`,
      `${payout.id}: Approved → Sending | Purser`,
      `${payout.id}: Sending → With the provider | Purser`,
    ]);
  });

  it('has payees and freezes with those who made the steps', async () => {
    const scene = await openOffice();
    await savePayee(scene);
    await say(scene, accounts.ana, '/payee remove maria');
    await say(scene, accounts.ben, '/purser freeze all a strange mail');
    await liftFreeze(scene);
    expect(listSteps(scene)).toEqual([
      'Payee maria: Waits for a second person | Eve',
      'Payee maria: Approved | Cy',
      'Payee maria: Removed | Ana',
      'All payouts are frozen | Ben',
      'All payouts are frozen; one of two people lifts it | Ana',
      'All payouts go on | Cy',
    ]);
    expect(scene.posted.in('C03').map(({ title }) => title)).toEqual([
      'All payouts are frozen',
      'All payouts go on',
    ]);
  });

  it('has the first of two who close a payout', async () => {
    const scene = await openOffice();
    await savePayee(scene, {}, 'alignet');
    const wish = { provider: 'alignet', currency: 'PEN', payee: 'diego' } as const;
    const payout = await request(scene, wish);
    scene.outside.alignet.switchFault({ name: 'process_then_reset', path: '/payouts' });
    await approve(scene, payout);
    await press(scene, accounts.ben, `payout.close.paid:${payout.id}`, { reason: 'in the portal' });
    expect(listSteps(scene).at(-1)).toBe(`${payout.id}: One of two people says how it ended | Ben`);
  });
});

describe('the approvals channel', () => {
  it('has a new card for a payee that is proposed again: the old one is far up, or deleted', async () => {
    const scene = await openOffice();
    const listPayeeCards = () =>
      scene.posted.in('C01').filter((card) => JSON.stringify(card).includes('maria'));
    await savePayee(scene);
    const before = listPayeeCards().length;
    await savePayee(scene, { name: 'Maria Again' });
    expect(listPayeeCards().length).toBe(before + 1);
  });
});

describe('the alerts channel', () => {
  it('hears once of money that came back, also after a start', async () => {
    const scene = await openOffice();
    await payAndReturn(scene);
    expect(listAlarms(scene).length).toBe(1);
    const { outside } = scene;
    const again = await openOffice({ outside, dataDir: await copyFolder(scene.dataDir) });
    expect(listAlarms(again).length).toBe(0);
  });

  it('hears after the next start of what a crash kept from it', async () => {
    const scene = await openOffice({
      wrapStore: (store) => ({
        ...store,
        async commit(changes, audit) {
          const isAlarm = changes.some(({ id }) => id.startsWith('alarm '));
          if (isAlarm) throw new StoreError('killed');
          await store.commit(changes, audit);
        },
      }),
    });
    const id = await payAndReturn(scene);
    const { outside } = scene;
    const again = await openOffice({ outside, dataDir: await copyFolder(scene.dataDir) });
    expect(listAlarms(again).map(({ notes }) => notes?.[0])).toEqual([expect.stringContaining(id)]);
  });
});

describe('a disk that is full', () => {
  it('does not post a card twice, and is tried less and less often', async () => {
    let isFull = false;
    let commits = 0;
    const scene = await openOffice({
      wrapStore: (store) => ({
        ...store,
        async commit(changes, audit) {
          if (isFull && changes.some(({ kind }) => kind === 'post')) {
            commits += 1;
            throw new StoreError('The disk is full.');
          }
          await store.commit(changes, audit);
        },
      }),
    });
    await savePayee(scene);
    const cards: string[] = [];
    const announcer = createAnnouncer({
      store: scene.store,
      team: scene.team,
      payouts: scene.payouts,
      posters: [
        {
          platform: 'slack',
          hasThreads: false,
          async post(channel, { title }) {
            if (channel === 'C01') cards.push(title);
            return `x${cards.length}`;
          },
          update: async (_channel, message) => message.startsWith('x'),
          tell: async () => {},
          find: async () => undefined,
        },
      ],
      clock: scene.clock,
      log: scene.log,
    });
    isFull = true;
    const payout = await request(scene);
    await announcer.settle();
    expect(cards.length).toBe(1);
    commits = 0;
    for (let second = 0; second < 600; second += 1) {
      scene.clock.advance(1_000);
      await announcer.tick();
      await announcer.settle();
    }
    expect(cards.length).toBe(1);
    expect(commits).toBeGreaterThanOrEqual(5);
    expect(commits).toBeLessThanOrEqual(12);
    isFull = false;
    scene.clock.advance(5 * 60_000);
    await announcer.tick();
    await announcer.settle();
    const { card } = await press(scene, accounts.cy, `payout.approve:${tokenOf(payout)}`);
    await announcer.settle();
    expect([card.tone === 'bad', cards.length]).toEqual([false, 1]);
    expect((await current(scene, payout.id)).decisions.length).toBe(1);
  });
});
