// The audit log as people read it: all of it, on the thread that also answers everybody. So one reads at
// a time, and those who want it proved while it is being proved hear the same verdict.
import { type ChainVerdict, verifyChain } from '../store/index.ts';
import type { AuditEntry, Store } from '../store/types.ts';

export interface AuditReader {
  /** Oldest first. Begins when whoever reads now has ended. */
  readAudit(): AsyncIterable<AuditEntry>;
  verifyAudit(): Promise<ChainVerdict>;
}

export function createAuditReader(store: Pick<Store, 'readAudit'>): AuditReader {
  let last: Promise<void> = Promise.resolve();
  let verifying: Promise<ChainVerdict> | undefined;

  async function* readAudit(): AsyncIterable<AuditEntry> {
    const before = last;
    let end = () => {};
    last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      yield* store.readAudit();
    } finally {
      end();
    }
  }

  return {
    readAudit,
    verifyAudit() {
      verifying ??= verifyChain(readAudit()).finally(() => {
        verifying = undefined;
      });
      return verifying;
    },
  };
}
