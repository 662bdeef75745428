// Makes the bots that are configured; the playground where none is. Each platform's SDK is loaded
// only where it is used.
import { randomBytes } from 'node:crypto';
import type { DiscordBotConfig } from './bots/discord/index.ts';
import type { PlaygroundBotConfig } from './bots/playground/index.ts';
import type { SlackBotConfig } from './bots/slack/index.ts';
import type { Bot } from './bots/types.ts';
import type { Clock } from './clock.ts';
import type { Command, Platform } from './commands/types.ts';
import type { Log } from './log.ts';
import { newReference } from './names.ts';
import type { Team } from './team.ts';

export interface BotsConfig {
  readonly slack?: SlackBotConfig;
  readonly discord?: DiscordBotConfig;
  readonly team: Team;
  /** For the playground, which runs where neither of the others does. */
  readonly playground: Omit<PlaygroundBotConfig, 'people' | 'channels'>;
}

export interface BotsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly commands: readonly Command[];
  /** Where several replicas serve a platform: false for an event that one of them has taken. */
  takeOnce?(key: string): Promise<boolean>;
}

/** Does no I/O but loading code. */
export async function createBots(config: BotsConfig, deps: BotsDeps): Promise<Bot[]> {
  const { slack, discord, team, playground } = config;
  const newId = () => randomBytes(12).toString('hex');
  const depsFor = (platform: Platform) => ({
    ...deps,
    ...{ newId, newReference },
    people: team.people,
    channels: listChannels(team, platform),
  });
  const bots: Bot[] = [];
  if (slack !== undefined) {
    const { createSlackBot } = await import('./bots/slack/index.ts');
    bots.push(createSlackBot(slack, depsFor('slack')));
  }
  if (discord !== undefined) {
    const { createDiscordBot } = await import('./bots/discord/index.ts');
    bots.push(createDiscordBot(discord, depsFor('discord')));
  }
  if (bots.length > 0) return bots;
  const { createPlaygroundBot } = await import('./bots/playground/index.ts');
  const { people, channels } = depsFor('playground');
  return [
    createPlaygroundBot({ ...playground, people, channels }, { ...deps, newId, newReference }),
  ];
}

/** Every channel of the platform that the team file names, without the platform. */
function listChannels({ channels, digests }: Team, platform: Platform): string[] {
  const named = [...Object.values(channels).flat(), ...digests.flatMap(({ to }) => to)];
  const own = named.flatMap((name) =>
    name.startsWith(`${platform}:`) ? [name.slice(platform.length + 1)] : [],
  );
  return [...new Set(own)];
}

/** For `npm run manifest`: what Slack's “From a manifest” takes. */
export async function renderSlackManifest(
  commands: readonly Command[],
  publicUrl: string | undefined,
): Promise<object> {
  const { renderManifest } = await import('./bots/slack/index.ts');
  return renderManifest(commands, publicUrl === undefined ? {} : { publicUrl });
}
