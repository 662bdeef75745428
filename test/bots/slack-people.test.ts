// Whom Slack says an account belongs to, asked when it types or clicks and not when it was invited.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SlackUser } from './slack-server/workspace.ts';
import { openSlackScene, type SlackScene } from './slack-support.ts';

let scene: SlackScene;
beforeEach(async () => {
  scene = await openSlackScene();
});
afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const doubtful: [string, Partial<SlackUser>, string][] = [
  ['a guest', { is_restricted: true }, 'guest'],
  ['a guest of one channel', { is_ultra_restricted: true }, 'guest'],
  ['a deactivated account', { deleted: true }, 'deactivated'],
  ['a bot', { is_bot: true }, 'bot'],
  ['somebody of another workspace', { team_id: 'T99' }, 'foreign'],
  ['somebody of a shared channel', { is_stranger: true }, 'foreign'],
];

describe.each(doubtful)('%s', (_, facts, doubt) => {
  test('is doubted when typing, pressing and sending', async () => {
    const { chat, server, dispatcher, bot } = scene;
    const user = server.workspace.users.get('U0EVE');
    Object.assign(user ?? {}, facts);
    await chat.type('eve', 'C01', '/balance');
    await bot.poster.post('C01', {
      tone: 'neutral',
      title: 'Payout',
      buttons: [{ action: 'approve:1', label: 'Approve', style: 'primary' }],
    });
    const card = await chat.until('eve', 'C01', ({ title }) => title === 'Payout');
    await chat.press('eve', card, 'Approve');
    await expect.poll(() => dispatcher.asked).toHaveLength(2);
    for (const { account } of dispatcher.asked) expect(account.doubt).toBe(doubt);
    if (doubt === 'foreign' && facts.team_id !== undefined) {
      expect(dispatcher.asked[0]?.account.team).toBe('T99');
    }
  });
});

test('an account that Slack cannot vouch for just now is unverified, and looked up again', async () => {
  const { chat, server, dispatcher } = scene;
  server.fail('users.info', { status: 500 });
  await chat.type('ana', 'C01', '/balance');
  await expect.poll(() => dispatcher.asked).toHaveLength(1);
  await chat.type('ana', 'C01', '/balance');
  await expect.poll(() => dispatcher.asked).toHaveLength(2);
  expect(dispatcher.asked.map(({ account }) => account.doubt)).toEqual(['unverified', undefined]);
});

test('an account that Slack does not know is unverified', async () => {
  const { chat, server, dispatcher } = scene;
  server.workspace.users.delete('U0EVE');
  await chat.type('eve', 'C01', '/balance');
  await expect.poll(() => dispatcher.asked[0]?.account.doubt).toBe('unverified');
});

test('who presses is looked up there and then, whatever was known a moment ago', async () => {
  const { chat, server, dispatcher, bot } = scene;
  await chat.type('eve', 'C01', '/balance');
  await expect.poll(() => dispatcher.asked).toHaveLength(1);
  const eve = server.workspace.users.get('U0EVE');
  if (eve !== undefined) eve.is_restricted = true;
  await bot.poster.post('C01', {
    tone: 'neutral',
    title: 'Payout',
    buttons: [{ action: 'approve:1', label: 'Approve', style: 'primary' }],
  });
  const card = await chat.until('eve', 'C01', ({ title }) => title === 'Payout');
  await chat.press('eve', card, 'Approve');
  await expect.poll(() => dispatcher.asked).toHaveLength(2);
  expect(dispatcher.asked.map(({ account }) => account.doubt)).toEqual([undefined, 'guest']);
});

test('who was looked up to read is believed for five minutes, and not longer', async () => {
  const { chat, server, dispatcher, clock } = scene;
  const lookups = () =>
    server.calls.filter(({ method, args }) => method === 'users.info' && args['user'] === 'U0EVE')
      .length;
  await chat.type('eve', 'C01', '/balance');
  await expect.poll(() => dispatcher.asked).toHaveLength(1);
  clock.advance(4 * 60_000);
  await chat.type('eve', 'C01', '/balance');
  await expect.poll(() => dispatcher.asked).toHaveLength(2);
  expect(lookups()).toBe(1);
  const eve = server.workspace.users.get('U0EVE');
  if (eve !== undefined) eve.is_restricted = true;
  clock.advance(2 * 60_000);
  await chat.type('eve', 'C01', '/balance');
  await expect.poll(() => dispatcher.asked).toHaveLength(3);
  expect(dispatcher.asked.map(({ account }) => account.doubt)).toEqual([
    undefined,
    undefined,
    'guest',
  ]);
});
