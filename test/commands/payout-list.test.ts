// /payout list and show: whose payouts, which of them, and how old.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { ana, ben, createOffice, dan, eve } from './office.ts';

const rows = ({ table }: Card) =>
  table?.groups.flatMap((group) => group.rows.map((row) => row.map(({ text }) => text)));
const ids = (card: Card) => rows(card)?.map(([id]) => id);

async function createBusy() {
  const office = await createOffice();
  const eves = await office.requests(eve, '/payout payermax 10 USD maria');
  office.clock.advance(60_000);
  const anas = await office.requests(ana, '/payout payermax 20 USD maria');
  await office.presses(eve, await office.actionOf(eves, 'payout.cancel'));
  office.clock.advance(60_000);
  office.payermax.losesAnswers();
  const doubtful = await office.requests(eve, '/payout payermax 30 USD maria');
  await office.presses(ben, await office.actionOf(doubtful, 'payout.approve'));
  await office.world.payouts.settle();
  const list = async (which: string) => (await office.types(eve, `/payout list ${which}`)).card;
  return { office, list, eves: eves.id, anas: anas.id, doubtful: doubtful.id };
}

describe('/payout list', () => {
  it('has what is not over, newest first', async () => {
    const { list, anas, doubtful } = await createBusy();
    const card = await list('');
    expect(card.title).toBe('Payouts that are not over');
    expect(rows(card)).toEqual([
      [doubtful, 'Outcome unknown', '30.00 USD', 'María López, PayerMax', 'Eve', 'just now'],
      [anas, 'Waiting for approval', '20.00 USD', 'María López, PayerMax', 'Ana', '1 min ago'],
    ]);
    expect(card.suggestions).toEqual([`/payout show ${doubtful}`, `/payout show ${anas}`]);
    expect((await list('pending')).table).toEqual(card.table);
  });

  it('has one’s own, those that are stuck, or all of thirty days', async () => {
    const { office, list, eves, anas, doubtful } = await createBusy();
    expect(ids(await list('mine'))).toEqual([doubtful, eves]);
    expect(ids(await list('stuck'))).toEqual([doubtful]);
    expect(ids(await list('all'))).toEqual([doubtful, anas, eves]);
    office.clock.advance(30 * 24 * 3_600_000);
    expect(ids(await list('all'))).toEqual([doubtful]);
    office.clock.advance(1);
    expect((await list('all')).text).toBe('There are none.');
    expect(ids(await list('stuck'))).toEqual([doubtful]);
    expect(rows(await list('stuck'))?.[0]?.at(-1)).toBe('20 Nov, 12:02 UTC');
  });

  it('marks what is stuck', async () => {
    const { list } = await createBusy();
    const tones = (await list('')).table?.groups[0]?.rows.map(([, state]) => state?.tone);
    expect(tones).toEqual(['warning', undefined]);
  });

  it('says that there are none', async () => {
    const office = await createOffice();
    expect((await office.types(dan, '/payout list stuck')).card).toMatchObject({
      tone: 'good',
      title: 'Payouts that are stuck',
      text: 'There are none.',
    });
  });

  it('shows the newest fifty and says how many there are', async () => {
    const office = await createOffice();
    const { desk } = office.world.payouts;
    const place = { platform: 'playground', user: 'eve' };
    for (let cents = 1; cents <= 51; cents += 1) {
      const amount = `1.${String(cents).padStart(2, '0')}`;
      const request = { provider: 'payermax', amount, currency: 'USD', payee: 'maria', note: '' };
      const { id } = await desk.preview(request, 'eve');
      office.clock.advance(1);
      await desk.post(id, 'eve', place);
    }
    const { card } = await office.types(dan, '/payout list');
    expect(card.text).toBe('The newest 50 of 51 are shown.');
    expect(rows(card)).toHaveLength(50);
    expect(rows(card)?.[0]?.[2]).toBe('1.51 USD');
  });
});

describe('/payout show', () => {
  it('finds a payout by its id in any letters, open or over', async () => {
    const { office, eves } = await createBusy();
    const { card, audience } = await office.types(dan, `/payout show ${eves.toLowerCase()}`);
    expect(audience).toBe('asker');
    expect(card).toMatchObject({ title: '10.00 USD to María López', tone: 'warning' });
  });

  it('of an unknown id says where ids stand', async () => {
    const office = await createOffice();
    expect((await office.types(dan, '/payout show P7K2M9QX4')).card).toMatchObject({
      tone: 'warning',
      title: 'There is no such payout',
      text: 'Ids stand on the cards, like P7K2M9QX4. Those that are open are in the list.',
      suggestions: ['/payout list'],
    });
  });
});
