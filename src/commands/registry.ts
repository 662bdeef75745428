// Every command, one line each, in the order of the help.
import { balanceCommand } from './balance.ts';
import { helpCommand } from './help.ts';
import { providersCommand } from './providers.ts';
import type { Command } from './types.ts';

export const commands: readonly Command[] = [balanceCommand, providersCommand, helpCommand];
