// What is asked once more before it happens, because it cannot be called back.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import {
  accounts,
  click,
  type DiscordScene,
  openDiscordScene,
  room,
  say,
} from './discord-support.ts';

let scene: DiscordScene;

beforeEach(async () => {
  scene = await openDiscordScene();
});

afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const titled = (title: string) => (seen: { title: string }) => seen.title === title;

const asking = (label: string): Card => ({
  tone: 'neutral',
  title: 'Payout',
  buttons: [
    {
      action: 'payout.approve:P7K2M9QX4.0a1b2c3d',
      label,
      style: 'primary',
      confirm: { title: 'Pay 5 USD?', text: 'It cannot be called back.', yes: 'Pay it' },
    },
  ],
});

test('a question comes before what cannot be called back; a no puts a private card back', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer(({ line }) =>
    line === undefined ? say('Done') : { card: asking('Approve'), audience: 'asker' },
  );
  await chat.type('ana', room, '/balance');
  await chat.until('ana', room, titled('Payout'));
  await click(scene, '~ask:payout.approve:P7K2M9QX4.0a1b2c3d', room);
  const [question] = chat.look('ana', room);
  expect(question).toMatchObject({ title: 'Pay 5 USD?', buttons: ['Pay it', 'Cancel'] });
  expect(question?.words).toContain('It cannot be called back.');
  if (question === undefined) throw new Error('no question');
  await chat.press('ana', question, 'Cancel');
  expect(chat.look('ana', room).map(({ title, buttons }) => [title, buttons])).toEqual([
    ['Payout', ['Approve']],
  ]);
  expect(dispatcher.asked).toHaveLength(1);
  const [back] = chat.look('ana', room);
  if (back === undefined) throw new Error('no card');
  await chat.press('ana', back, 'Approve');
  await chat.until('ana', room, titled('Done'));
  expect(chat.look('ana', room)).toHaveLength(1);
  expect(dispatcher.asked[1]).toMatchObject({ action: 'payout.approve:P7K2M9QX4.0a1b2c3d' });
});

test('a public card stays while its question is asked, also after a restart', async () => {
  const { chat, dispatcher, bot } = scene;
  const id = await bot.poster.post(room, asking('Approve'));
  await scene.restart();
  await click(scene, '~ask:payout.approve:P7K2M9QX4.0a1b2c3d', room, accounts.ben);
  const question = await chat.until('ben', room, titled('Approve?'));
  expect(question).toMatchObject({ isPrivate: true, buttons: ['Approve', 'Cancel'] });
  await chat.press('ben', question, 'Cancel');
  expect((await chat.until('ben', room, titled('Cancelled'))).words).toContain(
    'Nothing has happened.',
  );
  const card = await chat.until('ben', room, titled('Payout'));
  await chat.press('ben', card, 'Approve');
  await expect
    .poll(() => dispatcher.asked)
    .toMatchObject([{ spot: { channel: room, message: id } }]);
});
