// What people do becomes an interaction, and the bot's answers to it are held against the rules: one
// first answer within three seconds, of a kind that fits, and a token that lives fifteen minutes.
import { findModalProblems } from './components.ts';
import { refusals } from './errors.ts';
import { type Body, createMessage, editMessage, toMessageJson, type Upload } from './messages.ts';
import type { Component, Message, State } from './state.ts';

export type InteractionKind = 'command' | 'component' | 'completion' | 'modal';

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly kind: InteractionKind;
  readonly user: string;
  readonly channel: string;
  readonly createdMs: number;
  /** The message with the button, also of a modal that a button opened. */
  readonly source?: Message;
  readonly payload: Record<string, unknown>;
  /** Whether the bot had a chance to hear of it. */
  isDelivered: boolean;
  answer?: number;
  /** `performance.now()` when the first answer was here, before it was looked at. */
  answeredAtMs?: number;
  /** `@original`. */
  original?: Message;
  /** Of what was shown first; those are harmless, further messages are not. */
  edits: number;
  followUps: number;
  choices?: readonly { readonly name: string; readonly value: string }[];
  /** Calls when the first answer is there. */
  onAnswer: (() => void)[];
}

export interface OpenModal {
  readonly custom_id: string;
  readonly title: string;
  readonly components: readonly Component[];
  readonly from: Interaction;
}

export interface Interactions {
  create(parts: NewInteraction): Interaction;
  /** The first answer. */
  respond(id: string, token: string, body: unknown, uploads: readonly Upload[]): object | undefined;
  edit(token: string, message: string, body: Body, uploads: readonly Upload[]): object;
  followUp(token: string, body: Body, uploads: readonly Upload[]): object;
  remove(token: string, message: string): void;
  get(token: string, message: string): object;
  readonly modals: Map<string, OpenModal>;
  readonly all: readonly Interaction[];
}

export interface NewInteraction {
  readonly kind: InteractionKind;
  readonly user: string;
  readonly channel: string;
  readonly data: object;
  readonly source?: Message;
  /** Where it comes from, if not from the server of the channel. */
  readonly guild?: string;
}

export interface InteractionsDeps {
  readonly state: State;
  now(): number;
  complain(text: string): void;
  onChange(): void;
}

const types = { command: 2, component: 3, completion: 4, modal: 5 } as const;
const firstAnswerMs = 3_000;
const tokenMs = 15 * 60_000;
const ephemeralFlag = 1 << 6;

export function createInteractions({
  state,
  now,
  complain,
  onChange,
}: InteractionsDeps): Interactions {
  const all: Interaction[] = [];
  const byToken = new Map<string, Interaction>();
  const modals = new Map<string, OpenModal>();

  const withToken = (token: string): Interaction => {
    const found = byToken.get(token);
    if (found === undefined) throw refusals.unknownWebhook();
    if (now() - found.createdMs > tokenMs) {
      complain('a token was used after fifteen minutes');
      throw refusals.expiredToken();
    }
    return found;
  };
  const messageOf = (interaction: Interaction, id: string): Message => {
    const message = id === '@original' ? interaction.original : state.messages.get(id);
    if (message === undefined || !state.messages.has(message.id)) throw refusals.unknownMessage();
    return message;
  };
  const show = (interaction: Interaction, body: Body, uploads: readonly Upload[]) =>
    createMessage(
      state,
      { channel: interaction.channel, viewer: interaction.user },
      body,
      uploads,
      now(),
    );

  return {
    all,
    modals,
    create({ kind, user, channel, data, source, guild }) {
      const id = state.newId();
      const token = `token-${id}`;
      const interaction: Interaction = {
        id,
        token,
        kind,
        user,
        channel,
        createdMs: now(),
        ...(source === undefined ? {} : { source }),
        payload: compose(state, { id, token, kind, user, channel, data, source, guild }),
        isDelivered: false,
        edits: 0,
        followUps: 0,
        onAnswer: [],
      };
      all.push(interaction);
      byToken.set(token, interaction);
      return interaction;
    },
    respond(id, token, body, uploads) {
      const answeredAtMs = performance.now();
      const known = byToken.get(token);
      const interaction = known?.id === id ? known : undefined;
      if (interaction === undefined || now() - interaction.createdMs > firstAnswerMs) {
        if (interaction) complain(`the first answer to ${describe(interaction)} is late`);
        throw refusals.unknownInteraction();
      }
      if (interaction.answer !== undefined) {
        complain(`${describe(interaction)} was answered twice`);
        throw refusals.acknowledged();
      }
      const { type, data = {} } = body as { type: number; data?: Record<string, unknown> };
      respondAs(interaction, type, data, uploads);
      interaction.answer = type;
      interaction.answeredAtMs = answeredAtMs;
      for (const tell of interaction.onAnswer.splice(0)) tell();
      onChange();
      const { original } = interaction;
      return {
        interaction: { id, type: types[interaction.kind] },
        ...(original === undefined
          ? {}
          : { resource: { type, message: toMessageJson(state, original) } }),
      };
    },
    edit(token, id, body, uploads) {
      const interaction = withToken(token);
      if (interaction.answer === undefined) throw refusals.unknownWebhook();
      const message = messageOf(interaction, id);
      editMessage(state, message, body, uploads);
      interaction.edits += 1;
      onChange();
      return toMessageJson(state, message);
    },
    followUp(token, body, uploads) {
      const interaction = withToken(token);
      if (interaction.answer === undefined) throw refusals.unknownWebhook();
      interaction.followUps += 1;
      const { original } = interaction;
      // Discord puts the first further message where it still shows that the bot is thinking.
      if (interaction.answer === 5 && original?.isThinking && state.messages.has(original.id)) {
        if (((body.flags ?? 0) & ephemeralFlag) === 0 && original.isPrivate) {
          complain(
            'a message for everybody took the place of a private answer, and became private',
          );
        }
        editMessage(state, original, body, uploads);
        onChange();
        return toMessageJson(state, original);
      }
      const message = show(interaction, body, uploads);
      onChange();
      return toMessageJson(state, message);
    },
    remove(token, id) {
      const message = messageOf(withToken(token), id);
      state.messages.delete(message.id);
      onChange();
    },
    get: (token, id) => toMessageJson(state, messageOf(withToken(token), id)),
  };

  function respondAs(
    interaction: Interaction,
    type: number,
    data: Record<string, unknown>,
    uploads: readonly Upload[],
  ): void {
    const { kind, source, user, channel } = interaction;
    const isCompletion = kind === 'completion';
    if (isCompletion !== (type === 8)) throw invalid(`type ${type} is no answer to a ${kind}`);
    switch (type) {
      case 4:
        interaction.original = show(interaction, data, uploads);
        return;
      case 5:
        interaction.original = think(
          channel,
          user,
          ((data['flags'] as number) & ephemeralFlag) !== 0,
        );
        return;
      case 6:
      case 7:
        if (source === undefined) throw invalid(`type ${type} needs a message to change`);
        if (type === 7) editMessage(state, source, data, uploads);
        interaction.original = source;
        return;
      case 8:
        interaction.choices = checkChoices(data['choices']);
        return;
      case 9: {
        if (kind === 'modal') throw invalid('a modal cannot be the answer to a modal');
        const problems = findModalProblems(data);
        if (problems.length > 0) throw refusals.invalidForm(problems);
        modals.set(user, { ...(data as unknown as OpenModal), from: interaction });
        return;
      }
      default:
        throw invalid(`type ${type} is none`);
    }
  }

  function think(channel: string, viewer: string, isPrivate: boolean): Message {
    const message: Message = {
      id: state.newId(),
      channel,
      author: state.bot.id,
      createdMs: now(),
      isPrivate,
      viewer,
      isThinking: true,
      isV2: false,
      components: [],
      attachments: [],
      notified: [],
      isEverybodyNotified: false,
      hasThread: false,
    };
    state.messages.set(message.id, message);
    return message;
  }
}

