// The model of a store: whatever is asked of it, closed and opened or killed in between, it says what
// the reference store says.
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Json, RecordChange, Store } from '../../src/store/types.ts';
import { readAll } from '../contracts/store-subject.ts';
import { createFakeClock, type FakeClock } from '../support.ts';
import { createReferenceStore } from './reference-store.ts';

const kinds = ['payout', 'payee'];
const ids = ['a', 'b', 'c', 'd', 'e'];
const keys = ['K1', 'K2', 'K3'];
const openMax = 3;

interface Wish {
  readonly kind: string;
  readonly id: string;
  readonly key: string | undefined;
  readonly isOpen: boolean;
  readonly value: Json;
  /** How far the version that was read is from the current one; mostly 0. */
  readonly offset: number;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom(...kinds),
  id: fc.constantFrom(...ids),
  key: fc.option(fc.constantFrom(...keys), { nil: undefined }),
  isOpen: fc.boolean(),
  value: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  offset: fc.constantFrom(0, 0, 0, 0, 0, 1, -1),
});
/** Steps that are taken at one moment. */
const group = fc.array(
  fc.record({ wishes: fc.array(wish, { maxLength: 3 }), audit: fc.nat({ max: 2 }) }),
  { minLength: 1, maxLength: 4 },
);
const turn = fc.oneof(
  { arbitrary: fc.record({ group }), weight: 6 },
  { arbitrary: fc.record({ advanceMs: fc.constantFrom(0, 1, 1_000, -500) }), weight: 2 },
  { arbitrary: fc.constant('reopen' as const), weight: 1 },
  { arbitrary: fc.constant('kill' as const), weight: 1 },
);

type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

async function describeStore(store: Store): Promise<string> {
  const lists = kinds.flatMap((kind) => [
    store.listOpen(kind),
    store.listSince(kind, 0, 20),
    store.listSince(kind, createFakeClock().now() + 1, 2),
    ...ids.map((id) => store.find(kind, id)),
    ...keys.map((key) => store.findByKey(kind, key)),
  ]);
  const all = [...(await Promise.all(lists)), await readAll(store), await readAll(store, 3)];
  // As text: an order that differs, or -0, must not pass for the same.
  return JSON.stringify(all, (_, value: unknown) =>
    value === undefined ? 'undefined' : sorted(value),
  );
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The store under test, on data of its own that outlives it. */
export interface ModelSubject {
  open(options: { clock: FakeClock; openMax: number }): Promise<Store>;
  /** As `kill -9` would: nothing of the present store happens any more. */
  kill(): Promise<void>;
  /** Whatever was opened and closed last, its data go. */
  discard(): Promise<void>;
}

/** Steps of one moment must be taken in the order in which they come. Gives how many were kept. */
export async function proveModel(
  begin: () => Promise<ModelSubject>,
  numRuns: number,
): Promise<number> {
  let commits = 0;
  const run = async (turns: readonly Turn[]) => {
    const clock = createFakeClock();
    const reference = createReferenceStore({
      data: { records: [], entries: [], readings: [] },
      clock,
      openMax,
    });
    const subject = await begin();
    let store = await subject.open({ clock, openMax });
    for (const turn of turns) {
      if (turn === 'reopen') await store.close();
      if (turn === 'kill') await subject.kill();
      if (turn === 'reopen' || turn === 'kill') store = await subject.open({ clock, openMax });
      else if ('advanceMs' in turn) clock.advance(turn.advanceMs);
      else {
        const steps = await Promise.all(
          turn.group.map(async ({ wishes, audit }) => ({
            changes: await Promise.all(wishes.map((one) => toChange(one, reference))),
            facts: Array.from({ length: audit }, (_, n) => ({ n, commits })),
          })),
        );
        const take = (by: Store) =>
          Promise.allSettled(steps.map(({ changes, facts }) => by.commit(changes, facts))).then(
            (results) => results.map(nameOf),
          );
        const expected = await take(reference);
        expect(await take(store)).toEqual(expected);
        commits += expected.filter((name) => name === 'kept').length;
      }
      expect(await describeStore(store)).toBe(await describeStore(reference));
    }
    await store.close();
    await subject.discard();
  };
  await fc.assert(fc.asyncProperty(fc.array(turn, { maxLength: 20 }), run), { numRuns });
  return commits;
}

async function toChange({ offset, key, ...rest }: Wish, store: Store): Promise<RecordChange> {
  const version = (await store.find(rest.kind, rest.id))?.version ?? 0;
  const change = { ...rest, expectedVersion: version + offset };
  return key === undefined ? change : { ...change, key };
}

function nameOf(result: PromiseSettledResult<void>): string {
  return result.status === 'fulfilled' ? 'kept' : String(result.reason.name);
}
