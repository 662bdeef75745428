// What one typed word stands for, by the kind of argument that it is read as.
import { currencyCodes } from './currencies.ts';
import type { Argument, World } from './types.ts';

/** The value that the word stands for, or undefined where it is no value of that kind. */
export function readValue(argument: Argument, word: string, world: World): string | undefined {
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
    case 'amount':
      // Which of the many ways to write a number is meant is decided where it becomes money.
      return /^[\d.,'’]*\d[\d.,'’]*$/.test(word) ? word : undefined;
    case 'payee':
      return /^[a-z][a-z0-9_-]{0,31}$/.test(wanted) ? wanted : undefined;
    case 'payout':
      return /^p[a-z0-9]{8,12}$/.test(wanted) ? word.toUpperCase() : undefined;
    case 'month':
      return /^20\d\d-(0[1-9]|1[0-2])$/.test(word) ? word : undefined;
    case 'choice':
      return argument.options?.includes(wanted) ? wanted : undefined;
    case 'rest':
      return word;
  }
}

function findProvider(name: string, world: World): string | undefined {
  return world.modules.find(
    (module) =>
      module.id === name || module.name.toLowerCase() === name || module.aliases.includes(name),
  )?.id;
}
