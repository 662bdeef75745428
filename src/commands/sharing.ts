// Answers with money in them are private; for a while their asker can show them to the channel.
import type { Person } from '../team.ts';
import type { Card } from './card.ts';
import { CommandError } from './errors.ts';
import type { Outcome } from './types.ts';

export interface Sharing {
  /** Puts a button on what may be shared: a private table. */
  keep(person: Person, outcome: Outcome): Outcome;
  /** Throws `CommandError` for what is gone, or is another person's. */
  share(person: Person, reference: string): Outcome;
}

/** Answers kept so that their asker can still share them. */
const sharableMax = 500;

export function createSharing(): Sharing {
  const kept = new Map<string, { card: Card; person: string }>();
  return {
    keep(person, outcome) {
      const { reference, table, form } = outcome.card;
      const isSharable = outcome.audience === 'asker' && table !== undefined && form === undefined;
      if (!isSharable || reference === undefined) return outcome;
      kept.set(reference, { card: outcome.card, person: person.id });
      const oldest = kept.keys().next();
      if (kept.size > sharableMax && !oldest.done) kept.delete(oldest.value);
      const button = { action: `share:${reference}`, label: 'Share here', style: 'plain' } as const;
      const buttons = [...(outcome.card.buttons ?? []), button];
      return { ...outcome, card: { ...outcome.card, buttons } };
    },
    share(person, reference) {
      const found = kept.get(reference);
      if (found === undefined) {
        throw new CommandError(
          'This answer can no longer be shared',
          'Purser has been started again since, or it is too old. Ask once more and share that.',
        );
      }
      if (found.person !== person.id) {
        throw new CommandError('Only the person who asked can share this answer', 'Ask yourself.');
      }
      const notes = [...(found.card.notes ?? []), `Shared by ${person.name}.`];
      return { card: { ...found.card, notes }, audience: 'channel' };
    },
  };
}
