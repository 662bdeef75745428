// A typed line becomes a command and its values, or an error that names the nearest thing.
import { findNearest } from '../nearest.ts';
import { explainDisorder } from './disorder.ts';
import { CommandError } from './errors.ts';
import { explainMisfit } from './misfit.ts';
import type { Argument, Arguments, Command, World } from './types.ts';
import { usageOf } from './usage.ts';
import { readValue } from './values.ts';
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

/** Throws `CommandError`. */
export async function parseLine(line: string, world: World): Promise<ParsedLine> {
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
  return { command, values: await parseValues(command, argumentWords(command, words), world) };
}

/** The longest path that fits: `/payout list` before `/payout`. */
export function findCommand(
  words: readonly string[],
  commands: readonly Command[],
): Command | undefined {
  return commands
    .filter(({ path }) => path.every((part, i) => words[i]?.toLowerCase() === part))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** The words that are left for the command's arguments. */
export function argumentWords(command: Command, words: readonly string[]): readonly string[] {
  const rest = words.slice(command.path.length);
  return command.optionalWord !== undefined && rest[0]?.toLowerCase() === command.optionalWord
    ? rest.slice(1)
    : rest;
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): CommandError {
  const first = words[0] ?? '';
  const siblings = commands.filter(({ path }) => path[0] === first.toLowerCase());
  if (siblings.length > 0) {
    const typed = words[1] === undefined ? undefined : words.slice(1).join(' ');
    const names = siblings.map(({ path }) => path.slice(1).join(' '));
    const nearest = findNearest(typed ?? '', names) ?? findNearest(words[1] ?? '', names);
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

async function parseValues(
  command: Command,
  words: readonly string[],
  world: World,
): Promise<Arguments> {
  const { values, open, misfitAt } = fillArguments(command, words, world);
  if (misfitAt !== undefined) {
    const offered = command.isInOrder ? open.slice(0, 1) : reachableFrom(open);
    const misfit = { command, words, position: misfitAt, open: offered, world };
    throw (await explainDisorder(misfit)) ?? explainMisfit(misfit);
  }
  const missing = open.find(({ isRequired }) => isRequired);
  if (missing !== undefined) {
    const name = missing.name.replace('…', '');
    throw new CommandError(`The ${name} is missing`, `Usage: ${usageOf(command)}`);
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
    const offered = command.isInOrder ? open.slice(0, 1) : reachableFrom(open);
    const index = offered.findIndex((argument) => readValue(argument, word, world) !== undefined);
    const argument = open[index];
    const value = argument === undefined ? undefined : readValue(argument, word, world);
    if (argument === undefined || value === undefined) return { values, open, misfitAt: position };
    open = open.slice(index + 1);
    if (argument.kind === 'rest') {
      values[argument.name] = words.slice(position).join(' ');
      break;
    }
    values[argument.name] = value;
  }
  return { values, open, misfitAt: undefined };
}

/** Optional arguments may be left out, so that a word belongs to a later one; required ones not. */
export function reachableFrom(open: readonly Argument[]): readonly Argument[] {
  const firstRequired = open.findIndex(({ isRequired }) => isRequired);
  return firstRequired < 0 ? open : open.slice(0, firstRequired + 1);
}
