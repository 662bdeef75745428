// Payees after the form: a second person agrees or refuses, and they are listed, shown and removed.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { ana, ben, createOffice, cy, dan, eve, fieldOf, mallory, textOf } from './office.ts';

const values = { id: 'john', name: 'John Doe', bank: 'BCP', account_no: '12345678901234' };

async function createProposed(by = eve) {
  const office = await createOffice();
  await office.fills(by, 'payee.form:payermax/pe-bank', values);
  const { card } = await office.types(dan, '/payee show john');
  return { office, card, agree: 'payee.approve:john.1', refuse: 'payee.refuse:john.1' };
}

const rows = ({ table }: Card) =>
  table?.groups.flatMap((group) => group.rows.map((row) => row.map(({ text }) => text)));

describe('a proposed payee', () => {
  it('is shown with what to check before agreeing', async () => {
    const { card, agree, refuse } = await createProposed();
    expect(card.buttons).toEqual([
      {
        action: agree,
        label: 'Agree',
        style: 'primary',
        confirm: {
          title: 'Let payouts go to John Doe?',
          text:
            'Check the details with John Doe in a way that you trust, not by the message that asked for it. ' +
            'Payouts at PayerMax can go there from then on.',
          yes: 'Agree',
        },
      },
      { action: refuse, label: 'Refuse', style: 'danger' },
    ]);
  });

  it('can be paid once another approver agrees', async () => {
    const { office, agree } = await createProposed();
    expect((await office.presses(ben, agree)).card).toMatchObject({
      tone: 'good',
      title: 'You agreed to john',
      text: 'It can be paid from now on.',
    });
    const { card } = await office.types(dan, '/payee show john');
    expect(card).toMatchObject({ tone: 'neutral', text: 'It can be paid.' });
    expect(fieldOf(card, 'Agreed')).toBe('Eve, 20 Nov, 12:00 UTC; agreed by Ben');
    expect(card.buttons).toBeUndefined();
    const preview = await office.types(eve, '/payout payermax 5 USD john');
    expect(preview.card.title).toBe('Ask for 5.00 USD to John Doe?');
  });

  it('is not agreed to by the one who proposed it', async () => {
    const { office, card: posted, agree, refuse } = await createProposed(ana);
    expect(posted.text).toMatch(/before a second person agrees: Ben or Cy\.$/);
    for (const action of [agree, refuse]) {
      expect((await office.presses(ana, action)).card).toMatchObject({
        tone: 'warning',
        title: 'That is your own payee',
        text: 'Another approver agrees to it or refuses it.',
      });
    }
    const stored = await office.world.payouts.payees.find('john');
    expect(stored).toMatchObject({ proposed: { by: 'ana' } });
    expect(stored?.active).toBeUndefined();
  });

  it('is not agreed to by people without the role', async () => {
    const { office, agree } = await createProposed();
    expect((await office.presses(dan, agree)).card).toMatchObject({
      title: 'This is for approvers',
      text: 'You are viewer. Ana, Ben or Cy can do this for you; Ana can change roles.',
    });
    expect((await office.presses(mallory, agree)).card.title).toBe('Purser does not know you');
    expect((await office.world.payouts.payees.find('john'))?.active).toBeUndefined();
  });

  it('refused is out, and its name is free', async () => {
    const { office, refuse } = await createProposed();
    expect((await office.presses(cy, refuse)).card).toMatchObject({
      title: 'You refused john',
      text: 'Nothing can be paid to these details.',
    });
    expect((await office.types(dan, '/payee show john')).card.title).toBe('There is no such payee');
    const again = await office.fills(eve, 'payee.form:payermax/pe-bank', values);
    expect(again.card.title).toBe('Payee john: John Doe');
  });

  it('is decided once, and only as the card showed it', async () => {
    const { office, agree, refuse } = await createProposed();
    await office.fills(eve, 'payee.form:payermax/pe-bank/john', { ...values, name: 'Jon Doe' });
    expect((await office.presses(ben, agree)).card.title).toBe('This card is not the newest');
    await office.presses(ben, 'payee.approve:john.2');
    expect((await office.presses(cy, 'payee.refuse:john.2')).card.title).toBe(
      'Somebody was faster',
    );
    expect((await office.presses(cy, refuse)).card.title).toBe('Somebody was faster');
    expect((await office.world.payouts.payees.find('john'))?.active?.name).toBe('Jon Doe');
  });

  it.each([
    'payee.approve:',
    'payee.approve:nobody.1',
    'payee.approve:john',
    'payee.refuse:john.x',
  ])('is not what %j means', async (action) => {
    const { office } = await createProposed();
    const { card } = await office.presses(ben, action);
    expect(card.tone).toBe('warning');
    const stored = await office.world.payouts.payees.find('john');
    expect(stored?.proposed).toBeDefined();
    expect(stored?.active).toBeUndefined();
  });

  it('with an account that another payee has warns on its card', async () => {
    const { office } = await createProposed();
    await office.fills(eve, 'payee.form:alignet/pe-bank', { ...values, id: 'jack' });
    const { card } = await office.types(dan, '/payee show jack');
    expect(card).toMatchObject({
      tone: 'warning',
      notes: ['The same account belongs to john already.'],
    });
  });
});

