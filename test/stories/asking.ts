// Stories of asking for money: whom to pay, how much, and that another person agrees.
import { expect } from 'vitest';
import { posted, told } from '../town/player.ts';
import { approve, onEveryPlatform, request, type Story, untilPaid } from './cast.ts';

const title = (amount: string) => `${amount} to Maria Santos`;

export const asking: readonly Story[] = [
  {
    name: 'a payee is added in a form, corrected beside the fields, and agreed to by another',
    async tell(cast) {
      const { ana, ben } = cast;
      await ana.type('/payee add');
      await ana.opens('Add a payee', 'Paid by');
      await ana.submit({ way: 'payermax/ph-bank' });
      await ana.opens('Add a payee', 'Short name');
      const filled = { name: 'Maria Santos', target_org: 'RCBC', payee_type: 'PERSONAL' };
      await ana.submit({ ...filled, id: 'the maria', account_no: '9234 567 890' });
      const again = await ana.corrects('like maria');
      expect(again.fields.filter(({ error }) => error !== undefined)).toHaveLength(2);
      expect(again.fields.find(({ label }) => label === 'Name')?.value).toBe('Maria Santos');
      await ana.submit({ id: 'maria', account_no: '9234567890' });
      await ana.sees(told('Payee maria: Maria Santos', '••7890', 'before a second person agrees'));

      await ana.type('/payout payermax 20.00 USD maria');
      await ana.sees(told('That did not work', 'maria waits for a second person’s approval'));
      await ana.press(posted('Payee maria'), 'Agree');
      await ana.sees(told('That is your own payee'));
      await ben.press(posted('Payee maria: Maria Santos', '••7890'), 'Agree');
      await ben.sees(told('You agreed to maria', 'It can be paid from now on.'));
      await onEveryPlatform(cast, posted('Payee maria', 'agreed by Ben Okafor'));
      for (const platform of cast.town.platforms) {
        const seen = cast.town.chat(platform).look('cy', 'approvals');
        expect(JSON.stringify(seen)).not.toContain('9234567890');
      }
    },
  },
  {
    name: 'a payout is asked for in a line, approved by another, paid once, and shown everywhere',
    async tell(cast) {
      const { ana, ben, town, elsewhere } = cast;
      const name = title('125.50 USD');
      await ana.type('/payout payermax 125.50 USD maria invoice 42');
      const preview = told(`Ask for ${name}?`);
      await ana.sees(told(`Ask for ${name}?`, '••7890', 'after it', 'invoice 42'));
      expect(ben.look(posted(name))).toEqual([]);
      await ana.press(preview, 'Ask for approval');
      await ana.sees(told(name, 'You have asked for it.'));
      const cards = await onEveryPlatform(cast, posted(name, 'Waiting for approval.'));
      for (const { words, mentions, buttons } of cards) {
        expect(words).toContain('Ana Torres');
        expect([...mentions].sort()).toEqual(['ben', 'cy']);
        expect(buttons).toEqual(['Approve', 'Reject', 'Cancel my request']);
      }
      for (const own of [ana, elsewhere(ana)]) {
        await own.press(posted(name), 'Approve');
        await own.sees(told('nothing has changed', 'It is your own request'));
      }
      expect(ben.look(told('nothing has changed', 'own request'))).toEqual([]);
      expect(town.orders('payermax', '125.5 USD')).toEqual([]);

      await approve(ben, name);
      await untilPaid(cast, name);
      await onEveryPlatform(cast, posted(name, 'Ben Okafor approved'));
      expect(ben.look(posted(name)).flatMap(({ buttons }) => buttons)).toEqual([]);
      expect(town.orders('payermax', '125.50 USD')).toEqual(['SUCCESS']);
      await ben.type('/purser audit verify');
      await ben.sees(told('The audit log is intact'));
    },
  },
  {
    name: 'a payout is asked for in a form, which keeps what was typed until it is right',
    async tell(cast) {
      const { ana, ben, town } = cast;
      const name = title('126.00 USD');
      await ana.type('/payout');
      await ana.opens('Ask for a payout');
      await ana.submit({ payee: 'maria', amount: '1,260', currency: 'usd', note: 'invoice 43' });
      const form = await ana.corrects('1260 or 1.260');
      expect(form.fields.find(({ label }) => label === 'Note')?.value).toBe('invoice 43');
      await ana.submit({ amount: '126' });
      await ana.sees(told(`Ask for ${name}?`, 'invoice 43'));
      await ana.press(told(`Ask for ${name}?`), 'Ask for approval');
      await approve(ben, name);
      await untilPaid(cast, name);
      expect(town.orders('payermax', '126.00 USD')).toEqual(['SUCCESS']);
    },
  },
  {
    name: 'two must agree above the rule’s amount, and the same one not twice',
    async tell(cast) {
      const { ben, cy, town } = cast;
      const name = title('1,500.00 USD');
      await request(cast, '/payout payermax 1500.00 USD maria deposit', name);
      await onEveryPlatform(cast, posted(name, '2 of them must agree.'));
      await approve(ben, name, 'You agreed. 1 more must agree.');
      await onEveryPlatform(cast, posted(name, 'Cy Lindqvist can decide.'));
      await ben.press(posted(name), 'Approve');
      await ben.sees(told('nothing has changed', 'done already'));
      expect(town.orders('payermax', '1500.00 USD')).toEqual([]);
      await approve(cy, name);
      await untilPaid(cast, name);
      expect(town.orders('payermax', '1500.00 USD')).toEqual(['SUCCESS']);
    },
  },
  {
    name: 'of two who approve at the same moment one wins, and the other is told',
    async tell(cast) {
      const { ben, cy, town } = cast;
      const name = title('127.00 USD');
      await request(cast, '/payout payermax 127.00 USD maria', name);
      const [id = ''] = /\bP[0-9A-Z]{8}\b/.exec((await ben.sees(posted(name))).words) ?? [];
      await Promise.all([ben, cy].map((one) => one.press(posted(name), 'Approve')));
      const answers = await Promise.all([ben, cy].map((one) => one.sees(told('', id))));
      expect(answers.filter(told(name, 'You agreed.'))).toHaveLength(1);
      expect(answers.filter(told('nothing has changed', 'already'))).toHaveLength(1);
      await untilPaid(cast, name);
      expect(town.orders('payermax', '127.00 USD')).toEqual(['SUCCESS']);
    },
  },
  {
    name: 'a payout is rejected by one approver, who must say why',
    async tell(cast) {
      const { ana, ben, town } = cast;
      const name = title('128.00 USD');
      await request(cast, '/payout payermax 128.00 USD maria', name);
      await ben.press(posted(name), 'Reject');
      await ben.opens('Reject this payout');
      await ben.submit({ reason: 'no' });
      await ben.corrects('Say why in 3 to 300 characters');
      await ben.submit({ reason: 'The invoice is paid already' });
      await ben.sees(told(name, 'You rejected it.'));
      await onEveryPlatform(
        cast,
        posted(name, 'Rejected. Ben Okafor said no: The invoice is paid already'),
      );
      await ana.sees(told(name, 'Rejected.'), 'dm');
      expect(town.orders('payermax', '128.00 USD')).toEqual([]);
    },
  },
  {
    name: 'a payout is taken back by who asked for it, and by nobody else',
    async tell(cast) {
      const { ana, ben, town } = cast;
      const name = title('129.00 USD');
      await request(cast, '/payout payermax 129.00 USD maria', name);
      await ben.press(posted(name), 'Cancel my request');
      await ben.sees(told('nothing has changed', 'Only Ana Torres, who asked for it, can cancel'));
      await ana.press(posted(name), 'Cancel my request');
      await ana.sees(told(name, 'You took it back. Nothing was sent.'));
      await onEveryPlatform(cast, posted(name, 'Cancelled. Ana Torres took it back.'));
      expect(town.orders('payermax', '129.00 USD')).toEqual([]);
    },
  },
];
