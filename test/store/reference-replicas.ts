// Replicas at their simplest, in one memory: what their contract means. The self-test breaks them.
import { createAgreements } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import type { Replica, ReplicasUnderTest } from '../contracts/replicas.ts';
import { createFakeClock, type FakeClock } from '../support.ts';
import { createReferenceStore, type ReferenceData } from './reference-store.ts';

type Begin = Parameters<Store['lead']>[0];

interface Candidate {
  readonly begin: Begin;
  end: (() => Promise<void>) | undefined;
}

/** What all replicas have in common. */
export interface Town {
  readonly data: ReferenceData;
  readonly clock: FakeClock;
  readonly openMax: number;
  /** Name -> who has it. */
  readonly claims: Map<string, object>;
  readonly candidates: Map<object, Set<Candidate>>;
  memory: ReturnType<typeof createAgreements>;
}

export type Bend = (store: Store, town: Town) => Partial<Store>;

export function createReferenceReplicas(bend: Bend = () => ({})): ReplicasUnderTest {
  const clock = createFakeClock();
  const town: Town = {
    data: { records: [], entries: [], readings: [] },
    clock,
    openMax: 200,
    claims: new Map(),
    candidates: new Map(),
    memory: createAgreements({ clock }),
  };
  return {
    async open(): Promise<Replica> {
      const { store, leave } = createReplica(town);
      return { store: { ...store, ...bend(store, town) }, die: leave };
    },
    async discard() {},
  };
}

function createReplica(town: Town): { store: Store; leave(): Promise<void> } {
  const { claims, candidates, memory } = town;
  const me = {};
  candidates.set(me, new Set());
  const own = createReferenceStore(town);

  const leave = async () => {
    for (const [name, holder] of claims) if (holder === me) claims.delete(name);
    const mine = [...(candidates.get(me) ?? [])];
    candidates.delete(me);
    if (candidates.size === 0) town.memory = createAgreements(town);
    for (const { end } of mine) await end?.();
    await elect(town);
  };
  const store: Store = {
    ...own,
    async claim(names) {
      const free = [...new Set(names)].filter((name) => !claims.has(name));
      for (const name of free) claims.set(name, me);
      return free;
    },
    async release(names) {
      for (const name of names) if (claims.get(name) === me) claims.delete(name);
    },
    remember: (...asked) => (town.memory ?? memory).remember(...asked),
    recall: (name) => town.memory.recall(name),
    async lead(begin) {
      const one: Candidate = { begin, end: undefined };
      candidates.get(me)?.add(one);
      await elect(town);
      return async () => {
        candidates.get(me)?.delete(one);
        await one.end?.();
        await elect(town);
      };
    },
    async close() {
      await leave();
      await own.close();
    },
  };
  return { store, leave };
}

/** The first candidate begins, unless somebody has; who cannot goes to the end of the line. */
async function elect({ candidates }: Town): Promise<void> {
  const line = [...candidates].flatMap(([, set]) => [...set]);
  if (line.some(({ end }) => end !== undefined)) return;
  for (const one of line) {
    one.end = async () => undefined;
    const begun = await one.begin().catch(() => undefined);
    one.end = begun;
    if (begun !== undefined) return;
  }
}
