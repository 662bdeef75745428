// The command registry as Discord's commands of one server. They are sent only when they differ from
// what Discord has: it limits how many are created a day, and clients blink at each change.
import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import type { Argument, ArgumentKind, Command } from '../../commands/types.ts';
import type { DiscordApi } from './api.ts';
import { cutPlain } from './escape.ts';
import { limits } from './limits.ts';

export type RegisteredCommand = RESTPostAPIChatInputApplicationCommandsJSONBody;

/** True where they had to be sent. */
export async function registerCommands(
  api: DiscordApi,
  { application, guild }: { readonly application: string; readonly guild: string },
  wanted: readonly RegisteredCommand[],
): Promise<boolean> {
  const route = Routes.applicationGuildCommands(application, guild);
  if (areSameCommands(await api.call('get', route), wanted)) return false;
  await api.call('put', route, { body: wanted });
  return true;
}

/** One for each first word; what follows it becomes subcommands and their groups. */
export function renderCommands(commands: readonly Command[]): RegisteredCommand[] {
  const names = [...new Set(commands.map(({ path }) => path[0] ?? ''))];
  return names.map((name) => {
    const family = commands.filter(({ path }) => path[0] === name);
    const [only] = family;
    const isPlain = family.length === 1 && only?.path.length === 1;
    return {
      type: ApplicationCommandType.ChatInput,
      name,
      description: describe(
        isPlain ? only.summary : family.map((one) => optionPath(one).join(' ')).join(', '),
      ),
      options: isPlain ? renderOptions(only.arguments) : renderFamily(family),
      // A guest of another server must not even see them; who may do what is the team file's.
      contexts: [0],
      integration_types: [0],
    };
  });
}

/** The words after the first; a command with both a form of its own and subcommands becomes one. */
export function optionPath({ path, optionalWord }: Command): readonly string[] {
  const rest = path.slice(1);
  return rest.length === 0 && optionalWord !== undefined ? [optionalWord] : rest;
}

function renderFamily(family: readonly Command[]): APIApplicationCommandOption[] {
  const options = new Map<string, APIApplicationCommandOption>();
  for (const command of family) {
    const [first = '', second] = optionPath(command);
    if (second === undefined) {
      options.set(first, renderSubcommand(first, command));
      continue;
    }
    const group = options.get(first);
    const known = group?.type === ApplicationCommandOptionType.SubcommandGroup ? group.options : [];
    const names = family
      .filter((one) => optionPath(one)[0] === first)
      .map((one) => optionPath(one)[1]);
    options.set(first, {
      type: ApplicationCommandOptionType.SubcommandGroup,
      name: first,
      description: describe(names.join(', ')),
      options: [...(known ?? []), renderSubcommand(second, command)],
    });
  }
  return [...options.values()];
}

function renderSubcommand(name: string, command: Command): APIApplicationCommandSubcommandOption {
  return {
    type: ApplicationCommandOptionType.Subcommand,
    name,
    description: describe(command.summary),
    options: renderOptions(command.arguments),
  };
}

/** `provider|all` is `provider` here, `note…` is `note`; the values of a choice are in its menu. */
export function optionName({ name, kind }: Argument): string {
  if (kind === 'choice' && name.includes('|')) return 'which';
  const plain = name.toLowerCase().split('|')[0] ?? '';
  return plain.replace(/[^-_a-z0-9]/g, '').slice(0, 32) || 'value';
}

/** Discord wants those that are required first. */
function renderOptions(args: readonly Argument[]): APIApplicationCommandBasicOption[] {
  const isFirst = (argument: Argument) => argument.isRequired;
  return [...args.filter(isFirst), ...args.filter((one) => !isFirst(one))].map(renderOption);
}

const completed: readonly ArgumentKind[] = [
  'provider',
  'provider_or_all',
  'currency',
  'payee',
  'payout',
];

function renderOption(argument: Argument): APIApplicationCommandBasicOption {
  const { kind, options, help, isRequired } = argument;
  const base = {
    type: ApplicationCommandOptionType.String,
    name: optionName(argument),
    description: describe(help),
    required: isRequired,
  } as const;
  if (kind === 'choice') {
    return { ...base, choices: (options ?? []).map((value) => ({ name: value, value })) };
  }
  return completed.includes(kind) ? { ...base, autocomplete: true } : base;
}

function describe(text: string): string {
  return cutPlain(text, limits.descriptionMax) || '…';
}

/** Whether Discord has the same, under whatever defaults it writes out. */
export function areSameCommands(found: unknown, wanted: readonly RegisteredCommand[]): boolean {
  if (!Array.isArray(found)) return false;
  const text = (commands: readonly unknown[]) =>
    JSON.stringify(commands.map(pickCommand).sort(byName));
  return text(found) === text(wanted);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function pickCommand(value: unknown) {
  const { type, name, description, options, contexts, integration_types } = toRecord(value);
  return {
    type: type ?? ApplicationCommandType.ChatInput,
    name: String(name),
    description,
    options: toList(options).map(pickOption),
    contexts: toList(contexts),
    integration_types: toList(integration_types),
  };
}

function pickOption(value: unknown): object {
  const option = toRecord(value);
  return {
    type: option['type'],
    name: option['name'],
    description: option['description'],
    required: option['required'] ?? false,
    autocomplete: option['autocomplete'] ?? false,
    choices: toList(option['choices']).map((choice) => [
      toRecord(choice)['name'],
      toRecord(choice)['value'],
    ]),
    options: toList(option['options']).map(pickOption),
  };
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
