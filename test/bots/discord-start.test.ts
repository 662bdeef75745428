// How the bot comes up, stays up and goes down: tokens, servers, outages, sessions.
import { afterEach, expect, test } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { UserError } from '../../src/errors.ts';
import { startDiscordChat } from './discord-chat.ts';
import { accounts, type DiscordScene, openDiscordScene, other, room } from './discord-support.ts';

let scene: DiscordScene | undefined;
const rejections: unknown[] = [];
const keep = (reason: unknown) => void rejections.push(reason);
process.on('unhandledRejection', keep);

afterEach(async () => {
  await scene?.stop();
  expect(scene?.chat.complaints()).toEqual([]);
  scene = undefined;
  expect(rejections).toEqual([]);
});

const titled = (title: string) => (seen: { title: string }) => seen.title === title;
const openChat = () => startDiscordChat({ people: accounts, channels: [room, other] });

async function answers(open: DiscordScene): Promise<void> {
  const count = open.dispatcher.asked.length;
  await expect
    .poll(async () => {
      if (open.dispatcher.asked.length === count) await open.chat.type('ana', room, '/purser help');
      return open.dispatcher.asked.length;
    })
    .toBeGreaterThan(count);
  await open.chat.until('ana', room, titled('You said /purser help'));
}

test('it starts without any intent, and says where it answers', async () => {
  scene = await openDiscordScene({ isStarted: false });
  const { bot, dispatcher, server, log } = scene;
  const line = 'Discord: “Purser” in “Finance”, over the gateway';
  expect(await bot.start(dispatcher)).toEqual({ line });
  expect(scene.log.text()).toContain(line);
  expect(server.gateway.intents).toEqual([0]);
  expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  await expect(bot.start(dispatcher)).rejects.toThrow('running already');
});

test('commands are sent only when they differ from what Discord has', async () => {
  scene = await openDiscordScene();
  const { server } = scene;
  const puts = () => server.requests.filter((one) => one.startsWith('PUT')).length;
  expect(puts()).toBe(1);
  await scene.restart();
  expect(puts()).toBe(1);
  await scene.stop();
  scene = await openDiscordScene({ commands: commands.slice(1) });
  const first = scene.server.requests.filter((one) => one.startsWith('PUT')).length;
  expect(first).toBe(1);
});

test('a renamed command is registered', async () => {
  const chat = await openChat();
  const before = await openDiscordScene({ chat, commands: commands.slice(1) });
  await before.bot.stop();
  scene = await openDiscordScene({ chat });
  expect(chat.server.requests.filter((one) => one.startsWith('PUT'))).toHaveLength(2);
  expect(chat.server.state.commands.map(({ name }) => name)).toContain('balance');
});

test.each([
  [
    'a wrong token',
    { botToken: 'wrong' },
    'Discord refuses DISCORD_BOT_TOKEN: copy the token again from the Bot page of your application.',
  ],
  [
    'another server',
    { guildId: '300000000000000009' },
    'The bot is not in the server 300000000000000009: check DISCORD_GUILD_ID, or invite it with https://discord.com/oauth2/authorize?client_id=400000000000000001&scope=bot+applications.commands&permissions=309237763072&guild_id=300000000000000009&disable_guild_select=true',
  ],
])('%s is said in one sentence', async (_, config, text) => {
  scene = await openDiscordScene({ config, isStarted: false });
  const error: unknown = await scene.bot.start(scene.dispatcher).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(text.slice(0, 40));
  expect((error as UserError).message.replace(/permissions=\d+/, '')).toBe(
    text.replace(/permissions=\d+/, ''),
  );
});

test('a bot that may not register commands is said in one sentence', async () => {
  scene = await openDiscordScene({ isStarted: false });
  scene.server.state.mayRegister = false;
  const starting = scene.bot.start(scene.dispatcher);
  await expect(starting).rejects.toThrow(
    /^The bot may not register commands in the server: invite/,
  );
});

test('what is not in order is told at the start, one line each', async () => {
  scene = await openDiscordScene({ isStarted: false });
  scene.server.state.members.delete(accounts.ben);
  await scene.bot.start(scene.dispatcher);
  const said = scene.log.lines.filter(({ level }) => level === 'warn');
  expect(said).toMatchObject([
    {
      message: 'not everything in Discord is as it should be',
      fields: {
        what: 'Ben Ito on Discord',
        text: `The account ${accounts.ben} is not a member of the server: nothing is done for this account. Check the id in the team file.`,
      },
    },
  ]);
});

test('an outage at the start is waited for', async () => {
  scene = await openDiscordScene({ isStarted: false });
  const { bot, server, dispatcher, log } = scene;
  server.away();
  const starting = bot.start(dispatcher);
  await expect.poll(() => log.text()).toContain('it is tried again');
  server.back();
  await starting;
  await answers(scene);
});

test('a gateway that is away at the start is waited for', async () => {
  scene = await openDiscordScene({ isStarted: false });
  const { bot, server, dispatcher } = scene;
  server.fail({ match: /gateway/, times: 5, what: 500 });
  await bot.start(dispatcher);
  await answers(scene);
});

