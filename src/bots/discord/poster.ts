// How Purser speaks in Discord without being asked. Words about a card go into the thread that hangs
// on its message.
import { createHash } from 'node:crypto';
import {
  type APIChannel,
  type APIMessage,
  ComponentType,
  Routes,
  ThreadAutoArchiveDuration,
} from 'discord.js';
import type { Card } from '../../commands/card.ts';
import type { Account, Poster } from '../../commands/types.ts';
import { BotError } from '../../errors.ts';
import { codeOf, type DiscordApi, isPassing } from './api.ts';
import type { Confirms } from './confirms.ts';
import { cutPlain, escapeLine } from './escape.ts';
import { toBotError } from './explain.ts';
import type { Home } from './home.ts';
import { limits } from './limits.ts';
import { type MessageExtras, type RenderedMessage, renderMessage } from './message.ts';
import type { Standings } from './standing.ts';

export interface DiscordPoster extends Poster {
  /** For this one person, as it is. Throws `BotError`. */
  send(account: Account, message: RenderedMessage): Promise<void>;
}

export interface PosterDeps {
  readonly api: DiscordApi;
  readonly home: Home;
  readonly standings: Standings;
  readonly confirms: Confirms;
  /** The account of a person of the team, where they have one here. */
  userOf(person: string): string | undefined;
  newId(): string;
}

const gone: readonly (number | undefined)[] = [10008];
const noThread: readonly (number | undefined)[] = [10003, 10008];
const threadIsThere = 160004;

export function createDiscordPoster(deps: PosterDeps): DiscordPoster {
  const { api, home, standings, confirms, userOf } = deps;

  const extrasOf = ({ mentions = [] }: Card): MessageExtras => ({
    mentioned: [...new Set(mentions.flatMap((person) => userOf(person) ?? []))],
  });

  /** A request that is repeated after a lost answer gives the message that it made before. */
  const create = async (channel: string, message: RenderedMessage, nonce: string) => {
    const { body, files } = message;
    const request = { body: { ...body, nonce, enforce_nonce: true }, files };
    const ask = () => api.call('post', Routes.channelMessages(channel), request);
    const created = await ask().catch((error: unknown) => {
      if (isPassing(error)) return ask();
      throw error;
    });
    return (created as APIMessage).id;
  };

  const newNonce = () =>
    createHash('sha256').update(deps.newId()).digest('hex').slice(0, nonceLength);

  /** A thread begins at a message and has its id. */
  const beginThread = async (channel: string, under: string): Promise<void> => {
    const route = Routes.threads(channel, under);
    const name = await nameThread(channel, under);
    const body = { name, auto_archive_duration: ThreadAutoArchiveDuration.ThreeDays };
    try {
      await api.call('post', route, { body });
    } catch (error) {
      if (codeOf(error) !== threadIsThere) throw error;
    }
  };

  const nameThread = async (channel: string, under: string): Promise<string> => {
    const message = (await api.call('get', Routes.channelMessage(channel, under))) as APIMessage;
    const [head = ''] = listTexts(message.components ?? []);
    const title = unescapeTitle(head.split('\n')[0] ?? '');
    return cutPlain(title, limits.threadNameMax) || 'Purser';
  };

  const postUnder = async (channel: string, under: string, message: RenderedMessage) => {
    const nonce = newNonce();
    try {
      return await create(under, message, nonce);
    } catch (error) {
      if (!noThread.includes(codeOf(error))) throw error;
    }
    await beginThread(channel, under);
    return create(under, message, nonce);
  };

  const send: DiscordPoster['send'] = async (account, message) => {
    const doubt = await standings.findDoubt(account.user);
    if (doubt !== undefined) {
      throw new BotError(`The Discord account ${account.user} was told nothing: it is ${doubt}.`);
    }
    try {
      const body = { recipient_id: account.user };
      const { id } = (await api.call('post', Routes.userChannels(), { body })) as APIChannel;
      await create(id, message, newNonce());
    } catch (cause) {
      throw toBotError(`The Discord account ${account.user} could not be told`, cause);
    }
  };

  return {
    platform: 'discord',
    hasThreads: true,
    send,
    async post(channel, card, under) {
      await home.checkChannel(channel);
      confirms.keep(card);
      const message = renderMessage(card, { ...extrasOf(card), isNotifying: true });
      try {
        if (under === undefined) return await create(channel, message, newNonce());
        return toThreadMessage(under, await postUnder(channel, under, message));
      } catch (cause) {
        throw toBotError(`Nothing could be posted in the Discord channel ${channel}`, cause);
      }
    },
    async update(channel, message, card) {
      await home.checkChannel(channel);
      confirms.keep(card);
      const { body, files } = renderMessage(card, extrasOf(card));
      const [place, id] = placeOf(channel, message);
      try {
        await api.call('patch', Routes.channelMessage(place, id), { body, files });
        return true;
      } catch (cause) {
        if (gone.includes(codeOf(cause))) return false;
        throw toBotError(`A card in the Discord channel ${channel} could not be changed`, cause);
      }
    },
    tell: (account, card) => {
      confirms.keep(card);
      return send(account, renderMessage(card, extrasOf(card)));
    },
    async find(channel, mark, sinceMs) {
      await home.checkChannel(channel);
      try {
        return await findMarked({ api, home }, { channel, mark: escapeLine(mark), sinceMs });
      } catch (cause) {
        throw toBotError(`The Discord channel ${channel} could not be read`, cause);
      }
    },
    linkTo(channel, message) {
      const [place, id] = placeOf(channel, message);
      return `https://discord.com/channels/${home.guild}/${place}/${id}`;
    },
  };
}

