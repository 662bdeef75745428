// How a command is written: `/balance [provider|all] [currency]`.
import type { Command } from './types.ts';

export function usageOf(command: Command): string {
  const values = command.arguments.map(({ name, isRequired }) =>
    isRequired ? `<${name}>` : `[${name}]`,
  );
  const word = command.optionalWord === undefined ? [] : [`[${command.optionalWord}]`];
  return [`/${command.path.join(' ')}`, ...word, ...values].join(' ');
}
