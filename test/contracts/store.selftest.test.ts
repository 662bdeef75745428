// The contract of stores is itself tested: a store that keeps it passes every fact, and for each fact
// there is a store, broken on purpose, that fails it.
import { describe, expect, it } from 'vitest';
import { brokenStores } from '../store/broken-stores.ts';
import type { BrokenStore } from '../store/broken-stores-made.ts';
import { createReferenceStore, type ReferenceData } from '../store/reference-store.ts';
import { createFakeClock } from '../support.ts';
import { describeStoreContract, type StoreContract, storeFacts } from './store.ts';
import { openMaxOfFacts } from './store-subject.ts';

const contractOf = (name: string, openOn: BrokenStore['open']): StoreContract => ({
  name,
  async open({ openMax }) {
    const clock = createFakeClock();
    const data: ReferenceData = { records: [], entries: [], readings: [] };
    const open = () => openOn({ data, clock, openMax });
    const store = open();
    return {
      store,
      clock,
      async reopen() {
        await store.close();
        return open();
      },
      async discard() {},
    };
  },
});

describeStoreContract(contractOf('the reference store', createReferenceStore));

describe('the contract of a store', () => {
  for (const { breaks, how, open } of brokenStores) {
    for (const name of breaks) {
      it(`“${name}” fails for one that ${how}`, async () => {
        const fact = storeFacts.find((one) => one.name === name);
        if (fact === undefined) throw new TypeError(`no fact is named ${name}`);
        const subject = await contractOf(how, open).open({ openMax: openMaxOfFacts });
        await expect(fact.prove(subject)).rejects.toThrow();
      });
    }
  }

  it('has no fact that nothing breaks', () => {
    const broken = new Set(brokenStores.flatMap(({ breaks }) => breaks));
    expect(storeFacts.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
