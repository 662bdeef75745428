// The chat driver over the local Slack: what people do becomes Slack's payloads, and raw blocks become
// what a reader sees. Usable from tests and benchmarks.
import type { Chat, Seen, SeenForm, Someone } from './chat.ts';
import { readBlocks } from './slack-reading.ts';
import {
  type DeliveryOptions,
  type SlackServer,
  startSlackServer,
  tokens,
} from './slack-server/index.ts';
import type { SlackMessage, SlackView } from './slack-server/workspace.ts';

export interface SlackChatConfig {
  /** Slack user ids by person. */
  readonly people: Readonly<Record<Someone, string>>;
  /** Slack's ids, like `C01`. */
  readonly channels: readonly string[];
  readonly deliveries?: DeliveryOptions;
}

export interface SlackChat extends Chat {
  readonly platform: 'slack';
  readonly server: SlackServer;
  /** For `createSlackBot`. */
  readonly botConfig: { botToken: string; appToken: string; apiUrl: string };
}

const untilMs = 10_000;

export async function startSlackChat(config: SlackChatConfig): Promise<SlackChat> {
  const server = await startSlackServer(config.deliveries);
  const { workspace, people } = server;
  for (const [name, id] of Object.entries(config.people)) workspace.addUser(id, { name });
  for (const channel of config.channels) workspace.addChannel(channel);
  let isAway = false;

  const userOf = (who: Someone): string => {
    const id = config.people[who];
    if (id === undefined) throw new Error(`nobody here is ${who}`);
    return id;
  };
  const personOf = (user: string): Someone =>
    Object.entries(config.people).find(([, id]) => id === user)?.[0] ?? user;
  const channelOf = (who: Someone, channel: string): string =>
    channel === 'dm' ? workspace.openDirect(userOf(who)).id : channel;

  const toSeen = (message: SlackMessage): Seen => {
    const read = readBlocks(message.blocks);
    const files = message.files.flatMap((id) => workspace.files.get(id) ?? []);
    const isPicture = (name: string) => name.endsWith('.png');
    const shown = read.images.flatMap(({ file, alt }) => {
      const bytes = workspace.files.get(file)?.bytes?.length ?? 0;
      return [{ alt, bytes }];
    });
    return {
      id: message.ts,
      title: read.title,
      words: read.words,
      buttons: read.buttons.map(({ label }) => label),
      isPrivate:
        message.onlyFor !== undefined ||
        workspace.channels.get(message.channel)?.user !== undefined,
      ...(message.threadTs === undefined ? {} : { under: message.threadTs }),
      pictures: [
        ...shown,
        ...files
          .filter(({ name }) => isPicture(name))
          .map(({ alt, bytes }) => ({ alt, bytes: bytes?.length ?? 0 })),
      ],
      files: files
        .filter(({ name }) => !isPicture(name))
        .map(({ name, bytes }) => ({ name, text: bytes?.toString('utf8') ?? '' })),
      mentions: message.isEdited ? [] : read.mentions.map(personOf),
    };
  };

  /** A dialog that is no form is what its person sees, whatever channel is behind it. */
  const openCard = (who: Someone): { view: SlackView; seen: Seen } | undefined => {
    const view = workspace.views.get(userOf(who));
    if (view === undefined || view.submit !== undefined) return undefined;
    const read = readBlocks(view.blocks);
    return {
      view,
      seen: {
        id: `view:${view.id}`,
        title: read.title,
        words: read.words,
        buttons: read.buttons.map(({ label }) => label),
        isPrivate: true,
        pictures: read.images.map(({ file, alt }) => ({
          alt,
          bytes: workspace.files.get(file)?.bytes?.length ?? 0,
        })),
        files: [],
        mentions: [],
      },
    };
  };

  const look = (who: Someone, channel: string): Seen[] => {
    const user = userOf(who);
    const id = channelOf(who, channel);
    const visible = workspace.messages.filter(
      (one) => one.channel === id && (one.onlyFor === undefined || one.onlyFor === user),
    );
    const card = openCard(who);
    return [...visible.map(toSeen), ...(card === undefined ? [] : [card.seen])];
  };

  const until = (who: Someone, channel: string, fits: (seen: Seen) => boolean) =>
    new Promise<Seen>((resolve, reject) => {
      const attempt = () => {
        const found = look(who, channel).find(fits);
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const late = setTimeout(() => {
        finish();
        const there = look(who, channel).map(({ words, buttons }) => ({ words, buttons }));
        reject(
          new Error(`${who} does not see it in ${channel}: ${JSON.stringify(there, null, 1)}`),
        );
      }, untilMs);
      const unsubscribe = workspace.subscribe(attempt);
      function finish(): void {
        clearTimeout(late);
        unsubscribe();
      }
      attempt();
    });

  const findTarget = (who: Someone, { id }: Seen): SlackMessage | SlackView | undefined => {
    if (id.startsWith('view:')) return openCard(who)?.view;
    if (id === 'home') return workspace.homes.get(userOf(who));
    return workspace.messages.find(
      ({ ts, onlyFor }) => ts === id && (onlyFor === undefined || onlyFor === userOf(who)),
    );
  };

  return {
    platform: 'slack',
    server,
    botConfig: { botToken: tokens.bot, appToken: tokens.app, apiUrl: server.apiUrl },
    async type(who, channel, line) {
      if (isAway) return;
      await people.command(userOf(who), channelOf(who, channel), line);
    },
    async press(who, message, label) {
      if (isAway) return;
      const target = findTarget(who, message);
      const button = readBlocks(target?.blocks ?? []).buttons.find((one) => one.label === label);
      if (target === undefined || button === undefined) {
        throw new Error(`${who} sees no button “${label}” there`);
      }
      await people.press(userOf(who), target, button);
    },
    async submit(who, values) {
      if (isAway) return;
      const view = workspace.views.get(userOf(who));
      const fields = readBlocks(view?.blocks ?? []).fields;
      const named = Object.entries(values).map(([key, value]) => {
        const field = fields.find((one) => one.name === key || one.label === key);
        const option = field?.options?.find((one) => one.label === value);
        return [field?.name ?? key, option?.value ?? value];
      });
      await people.submit(userOf(who), Object.fromEntries(named));
    },
    form(who): SeenForm | undefined {
      const view = workspace.views.get(userOf(who));
      if (view?.submit === undefined) return undefined;
      const read = readBlocks(view.blocks);
      return {
        title: view.title,
        words: read.words,
        fields: read.fields.map(({ label, value, error, options }) => ({
          label,
          value,
          ...(error === undefined ? {} : { error }),
          ...(options === undefined ? {} : { options: options.map((one) => one.label) }),
        })),
      };
    },
    look,
    until,
    async remove({ id }) {
      const at = workspace.messages.findIndex(({ ts }) => ts === id);
      if (at >= 0) workspace.messages.splice(at, 1);
    },
    async redeliver() {
      if (!isAway) await people.redeliver();
    },
    async away() {
      isAway = true;
      server.away();
    },
    async back() {
      isAway = false;
      server.back();
    },
    complaints: () => [...workspace.complaints],
    stop: () => server.stop(),
  };
}
