// Commands and buttons through the real discord.js against the local Discord.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accounts, type DiscordScene, openDiscordScene, room } from './discord-support.ts';

let scene: DiscordScene;

beforeEach(async () => {
  scene = await openDiscordScene();
});

afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

test('a command is answered to its asker alone', async () => {
  const { chat, dispatcher } = scene;
  await chat.type('ana', room, '/balance payermax USD');
  const seen = await chat.until('ana', room, ({ title }) => title === 'You said /balance');
  expect(seen).toMatchObject({ isPrivate: true, buttons: [], mentions: [] });
  expect(chat.look('ben', room)).toEqual([]);
  expect(dispatcher.asked).toEqual([
    {
      account: { platform: 'discord', user: accounts.ana },
      spot: { channel: room },
      line: '/balance',
      named: { 'provider|all': 'payermax', currency: 'USD' },
    },
  ]);
});
