// Values that a platform has by the name of their argument, as Discord's options. Each is read as
// that argument and as no other: a reason that begins with a provider's name stays a reason.
import { CommandError } from './errors.ts';
import { explainMisfit } from './misfit.ts';
import { findCommand, type ParsedLine, splitLine } from './parse.ts';
import { toPlainLine } from './typed.ts';
import type { Argument, Arguments, Command, World } from './types.ts';
import { usageOf } from './usage.ts';
import { readValue } from './values.ts';
import { quote } from './words.ts';

export type NamedValues = Readonly<Record<string, string>>;

/** The line has the command's words only. Throws `CommandError`. */
export function parseNamed(line: string, named: NamedValues, world: World): ParsedLine {
  const words = splitLine(toPlainLine(line));
  const command = findCommand(words, world.commands);
  if (command === undefined) {
    throw new CommandError(
      `There is no command ${quote(line)}`,
      'It is from another version of Purser.',
      ['/purser help'],
    );
  }
  const { values, misfit } = readNamed(command, named, world);
  if (misfit !== undefined) {
    const typed = [toPlainLine(named[misfit.name] ?? '').trim()];
    throw explainMisfit({ command, words: typed, position: 0, open: [misfit], world });
  }
  const missing = command.arguments.find(
    ({ name, isRequired }) => isRequired && values[name] === undefined,
  );
  if (missing !== undefined) {
    const name = missing.name.replace('…', '');
    throw new CommandError(`The ${name} is missing`, `Usage: ${usageOf(command, true)}`);
  }
  return { command, values };
}

/** `misfit` is the first argument whose value is none of its kind. */
export function readNamed(
  command: Command,
  named: NamedValues,
  world: World,
): { readonly values: Arguments; readonly misfit: Argument | undefined } {
  const values: Record<string, string> = {};
  for (const argument of command.arguments) {
    const typed = toPlainLine(named[argument.name] ?? '').trim();
    if (typed === '') continue;
    const value = readValue(argument, typed, world);
    if (value === undefined) return { values, misfit: argument };
    values[argument.name] = value;
  }
  return { values, misfit: undefined };
}
