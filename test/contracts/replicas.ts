// What a store must do that several replicas have open at once: nobody overwrites what another has
// done, nobody does what another is doing, and one of them is the first. replicas.selftest.test.ts
// proves that each fact fails where it does not hold.
import { describe, expect, it, vi } from 'vitest';
import { ConflictError } from '../../src/errors.ts';
import { verifyChain } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { change, countWins, put, readAll } from './store-subject.ts';

export interface Replica {
  readonly store: Store;
  /** Its machine is gone for the others; the store itself may go on and reach nobody. */
  die(): Promise<void>;
}

export interface ReplicasUnderTest {
  /** One more replica on the same data. */
  open(): Promise<Replica>;
  discard(): Promise<void>;
}

export interface ReplicasContract {
  readonly name: string;
  open(): Promise<ReplicasUnderTest>;
}

export interface ReplicasFact {
  readonly name: string;
  /** Waits so long at most for what happens within seconds of another's end. */
  prove(subject: ReplicasUnderTest, patienceMs: number): Promise<void>;
}

const patienceMs = 15_000;
const minute = 60_000;

async function openTwo({ open }: ReplicasUnderTest): Promise<[Replica, Replica]> {
  return [await open(), await open()];
}

const stepFacts: readonly ReplicasFact[] = [
  {
    name: 'sees at once what another has committed',
    async prove(subject) {
      const [{ store: a }, { store: b }] = await openTwo(subject);
      await put(a, { id: 'x', key: 'K', value: 1 });
      expect(await b.find('payout', 'x')).toMatchObject({ version: 1, value: 1 });
      await put(b, { id: 'x', key: 'K', expectedVersion: 1, value: 2 });
      expect(await a.findByKey('payout', 'K')).toMatchObject({ version: 2, value: 2 });
      expect(await a.listOpen('payout')).toEqual(await b.listOpen('payout'));
    },
  },
  {
    name: 'lets exactly one of 50 changes of one version win, whichever replica makes it',
    async prove(subject) {
      const two = await openTwo(subject);
      await put(two[0].store, { id: 'x' });
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, click) =>
          two[click % 2 === 0 ? 0 : 1].store.commit(
            [change({ id: 'x', expectedVersion: 1, value: click })],
            [{ click }],
          ),
        ),
      );
      expect(countWins(results)).toBe(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ConflictError);
      }
      const winner = results.findIndex(({ status }) => status === 'fulfilled');
      for (const { store } of two) {
        expect(await store.find('payout', 'x')).toMatchObject({ version: 2, value: winner });
        expect((await readAll(store)).map(({ facts }) => facts)).toEqual([{ click: winner }]);
      }
    },
  },
  {
    name: 'lets exactly one of 50 new records have a key, whichever replica writes it',
    async prove(subject) {
      const two = await openTwo(subject);
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, n) =>
          put(two[n % 2 === 0 ? 0 : 1].store, { id: `p${n}`, key: 'K' }),
        ),
      );
      expect(countWins(results)).toBe(1);
      expect(await two[0].store.listOpen('payout')).toHaveLength(1);
    },
  },
  {
    name: 'chains the entries of all replicas into one',
    async prove(subject) {
      const two = await openTwo(subject);
      await Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          two[n % 2 === 0 ? 0 : 1].store.commit([change({ id: `p${n}` })], [{ n }, { n, more: 1 }]),
        ),
      );
      for (const { store } of two) {
        const entries = await readAll(store);
        expect(await verifyChain(entries)).toMatchObject({ isIntact: true, count: 120 });
        // Both entries of a step stand together.
        const pairs = entries.filter(({ facts }, index) => {
          return 'more' in facts && entries[index - 1]?.facts['n'] === facts['n'];
        });
        expect(pairs).toHaveLength(60);
      }
    },
  },
];

