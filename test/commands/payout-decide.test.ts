// The buttons of a posted request: who may press which, and what each person then reads.
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/commands/types.ts';
import { ana, ben, createOffice, cy, dan, eve, mallory, type Office } from './office.ts';
import { lineOf, readingOf } from './world.ts';

const line = '/payout payermax 125.50 USD maria invoice 42';

async function createRequested(requester: Account = eve, typed = line) {
  const office = await createOffice();
  const payout = await office.requests(requester, typed);
  const approve = await office.actionOf(payout, 'payout.approve');
  const reject = await office.actionOf(payout, 'payout.reject');
  const cancel = await office.actionOf(payout, 'payout.cancel');
  return { office, payout, approve, reject, cancel };
}

/** Everything that is stored of it, to see that nothing has changed. */
const snapshot = (office: Office) => JSON.stringify([office.data.records, office.data.entries]);

describe('the buttons', () => {
  it('say nothing about money, and ask once more before they move it', async () => {
    const { office, payout } = await createRequested();
    const { card } = await office.types(ana, `/payout show ${payout.id}`);
    expect(card.buttons?.map(({ label }) => label)).toEqual([
      'Approve',
      'Reject',
      'Cancel my request',
    ]);
    expect(card.buttons?.map(({ action }) => action).join(' ')).not.toMatch(/125|USD|maria|eve/);
    expect(card.buttons?.[0]?.confirm).toEqual({
      title: 'Pay 125.50 USD?',
      text: 'To María López with PayerMax. Once enough people agree it is sent and cannot be called back.',
      yes: 'Approve',
    });
  });
});

describe('approving', () => {
  it('one’s own request is refused in private, and changes nothing', async () => {
    const { office, approve } = await createRequested(ana);
    const before = snapshot(office);
    const { card, audience } = await office.presses(ana, approve);
    expect(audience).toBe('asker');
    expect(card).toMatchObject({
      tone: 'warning',
      title: 'Waiting for approval: nothing has changed',
      text: 'It is your own request; another person decides: Ben, Cy.',
    });
    expect(snapshot(office)).toBe(before);
    expect(office.payermax.orders).toEqual([]);
  });

  it('by a second person sends it, once', async () => {
    const { office, payout, approve } = await createRequested();
    const { card, audience } = await office.presses(ben, approve);
    expect(audience).toBe('asker');
    expect(card).toEqual({
      reference: expect.stringMatching(/^R\d+$/),
      tone: 'neutral',
      title: '125.50 USD to María López',
      text: 'You agreed. It is checked once more and then sent.',
      notes: [`${payout.id} · PayerMax`],
      suggestions: [`/payout show ${payout.id}`],
    });
    await office.world.payouts.settle();
    const again = await Promise.all([ben, cy, ana].map((one) => office.presses(one, approve)));
    expect(again.map((one) => one.card.text)).toEqual([
      'That was done already; nothing happens twice.',
      'It is with the provider already.',
      'It is with the provider already.',
    ]);
    await office.world.payouts.settle();
    expect(office.payermax.orders).toMatchObject([
      { reference: payout.content.reference, payeeName: 'María López', note: 'invoice 42' },
    ]);
  });

  it('by the same person on another platform is still the same person', async () => {
    const { office, approve } = await createRequested(eve, '/payout payermax 1500 USD maria');
    await office.presses(ben, approve);
    const slack = { platform: 'slack', team: 'T01', user: 'U02' } as const;
    expect((await office.presses(slack, approve)).card.text).toBe(
      'That was done already; nothing happens twice.',
    );
    expect(office.payermax.orders).toEqual([]);
  });

  it('where two must agree says how many are missing, on the card too', async () => {
    const { office, payout, approve } = await createRequested(
      eve,
      '/payout payermax 1500 USD maria',
    );
    const show = async () => (await office.types(dan, `/payout show ${payout.id}`)).card;
    expect((await show()).text).toMatch(/Ana, Ben or Cy can decide; 2 of them must agree\./);
    expect((await office.presses(ben, approve)).card.text).toBe('You agreed. 1 more must agree.');
    expect((await show()).text).toBe(
      'Waiting for approval. Ana or Cy can decide. It expires 21 Nov, 12:00 UTC.',
    );
    expect((await show()).table?.groups[0]?.rows).toEqual([
      [{ text: '20 Nov, 12:00 UTC', tone: 'quiet' }, { text: 'Ben approved' }],
    ]);
    await office.presses(cy, approve);
    await office.world.payouts.settle();
    expect(office.payermax.orders).toHaveLength(1);
  });

  it.each([
    [
      'a viewer',
      dan,
      /^You cannot decide on this payout\. Ana, Ben, Cy can \(up to 1,000\.00 USD at PayerMax\)\.$/,
    ],
    [
      'a stranger',
      mallory,
      /^Your playground account is not in the team file\. Ana can add you\.$/,
    ],
  ])('by %s is refused, saying who could', async (_who, account, text) => {
    const { office, approve, reject } = await createRequested();
    const before = snapshot(office);
    expect((await office.presses(account, approve)).card.text).toMatch(text);
    expect((await office.fills(account, reject, { reason: 'because' })).card.text).toMatch(text);
    expect(snapshot(office)).toBe(before);
  });

  it('is refused where the money has gone since, and where limits are used up', async () => {
    const { office, approve } = await createRequested();
    office.teller('payermax').says(readingOf(lineOf('main', 'USD', { available: '125' })));
    expect((await office.presses(ben, approve)).card.text).toBe(
      'It cannot be approved now. 125.00 USD is available at PayerMax (main); this payout needs 125.50 USD.',
    );
  });

  it.each(['payout.approve:', 'payout.approve:P00000001', 'payout.approve:x.y'])(
    'with %j finds no payout',
    async (action) => {
      const { office } = await createRequested();
      const { card } = await office.fills(ben, action, { reason: 'because' });
      expect(card.text).toBe(
        'Purser does not know this button. Look the payout up with /payout list.',
      );
    },
  );

  it('with another content’s button is refused: the card is not the newest', async () => {
    const { office, payout } = await createRequested();
    const old = `payout.approve:${payout.id}.0123456789abcdef`;
    expect((await office.presses(ben, old)).card.text).toMatch(
      /^The payout has changed since this card was posted\./,
    );
  });

  it('after it expired says that it did', async () => {
    const { office, approve } = await createRequested();
    office.clock.advance(24 * 3_600_000);
    expect((await office.presses(ben, approve)).card.text).toBe(
      'It expired before enough people agreed. Eve can ask again.',
    );
  });
});

