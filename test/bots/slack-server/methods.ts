// The methods of the Web API that an app like this one uses, with their own errors.
// https://docs.slack.dev/reference/methods, read 2026-11-26.
import { Refused } from './answers.ts';
import { addFileMessage, addMessage, checkBlocks, checkText, findChannel } from './messages.ts';
import { openView, publishView, type Triggers, updateView } from './views.ts';
import type { SlackFile, Workspace } from './workspace.ts';

export interface MethodDeps {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly scopes: Set<string>;
  /** `http://127.0.0.1:1234` */
  origin(): string;
  newSocketUrl(label: string): string;
  fileReadyMs(): number;
}

export type Arguments = Readonly<Record<string, unknown>>;
type Method = (args: Arguments, deps: MethodDeps) => object;

export const neededScopes: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'users.info': ['users:read'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.open': ['im:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
};

export const methods: Readonly<Record<string, Method>> = {
  'auth.test': (_args, { workspace }) => ({
    url: 'https://acme.slack.com/',
    team: 'Acme',
    team_id: workspace.team,
    user: 'purser',
    user_id: workspace.botUser,
    bot_id: workspace.botId,
  }),
  'apps.connections.open': ({ token }, { newSocketUrl }) => ({ url: newSocketUrl(String(token)) }),
  'users.info': ({ user }, { workspace }) => {
    const found = workspace.users.get(String(user));
    if (found === undefined) throw new Refused('user_not_found');
    return { user: found };
  },
  'conversations.info': ({ channel }, { workspace }) => {
    const found = workspace.channels.get(String(channel));
    if (found === undefined) throw new Refused('channel_not_found');
    const { id, name, isMember, isArchived } = found;
    return { channel: { id, name, is_member: isMember, is_archived: isArchived } };
  },
  'conversations.open': ({ users }, { workspace }) => {
    const found = workspace.users.get(String(users));
    if (found === undefined) throw new Refused('user_not_found');
    if (found.is_bot) throw new Refused('cannot_dm_bot');
    if (found.deleted) throw new Refused('user_disabled');
    return { channel: { id: workspace.openDirect(found.id).id } };
  },
  'conversations.history': readHistory,
  'chat.postMessage': ({ channel, text, blocks, thread_ts }, { workspace }) => {
    const found = findChannel(workspace, channel);
    if (!found.isMember) throw new Refused('not_in_channel');
    const threadTs = typeof thread_ts === 'string' ? thread_ts : undefined;
    if (threadTs !== undefined && !workspace.messages.some(({ ts }) => ts === threadTs)) {
      throw new Refused('thread_not_found');
    }
    const { ts } = addMessage(workspace, { channel: found.id, text, blocks, threadTs });
    return { channel: found.id, ts };
  },
  'chat.postEphemeral': ({ channel, user, text, blocks }, { workspace }) => {
    const found = findChannel(workspace, channel);
    if (!found.isMember) throw new Refused('not_in_channel');
    const { ts } = addMessage(workspace, {
      channel: found.id,
      text,
      blocks,
      onlyFor: String(user),
    });
    return { message_ts: ts };
  },
  'chat.update': ({ channel, ts, text, blocks }, { workspace }) => {
    const found = findChannel(workspace, channel);
    const message = workspace.messages.find((one) => one.ts === ts && one.channel === found.id);
    if (message === undefined || message.onlyFor !== undefined) {
      throw new Refused('message_not_found');
    }
    message.text = checkText(workspace, text);
    message.blocks = checkBlocks(workspace, blocks, 'message');
    message.isEdited = true;
    workspace.notify();
    return { channel: found.id, ts };
  },
  'files.getUploadURLExternal': ({ filename, length, alt_text }, { workspace, origin }) => {
    if (!Number.isInteger(Number(length)) || Number(length) < 1) {
      throw new Refused('invalid_arguments');
    }
    const id = workspace.newId('F');
    workspace.files.set(id, {
      id,
      name: String(filename),
      alt: typeof alt_text === 'string' ? alt_text : '',
      bytes: undefined,
      isComplete: false,
      readyAtMs: Number.POSITIVE_INFINITY,
    });
    return { upload_url: `${origin()}/upload/${id}`, file_id: id };
  },
  'files.completeUploadExternal': completeUpload,
  'views.open': (args, deps) => openView(args, deps),
  'views.update': (args, deps) => updateView(args, deps),
  'views.publish': (args, deps) => publishView(args, deps),
};

function readHistory(args: Arguments, { workspace }: MethodDeps): object {
  const found = findChannel(workspace, args['channel']);
  if (!found.isMember) throw new Refused('not_in_channel');
  const oldest = Number(args['oldest'] ?? 0);
  const limit = Math.min(Number(args['limit'] ?? 100), 999);
  const all = workspace.messages
    .filter(
      ({ channel, onlyFor, threadTs, ts }) =>
        channel === found.id &&
        onlyFor === undefined &&
        threadTs === undefined &&
        Number(ts) >= oldest,
    )
    .reverse();
  const from = Number(args['cursor'] ?? 0);
  const next = from + limit < all.length ? String(from + limit) : '';
  return {
    messages: all.slice(from, from + limit).map(({ ts, text, blocks, author }) => ({
      type: 'message',
      ...(author === undefined
        ? { user: workspace.botUser, bot_id: workspace.botId }
        : { user: author }),
      ts,
      text,
      blocks,
    })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

function completeUpload(args: Arguments, { workspace, fileReadyMs }: MethodDeps): object {
  const wanted = args['files'];
  if (!Array.isArray(wanted)) throw new Refused('invalid_arguments');
  const files = wanted.map((one: { id?: unknown }): SlackFile => {
    const file = workspace.files.get(String(one.id));
    if (file?.bytes === undefined) throw new Refused('file_not_found');
    return file;
  });
  const { channel_id, thread_ts } = args;
  const channel = channel_id === undefined ? undefined : findChannel(workspace, channel_id);
  if (channel?.isMember === false) throw new Refused('not_in_channel');
  for (const file of files) {
    file.isComplete = true;
    file.readyAtMs = workspace.now() + fileReadyMs();
    if (channel !== undefined) {
      addFileMessage(workspace, {
        channel: channel.id,
        file: file.id,
        ...(typeof thread_ts === 'string' ? { threadTs: thread_ts } : {}),
      });
    }
  }
  return { files: files.map(({ id, name }) => ({ id, title: name })) };
}
