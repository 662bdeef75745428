// What doctor says about Discord, and what a poster says when it cannot do what it should.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { BotError } from '../../src/errors.ts';
import { permissions } from './discord-server/index.ts';
import { accounts, type DiscordScene, openDiscordScene, other, room } from './discord-support.ts';

let scene: DiscordScene;

beforeEach(async () => {
  scene = await openDiscordScene({ isStarted: false });
});

afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const names = new Set(commands.map(({ path }) => path[0]));
const card = { tone: 'neutral', title: 'Waiting' } as const;
const bot = '400000000000000001';
const deny = (bits: bigint, id = scene.server.state.guild) =>
  ({ id, type: 0, allow: '0', deny: String(bits) }) as const;

async function findingsOf(what: string) {
  const findings = await scene.bot.check();
  return findings.filter((one) => one.what === what).map(({ level, text }) => `${level}: ${text}`);
}

test('all is fine before it was ever started, but for the commands', async () => {
  expect(await scene.bot.check()).toEqual([
    { level: 'fine', what: 'Discord token', text: 'The bot is “Purser”.' },
    { level: 'fine', what: 'Discord server', text: 'The bot is in “Finance”.' },
    {
      level: 'fine',
      what: 'Discord commands',
      text: 'Those of this version are registered when Purser starts.',
    },
    { level: 'fine', what: `discord:${room}`, text: 'Purser may post in #channel.' },
    { level: 'fine', what: `discord:${other}`, text: 'Purser may post in #channel.' },
    { level: 'fine', what: 'Ana Torres on Discord', text: 'Is a member of the server.' },
    { level: 'fine', what: 'Ben Ito on Discord', text: 'Is a member of the server.' },
  ]);
  expect(scene.server.gateway.identified).toBe(0);
  expect(scene.server.requests.filter((one) => !one.startsWith('GET'))).toEqual([]);
  await scene.bot.start(scene.dispatcher);
  expect(await findingsOf('Discord commands')).toEqual([
    `fine: ${names.size} commands are registered.`,
  ]);
});

test('an outage is one problem, and what it hides is named', async () => {
  scene.server.away();
  expect(await scene.bot.check()).toEqual([
    {
      level: 'problem',
      what: 'Discord token',
      text: 'Discord cannot be reached just now. Look at discordstatus.com and at the network of this machine, then try again.',
    },
    ...['Discord server', 'Discord commands', 'Channels on Discord', 'People on Discord'].map(
      (what) => ({ level: 'unchecked', what, text: 'Not checked: Discord is out of reach.' }),
    ),
  ]);
});

test('permissions that a channel takes away are named', async () => {
  const channel = scene.server.state.channels.get(room);
  if (channel === undefined) throw new Error('no channel');
  channel.overwrites = [deny(permissions.attachFiles | permissions.readMessageHistory)];
  expect(await findingsOf(`discord:${room}`)).toEqual([
    'problem: Purser lacks in #channel: Attach Files, Read Message History. Allow it in the permissions of the channel, for the bot’s role.',
  ]);
  // What is allowed to the bot itself counts more than what is denied to everybody.
  channel.overwrites = [
    deny(permissions.attachFiles),
    { id: bot, type: 1, allow: String(permissions.attachFiles), deny: '0' },
  ];
  expect(await findingsOf(`discord:${room}`)).toEqual(['fine: Purser may post in #channel.']);
  channel.overwrites = [deny(permissions.viewChannel)];
  expect(await findingsOf(`discord:${room}`)).toEqual([
    'problem: The bot may not see this: let its role view the channel.',
  ]);
});

test('a channel that is gone, of another server or without text is said', async () => {
  const { state } = scene.server;
  state.channels.delete(room);
  scene.server.addChannel(other, 'elsewhere', '300000000000000002');
  expect(await findingsOf(`discord:${room}`)).toEqual([
    'problem: Discord knows no channel with this id: check it in the team file.',
  ]);
  expect(await findingsOf(`discord:${other}`)).toEqual([
    'problem: The channel is not of the server DISCORD_GUILD_ID: take a channel of that server.',
  ]);
  state.channels.set(other, {
    id: other,
    type: 2,
    guild: state.guild,
    name: 'voice',
    overwrites: [],
  });
  expect(await findingsOf(`discord:${other}`)).toEqual([
    'problem: The channel is no text channel: take the id of a text channel.',
  ]);
});

test('people who are not there, or are no people, are said', async () => {
  const { members, users } = scene.server.state;
  members.delete(accounts.ana);
  const ben = users.get(accounts.ben);
  if (ben === undefined) throw new Error('no ben');
  ben.bot = true;
  expect(await findingsOf('Ana Torres on Discord')).toEqual([
    `problem: The account ${accounts.ana} is not a member of the server: nothing is done for this account. Check the id in the team file.`,
  ]);
  expect(await findingsOf('Ben Ito on Discord')).toEqual([
    `problem: The account ${accounts.ben} is a bot: nothing is done for this account. Check the id in the team file.`,
  ]);
});

