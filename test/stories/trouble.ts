// Stories of payouts that do not go straight to their end: out of time, frozen, in doubt, come back.
// PayerMax's test environment ends an order as its remark says, which here is the note.
import { expect } from 'vitest';
import type { Player } from '../town/player.ts';
import { posted, replied, told } from '../town/player.ts';
import { approve, onEveryPlatform, request, type Story, savePayee, untilPaid } from './cast.ts';

const hourMs = 3_600_000;
const title = (amount: string) => `${amount} to Maria Santos`;

export const trouble: readonly Story[] = [
  {
    name: 'a payout that nobody decides on is called to mind in its thread, and expires',
    async tell(cast) {
      const { ana, ben, town } = cast;
      const name = title('131.00 USD');
      await request(cast, '/payout payermax 131.00 USD maria', name);
      town.clock.advance(12 * hourMs);
      const reminders = await onEveryPlatform(
        cast,
        replied(`Waiting for approval: ${name}`, 'It still waits for Ben Okafor or Cy Lindqvist.'),
      );
      for (const { mentions } of reminders) expect([...mentions].sort()).toEqual(['ben', 'cy']);
      town.clock.advance(9 * hourMs);
      const escalations = await onEveryPlatform(
        cast,
        posted(`Waiting for approval: ${name}`, 'Ana Torres: nobody has decided yet.'),
        'alerts',
      );
      for (const { mentions } of escalations) expect(mentions).toEqual(['ana']);
      town.clock.advance(3 * hourMs);
      await onEveryPlatform(cast, posted(name, 'Expired. Too few people agreed in time.'));
      await ana.sees(told(name, 'Expired.'), 'dm');
      expect(ben.look(posted(name)).flatMap(({ buttons }) => buttons)).toEqual([]);
      expect(town.orders('payermax', '131.00 USD')).toEqual([]);
    },
  },
  {
    name: 'nothing is approved while its provider is frozen; two others lift that',
    async tell(cast) {
      const { ana, ben, cy, town } = cast;
      const name = title('132.00 USD');
      await request(cast, '/payout payermax 132.00 USD maria', name);
      await cy.type('/purser freeze payermax the bank file looks odd');
      await cy.sees(posted('Payouts at PayerMax are frozen', 'the bank file looks odd'));
      await onEveryPlatform(cast, posted('Payouts at PayerMax are frozen'), 'alerts');
      await ben.press(posted(name), 'Approve');
      await ben.sees(told('That did not work', 'frozen by Cy Lindqvist: the bank file looks odd'));
      await cy.type('/purser unfreeze payermax');
      await cy.sees(told('Nothing has changed', 'You froze it yourself'));
      await ben.type('/purser unfreeze payermax');
      await ben.sees(posted('Payouts at PayerMax are still frozen'));
      await ben.type('/purser unfreeze payermax');
      await ben.sees(told('Nothing has changed', 'another approver must too'));
      expect(town.orders('payermax', '132.00 USD')).toEqual([]);
      await ana.type('/purser unfreeze payermax');
      await ana.sees(posted('Payouts at PayerMax go on'));
      await onEveryPlatform(cast, posted('Payouts at PayerMax go on'), 'alerts');
      await approve(ben, name);
      await untilPaid(cast, name);
      expect(town.orders('payermax', '132.00 USD')).toEqual(['SUCCESS']);
    },
  },
  {
    name: 'a payout that nobody can ask about is closed by two people who say the same',
    async tell(cast) {
      const { ana, ben, cy, town } = cast;
      const name = '150.00 PEN to Diego Sanchez Carranza';
      await savePayee(cast, 'alignet');
      town.sandbox('alignet').switchFault({ name: 'process_then_reset', path: '/payouts' });
      await request(cast, '/payout alignet 150.00 PEN diego', name);
      await approve(ben, name);
      await onEveryPlatform(cast, posted(name, 'Outcome unknown.', 'It is never sent again.'));
      await onEveryPlatform(cast, posted(`Outcome unknown: ${name}`), 'alerts');
      await ana.press(posted(name), 'It was paid');
      await ana.sees(told('Outcome unknown: nothing has changed', 'your own request'));
      await close(ben, name, 'It was paid', 'Line 12 of the portal');
      await ben.sees(told(name, 'A second person must say the same.'));
      await onEveryPlatform(cast, posted(name, 'Ben Okafor says “It was paid”'));
      await close(cy, name, 'It was never sent', 'I do not find it');
      await onEveryPlatform(cast, posted(name, 'Outcome unknown.', 'I do not find it'));
      await close(cy, name, 'It was paid', 'Found it: line 12');
      await cy.sees(told(name, 'Two people have said so; it is closed.'));
      await onEveryPlatform(cast, posted(name, 'Paid.', 'Found it: line 12'));
      town.sandbox('alignet').clearFaults();
      expect(town.orders('alignet', '150.00 PEN')).toHaveLength(1);
    },
  },
  {
    name: 'money that comes back is said loudly',
    async tell(cast) {
      const { ana, ben, town } = cast;
      const name = title('133.00 USD');
      await request(cast, '/payout payermax 133.00 USD maria BOUNCEBACK', name);
      await approve(ben, name);
      await untilPaid(cast, name);
      town.clock.advance(30_000);
      await onEveryPlatform(cast, posted(name, 'Came back.', 'the money came back to PayerMax'));
      await onEveryPlatform(cast, posted(`Came back: ${name}`, 'Find out why'), 'alerts');
      await ana.sees(told(name, 'Came back.'), 'dm');
      expect(town.orders('payermax', '133.00 USD')).toEqual(['BOUNCEBACK']);
    },
  },
  {
    name: 'an answer that is lost is asked about, and nothing is sent again',
    async tell(cast) {
      const { ben, town } = cast;
      const name = title('134.00 USD');
      const payermax = town.sandbox('payermax');
      payermax.switchFault({ name: 'process_then_reset', path: 'paymentOrderPay', times: 1 });
      payermax.switchFault({ name: 'http_500', path: 'paymentOrderQry' });
      await request(cast, '/payout payermax 134.00 USD maria', name);
      await approve(ben, name);
      await onEveryPlatform(cast, posted(name, 'Outcome unknown.', 'never sends it again'));
      payermax.clearFaults();
      town.clock.advance(60_000);
      await onEveryPlatform(cast, posted(name, 'Paid.'));
      expect(town.orders('payermax', '134.00 USD')).toEqual(['SUCCESS']);
    },
  },
];

/** Says how it ended, with the reason that is asked for. */
async function close(player: Player, title: string, verdict: string, why: string): Promise<void> {
  await player.press(posted(title), verdict);
  await player.opens(verdict, 'Why');
  await player.submit({ reason: why });
}