test('a long outage is survived', async () => {
  scene = await openDiscordScene();
  const { server, chat } = scene;
  await chat.away();
  await server.until(() => !server.gateway.isConnected, 'it is away');
  await chat.back();
  await answers(scene);
});

test('a token that is refused while it runs is said again and again, until it is right', async () => {
  scene = await openDiscordScene();
  const { server, log } = scene;
  server.fail({ match: /gateway/, times: 2, what: 401 });
  // Authentication failed: for good, by Discord's word.
  server.gateway.drop(4004);
  const said = () =>
    log.lines.filter(
      ({ level, message, fields }) =>
        level === 'error' &&
        message === 'nobody can use Purser in Discord' &&
        JSON.stringify(fields).includes('Discord refuses DISCORD_BOT_TOKEN'),
    );
  await expect.poll(() => said().length, { timeout: 5000 }).toBe(2);
  await server.until(() => server.gateway.isConnected, 'it is back');
  await answers(scene);
});

test('what happens while the socket is gone is heard when the session is resumed', async () => {
  scene = await openDiscordScene();
  const { server, chat, dispatcher } = scene;
  server.gateway.drop();
  await chat.type('ana', room, '/purser help');
  await chat.until('ana', room, titled('You said /purser help'));
  expect(server.gateway).toMatchObject({ resumed: 1, identified: 1 });
  expect(dispatcher.asked).toHaveLength(1);
});

test('it reconnects when Discord asks for it, and anew when its session is gone', async () => {
  scene = await openDiscordScene();
  const { server } = scene;
  server.gateway.send({ op: 7, d: null });
  await server.until(() => server.gateway.resumed === 1, 'it resumes');
  await answers(scene);
  server.gateway.send({ op: 9, d: false });
  await server.until(() => server.gateway.identified === 2, 'it identifies anew');
  await answers(scene);
});

test('a connection that Discord closes for good is made anew', async () => {
  scene = await openDiscordScene();
  const { server } = scene;
  server.gateway.drop(4013);
  await server.until(() => server.gateway.identified === 2, 'it identifies anew');
  await answers(scene);
});

test('it stops before, during and after everything, twice', async () => {
  const chat = await openChat();
  const unstarted = await openDiscordScene({ chat, isStarted: false });
  await unstarted.bot.stop();
  await unstarted.bot.stop();

  const starting = await openDiscordScene({ chat, isStarted: false });
  const begun = starting.bot.start(starting.dispatcher).catch((one: unknown) => one);
  await starting.bot.stop();
  await begun;

  const waiting = await openDiscordScene({ chat, isStarted: false });
  chat.server.away();
  const failed = waiting.bot.start(waiting.dispatcher).catch((one: unknown) => one);
  await expect.poll(() => waiting.log.text()).toContain('it is tried again');
  await waiting.bot.stop();
  expect(await failed).toBeInstanceOf(UserError);
  chat.server.back();

  scene = await openDiscordScene({ chat });
});

test('an outage is told once, and its end', async () => {
  scene = await openDiscordScene();
  const { server } = scene.chat;
  const told = () =>
    scene?.log.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message);
  const before = told()?.length;
  server.away();
  await server.until(() => server.gateway.refused >= 3, 'it tries again and again');
  server.back();
  await expect
    .poll(() => scene?.log.text(), { timeout: 8_000 })
    .toContain('connected to Discord again');
  expect(told()?.slice(before)).toEqual([
    'the connection to Discord is lost; reconnecting',
    'connected to Discord again',
  ]);
});

test('it does not come back after the end, though a reconnect was under way', async () => {
  const chat = await openChat();
  const ended = await openDiscordScene({ chat });
  scene = await openDiscordScene({ chat });
  chat.server.gateway.drop();
  await expect.poll(() => ended.log.text()).toContain('reconnecting');
  await Promise.all([ended.bot.stop(), ended.bot.stop()]);
  // The other one pauses as long before it comes back.
  await chat.server.until(() => chat.server.gateway.resumed > 0, 'the other one resumes');
  await answers(scene);
  expect(chat.server.gateway).toMatchObject({ identified: 2, resumed: 1 });
  expect(ended.dispatcher.asked).toEqual([]);
});

test('an answer that is under way is finished before the end', async () => {
  scene = await openDiscordScene();
  const { bot, chat, dispatcher } = scene;
  let open = () => {};
  dispatcher.answer(async () => {
    await new Promise<void>((resolve) => {
      open = resolve;
    });
    return { audience: 'asker', card: { tone: 'good', title: 'Done' } };
  });
  await chat.type('ana', room, '/balance');
  await expect.poll(() => dispatcher.asked.length).toBe(1);
  const stopping = bot.stop();
  open();
  await stopping;
  expect(chat.look('ana', room).map(({ title }) => title)).toEqual(['Done']);
});

test('an answer that does not come before the end is said to be lost', async () => {
  scene = await openDiscordScene();
  const { bot, chat, dispatcher, log } = scene;
  dispatcher.answer(() => new Promise(() => {}));
  await chat.type('ana', room, '/balance');
  await expect.poll(() => dispatcher.asked.length).toBe(1);
  await bot.stop();
  expect(log.text()).toContain('an answer was lost: Purser stopped before it was delivered');
});
