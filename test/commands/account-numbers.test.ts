// The whole life of payees and payouts, and then a search of everything that anybody could read:
// no card, no log line and no audit entry has an account number beyond its last four.
import { describe, expect, it } from 'vitest';
import { accountNumbers, ana, ben, createOffice, cy, dan, eve, textOf } from './office.ts';
import { refusalOf } from './payer.ts';

const numbers = { ...accountNumbers, john: '55556666777788', changed: '99998888777766' };
const mistyped = '4444333322221111x';

describe('an account number', () => {
  it('is shown by its last four only, from the first card to the last log line', async () => {
    const office = await createOffice();
    const form = 'payee.form:payermax/pe-bank';
    const john = { id: 'john', name: 'John Doe', bank: 'BCP', account_no: numbers.john };
    await office.types(eve, '/payee add');
    await office.fills(eve, 'payee.way:', { way: 'payermax/pe-bank' });
    await office.fills(eve, form, john);
    await office.presses(ben, 'payee.approve:john.1');
    await office.fills(eve, form, { ...john, id: 'jack' });
    await office.fills(eve, form, { ...john, id: 'maria' });
    await office.types(eve, '/payee change maria');
    await office.fills(eve, `${form}/maria`, { name: 'María', bank: 'nope' });
    await office.fills(eve, `${form}/maria`, {
      name: 'María',
      bank: 'BCP',
      account_no: numbers.changed,
    });
    for (const id of ['maria', 'john', 'jack', 'luz']) await office.types(dan, `/payee show ${id}`);
    await office.types(dan, '/payee list');
    await office.presses(cy, 'payee.approve:maria.2');

    const paid = await office.requests(eve, '/payout payermax 5 USD maria');
    await office.presses(ben, await office.actionOf(paid, 'payout.approve'));
    await office.world.payouts.settle();
    office.payermax.settles('paid');
    office.clock.advance(60_000);
    await office.world.payouts.followUp.tick();
    office.payermax.answers(refusalOf('payermax', 'rejected', 'The account is closed.'));
    const failed = await office.requests(eve, '/payout payermax 6 USD john');
    await office.presses(ben, await office.actionOf(failed, 'payout.approve'));
    office.alignet.losesAnswers();
    const closed = await office.requests(eve, '/payout alignet 7 USD luz');
    for (const one of [ben, cy]) {
      await office.presses(one, await office.actionOf(closed, 'payout.approve'));
    }
    await office.world.payouts.settle();
    for (const one of [ben, cy]) {
      await office.fills(one, `payout.close.paid:${closed.id}`, { reason: 'its portal' });
    }
    for (const { id } of [paid, failed, closed]) await office.types(dan, `/payout show ${id}`);
    await office.types(dan, '/payout list all');
    await office.types(eve, '/payout');
    await office.types(ana, '/purser audit verify');
    const { file } = await office.types(ana, '/purser audit export 2026-11');

    // The payer got the numbers in full, so they were there to be leaked.
    expect(office.payermax.orders[0]?.fields['account_no']).toBe(numbers.changed);
    expect(office.alignet.orders[0]?.fields['account_no']).toBe(numbers.luz);
    const cards = office.cards.map(textOf).join('\n');
    const entries = JSON.stringify(office.data.entries);
    for (const number of Object.values(numbers)) {
      expect(cards).not.toContain(number);
      expect(office.log.text()).not.toContain(number);
      expect(entries).not.toContain(number);
      expect(file?.text).not.toContain(number);
    }
    for (const tail of ['••2101', '••1017', '••2333', '••7788', '••7766']) {
      expect(cards).toContain(tail);
    }
    expect(office.cards.length).toBeGreaterThan(35);
  });

  it('typed with a mistake comes back in its own field to its own person, and nowhere else', async () => {
    const office = await createOffice();
    const { card, audience, isInPlace } = await office.fills(eve, 'payee.form:payermax/pe-bank', {
      id: 'john',
      name: 'John Doe',
      bank: 'BCP',
      account_no: mistyped,
    });
    expect({ audience, isInPlace }).toEqual({ audience: 'asker', isInPlace: true });
    const fields = card.form?.fields.map(({ name, value, ...rest }) =>
      name === 'account_no' ? rest : { name, value, ...rest },
    );
    expect(JSON.stringify({ ...card, form: fields })).not.toContain(mistyped);
    expect(office.log.text()).not.toContain(mistyped);
    expect(JSON.stringify(office.data)).not.toContain(mistyped);
  });
});
