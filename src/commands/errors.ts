// A command line that cannot be run, with lines that can.
import { UserError } from '../errors.ts';

export class CommandError extends UserError {
  override readonly name = 'CommandError';
  /** The card's title: what is wrong in a few words. */
  readonly title: string;
  readonly suggestions: readonly string[];

  constructor(title: string, message: string, suggestions: readonly string[] = []) {
    super(message);
    this.title = title;
    this.suggestions = suggestions;
  }
}