export function describe({ kind, id }: Interaction): string {
  return `the ${kind} ${id}`;
}

function invalid(problem: string) {
  return refusals.invalidForm([problem]);
}

function checkChoices(choices: unknown): { name: string; value: string }[] {
  const list = Array.isArray(choices) ? choices : [];
  const isGood = ({ name, value }: { name?: unknown; value?: unknown }) =>
    typeof name === 'string' &&
    typeof value === 'string' &&
    name.length >= 1 &&
    name.length <= 100 &&
    value.length >= 1 &&
    value.length <= 100;
  if (!Array.isArray(choices) || list.length > 25 || !list.every(isGood)) {
    throw invalid('choices are at most 25, each of 1 to 100 characters');
  }
  return list;
}

interface PayloadParts extends Omit<NewInteraction, 'source' | 'guild'> {
  readonly id: string;
  readonly token: string;
  readonly source: Message | undefined;
  readonly guild: string | undefined;
}

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object */
function compose(state: State, parts: PayloadParts): Record<string, unknown> {
  const { id, token, kind, user: userId, channel: channelId, data, source } = parts;
  const user = {
    id: userId,
    username: 'somebody',
    discriminator: '0',
    avatar: null,
    global_name: null,
  };
  const known = state.users.get(userId);
  const channel = state.channels.get(channelId);
  const guild = parts.guild ?? channel?.guild;
  const member = state.members.get(userId);
  const who = {
    ...user,
    username: known?.username ?? 'somebody',
    ...(known?.bot ? { bot: true } : {}),
  };
  return {
    id,
    application_id: state.application,
    type: types[kind],
    token,
    version: 1,
    channel_id: channelId,
    channel: {
      id: channelId,
      type: channel?.type ?? 0,
      name: channel?.name ?? 'somewhere',
      permissions: '0',
    },
    locale: 'en-GB',
    app_permissions: '0',
    entitlements: [],
    authorizing_integration_owners: guild === undefined ? {} : { '0': guild },
    context: guild === undefined ? 1 : 0,
    attachment_size_limit: 10485760,
    ...(guild === undefined
      ? { user: who }
      : {
          guild_id: guild,
          guild_locale: 'en-GB',
          guild: { id: guild, locale: 'en-GB', features: [] },
          member: {
            user: who,
            roles: member?.roles ?? [],
            flags: member?.flags ?? 0,
            permissions: '0',
            joined_at: '2024-01-01T00:00:00.000Z',
            deaf: false,
            mute: false,
            nick: null,
            avatar: null,
            premium_since: null,
            pending: false,
            communication_disabled_until: null,
          },
        }),
    ...(source === undefined ? {} : { message: toMessageJson(state, source) }),
    data,
  };
}
