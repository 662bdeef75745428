// Lines, clicks and completions through the real discord.js against the local Discord.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import type { DiscordServer } from './discord-server/index.ts';
import {
  accounts,
  click,
  type DiscordScene,
  openDiscordScene,
  other,
  room,
  say,
} from './discord-support.ts';

let scene: DiscordScene;
let expected: readonly (string | RegExp)[];

beforeEach(async () => {
  expected = [];
  scene = await openDiscordScene();
});

afterEach(async () => {
  await scene.stop();
  const complaints = scene.chat.complaints();
  expect(complaints).toHaveLength(expected.length);
  for (const [index, one] of expected.entries()) expect(complaints[index]).toMatch(one);
});

const titled = (title: string) => (seen: { title: string }) => seen.title === title;

/** A command as Discord sends it, with whatever a client would not let anybody type. */
const send = (
  server: DiscordServer,
  name: string,
  options: object[],
  who: { user?: string; guild?: string; channel?: string } = {},
) =>
  server.act({
    kind: 'command',
    user: who.user ?? accounts.ana,
    channel: who.channel ?? room,
    ...(who.guild === undefined ? {} : { guild: who.guild }),
    data: { id: '600000000000000001', type: 1, name, options },
  });

test('a line is answered to its asker alone, with its options by name', async () => {
  const { chat, dispatcher } = scene;
  await chat.type('ana', room, '/balance payermax USD');
  const seen = await chat.until('ana', room, titled('You said /balance'));
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

test('options stay what they are named, whatever is in them', async () => {
  const { server, dispatcher } = scene;
  const values = {
    provider: 'payermax 999 USD',
    amount: '5',
    payee: 'maria',
    note: 'lunch  for two',
  };
  const options = Object.entries(values).map(([name, value]) => ({ type: 3, name, value }));
  await send(server, 'payout', [{ type: 1, name: 'request', options }]);
  const reason = [{ type: 3, name: 'reason', value: 'payermax is odd' }];
  await send(server, 'purser', [{ type: 1, name: 'freeze', options: reason }]);
  const verify = [{ type: 1, name: 'verify', options: [] }];
  await send(server, 'purser', [{ type: 2, name: 'audit', options: verify }]);
  await expect.poll(() => dispatcher.asked.length).toBe(3);
  expect(dispatcher.asked.map(({ line, named }) => ({ line, named }))).toEqual([
    {
      line: '/payout',
      named: {
        provider: 'payermax 999 USD',
        amount: '5',
        payee: 'maria',
        'note…': 'lunch  for two',
      },
    },
    { line: '/purser freeze', named: { 'reason…': 'payermax is odd' } },
    { line: '/purser audit verify', named: {} },
  ]);
});

test('accounts without good standing are refused by the reason for it', async () => {
  const { server, dispatcher } = scene;
  const { state } = server;
  const [guest, bot, foreign] = ['100000000000000011', '100000000000000012', '100000000000000013'];
  for (const user of [guest, bot]) server.addMember(user);
  const [guestMember, botUser] = [state.members.get(guest), state.users.get(bot)];
  if (guestMember === undefined || botUser === undefined) throw new Error('not added');
  guestMember.flags = 1 << 4;
  botUser.bot = true;
  for (const user of [guest, bot])
    await send(server, 'purser', [{ type: 1, name: 'help' }], { user });
  const guild = '300000000000000002';
  await send(server, 'purser', [{ type: 1, name: 'help' }], { user: foreign, guild });
  await expect.poll(() => dispatcher.asked.length).toBe(3);
  expect(dispatcher.asked.map(({ account }) => account)).toEqual([
    { platform: 'discord', user: guest, doubt: 'guest' },
    { platform: 'discord', user: bot, doubt: 'bot' },
    { platform: 'discord', user: foreign, doubt: 'foreign' },
  ]);
});

test('in a direct message the membership is looked up, and what cannot be is a doubt', async () => {
  const { bot, chat, server, dispatcher, clock } = scene;
  const card: Card = {
    tone: 'neutral',
    title: 'Told',
    buttons: [{ action: 'share:R1', label: 'Share', style: 'plain' }],
  };
  await bot.poster.tell({ platform: 'discord', user: accounts.ben }, card);
  const channel = [...server.state.channels.values()].find((one) => one.type === 1)?.id ?? '';
  const press = () => click(scene, 'share:R1', channel, accounts.ben);
  const doubts = () => dispatcher.asked.map(({ account }) => account.doubt);
  const before = server.requests.length;
  await press();
  await expect.poll(doubts).toEqual([undefined]);
  expect(server.requests.slice(before).filter((one) => one.includes('/members/'))).toEqual([]);
  clock.advance(6 * 60_000);
  server.fail({ match: /members/, times: 3, what: 500 });
  await press();
  await expect.poll(doubts).toEqual([undefined, 'unverified']);
  server.state.members.delete(accounts.ben);
  await press();
  await expect.poll(doubts).toEqual([undefined, 'unverified', 'foreign']);
  await chat.until('ben', 'dm', titled('You said share:R1'));
});

test('a redelivered interaction has no second effect', async () => {
  const { chat, dispatcher } = scene;
  await chat.type('ana', room, '/purser help');
  await chat.until('ana', room, titled('You said /purser help'));
  await chat.redeliver();
  await chat.type('ana', room, '/purser policy');
  await chat.until('ana', room, titled('You said /purser policy'));
  expect(dispatcher.asked).toHaveLength(2);
});

test('what somebody else has acknowledged is not done again', async () => {
  const { server, dispatcher, log } = scene;
  await send(server, 'purser', [{ type: 1, name: 'help', options: [] }]);
  await expect.poll(() => dispatcher.asked.length).toBe(1);
  const [first] = server.interactions;
  if (first === undefined) throw new Error('nothing was sent');
  // Another Purser with the same bot, which has not seen it.
  await scene.restart();
  server.redeliver(first);
  await expect.poll(() => log.text()).toContain('answered before');
  expect(dispatcher.asked).toHaveLength(1);
  expected = [/was answered twice/];
});

test('an acknowledgement whose answer was lost counts once', async () => {
  const { chat, server, dispatcher } = scene;
  server.fail({ match: /callback/, times: 1, what: 'cut' });
  await chat.type('ana', room, '/purser help');
  await chat.until('ana', room, titled('You said /purser help'));
  expect(dispatcher.asked).toHaveLength(1);
  expected = [/was answered twice/];
});

test.each([
  ['an error of Discord', 500, 2],
  ['a rate limit', 429, 2],
] as const)('survives %s at the acknowledgement and at the answer', async (_, what, times) => {
  const { chat, server } = scene;
  server.fail({ match: /callback/, times, what });
  server.fail({ match: /PATCH .*original/, times, what, isGlobal: true });
  await chat.type('ana', room, '/purser help');
  await chat.until('ana', room, titled('You said /purser help'));
});

test('what Discord does not take in time is not done, and is said in the log', async () => {
  const { server, dispatcher, log } = scene;
  server.fail({ match: /callback/, times: 9, what: 502 });
  void send(server, 'purser', [{ type: 1, name: 'help' }]);
  await expect
    .poll(() => log.text())
    .toContain('an answer was lost: Discord did not take the acknowledgement');
  expect(dispatcher.asked).toEqual([]);
});

test('an answer that was dismissed comes as a new message', async () => {
  const { chat, server, dispatcher } = scene;
  let open = () => {};
  dispatcher.answer(async () => {
    await new Promise<void>((resolve) => {
      open = resolve;
    });
    return say('Late');
  });
  await chat.type('ana', room, '/balance');
  await expect.poll(() => dispatcher.asked.length).toBe(1);
  server.state.messages.clear();
  open();
  expect(await chat.until('ana', room, titled('Late'))).toMatchObject({ isPrivate: true });
});

test('an answer for everybody says who asked, where the card does not', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer(() => say('All payouts are frozen', {}, { audience: 'channel' }));
  await chat.type('ana', room, '/purser freeze all strange');
  const seen = await chat.until('ben', room, titled('All payouts are frozen'));
  expect(seen.words).toContain('Asked by Ana Torres.');
  const own = chat.look('ana', room).filter(({ isPrivate }) => isPrivate);
  expect(own.map(({ title }) => title)).toEqual(['Shown to everybody here']);
});

test('a button in private is answered in its place, or beside it', async () => {
  const { chat, dispatcher } = scene;
  const buttons = [
    { action: 'payout.post:P1', label: 'Ask', style: 'primary' },
    { action: 'payout.drop:P1', label: 'Why', style: 'plain' },
  ] as const;
  dispatcher.answer(({ action }) => {
    if (action === undefined) return say('Preview', { buttons });
    return say(action, {}, action === 'payout.post:P1' ? { isInPlace: true } : {});
  });
  await chat.type('ana', room, '/balance');
  const preview = await chat.until('ana', room, titled('Preview'));
  await chat.press('ana', preview, 'Why');
  await chat.until('ana', room, titled('payout.drop:P1'));
  await chat.press('ana', preview, 'Ask');
  await chat.until('ana', room, titled('payout.post:P1'));
  const titles = chat.look('ana', room).map(({ title }) => title);
  expect(titles.sort()).toEqual(['payout.drop:P1', 'payout.post:P1']);
});

test('progress is shown while an answer is made, and never after it', async () => {
  const { chat, dispatcher } = scene;
  let open = () => {};
  dispatcher.answer(async (_asked, progress) => {
    progress({ tone: 'neutral', title: 'Asking', progress: { done: 1, of: 5 } });
    await new Promise<void>((resolve) => {
      open = resolve;
    });
    return say('Balances');
  });
  await chat.type('ana', room, '/balance');
  expect((await chat.until('ana', room, titled('Asking'))).words).toContain('1 of 5');
  open();
  await chat.until('ana', room, titled('Balances'));
  expect(chat.look('ana', room)).toHaveLength(1);
});

test('completions are values that Discord takes, and failing ones are none', async () => {
  const { chat, server, dispatcher } = scene;
  dispatcher.suggestions = [
    { line: '/balance payermax', label: 'payermax', help: 'PayerMax' },
    { line: '/balance x', label: 'x'.repeat(101), help: '' },
    ...Array.from({ length: 40 }, (_, index) => ({
      line: '',
      label: `p${index}`,
      help: 'h'.repeat(120),
    })),
  ];
  const offered = await chat.complete('ana', '/balance pay');
  expect(offered).toHaveLength(25);
  expect(offered.slice(0, 2)).toEqual(['payermax', 'p0']);
  expect(server.interactions.at(-1)?.choices?.[0]).toEqual({
    name: 'payermax · PayerMax',
    value: 'payermax',
  });
  dispatcher.complete = () => Promise.reject(new Error('broken'));
  expect(await chat.complete('ana', '/balance pay')).toEqual([]);
});

test('a line from another channel is answered there', async () => {
  const { chat } = scene;
  await chat.type('ana', other, '/purser help');
  await chat.until('ana', other, titled('You said /purser help'));
  expect(chat.look('ana', room)).toEqual([]);
});
