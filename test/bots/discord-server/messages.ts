// Messages as Discord takes them: checked, kept, and given back as JSON. Who is notified is found in
// the raw text, as Discord does it: a backslash or a code block does not protect from a mention.
import { findMessageProblems, walk } from './components.ts';
import { refusals } from './errors.ts';
import type { Attachment, Component, Message, State } from './state.ts';

export interface Upload {
  readonly name: string;
  readonly bytes: Buffer;
  readonly contentType: string;
}

export interface Body {
  readonly flags?: number;
  readonly content?: string;
  readonly embeds?: readonly unknown[];
  readonly components?: readonly Component[];
  readonly attachments?: readonly { readonly id: string | number; readonly filename?: string }[];
  readonly allowed_mentions?: {
    readonly parse?: readonly string[];
    readonly users?: readonly string[];
  };
  readonly nonce?: string | number;
  readonly enforce_nonce?: boolean;
}

const isV2Flag = 1 << 15;
const ephemeralFlag = 1 << 6;

export interface Place {
  readonly channel: string;
  readonly isPrivate?: boolean;
  readonly viewer?: string;
}

export function createMessage(
  state: State,
  place: Place,
  body: Body,
  uploads: readonly Upload[],
  now: number,
): Message {
  const isPrivate = place.isPrivate ?? ((body.flags ?? 0) & ephemeralFlag) !== 0;
  const message: Message = {
    id: state.newId(),
    channel: place.channel,
    author: state.bot.id,
    createdMs: now,
    isPrivate,
    ...(place.viewer === undefined ? {} : { viewer: place.viewer }),
    isThinking: false,
    isV2: false,
    components: [],
    attachments: [],
    notified: [],
    isEverybodyNotified: false,
    hasThread: false,
  };
  fill(state, message, body, uploads);
  if (!isPrivate) notify(message, body);
  state.messages.set(message.id, message);
  return message;
}

/** Nobody is notified by a change. */
export function editMessage(
  state: State,
  message: Message,
  body: Body,
  uploads: readonly Upload[],
): void {
  fill(state, message, body, uploads);
  message.isThinking = false;
}

function fill(state: State, message: Message, body: Body, uploads: readonly Upload[]): void {
  const isV2 = message.isV2 || ((body.flags ?? 0) & isV2Flag) !== 0;
  const problems: string[] = [];
  if ((body.flags ?? 0) & ~(isV2Flag | ephemeralFlag | (1 << 2) | (1 << 12))) {
    problems.push(`flags ${body.flags} cannot be set`);
  }
  if (!isV2) problems.push('the local Discord takes messages of components only');
  if (body.content !== undefined && body.content !== '') problems.push('content beside components');
  if (body.embeds !== undefined && body.embeds.length > 0)
    problems.push('embeds beside components');
  const kept = keptAttachments(message, body);
  const added = uploads.map(({ name, bytes, contentType }): Attachment => {
    return { id: state.newId(), filename: name, bytes, contentType };
  });
  const attachments = [...kept, ...added];
  if (attachments.length > 10) problems.push('more than 10 attachments');
  if (added.some(({ bytes }) => bytes.length > 10 * 1024 * 1024))
    problems.push('a file is too large');
  if (added.some(({ filename }) => !/^[\w.-]+$/.test(filename)))
    problems.push('a file has a strange name');
  const names = attachments.map(({ filename }) => filename);
  for (const one of body.attachments ?? []) {
    const isThere =
      kept.some(({ id }) => id === String(one.id)) || uploads[Number(one.id)] !== undefined;
    if (!isThere) problems.push(`attachments names ${one.id}, which is not there`);
  }
  const components = body.components ?? message.components;
  problems.push(...findMessageProblems(components, names));
  const users = body.allowed_mentions?.users ?? [];
  if (users.length > 100) problems.push('allowed_mentions has more than 100 users');
  if (problems.length > 0) throw refusals.invalidForm(problems);
  message.isV2 = true;
  let id = 0;
  message.components = JSON.parse(JSON.stringify(components), (_key, value) => {
    if (typeof value !== 'object' || value === null || typeof value.type !== 'number') return value;
    id += 1;
    return { ...value, id };
  });
  message.attachments = attachments;
}

/** Without a list, everything stays; with one, what it names. */
function keptAttachments(message: Message, { attachments }: Body): Attachment[] {
  if (attachments === undefined) return message.attachments;
  const named = attachments.map(({ id }) => String(id));
  return message.attachments.filter(({ id }) => named.includes(id));
}

function notify(message: Message, { allowed_mentions: allowed }: Body): void {
  const text = textOf(message);
  const called = [...text.matchAll(/<@!?(\d+)>/g)].map(([, id = '']) => id);
  const parse = allowed === undefined ? ['users', 'everyone', 'roles'] : (allowed.parse ?? []);
  const users = allowed?.users ?? [];
  message.notified = [...new Set(called)].filter(
    (id) => parse.includes('users') || users.includes(id),
  );
  message.isEverybodyNotified = parse.includes('everyone') && /@(everyone|here)/.test(text);
}

export function textOf({ components }: Pick<Message, 'components'>): string {
  return walk(components)
    .flatMap((one) => (one.type === 10 ? [String(one['content'])] : []))
    .join('\n');
}

/** As Discord gives it back. */
export function toMessageJson(state: State, message: Message): object {
  return {
    id: message.id,
    type: message.isThinking ? 20 : 0,
    channel_id: message.channel,
    content: '',
    author: {
      ...(state.users.get(message.author) ?? state.bot),
      discriminator: '0',
      avatar: null,
      global_name: null,
    },
    application_id: state.application,
    attachments: message.attachments.map(({ id, filename, bytes, contentType }) => ({
      id,
      filename,
      size: bytes.length,
      content_type: contentType,
      url: `https://cdn.discordapp.com/attachments/${message.channel}/${id}/${filename}`,
      proxy_url: `https://media.discordapp.net/attachments/${message.channel}/${id}/${filename}`,
    })),
    embeds: [],
    mentions: message.notified.map((id) => ({ id, username: 'somebody', discriminator: '0' })),
    mention_roles: [],
    mention_everyone: message.isEverybodyNotified,
    pinned: false,
    tts: false,
    timestamp: new Date(message.createdMs).toISOString(),
    edited_timestamp: null,
    flags:
      (message.isV2 ? isV2Flag : 0) |
      (message.isPrivate ? ephemeralFlag : 0) |
      (message.isThinking ? 128 : 0),
    components: message.components,
  };
}
