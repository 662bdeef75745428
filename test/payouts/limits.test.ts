// How much is left of a limit, and which payouts look like one that was asked for before.
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/money.ts';
import {
  describeWindow,
  durationMs,
  findDuplicates,
  findExceededLimits,
  lookBackMs,
} from '../../src/payouts/limits.ts';
import { type PayoutState, payoutStates } from '../../src/payouts/types.ts';
import { composePayout, content, requestedAtMs } from './sample.ts';
import { composeTeam } from './team.ts';

const hourMs = 3_600_000;
const usd = (text: string) => parseDecimal(text, 'USD');

describe('limits', () => {
  const nowMs = requestedAtMs + hourMs;
  const own = { per: 'person', window: '24h', currency: 'USD', amount: '1000.00' };
  const all = { ...own, per: 'provider', provider: 'payermax' };
  const exceeded = (
    limits: object[],
    recent: Parameters<typeof findExceededLimits>[2],
    facts = {},
  ) =>
    findExceededLimits(
      composeTeam({ limits }),
      {
        id: undefined,
        provider: 'payermax',
        providerName: 'PayerMax',
        requester: 'ana',
        amount: usd('750.00'),
        nowMs,
        ...facts,
      },
      recent,
    ).length;
  const paid = (amount: string, changes: Parameters<typeof composePayout>[0] = {}) =>
    composePayout({ content: { ...content, amount }, ...changes });

  it('allows exactly the limit and not a cent more', () => {
    expect(exceeded([own], [paid('250.00')])).toBe(0);
    expect(exceeded([own], [paid('250.01')])).toBe(1);
    expect(exceeded([own], [paid('250.001')])).toBe(1);
    expect(exceeded([own], [], { amount: usd('1000.01') })).toBe(1);
  });

  const counted: readonly PayoutState[] = [
    'requested',
    'approved',
    'sending',
    'submitted',
    'unknown',
    'paid',
  ];
  it.each(payoutStates)(
    'counts a payout that is %s only if money may leave or has left',
    (state) => {
      const expected = counted.includes(state) ? 1 : 0;
      expect(exceeded([own], [paid('300.00', { state })])).toBe(expected);
      expect(exceeded([all], [paid('300.00', { state })])).toBe(expected);
    },
  );

  it('looks back as far as the window and no further', () => {
    const at = (ageMs: number) =>
      paid('300.00', { state: 'paid', requestedAtMs: 0, sentAtMs: nowMs - ageMs });
    expect(exceeded([own], [at(24 * hourMs - 1)])).toBe(1);
    expect(exceeded([own], [at(24 * hourMs)])).toBe(0);
    expect(exceeded([{ ...own, window: '7d' }], [at(7 * 24 * hourMs - 1)])).toBe(1);
    expect(exceeded([{ ...own, window: '30m' }], [at(30 * 60_000)])).toBe(0);
  });

  it('counts what is not over, however long ago it was asked for', () => {
    const old = { requestedAtMs: nowMs - 30 * 24 * hourMs };
    expect(exceeded([own], [paid('300.00', { ...old, state: 'unknown' })])).toBe(1);
    expect(exceeded([own], [paid('300.00', { ...old, state: 'paid' })])).toBe(0);
  });

  it('counts a person over all providers, and a provider over all people', () => {
    const elsewhere = composePayout({
      content: { ...content, provider: 'alignet', amount: '300' },
    });
    const others = paid('300.00', { requestedBy: 'cy' });
    expect([exceeded([own], [elsewhere]), exceeded([all], [elsewhere])]).toEqual([1, 0]);
    expect([exceeded([own], [others]), exceeded([all], [others])]).toEqual([0, 1]);
  });

  it('never adds currencies, and counts no payout against itself', () => {
    const pen = composePayout({ content: { ...content, currency: 'PEN', amount: '9999.00' } });
    expect(exceeded([own], [pen])).toBe(0);
    expect(exceeded([{ ...own, currency: 'PEN', amount: '1.00' }], [pen])).toBe(0);
    expect(exceeded([own], [paid('900.00')], { id: paid('900.00').id })).toBe(0);
  });

  it('adds amounts with different decimals exactly', () => {
    expect(exceeded([own], [paid('249.999')], { amount: usd('750.001') })).toBe(0);
    expect(exceeded([own], [paid('250')], { amount: usd('750.00001') })).toBe(1);
  });

  it('names every limit that is exceeded', () => {
    expect(exceeded([own, all, { ...own, window: '7d' }], [paid('251.00')])).toBe(3);
  });

  it('looks back for the longest window, and a day at least', () => {
    // And as long as a request lives: what was sent in the window may have been asked for before.
    expect(lookBackMs(composeTeam())).toBe((24 + 24) * hourMs);
    expect(lookBackMs(composeTeam({ limits: [own, { ...own, window: '7d' }] }))).toBe(
      (168 + 24) * hourMs,
    );
    expect(['30m', '24h', '1d', '7d'].map(describeWindow)).toEqual([
      '30 min',
      '24 h',
      '1 day',
      '7 days',
    ]);
    expect([durationMs('30m'), durationMs('24h'), durationMs('7d')]).toEqual([
      30 * 60_000,
      24 * hourMs,
      168 * hourMs,
    ]);
    expect(() => durationMs('24')).toThrow(TypeError);
  });
});

describe('a possible duplicate', () => {
  const nowMs = requestedAtMs + hourMs;
  const find = (changes: Parameters<typeof composePayout>[0], facts = {}) =>
    findDuplicates(
      {
        ...{ payeeIds: ['maria', 'maria2'], nowMs },
        amount: usd('250.0'),
        ...facts,
      },
      [composePayout(changes)],
    ).length;

  it('has the same payee, amount and currency within 24 hours', () => {
    expect(find({})).toBe(1);
    expect(find({ content: { ...content, payee: { id: 'maria', version: 9 } } })).toBe(1);
    expect(find({ content: { ...content, payee: { id: 'lucia', version: 1 } } })).toBe(0);
    expect(find({ content: { ...content, amount: '250.01' } })).toBe(0);
    expect(find({ content: { ...content, currency: 'PEN' } })).toBe(0);
    expect(find({ requestedAtMs: nowMs - 24 * hourMs + 1 })).toBe(1);
    expect(find({ requestedAtMs: nowMs - 24 * hourMs })).toBe(0);
    expect(find({ content: { ...content, payee: { id: 'maria2', version: 1 } } })).toBe(1);
  });

  it('is one that was sent within 24 hours, or is unclear, however long ago it was asked for', () => {
    const old = { requestedAtMs: nowMs - 25 * hourMs };
    expect(find({ ...old, state: 'paid', sentAtMs: nowMs - 2 * hourMs })).toBe(1);
    expect(find({ ...old, state: 'paid', sentAtMs: nowMs - 24 * hourMs })).toBe(0);
    expect(find({ ...old, state: 'unknown', sentAtMs: nowMs - 25 * hourMs })).toBe(1);
  });

  it('is one of which its provider says that it was paid, against its end', () => {
    expect(find({ state: 'failed', disputed: 'PayerMax says now that it was paid.' })).toBe(1);
  });

  it('is one whose money may leave or has left', () => {
    const states = payoutStates.filter((state) => find({ state }) === 1);
    expect(states).toEqual(['requested', 'approved', 'sending', 'submitted', 'unknown', 'paid']);
  });
});
