// Discord's REST routes, as far as a bot like Purser may use them; every other is a complaint.
import { takeCommands } from './commands.ts';
import { Refused, refusals } from './errors.ts';
import type { Interactions } from './interactions.ts';
import { type Body, createMessage, editMessage, toMessageJson, type Upload } from './messages.ts';
import {
  type Channel,
  type Message,
  permissions,
  permissionsOf,
  type State,
  sees,
} from './state.ts';

export interface Call {
  readonly method: string;
  /** Without `/api/v10`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly uploads: readonly Upload[];
}

export interface RoutesDeps {
  readonly state: State;
  readonly interactions: Interactions;
  gatewayUrl(): string;
  now(): number;
  onChange(): void;
  complain(text: string): void;
}

type Handler = (call: Call, ...parts: string[]) => object | undefined;

/** Gives the JSON of a 200, undefined for a 204, or throws `Refused`. */
export function createRoutes(deps: RoutesDeps): (call: Call) => object | undefined {
  const { state, interactions, now, onChange } = deps;
  const nonces = new Map<string, Message>();

  const channelOf = (id: string, needs: bigint): Channel => {
    const channel = state.channels.get(id);
    if (channel === undefined) throw refusals.unknownChannel();
    if (!sees(state, state.bot.id, channel)) {
      // A channel of another server where the bot is too can be seen and posted to.
      if (channel.guild === undefined || channel.guild === state.guild)
        throw refusals.missingAccess();
      return channel;
    }
    const held = permissionsOf(state, state.bot.id, channel);
    if ((held & needs) !== needs) throw refusals.missingPermissions();
    return channel;
  };
  const messageOf = (channel: string, id: string): Message => {
    const message = state.messages.get(id);
    if (message?.channel !== channel || message.isPrivate) throw refusals.unknownMessage();
    return message;
  };
  const post = (call: Call, id: string): object => {
    const isThread = state.channels.get(id)?.type === 11;
    const files = call.uploads.length > 0 ? permissions.attachFiles : 0n;
    const sending = isThread ? permissions.sendMessagesInThreads : permissions.sendMessages;
    const channel = channelOf(id, sending | files);
    const recipient = state.users.get(channel.recipient ?? '');
    if (channel.type === 1 && recipient?.takesDirectMessages === false)
      throw refusals.closedMessages();
    const body = call.body as Body;
    const { nonce, enforce_nonce } = body;
    if (nonce !== undefined && String(nonce).length > 25)
      throw refusals.invalidForm(['nonce is long']);
    const key = `${id} ${nonce}`;
    const known = enforce_nonce ? nonces.get(key) : undefined;
    if (known !== undefined) return toMessageJson(state, known);
    const message = createMessage(
      state,
      { channel: id, isPrivate: false },
      body,
      call.uploads,
      now(),
    );
    if (nonce !== undefined) nonces.set(key, message);
    onChange();
    return toMessageJson(state, message);
  };
  const guild = (id: string) => {
    if (id !== state.guild) throw refusals.unknownGuild();
    if (!state.isBotInGuild) throw refusals.missingAccess();
  };

  const table: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
    [
      'GET',
      /^\/gateway\/bot$/,
      () => ({
        url: deps.gatewayUrl(),
        shards: 1,
        session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
      }),
    ],
    [
      'GET',
      /^\/applications\/@me$/,
      () => ({
        id: state.application,
        name: 'Purser',
        description: '',
        icon: null,
        bot_public: false,
        flags: 0,
        bot: { ...state.bot, discriminator: '0', avatar: null },
      }),
    ],
    ['GET', /^\/users\/@me$/, () => ({ ...state.bot, discriminator: '0', avatar: null })],
    [
      'GET',
      /^\/guilds\/(\d+)$/,
      (_call, id = '') => {
        guild(id);
        return {
          id,
          name: 'Finance',
          owner_id: state.owner,
          roles: [...state.roles.values()].map((role) => ({ ...role, name: role.id, position: 0 })),
        };
      },
    ],
    [
      'GET',
      /^\/guilds\/(\d+)\/members\/(\d+)$/,
      (_call, id = '', user = '') => {
        guild(id);
        const member = state.members.get(user);
        if (member !== undefined) return { ...member, joined_at: '2024-01-01T00:00:00Z' };
        throw state.users.has(user) ? refusals.unknownMember() : refusals.unknownUser();
      },
    ],
    [
      'GET',
      /^\/applications\/(\d+)\/guilds\/(\d+)\/commands$/,
      (_call, _app, id = '') => {
        guild(id);
        if (!state.mayRegister) throw refusals.missingAccess();
        return state.commands;
      },
    ],
    [
      'PUT',
      /^\/applications\/(\d+)\/guilds\/(\d+)\/commands$/,
      (call, _app, id = '') => {
        guild(id);
        if (!state.mayRegister) throw refusals.missingAccess();
        const { application, newId } = state;
        const taken = takeCommands(call.body, { application, guild: id, newId });
        if ('problems' in taken) throw refusals.invalidForm(taken.problems);
        state.commands = taken.commands;
        return taken.commands;
      },
    ],
    ['GET', /^\/channels\/(\d+)$/, (_call, id = '') => toChannelJson(channelOf(id, 0n))],
    ['POST', /^\/channels\/(\d+)\/messages$/, (call, id = '') => post(call, id)],
    [
      'GET',
      /^\/channels\/(\d+)\/messages$/,
      (call, id = '') => {
        channelOf(id, permissions.readMessageHistory);
        const before = BigInt(call.query.get('before') ?? '9'.repeat(19));
        return [...state.messages.values()]
          .filter((one) => one.channel === id && !one.isPrivate && BigInt(one.id) < before)
          .reverse()
          .slice(0, Number(call.query.get('limit') ?? 50))
          .map((one) => toMessageJson(state, one));
      },
    ],
    [
      'GET',
      /^\/channels\/(\d+)\/messages\/(\d+)$/,
      (_call, id = '', message = '') => {
        channelOf(id, permissions.readMessageHistory);
        return toMessageJson(state, messageOf(id, message));
      },
    ],
    [
      'PATCH',
      /^\/channels\/(\d+)\/messages\/(\d+)$/,
      (call, id = '', messageId = '') => {
        channelOf(id, 0n);
        const message = messageOf(id, messageId);
        if (message.author !== state.bot.id) throw refusals.notAuthor();
        editMessage(state, message, call.body as Body, call.uploads);
        onChange();
        return toMessageJson(state, message);
      },
    ],
    [
      'POST',
      /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/,
      (call, id = '', messageId = '') => {
        const channel = channelOf(id, permissions.createPublicThreads);
        const message = messageOf(id, messageId);
        if (message.hasThread) throw refusals.threadExists();
        const { name = '' } = call.body as { name?: string };
        if (name.length < 1 || name.length > 100)
          throw refusals.invalidForm(['name has 1 to 100 characters']);
        message.hasThread = true;
        const thread: Channel = {
          id: message.id,
          type: 11,
          name,
          overwrites: [],
          parent: id,
          ...(channel.guild === undefined ? {} : { guild: channel.guild }),
        };
        state.channels.set(thread.id, thread);
        return toChannelJson(thread);
      },
    ],
    [
      'POST',
      /^\/users\/@me\/channels$/,
      (call) => {
        const { recipient_id: user = '' } = call.body as { recipient_id?: string };
        const known = [...state.channels.values()].find((one) => one.recipient === user);
        if (known !== undefined) return toChannelJson(known);
        if (!state.users.has(user)) throw refusals.invalidForm(['recipient_id is nobody']);
        const channel: Channel = {
          id: state.newId(),
          type: 1,
          name: '',
          overwrites: [],
          recipient: user,
        };
        state.channels.set(channel.id, channel);
        return toChannelJson(channel);
      },
    ],
    [
      'POST',
      /^\/interactions\/(\d+)\/([^/]+)\/callback$/,
      (call, id = '', token = '') => {
        const answered = interactions.respond(id, token, call.body, call.uploads);
        return call.query.get('with_response') === 'true' ? answered : undefined;
      },
    ],
    [
      'PATCH',
      /^\/webhooks\/(\d+)\/([^/]+)\/messages\/([^/]+)$/,
      (call, _app, token = '', id = '') =>
        interactions.edit(token, id, call.body as Body, call.uploads),
    ],
    [
      'GET',
      /^\/webhooks\/(\d+)\/([^/]+)\/messages\/([^/]+)$/,
      (_call, _app, token = '', id = '') => interactions.get(token, id),
    ],
    [
      'DELETE',
      /^\/webhooks\/(\d+)\/([^/]+)\/messages\/([^/]+)$/,
      (_call, _app, token = '', id = '') => {
        interactions.remove(token, id);
        return undefined;
      },
    ],
    [
      'POST',
      /^\/webhooks\/(\d+)\/([^/]+)$/,
      (call, _app, token = '') => interactions.followUp(token, call.body as Body, call.uploads),
    ],
  ];

  return (call) => {
    for (const [method, path, handler] of table) {
      const parts = call.method === method ? path.exec(call.path) : null;
      if (parts === null) continue;
      try {
        return handler(call, ...parts.slice(1));
      } catch (error) {
        if (error instanceof Refused && error.code === 50035) {
          deps.complain(`${method} ${call.path}: ${JSON.stringify(error.details)}`);
        }
        throw error;
      }
    }
    deps.complain(`${call.method} ${call.path} is no route of Discord`);
    throw refusals.unknownRoute();
  };
}

function toChannelJson({ id, type, guild, name, overwrites, parent }: Channel): object {
  return {
    id,
    type,
    name,
    ...(guild === undefined ? {} : { guild_id: guild, permission_overwrites: overwrites }),
    ...(parent === undefined ? {} : { parent_id: parent }),
  };
}

/** Those that need no bot token: the token in the path is enough. */
export function isOpenRoute(path: string): boolean {
  return /^\/(interactions|webhooks)\//.test(path);
}
