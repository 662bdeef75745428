// The border to the store: an approved payout whose record was damaged, or changed by somebody who can
// write there. It is refused, or held, or sent exactly as people approved it; never otherwise.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { step } from '../../src/payouts/index.ts';
import type { Payout } from '../../src/payouts/types.ts';
import type { StoredRecord } from '../../src/store/types.ts';
import { createOffice, eve } from '../commands/office.ts';
import { borderTimeoutMs, holdBorder, type World } from './border.ts';
import { bendAnswer, bends } from './json-bending.ts';

/** An amount, a payee, a reference or a state, written as somebody would who wants another payout. */
const forged = fc.constantFrom(
  ['"amount":"5.00"', '"amount":"500.00"'],
  ['"amount":"5.00"', '"amount":"5.0"'],
  ['"amount":"5.00"', '"amount":"5e2"'],
  ['"id":"maria","version":1', '"id":"luz","version":1'],
  ['"id":"maria","version":1', '"id":"maria","version":2'],
  ['"currency":"USD"', '"currency":"PEN"'],
  ['"provider":"payermax"', '"provider":"alignet"'],
  ['"route":"pe-bank"', '"route":"us-wallet"'],
  ['"note":"invoice 42"', '"note":"invoice 43"'],
  ['"person":"ben"', '"person":"eve"'],
  ['"kind":"approve"', '"kind":"reject"'],
  ['"requestedBy":"eve"', '"requestedBy":"ben"'],
  ['"account":"main"', '"account":"other"'],
  ['"reference":"P', '"reference":"Q'],
);
const input = fc.oneof(
  { weight: 3, arbitrary: fc.record({ bends, forged: fc.constant(undefined) }) },
  { weight: 1, arbitrary: fc.record({ bends: fc.constant([]), forged }) },
);
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

it(
  'a damaged record never becomes another payout',
  (test) =>
    holdBorder(
      {
        name: 'stored records',
        inputs: 400,
        input,
        perWorld: 10,
        reaches: ['sent as approved', 'not sent', 'cannot be read'],
        open: async (): Promise<World<Input>> => ({ judge, close: async () => {} }),
      },
      test,
    ),
  borderTimeoutMs,
);

async function judge(one: Input): Promise<string> {
  const office = await createOffice();
  const { payermax, alignet, data, world } = office;
  const asked = await office.requests(eve, '/payout payermax 5.00 USD maria invoice 42');
  const approved = step(asked, {
    type: 'approve',
    person: 'ben',
    contentHash: asked.contentHash,
    atMs: office.clock.now(),
  });
  if (!approved.ok) throw new TypeError(approved.refusal);
  expect(approved.payout.state).toBe('approved');
  const damaged = damage(JSON.stringify(approved.payout), one);
  if (damaged === undefined) return 'no JSON any more';
  data.records = data.records.map(
    (record): StoredRecord => (record.kind === 'payout' ? { ...record, value: damaged } : record),
  );
  const failure = await world.payouts.followUp.tick().then(
    () => undefined,
    (error: unknown) => error,
  );
  await world.payouts.settle();
  expect(alignet.orders, 'nothing goes to another provider').toEqual([]);
  if (failure !== undefined) {
    expect(failure).toBeInstanceOf(StoreError);
    expect(payermax.orders).toEqual([]);
    return 'cannot be read';
  }
  const [order, ...more] = payermax.orders;
  expect(more).toEqual([]);
  if (order === undefined) return 'not sent';
  const { amount, note, reference } = asked.content;
  expect(order).toMatchObject({ reference, note, route: 'pe-bank', payeeName: 'María López' });
  expect(order.amount).toEqual({ units: 500n, decimals: 2, currency: 'USD' });
  expect(amount).toBe('5.00');
  expect(order.fields).toEqual({
    bank: 'BCP',
    account_no: '19398765432101',
    cci: '00219300987654321017',
  });
  return 'sent as approved';
}

/** As a store gives it back: plain JSON, or nothing. */
function damage(text: string, { bends: all, forged: change }: Input) {
  const bent =
    change === undefined
      ? bendAnswer({ status: 200, headers: {}, body: text }, all).body.toString()
      : text.replace(change[0] ?? '', change[1] ?? '');
  if (change !== undefined) expect(bent, `${change[0]} stands in it`).not.toBe(text);
  try {
    return JSON.parse(bent) as StoredRecord['value'] & Partial<Payout>;
  } catch {
    return undefined;
  }
}