describe('rejecting', () => {
  it('asks for the reason, then rejects and shows it', async () => {
    const { office, payout, reject } = await createRequested();
    const asked = await office.presses(ben, reject);
    expect(asked).toMatchObject({
      audience: 'asker',
      card: {
        title: 'Reject this payout',
        text: '125.50 USD to María López at PayerMax, P00000001. The requester and the channel see why.',
        form: { action: reject, submit: 'Reject', fields: [{ name: 'reason', isRequired: true }] },
      },
    });
    expect((await office.findPayout(payout.id)).state).toBe('requested');
    const done = await office.fills(ben, reject, { reason: ' wrong\ninvoice ' });
    expect(done).toMatchObject({ isInPlace: true, card: { text: 'You rejected it.' } });
    const { card } = await office.types(dan, `/payout show ${payout.id}`);
    expect(card).toMatchObject({ tone: 'warning', text: 'Rejected. Ben said no: wrong invoice' });
    expect(card.buttons).toBeUndefined();
    expect(office.payermax.orders).toEqual([]);
  });

  it.each([
    ['nothing', '', undefined],
    ['blanks', '    ', '    '],
    ['two letters', 'no', 'no'],
    ['what cannot be seen', '\u202E\u2069\u200B', undefined],
    ['10,000 characters', 'x'.repeat(10_000), 'x'.repeat(300)],
  ])('for %s asks again, with what is wrong beside the field', async (_what, reason, kept) => {
    const { office, payout, reject } = await createRequested();
    const { card, isInPlace } = await office.fills(ben, reject, { reason });
    expect(isInPlace).toBe(true);
    const field = card.form?.fields[0];
    expect(field?.error).toMatch(/^Say why in 3 to 300 characters/);
    expect(field?.value).toBe(kept);
    expect((await office.findPayout(payout.id)).state).toBe('requested');
  });

  it('one’s own request is refused; that is cancelling', async () => {
    const { office, reject } = await createRequested(ana);
    expect((await office.fills(ana, reject, { reason: 'mistake' })).card.text).toBe(
      'It is your own request; another person decides: Ben, Cy.',
    );
  });

  it('is refused before the reason is asked for', async () => {
    const { office, approve, reject } = await createRequested();
    for (const [account, text] of [
      [dan, /^You cannot decide on this payout\. Ana, Ben, Cy can /],
      [eve, /^It is your own request; another person decides: /],
    ] as const) {
      const { card } = await office.presses(account, reject);
      expect(card.text).toMatch(text);
      expect(card.form).toBeUndefined();
    }
    await office.presses(ben, approve);
    await office.world.payouts.settle();
    const { card } = await office.presses(cy, reject);
    expect(card).toMatchObject({ text: 'It is with the provider already.' });
    expect(card.form).toBeUndefined();
  });

  it('of what is not there says where to look', async () => {
    const office = await createOffice();
    for (const action of ['payout.reject:x', 'payout.reject:P99999999.0123456789abcdef']) {
      expect((await office.presses(ben, action)).card.title).toBe('There is no such payout');
    }
  });

  it('after an approval that was first says what happened', async () => {
    const { office, approve, reject } = await createRequested();
    await office.presses(ben, approve);
    await office.world.payouts.settle();
    expect((await office.fills(cy, reject, { reason: 'too late' })).card).toMatchObject({
      title: 'With the provider: nothing has changed',
      text: 'It is with the provider already.',
    });
  });
});

describe('cancelling', () => {
  it('is the requester’s, by button or by line', async () => {
    for (const isTyped of [true, false]) {
      const { office, payout, cancel } = await createRequested();
      const { card } = isTyped
        ? await office.types(eve, `/payout cancel ${payout.id.toLowerCase()}`)
        : await office.presses(eve, cancel);
      expect(card.text).toBe('You took it back. Nothing was sent.');
      const shown = await office.types(ana, `/payout show ${payout.id}`);
      expect(shown.card.text).toBe('Cancelled. Eve took it back.');
    }
  });

  it('is nobody else’s, not even an admin’s', async () => {
    const { office, payout, cancel } = await createRequested();
    const text = 'Only Eve, who asked for it, can cancel it. Approvers can reject it.';
    expect((await office.presses(ben, cancel)).card.text).toBe(text);
    expect((await office.types(ana, `/payout cancel ${payout.id}`)).card.text).toBe(text);
    expect((await office.findPayout(payout.id)).state).toBe('requested');
  });

  it('of what was sent is too late', async () => {
    const { office, approve, cancel } = await createRequested();
    await office.presses(ben, approve);
    await office.world.payouts.settle();
    expect((await office.presses(eve, cancel)).card.text).toBe('It is with the provider already.');
  });

  it('of what is not there says where to look', async () => {
    const office = await createOffice();
    expect((await office.types(eve, '/payout cancel P99999999')).card).toMatchObject({
      title: 'There is no such payout',
      suggestions: ['/payout list'],
    });
  });
});
