// The one call (DESIGN.md, section 4: invariants 5 and 6). The sandbox's books say what was really
// ordered; the folder on disk says what Purser would know after a kill.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import type { PayoutOrder } from '../../src/providers/payouts.ts';
import {
  approve,
  countCalls,
  current,
  expectOnce,
  later,
  openReady,
  payWith,
  press,
  request,
  savePayee,
  stateOf,
} from './acts.ts';
import { copyFolder, openOffice, startOutside } from './scene.ts';
import { accounts } from './team.ts';

const askPath = '/paymentOrderQry';
const dayMs = 24 * 3_600_000;

describe('invariant 5: the intent and the reference are durable before the provider is called', () => {
  it('finds both in the store file at the moment of the call, and in a copy of the folder', async () => {
    const seen: { order: PayoutOrder; file: string; copy: string }[] = [];
    let dataDir = '';
    const scene = await openReady({
      wrap: (calls) => ({
        ...calls,
        async create(order) {
          const file = await readFile(join(dataDir, 'open.json'), 'utf8');
          seen.push({ order, file, copy: await copyFolder(dataDir) });
          return calls.create(order);
        },
      }),
    });
    dataDir = scene.dataDir;
    const payout = await request(scene);
    await approve(scene, payout);
    const [moment, ...others] = seen;
    if (moment === undefined) throw new Error('the provider was not called');
    expect([others, moment.order.reference]).toEqual([[], payout.content.reference]);
    const { records } = JSON.parse(moment.file).state ?? JSON.parse(moment.file);
    const values = records.map(({ value }: { value: unknown }) => value);
    const { content } = payout;
    expect(values).toContainEqual(
      expect.objectContaining({ id: payout.id, state: 'sending', content }),
    );
    const { outside } = scene;
    const revived = await openOffice({ outside, dataDir: moment.copy });
    const { evidence } = await current(revived, payout.id);
    expect((await current(revived, payout.id)).content).toEqual(content);
    expect(evidence.map(({ from, state }) => `${from} ${state}`)).toEqual([
      'restart unknown',
      'status submitted',
    ]);
    expect(countCalls(outside)).toBe(1);
  });

  it('calls nobody when the intent cannot be written', async () => {
    const scene = await openReady({
      wrapStore: (store) => ({
        ...store,
        async commit(changes, audit) {
          if (audit.some(({ event }) => event === 'payout.start_sending')) {
            throw new StoreError('The disk is full.');
          }
          await store.commit(changes, audit);
        },
      }),
    });
    const payout = await request(scene);
    await approve(scene, payout);
    await later(scene, 60_000);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['approved', 0]);
  });

  it('keeps one reference from the request to the end', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'reset');
    for (const waitMs of [5_000, 60_000, dayMs]) await later(scene, waitMs);
    const { content } = await current(scene, payout.id);
    expect(content.reference).toBe(payout.content.reference);
    const asked = scene.outside.payermax.requests().filter(({ path }) => path.endsWith(askPath));
    expect(asked.length).toBeGreaterThan(1);
    for (const { body } of asked) {
      expect(JSON.parse(body).data.outTradeNo).toBe(payout.content.reference);
    }
  });
});

