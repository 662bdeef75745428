// What the card of a payout says in each state: what happened, who must act now, and which buttons
// there are. The people who close what nobody can ask about are tested here too.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import type { Payout } from '../../src/payouts/types.ts';
import { ana, ben, createOffice, cy, dan, eve, type Office } from './office.ts';
import { refusalOf } from './payer.ts';
import { createGate } from './world.ts';

async function show(office: Office, { id }: Payout): Promise<Card> {
  return (await office.types(dan, `/payout show ${id}`)).card;
}

const labels = ({ buttons = [] }: Card) => buttons.map(({ label }) => label);
const history = ({ table }: Card) => table?.groups[0]?.rows.map(([, what]) => what?.text);

async function approve(office: Office, payout: Payout, ...people: (typeof ben)[]) {
  const action = await office.actionOf(payout, 'payout.approve');
  for (const one of people) await office.presses(one, action);
  await office.world.payouts.settle();
}

/** Frozen after everything was checked for the approval, and before it is sent. */
async function approveAndFreeze(office: Office, payout: Payout, line: string) {
  const action = await office.actionOf(payout, 'payout.approve');
  const teller = office.teller('payermax');
  const gate = createGate();
  const { asked } = teller;
  teller.waits(gate.opened);
  const pressed = office.presses(ben, action);
  while (teller.asked === asked) await new Promise(setImmediate);
  await office.types(cy, line);
  gate.open();
  await pressed;
  await office.world.payouts.settle();
}

async function followUp(office: Office, ms: number) {
  office.clock.advance(ms);
  await office.world.payouts.followUp.tick();
}

const closing = ['It was paid', 'It failed', 'It was never sent'];

describe('the card of a payout', () => {
  it('waiting for approval has everything that a decision needs', async () => {
    const office = await createOffice();
    const payout = await office.requests(eve, '/payout payermax 125.50 USD maria invoice 42');
    const card = await show(office, payout);
    expect(card).toMatchObject({
      tone: 'neutral',
      title: '125.50 USD to María López',
      text: 'Waiting for approval. Ana, Ben or Cy can decide. It expires 21 Nov, 12:00 UTC.',
      fields: [
        { label: 'To', value: 'María López (Peru, bank account)' },
        { label: 'Account number', value: '••2101' },
        { label: 'CCI', value: '••1017' },
        { label: 'Bank', value: 'BCP' },
        { label: 'From', value: 'PayerMax, main' },
        { label: 'Available when asked', value: '40,000.00 USD, 39,874.50 USD after it' },
        { label: 'Note', value: 'invoice 42' },
        { label: 'Asked by', value: 'Eve, 20 Nov, 12:00 UTC' },
        { label: 'Needs', value: '1 of Ana, Ben, Cy (up to 1,000.00 USD at PayerMax)' },
      ],
      mark: `P00000001 · reference ${payout.content.reference}`,
    });
    expect(card.table).toBeUndefined();
    await followUp(office, 20 * 3_600_000 + 60_000);
    // What is posted stays true while it stands there.
    expect((await show(office, payout)).text).toBe(card.text);
  });

  it('that may be a duplicate names the other one', async () => {
    const office = await createOffice();
    await office.requests(eve, '/payout payermax 125.50 USD maria');
    const second = await office.requests(eve, '/payout payermax 125.50 USD maria');
    const card = await show(office, second);
    expect(card.tone).toBe('warning');
    expect(card.text).toMatch(
      /2 of them must agree\..*Possible duplicate: the same payee and amount within 24 h in P00000001\./s,
    );
  });

  it('taken by a provider is not paid yet, and then it is', async () => {
    const office = await createOffice();
    const payout = await office.requests(eve, '/payout payermax 125.50 USD maria');
    await approve(office, payout, ben);
    const taken = await show(office, payout);
    expect(taken).toMatchObject({
      tone: 'neutral',
      text: 'With the provider. PayerMax has taken it; that is not yet paid. Purser asks until it is final.',
    });
    expect(labels(taken)).toEqual([]);
    office.payermax.settles('paid');
    await followUp(office, 60_000);
    const paid = await show(office, payout);
    expect(paid).toMatchObject({ tone: 'good', text: 'Paid. PayerMax has paid it.' });
    expect(history(paid)).toEqual([
      'Ben approved',
      'Sent to PayerMax, once',
      'PayerMax: SUBMITTED',
      'PayerMax: PAID',
    ]);
  });

  it('refused by the provider says why', async () => {
    const office = await createOffice();
    office.payermax.answers(refusalOf('payermax', 'rejected', 'The account is closed.'));
    const payout = await office.requests(eve, '/payout payermax 125.50 USD maria');
    await approve(office, payout, ben);
    expect(await show(office, payout)).toMatchObject({
      tone: 'bad',
      text: 'Failed. The account is closed.',
    });
    expect(office.payermax.orders).toEqual([]);
  });

  it('that came back says so loudly', async () => {
    const office = await createOffice();
    office.payermax.answers('returned');
    const payout = await office.requests(eve, '/payout payermax 125.50 USD maria');
    await approve(office, payout, ben);
    expect(await show(office, payout)).toMatchObject({
      tone: 'bad',
      text: 'Came back. It was paid, and the money came back to PayerMax.',
    });
  });

  it('stopped by a freeze says who froze it and why, and can still be rejected', async () => {
    const office = await createOffice();
    const payout = await office.requests(eve, '/payout payermax 125.50 USD maria');
    await approveAndFreeze(office, payout, '/purser freeze looks odd');
    const card = await show(office, payout);
    expect(card.text).toMatch(/^Approved\. It waits: All payouts are frozen by Cy: looks odd/);
    expect(labels(card)).toEqual(['Reject', 'Cancel my request']);
    expect(office.payermax.orders).toEqual([]);
  });

  it('that expired is no no', async () => {
    const office = await createOffice();
    const payout = await office.requests(eve, '/payout payermax 125.50 USD maria');
    await followUp(office, 24 * 3_600_000);
    expect(await show(office, payout)).toMatchObject({
      tone: 'warning',
      text: 'Expired. Too few people agreed in time. That is not a no: it can be asked for again.',
    });
  });

  it('that expired while it was held is not said to lack approvals', async () => {
    const office = await createOffice();
    const payout = await office.requests(eve, '/payout payermax 125.50 USD maria');
    await approveAndFreeze(office, payout, '/purser freeze payermax looks odd');
    expect((await show(office, payout)).text).toBe(
      'Approved. It waits: Payouts at PayerMax are frozen by Cy: looks odd',
    );
    await followUp(office, 24 * 3_600_000);
    expect((await show(office, payout)).text).toBe(
      'Expired. It was approved, but could not be sent in time. That is not a no: it can be asked for again.',
    );
  });

  it('in doubt at a provider that can be asked gets its buttons only when that takes too long', async () => {
    const office = await createOffice();
    office.payermax.losesAnswers();
    office.payermax.answers('unresolved');
    const payout = await office.requests(eve, '/payout payermax 125.50 USD maria');
    await approve(office, payout, ben);
    const before = await show(office, payout);
    expect(before).toMatchObject({
      tone: 'warning',
      text: 'Outcome unknown. Nobody knows yet whether PayerMax took it. Purser asks and never sends it again.',
    });
    expect(labels(before)).toEqual([]);
    const early = `payout.close.paid:${payout.id}`;
    expect((await office.fills(ben, early, { reason: 'I saw it' })).card.text).toBe(
      'PayerMax is still being asked how it ended. People can close it when that takes too long.',
    );
    await followUp(office, 16 * 60_000);
    const late = await show(office, payout);
    expect(late.text).toMatch(/two people can close it here\.$/);
    expect(labels(late)).toEqual(closing);
    expect(office.payermax.orders).toHaveLength(1);
  });
});

