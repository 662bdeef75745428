// What the books hold that somebody should know of.
import { expect, test } from 'vitest';
import { examineLedger } from '../../src/doctor/ledger.ts';
import type { Freeze } from '../../src/payouts/index.ts';
import type { Payout } from '../../src/payouts/types.ts';
import { type Books, chainStart, nextEntry } from '../../src/store/index.ts';
import type { AuditEntry, Json } from '../../src/store/types.ts';
import { composePayout, requestedAtMs } from '../payouts/sample.ts';

const hourMs = 3_600_000;
const people = [{ id: 'ana', name: 'Ana Torres', roles: ['approver'] }];

function booksOf(open: { payout?: object[]; freeze?: object[] }, entries = 2): Books {
  const chain: AuditEntry[] = [];
  for (let n = 1; n <= entries; n += 1) {
    chain.push(nextEntry(chain.at(-1) ?? chainStart, requestedAtMs, { n }));
  }
  return {
    listOpen: async (kind) =>
      (open[kind as 'payout'] ?? []).map((value, index) => ({
        ...{ kind, id: `${kind}${index}`, version: 1, isOpen: true, createdAtMs: requestedAtMs },
        value: JSON.parse(JSON.stringify(value)) as Json,
      })),
    readAudit: async function* () {
      yield* chain;
    },
  };
}

async function look(books: Books, onProgress?: (text: string) => void): Promise<string[]> {
  const found = await examineLedger(books, {
    clock: { now: () => requestedAtMs + 5 * hourMs, sleep: async () => {} },
    team: { people } as never,
    providerNames: new Map([['payermax', 'PayerMax']]),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return found.map(({ level, what, text }) => `${level} ${what}: ${text}`);
}

const unclear = (changes: Partial<Payout>) => composePayout({ state: 'unknown', ...changes });

test('books in which nothing waits are fine', async () => {
  expect(await look(booksOf({}))).toEqual([
    'fine Audit log: 2 entries are as Purser wrote them.',
    'fine Payouts: None is open.',
  ]);
  const fresh = unclear({ sentAtMs: requestedAtMs + 4.5 * hourMs });
  expect((await look(booksOf({ payout: [composePayout(), fresh] }, 1)))[1]).toBe(
    'fine Payouts: 2 open, none unclear for long.',
  );
});

test('payouts that are unclear for an hour are counted, and the oldest is named', async () => {
  const payout = [
    unclear({ id: 'PNEWER23', sentAtMs: requestedAtMs + 2 * hourMs }),
    unclear({ id: 'POLDEST2', sentAtMs: requestedAtMs + hourMs }),
  ];
  expect((await look(booksOf({ payout })))[1]).toBe(
    'warning Payouts: 2 with an unclear end, POLDEST2 at PayerMax for 4 h: ask the provider whether it was paid, then two people close it from /payout show POLDEST2.',
  );
});

test('a freeze is named with who froze and why', async () => {
  const place = { platform: 'slack', user: 'U01' };
  const freeze: Freeze = {
    ...{ scope: 'payermax', isFrozen: true, by: 'ana', reason: 'a strange order' },
    ...{ atMs: requestedAtMs, place },
  };
  expect((await look(booksOf({ freeze: [freeze] })))[2]).toBe(
    'warning Freeze: Payouts at PayerMax are frozen by Ana Torres: a strange order. Two others lift it with /purser unfreeze.',
  );
});

test('a record that cannot be read is one problem', async () => {
  expect((await look(booksOf({ payout: [{ id: 'P1' }] }))).slice(1)).toEqual([
    'problem Payouts: The stored payout payout0 cannot be read. Start the version of Purser that wrote it.',
  ]);
});

test('how far it has got is told every now and then', async () => {
  const told: string[] = [];
  await look(booksOf({}, 120_000), (text) => told.push(text));
  expect(told).toEqual(['Audit log: 50,000 entries read …', 'Audit log: 100,000 entries read …']);
});
