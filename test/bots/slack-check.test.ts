// What is said at start and by doctor: one clear line for each thing that is not as it should be.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { botScopes } from '../../src/bots/slack/index.ts';
import { type Finding, isWrong } from '../../src/bots/types.ts';
import { UserError } from '../../src/errors.ts';
import { tokens } from './slack-server/index.ts';
import { openSlackScene, type SlackScene } from './slack-support.ts';

let scene: SlackScene;
beforeEach(async () => {
  scene = await openSlackScene({ isStarted: false });
});
afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const notFine = async (): Promise<Finding[]> =>
  (await scene.bot.check()).filter(({ level }) => isWrong(level));

test('names everything that was looked at where all is well, and changes nothing', async () => {
  expect(await scene.bot.check()).toEqual([
    { level: 'fine', what: 'Slack token', text: '@purser in Acme (T01).' },
    { level: 'fine', what: 'Slack scopes', text: 'All are there.' },
    { level: 'fine', what: 'Slack app token', text: 'It opens a connection.' },
    { level: 'fine', what: 'slack:C01', text: 'Purser is in #c01.' },
    { level: 'fine', what: 'slack:C02', text: 'Purser is in #c02.' },
    { level: 'fine', what: 'Ana Torres on Slack', text: '@ana' },
    { level: 'fine', what: 'Ben Ito on Slack', text: '@ben' },
  ]);
  expect(scene.server.workspace.messages).toEqual([]);
});

test('asks for no scope that its calls do not need, and for each that they do', async () => {
  const used = new Set<string>();
  for (const { name } of botScopes) {
    const { scopes } = scene.server;
    scopes.clear();
    for (const scope of botScopes) if (scope.name !== name) scopes.add(scope.name);
    const [finding] = await notFine();
    if (finding?.text.startsWith(`Missing: ${name}.`)) used.add(name);
  }
  expect(used).toEqual(new Set(botScopes.map(({ name }) => name)));
});

test('names every scope that is missing at once', async () => {
  scene.server.scopes.delete('files:write');
  scene.server.scopes.delete('im:write');
  expect(await notFine()).toEqual([
    {
      level: 'problem',
      what: 'Slack scopes',
      text: expect.stringContaining('Missing: im:write, files:write.'),
    },
  ]);
});

test('says which channel it is not in, which is archived and which does not exist', async () => {
  const { channels } = scene.server.workspace;
  const first = channels.get('C01');
  if (first !== undefined) first.isMember = false;
  channels.delete('C02');
  expect(await notFine()).toEqual([
    {
      level: 'problem',
      what: 'slack:C01',
      text: 'Purser is not in #c01: write “/invite @purser” there.',
    },
    { level: 'problem', what: 'slack:C02', text: expect.stringContaining('check its id') },
  ]);
  if (first !== undefined) first.isArchived = true;
  expect((await notFine())[0]?.text).toContain('is archived');
});

test('says which person of the team file could not use it', async () => {
  const { users } = scene.server.workspace;
  const ana = users.get('U0ANA');
  if (ana !== undefined) ana.is_restricted = true;
  users.delete('U0BEN');
  expect(await notFine()).toEqual([
    {
      level: 'problem',
      what: 'Ana Torres on Slack',
      text: expect.stringContaining('is a guest and will be refused'),
    },
    {
      level: 'problem',
      what: 'Ben Ito on Slack',
      text: expect.stringContaining('no such person in this workspace'),
    },
  ]);
});

test('never rejects: an outage is a finding too', async () => {
  await scene.chat.away();
  const found = await scene.bot.check();
  expect(found.map(({ level, text }) => [level, text])).toEqual([
    [
      'problem',
      'Slack cannot be reached. Look at status.slack.com and at the network of this machine, then try again.',
    ],
    ...Array.from({ length: 4 }, () => ['unchecked', 'Not checked: Slack is out of reach.']),
  ]);
});

test('what is not fine is in the log at start, one line each, and the start goes on', async () => {
  const channel = scene.server.workspace.channels.get('C02');
  if (channel !== undefined) channel.isMember = false;
  await scene.bot.start(scene.dispatcher);
  const warnings = scene.log.lines.filter(({ level }) => level === 'warn');
  expect(warnings).toMatchObject([
    {
      message: 'not everything in Slack is as it should be',
      fields: { what: 'slack:C02', text: 'Purser is not in #c02: write “/invite @purser” there.' },
    },
  ]);
});

describe('a start that can never work throws one sentence', () => {
  test.each([
    [
      'a wrong bot token',
      { botToken: 'xoxb-wrong' },
      /does not accept SLACK_BOT_TOKEN \(invalid_auth\)/,
    ],
    [
      'a wrong app token',
      { appToken: 'xapp-wrong' },
      /does not accept SLACK_APP_TOKEN \(invalid_auth\)/,
    ],
  ])('%s', async (_, config, message) => {
    const other = await openSlackScene({ isStarted: false, config });
    const started = other.bot.start(other.dispatcher);
    await expect(started).rejects.toThrow(message);
    await expect(started).rejects.toBeInstanceOf(UserError);
    expect(other.log.text()).not.toContain('xapp-wrong');
    await other.stop();
  });

  test('a token that is no bot’s', async () => {
    scene.server.workspace.botId = '';
    await expect(scene.bot.start(scene.dispatcher)).rejects.toThrow('not the token of a bot');
    scene.server.workspace.botId = 'B0PURSER';
  });

  test('a revoked token', async () => {
    scene.server.fail('auth.test', { error: 'token_revoked' });
    await expect(scene.bot.start(scene.dispatcher)).rejects.toThrow('(token_revoked)');
  });

  test('an address that is no Slack', async () => {
    scene.server.fail('auth.test', { error: 'unknown_method' });
    await expect(scene.bot.start(scene.dispatcher)).rejects.toThrow('SLACK_API_URL');
  });
});

test('an app token that is revoked later is said, and nothing else breaks', async () => {
  await scene.bot.start(scene.dispatcher);
  scene.server.fail('apps.connections.open', { error: 'invalid_auth' });
  scene.server.fail('apps.connections.open', { error: 'invalid_auth' });
  scene.server.dropSockets();
  const said = () =>
    scene.log.lines.filter(
      ({ level, message, fields }) =>
        level === 'error' &&
        message === 'nobody can use Purser in Slack' &&
        JSON.stringify(fields).includes('SLACK_APP_TOKEN (invalid_auth)'),
    );
  // Again and again: one line of yesterday is seen by nobody.
  await expect.poll(() => said().length, { timeout: 5000 }).toBeGreaterThan(1);
  await scene.bot.poster.post('C01', { tone: 'neutral', title: 'Still here' });
  expect(tokens.app).not.toBe('');
});
