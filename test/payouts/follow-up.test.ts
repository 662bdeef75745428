// What happens by itself: polling, reminders, expiry, alarms, notifications, money that comes back.
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import {
  approve,
  countCalls,
  current,
  deliver,
  later,
  openReady,
  request,
  stateOf,
} from './acts.ts';
import { openOffice, type Scene } from './scene.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

async function payWith(scene: Scene, fault: string) {
  scene.outside.payermax.switchFault({ name: fault, path: '/paymentOrderPay', times: 1 });
  const payout = await request(scene);
  await approve(scene, payout);
  return payout;
}

function countQueries({ outside }: Scene): number {
  return outside.payermax.requests().filter(({ path }) => path.endsWith('/paymentOrderQry')).length;
}

describe('a request that waits', () => {
  it('reminds at each of its times once, and calls for more people the last time', async () => {
    const scene = await openReady();
    const { id } = await request(scene);
    await later(scene, 12 * hourMs - 1);
    expect(scene.notices).toEqual([]);
    for (let hour = 0; hour < 11; hour += 1) await later(scene, hourMs);
    const kinds = scene.notices.map((notice) => [notice.kind, notice.payout.id, notice]);
    expect(kinds).toEqual([
      ['reminder', id, expect.objectContaining({ isEscalated: false })],
      ['reminder', id, expect.objectContaining({ isEscalated: true })],
    ]);
    const [alert] = scene.posted.in('C03');
    expect(alert?.text).toContain('It still waits for Ben or Cy. Ana: nobody has decided yet.');
  });

  it('reminds once for all that was missed while Purser was off', async () => {
    const scene = await openReady();
    await request(scene);
    await later(scene, 22 * hourMs);
    await later(scene, minuteMs);
    expect(scene.notices).toMatchObject([{ kind: 'reminder', isEscalated: true }]);
  });

  it('expires at its time and not before, which is no rejection', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    await later(scene, dayMs - 1);
    expect(await stateOf(scene, payout)).toBe('requested');
    await later(scene, 1);
    expect(await stateOf(scene, payout)).toBe('expired');
    const card = await approve(scene, payout);
    expect([card.text, countCalls(scene.outside)]).toEqual([expect.stringContaining('expired'), 0]);
  });
});

describe('what was sent', () => {
  it('is asked about as often as its provider advises, until it ends', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'stays_pending');
    await later(scene, 0);
    expect(countQueries(scene)).toBe(1);
    for (let second = 0; second < 20; second += 1) await later(scene, 1_000);
    expect(countQueries(scene)).toBe(5);
    await later(scene, 2 * hourMs);
    for (let turn = 0; turn < 10; turn += 1) await later(scene, minuteMs);
    expect([countQueries(scene), await stateOf(scene, payout)]).toEqual([6, 'submitted']);
  });

  it('raises one alarm when it is in doubt for a quarter of an hour', async () => {
    const scene = await openReady();
    const { id } = await payWith(scene, 'reset');
    await later(scene, 15 * minuteMs - 1);
    expect(scene.notices).toEqual([]);
    for (let turn = 0; turn < 3; turn += 1) await later(scene, hourMs);
    expect(scene.notices).toMatchObject([{ kind: 'alarm', payout: { id } }]);
    expect(scene.posted.in('C03').at(-1)?.text).toContain('still unclear whether PayerMax took');
  });

  it('raises one alarm when it has no end after a day', async () => {
    const scene = await openReady();
    await payWith(scene, 'stays_pending');
    await later(scene, dayMs - 1);
    expect(scene.notices).toEqual([]);
    await later(scene, 1);
    await later(scene, dayMs);
    expect(scene.notices.map(({ kind }) => kind)).toEqual(['alarm']);
  });

  it('does not wait for one that cannot be looked after', async () => {
    let broken = '';
    const scene = await openReady({
      wrap: (calls) => ({
        ...calls,
        getStatus: async (key) => {
          if (key.reference === broken) throw new TypeError('a mistake of ours');
          const news = await calls.getStatus?.(key);
          if (news === undefined) throw new Error('it can be asked');
          return news;
        },
      }),
    });
    const first = await request(scene);
    const second = await request(scene, { amount: '120.00' });
    broken = first.content.reference;
    await approve(scene, first);
    await approve(scene, second);
    await later(scene, 10_000);
    expect([await stateOf(scene, first), await stateOf(scene, second)]).toEqual([
      'submitted',
      'paid',
    ]);
    expect(scene.log.text()).toContain('status was not answered');
  });

  it('raises its alarm although asking fails in a way that nobody foresaw', async () => {
    const scene = await openReady({
      wrap: (calls) => ({
        ...calls,
        getStatus: async () => {
          throw new TypeError('a mistake of ours');
        },
      }),
    });
    const { id } = await payWith(scene, 'reset');
    await later(scene, 15 * minuteMs);
    expect(scene.notices).toMatchObject([{ kind: 'alarm', payout: { id } }]);
  });

  it('does not stop for a record that cannot be written', async () => {
    let broken = '';
    const scene = await openReady({
      wrapStore: (store) => ({
        ...store,
        async commit(changes, audit) {
          if (changes.some(({ id }) => id === broken)) throw new StoreError('The disk is full.');
          await store.commit(changes, audit);
        },
      }),
    });
    const first = await request(scene);
    const second = await request(scene, { amount: '120.00' });
    for (const payout of [first, second]) await approve(scene, payout);
    broken = first.id;
    await later(scene, 10_000);
    const states = [await stateOf(scene, first), await stateOf(scene, second)];
    expect(states).toEqual(['submitted', 'paid']);
    expect(scene.log.text()).toContain('payout could not be followed up');
  });

  it('never asks twice at once', async () => {
    const scene = await openReady();
    await payWith(scene, 'stays_pending');
    await Promise.all(Array.from({ length: 10 }, () => scene.payouts.followUp.tick()));
    expect(countQueries(scene)).toBe(1);
  });

  it('is in doubt when the provider’s answer could not be written down', async () => {
    let isFull = false;
    const scene = await openReady({
      wrapStore: (store) => ({
        ...store,
        async commit(changes, audit) {
          if (audit.some(({ event }) => event === 'payout.news') && isFull) {
            throw new StoreError('The disk is full.');
          }
          await store.commit(changes, audit);
        },
      }),
    });
    isFull = true;
    const payout = await request(scene);
    await approve(scene, payout);
    isFull = false;
    await later(scene, minuteMs);
    expect(await stateOf(scene, payout)).toBe('unknown');
    await later(scene, minuteMs);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['paid', 1]);
  });
});

