// The same store, with its steps counted. Only what changes something is: reads are the business of
// whoever reads.
import { ConflictError, StoreFullError } from '../errors.ts';
import type { Meter, Stepped } from '../meter.ts';
import type { Store } from './types.ts';

export function meterStore(
  store: Store,
  meter: Pick<Meter, 'stepped' | 'led'>,
  clock: { now(): number },
): Store {
  return {
    ...store,
    async commit(changes, audit) {
      const startedAt = clock.now();
      const note = (outcome: Stepped['outcome'], entries = 0) =>
        meter.stepped({ outcome, entries, ms: clock.now() - startedAt });
      try {
        await store.commit(changes, audit);
      } catch (error) {
        note(outcomeOf(error));
        throw error;
      }
      note('done', audit.length);
    },
    lead: (begin) =>
      store.lead(async () => {
        const end = await begin();
        meter.led(true);
        return async () => {
          meter.led(false);
          await end();
        };
      }),
  };
}

function outcomeOf(error: unknown): Stepped['outcome'] {
  if (error instanceof ConflictError) return 'conflict';
  return error instanceof StoreFullError ? 'full' : 'failed';
}
