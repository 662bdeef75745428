// What the announcer posts and changes while one of two platforms is away, and after it is back.
import { describe, expect, it } from 'vitest';
import { createAnnouncer } from '../src/announcer.ts';
import type { Card } from '../src/commands/card.ts';
import type { Poster } from '../src/commands/types.ts';
import { BotError } from '../src/errors.ts';
import { approve, press, request, savePayee } from './payouts/acts.ts';
import { openOffice } from './payouts/scene.ts';
import { accounts, composeTeam } from './payouts/team.ts';

describe('a platform that is away', () => {
  /** Two channels of two platforms; one of them can be away, or lose its answers. */
  async function openTwo(isDead = () => false) {
    const scene = await openOffice();
    await savePayee(scene);
    const state = { isAway: false, losesAnswers: false, updates: 0, tries: 0 };
    const cards: { channel: string; card: Card; under: string | undefined }[] = [];
    const poster = (platform: Poster['platform'], isWeak: boolean): Poster => ({
      platform,
      hasThreads: true,
      async post(channel, card, under) {
        if (isWeak) state.tries += 1;
        if (isWeak && state.isAway) throw new BotError('away');
        cards.push({ channel, card, under });
        if (isWeak && state.losesAnswers) throw new BotError('no answer');
        return `${platform}${cards.length}`;
      },
      async update() {
        if (isWeak && state.isAway) throw new BotError('away');
        state.updates += 1;
        return true;
      },
      async tell() {},
      async find(channel, mark) {
        const at = cards.findIndex((one) => one.channel === channel && one.card.mark === mark);
        return at < 0 ? undefined : `${platform}${at + 1}`;
      },
      linkTo: (channel, message) => `https://${platform}.example/${channel}/${message}`,
    });
    // Other channels than those of the scene's own announcer.
    const approvals = ['C11', '200000000000000011'];
    const channels = { approvals: [`slack:${approvals[0]}`, `discord:${approvals[1]}`] };
    const begin = (isDead = () => false) =>
      createAnnouncer({
        store: scene.store,
        team: composeTeam({ channels }),
        payouts: scene.payouts,
        posters: [poster('slack', true), poster('discord', false)].map((one) => ({
          ...one,
          async find(...given) {
            if (isDead()) throw new BotError('dead');
            return one.find(...given);
          },
          async post(...given) {
            if (isDead()) throw new BotError('dead');
            return one.post(...given);
          },
        })),
        clock: scene.clock,
        log: scene.log,
      });
    const announcer = begin(isDead);
    const wait = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        scene.clock.advance(1_000);
        await announcer.tick();
        await announcer.settle();
      }
    };
    const inApprovals = () => cards.filter(({ channel }) => approvals.includes(channel));
    return { scene, announcer, begin, state, cards, inApprovals, wait };
  }

  it('is not asked more often because somebody looks for what others left behind', async () => {
    const { scene, announcer, state } = await openTwo();
    state.isAway = true;
    await request(scene);
    for (let halfMinute = 0; halfMinute < 120; halfMinute += 1) {
      scene.clock.advance(30_000);
      await announcer.tick();
      await announcer.repair();
      await announcer.settle();
    }
    expect(state.tries).toBeGreaterThan(5);
    expect(state.tries).toBeLessThan(25);
  });

  it('does not keep the card from the other platform, and gets its own later', async () => {
    const { scene, announcer, state, inApprovals, wait } = await openTwo();
    state.isAway = true;
    const payout = await request(scene);
    await announcer.settle();
    expect(inApprovals().map(({ channel }) => channel)).toEqual(['200000000000000011']);
    state.isAway = false;
    await wait(10);
    expect(inApprovals().map(({ card: { mark } }) => mark?.startsWith(payout.id))).toEqual([
      true,
      true,
    ]);
  });

  it('is looked through before a card is posted again', async () => {
    const { scene, announcer, state, inApprovals, wait } = await openTwo();
    state.losesAnswers = true;
    await request(scene);
    await announcer.settle();
    state.losesAnswers = false;
    await wait(10);
    expect(
      inApprovals()
        .map(({ channel }) => channel)
        .sort(),
    ).toEqual(['200000000000000011', 'C11']);
  });

  it('is looked through at the next step too, where another replica died after its post', async () => {
    let isDead = false;
    const { scene, announcer, begin, state, inApprovals } = await openTwo(() => isDead);
    state.losesAnswers = true;
    const payout = await request(scene);
    await announcer.settle();
    isDead = true;
    state.losesAnswers = false;
    const other = begin();
    await approve(scene, payout);
    await other.settle();
    const inSlack = inApprovals().filter(({ channel, card }) => channel === 'C11' && card.mark);
    expect(inSlack.length).toBe(1);
  });

  it('has its card brought up to date after a start, though the payout is over', async () => {
    const { scene, announcer, begin, state } = await openTwo();
    const payout = await request(scene);
    await announcer.settle();
    state.isAway = true;
    await press(scene, accounts.ana, `payout.cancel:${payout.id}`);
    await announcer.settle();
    state.isAway = false;
    // Nothing is tried again: Purser has stopped, and another begins.
    const before = state.updates;
    const next = begin();
    await next.recover();
    await next.settle();
    expect(state.updates).toBeGreaterThan(before);
    expect(await scene.store.listOpen('post')).toEqual([]);
  });

  it('gets the card of a payout that ended before it could be reached, once', async () => {
    const { scene, announcer, begin, state, inApprovals } = await openTwo();
    state.isAway = true;
    const payout = await request(scene);
    await press(scene, accounts.ana, `payout.cancel:${payout.id}`);
    await announcer.settle();
    state.isAway = false;
    for (let start = 0; start < 2; start += 1) {
      const next = begin();
      await next.recover();
      await next.settle();
    }
    const inSlack = inApprovals().filter(({ channel, under }) => channel === 'C11' && !under);
    expect(inSlack.map(({ card }) => card.text)).toEqual([expect.stringContaining('Cancelled.')]);
  });

  it('gets the card of a payout that has just ended, however long ago it was asked for', async () => {
    const { scene, announcer, begin, state, inApprovals } = await openTwo();
    state.isAway = true;
    const payout = await request(scene);
    scene.clock.advance(20 * 3_600_000);
    await press(scene, accounts.ana, `payout.cancel:${payout.id}`);
    await announcer.settle();
    state.isAway = false;
    const next = begin();
    await next.recover();
    await next.settle();
    const inSlack = inApprovals().filter(({ channel, under }) => channel === 'C11' && !under);
    expect(inSlack.map(({ card }) => card.text)).toEqual([expect.stringContaining('Cancelled.')]);
  });

  it('hears what happened under the card, after the card', async () => {
    const { scene, announcer, inApprovals } = await openTwo();
    const payout = await request(scene);
    await announcer.settle();
    await press(scene, accounts.ana, `payout.cancel:${payout.id}`);
    await announcer.settle();
    const [first, second, ...replies] = inApprovals();
    expect([first?.under, second?.under]).toEqual([undefined, undefined]);
    expect(replies.map(({ under }) => under !== undefined)).toEqual([true, true]);
    expect(replies[0]?.card.text).toContain('took it back');
  });

  it('is asked nothing for a card that says the same as before', async () => {
    const { scene, announcer, state } = await openTwo();
    const payout = await request(scene);
    await announcer.settle();
    const before = state.updates;
    await scene.payouts.journal.note(payout.id, { nextCheckAtMs: 1 });
    await scene.payouts.journal.note(payout.id, { nextCheckAtMs: 2 });
    await announcer.settle();
    expect(state.updates).toBe(before);
  });

  it('leads to the card of a payout on each platform', async () => {
    const { scene, announcer } = await openTwo();
    const payout = await request(scene);
    await announcer.settle();
    expect(await announcer.findLink(payout.id, 'slack')).toMatch(
      /^https:\/\/slack\.example\/C11\/slack\d$/,
    );
    expect(await announcer.findLink(payout.id, 'discord')).toContain('200000000000000011');
    expect(await announcer.findLink('P00000000', 'slack')).toBeUndefined();
    expect(await announcer.findLink(payout.id, 'playground')).toBeUndefined();
  });

  it('notifies those who can decide, and nobody once it is decided', async () => {
    const { scene, announcer, cards } = await openTwo();
    await request(scene);
    await announcer.settle();
    const card = cards.find(({ card: { mark } }) => mark !== undefined)?.card;
    expect(card?.mentions).toEqual(expect.arrayContaining(['ben']));
    expect(card?.mentions).not.toContain('ana');
  });

  it('is served by one replica at a time: of two that hear the same, one posts', async () => {
    const { scene, announcer, begin, inApprovals } = await openTwo();
    const other = begin();
    const payout = await request(scene);
    await Promise.all([announcer.settle(), other.settle()]);
    const marks = inApprovals().map(({ channel, card }) => `${channel} ${card.mark?.slice(0, 9)}`);
    expect(marks.sort()).toEqual([`200000000000000011 ${payout.id}`, `C11 ${payout.id}`]);
  });

  it('is repaired by the first replica where another one did not live to show its step', async () => {
    const { scene, announcer, begin, state } = await openTwo();
    const payout = await request(scene);
    await announcer.settle();
    state.isAway = true;
    await press(scene, accounts.ana, `payout.cancel:${payout.id}`);
    await announcer.settle();
    state.isAway = false;
    const first = begin();
    const before = state.updates;
    await first.repair();
    await first.settle();
    expect(state.updates).toBe(before + 1);
    expect(await scene.store.listOpen('post')).toEqual([]);
    await first.repair();
    await first.settle();
    expect(state.updates).toBe(before + 1);
  });
});
