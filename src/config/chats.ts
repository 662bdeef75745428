// The chat platforms' part of the configuration: which of them is on, and whether it could work.
import type { ConfigProblem } from '../errors.ts';
import type { EnvironmentVariable } from '../providers/types.ts';
import { listAccounts, type Team } from '../team.ts';
import type { Locate } from './issues.ts';

export interface SlackConfig {
  readonly botToken: string;
  /** Socket Mode; the other of the two is absent. */
  readonly appToken?: string;
  /** Slack calls Purser, at `PUBLIC_URL`. */
  readonly signingSecret?: string;
  /** Ends in a slash. */
  readonly apiUrl: string;
}

export interface DiscordConfig {
  readonly botToken: string;
  readonly guildId: string;
  readonly apiUrl: string;
}

/** Neither: the playground. */
export interface ChatsConfig {
  readonly slack?: SlackConfig;
  readonly discord?: DiscordConfig;
}

const slackApiUrl = 'https://slack.com/api';
const discordApiUrl = 'https://discord.com/api';

export const slackVariables: readonly EnvironmentVariable[] = [
  secret(
    'SLACK_BOT_TOKEN',
    'Copy the “Bot User OAuth Token” of your Slack app; it begins with xoxb-.',
  ),
  secret(
    'SLACK_APP_TOKEN',
    'Socket Mode: copy an app-level token with connections:write; it begins with xapp-.',
  ),
  secret(
    'SLACK_SIGNING_SECRET',
    'Instead of SLACK_APP_TOKEN, where Slack is to call Purser: it then needs HTTP_PORT and PUBLIC_URL.',
  ),
  url('SLACK_API_URL', slackApiUrl, 'Another address is for tests.'),
];

export const discordVariables: readonly EnvironmentVariable[] = [
  secret('DISCORD_BOT_TOKEN', 'Copy the token of your Discord application’s bot.'),
  {
    name: 'DISCORD_GUILD_ID',
    kind: 'text',
    isRequired: false,
    help: 'Copy the id of your Discord server: 17 to 19 digits.',
  },
  url('DISCORD_API_URL', discordApiUrl, 'Another address is for tests.'),
];

function secret(name: string, help: string): EnvironmentVariable {
  return { name, kind: 'secret', isRequired: false, help };
}

function url(name: string, defaultValue: string, help: string): EnvironmentVariable {
  return { name, kind: 'url', isRequired: false, defaultValue, help };
}

type Values = Readonly<Record<string, string | undefined>>;

/** Whether somebody wants a chat platform: with a mistake in it too. */
export function isChatWanted(environment: Values): boolean {
  return [...slackVariables, ...discordVariables].some(({ name }) =>
    [name, `${name}_FILE`].some((one) => (environment[one]?.trim() ?? '') !== ''),
  );
}

/** What is on; every mistake in the variables is added to the problems. */
export function readChats(values: Values, problems: ConfigProblem[]): ChatsConfig {
  const slack = readSlack(values, problems);
  const discord = readDiscord(values, problems);
  return { ...(slack && { slack }), ...(discord && { discord }) };
}

function readSlack(values: Values, problems: ConfigProblem[]): SlackConfig | undefined {
  if (!isAnySet(slackVariables, values, problems)) return undefined;
  const before = problems.length;
  const [botToken, appToken, signingSecret] = [
    values['SLACK_BOT_TOKEN'],
    values['SLACK_APP_TOKEN'],
    values['SLACK_SIGNING_SECRET'],
  ];
  const apiUrl = values['SLACK_API_URL'] ?? slackApiUrl;
  const isReal = apiUrl === slackApiUrl;
  requireVariable('SLACK_BOT_TOKEN', 'Slack', values, problems);
  checkPrefix('SLACK_BOT_TOKEN', isReal ? botToken : undefined, 'xoxb-', problems);
  checkPrefix('SLACK_APP_TOKEN', isReal ? appToken : undefined, 'xapp-', problems);
  if (appToken !== undefined && signingSecret !== undefined) {
    problems.push({
      path: 'SLACK_SIGNING_SECRET',
      problem: 'SLACK_APP_TOKEN is set too, and Slack uses only one of the two ways.',
      remedy: 'Keep SLACK_APP_TOKEN for Socket Mode, which needs no address of your own.',
    });
  } else if (
    [appToken, signingSecret].every((one) => one === undefined) &&
    !isReported('SLACK_APP_TOKEN', problems) &&
    !isReported('SLACK_SIGNING_SECRET', problems)
  ) {
    problems.push({
      path: 'SLACK_APP_TOKEN',
      problem: 'Slack is switched on, but Purser cannot hear anything from it.',
      remedy: `${slackVariables[1]?.help}`,
    });
  }
  if (signingSecret !== undefined) {
    for (const name of ['HTTP_PORT', 'PUBLIC_URL']) {
      if (values[name] !== undefined || isReported(name, problems)) continue;
      problems.push({
        path: name,
        problem: 'With SLACK_SIGNING_SECRET Slack calls Purser, but this is not set.',
        remedy: 'Set it, or use SLACK_APP_TOKEN instead.',
      });
    }
  }
  if (problems.length > before || botToken === undefined) return undefined;
  return {
    botToken,
    apiUrl: `${apiUrl}/`,
    ...(appToken === undefined ? {} : { appToken }),
    ...(signingSecret === undefined ? {} : { signingSecret }),
  };
}

