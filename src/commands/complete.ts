// Completions of a line that is being typed: commands, then the values that may come next.
import { heldCurrencies } from './currencies.ts';
import { type NamedValues, readNamed } from './named.ts';
import { argumentWords, fillArguments, findCommand, reachableFrom, splitLine } from './parse.ts';
import type { Argument, Command, Suggestion, World } from './types.ts';
import { usageOf } from './usage.ts';

/** Discord shows no more, and nobody reads more. */
const suggestionsMax = 25;

/** Completes nothing until the line begins with a slash. */
export async function completeLine(
  line: string,
  world: World,
  commands: readonly Command[],
): Promise<readonly Suggestion[]> {
  if (!line.startsWith('/')) return [];
  const words = splitLine(line);
  const isWordOpen = words.length > 0 && !/\s$/.test(line);
  const done = isWordOpen ? words.slice(0, -1) : words;
  const typed = (isWordOpen ? (words.at(-1) ?? '') : '').toLowerCase();
  const command = findCommand(done, commands);
  const hasWords = command !== undefined && done.length > command.path.length;
  // `/payout ` takes values and has subcommands: both are offered.
  const found = [
    ...(command === undefined || !hasWords
      ? completeCommand(words, typed, isWordOpen, commands, command)
      : []),
    ...(command === undefined ? [] : await completeValue(command, done, typed, world)),
  ];
  return found.slice(0, suggestionsMax);
}

function completeCommand(
  words: readonly string[],
  typed: string,
  isWordOpen: boolean,
  commands: readonly Command[],
  known: Command | undefined,
): Suggestion[] {
  const line = words.join(' ').toLowerCase();
  return commands
    .filter((command) => command !== known)
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

async function completeValue(
  command: Command,
  done: readonly string[],
  typed: string,
  world: World,
): Promise<Suggestion[]> {
  const { values, open, misfitAt } = fillArguments(command, argumentWords(command, done), world);
  if (misfitAt !== undefined) return [];
  const before = `/${done.join(' ')} `;
  const offered = typed === '' || command.isInOrder ? open.slice(0, 1) : reachableFrom(open);
  const found: Suggestion[] = [];
  for (const argument of offered) {
    const known = await listValues(argument, Object.values(values), world);
    found.push(
      ...known
        .filter(({ words }) => words.some((word) => word.toLowerCase().startsWith(typed)))
        .map(({ value, help }) => ({ line: `${before}${value}`, label: value, help })),
    );
  }
  return found;
}

/** The values of the one argument that is asked for, whatever the others are. */
export async function completeNamed(
  { line, named, asked }: { line: string; named: NamedValues; asked: string | undefined },
  world: World,
  commands: readonly Command[],
): Promise<readonly Suggestion[]> {
  const command = findCommand(splitLine(line), commands);
  const argument = command?.arguments.find(({ name }) => name === asked);
  if (command === undefined || argument === undefined) return [];
  const typed = (named[argument.name] ?? '').trim().toLowerCase();
  const others = { ...named, [argument.name]: '' };
  const given = Object.values(readNamed(command, others, world).values);
  const known = await listValues(argument, given, world);
  return known
    .filter(({ words }) => words.some((word) => word.toLowerCase().startsWith(typed)))
    .map(({ value, help }) => ({ line: `${line} ${value}`, label: value, help }))
    .slice(0, suggestionsMax);
}

interface Value {
  readonly value: string;
  /** What may be typed for it. */
  readonly words: readonly string[];
  readonly help: string;
}

async function listValues(
  argument: Argument,
  given: readonly (string | undefined)[],
  world: World,
): Promise<Value[]> {
  switch (argument.kind) {
    case 'currency':
      return listCurrencies(given, world);
    case 'provider':
      return listProviders(world);
    case 'provider_or_all':
      return [...listProviders(world), { value: 'all', words: ['all'], help: 'every provider' }];
    case 'choice':
      return (argument.options ?? []).map((value) => ({ value, words: [value], help: '' }));
    case 'payee':
      return listPayees(given, world);
    case 'payout':
      return (await world.payouts.desk.listOpen()).map(({ id, shown, content }) => ({
        value: id,
        words: [id],
        help: `${content.amount} ${content.currency} to ${shown.payeeName}`,
      }));
    case 'amount':
    case 'month':
    case 'rest':
      return [];
  }
}

function listCurrencies(given: readonly (string | undefined)[], world: World): Value[] {
  const named = world.connected.filter(({ module }) => given.includes(module.id));
  const asked = named.length > 0 ? named : world.connected;
  return heldCurrencies(world.balances, asked).map((code) => ({
    value: code,
    words: [code],
    help: 'currency',
  }));
}

function listProviders(world: World): Value[] {
  return world.connected.map(({ module }) => ({
    value: module.id,
    words: [module.id, module.name, ...module.aliases],
    help: [module.name, ...module.aliases].join(', '),
  }));
}

/** Those of the provider that was typed before, where one was. */
async function listPayees(given: readonly (string | undefined)[], world: World): Promise<Value[]> {
  const payees = await world.payouts.payees.list();
  const providers = world.connected
    .map(({ module }) => module.id)
    .filter((id) => given.includes(id));
  return payees.flatMap(({ id, active, proposed }) => {
    const details = active ?? proposed;
    if (details === undefined) return [];
    if (providers.length > 0 && !providers.includes(details.provider)) return [];
    const name = world.payouts.payers.get(details.provider)?.name ?? details.provider;
    return [{ value: id, words: [id, details.name], help: `${details.name}, ${name}` }];
  });
}
