// Which application and server this bot is at home in. Asked once; both stay what they are.
import {
  type APIApplication,
  type APIChannel,
  type APIGuild,
  type APIUser,
  ChannelType,
  Routes,
} from 'discord.js';
import { BotError } from '../../errors.ts';
import type { DiscordApi } from './api.ts';
import { toBotError } from './explain.ts';

export type GuildFacts = Pick<APIGuild, 'id' | 'name' | 'owner_id' | 'roles'>;

export interface Application {
  readonly id: string;
  /** The account of the bot; the same id but for the oldest applications. */
  readonly user: string;
  readonly name: string;
}

export interface Home {
  readonly guild: string;
  /** Rejects with what Discord said. */
  getApplication(): Promise<Application>;
  getGuild(): Promise<GuildFacts>;
  getChannel(id: string): Promise<APIChannel>;
  /** Throws `BotError` for a channel where Purser must not post, like one of another server. */
  checkChannel(id: string): Promise<void>;
}

export function createHome(api: DiscordApi, guild: string): Home {
  let application: Application | undefined;
  const good = new Set<string>();
  const getChannel = async (id: string) =>
    (await api.call('get', Routes.channel(id))) as APIChannel;
  return {
    guild,
    getChannel,
    async getApplication() {
      if (application !== undefined) return application;
      const found = (await api.call('get', Routes.currentApplication())) as APIApplication;
      const bot = found.bot ?? ((await api.call('get', Routes.user())) as APIUser);
      application = { id: found.id, user: bot.id, name: bot.username };
      return application;
    },
    async getGuild() {
      return (await api.call('get', Routes.guild(guild))) as GuildFacts;
    },
    async checkChannel(id) {
      if (good.has(id)) return;
      let channel: APIChannel;
      try {
        channel = await getChannel(id);
      } catch (cause) {
        throw toBotError(`Nothing could be posted in the Discord channel ${id}`, cause);
      }
      const problem = findChannelProblem(channel, guild);
      if (problem !== undefined) throw new BotError(`The Discord channel ${id} ${problem}`);
      good.add(id);
    },
  };
}

/** The rest of a sentence about it. */
export function findChannelProblem(channel: APIChannel, guild: string): string | undefined {
  const home = 'guild_id' in channel ? channel.guild_id : undefined;
  if (home !== guild) {
    return 'is not of the server DISCORD_GUILD_ID: take a channel of that server.';
  }
  const isText =
    channel.type === ChannelType.GuildText || channel.type === ChannelType.GuildAnnouncement;
  return isText ? undefined : 'is no text channel: take the id of a text channel.';
}