describe('/payee list', () => {
  it('says who can be paid, by what, and what waits', async () => {
    const { office } = await createProposed();
    await office.fills(eve, 'payee.form:payermax/pe-bank/maria', {
      name: 'María Vega',
      bank: 'BCP',
    });
    const { card } = await office.types(dan, '/payee list');
    expect(rows(card)?.toSorted()).toEqual([
      ['john', 'John Doe', 'PayerMax, Peru, bank account', 'waits for a second person'],
      ['luz', 'Luz Vega', 'Alignet, Peru, bank account', 'can be paid'],
      ['maria', 'María López', 'PayerMax, Peru, bank account', 'change waits'],
    ]);
    expect(textOf(card)).not.toMatch(/\d{5}/);
  });

  it('without any says how to begin', async () => {
    const office = await createOffice();
    await office.types(eve, '/payee remove maria');
    await office.types(ben, '/payee remove luz');
    expect((await office.types(dan, '/payee list')).card).toMatchObject({
      text: 'There is none yet. A requester saves one, a second person agrees to it.',
      suggestions: ['/payee add'],
    });
  });
});

describe('/payee remove', () => {
  it('stops everything that would go there', async () => {
    const office = await createOffice();
    const payout = await office.requests(eve, '/payout payermax 5 USD maria');
    const approve = await office.actionOf(payout, 'payout.approve');
    expect((await office.types(ben, '/payee remove MARIA')).card).toMatchObject({
      title: 'maria was removed',
      text: 'Requests that wait for it are stopped. It can be added again under this name.',
    });
    const pressed = await office.presses(ben, approve);
    await office.world.payouts.settle();
    expect(office.payermax.orders).toEqual([]);
    const shown = await office.types(dan, `/payout show ${payout.id}`);
    expect(`${pressed.card.text} ${shown.card.text}`).toContain('The payee maria was removed.');
    expect((await office.types(eve, '/payout payermax 5 USD maria')).card.text).toMatch(
      /^There is no payee “maria”\./,
    );
    for (const line of ['/payee show maria', '/payee remove maria', '/payee change maria']) {
      expect((await office.types(ana, line)).card.title).toBe('There is no such payee');
    }
  });

  it('is not for those who only look', async () => {
    const office = await createOffice();
    const { card } = await office.types(dan, '/payee remove maria');
    expect(card.title).toBe('/payee remove is for requesters or approvers');
    expect((await office.world.payouts.payees.find('maria'))?.isRemoved).toBe(false);
  });
});
