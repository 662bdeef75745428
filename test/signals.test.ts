// How a signal ends Purser, and what is said when something does not end in time.
import { expect, test } from 'vitest';
import { stopOnSignal } from '../src/signals.ts';
import { createStops } from '../src/stops.ts';
import { createFakeClock, createRecordingLog } from './support.ts';

function openHost() {
  const log = createRecordingLog();
  const codes: number[] = [];
  const listeners: (() => void)[] = [];
  const sleeping: { ms: number; wake: () => void }[] = [];
  const clock = {
    ...createFakeClock(),
    sleep: (ms: number) => new Promise<void>((wake) => void sleeping.push({ ms, wake })),
  };
  const host = {
    on: (_signal: string, listener: () => void) => void listeners.push(listener),
    exit: (code: number) => void codes.push(code),
  };
  const signal = async () => {
    listeners.at(-1)?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { log, codes, sleeping, signal, deps: { host, clock, log: () => log } };
}

test('ends with 0 when everything that was begun has ended', async () => {
  const { codes, signal, deps } = openHost();
  const stops = createStops();
  const order: string[] = [];
  for (const what of ['the store', 'payouts', 'slack']) {
    stops.add(what, async () => void order.push(what));
  }
  stopOnSignal({ stop: stops.run, listLeft: stops.listLeft }, deps);
  await signal();
  expect([order, codes]).toEqual([['slack', 'payouts', 'the store'], [0]]);
});

test('after 25 s says what was left, and ends with 1', async () => {
  const { log, codes, sleeping, signal, deps } = openHost();
  const stops = createStops();
  stops.add('the store', async () => {});
  stops.add('payouts that are being sent', () => new Promise(() => {}));
  stops.add('slack', async () => {});
  stopOnSignal({ stop: stops.run, listLeft: stops.listLeft }, deps);
  await signal();
  expect([codes, sleeping.map(({ ms }) => ms)]).toEqual([[], [25_000]]);
  sleeping[0]?.wake();
  await expect.poll(() => codes).toEqual([1]);
  const [, said] = log.lines;
  expect(said).toMatchObject({
    level: 'error',
    message: 'Purser ended before everything had; it goes on at the next start',
    fields: { left: ['payouts that are being sent', 'the store'] },
  });
});

test('a second signal ends it at once', async () => {
  const { codes, signal, deps } = openHost();
  const stops = createStops();
  stops.add('slack', () => new Promise(() => {}));
  stopOnSignal({ stop: stops.run, listLeft: stops.listLeft }, deps);
  await signal();
  expect(codes).toEqual([]);
  await signal();
  expect(codes).toEqual([1]);
});

test('what fails to stop holds up nothing else', async () => {
  const { log, codes, signal, deps } = openHost();
  const stops = createStops();
  let isClosed = false;
  stops.add('the store', async () => {
    isClosed = true;
  });
  stops.add('slack', async () => {
    throw new Error('it is gone');
  });
  stopOnSignal({ stop: stops.run, listLeft: stops.listLeft }, deps);
  await signal();
  expect([isClosed, codes]).toEqual([true, [1]]);
  expect(log.text()).toContain('a part of Purser did not stop as it should');
});

test('what was begun while it stops is stopped too, and twice is once', async () => {
  const stops = createStops();
  const order: string[] = [];
  stops.add('the store', async () => void order.push('the store'));
  stops.add('slack', async () => {
    order.push('slack');
    stops.add('late', async () => void order.push('late'));
  });
  await Promise.all([stops.run(), stops.run()]);
  expect([order, stops.listLeft()]).toEqual([['slack', 'late', 'the store'], []]);
});
