// What the history keeps of answers, and what the balance desk has of it after a start.
import { describe, expect, it } from 'vitest';
import { createBalanceHistory } from '../../src/digests/index.ts';
import { StoreError } from '../../src/errors.ts';
import type { Store } from '../../src/store/types.ts';
import { lineOf, readingOf } from '../commands/world.ts';
import { createReferenceStore, type ReferenceData } from '../store/reference-store.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';

function open(wrap: (store: Store) => Partial<Store> = () => ({})) {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const data: ReferenceData = { records: [], entries: [], readings: [] };
  const sound = createReferenceStore({ data, clock, openMax: 10 });
  const store = { ...sound, ...wrap(sound) };
  return { clock, log, data, history: createBalanceHistory({ store, clock, log }) };
}

const usd = (available: string) => lineOf('main', 'USD', { available, held: '0.00' }, 'a note');

describe('the history of balances', () => {
  it('keeps an answer as it was said, one a provider and minute', async () => {
    const { history, clock, data } = open();
    const keep = (provider: string, available: string) =>
      history.keep(provider, { reading: readingOf(usd(available)), atMs: clock.now() });
    keep('payermax', '1.500');
    clock.advance(59_999);
    keep('payermax', '2');
    keep('paycross', '3');
    clock.advance(1);
    keep('payermax', '4');
    await history.settle();
    expect(data.readings.map(({ provider, amounts }) => [provider, amounts['available']])).toEqual([
      ['payermax', '1.500'],
      ['paycross', '3'],
      ['payermax', '4'],
    ]);
    expect(data.readings[0]).toEqual({
      provider: 'payermax',
      account: 'main',
      currency: 'USD',
      atMs: clock.now() - 60_000,
      amounts: { available: '1.500', held: '0.00' },
      note: 'a note',
    });
  });

  it('gives back the newest answer of each provider, with its time', async () => {
    const { history, clock } = open();
    const first = readingOf(usd('1'), lineOf('gone', 'EUR', { total: '2' }));
    history.keep('payermax', { reading: first, atMs: clock.now() });
    await history.settle();
    clock.advance(3_600_000);
    const last = { reading: readingOf(usd('3'), lineOf('x', undefined, {})), atMs: clock.now() };
    history.keep('payermax', last);
    history.keep('paycross', { reading: readingOf(usd('4')), atMs: clock.now() });
    await history.settle();
    const loaded = await history.loadLast();
    expect(loaded.get('payermax')).toEqual(last);
    expect([...loaded.keys()].sort()).toEqual(['paycross', 'payermax']);
  });

  it('that cannot be written is a line in the log, and nobody waits for it', async () => {
    let fail: () => void = () => {};
    const { history, clock, log } = open(() => ({
      appendReadings: () =>
        new Promise((_resolve, reject) => {
          fail = () => reject(new StoreError('The disk is full.'));
        }),
    }));
    history.keep('payermax', { reading: readingOf(usd('1')), atMs: clock.now() });
    fail();
    await history.settle();
    expect(log.text()).toContain('a balance could not be kept for the history');
  });
});
