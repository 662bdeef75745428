// The chat driver over the local Discord: what people do becomes interactions, and raw components
// become what a reader sees. Usable from tests and benchmarks.
import type { Chat, Seen, SeenForm, Someone } from './chat.ts';
import { readComponents, readMarkdown } from './discord-reading.ts';
import type { CommandOption } from './discord-server/commands.ts';
import {
  type DiscordServer,
  type Interaction,
  type Message,
  startDiscordServer,
} from './discord-server/index.ts';
import { enterCommand } from './discord-typing.ts';

export interface DiscordChatConfig {
  /** Discord user ids by person. */
  readonly people: Readonly<Record<Someone, string>>;
  readonly channels: readonly string[];
  /** What Discord's clock says. */
  now?(): number;
}

export interface DiscordChat extends Chat {
  readonly platform: 'discord';
  readonly server: DiscordServer;
  /** For `createDiscordBot`. */
  readonly botConfig: { botToken: string; guildId: string; apiUrl: string };
  complete(who: Someone, line: string): Promise<readonly string[]>;
}

const untilMs = 10_000;

export async function startDiscordChat(config: DiscordChatConfig): Promise<DiscordChat> {
  const server = await startDiscordServer(config.now === undefined ? {} : { now: config.now });
  const { state } = server;
  for (const [name, id] of Object.entries(config.people)) server.addMember(id, name);
  for (const channel of config.channels) server.addChannel(channel);
  let isAway = false;
  let last: Interaction | undefined;

  const userOf = (who: Someone): string => {
    const id = config.people[who];
    if (id === undefined) throw new Error(`nobody here is ${who}`);
    return id;
  };
  const personOf = (user: string): Someone =>
    Object.entries(config.people).find(([, id]) => id === user)?.[0] ?? user;

  const visible = (who: Someone, channel: string): Message[] => {
    const user = userOf(who);
    const direct = [...state.channels.values()].find((one) => one.recipient === user);
    const id = channel === 'dm' ? direct?.id : channel;
    return [...state.messages.values()].filter((one) => {
      const place = state.channels.get(one.channel);
      const isHere = one.channel === id || (place?.parent !== undefined && place.parent === id);
      return isHere && !one.isThinking && (!one.isPrivate || one.viewer === user);
    });
  };

  const toSeen = (message: Message): Seen => {
    const place = state.channels.get(message.channel);
    const read = readComponents(message.components);
    const attachment = (name: string) => message.attachments.find((one) => one.filename === name);
    return {
      id: place?.parent === undefined ? message.id : `${place.id}/${message.id}`,
      title: read.title,
      words: read.words,
      buttons: read.buttons.map(({ label }) => label),
      isPrivate: message.isPrivate || place?.type === 1,
      ...(place?.parent === undefined ? {} : { under: place.id }),
      pictures: read.pictures.map(({ name, alt }) => ({
        alt,
        bytes: attachment(name)?.bytes.length ?? 0,
      })),
      files: read.files.map((name) => ({
        name,
        text: attachment(name)?.bytes.toString('utf8') ?? '',
      })),
      mentions: message.notified.map(personOf),
    };
  };

  const look = (who: Someone, channel: string): Seen[] => visible(who, channel).map(toSeen);

  /** Throws where Discord told the person that it failed. */
  const act = async (
    what: Parameters<DiscordServer['act']>[0],
  ): Promise<Interaction | undefined> => {
    if (isAway) return undefined;
    const interaction = await server.act(what);
    if (interaction !== undefined) last = interaction;
    return interaction;
  };

  const findButton = (
    message: Message | undefined,
    fits: (one: { label: string; customId: string }) => boolean,
  ) => readComponents(message?.components ?? []).buttons.find(fits);

  const click = (who: Someone, source: Message, customId: string) =>
    act({
      kind: 'component',
      user: userOf(who),
      channel: source.channel,
      source,
      data: { component_type: 2, custom_id: customId, id: 1 },
    });

  return {
    platform: 'discord',
    server,
    botConfig: { botToken: server.token, guildId: state.guild, apiUrl: server.apiUrl },
    async type(who, channel, line) {
      if (isAway) return;
      const { name, options } = enterCommand(line, commandsOf(server));
      const data = { id: '600000000000000001', type: 1, name, options, guild_id: state.guild };
      await act({ kind: 'command', user: userOf(who), channel, data });
    },
    async press(who, seen, label) {
      if (isAway) return;
      const id = seen.id.split('/').at(-1) ?? '';
      const message = state.messages.get(id);
      const button = findButton(message, (one) => one.label === label);
      if (message === undefined || button === undefined) {
        throw new Error(`${who} sees no button “${label}” there`);
      }
      const pressed = await click(who, message, button.customId);
      // It asks once more: in the place of the card, or in a message for this person only.
      const question =
        pressed?.answer === 4 || pressed?.answer === 7 ? pressed.original : undefined;
      const yes = findButton(question, ({ customId }) => customId.startsWith('~yes:'));
      if (question !== undefined && yes !== undefined) await click(who, question, yes.customId);
    },
    async submit(who, values) {
      if (isAway) return;
      await submitModal(who, values);
    },
    form(who): SeenForm | undefined {
      const modal = server.modals.get(userOf(who));
      if (modal === undefined) return undefined;
      const fields = fieldsOf(modal.components);
      const texts = modal.components.flatMap((one) =>
        one.type === 10 ? [readMarkdown(String(one['content'])).words] : [],
      );
      return {
        title: modal.title,
        words: [
          modal.title,
          ...texts,
          ...fields.flatMap(({ label, description }) => [label, description]),
        ].join('\n'),
        fields: fields.map(({ label, description, value, options }) => ({
          label,
          value: options?.find((one) => one.value === value)?.label ?? value,
          ...(description.startsWith('⛔ ') ? { error: description.slice(2) } : {}),
          ...(options === undefined ? {} : { options: options.map((one) => one.label) }),
        })),
      };
    },
    look,
    until: (who, channel, fits) =>
      new Promise<Seen>((resolve, reject) => {
        const find = () => look(who, channel).find(fits);
        server
          .until(() => find() !== undefined, `${who} in ${channel}`)
          .then(
            () => {
              const found = find();
              if (found !== undefined) resolve(found);
            },
            () => {
              const there = look(who, channel).map(({ words, buttons }) => ({ words, buttons }));
              const shown = JSON.stringify(there, null, 1);
              reject(
                new Error(`after ${untilMs} ms ${who} does not see it in ${channel}: ${shown}`),
              );
            },
          );
      }),
    async complete(who, line) {
      const { name, options } = enterCommand(line, commandsOf(server), true);
      const channel = config.channels[0] ?? '';
      const data = { id: '600000000000000001', type: 1, name, options, guild_id: state.guild };
      const focused = JSON.stringify(options).includes('"focused":true');
      if (!focused) return [];
      const answered = await act({ kind: 'completion', user: userOf(who), channel, data });
      return (answered?.choices ?? []).map(({ value }) => value);
    },
    async remove({ id }) {
      state.messages.delete(id.split('/').at(-1) ?? id);
    },
    async redeliver() {
      if (last !== undefined && !isAway) server.redeliver(last);
    },
    async away() {
      isAway = true;
      server.away();
    },
    async back() {
      isAway = false;
      server.back();
      await server.until(() => server.gateway.isConnected, 'the bot comes back');
    },
    complaints: () => server.complaints(),
    stop: () => server.stop(),
  };

  /** Fills in what is on this page; the rest waits for the next ones, which are opened. */
  async function submitModal(
    who: Someone,
    values: Readonly<Record<string, string>>,
    page = 1,
  ): Promise<void> {
    const user = userOf(who);
    const modal = server.modals.get(user);
    if (modal === undefined) throw new Error(`no form is open before ${who}`);
    server.modals.delete(user);
    const fields = fieldsOf(modal.components);
    const components = fields.map((field) => {
      const given = values[field.name] ?? values[field.label] ?? field.value;
      const chosen = field.options?.find(
        (one) => one.label === given || one.value === given,
      )?.value;
      if (given.length > field.lengthMax) throw new Error(`${field.label} takes no ${given}`);
      if (field.isRequired && given === '') throw new Error(`${field.label} must be filled in`);
      if (field.options !== undefined && given !== '' && chosen === undefined) {
        throw new Error(`${field.label} does not offer ${given}`);
      }
      const component =
        field.options === undefined
          ? { type: 4, id: 1, custom_id: field.name, value: given }
          : { type: 3, id: 1, custom_id: field.name, values: chosen === undefined ? [] : [chosen] };
      return { type: 18, id: 1, component };
    });
    const { source, channel } = modal.from;
    const answered = await act({
      kind: 'modal',
      user,
      channel,
      ...(source === undefined ? {} : { source }),
      data: { custom_id: modal.custom_id, components },
    });
    const shown = answered?.original;
    const next = findButton(shown, ({ label }) => label.startsWith('Continue ('));
    const names = fields.flatMap(({ name, label }) => [name, label]);
    const left = Object.fromEntries(
      Object.entries(values).filter(([name]) => !names.includes(name)),
    );
    // The button of the page that was just sent may stand there a moment longer: nobody presses that.
    const nextPage = Number(/\((\d+) of/.exec(next?.label ?? '')?.[1]);
    if (shown === undefined || next === undefined || !(nextPage > page)) return;
    await click(who, shown, next.customId);
    await submitModal(who, left, nextPage);
  }
}

function commandsOf({ state }: DiscordServer): readonly CommandOption[] {
  return state.commands as unknown as readonly CommandOption[];
}

interface ModalField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly isRequired: boolean;
  readonly lengthMax: number;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

function fieldsOf(components: readonly object[]): ModalField[] {
  return components.flatMap((one): ModalField[] => {
    const {
      type,
      label,
      description = '',
      component,
    } = one as {
      type: number;
      label: string;
      description?: string;
      component: {
        custom_id: string;
        value?: string;
        required?: boolean;
        max_length?: number;
        options?: { value: string; label: string; default?: boolean }[];
      };
    };
    if (type !== 18) return [];
    const { custom_id: name, options, value = '', required = true, max_length = 4000 } = component;
    return [
      {
        name,
        label,
        description,
        value: options?.find((option) => option.default)?.value ?? value,
        isRequired: required,
        lengthMax: max_length,
        ...(options === undefined ? {} : { options }),
      },
    ];
  });
}
