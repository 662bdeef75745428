// Stories of Purser being stopped and started in the middle of something.
import { expect } from 'vitest';
import { posted, told } from '../town/player.ts';
import { approve, request, type Story, untilPaid } from './cast.ts';

export const restart: readonly Story[] = [
  {
    name: 'after a restart old buttons answer, and a form that was open is taken',
    async tell(cast) {
      const { ana, ben, town } = cast;
      const old = '151.00 USD to Maria Santos';
      const next = '152.00 USD to Maria Santos';
      await request(cast, '/payout payermax 151.00 USD maria', old);
      await ana.type('/payout payermax 153.00 USD maria');
      await ana.sees(told('Ask for 153.00 USD to Maria Santos?'));
      await ana.type('/balance payermax PHP');
      await ana.sees(told('PayerMax balances in PHP'));
      await ana.type('/payout');
      await ana.opens('Ask for a payout');
      await town.restart();

      await ana.submit({ payee: 'maria', amount: '152', currency: 'USD' });
      await ana.press(told(`Ask for ${next}?`), 'Ask for approval');
      await ana.press(told('Ask for 153.00 USD'), 'Ask for approval');
      await ana.sees(told('That did not work', 'This preview is no longer open.'));
      await ana.press(told('PayerMax balances in PHP'), 'Share here');
      await ana.sees(told('This answer can no longer be shared'));
      for (const name of [old, next]) {
        await approve(ben, name);
        await untilPaid(cast, name);
      }
      expect(ben.look(posted(old))).toHaveLength(1);
      expect(town.orders('payermax', '151.00 USD')).toEqual(['SUCCESS']);
      expect(town.orders('payermax', '152.00 USD')).toEqual(['SUCCESS']);
      expect(town.orders('payermax', '153.00 USD')).toEqual([]);
    },
  },
];
