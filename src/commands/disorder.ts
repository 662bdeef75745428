// Words that a command takes, but in another order: /payout 10 USD maria. They are not shuffled
// silently, because money hangs on them; the line that they would make is offered.
import { CommandError } from './errors.ts';
import type { Misfit } from './misfit.ts';
import type { Argument } from './types.ts';
import { usageOf } from './usage.ts';
import { readValue } from './values.ts';
import { listNames, quote } from './words.ts';

/** Undefined where the word fits no later argument either. */
export async function explainDisorder(misfit: Misfit): Promise<CommandError | undefined> {
  const { command, words, position, open, world } = misfit;
  const word = words[position];
  if (!command.isInOrder || word === undefined) return undefined;
  const payees = await world.payouts.payees.list();
  const findPayee = (typed: string) => payees.find(({ id }) => id === typed.toLowerCase());
  // A note takes any word, and a payee most of them: here they prove nothing.
  const read = (argument: Argument, typed: string) => {
    if (argument.kind === 'rest') return undefined;
    return argument.kind === 'payee' ? findPayee(typed)?.id : readValue(argument, typed, world);
  };
  const later = command.arguments.slice(
    command.arguments.findIndex(({ name }) => name === open[0]?.name) + 1,
  );
  if (!later.some((argument) => read(argument, word) !== undefined)) return undefined;
  const title = `${quote(word)} stands in the wrong place`;
  // A long number may be an account that was typed in the wrong place: it is not repeated.
  if (words.some((one) => /\d{8}/.test(one))) {
    return new CommandError(title, `Usage: ${usageOf(command)}`);
  }

  const left = [...words];
  const found = new Map<Argument, string>();
  for (const argument of command.arguments) {
    const index = left.findIndex((one) => read(argument, one) !== undefined);
    const value = read(argument, left[index] ?? '');
    if (value === undefined) continue;
    found.set(argument, value);
    left.splice(index, 1);
  }
  const path = `/${command.path.join(' ')}`;
  const payee = [...found.values()].map(findPayee).find((one) => one !== undefined);
  const provider = readProvider(found) ?? (payee?.active ?? payee?.proposed)?.provider;
  const providers = provider === undefined ? [...world.payouts.payers.keys()] : [provider];
  const offered = providers.slice(0, 5).map((id) => {
    const valueFor = (one: Argument) => (one.kind === 'provider' ? id : found.get(one));
    return composeLine(command.arguments, valueFor);
  });
  const lines = offered.map((parts) => [path, ...parts, ...left].join(' '));
  const isWhole = !offered.flat().some((part) => part.startsWith('['));
  return isWhole
    ? new CommandError(title, `Usage: ${usageOf(command)}`, lines)
    : new CommandError(title, `Write it like this: ${listNames(lines, 'or')}`);
}

function readProvider(found: ReadonlyMap<Argument, string>): string | undefined {
  return [...found].find(([{ kind }]) => kind === 'provider')?.[1];
}

/** With the name of what is missing between two values. */
function composeLine(
  all: readonly Argument[],
  valueFor: (argument: Argument) => string | undefined,
): string[] {
  const last = all.findLastIndex((argument) => valueFor(argument) !== undefined);
  return all.slice(0, last + 1).map((one) => valueFor(one) ?? `[${one.name}]`);
}
