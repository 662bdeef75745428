// Completions of a line that is being typed: commands, then the values that may come next.
import { heldCurrencies } from './currencies.ts';
import { fillArguments, findCommand, reachableFrom, splitLine, usageOf } from './parse.ts';
import type { Argument, Command, Suggestion, World } from './types.ts';

/** Discord shows no more, and nobody reads more. */
const suggestionsMax = 25;

/** Completes nothing until the line begins with a slash. */
export function completeLine(
  line: string,
  world: World,
  commands: readonly Command[],
): readonly Suggestion[] {
  if (!line.startsWith('/')) return [];
  const words = splitLine(line);
  const isWordOpen = words.length > 0 && !/\s$/.test(line);
  const done = isWordOpen ? words.slice(0, -1) : words;
  const typed = (isWordOpen ? (words.at(-1) ?? '') : '').toLowerCase();
  const command = findCommand(done, commands);
  const found =
    command === undefined
      ? completeCommand(words, typed, isWordOpen, commands)
      : completeValue(command, done, typed, world);
  return found.slice(0, suggestionsMax);
}

function completeCommand(
  words: readonly string[],
  typed: string,
  isWordOpen: boolean,
  commands: readonly Command[],
): Suggestion[] {
  const line = words.join(' ').toLowerCase();
  return commands
    .filter(({ path }) => {
      const name = path.join(' ');
      return isWordOpen ? name.startsWith(line) : name.startsWith(line === '' ? '' : `${line} `);
    })
    .filter(({ path }) => typed === '' || path.join(' ') !== line || isWordOpen)
    .map((command) => ({
      line: `/${command.path.join(' ')}${command.arguments.length > 0 ? ' ' : ''}`,
      label: usageOf(command),
      help: command.summary,
    }));
}

function completeValue(
  command: Command,
  done: readonly string[],
  typed: string,
  world: World,
): Suggestion[] {
  const given = done.slice(command.path.length);
  const { values, open, misfitAt } = fillArguments(command, given, world);
  if (misfitAt !== undefined) return [];
  const before = `/${[...command.path, ...given].join(' ')} `;
  const offered = typed === '' ? open.slice(0, 1) : reachableFrom(open);
  return offered.flatMap((argument) =>
    listValues(argument, Object.values(values), world)
      .filter(({ words }) => words.some((word) => word.toLowerCase().startsWith(typed)))
      .map(({ value, help }) => ({ line: `${before}${value}`, label: value, help })),
  );
}

interface Value {
  readonly value: string;
  /** What may be typed for it. */
  readonly words: readonly string[];
  readonly help: string;
}

function listValues(
  argument: Argument,
  given: readonly (string | undefined)[],
  world: World,
): Value[] {
  if (argument.kind === 'currency') {
    const named = world.connected.filter(({ module }) => given.includes(module.id));
    const asked = named.length > 0 ? named : world.connected;
    return heldCurrencies(world.balances, asked).map((code) => ({
      value: code,
      words: [code],
      help: 'currency',
    }));
  }
  const providers = world.connected.map(({ module }) => ({
    value: module.id,
    words: [module.id, module.name, ...module.aliases],
    help: [module.name, ...module.aliases].join(', '),
  }));
  return argument.kind === 'provider_or_all'
    ? [...providers, { value: 'all', words: ['all'], help: 'every provider' }]
    : providers;
}