describe('invariant 6: the provider is called at most once per payout', () => {
  const taken = ['process_then_reset', 'truncated', 'no_data', 'sign_garbage', 'body_altered'];
  const notTaken = ['reset', 'http_500', 'http_429', 'html', 'invalid_json', 'empty', 'redirect'];

  it.each(taken)('does not know after “%s”, and a query resolves it', async (fault) => {
    const scene = await openReady();
    const payout = await payWith(scene, fault);
    expect(await stateOf(scene, payout)).toBe('unknown');
    await later(scene, 10_000);
    expect(await stateOf(scene, payout)).toBe('paid');
    expect(countCalls(scene.outside)).toBe(1);
    expectOnce(scene.outside, payout);
  });

  it.each([...notTaken, 'signed_refusal'])('never sends it again after “%s”', async (fault) => {
    const scene = await openReady();
    const payout = await payWith(scene, fault);
    expect(await stateOf(scene, payout)).toBe('unknown');
    for (const waitMs of [5_000, 60_000, 20 * 60_000, dayMs]) await later(scene, waitMs);
    const { state, evidence, alarmedAtMs } = await current(scene, payout.id);
    expect(state).toBe('unknown');
    expect(evidence.at(-1)?.state).toBe('not_found');
    expect(alarmedAtMs).toBeDefined();
    expect([countCalls(scene.outside), scene.outside.payermax.books()]).toEqual([1, []]);
  });

  it.each([
    ['timeout', 'unknown'],
    ['process_then_timeout', 'paid'],
  ])('does not know after “%s”; asked later it is %s', async (fault, end) => {
    const outside = await startOutside({ deadlineMs: 1_000 });
    const scene = await openReady({ outside });
    const payout = await payWith(scene, fault);
    expect(await stateOf(scene, payout)).toBe('unknown');
    await later(scene, 10_000);
    expect([await stateOf(scene, payout), countCalls(outside)]).toEqual([end, 1]);
  });

  it('ends as failed where the provider certainly did nothing', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'contract_invalid');
    expect(await current(scene, payout.id)).toMatchObject({
      state: 'failed',
      evidence: [{ from: 'create', state: 'rejected' }],
    });
    await later(scene, dayMs);
    expect([countCalls(scene.outside), scene.outside.payermax.books()]).toEqual([1, []]);
  });

  it('is in doubt when the client itself fails, and says nothing of what failed', async () => {
    const secret = 'account 9234567890';
    const scene = await openReady({
      wrap: (calls) => ({
        ...calls,
        async create(order) {
          await calls.create(order);
          throw new TypeError(`cannot read ${secret}`);
        },
      }),
    });
    const payout = await request(scene);
    await approve(scene, payout);
    const { state, evidence } = await current(scene, payout.id);
    expect(state).toBe('unknown');
    expect(JSON.stringify(evidence)).not.toContain(secret);
    await later(scene, 10_000);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['paid', 1]);
  });

  it('calls once, however many set out to send it at the same moment', async () => {
    const scene = await openReady();
    const payout = await request(scene);
    const { followUp } = scene.payouts;
    await Promise.all([
      approve(scene, payout),
      ...Array.from({ length: 20 }, () => followUp.recover()),
    ]);
    for (let turn = 0; turn < 5; turn += 1) {
      await Promise.all([followUp.recover(), followUp.tick()]);
    }
    await scene.settle();
    expect(countCalls(scene.outside)).toBe(1);
    expectOnce(scene.outside, payout);
  });

  it('takes “accepted” for submitted, and paid from the status alone', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'stays_pending');
    expect(await stateOf(scene, payout)).toBe('submitted');
    await later(scene, dayMs);
    expect(await stateOf(scene, payout)).toBe('submitted');
    const other = await request(scene, { amount: '120.00' });
    await approve(scene, other);
    expect(await stateOf(scene, other)).toBe('submitted');
    await later(scene, 10_000);
    expect(await stateOf(scene, other)).toBe('paid');
  });

  it('lets two people close what cannot be asked, with a reason, and only them', async () => {
    const scene = await openReady();
    await savePayee(scene, {}, 'alignet');
    const payout = await request(scene, { provider: 'alignet', currency: 'PEN', payee: 'diego' });
    scene.outside.alignet.switchFault({ name: 'process_then_reset', path: '/payouts' });
    await approve(scene, payout);
    await later(scene, 1_000);
    expect(await stateOf(scene, payout)).toBe('unknown');
    expect(scene.notices.map(({ kind }) => kind)).toEqual(['alarm']);
    const close = (by: 'ben' | 'cy', verdict: string, reason: string) =>
      press(scene, accounts[by], `payout.close.${verdict}:${payout.id}`, { reason });
    await close('ben', 'paid', ' ');
    expect((await current(scene, payout.id)).closures).toEqual([]);
    await close('ben', 'paid', 'It is in the portal.');
    expect((await close('ben', 'paid', 'Truly.')).card.text).toContain('a second person must say');
    expect((await close('cy', 'failed', 'I see nothing.')).card.text).toContain('on record');
    expect(await stateOf(scene, payout)).toBe('unknown');
    await close('cy', 'paid', 'Now I see it too.');
    const { state, closures } = await current(scene, payout.id);
    expect([state, closures.map(({ person, reason }) => [person, reason])]).toEqual([
      'paid',
      [
        ['ben', 'It is in the portal.'],
        ['cy', 'Now I see it too.'],
      ],
    ]);
    expect(countCalls(scene.outside)).toBe(1);
    expectOnce(scene.outside, payout);
  });

  it('lets nobody close what the provider can still be asked about', async () => {
    const scene = await openReady();
    const payout = await payWith(scene, 'reset');
    const action = `payout.close.not_sent:${payout.id}`;
    const values = { reason: 'not in the dashboard' };
    await press(scene, accounts.ben, action, values);
    const { card } = await press(scene, accounts.cy, action, values);
    expect(card.text).toContain('PayerMax is still being asked how it ended.');
    await later(scene, 20 * 60_000);
    await press(scene, accounts.ben, action, values);
    await press(scene, accounts.cy, action, values);
    expect([await stateOf(scene, payout), countCalls(scene.outside)]).toEqual(['not_sent', 1]);
  });
});
