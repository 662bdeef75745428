// What waits for one person: only what this person can act on, most urgent first.
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/commands/types.ts';
import { ana, ben, createOffice, cy, dan, eve, mallory, type Office } from './office.ts';

const john = { id: 'john', name: 'John Doe', bank: 'BCP', account_no: '12345678901234' };

const linesFor = async (office: Office, account: Account) =>
  (await office.dispatcher.listWaiting(account)).map(({ line }) => line);

describe('the waiting list', () => {
  it('is empty where nothing waits, for people without roles, and for strangers', async () => {
    const office = await createOffice();
    expect(await linesFor(office, ana)).toEqual([]);
    await office.requests(eve, '/payout payermax 5 USD maria');
    for (const one of [dan, eve, mallory]) expect(await linesFor(office, one)).toEqual([]);
  });

  it('has payouts to decide on, those that expire first at the top', async () => {
    const office = await createOffice();
    const first = await office.requests(eve, '/payout payermax 5 USD maria');
    office.clock.advance(3_600_000);
    const second = await office.requests(ana, '/payout payermax 1500 USD maria');
    expect(await office.dispatcher.listWaiting(ben)).toEqual([
      {
        line: `/payout show ${first.id}`,
        label: '5.00 USD to María López',
        help: 'Decide · expires in 23 h',
      },
      {
        line: `/payout show ${second.id}`,
        label: '1,500.00 USD to María López',
        help: 'Decide · expires in 24 h',
      },
    ]);
    // Not her own.
    expect(await linesFor(office, ana)).toEqual([`/payout show ${first.id}`]);
  });

  it('is shorter by what this person has decided', async () => {
    const office = await createOffice();
    const payout = await office.requests(eve, '/payout payermax 1500 USD maria');
    await office.presses(ben, await office.actionOf(payout, 'payout.approve'));
    expect(await linesFor(office, ben)).toEqual([]);
    expect(await linesFor(office, cy)).toEqual([`/payout show ${payout.id}`]);
    await office.presses(cy, await office.actionOf(payout, 'payout.approve'));
    await office.world.payouts.settle();
    expect(await linesFor(office, ana)).toEqual([]);
  });

  it('has payouts whose end people must say, until this person has', async () => {
    const office = await createOffice();
    office.alignet.losesAnswers();
    const payout = await office.requests(eve, '/payout alignet 100 USD luz');
    const approve = await office.actionOf(payout, 'payout.approve');
    await office.presses(ben, approve);
    await office.presses(cy, approve);
    await office.world.payouts.settle();
    expect(await office.dispatcher.listWaiting(ben)).toEqual([
      {
        line: `/payout show ${payout.id}`,
        label: '100.00 USD to Luz Vega',
        help: 'Say how it ended',
      },
    ]);
    await office.fills(ben, `payout.close.paid:${payout.id}`, { reason: 'its portal' });
    expect(await linesFor(office, ben)).toEqual([]);
    expect(await linesFor(office, cy)).toEqual([`/payout show ${payout.id}`]);
  });

  it('has payees to agree to, but never one’s own', async () => {
    const office = await createOffice();
    await office.fills(ana, 'payee.form:payermax/pe-bank', john);
    await office.fills(ana, 'payee.form:payermax/pe-bank/maria', { name: 'María', bank: 'BCP' });
    const waiting = await office.dispatcher.listWaiting(ben);
    expect(waiting.toSorted((a, b) => (a.line < b.line ? -1 : 1))).toEqual([
      { line: '/payee show john', label: 'Payee john, John Doe', help: 'New: agree or refuse' },
      { line: '/payee show maria', label: 'Payee maria, María', help: 'Changed: agree or refuse' },
    ]);
    for (const one of [ana, dan, eve]) expect(await linesFor(office, one)).toEqual([]);
  });

  it('has freezes that this person may lift', async () => {
    const office = await createOffice();
    await office.types(ben, '/purser freeze payermax looks odd');
    expect(await linesFor(office, ben)).toEqual([]);
    expect(await office.dispatcher.listWaiting(cy)).toEqual([
      {
        line: '/purser unfreeze payermax',
        label: 'Payouts at PayerMax are frozen',
        help: 'looks odd',
      },
    ]);
    await office.types(cy, '/purser unfreeze payermax');
    expect(await linesFor(office, cy)).toEqual([]);
    expect(await linesFor(office, ana)).toEqual(['/purser unfreeze payermax']);
    await office.types(ana, '/purser unfreeze payermax');
    expect(await linesFor(office, ana)).toEqual([]);
  });

  it('has lines that run as they stand', async () => {
    const office = await createOffice();
    await office.requests(eve, '/payout payermax 5 USD maria');
    await office.fills(eve, 'payee.form:payermax/pe-bank', john);
    await office.types(cy, '/purser freeze looks odd');
    const lines = await linesFor(office, ben);
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect((await office.types(ben, line)).card.title).not.toMatch(/^(There is no|“)/);
    }
  });
});
