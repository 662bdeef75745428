// A typed line becomes a command and its values, or an error that names the nearest thing.
import { findNearest } from '../nearest.ts';
import { currencyCodes } from './currencies.ts';
import { CommandError } from './errors.ts';
import type { Argument, Arguments, Command, World } from './types.ts';
import { listNames, quote } from './words.ts';

export interface ParsedLine {
  readonly command: Command;
  readonly values: Arguments;
}

/** A chat message of more than this is not a command but a paste. */
const lineLengthMax = 500;

export function splitLine(line: string): string[] {
  return line
    .trim()
    .replace(/^\//, '')
    .split(/\s+/)
    .filter((word) => word !== '');
}

export function usageOf(command: Command): string {
  const values = command.arguments.map(({ name, isRequired }) =>
    isRequired ? `<${name}>` : `[${name}]`,
  );
  return [`/${command.path.join(' ')}`, ...values].join(' ');
}

/** Throws `CommandError`. */
export function parseLine(line: string, world: World): ParsedLine {
  if (line.length > lineLengthMax) {
    throw new CommandError(
      'That is too long for a command',
      `A command has at most ${lineLengthMax} characters; this has ${line.length}.`,
      ['/purser help'],
    );
  }
  const words = splitLine(line);
  const command = findCommand(words, world.commands);
  if (command === undefined) throw unknownCommand(words, world.commands);
  return { command, values: parseValues(command, words.slice(command.path.length), world) };
}

export function findCommand(
  words: readonly string[],
  commands: readonly Command[],
): Command | undefined {
  return commands.find(({ path }) => path.every((part, i) => words[i]?.toLowerCase() === part));
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): CommandError {
  const first = words[0] ?? '';
  const siblings = commands.filter(({ path }) => path[0] === first.toLowerCase());
  if (siblings.length > 0) {
    const typed = words[1];
    const names = siblings.map(({ path }) => path.slice(1).join(' '));
    const nearest = typed === undefined ? undefined : findNearest(typed, names);
    return new CommandError(
      typed === undefined ? `/${first} what?` : `/${first} cannot do ${quote(typed)}`,
      nearest === undefined
        ? `It can do ${listNames(names, 'and')}.`
        : `Did you mean ${nearest}? It can do ${listNames(names, 'and')}.`,
      nearest === undefined
        ? names.map((name) => `/${first.toLowerCase()} ${name}`)
        : [`/${first.toLowerCase()} ${nearest}`],
    );
  }
  const names = [...new Set(commands.map(({ path }) => path[0] ?? ''))];
  const nearest = findNearest(first, names);
  return new CommandError(
    `There is no command ${quote(`/${first}`)}`,
    nearest === undefined
      ? `Purser knows ${listNames(
          names.map((name) => `/${name}`),
          'and',
        )}.`
      : `Did you mean /${nearest}?`,
    nearest === undefined ? ['/purser help'] : [`/${[nearest, ...words.slice(1)].join(' ')}`],
  );
}

function parseValues(command: Command, words: readonly string[], world: World): Arguments {
  const { values, open, misfitAt } = fillArguments(command, words, world);
  if (misfitAt !== undefined) throw misfit(command, words, misfitAt, reachableFrom(open), world);
  const missing = open.find(({ isRequired }) => isRequired);
  if (missing !== undefined) {
    throw new CommandError(`The ${missing.name} is missing`, `Usage: ${usageOf(command)}`);
  }
  return values;
}

export interface Filled {
  readonly values: Arguments;
  /** Those that further words may fill. */
  readonly open: readonly Argument[];
  /** The position of the first word that fits nothing. */
  readonly misfitAt: number | undefined;
}

/** `/balance USD` leaves out the provider: a word goes to the first argument that takes it. */
export function fillArguments(command: Command, words: readonly string[], world: World): Filled {
  const values: Record<string, string> = {};
  let open: readonly Argument[] = command.arguments;
  for (const [position, word] of words.entries()) {
    const index = reachableFrom(open).findIndex(
      (argument) => readValue(argument, word, world) !== undefined,
    );
    const argument = open[index];
    const value = argument === undefined ? undefined : readValue(argument, word, world);
    if (argument === undefined || value === undefined) return { values, open, misfitAt: position };
    values[argument.name] = value;
    open = open.slice(index + 1);
  }
  return { values, open, misfitAt: undefined };
}

/** Optional arguments may be left out, so that a word belongs to a later one; required ones not. */
export function reachableFrom(open: readonly Argument[]): readonly Argument[] {
  const firstRequired = open.findIndex(({ isRequired }) => isRequired);
  return firstRequired < 0 ? open : open.slice(0, firstRequired + 1);
}

/** The value that the word stands for, or undefined where it is no value of that kind. */
function readValue(argument: Argument, word: string, world: World): string | undefined {
  const wanted = word.toLowerCase();
  switch (argument.kind) {
    case 'provider_or_all':
      if (wanted === 'all') return 'all';
      return findProvider(wanted, world);
    case 'provider':
      return findProvider(wanted, world);
    case 'currency': {
      const code = word.toUpperCase();
      return currencyCodes(world.balances, world.connected).has(code) ? code : undefined;
    }
  }
}

function findProvider(name: string, world: World): string | undefined {
  return world.modules.find(
    (module) =>
      module.id === name || module.name.toLowerCase() === name || module.aliases.includes(name),
  )?.id;
}

/** The word fits nothing that is still open: says what would have. */
function misfit(
  command: Command,
  words: readonly string[],
  position: number,
  open: readonly Argument[],
  world: World,
): CommandError {
  const word = words[position] ?? '';
  const first = open[0];
  if (first === undefined) {
    return new CommandError(`${quote(word)} is one word too many`, `Usage: ${usageOf(command)}`, [
      `/${[...command.path, ...words.slice(0, position)].join(' ')}`,
    ]);
  }
  const replaced = (value: string) =>
    `/${[...command.path, ...words.slice(0, position), value, ...words.slice(position + 1)].join(' ')}`;
  const providerNames = world.modules.flatMap((module) => [module.id, ...module.aliases]);
  const codes = [...currencyCodes(world.balances, world.connected)];
  const isForProvider = first.kind !== 'currency';
  const nearProvider = isForProvider ? findNearest(word, providerNames) : undefined;
  const isForCurrency = open.some(({ kind }) => kind === 'currency');
  const nearCode = isForCurrency ? findNearest(word, codes) : undefined;
  const near = [nearProvider, nearCode].filter((one) => one !== undefined);
  const kinds = [...(isForProvider ? ['provider'] : []), ...(isForCurrency ? ['currency'] : [])];
  const connected = world.connected.map(({ module }) => module.id);
  const text = [
    ...(near.length > 0 ? [`Did you mean ${listNames(near, 'or')}?`] : []),
    ...(isForProvider && connected.length > 0
      ? [`Providers here: ${listNames(connected, 'and')}.`]
      : []),
    ...(isForCurrency ? ['A currency is written by its code, like USD.'] : []),
  ].join(' ');
  return new CommandError(
    `There is no ${listNames(kinds, 'or')} ${quote(word)}`,
    text,
    near.length > 0 || !isForProvider ? near.map(replaced) : connected.slice(0, 5).map(replaced),
  );
}
