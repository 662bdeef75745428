// Freezing stops payouts at once, at one provider or everywhere. One person freezes; two others
// lift it.
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { createRecords } from '../store/index.ts';
import type { Store } from '../store/types.ts';
import { type Place, placeSchema } from './types.ts';

export const freezeSchema = z.object({
  /** A provider's id, or `all`. */
  scope: z.string(),
  isFrozen: z.boolean(),
  by: z.string(),
  reason: z.string(),
  atMs: z.number(),
  /** Others who said so too, while it stood: they do not lift it either. */
  alsoBy: z.array(z.string()).optional(),
  /** The first of the two who lift it. */
  liftedBy: z.string().optional(),
  place: placeSchema,
});
export type Freeze = z.infer<typeof freezeSchema>;

export type LiftAnswer = 'lifted' | 'one_more' | 'own_freeze' | 'same_person' | 'not_frozen';

export interface Freezes {
  list(): Promise<Freeze[]>;
  /** What stops this provider now. */
  findFor(provider: string): Promise<Freeze | undefined>;
  /** Freezing what is frozen is on record, and whoever had agreed to lift it must agree anew. */
  freeze(scope: string, person: string, reason: string, place: Place): Promise<Freeze>;
  lift(scope: string, person: string, place: Place): Promise<LiftAnswer>;
  /** Called when something was frozen, when the first of two lifts it, and when it goes on. */
  subscribe(listener: FreezeListener): void;
}

export type FreezeListener = (freeze: Freeze, person: string) => void;

export function createFreezes(store: Store, clock: { now(): number }): Freezes {
  const records = createRecords(store, {
    kind: 'freeze',
    schema: freezeSchema,
    idOf: ({ scope }) => scope,
    isOpen: ({ isFrozen }) => isFrozen,
  });

  const listeners: FreezeListener[] = [];
  const tell: FreezeListener = (freeze, person) => {
    for (const listener of listeners) listener(freeze, person);
  };

  return {
    subscribe: (listener) => {
      listeners.push(listener);
    },
    list: () => records.listOpen(),
    async findFor(provider) {
      const open = await records.listOpen();
      return open.find(({ scope }) => scope === 'all' || scope === provider);
    },
    async freeze(scope, person, reason, place) {
      const freeze: Freeze = {
        scope,
        isFrozen: true,
        by: person,
        reason,
        atMs: clock.now(),
        place,
      };
      const audit = { event: 'freeze', scope, person, reason, place };
      const changed = await records.change(scope, (old) => ({
        next: old?.isFrozen ? join(old, freeze) : freeze,
        audit,
      }));
      if (changed === undefined) return freeze;
      tell(changed.after, person);
      return changed.after;
    },
    async lift(scope, person, place) {
      let answer: LiftAnswer = 'not_frozen';
      const changed = await records.change(scope, (old) => {
        const lifted = liftStep(old, person);
        answer = lifted.answer;
        return lifted.next === undefined
          ? undefined
          : { next: lifted.next, audit: { event: 'unfreeze', scope, person, answer, place } };
      });
      if (changed !== undefined) tell(changed.after, person);
      return answer;
    },
  };
}

/** The newest reason stands; everybody who gave one is kept. */
function join(old: Freeze, freeze: Freeze): Freeze {
  return { ...freeze, alsoBy: [...new Set(freezersOf(old))] };
}

export function freezersOf({ by, alsoBy = [] }: Freeze): string[] {
  return [by, ...alsoBy];
}

function liftStep(old: Freeze | undefined, person: string): { answer: LiftAnswer; next?: Freeze } {
  if (!old?.isFrozen) return { answer: 'not_frozen' };
  if (freezersOf(old).includes(person)) return { answer: 'own_freeze' };
  if (old.liftedBy === undefined) return { answer: 'one_more', next: { ...old, liftedBy: person } };
  if (old.liftedBy === person) return { answer: 'same_person' };
  return { answer: 'lifted', next: { ...old, isFrozen: false } };
}

/** Shown wherever a freeze stops somebody; `providerName` is that of its scope, if it has one. */
export function describeFreeze(
  freeze: Freeze,
  providerName: string,
  nameOf: (person: string) => string,
): string {
  const what = freeze.scope === 'all' ? 'All payouts are' : `Payouts at ${providerName} are`;
  return `${what} frozen by ${nameOf(freeze.by)}: ${freeze.reason}`;
}

/** A freeze says why, so that those who lift it know what to check. */
export function checkReason(text: string): string {
  const reason = text.trim();
  if (reason.length < 3 || reason.length > 300) {
    throw new UserError(
      'Say why in 3 to 300 characters; it goes on the card and into the audit log.',
    );
  }
  return reason;
}
