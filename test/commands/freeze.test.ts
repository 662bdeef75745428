// /purser freeze, unfreeze and policy: one stops, two others let go on, and everybody can see why.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { teamSchema } from '../../src/team.ts';
import { ana, ben, createOffice, cy, dan, eve, officeTeam } from './office.ts';

describe('/purser freeze', () => {
  it('stops a provider at once, and tells the channel why and who can lift it', async () => {
    const office = await createOffice();
    expect(await office.types(ben, '/purser freeze payermax looks  odd')).toEqual({
      audience: 'channel',
      card: {
        tone: 'warning',
        title: 'Payouts at PayerMax are frozen',
        text: 'Nothing is sent from now on; what is under way is followed to its end. Two other approvers can lift it.',
        fields: [{ label: 'Why', value: 'looks odd' }],
        suggestions: ['/purser unfreeze payermax'],
        reference: 'R1',
      },
    });
    expect((await office.types(eve, '/payout payermax 5 USD maria')).card.text).toMatch(
      /frozen by Ben: looks odd/,
    );
    expect((await office.types(eve, '/payout alignet 5 USD luz')).card.title).toMatch(/^Ask for/);
  });

  it('of nothing in particular stops everything', async () => {
    const office = await createOffice();
    const { card } = await office.types(ben, '/purser freeze looks odd');
    expect(card.title).toBe('All payouts are frozen');
    for (const line of ['/payout payermax 5 USD maria', '/payout alignet 5 USD luz']) {
      expect((await office.types(eve, line)).card.text).toMatch(/frozen by Ben: looks odd/);
    }
  });

  it('of what is frozen says who froze it before, and counts all of them', async () => {
    const office = await createOffice();
    await office.types(ben, '/purser freeze looks odd');
    office.clock.advance(3_600_000);
    const { card } = await office.types(cy, '/purser freeze other reason');
    expect(card.text).toBe('It was frozen already by Ben. Two others can lift it now.');
    expect(card.fields).toEqual([{ label: 'Why', value: 'other reason' }]);
    for (const account of [ben, cy]) {
      const lifted = await office.types(account, '/purser unfreeze');
      expect(lifted.card.text).toBe('You froze it yourself; two other approvers lift it.');
    }
  });

  it.each([
    ['/purser freeze payermx stop it', 'payermax', ['payermax stop it', 'all payermx stop it']],
    ['/purser freeze MONET', 'monnet', ['monnet', 'all MONET']],
    [
      '/purser freeze pyacross now please',
      'paycross',
      ['paycross now please', 'all pyacross now please'],
    ],
  ])('%j is asked back, and freezes nothing', async (line, meant, lines) => {
    const office = await createOffice();
    expect((await office.types(ben, line)).card).toMatchObject({
      title: 'Freeze what?',
      text: `Did you mean ${meant}, or everything?`,
      suggestions: lines.map((one) => `/purser freeze ${one}`),
    });
    expect(await office.world.payouts.freezes.list()).toEqual([]);
  });

  it('needs a reason that says something', async () => {
    const office = await createOffice();
    for (const line of ['/purser freeze payermax', '/purser freeze']) {
      expect((await office.types(ben, line)).card.title).toBe('The reason is missing');
    }
    expect((await office.types(ben, '/purser freeze all x')).card.text).toMatch(
      /^Say why in 3 to 300/,
    );
    const long = `/purser freeze all ${'x'.repeat(301)}`;
    expect((await office.types(ben, long)).card.text).toMatch(/^Say why in 3 to 300/);
    expect(await office.world.payouts.freezes.list()).toEqual([]);
  });

  it('is for approvers', async () => {
    const office = await createOffice();
    for (const one of [dan, eve]) {
      const { card, audience } = await office.types(one, '/purser freeze looks odd');
      expect(audience).toBe('asker');
      expect(card.title).toMatch(/ is for approvers$/);
    }
    expect(await office.world.payouts.freezes.list()).toEqual([]);
  });
});

