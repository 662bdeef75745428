// The whole of Purser between a local Slack, a local Discord and the five simulators, all over HTTP
// with the real SDKs: what a team sees when it works with both. Only the people and time are played.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Clock } from '../../src/clock.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { providerModules } from '../../src/providers/registry.ts';
import { type RunningSandbox, startSandbox } from '../../src/providers/sandbox.ts';
import { type RunningPurser, startPurser } from '../../src/purser.ts';
import { deliverNotifications } from '../../src/sandboxes.ts';
import type { Chat } from '../bots/chat.ts';
import { type DiscordChat, startDiscordChat } from '../bots/discord-chat.ts';
import { type SlackChat, startSlackChat } from '../bots/slack-chat.ts';
import { openTestDatabase } from '../store/test-database.ts';
import { createRecordingLog } from '../support.ts';
import { accounts, channels, composeTeamFile, type Platform } from './team.ts';

export type { Platform, Townsperson } from './team.ts';
export { accounts, channels } from './team.ts';

export interface Town {
  readonly platforms: readonly Platform[];
  readonly slack: SlackChat;
  readonly discord: DiscordChat;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly clock: HurriedClock;
  readonly dataDir: string;
  /** What a Purser of this town is told, and reads. */
  readonly environment: Readonly<Record<string, string>>;
  readonly teamFile: string;
  /** The chat of a platform, with channels by their use: `approvals`, `audit`, `alerts`. */
  chat(platform: Platform): Chat;
  sandbox(provider: string): RunningSandbox;
  /** What the provider says of every order of this amount on its books. */
  orders(provider: string, amount: string): string[];
  /** Stops Purser and starts another on the same data, as after an upgrade. */
  restart(): Promise<void>;
  startPurser(): Promise<void>;
  stopPurser(): Promise<void>;
  /** What nobody may ever see: rejections that nobody took, errors in the log, complaints. */
  listTroubles(): string[];
  stop(): Promise<void>;
}

export interface TownOptions {
  /** Both, when absent. */
  readonly platforms?: readonly Platform[];
  /** Keys of the team file that are other than usual. */
  readonly team?: object;
  /** Variables that are other than usual. */
  readonly environment?: Readonly<Record<string, string>>;
  /** So many Pursers on one PostgreSQL; without it, one with a data folder. */
  readonly replicas?: number;
  /** Purser is started later, by `startPurser`. */
  readonly isAsleep?: boolean;
}