function readDiscord(values: Values, problems: ConfigProblem[]): DiscordConfig | undefined {
  if (!isAnySet(discordVariables, values, problems)) return undefined;
  const before = problems.length;
  const [botToken, guildId] = [values['DISCORD_BOT_TOKEN'], values['DISCORD_GUILD_ID']];
  requireVariable('DISCORD_BOT_TOKEN', 'Discord', values, problems);
  requireVariable('DISCORD_GUILD_ID', 'Discord', values, problems);
  if (guildId !== undefined && !/^\d{17,19}$/.test(guildId)) {
    problems.push({
      path: 'DISCORD_GUILD_ID',
      problem: 'It is no id of a Discord server.',
      remedy: 'It has 17 to 19 digits: right-click the server’s name with Developer Mode on.',
    });
  }
  if (problems.length > before || botToken === undefined || guildId === undefined) return undefined;
  return { botToken, guildId, apiUrl: values['DISCORD_API_URL'] ?? discordApiUrl };
}

function isAnySet(
  variables: readonly EnvironmentVariable[],
  values: Values,
  problems: readonly ConfigProblem[],
): boolean {
  return variables.some(({ name }) => values[name] !== undefined || isReported(name, problems));
}

function isReported(name: string, problems: readonly ConfigProblem[]): boolean {
  return problems.some(({ path }) => path === name || path === `${name}_FILE`);
}

function requireVariable(
  name: string,
  platform: string,
  values: Values,
  problems: ConfigProblem[],
): void {
  if (values[name] !== undefined || isReported(name, problems)) return;
  const variable = [...slackVariables, ...discordVariables].find((one) => one.name === name);
  const problem = `${platform} is switched on, but this is not set.`;
  problems.push({ path: name, problem, remedy: variable?.help ?? 'Set it.' });
}

/** Slack hands out several tokens, and the wrong one fails with words that do not say so. */
function checkPrefix(
  name: string,
  value: string | undefined,
  prefix: string,
  problems: ConfigProblem[],
): void {
  if (value === undefined || value.startsWith(prefix)) return;
  const variable = slackVariables.find((one) => one.name === name);
  const problem = `This is another kind of token: it does not begin with ${prefix}`;
  problems.push({ path: name, problem: `${problem}.`, remedy: variable?.help ?? '' });
}

/** What the team file lacks for these platforms: requests that nobody would see or could decide. */
export function findChatProblems(
  team: Pick<Team, 'people' | 'channels' | 'approvals' | 'digests'>,
  chats: ChatsConfig,
  locate: Locate,
): ConfigProblem[] {
  const platforms = (['slack', 'discord'] as const).filter((one) => chats[one] !== undefined);
  if (platforms.length === 0) return [];
  const isHere = (key: string) => platforms.some((platform) => key.startsWith(`${platform}:`));
  const problems: ConfigProblem[] = [];
  if (!team.people.some((person) => listAccounts(person).some(isHere))) {
    problems.push({
      path: locate(['people']),
      problem: `Nobody has an account on ${platforms.join(' or ')}, so Purser would know nobody.`,
      remedy: 'Write slack: { team, user } or discord: { user } beside each person.',
    });
  }
  if (team.approvals.length > 0 && !team.channels.approvals.some(isHere)) {
    problems.push({
      path: locate(['channels', 'approvals']),
      problem: `No channel of ${platforms.join(' or ')} is named, so nobody would see a request.`,
      remedy: 'Write slack:<channel id> or discord:<channel id> there.',
    });
  }
  return [...problems, ...findPlaygroundOnly(team, locate)];
}

/** What the example left behind: beside a chat platform the playground is off, and nobody would read it. */
function findPlaygroundOnly(
  { channels: { audit, alerts }, digests }: Pick<Team, 'channels' | 'digests'>,
  locate: Locate,
): ConfigProblem[] {
  const uses: { keys: (string | number)[]; to: readonly string[] }[] = [
    { keys: ['channels', 'audit'], to: audit },
    { keys: ['channels', 'alerts'], to: alerts },
    ...digests.map(({ to }, index) => ({ keys: ['digests', index, 'to'], to })),
  ];
  return uses.flatMap(({ keys, to }): ConfigProblem[] => {
    if (to.length === 0 || !to.every((key) => key.startsWith('playground:'))) return [];
    return [
      {
        path: locate(keys),
        problem: `Only ${to.join(' and ')} is named, and the playground is off beside a chat platform.`,
        remedy: 'Write slack:<channel id> or discord:<channel id> there, or take the line out.',
      },
    ];
  });
}