test('a poster says in a sentence why it could not post', async () => {
  const { poster } = scene.bot;
  const { state } = scene.server;
  const failed = async (posting: Promise<unknown>) => {
    const error: unknown = await posting.catch((one: unknown) => one);
    expect(error).toBeInstanceOf(BotError);
    return (error as BotError).message;
  };
  scene.server.addChannel('200000000000000009', 'elsewhere', '300000000000000002');
  expect(await failed(poster.post('200000000000000009', card))).toBe(
    'The Discord channel 200000000000000009 is not of the server DISCORD_GUILD_ID: take a channel of that server.',
  );
  const channel = state.channels.get(room);
  if (channel === undefined) throw new Error('no channel');
  channel.overwrites = [deny(permissions.sendMessages)];
  expect(await failed(poster.post(room, card))).toBe(
    `Nothing could be posted in the Discord channel ${room}. The bot may not do this here: docs/discord.md lists the permissions that its role needs.`,
  );
  const ben = state.users.get(accounts.ben);
  if (ben === undefined) throw new Error('no ben');
  ben.takesDirectMessages = false;
  expect(await failed(poster.tell({ platform: 'discord', user: accounts.ben }, card))).toBe(
    `The Discord account ${accounts.ben} could not be told. This person takes no direct messages from the bot: they can allow them for the server.`,
  );
  state.members.delete(accounts.ana);
  expect(await failed(poster.tell({ platform: 'discord', user: accounts.ana }, card))).toBe(
    `The Discord account ${accounts.ana} was told nothing: it is foreign.`,
  );
  scene.server.away();
  expect(await failed(poster.update(room, '1', card))).toContain(
    'Discord cannot be reached just now.',
  );
});

test('a message whose answer was lost is posted once', async () => {
  const { server, bot: one } = scene;
  server.fail({ match: /POST .channels.\d+.messages/, times: 1, what: 'cut' });
  const id = await one.poster.post(room, card);
  expect(scene.chat.look('ben', room).map((seen) => seen.id)).toEqual([id]);
});

test('a thread is named after its card, and its messages can be changed and found again', async () => {
  const { poster } = scene.bot;
  const id = await poster.post(room, { ...card, title: '125.50 USD *to* Maria #1' });
  const reply = await poster.post(room, { ...card, title: 'It still waits' }, id);
  expect(scene.server.state.channels.get(id)).toMatchObject({
    name: '125.50 USD *to* Maria #1',
    parent: room,
  });
  expect(await poster.update(room, reply, { ...card, title: 'Changed' })).toBe(true);
  expect(scene.chat.look('ben', room).map(({ title }) => title)).toContain('Changed');
  const { guild } = scene.server.state;
  expect(poster.linkTo?.(room, id)).toBe(`https://discord.com/channels/${guild}/${room}/${id}`);
  expect(poster.linkTo?.(room, reply)).toBe(`https://discord.com/channels/${guild}/${reply}`);
});

test('a mark is found behind hundreds of messages, and not before its time', async () => {
  const { poster } = scene.bot;
  const marked = { ...card, mark: 'digest_2026-11-26 · a*b' };
  const id = await poster.post(room, marked);
  const { createdMs } = scene.server.state.messages.get(id) ?? { createdMs: 0 };
  for (let count = 0; count < 250; count += 1) {
    const copy = scene.server.state.newId();
    const message = scene.server.state.messages.get(id);
    if (message !== undefined) {
      scene.server.state.messages.set(copy, { ...message, id: copy, components: [] });
    }
  }
  expect(await poster.find(room, marked.mark, 0)).toBe(id);
  expect(await poster.find(room, marked.mark, createdMs + 60_000)).toBeUndefined();
  const foreign = { ...(scene.server.state.messages.get(id) ?? {}), author: accounts.eve } as never;
  scene.server.state.messages.set(id, foreign);
  expect(await poster.find(room, marked.mark, 0)).toBeUndefined();
});

test('only a post notifies those whom it calls', async () => {
  const { poster } = scene.bot;
  const id = await poster.post(room, {
    ...card,
    mentions: ['ben', 'nobody'],
    text: `<@${accounts.ana}> @everyone`,
  });
  const seen = () => scene.server.state.messages.get(id);
  expect(seen()).toMatchObject({ notified: [accounts.ben], isEverybodyNotified: false });
  await poster.update(room, id, { ...card, mentions: ['ana'] });
  expect(seen()?.notified).toEqual([accounts.ben]);
});