/** Discord takes 25 characters. */
const nonceLength = 24;

/** A message of a thread is found by both ids. */
function toThreadMessage(thread: string, message: string): string {
  return `${thread}/${message}`;
}

function placeOf(channel: string, message: string): readonly [place: string, id: string] {
  const [first = '', second] = message.split('/');
  return second === undefined ? [channel, first] : [first, second];
}

function unescapeTitle(line: string): string {
  return line
    .replace(/^## /, '')
    .replace(/\\([^\sA-Za-z0-9])/g, '$1')
    .replace('\u2060', '');
}

/** Discord gives the newest first, a hundred at a time. */
async function findMarked(
  { api, home }: Pick<PosterDeps, 'api' | 'home'>,
  { channel, mark, sinceMs }: { channel: string; mark: string; sinceMs: number },
): Promise<string | undefined> {
  const { user } = await home.getApplication();
  let before: string | undefined;
  for (let page = 0; page < limits.findPagesMax; page += 1) {
    const query = new URLSearchParams({
      limit: '100',
      ...(before === undefined ? {} : { before }),
    });
    const route = Routes.channelMessages(channel);
    const messages = (await api.call('get', route, { query })) as APIMessage[];
    for (const message of messages) {
      if (instantOf(message.id) < sinceMs) return undefined;
      const isOwn = message.author.id === user;
      const texts = isOwn ? listTexts(message.components ?? []) : [];
      // A line of its own in the small print, which no text of a person can be.
      if (texts.some((text) => text.split('\n').at(-1) === `-# ${mark}`)) return message.id;
    }
    before = messages.at(-1)?.id;
    if (messages.length < 100) return undefined;
  }
  return undefined;
}

/** Ids count milliseconds since 2015 in their upper bits. */
function instantOf(snowflake: string): number {
  return Number(BigInt(snowflake) >> 22n) + Date.UTC(2015, 0, 1);
}

function listTexts(components: NonNullable<APIMessage['components']>): string[] {
  return components.flatMap((top) =>
    (top.type === ComponentType.Container ? top.components : [top]).flatMap((part) =>
      part.type === ComponentType.TextDisplay ? [part.content] : [],
    ),
  );
}
