// What Discord sends when somebody types or clicks, as what the dispatcher takes.
import {
  type APIApplicationCommandInteractionDataOption,
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  type APIUser,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionType,
  MessageFlags,
} from 'discord.js';
import type { Command, Spot, TypedLine } from '../../commands/types.ts';
import { optionName, optionPath } from './registration.ts';

export interface AskedLine extends Required<TypedLine> {
  /** The argument that is being typed. */
  readonly asked?: string;
}

type ChatInput = Pick<APIChatInputApplicationCommandInteraction['data'], 'name'> & {
  readonly options?: readonly APIApplicationCommandInteractionDataOption<InteractionType>[];
};

/** Options by the names of their arguments, which Discord's names are made from. */
export function readCommand(
  { name, options = [] }: ChatInput,
  commands: readonly Command[],
): AskedLine {
  const words: string[] = [];
  let given = options;
  for (let deeper = subcommandOf(given); deeper !== undefined; deeper = subcommandOf(given)) {
    words.push(deeper.name);
    given = deeper.options ?? [];
  }
  const command = commands.find(
    (one) => one.path[0] === name && optionPath(one).join(' ') === words.join(' '),
  );
  const line = `/${(command?.path ?? [name, ...words]).join(' ')}`;
  const named: Record<string, string> = {};
  let asked: string | undefined;
  for (const option of given) {
    const argument = command?.arguments.find((one) => optionName(one) === option.name);
    // An option that this version does not know must not be dropped: it may say what not to do.
    const key = argument?.name ?? option.name;
    if ('value' in option) named[key] = String(option.value);
    if ('focused' in option && option.focused === true) asked = key;
  }
  return { line, named, ...(asked === undefined ? {} : { asked }) };
}

function subcommandOf(options: ChatInput['options']) {
  const [first] = options ?? [];
  const isDeeper =
    first?.type === ApplicationCommandOptionType.Subcommand ||
    first?.type === ApplicationCommandOptionType.SubcommandGroup;
  return isDeeper ? first : undefined;
}

export function isChatInput(
  interaction: APIInteraction,
): interaction is APIChatInputApplicationCommandInteraction {
  return (
    interaction.type === InteractionType.ApplicationCommand &&
    interaction.data.type === ApplicationCommandType.ChatInput
  );
}

/** In a server the user stands inside the member. */
export function userOf(interaction: APIInteraction): APIUser | undefined {
  return interaction.member?.user ?? interaction.user;
}

export function spotOf(interaction: APIInteraction, message?: string): Spot {
  const channel = interaction.channel?.id ?? '';
  const id = message ?? interaction.message?.id;
  return id === undefined ? { channel } : { channel, message: id };
}

/** Only the person who clicked sees the message with the button. */
export function isOnPrivate({ message }: APIInteraction): boolean {
  return ((message?.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
}
