// A typed line as a person would enter it in Discord's client: a command, then its options by name.
import type { CommandOption } from './discord-server/commands.ts';

export interface EnteredCommand {
  readonly name: string;
  readonly options: readonly EnteredOption[];
}

export interface EnteredOption {
  readonly type: number;
  readonly name: string;
  readonly value?: string;
  readonly focused?: boolean;
  readonly options?: readonly EnteredOption[];
}

/** What a person knows, and Discord’s menus show. */
const providers = new Set([
  ...['alignet', 'monnet', 'payme', 'paycross', 'payermax', 'payneteasy', 'smilepayz', 'all'],
]);
const [subcommand, group] = [1, 2];

/** Throws where the client would not let anybody enter it. `isOpen`: the last word is being typed. */
export function enterCommand(
  line: string,
  commands: readonly CommandOption[],
  isOpen = false,
): EnteredCommand {
  const [first = '', ...words] = line.replace(/^\//, '').split(' ');
  const command = commands.find(({ name }) => name === first.toLowerCase());
  if (command === undefined) throw new Error(`Discord has no command /${first}`);
  const options = enterOptions(command.options ?? [], words, isOpen);
  return { name: command.name, options };
}

function enterOptions(
  known: readonly CommandOption[],
  words: readonly string[],
  isOpen: boolean,
): EnteredOption[] {
  const deeper = known.filter(({ type }) => type === subcommand || type === group);
  if (deeper.length === 0) return fillOptions(known, words, isOpen);
  const named = deeper.find(({ name }) => name === words[0]?.toLowerCase());
  // `/payout payermax 5`: the subcommand without which it can be typed elsewhere.
  const found = named ?? deeper.find(({ name }) => name === 'request');
  if (found === undefined) throw new Error(`Discord offers no “${words.join(' ')}” there`);
  const rest = named === undefined ? words : words.slice(1);
  return [
    {
      type: found.type,
      name: found.name,
      options: enterOptions(found.options ?? [], rest, isOpen),
    },
  ];
}

function fillOptions(
  known: readonly CommandOption[],
  words: readonly string[],
  isOpen: boolean,
): EnteredOption[] {
  const entered: EnteredOption[] = [];
  let open = [...known];
  for (const [index, word] of words.entries()) {
    if (word === '' && !(isOpen && index === words.length - 1)) continue;
    // What takes the rest of the line is reached last, wherever Discord lists it.
    const option =
      open.find((one) => !takesRest(one) && fits(one, word)) ?? open.find(takesRest) ?? open[0];
    if (option === undefined) throw new Error(`Discord has no option for “${word}”`);
    if (option.choices !== undefined && !option.choices.some(({ value }) => value === word)) {
      throw new Error(`Discord offers no “${word}” for ${option.name}`);
    }
    open = open.filter((one) => one !== option);
    const isLast = isOpen && index === words.length - 1;
    const isRest = takesRest(option);
    const value = isRest ? words.slice(index).join(' ') : word;
    entered.push({ type: 3, name: option.name, value, ...(isLast ? { focused: true } : {}) });
    if (isRest) break;
  }
  const missing = open.find(({ required }) => required);
  if (missing !== undefined && !isOpen)
    throw new Error(`Discord wants a value for ${missing.name}`);
  return entered;
}

function takesRest({ name }: CommandOption): boolean {
  return name === 'note' || name === 'reason';
}

function fits({ name }: CommandOption, word: string): boolean {
  switch (name) {
    case 'provider':
      return providers.has(word.toLowerCase());
    case 'currency':
      return /^[A-Z]{3,5}$/.test(word);
    case 'amount':
      return /^[\d.,'’]+$/.test(word);
    default:
      return true;
  }
}
