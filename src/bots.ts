// Makes the bots that are configured; the playground where none is. Each platform's SDK is loaded
// only where it is used.
import { randomBytes } from 'node:crypto';
import type { PlaygroundBotConfig } from './bots/playground/index.ts';
import type { Bot } from './bots/types.ts';
import type { Clock } from './clock.ts';
import type { Command, Platform } from './commands/types.ts';
import type { Log } from './log.ts';
import type { Team } from './team.ts';

export interface BotsConfig {
  readonly team: Team;
  /** For the playground, which runs where neither of the others does. */
  readonly playground: Omit<PlaygroundBotConfig, 'people' | 'channels'>;
}

export interface BotsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly commands: readonly Command[];
}

/** Does no I/O but loading code. */
export async function createBots(config: BotsConfig, deps: BotsDeps): Promise<Bot[]> {
  const { team, playground } = config;
  const newId = () => randomBytes(12).toString('hex');
  const depsFor = (platform: Platform) => ({
    ...deps,
    newId,
    people: team.people,
    channels: listChannels(team, platform),
  });
  const { createPlaygroundBot } = await import('./bots/playground/index.ts');
  const { people, channels } = depsFor('playground');
  return [createPlaygroundBot({ ...playground, people, channels }, { ...deps, newId })];
}

/** Every channel of the platform that the team file names, without the platform. */
function listChannels({ channels, digests }: Team, platform: Platform): string[] {
  const named = [...Object.values(channels).flat(), ...digests.flatMap(({ to }) => to)];
  const own = named.flatMap((name) =>
    name.startsWith(`${platform}:`) ? [name.slice(platform.length + 1)] : [],
  );
  return [...new Set(own)];
}