const agreementFacts: readonly ReplicasFact[] = [
  {
    name: 'gives a name to one of the replicas',
    async prove(subject) {
      const [{ store: a }, { store: b }] = await openTwo(subject);
      const names = Array.from({ length: 30 }, (_, n) => `n${n}`);
      const [byA, byB] = await Promise.all([a.claim(names), b.claim(names.toReversed())]);
      expect([...byA, ...byB].toSorted()).toEqual(names.toSorted());
      expect(await a.claim(names)).toEqual([]);
      expect(await b.claim(['theirs'])).toEqual(['theirs']);
      await a.release(['theirs']);
      expect(await a.claim(['theirs'])).toEqual([]);
      await b.release(['theirs']);
      expect(await a.claim(['theirs'])).toEqual(['theirs']);
    },
  },
  {
    name: 'frees the names of a replica that is closed, and of one that has died',
    async prove(subject, timeout) {
      const [a, b] = await openTwo(subject);
      const { store } = await subject.open();
      await a.store.claim(['x', 'mine']);
      await b.store.claim(['y']);
      expect(await store.claim(['x', 'y'])).toEqual([]);
      await a.store.close();
      expect(await store.claim(['x', 'y'])).toEqual(['x']);
      await b.die();
      await vi.waitFor(async () => expect(await store.claim(['y'])).toEqual(['y']), { timeout });
    },
  },
  {
    name: 'remembers what another was told, for as long as one of them lives',
    async prove(subject) {
      const [{ store: a }, { store: b }] = await openTwo(subject);
      expect(await a.remember('x', { said: 1 }, minute)).toBe(true);
      expect(await b.recall('x')).toEqual({ said: 1 });
      expect(await b.remember('x', 2, minute)).toBe(false);
      await a.close();
      const { store: c } = await subject.open();
      expect(await c.recall('x')).toEqual({ said: 1 });
      await b.close();
      await c.close();
      const { store: d } = await subject.open();
      expect(await d.recall('x')).toBeUndefined();
      expect(await d.remember('x', 3, minute)).toBe(true);
    },
  },
];

/** Leads, and notes when it begins and when it is over. */
async function leadAs(name: string, { store }: Replica, heard: string[]) {
  return await store.lead(async () => {
    heard.push(`${name} begins`);
    return async () => {
      heard.push(`${name} ends`);
    };
  });
}

const leadingFacts: readonly ReplicasFact[] = [
  {
    name: 'has one first replica, and another when that one stops or is closed',
    async prove(subject, timeout) {
      const [a, b] = await openTwo(subject);
      const c = await subject.open();
      const heard: string[] = [];
      const stopA = await leadAs('a', a, heard);
      await leadAs('b', b, heard);
      expect(heard).toEqual(['a begins']);
      await stopA();
      await vi.waitFor(() => expect(heard).toEqual(['a begins', 'a ends', 'b begins']), {
        timeout,
      });
      await leadAs('c', c, heard);
      await b.store.close();
      await vi.waitFor(() => expect(heard.slice(3)).toEqual(['b ends', 'c begins']), { timeout });
    },
  },
  {
    name: 'has another first replica within seconds when the first one dies, which learns of it',
    async prove(subject, timeout) {
      const [a, b] = await openTwo(subject);
      const heard: string[] = [];
      await leadAs('a', a, heard);
      await leadAs('b', b, heard);
      await a.die();
      await vi.waitFor(
        () => {
          expect(heard.toSorted()).toEqual(['a begins', 'a ends', 'b begins']);
        },
        { timeout },
      );
    },
  },
  {
    name: 'lets another begin what the first one could not',
    async prove(subject, timeout) {
      const [a, b] = await openTwo(subject);
      const heard: string[] = [];
      const stopA = await leadAs('a', a, heard);
      let tries = 0;
      await b.store.lead(async () => {
        tries += 1;
        throw new Error('no gateway');
      });
      await stopA();
      await vi.waitFor(() => expect(tries).toBeGreaterThan(0), { timeout });
      await leadAs('c', await subject.open(), heard);
      await vi.waitFor(() => expect(heard.at(-1)).toBe('c begins'), { timeout });
    },
  },
];

export const replicasFacts = [...stepFacts, ...agreementFacts, ...leadingFacts];

export function describeReplicasContract(contract: ReplicasContract): void {
  describe(`${contract.name} keeps the contract of replicas`, () => {
    for (const fact of replicasFacts) {
      it(fact.name, async () => {
        const subject = await contract.open();
        try {
          await fact.prove(subject, patienceMs);
        } finally {
          await subject.discard();
        }
      });
    }
  });
}
