// From the preview to the posted request: what the requester sees, and what is refused before it.
import { describe, expect, it } from 'vitest';
import { teamSchema } from '../../src/team.ts';
import { actionIn, ana, ben, createOffice, dan, eve, fieldOf, officeTeam } from './office.ts';
import { failureOf, lineOf, readingOf } from './world.ts';

const line = '/payout payermax 125.50 USD maria invoice 42';

describe('a preview', () => {
  it('says what it costs, what is left, who must agree and why; only the requester sees it', async () => {
    const office = await createOffice();
    expect(await office.types(eve, line)).toEqual({
      audience: 'asker',
      card: {
        reference: expect.stringMatching(/^R\d+$/),
        tone: 'neutral',
        title: 'Ask for 125.50 USD to María López?',
        text: 'Only you see this. Nothing is posted or sent yet.',
        fields: [
          { label: 'To', value: 'María López (Peru, bank account)' },
          { label: 'Account number', value: '••2101' },
          { label: 'CCI', value: '••1017' },
          { label: 'Bank', value: 'BCP' },
          { label: 'From', value: 'PayerMax, main' },
          // The balance is finer than what can be paid: rounded down.
          { label: 'Available', value: '40,000.00 USD, 39,874.50 USD after it' },
          { label: 'Note', value: 'invoice 42' },
          { label: 'Needs', value: '1 of Ana, Ben, Cy (up to 1,000.00 USD at PayerMax)' },
        ],
        notes: [],
        buttons: [
          { action: 'payout.post:P00000001', label: 'Ask for approval', style: 'primary' },
          { action: 'payout.drop:P00000001', label: 'Drop it', style: 'plain' },
        ],
      },
    });
    expect(await office.world.payouts.desk.listOpen()).toEqual([]);
    expect(office.data.entries).toHaveLength(4);
  });

  it('of an approver’s own request does not count the approver', async () => {
    const office = await createOffice();
    const { card } = await office.types(ana, line);
    expect(fieldOf(card, 'Needs')).toBe('1 of Ben, Cy (up to 1,000.00 USD at PayerMax)');
  });

  it('warns of a possible duplicate, which one more person must agree to', async () => {
    const office = await createOffice();
    await office.requests(eve, line);
    const { card } = await office.types(eve, '/payout payermax 125.5 USD maria another note');
    expect(card.tone).toBe('warning');
    expect(fieldOf(card, 'Needs')).toBe(
      '2 of Ana, Ben, Cy (up to 1,000.00 USD at PayerMax, and one more because it may be a duplicate)',
    );
    expect(card.notes).toEqual([
      'Possible duplicate: the same payee and amount within 24 h in P00000001 ' +
        '(waiting for approval). One more person must agree.',
    ]);
  });

  const poor = readingOf(lineOf('main', 'USD', { available: '125.4999' }));
  it.each([
    ['/payout payermax 125.50 USD luz', /^luz is a payee at alignet, not at PayerMax\.$/i],
    ['/payout payermax 125.50 USD mara', /^There is no payee “mara”\. Did you mean maria\?$/],
    [
      '/payout smilepayz 125.50 USD maria',
      /cannot pay here\. Providers that can: Alignet, PayerMax\./,
    ],
    ['/payout payermax 1,250 USD maria', /^“1,250” could mean 1250 or 1\.250\./],
    [
      '/payout payermax 5 PEN maria',
      /^No approval rule allows 5\.00 PEN at PayerMax\. Ana can add one/,
    ],
    [
      `/payout payermax 5 USD maria ${'x'.repeat(141)}`,
      /^The note has 141 characters; at most 140/,
    ],
  ])('of %j is refused', async (refused, text) => {
    const office = await createOffice();
    const { card, audience } = await office.types(eve, refused);
    expect(audience).toBe('asker');
    expect(card.text).toMatch(text);
    expect(card.buttons).toBeUndefined();
  });

  it('is refused where less is available, where that cannot be read, and where payouts are frozen', async () => {
    const office = await createOffice();
    office.teller('payermax').says(poor);
    expect((await office.types(eve, line)).card.text).toBe(
      '125.49 USD is available at PayerMax (main); this payout needs 125.50 USD.',
    );
    office.teller('payermax').says(failureOf('PayerMax'));
    expect((await office.types(eve, line)).card.text).toMatch(
      /^The balance cannot be checked now\./,
    );
    await office.types(ben, '/purser freeze payermax looks odd');
    expect((await office.types(eve, line)).card.text).toMatch(/frozen by Ben: looks odd/);
  });

  it('is refused where too few people may approve', async () => {
    const team = teamSchema.parse({
      ...officeTeam,
      approvals: [{ when: { currency: 'USD', up_to: '1000.00' }, need: 1, from: ['ana'] }],
    });
    const office = await createOffice({ team });
    expect((await office.types(ana, line)).card.text).toMatch(
      /^It needs 1 approvers? .*but only 0 may approve .*\. Ana can change the team file\.$/,
    );
  });
});

