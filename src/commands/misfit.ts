// A word that fits nothing a command still takes: says what would have, and lines that work.
import { findNearest } from '../nearest.ts';
import { currencyCodes } from './currencies.ts';
import { CommandError } from './errors.ts';
import type { Argument, ArgumentKind, Command, World } from './types.ts';
import { usageOf } from './usage.ts';
import { listNames, quote } from './words.ts';

export interface Misfit {
  readonly command: Command;
  /** Without the command's own. */
  readonly words: readonly string[];
  readonly position: number;
  /** The arguments that the word could have been for. */
  readonly open: readonly Argument[];
  readonly world: World;
}

export function explainMisfit(misfit: Misfit): CommandError {
  const { command, words, position, open, world } = misfit;
  const word = words[position] ?? '';
  const line = (...more: string[]) =>
    `/${[...command.path, ...words.slice(0, position), ...more].join(' ')}`;
  const first = open[0];
  if (first === undefined) {
    return new CommandError(`${quote(word)} is one word too many`, `Usage: ${usageOf(command)}`, [
      line(),
    ]);
  }
  const known = findSubcommand(misfit, word);
  if (known !== undefined) {
    return new CommandError(`There is no ${quote(line(word))}`, `Did you mean ${known}?`, [known]);
  }
  const plain = plainMisfits[first.kind];
  if (plain !== undefined && !isNamed(open)) {
    const [title, text] = plain;
    return new CommandError(`${quote(word)} ${title}`, text);
  }
  if (first.kind === 'choice' && !isNamed(open)) {
    const options = first.options ?? [];
    const nearest = findNearest(word, options);
    const offered = nearest === undefined ? options : [nearest];
    return new CommandError(
      `${line()} has no ${quote(word)}`,
      `It can be ${listNames(options, 'or')}.`,
      offered.map((option) => line(option, ...words.slice(position + 1))),
    );
  }
  return explainName(misfit, word, (value) => line(value, ...words.slice(position + 1)), world);
}

const plainMisfits: Readonly<Partial<Record<ArgumentKind, readonly [string, string]>>> = {
  amount: [
    'is no amount',
    'Write digits, with a dot before the decimals and nothing between thousands, like 125.50.',
  ],
  payee: [
    'is no payee’s short name',
    'Short names have lower-case letters, digits, - and _. /payee list shows them.',
  ],
  payout: ['is no payout’s id', 'Ids stand on the cards, like P7K2M9QX4. /payout list shows them.'],
  month: ['is no month', 'Write the year and the month, like 2026-11.'],
};

/** Some argument wants a provider or a currency. */
function isNamed(open: readonly Argument[]): boolean {
  return open.some(({ kind }) => kind.startsWith('provider') || kind === 'currency');
}

/** `/payout lst`: the first word may be meant for a subcommand. */
function findSubcommand({ command, position, world }: Misfit, word: string): string | undefined {
  if (position > 0) return undefined;
  const depth = command.path.length;
  const below = world.commands
    .map(({ path }) => path)
    .filter((path) => path.length > depth && command.path.every((part, i) => path[i] === part));
  const nearest = findNearest(
    word,
    below.map((path) => path[depth] ?? ''),
  );
  return nearest === undefined ? undefined : `/${[...command.path, nearest].join(' ')}`;
}

function explainName(
  { open }: Misfit,
  word: string,
  replaced: (value: string) => string,
  world: World,
): CommandError {
  const providerNames = world.modules.flatMap((module) => [module.id, ...module.aliases]);
  const codes = [...currencyCodes(world.balances, world.connected)];
  const isForProvider = open.some(({ kind }) => kind.startsWith('provider'));
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
