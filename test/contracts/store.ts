// What every store must do, as facts that run against any of them: nothing here knows how one keeps
// its data. store.selftest.test.ts proves that each fact fails on a store that breaks it.
import { describe, it } from 'vitest';
import { agreementFacts } from './store-agreements.ts';
import { boundFacts, textFacts } from './store-bounds.ts';
import { auditFacts, closingFacts, lifeFacts, listFacts } from './store-history.ts';
import { readingFacts } from './store-readings.ts';
import { keyFacts, recordFacts, stepFacts } from './store-steps.ts';
import { openMaxOfFacts, type StoreFact, type StoreUnderTest } from './store-subject.ts';

export type { StoreFact, StoreUnderTest };

export interface StoreContract {
  readonly name: string;
  /** An empty store that takes at most so many open records of a kind. */
  open(options: { openMax: number }): Promise<StoreUnderTest>;
}

export const storeFacts: readonly StoreFact[] = [
  ...recordFacts,
  ...stepFacts,
  ...keyFacts,
  ...listFacts,
  ...closingFacts,
  ...auditFacts,
  ...lifeFacts,
  ...boundFacts,
  ...textFacts,
  ...readingFacts,
  ...agreementFacts,
];

export function describeStoreContract(contract: StoreContract): void {
  describe(`${contract.name} keeps the contract of a store`, () => {
    for (const fact of storeFacts) {
      it(fact.name, async () => {
        const subject = await contract.open({ openMax: openMaxOfFacts });
        try {
          await fact.prove(subject);
        } finally {
          await subject.discard();
        }
      });
    }
  });
}