describe('a payout that only people can close', () => {
  async function createUnknown() {
    const office = await createOffice();
    office.alignet.losesAnswers();
    const payout = await office.requests(eve, '/payout alignet 100 USD luz');
    await approve(office, payout, ben, cy);
    const close = (verdict: string) => `payout.close.${verdict}:${payout.id}`;
    return { office, payout, close };
  }

  it('says what to do, and has a button for each verdict', async () => {
    const { office, payout, close } = await createUnknown();
    const card = await show(office, payout);
    expect(card.text).toBe(
      'Outcome unknown. Nobody knows whether Alignet took it, and Alignet cannot be asked. ' +
        'Look in its portal; then two people close it here. It is never sent again.',
    );
    expect(labels(card)).toEqual(closing);
    expect((await office.presses(ben, close('paid'))).card).toMatchObject({
      title: 'It was paid',
      text: '100.00 USD to Luz Vega at Alignet, P00000001. Say where you saw it, for example in Alignet’s portal. A second person must say the same.',
      form: { submit: 'It was paid' },
    });
  });

  it.each([
    ['paid', 'good', 'Paid. Alignet has paid it.'],
    ['failed', 'bad', 'Failed. so does its portal'],
    ['not_sent', 'warning', 'Not sent. Two people established that Alignet never acted on it.'],
  ] as const)('is %s when two people say so', async (verdict, tone, text) => {
    const { office, payout, close } = await createUnknown();
    const first = await office.fills(ben, close(verdict), { reason: 'its portal says so' });
    expect(first).toMatchObject({
      isInPlace: true,
      card: { text: 'It is on record. A second person must say the same.' },
    });
    const between = await show(office, payout);
    expect(between.text).toMatch(/ Ben says “It (was paid|failed|was never sent)”; /);
    expect(between.text).toMatch(/; Ana or Cy must say the same\.$/);
    const second = await office.fills(cy, close(verdict), { reason: 'so does its portal' });
    expect(second.card.text).toBe('Two people have said so; it is closed.');
    const card = await show(office, payout);
    expect(card).toMatchObject({ tone, text });
    expect(history(card)?.slice(-2)).toEqual([
      expect.stringMatching(/^Ben says “.*”: its portal says so$/),
      expect.stringMatching(/^Cy says “.*”: so does its portal$/),
    ]);
    expect(labels(card)).toEqual([]);
  });

  it('is not closed by one person twice, by two who differ, nor by the requester', async () => {
    const { office, payout, close } = await createUnknown();
    const reason = 'its portal says so';
    await office.fills(ben, close('paid'), { reason });
    for (const account of [ben, eve, dan]) {
      // Said before anybody writes down a reason.
      const { card } = await office.presses(account, close('paid'));
      expect(card).toMatchObject({ title: 'Outcome unknown: nothing has changed' });
      expect(card.form).toBeUndefined();
    }
    const texts = [];
    for (const [account, verdict] of [
      [ben, 'paid'],
      [cy, 'failed'],
      [eve, 'paid'],
      [dan, 'paid'],
    ] as const) {
      texts.push((await office.fills(account, close(verdict), { reason })).card.text);
    }
    expect(texts).toEqual([
      'You have said so already; a second person must say the same.',
      'It is on record. A second person must say the same.',
      'It is your own request; another person decides: Ana, Ben, Cy.',
      expect.stringMatching(/^You cannot decide on this payout\. Ana, Ben, Cy can/),
    ]);
    expect((await office.findPayout(payout.id)).state).toBe('unknown');
    expect((await office.fills(ana, close('paid'), { reason: '' })).card.form).toBeDefined();
  });
});
