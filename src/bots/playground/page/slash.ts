// Whoever writes “balance” means “/balance”. The line is said all the same: it may be meant for people.
import type { SuggestionView } from '../protocol.ts';

/** `commands` are all that this person has; undefined where none of them can be meant. */
export function findSlashHint(
  text: string,
  commands: readonly SuggestionView[],
): string | undefined {
  const [word = '', ...more] = text.trim().toLowerCase().split(/\s+/);
  const lines = commands.map(({ line }) => line.trim());
  const isCommand = lines.some((line) => line.split(' ')[0] === `/${word}`);
  // “help” is the end of “/purser help”; a sentence that begins with it is for people.
  const sub = more.length > 0 ? undefined : lines.find((line) => line.endsWith(` ${word}`));
  const meant = isCommand ? `/${word}` : sub;
  return meant === undefined ? undefined : `Did you mean ${meant}? Commands begin with /.`;
}
