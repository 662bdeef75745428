// The same store, with its steps counted, and of everything else what failed: where the database is away
// the read before a step fails, and no step is ever tried.
import { ConflictError, StoreFullError } from '../errors.ts';
import type { Meter, Stepped } from '../meter.ts';
import type { Store } from './types.ts';

export function meterStore(
  store: Store,
  meter: Pick<Meter, 'stepped' | 'unanswered' | 'led'>,
  clock: { now(): number },
): Store {
  const watch =
    <Given extends unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      try {
        return await ask(...given);
      } catch (error) {
        meter.unanswered();
        throw error;
      }
    };
  const watchRows = <Given extends unknown[], Row>(read: (...given: Given) => AsyncIterable<Row>) =>
    async function* (...given: Given): AsyncGenerator<Row> {
      try {
        yield* read(...given);
      } catch (error) {
        meter.unanswered();
        throw error;
      }
    };
  return {
    ...store,
    find: watch(store.find),
    findByKey: watch(store.findByKey),
    listOpen: watch(store.listOpen),
    listSince: watch(store.listSince),
    readAudit: watchRows(store.readAudit),
    appendReadings: watch(store.appendReadings),
    readReadings: watchRows(store.readReadings),
    claim: watch(store.claim),
    release: watch(store.release),
    remember: watch(store.remember),
    recall: watch(store.recall),
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
