// What is wrong is said in one clear line each, by `npm run doctor` and, where it ends the start, by the
// start: with the real SDKs against the local Slack and Discord, and the five simulators.
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Finding } from '../src/bots/types.ts';
import { examine } from '../src/doctor.ts';
import {
  accounts,
  channels,
  depsOf,
  loadTownConfig,
  openTown,
  type Town,
  type TownOptions,
} from './town/index.ts';

let town: Town | undefined;
afterEach(async () => {
  await town?.stop();
  town = undefined;
});

async function settle(options: TownOptions = {}): Promise<Town> {
  town = await openTown({ isAsleep: true, ...options });
  return town;
}

/** All that is not fine, but for the guest whom every town has. */
async function findWrong(
  { environment, teamFile, clock, log }: Town,
  clockOffMs = 0,
): Promise<string[]> {
  const off = { ...clock, now: () => clock.now() + clockOffMs };
  const findings = await examine(loadTownConfig(environment, teamFile), depsOf(off, log));
  return findings.flatMap((one) => (isWrong(one) ? [`${one.what}: ${one.text}`] : []));
}

function isWrong({ level, what }: Finding): boolean {
  return (level === 'warning' || level === 'problem') && !what.startsWith('Gus');
}

test('a town where all is well is told so, and its guest is named on both platforms', async () => {
  const here = await settle();
  await here.startPurser();
  const config = loadTownConfig(here.environment, here.teamFile);
  const findings = await examine(config, depsOf(here.clock, here.log));
  const wrong = findings.filter(({ level }) => level !== 'fine');
  expect(wrong.map(({ level, what, text }) => [level, what, text])).toEqual([
    ['problem', 'Gus Weber on Slack', expect.stringContaining('U0GUS is a guest')],
    ['problem', 'Gus Weber on Discord', expect.stringContaining('is a guest of the server')],
  ]);
  expect(findings.every(({ text }) => !text.includes('\n'))).toBe(true);
});

describe('a wrong token', () => {
  test.each([
    ['SLACK_BOT_TOKEN', 'xoxb-wrong', /Slack does not accept SLACK_BOT_TOKEN .*Copy it again/],
    ['SLACK_APP_TOKEN', 'xapp-wrong', /Slack does not accept SLACK_APP_TOKEN .*connections:write/],
    ['DISCORD_BOT_TOKEN', 'wrong', /Discord refuses DISCORD_BOT_TOKEN: copy the token again/],
    [
      'DISCORD_GUILD_ID',
      '999999999999999999',
      /is not in the server 9{18}: check DISCORD_GUILD_ID/,
    ],
  ])('%s is one line, and the start says the same and ends', async (name, value, line) => {
    const here = await settle({ environment: { [name]: value } });
    const wrong = await findWrong(here);
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toMatch(line);
    await expect(here.startPurser()).rejects.toThrow(line);
    await expect(here.startPurser()).rejects.toMatchObject({ name: 'UserError' });
  });
});

test('missing scopes are named once, with what does not work without them', async () => {
  const here = await settle();
  here.slack.server.scopes.delete('files:write');
  here.slack.server.scopes.delete('users:read');
  expect(await findWrong(here)).toEqual([
    'Slack scopes: Missing: users:read, files:write. Put the manifest of “npm run manifest” into the app and install it again.',
  ]);
});

/** What a start says in the log of what is not as it should be. */
function listTold({ log }: Town): string[] {
  return log.lines.map(({ fields }) => {
    const { what, text }: { what?: unknown; text?: unknown } = fields;
    return `${what}: ${text}`;
  });
}

test('a channel that the bot is not in, or that is not there, is named; the start goes on', async () => {
  const here = await settle();
  const slackChannel = here.slack.server.workspace.channels.get(channels.slack.audit);
  if (slackChannel !== undefined) slackChannel.isMember = false;
  here.discord.server.state.channels.delete(channels.discord.alerts);
  const lines = [
    'slack:C02: Purser is not in #c02: write “/invite @purser” there.',
    `discord:${channels.discord.alerts}: Discord knows no channel with this id: check it in the team file.`,
  ];
  expect(await findWrong(here)).toEqual(lines);
  await here.startPurser();
  expect(listTold(here)).toEqual(expect.arrayContaining(lines));
});

test('people whom a platform does not know, or not as people, are named with their account', async () => {
  const here = await settle();
  here.slack.server.workspace.users.delete(accounts.slack.ben);
  const cy = here.slack.server.workspace.users.get(accounts.slack.cy);
  if (cy !== undefined) cy.deleted = true;
  here.discord.server.state.members.delete(accounts.discord.ana);
  const wrong = await findWrong(here);
  expect(wrong).toEqual([
    expect.stringMatching(/^Ben Okafor on Slack: .*U0BEN .*no such person in this workspace/),
    expect.stringMatching(/^Cy Lindqvist on Slack: .*U0CY is deactivated and will be refused/),
    expect.stringMatching(/^Ana Torres on Discord: .*100000000000000001 is not a member/),
  ]);
  await here.startPurser();
  expect(listTold(here)).toEqual(expect.arrayContaining(wrong));
});

test('a command under another name is answered in Slack, and registered anew in Discord', async () => {
  const here = await settle();
  here.discord.server.state.commands = here.discord.server.state.commands.slice(1);
  await here.startPurser();
  expect(await findWrong(here)).toEqual([]);
  await here.chat('slack').type('ana', 'approvals', '/saldo payermax');
  const told = await here.chat('slack').until('ana', 'approvals', ({ isPrivate }) => isPrivate);
  expect(told.words).toContain('saldo');
});

test('a provider that refuses is named, with what to check', async () => {
  const here = await settle({ environment: { PAYERMAX_APP_ID: 'wrong' } });
  here.sandbox('alignet').switchFault({ name: 'http_500' });
  expect(await findWrong(here)).toEqual([
    expect.stringMatching(/^Alignet: Alignet has a problem of its own \(HTTP 500\)/),
    expect.stringMatching(/^PayerMax: .*Check PAYERMAX_APP_ID/),
  ]);
});

test('a clock that is off is said by how much, and once, whoever refuses because of it', async () => {
  const here = await settle();
  const wrong = await findWrong(here, 600_000);
  expect(wrong).toEqual([
    expect.stringMatching(/^Clock: This machine’s clock is (599|600|601) s off: .*NTP/),
  ]);
});

test('a data folder that cannot be made is said, and ends the start in a sentence', async () => {
  const here = await settle({ environment: { DATA_DIR: '/dev/null/data' } });
  const wrong = await findWrong(here);
  expect(wrong).toEqual([
    expect.stringMatching(/cannot be written by this user.*set DATA_DIR to another folder/),
  ]);
  await expect(here.startPurser()).rejects.toThrow(/\/dev\/null\/data.*DATA_DIR/);
});

test('a data folder that is not there yet is made at the start, however deep', async () => {
  const here = await settle();
  const environment = { ...here.environment, DATA_DIR: join(here.dataDir, 'not', 'yet', 'there') };
  expect(await findWrong({ ...here, environment })).toEqual([]);
});

test('several at once are all said, each in its line', async () => {
  const here = await settle({ environment: { SLACK_BOT_TOKEN: 'xoxb-wrong' } });
  here.discord.server.state.channels.delete(channels.discord.audit);
  here.sandbox('smilepayz').switchFault({ name: 'http_500' });
  const wrong = await findWrong(here);
  expect(wrong.map((line) => line.split(':')[0])).toEqual(['Slack token', 'discord', 'SmilePayz']);
});