describe('posting', () => {
  it('makes the request, and tells the requester', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, line);
    const outcome = await office.presses(eve, actionIn(card, 'payout.post'));
    expect(outcome).toEqual({
      audience: 'asker',
      isInPlace: true,
      card: {
        reference: expect.stringMatching(/^R\d+$/),
        tone: 'neutral',
        title: '125.50 USD to María López',
        text: 'You have asked for it.',
        notes: ['P00000001 · PayerMax'],
        suggestions: ['/payout show P00000001'],
      },
    });
    expect(await office.findPayout('P00000001')).toMatchObject({
      state: 'requested',
      requestedBy: 'eve',
      place: { platform: 'playground', user: 'eve', channel: 'general' },
      content: { amount: '125.50', note: 'invoice 42', payee: { id: 'maria', version: 1 } },
    });
    expect(office.payermax.orders).toEqual([]);
  });

  it('says where everybody sees it, and no state that grows old', async () => {
    const channels = { approvals: ['playground:approvals'], audit: [], alerts: [] };
    const office = await createOffice({ team: teamSchema.parse({ ...officeTeam, channels }) });
    const { card } = await office.types(eve, line);
    const posted = await office.presses(eve, actionIn(card, 'payout.post'));
    expect(posted.card.text).toBe('You have asked for it. It is in the approvals channel.');
  });

  it('twice is one request', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, line);
    const action = actionIn(card, 'payout.post');
    const first = await office.presses(eve, action);
    const again = await office.presses(eve, action);
    const { reference } = again.card;
    expect(again).toEqual({ ...first, card: { ...first.card, reference } });
    expect(reference).not.toBe(first.card.reference);
    expect(await office.world.payouts.desk.listOpen()).toHaveLength(1);
  });

  it('of another person’s preview, an old one or none is refused', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, line);
    const action = actionIn(card, 'payout.post');
    const gone = 'This preview is no longer open. Ask for the payout again.';
    expect((await office.presses(ana, action)).card.text).toBe(gone);
    expect((await office.presses(eve, 'payout.post:P99999999')).card.text).toBe(gone);
    office.clock.advance(30 * 60_000 + 1);
    expect((await office.presses(eve, action)).card.text).toBe(
      'This preview is no longer open. Ask for the payout again.',
    );
    expect(await office.world.payouts.desk.listOpen()).toEqual([]);
  });

  it('checks everything again: what was available may be gone', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, line);
    office.teller('payermax').says(readingOf(lineOf('main', 'USD', { available: '1' })));
    const answer = await office.presses(eve, actionIn(card, 'payout.post'));
    expect(answer.card.text).toMatch(/^1\.00 USD is available at PayerMax/);
    expect(await office.world.payouts.desk.listOpen()).toEqual([]);
  });

  it('is for requesters', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, line);
    const answer = await office.presses(dan, actionIn(card, 'payout.post'));
    expect(answer.card.title).toBe('This is for requesters');
  });
});

describe('dropping', () => {
  it('says that nothing was posted', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, line);
    expect(await office.presses(eve, actionIn(card, 'payout.drop'))).toEqual({
      audience: 'asker',
      isInPlace: true,
      card: {
        reference: expect.stringMatching(/^R\d+$/),
        tone: 'neutral',
        title: 'Dropped',
        text: 'Nothing was posted or sent.',
      },
    });
    expect(await office.world.payouts.desk.listOpen()).toEqual([]);
  });

  it('does not say so of what was posted before', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, line);
    await office.presses(eve, actionIn(card, 'payout.post'));
    expect((await office.presses(eve, actionIn(card, 'payout.drop'))).card).toMatchObject({
      tone: 'warning',
      title: 'You have asked for it already',
      suggestions: ['/payout cancel P00000001'],
    });
    expect((await office.findPayout('P00000001')).state).toBe('requested');
  });
});
