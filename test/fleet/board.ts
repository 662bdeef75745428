// Waits on the raw messages of a platform, for tests with thousands of them: what is new or has
// changed is looked at, and not every screen of everybody.
import type { DiscordChat } from '../bots/discord-chat.ts';
import { readComponents } from '../bots/discord-reading.ts';
import type { Message } from '../bots/discord-server/index.ts';
import type { SlackChat } from '../bots/slack-chat.ts';
import { readBlocks } from '../bots/slack-reading.ts';
import type { SlackMessage } from '../bots/slack-server/workspace.ts';

/** Undefined when the time is over. */
export function untilOnSlack<T>(
  { server }: SlackChat,
  find: () => T | undefined,
  patienceMs: number,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const finish = (found: T | undefined) => {
      clearTimeout(late);
      unsubscribe();
      resolve(found);
    };
    const look = () => {
      const found = find();
      if (found !== undefined) finish(found);
    };
    const late = setTimeout(() => finish(undefined), patienceMs);
    const unsubscribe = server.workspace.subscribe(look);
    look();
  });
}

/** The newest that fits, of those that are not older than `since`. */
export function findOnSlack(
  { server }: SlackChat,
  since: string,
  fits: (message: SlackMessage) => boolean,
): SlackMessage | undefined {
  const { messages } = server.workspace;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (message === undefined || message.ts < since) return undefined;
    if (fits(message)) return message;
  }
  return undefined;
}

/** Milliseconds as Slack writes them for messages. */
export function slackNow({ server }: SlackChat): string {
  return (server.workspace.now() / 1000).toFixed(6);
}

export async function pressOnSlack(
  { server }: SlackChat,
  user: string,
  message: SlackMessage,
  label: string,
): Promise<boolean> {
  const button = readBlocks(message.blocks).buttons.find((one) => one.label === label);
  if (button === undefined) return false;
  return (await server.people.press(user, message, button)) !== undefined;
}

export function findOnDiscord(
  { server }: DiscordChat,
  channel: string,
  fits: (read: ReturnType<typeof readComponents>) => boolean,
): Message | undefined {
  for (const message of server.state.messages.values()) {
    if (message.channel !== channel || message.isPrivate || message.isThinking) continue;
    if (fits(readOnce(message))) return message;
  }
  return undefined;
}

/** A change gives a message other components; the same ones are read once. */
const readBefore = new WeakMap<object, ReturnType<typeof readComponents>>();

export function readOnce({ components }: Message): ReturnType<typeof readComponents> {
  const read = readBefore.get(components) ?? readComponents(components);
  readBefore.set(components, read);
  return read;
}

/** False where Discord said that it did not work. */
export async function pressOnDiscord(
  { server }: DiscordChat,
  user: string,
  source: Message,
  label: string,
): Promise<boolean> {
  const press = async (at: Message, fits: (one: Button) => boolean) => {
    const button = readOnce(at).buttons.find(fits);
    if (button === undefined) return undefined;
    const data = { component_type: 2, custom_id: button.customId, id: 1 };
    return server.act({ kind: 'component', user, channel: at.channel, source: at, data });
  };
  const pressed = await press(source, (one) => one.label === label);
  // It asks once more, for this person only.
  if (pressed?.answer === 4 && pressed.original !== undefined) {
    await press(pressed.original, ({ customId }) => customId.startsWith('~yes:'));
  }
  return pressed !== undefined;
}

type Button = ReturnType<typeof readComponents>['buttons'][number];