export async function openTown(options: TownOptions = {}): Promise<Town> {
  const { platforms = ['slack', 'discord'] } = options;
  const log = createRecordingLog();
  const clock = createHurriedClock();
  const [slack, discord, dataDir, sandboxes] = await Promise.all([
    startSlackChat({ people: accounts.slack, channels: Object.values(channels.slack) }),
    startDiscordChat({ people: accounts.discord, channels: Object.values(channels.discord) }),
    mkdtemp(join(tmpdir(), 'purser-town-')),
    startAllSandboxes(clock),
  ]);
  makeGuests(slack, discord);
  const database = options.replicas === undefined ? undefined : await openTestDatabase();
  const environment = {
    DATA_DIR: dataDir,
    ...(database === undefined ? {} : { DATABASE_URL: database.url }),
    HTTP_PORT: '0',
    ...(platforms.includes('slack') ? slackEnvironment(slack) : {}),
    ...(platforms.includes('discord') ? discordEnvironment(discord) : {}),
    ...Object.assign({}, ...sandboxes.map((one) => one.environment)),
    ...options.environment,
  };
  const teamFile = composeTeamFile({ platforms, sandboxes, changes: options.team ?? {} });
  const pursers: RunningPurser[] = [];
  const town: Pick<Town, 'startPurser' | 'stopPurser'> = {
    async startPurser() {
      const config = loadTownConfig(environment, teamFile);
      const deps = { ...depsOf(clock, log), tickMs: 20, hasNoPace: true };
      for (let count = 0; count < (options.replicas ?? 1); count += 1) {
        pursers.push(await startPurser(config, deps));
      }
    },
    async stopPurser() {
      await Promise.all(pursers.splice(0).map((purser) => purser.stop()));
    },
  };
  if (options.isAsleep !== true) await town.startPurser();
  const delivering = setInterval(() => void deliverNotifications(sandboxes, log), 20);
  const rejections: string[] = [];
  const onRejection = (error: unknown) => void rejections.push(`unhandled rejection: ${error}`);
  process.on('unhandledRejection', onRejection);
  const sandbox = (provider: string) => {
    const found = sandboxes.find(({ id }) => id === provider);
    if (found === undefined) throw new Error(`no sandbox of ${provider}`);
    return found;
  };
  return {
    ...town,
    platforms,
    slack,
    discord,
    log,
    clock,
    dataDir,
    environment,
    teamFile,
    sandbox,
    chat: (platform) => withUses(platform === 'slack' ? slack : discord, channels[platform]),
    orders: (provider, wanted) =>
      sandbox(provider)
        .books()
        .filter(({ amount, currency }) => `${amount} ${currency}` === wanted)
        .map(({ status }) => status),
    async restart() {
      await town.stopPurser();
      await town.startPurser();
    },
    listTroubles: () => [
      ...rejections,
      ...log.lines.flatMap(({ level, message, fields }) =>
        level === 'error' ? [`${message} ${inspect(fields, { depth: 6 })}`] : [],
      ),
      ...slack.complaints().map((text) => `Slack: ${text}`),
      ...discord.complaints().map((text) => `Discord: ${text}`),
    ],
    async stop() {
      clearInterval(delivering);
      await town.stopPurser();
      process.off('unhandledRejection', onRejection);
      await Promise.all([slack.stop(), discord.stop(), ...sandboxes.map((one) => one.close())]);
      await database?.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function loadTownConfig(
  environment: Readonly<Record<string, string>>,
  teamFile: string,
): Config {
  return loadConfig({
    environment,
    readFile: (path) => (path === './team.yaml' ? teamFile : undefined),
    exampleTeamFile: '/nowhere',
    modules: providerModules,
  });
}

export function depsOf(clock: Clock, log: Town['log']) {
  const machine = { nodeVersion: process.versions.node, envFile: '/nowhere/.env' };
  return { clock, openLog: () => log, modules: providerModules, assetsDir: '/nowhere', machine };
}

export async function startAllSandboxes(clock: Clock): Promise<RunningSandbox[]> {
  return await Promise.all(
    providerModules.map(async (module) => {
      const createSandbox = await module.loadSandbox();
      return await startSandbox(createSandbox({ clock }), { clock });
    }),
  );
}

export function makeGuests(slack: SlackChat, discord: DiscordChat): void {
  const guest = slack.server.workspace.users.get(accounts.slack.gus);
  if (guest !== undefined) guest.is_restricted = true;
  const member = discord.server.state.members.get(accounts.discord.gus);
  if (member !== undefined) member.flags |= isGuestFlag;
}

/** https://discord.com/developers/docs/resources/guild#guild-member-object, read 2026-11-26. */
const isGuestFlag = 1 << 4;

export function slackEnvironment({ botConfig }: SlackChat): Record<string, string> {
  const { botToken, appToken, apiUrl } = botConfig;
  return { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl };
}

export function discordEnvironment({ botConfig }: DiscordChat): Record<string, string> {
  const { botToken, guildId, apiUrl } = botConfig;
  return { DISCORD_BOT_TOKEN: botToken, DISCORD_GUILD_ID: guildId, DISCORD_API_URL: apiUrl };
}

export interface HurriedClock extends Clock {
  advance(ms: number): void;
}

/** Waits a fiftieth of what it is told, so that outages of seconds are over in a moment. */
export function createHurriedClock(): HurriedClock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    advance(ms) {
      offsetMs += ms;
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.ceil(ms / 50))),
  };
}

export function withUses(chat: Chat, ids: Readonly<Record<string, string>>): Chat {
  const idOf = (channel: string) => ids[channel] ?? channel;
  return {
    ...chat,
    type: (who, channel, line) => chat.type(who, idOf(channel), line),
    look: (who, channel) => chat.look(who, idOf(channel)),
    until: (who, channel, fits) => chat.until(who, idOf(channel), fits),
  };
}
