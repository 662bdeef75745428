// The dispatcher promises never to reject; a person gets an answer even when it does.
import type { Outcome } from '../commands/types.ts';
import type { Log } from '../log.ts';

export function explainRejection(
  err: unknown,
  { log, newReference }: { readonly log: Log; newReference(): string },
  /** Who asked, for the log. */
  said: object = {},
): Outcome {
  const reference = newReference();
  log.error({ reference, ...said, err }, 'the dispatcher rejected');
  return {
    audience: 'asker',
    card: {
      tone: 'bad',
      title: 'Purser could not answer',
      text: 'This is a mistake in Purser; its log has the cause under the reference below.',
      reference,
    },
  };
}
