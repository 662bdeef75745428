// How messages come to be, by the Web API or by the address of a command or button, with the checks
// that Slack makes first. https://docs.slack.dev/reference/methods/chat.postMessage and
// https://docs.slack.dev/interactivity/handling-user-interaction, read 2026-11-26.
import { Refused } from './answers.ts';
import { blocksSchema, findProblem, type SomeBlock, type Surface } from './blocks.ts';
import type { SlackChannel, SlackMessage, Workspace } from './workspace.ts';

export interface Wanted {
  readonly channel: string;
  readonly text: unknown;
  readonly blocks: unknown;
  readonly threadTs?: string | undefined;
  readonly onlyFor?: string | undefined;
}

/** Throws `Refused`, after a complaint where a bot ought to have known better. */
export function checkBlocks(workspace: Workspace, blocks: unknown, surface: Surface): SomeBlock[] {
  const { files, complaints } = workspace;
  const problem = findProblem(blocks, surface, (id) => {
    const file = files.get(id);
    return file?.isComplete === true && file.readyAtMs <= workspace.now();
  });
  if (problem === undefined) return blocksSchema.parse(blocks);
  // A file that is still being looked at cannot be known beforehand.
  if (problem !== 'invalid slack file') complaints.push(`invalid_blocks: ${problem}`);
  throw new Refused('invalid_blocks', { response_metadata: { messages: [problem] } });
}

export function checkText(workspace: Workspace, text: unknown): string {
  if (typeof text !== 'string' || text === '') {
    workspace.complaints.push('no_text: a message without a text for notifications');
    throw new Refused('no_text');
  }
  if (text.length > 40_000) throw new Refused('msg_too_long');
  if (/<[!@#]/.test(text)) workspace.complaints.push(`markup in the text: ${text.slice(0, 80)}`);
  return text;
}

export function findChannel(workspace: Workspace, id: unknown): SlackChannel {
  const channel = typeof id === 'string' ? workspace.channels.get(id) : undefined;
  if (channel === undefined) throw new Refused('channel_not_found');
  if (channel.isArchived) throw new Refused('is_archived');
  return channel;
}

export function addMessage(workspace: Workspace, wanted: Wanted): SlackMessage {
  const text = checkText(workspace, wanted.text);
  const blocks = checkBlocks(workspace, wanted.blocks, 'message');
  const { threadTs, onlyFor, channel } = wanted;
  const message: SlackMessage = {
    ts: workspace.newTs(),
    channel,
    text,
    blocks,
    files: [],
    isEdited: false,
    ...(threadTs === undefined ? {} : { threadTs }),
    ...(onlyFor === undefined ? {} : { onlyFor }),
  };
  workspace.messages.push(message);
  workspace.notify();
  return message;
}

/** A file that is put into a conversation comes as a message of its own. */
export function addFileMessage(
  workspace: Workspace,
  facts: { channel: string; file: string; threadTs?: string },
): void {
  const { channel, file, threadTs } = facts;
  workspace.messages.push({
    ts: workspace.newTs(),
    channel,
    text: '',
    blocks: [],
    files: [file],
    isEdited: false,
    ...(threadTs === undefined ? {} : { threadTs }),
  });
  workspace.notify();
}

interface Address {
  readonly kind: 'command' | 'message';
  readonly user: string;
  readonly channel: string;
  /** Of the message with the button. */
  readonly message?: string;
  readonly atMs: number;
  uses: number;
}

export interface Addresses {
  /** The path of a new one. */
  create(facts: Pick<Address, 'kind' | 'user' | 'channel'> & { message?: string }): string;
  /** Throws `Refused`. */
  use(path: string, body: Readonly<Record<string, unknown>>): void;
}

export function createAddresses(workspace: Workspace): Addresses {
  const addresses = new Map<string, Address>();
  return {
    create(facts) {
      const path = `/respond/${workspace.newId('R')}`;
      addresses.set(path, { ...facts, atMs: workspace.now(), uses: 0 });
      return path;
    },
    use(path, body) {
      const address = addresses.get(path);
      if (address === undefined) throw new Refused('expired_url');
      if (workspace.now() - address.atMs > 30 * 60_000) throw new Refused('expired_url');
      if (address.uses >= 5) {
        workspace.complaints.push('used_url: a sixth answer to one address');
        throw new Refused('used_url');
      }
      address.uses += 1;
      respond(workspace, address, body);
    },
  };
}

function respond(
  workspace: Workspace,
  address: Address,
  body: Readonly<Record<string, unknown>>,
): void {
  const { messages } = workspace;
  const at = messages.findIndex(({ ts }) => ts === address.message);
  const original = messages[at];
  if (body['delete_original'] === true && original !== undefined) {
    messages.splice(at, 1);
    workspace.notify();
    return;
  }
  // Slack replaces the message with the button, never what a command's address posted:
  // https://github.com/slackapi/bolt-js/issues/2287
  const isReplaced = body['replace_original'] !== false && original !== undefined;
  if (isReplaced) {
    original.text = checkText(workspace, body['text']);
    original.blocks = checkBlocks(workspace, body['blocks'], 'message');
    original.isEdited = true;
    workspace.notify();
    return;
  }
  const isPublic = body['response_type'] === 'in_channel';
  addMessage(workspace, {
    channel: address.channel,
    text: body['text'],
    blocks: body['blocks'],
    onlyFor: isPublic ? undefined : address.user,
  });
}