describe('money that comes back', () => {
  it('is asked for once a day, for as long as the provider may return it', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'slow');
    await later(scene, 10_000);
    expect(await stateOf(scene, payout)).toBe('paid');
    const before = countQueries(scene);
    for (let hour = 0; hour < 47; hour += 1) await later(scene, hourMs);
    expect(countQueries(scene) - before).toBe(1);
    for (let day = 0; day < 35; day += 1) await later(scene, dayMs);
    expect(countQueries(scene) - before).toBeGreaterThanOrEqual(29);
    expect(countQueries(scene) - before).toBeLessThanOrEqual(31);
  });
});

describe('a notification', () => {
  it('is a hint: the provider is asked before anything is believed', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'webhook_out_of_order');
    scene.clock.advance(5_000);
    expect(await deliver(scene)).toEqual([200, 200]);
    expect([await stateOf(scene, payout), countQueries(scene)]).toEqual(['paid', 2]);
    const { evidence } = await current(scene, payout.id);
    expect(evidence.map(({ from, state }) => `${from} ${state}`)).toEqual([
      'create submitted',
      'webhook paid',
    ]);
  });

  it.each(['webhook_altered', 'webhook_unsigned'])(
    'is refused when it is forged: %s',
    async (fault) => {
      const scene = await openReady();
      const payout = await payWith(scene, fault);
      scene.clock.advance(5_000);
      expect(await deliver(scene)).toEqual([401]);
      expect([await stateOf(scene, payout), countQueries(scene)]).toEqual(['submitted', 0]);
    },
  );

  it('is not acknowledged while the provider cannot be asked, so that it comes again', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'returned');
    await later(scene, 5_000);
    scene.clock.advance(minuteMs);
    const { payermax } = scene.outside;
    const [taken, ...others] = payermax.takeWebhooks().slice(-1);
    if (taken === undefined) throw new Error('nothing was posted');
    const notification = {
      method: taken.method,
      query: new URLSearchParams(),
      headers: taken.headers,
      body: Buffer.from(taken.body),
    };
    payermax.switchFault({ name: 'http_500', path: '/paymentOrderQry' });
    const { followUp } = scene.payouts;
    expect((await followUp.receive('payermax', notification)).status).toBe(503);
    expect([others, await stateOf(scene, payout)]).toEqual([[], 'paid']);
    payermax.clearFaults();
    const answer = await followUp.receive('payermax', notification);
    expect([answer.status, answer.body]).toEqual([200, '{"msg":"Success","code":"SUCCESS"}']);
    expect(await stateOf(scene, payout)).toBe('returned');
  });

  it('without a payout or a provider of ours changes nothing', async () => {
    const before = await openReady();
    await payWith(before, 'slow');
    before.clock.advance(5_000);
    const other = await openOffice({ outside: before.outside });
    expect(await deliver(other)).toEqual([200]);
    expect(other.log.text()).toContain('notification names no payout of ours');
    const nothing = {
      method: 'POST',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.alloc(0),
    };
    for (const provider of ['alignet', 'nobody', '__proto__']) {
      expect((await other.payouts.followUp.receive(provider, nothing)).status).toBe(404);
    }
    expect(countQueries(before)).toBe(0);
  });
});

describe('bookkeeping', () => {
  it('is kept without an entry in the audit log, unless it has a name', async () => {
    const scene = await openReady();
    const { id } = await request(scene);
    const events: unknown[] = [];
    const read = async () => {
      events.length = 0;
      for await (const { facts } of scene.payouts.readAudit()) events.push(facts['event']);
      return events.length;
    };
    const before = await read();
    await scene.payouts.journal.note(id, { nextCheckAtMs: 42 });
    expect([(await current(scene, id)).nextCheckAtMs, await read()]).toEqual([42, before]);
    await scene.payouts.journal.note(id, { reminders: 1 }, { event: 'reminded' });
    expect([await read(), events.at(-1)]).toEqual([before + 1, 'payout.reminded']);
    expect(await scene.payouts.journal.note('PNOBODY22', { reminders: 1 })).toBeUndefined();
  });
});
