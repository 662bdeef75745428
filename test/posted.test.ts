// What a card says in the end, where two replicas bring it up to date at the same time because a claim
// was lost: the session of one of them ended while it was at it.
import { expect, test } from 'vitest';
import type { Card } from '../src/commands/card.ts';
import type { Poster } from '../src/commands/types.ts';
import { BotError } from '../src/errors.ts';
import { createPostedCards } from '../src/posted.ts';
import type { Store } from '../src/store/types.ts';
import { createReferenceStore } from './store/reference-store.ts';
import { createFakeClock, createRecordingLog } from './support.ts';

const how = { isDoubtful: false, isForced: false };

/** Two replicas on one store in which nobody keeps a claim, and one channel. */
function openTwo() {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const data = { records: [], entries: [], readings: [] };
  const store = createReferenceStore({ data, clock, openMax: 10 });
  const shown = new Map<string, string>();
  const requests: string[] = [];
  let words = 'requested';
  const open = () => {
    let failing: string | undefined;
    const gates: Partial<Record<'post' | 'update' | 'commit', Promise<void>>> = {};
    const lawless: Store = {
      ...store,
      claim: async (names) => names,
      async commit(...step) {
        await gates.commit;
        await store.commit(...step);
      },
    };
    const poster: Poster = {
      platform: 'slack',
      hasThreads: true,
      async post(_channel, { title }) {
        await gates.post;
        const message = `m${shown.size + 1}`;
        shown.set(message, title);
        requests.push(title);
        return message;
      },
      async update(_channel, message, { title, text }) {
        await gates.update;
        if (failing === title) throw new BotError('it is too busy');
        shown.set(message, text ?? title);
        requests.push(title);
        return true;
      },
      async tell() {},
      find: async () => undefined,
    };
    const posted = createPostedCards({ store: lawless, clock, log });
    const target = { key: 'slack:C01', poster, channel: 'C01' };
    const compose = async () => {
      const card: Card = { tone: 'neutral', title: words };
      return { card, isOver: words === 'paid' };
    };
    return {
      show: () => posted.show(target, 'P1', compose, how),
      /** The platform does not take this. */
      fail(title: string | undefined) {
        failing = title;
      },
      /** Gives the way to let it go on. */
      stop(at: 'post' | 'update' | 'commit'): () => void {
        let go = () => {};
        gates[at] = new Promise((resolve) => {
          go = resolve;
        });
        return go;
      },
    };
  };
  const become = (next: string) => {
    words = next;
  };
  return { slow: open(), quick: open(), become, shown, requests };
}

/** It was paid while the slow one shows that it is submitted: `go` lets that reach the platform. */
async function openLate() {
  const two = openTwo();
  const { slow, become } = two;
  await slow.show();
  become('submitted');
  const go = slow.stop('update');
  const late = slow.show();
  await new Promise(setImmediate);
  become('paid');
  return { ...two, go, late };
}

test('a replica whose words come late shows what is true by then', async () => {
  const { quick, shown, requests, go, late } = await openLate();
  await quick.show();
  expect([...shown]).toEqual([['m1', 'paid']]);
  go();
  await late;
  expect([...shown]).toEqual([['m1', 'paid']]);
  expect(requests).toEqual(['requested', 'paid', 'submitted', 'paid']);
});

test('a replica that wrote its words down too late shows them once more', async () => {
  const { quick, shown, go, late } = await openLate();
  const write = quick.stop('commit');
  const last = quick.show();
  await new Promise(setImmediate);
  // On the platform “submitted” comes after “paid”; in the store it is the other way round.
  go();
  await late;
  write();
  await last;
  expect([...shown]).toEqual([['m1', 'paid']]);
});

test('a replica that could not show them once more does so at its next try', async () => {
  const { slow, quick, shown, go, late } = await openLate();
  await quick.show();
  slow.fail('paid');
  go();
  await expect(late).rejects.toThrow('too busy');
  expect([...shown]).toEqual([['m1', 'submitted']]);
  slow.fail(undefined);
  await slow.show();
  expect([...shown]).toEqual([['m1', 'paid']]);
});

test('a card that two replicas have posted says so where nobody brings it up to date', async () => {
  const { slow, quick, become, shown } = openTwo();
  const go = slow.stop('post');
  const late = slow.show();
  await new Promise(setImmediate);
  await quick.show();
  go();
  await late;
  become('paid');
  await slow.show();
  const twice = 'This card was posted twice. The other one in this channel counts.';
  expect([...shown]).toEqual([
    ['m1', 'paid'],
    ['m2', twice],
  ]);
});
