// Answers with money in them are private; for a while their asker can show them to the channel, through
// whichever replica.
import { StoreError } from '../errors.ts';
import type { Person } from '../team.ts';
import type { Card } from './card.ts';
import { CommandError } from './errors.ts';
import type { Outcome, World } from './types.ts';

interface Kept {
  readonly card: Card;
  readonly person: string;
}

export interface Sharing {
  /** Puts a button on what may be shared: a private table. */
  keep(person: Person, outcome: Outcome): Promise<Outcome>;
  /** Throws `CommandError` for what is gone, or is another person's. */
  share(person: Person, reference: string): Promise<Outcome>;
}

/** Longer ago, the figures would mislead. */
const sharableForMs = 24 * 3_600_000;
const nameOf = (reference: string) => `answer ${reference}`;

export function createSharing(memory: World['memory']): Sharing {
  return {
    async keep(person, outcome) {
      const { reference, table, form } = outcome.card;
      const isSharable = outcome.audience === 'asker' && table !== undefined && form === undefined;
      if (!isSharable || reference === undefined) return outcome;
      const text = JSON.stringify({ card: outcome.card, person: person.id } satisfies Kept);
      if (!(await remember(memory, nameOf(reference), text))) return outcome;
      const button = { action: `share:${reference}`, label: 'Share here', style: 'plain' } as const;
      const buttons = [...(outcome.card.buttons ?? []), button];
      return { ...outcome, card: { ...outcome.card, buttons } };
    },
    async share(person, reference) {
      const found = toKept(await memory.recall(nameOf(reference)));
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

/** As text: it is ours, written a moment ago, and taken as it was. */
function toKept(text: unknown): Kept | undefined {
  return typeof text === 'string' ? (JSON.parse(text) as Kept) : undefined;
}

/** False for what cannot be kept: it can be shown to its asker all the same. */
async function remember(memory: World['memory'], name: string, text: string): Promise<boolean> {
  try {
    return await memory.remember(name, text, sharableForMs);
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
