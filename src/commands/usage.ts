// How a command is written: `/balance [provider|all] [currency]`.
import type { Command } from './types.ts';

/** `isWordNeeded`: Discord has no command beside its subcommands, so the optional word is none there. */
export function usageOf(command: Command, isWordNeeded = false): string {
  const values = command.arguments.map(({ name, isRequired }) =>
    isRequired ? `<${name}>` : `[${name}]`,
  );
  const { optionalWord } = command;
  const word =
    optionalWord === undefined ? [] : [isWordNeeded ? optionalWord : `[${optionalWord}]`];
  return [`/${command.path.join(' ')}`, ...word, ...values].join(' ');
}
