// How Purser speaks in Slack without being asked. It works before `start` too: it needs the token only.
import type { Card } from '../../commands/card.ts';
import type { Poster } from '../../commands/types.ts';
import { BotError } from '../../errors.ts';
import type { Person } from '../../team.ts';
import { postTo } from './answers.ts';
import type { SlackApi } from './api.ts';
import { explain, toFailure } from './failure.ts';
import type { FilePlace } from './files.ts';
import type { Identity } from './identity.ts';
import type { RenderOptions } from './layout.ts';
import { renderMessage } from './render.ts';
import { type SendingDeps, sendCard } from './sending.ts';
import { unescapeText } from './text.ts';

export interface PosterDeps extends SendingDeps {
  readonly api: SlackApi;
  readonly people: readonly Person[];
  /** Asked once; throws `SlackFailure`. */
  identity(): Promise<Identity>;
  /** Once it was asked for. */
  knownIdentity(): Identity | undefined;
}

/** Of the history: enough for a day in a busy channel. */
const pagesMax = 10;
const pageSize = 200;

export function createSlackPoster(deps: PosterDeps): Poster {
  const { api, files, people } = deps;

  const post = async (channel: string, card: Card, under?: string) => {
    const mentions = await listMentions(card, deps);
    const send = (one: Card, options: Partial<RenderOptions>) =>
      postTo(api, channel, renderMessage(one, { ...options, mentions }), under);
    const placeOf = async (ts: string): Promise<FilePlace> => ({ channel, under: under ?? ts });
    return sendCard(card, { send, placeOf }, deps);
  };

  return {
    platform: 'slack',
    hasThreads: true,
    post: (channel, card, under) => orBotError(channel, () => post(channel, card, under)),
    update: (channel, message, card) =>
      orBotError(channel, async () => {
        const send = async (one: Card, options: Partial<RenderOptions>) => {
          const rendered = renderMessage(one, options);
          await api.call((client) => client.chat.update({ channel, ts: message, ...rendered }));
        };
        try {
          await sendCard(card, { send, placeOf: async () => undefined }, deps);
          return true;
        } catch (error) {
          const failure = toFailure(error);
          if (goneCodes.has(failure.code)) return false;
          throw failure;
        }
      }),
    async tell({ user }, card) {
      await orBotError(undefined, async () => post(await files.openDirect(user), card));
    },
    find: (channel, mark, sinceMs) =>
      orBotError(channel, async () => findMessage(channel, mark, sinceMs, deps)),
    linkTo(channel, message) {
      const origin = deps.knownIdentity()?.url ?? 'https://slack.com/';
      return `${origin}archives/${channel}/p${message.replace('.', '')}`;
    },
  };

  async function orBotError<Result>(
    channel: string | undefined,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const failure = toFailure(error);
      const where = channel === undefined ? 'A Slack user' : `Slack channel ${channel}`;
      throw new BotError(`${where} could not be reached. ${explain(failure)}`, { cause: error });
    }
  }

  async function listMentions({ mentions = [] }: Card, { identity }: PosterDeps) {
    if (mentions.length === 0) return [];
    const { team } = await identity();
    return mentions.flatMap((id) => {
      const person = people.find((one) => one.id === id);
      const accounts = [person?.slack ?? []].flat();
      return accounts.flatMap((account) => (account.team === team ? [account.user] : []));
    });
  }
}

/** https://docs.slack.dev/reference/methods/chat.update#errors, read 2026-11-26. */
const goneCodes = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

async function findMessage(
  channel: string,
  mark: string,
  sinceMs: number,
  { api, identity }: PosterDeps,
): Promise<string | undefined> {
  const { user, botId } = await identity();
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const found = await api.call((client) =>
      client.conversations.history({
        channel,
        oldest: (sinceMs / 1000).toFixed(6),
        inclusive: true,
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    // Newest first, as Slack gives them.
    const own = found.messages?.find(
      (message) =>
        (message.user === user || message.bot_id === botId) && carries(message.blocks, mark),
    );
    if (own !== undefined) return own.ts;
    cursor = found.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return undefined;
  }
  return undefined;
}

/**
 * The mark is the last of the small print, and only there it counts: the same words in a note that a
 * person wrote do not make a message another one. Slack gives texts back with the signs of markup
 * escaped.
 */
function carries(blocks: readonly object[] = [], mark: string): boolean {
  const context = blocks.findLast((block) => 'type' in block && block.type === 'context');
  const elements: unknown =
    context !== undefined && 'elements' in context ? context.elements : undefined;
  const last: unknown = Array.isArray(elements) ? elements.at(-1) : undefined;
  if (typeof last !== 'object' || last === null || !('text' in last)) return false;
  const { text } = last;
  return typeof text === 'string' && (text === mark || unescapeText(text) === mark);
}
