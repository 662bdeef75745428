// Stores that break a rule about the history of balances.
import { dayOf, isThinned } from '../../src/store/days.ts';
import type { Reading } from '../../src/store/types.ts';
import { type BrokenStore, withCalls } from './broken-stores-made.ts';

export const brokenReadings: readonly BrokenStore[] = [
  {
    breaks: ['gives back readings as they were kept, oldest first'],
    how: 'reads amounts as numbers',
    open: withCalls(({ store }) => ({
      appendReadings: (readings) => store.appendReadings(readings.map(rounded)),
    })),
  },
  {
    breaks: ['gives back readings as they were kept, oldest first'],
    how: 'gives them in the order in which they came',
    open: withCalls(({ data }) => ({
      async appendReadings(readings) {
        data.readings = [...data.readings, ...readings];
      },
    })),
  },
  {
    breaks: ['gives readings from a time on, and before another'],
    how: 'includes the end',
    open: withCalls(({ store }) => ({
      readReadings: ({ untilMs, ...range }) =>
        store.readReadings(untilMs === undefined ? range : { ...range, untilMs: untilMs + 1 }),
    })),
  },
  {
    breaks: ['gives readings from a time on, and before another'],
    how: 'begins after the time',
    open: withCalls(({ store }) => ({
      readReadings: (range) => store.readReadings({ ...range, sinceMs: range.sinceMs + 1 }),
    })),
  },
  {
    breaks: ['gives the last reading of each account and UTC day'],
    how: 'takes the currencies of an account for one',
    open: withCalls(({ store }) => ({
      async *readReadings(range) {
        const last = new Map<string, Reading>();
        for await (const one of store.readReadings(range)) {
          last.set(`${dayOf(one.atMs)} ${one.provider} ${one.account}`, one);
        }
        yield* last.values();
      },
    })),
  },
  {
    breaks: ['gives the last reading of each account and UTC day'],
    how: 'gives them all',
    open: withCalls(({ store }) => ({
      readReadings: (range) => store.readReadings({ ...range, each: 'reading' }),
    })),
  },
  {
    breaks: ['keeps every reading for 90 days, and then the last of each account and day'],
    how: 'keeps them all',
    open: withCalls(({ data }) => ({
      async appendReadings(readings) {
        data.readings = [...data.readings, ...readings].sort((a, b) => a.atMs - b.atMs);
      },
    })),
  },
  {
    breaks: ['keeps every reading for 90 days, and then the last of each account and day'],
    how: 'forgets old days',
    open: withCalls(({ store, data, clock }) => ({
      async appendReadings(readings) {
        await store.appendReadings(readings);
        data.readings = data.readings.filter(({ atMs }) => !isThinned(dayOf(atMs), clock.now()));
      },
    })),
  },
  {
    breaks: [
      'has the readings again after it was closed and opened, and refuses while it is closed',
    ],
    how: 'keeps what belongs to its caller',
    open: withCalls(({ data }) => ({
      async appendReadings(readings) {
        data.readings = [...data.readings, ...readings];
      },
    })),
  },
  {
    breaks: [
      'has the readings again after it was closed and opened, and refuses while it is closed',
    ],
    how: 'answers after it was closed',
    open: withCalls(({ data, store }) => ({
      async *readReadings({ each, ...range }) {
        if (each === 'day') yield* store.readReadings({ each, ...range });
        else yield* data.readings;
      },
    })),
  },
  {
    breaks: ['refuses more than 1,000 readings at once, and one of more than 4 KiB'],
    how: 'cuts what is too much',
    open: withCalls(({ store }) => ({
      appendReadings: (readings) => store.appendReadings(readings.slice(0, 1_000)),
    })),
  },
];

function rounded({ amounts, ...rest }: Reading): Reading {
  const numbers = Object.entries(amounts).map(([kind, text]) => [kind, String(Number(text))]);
  return { ...rest, amounts: Object.fromEntries(numbers) };
}
