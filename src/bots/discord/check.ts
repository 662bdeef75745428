// Whether everything is as Purser needs it: token, server, channels, commands, people. Looks only,
// by REST, so that it needs no connection and is quick.
import { type APIGuildMember, type APIOverwrite, Routes } from 'discord.js';
import type { Finding } from '../types.ts';
import { codeOf, type DiscordApi, statusOf } from './api.ts';
import { explainDiscord } from './explain.ts';
import { type Application, findChannelProblem, type GuildFacts, type Home } from './home.ts';
import { computePermissions, inviteUrl, listMissing, type Standpoint } from './permissions.ts';
import { areSameCommands, type RegisteredCommand } from './registration.ts';
import type { Standings } from './standing.ts';

export interface CheckDeps {
  readonly api: DiscordApi;
  readonly home: Home;
  readonly standings: Standings;
  readonly commands: readonly RegisteredCommand[];
  readonly channels: readonly string[];
  /** Accounts of the team file here. */
  readonly people: readonly { readonly name: string; readonly user: string }[];
}

/** Never rejects. */
export async function checkDiscord(deps: CheckDeps): Promise<Finding[]> {
  const { home, channels, people } = deps;
  let application: Application;
  try {
    application = await home.getApplication();
  } catch (error) {
    const why = isAway(error) ? 'Discord is out of reach' : 'the token is refused';
    return [
      problem('Discord token', explainCheck(error)),
      unchecked('Discord server', why),
      ...listUnchecked(why),
    ];
  }
  const token = fine('Discord token', `The bot is “${application.name}”.`);
  let guild: GuildFacts;
  try {
    guild = await home.getGuild();
  } catch (error) {
    return [
      token,
      problem('Discord server', explainGuild(error, home, application)),
      ...listUnchecked(
        isAway(error) ? 'Discord is out of reach' : 'the bot must be in the server first',
      ),
    ];
  }
  const here = await lookAround(deps, application, guild);
  return [
    token,
    fine('Discord server', `The bot is in “${guild.name}”.`),
    await checkCommands(deps, application),
    ...(await Promise.all(channels.map((channel) => checkChannel(deps, here, channel)))),
    ...(await Promise.all(people.map((person) => checkPerson(deps, person)))),
  ];
}

function fine(what: string, text: string): Finding {
  return { level: 'fine', what, text };
}

function problem(what: string, text: string): Finding {
  return { level: 'problem', what, text };
}

/** One cause is one problem; what hangs on it is named, so that nobody takes it for fine. */
function unchecked(what: string, why: string): Finding {
  return { level: 'unchecked', what, text: `Not checked: ${why}.` };
}

function listUnchecked(why: string): Finding[] {
  const parts = ['Discord commands', 'Channels on Discord', 'People on Discord'];
  return parts.map((what) => unchecked(what, why));
}

function isAway(error: unknown): boolean {
  return codeOf(error) === undefined && statusOf(error) !== 401;
}

function explainCheck(error: unknown): string {
  const text = explainDiscord(error);
  return isAway(error) ? `${text} ${tryAgain}` : text;
}

const tryAgain = 'Look at discordstatus.com and at the network of this machine, then try again.';

export function explainGuild(error: unknown, home: Home, { id }: Application): string {
  const isOutside = [10004, 50001].includes(codeOf(error) ?? 0);
  if (!isOutside) return explainCheck(error);
  return `The bot is not in the server ${home.guild}: check DISCORD_GUILD_ID, or invite it with ${inviteUrl(id, home.guild)}`;
}

/** Undefined where the bot's own roles cannot be read. */
async function lookAround(
  { api, home }: CheckDeps,
  { user }: Application,
  { owner_id, roles }: GuildFacts,
): Promise<Standpoint | undefined> {
  try {
    const member = (await api.call('get', Routes.guildMember(home.guild, user))) as APIGuildMember;
    return {
      guild: home.guild,
      user,
      roles: member.roles,
      guildRoles: roles,
      isOwner: owner_id === user,
    };
  } catch {
    return undefined;
  }
}

async function checkCommands(
  { api, home, commands }: CheckDeps,
  { id }: Application,
): Promise<Finding> {
  const what = 'Discord commands';
  try {
    const found = await api.call('get', Routes.applicationGuildCommands(id, home.guild));
    return areSameCommands(found, commands)
      ? fine(what, `${commands.length} commands are registered.`)
      : fine(what, 'Those of this version are registered when Purser starts.');
  } catch (error) {
    return problem(what, explainCommands(error, home, id));
  }
}

export function explainCommands(error: unknown, home: Home, application: string): string {
  if (codeOf(error) !== 50001) return explainCheck(error);
  return `The bot may not register commands in the server: invite it again with ${inviteUrl(application, home.guild)}`;
}

async function checkChannel(
  { home }: CheckDeps,
  here: Standpoint | undefined,
  id: string,
): Promise<Finding> {
  const what = `discord:${id}`;
  try {
    const channel = await home.getChannel(id);
    const unfit = findChannelProblem(channel, home.guild);
    if (unfit !== undefined) return problem(what, `The channel ${unfit}`);
    const name = `#${channel.name ?? id}`;
    if (here === undefined) {
      return unchecked(what, `the bot’s own roles in the server could not be seen; try again`);
    }
    const overwrites =
      'permission_overwrites' in channel ? channel.permission_overwrites : undefined;
    const missing = listMissing(computePermissions(here, (overwrites ?? []) as APIOverwrite[]));
    if (missing.length === 0) return fine(what, `Purser may post in ${name}.`);
    return problem(
      what,
      `Purser lacks in ${name}: ${missing.join(', ')}. Allow it in the permissions of the channel, for the bot’s role.`,
    );
  } catch (error) {
    return problem(what, explainCheck(error));
  }
}

const doubtTexts = {
  foreign:
    'is not a member of the server: nothing is done for this account. Check the id in the team file.',
  guest:
    'is a guest of the server: nothing is done for this account. Invite the person as a member.',
  bot: 'is a bot: nothing is done for this account. Check the id in the team file.',
  deactivated: 'is deactivated: nothing is done for this account.',
  unverified: 'could not be looked up just now: try again.',
} as const;

async function checkPerson(
  { standings }: CheckDeps,
  { name, user }: { readonly name: string; readonly user: string },
): Promise<Finding> {
  const what = `${name} on Discord`;
  const doubt = await standings.findDoubt(user);
  return doubt === undefined
    ? fine(what, 'Is a member of the server.')
    : problem(what, `The account ${user} ${doubtTexts[doubt]}`);
}