describe('/purser unfreeze', () => {
  it('takes two others: not the one who froze, and not one of them twice', async () => {
    const office = await createOffice();
    await office.types(ben, '/purser freeze payermax looks odd');
    const lift = async (one: typeof ben) => {
      const { card, audience } = await office.types(one, '/purser unfreeze payermax');
      return [card.title, card.text, audience];
    };
    const note = 'Payouts at PayerMax are frozen: looks odd';
    expect(await lift(ben)).toEqual([
      'Nothing has changed',
      'You froze it yourself; two other approvers lift it.',
      'asker',
    ]);
    expect(await lift(cy)).toEqual([
      'Payouts at PayerMax are still frozen',
      'You agreed. One more approver must, then payouts go on.',
      'channel',
    ]);
    expect(await lift(cy)).toEqual([
      'Nothing has changed',
      'You have agreed already; another approver must too.',
      'asker',
    ]);
    expect((await office.types(cy, '/purser unfreeze payermax')).card.notes).toEqual([note]);
    expect(await lift(ana)).toEqual([
      'Payouts at PayerMax go on',
      'Two people have agreed. Payouts go on.',
      'channel',
    ]);
    expect((await office.types(eve, '/payout payermax 5 USD maria')).card.title).toMatch(
      /^Ask for/,
    );
  });

  it('of one does not lift what stands for all, and says so', async () => {
    const office = await createOffice();
    await office.types(ben, '/purser freeze looks odd');
    expect((await office.types(cy, '/purser unfreeze payermax')).card).toMatchObject({
      title: 'Nothing has changed',
      text: 'This is not frozen.',
      notes: ['All payouts are frozen: looks odd'],
      suggestions: ['/purser unfreeze all'],
    });
  });

  it('of all offers the one that is frozen', async () => {
    const office = await createOffice();
    await office.types(ben, '/purser freeze payermax looks odd');
    expect((await office.types(cy, '/purser unfreeze')).card.suggestions).toEqual([
      '/purser unfreeze payermax',
    ]);
    await office.types(cy, '/purser unfreeze payermax');
    await office.types(ana, '/purser unfreeze payermax');
    expect((await office.types(cy, '/purser unfreeze')).card.suggestions).toBeUndefined();
  });
});

describe('/purser policy', () => {
  const rows = ({ table }: Card) =>
    table?.groups.map(({ title, rows: all }) => [
      title,
      ...all.map((row) => row.map(({ text }) => text)),
    ]);

  it('lists the rules in their order, the limits, and what is frozen; for everybody', async () => {
    const office = await createOffice();
    const calm = (await office.types(dan, '/purser policy')).card;
    expect(calm.tone).toBe('neutral');
    expect(rows(calm)).toEqual([
      [
        'Approvals',
        ['1. up to 1,000.00 USD at PayerMax', '1 of Ana, Ben, Cy'],
        ['2. up to 50,000.00 USD', '2 of Ana, Ben, Cy'],
        ['3. anything at Alignet', '2 of Ben, Cy'],
      ],
      [
        'Limits',
        ['One person', 'at most 20,000.00 USD in 24 h'],
        ['Everybody together at PayerMax', 'at most 30,000.00 USD in 24 h'],
      ],
    ]);
    expect(calm.notes).toEqual(['A request expires after 24 h.']);
    await office.types(ben, '/purser freeze looks odd');
    const frozen = (await office.types(eve, '/purser policy')).card;
    expect(frozen.tone).toBe('warning');
    expect(frozen.notes?.[0]).toBe('All payouts are frozen by Ben: looks odd.');
  });

  it('without rules says that every payout is refused', async () => {
    const team = teamSchema.parse({ ...officeTeam, approvals: [], limits: [] });
    const office = await createOffice({ team });
    const { card } = await office.types(dan, '/purser policy');
    expect(card.text).toMatch(/^There is no rule, so every payout is refused\./);
    expect((await office.types(eve, '/payout payermax 5 USD maria')).card.text).toMatch(
      /^No approval rule allows 5\.00 USD at PayerMax\./,
    );
  });
});
