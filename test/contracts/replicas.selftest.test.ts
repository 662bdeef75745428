// The contract of replicas is itself tested, as that of one store is.
import { describe, expect, it } from 'vitest';
import { createAgreements } from '../../src/store/index.ts';
import type { Store, StoredRecord } from '../../src/store/types.ts';
import { type Bend, createReferenceReplicas } from '../store/reference-replicas.ts';
import { createReferenceStore } from '../store/reference-store.ts';
import { describeReplicasContract, replicasFacts } from './replicas.ts';

describeReplicasContract({
  name: 'the reference store, several times,',
  open: async () => createReferenceReplicas(),
});

interface BrokenReplicas {
  readonly breaks: readonly string[];
  readonly how: string;
  readonly bend: Bend;
}

const ofThemselves: Bend = (_, { clock }) => createAgreements({ clock });

/** Whoever is open, and whoever was. */
function ofTheFirst(): Bend {
  let memory: Pick<Store, 'remember' | 'recall'> | undefined;
  return (_, town) => {
    memory ??= createAgreements(town);
    return { remember: memory.remember, recall: memory.recall };
  };
}

const brokenReplicas: readonly BrokenReplicas[] = [
  {
    breaks: ['sees at once what another has committed'],
    how: 'answer from what they have read before',
    bend(store) {
      const known = new Map<string, StoredRecord | undefined>();
      return {
        async find(kind, id) {
          if (!known.has(id)) known.set(id, await store.find(kind, id));
          return known.get(id);
        },
        async findByKey(kind, key) {
          if (!known.has(key)) known.set(key, await store.findByKey(kind, key));
          return known.get(key);
        },
        async commit(changes, audit) {
          await store.commit(changes, audit);
          for (const { kind, id, key = id } of changes) {
            const record = await store.find(kind, id);
            known.set(id, record).set(key, record);
          }
        },
      };
    },
  },
  {
    breaks: [
      'lets exactly one of 50 changes of one version win, whichever replica makes it',
      'lets exactly one of 50 new records have a key, whichever replica writes it',
      'chains the entries of all replicas into one',
    ],
    how: 'write back what they read a moment before',
    bend: (_, { data, ...config }) => ({
      async commit(changes, audit) {
        const copy = { ...data };
        await null;
        await createReferenceStore({ ...config, data: copy }).commit(changes, audit);
        Object.assign(data, copy);
      },
    }),
  },
  {
    breaks: ['chains the entries of all replicas into one'],
    how: 'write the entries of a step one by one',
    bend: (store) => ({
      async commit(changes, audit) {
        await store.commit(changes, audit.slice(0, 1));
        await null;
        await store.commit([], audit.slice(1));
      },
    }),
  },
  {
    breaks: [
      'gives a name to one of the replicas',
      'frees the names of a replica that is closed, and of one that has died',
      'remembers what another was told, for as long as one of them lives',
      'has one first replica, and another when that one stops or is closed',
      'has another first replica within seconds when the first one dies, which learns of it',
    ],
    how: 'agree with nobody',
    bend: ofThemselves,
  },
  {
    breaks: ['frees the names of a replica that is closed, and of one that has died'],
    how: 'keep a name for ever',
    bend(_, { claims }) {
      const holder = {};
      return {
        async claim(names) {
          const free = names.filter((name) => !claims.has(name));
          for (const name of free) claims.set(name, holder);
          return free;
        },
      };
    },
  },
  {
    breaks: ['gives a name to one of the replicas'],
    how: 'give back what others have',
    bend: (_, { claims }) => ({
      async release(names) {
        for (const name of names) claims.delete(name);
      },
    }),
  },
  {
    breaks: ['remembers what another was told, for as long as one of them lives'],
    how: 'remember what nobody alive was told',
    bend: ofTheFirst(),
  },
  {
    breaks: ['lets another begin what the first one could not'],
    how: 'wait for the first one, whether it can or not',
    bend: (store) => ({
      lead: (begin) => store.lead(() => begin().catch(() => async () => undefined)),
    }),
  },
];

/** Facts wait for some seconds; broken replicas never get there. */
const patienceMs = 1_500;

describe('the contract of replicas', () => {
  for (const { breaks, how, bend } of brokenReplicas) {
    for (const name of breaks) {
      it(`“${name}” fails where they ${how}`, async () => {
        const fact = replicasFacts.find((one) => one.name === name);
        if (fact === undefined) throw new TypeError(`no fact is named ${name}`);
        await expect(fact.prove(createReferenceReplicas(bend), patienceMs)).rejects.toThrow();
      });
    }
  }

  it('has no fact that nothing breaks', () => {
    const broken = new Set(brokenReplicas.flatMap(({ breaks }) => breaks));
    expect(replicasFacts.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
