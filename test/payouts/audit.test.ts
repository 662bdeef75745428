// However many want to read the audit log, the thread that also takes freezes reads it once at a time.
import { expect, it } from 'vitest';
import { createAuditReader } from '../../src/payouts/audit.ts';
import { createReferenceStore } from '../store/reference-store.ts';
import { createFakeClock } from '../support.ts';

async function openReader() {
  const data = { records: [], entries: [], readings: [] };
  const store = createReferenceStore({ data, clock: createFakeClock(), openMax: 10 });
  for (let number = 0; number < 5; number += 1) await store.commit([], [{ event: 'test', number }]);
  const seen = { begun: 0, atOnce: 0, most: 0 };
  const reader = createAuditReader({
    async *readAudit() {
      seen.begun += 1;
      seen.atOnce += 1;
      seen.most = Math.max(seen.most, seen.atOnce);
      yield* store.readAudit();
      seen.atOnce -= 1;
    },
  });
  const count = async () => {
    let entries = 0;
    for await (const _entry of reader.readAudit()) entries += 1;
    return entries;
  };
  return { reader, seen, count };
}

it('is proved once for all who ask meanwhile, and anew for who asks later', async () => {
  const { reader, seen } = await openReader();
  const verdicts = await Promise.all(Array.from({ length: 40 }, () => reader.verifyAudit()));
  expect(verdicts).toEqual(Array.from({ length: 40 }, () => verdicts[0]));
  expect(verdicts[0]).toMatchObject({ isIntact: true, count: 5 });
  expect(seen.begun).toBe(1);
  await reader.verifyAudit();
  expect(seen.begun).toBe(2);
});

it('is read by one after the other, also where one stops early', async () => {
  const { reader, seen, count } = await openReader();
  const stopping = (async () => {
    for await (const { sequence } of reader.readAudit()) return sequence;
    return 0;
  })();
  expect(await Promise.all([count(), stopping, count()])).toEqual([5, 1, 5]);
  expect([seen.begun, seen.most]).toEqual([3, 2]);
});
