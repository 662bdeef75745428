// Stories of looking: balances, the digest, the record, and people who may see none of it.
import { expect } from 'vitest';
import { posted, told } from '../town/player.ts';
import { request, type Story } from './cast.ts';

export const reading: readonly Story[] = [
  {
    name: 'a balance is private until its asker shares it',
    async tell({ ana, ben, elsewhere }) {
      await ana.type('/balance payermax USD');
      await ana.sees(told('PayerMax balances in USD', 'Available'));
      expect(ben.look(told('PayerMax balances'))).toEqual([]);
      await ana.press(told('PayerMax balances in USD'), 'Share here');
      await ana.sees(posted('PayerMax balances in USD', 'Shared by Ana Torres.'));
      // Only where it was asked.
      const other = elsewhere(ana);
      if (other.platform !== ana.platform) {
        expect(other.look(posted('PayerMax balances'))).toEqual([]);
      }
    },
  },
  {
    name: 'the record of a month comes as a file, for who asked alone',
    async tell({ ana, cy, town }) {
      const month = new Date(town.clock.now()).toISOString().slice(0, 7);
      await ana.type(`/purser audit export ${month}`);
      await ana.sees(told(`Audit log of ${month}`));
      const findFile = (player: typeof ana) =>
        ['approvals', 'dm']
          .flatMap((channel) => [...player.look(() => true, channel)])
          .flatMap(({ files }) => files)
          .find(({ name }) => name === `purser-audit-${month}.csv`);
      await expect
        .poll(() => findFile(ana)?.text, { timeout: 10_000 })
        .toContain('"payee.approved"');
      expect(findFile(cy)).toBeUndefined();
    },
  },
  {
    name: 'a digest is seen alone first, and then posted to its channels',
    async tell(cast) {
      const { ana, ben, town } = cast;
      await ana.type('/digest now');
      const digest = await ana.sees(told('Balances, '));
      const label = digest.buttons.find((one) => one.startsWith('Post morning')) ?? 'Post';
      expect(ben.look(posted('Balances, '))).toEqual([]);
      await ana.press(told('Balances, '), label);
      await ana.sees(told('It is being posted'));
      for (const platform of town.platforms) {
        const seen = await town.chat(platform).until('cy', 'approvals', posted('Balances, '));
        expect(seen.words).toContain('PayerMax');
      }
    },
  },
  {
    name: 'a stranger and a guest are refused in private, whatever they press',
    async tell(cast) {
      const { ana, ben, eve, gus, town } = cast;
      const name = '140.00 USD to Maria Santos';
      await request(cast, '/payout payermax 140.00 USD maria', name);
      await eve.type('/balance');
      await eve.sees(told('Purser does not know you', 'Ana Torres can add you.'));
      await eve.press(posted(name), 'Approve');
      await expect.poll(() => eve.look(told('Purser does not know you')).length).toBe(2);
      await gus.type('/balance');
      await gus.sees(told('Purser does nothing for guests'));
      await gus.press(posted(name), 'Approve');
      await expect.poll(() => gus.look(told('Purser does nothing for guests')).length).toBe(2);
      expect(ben.look(told('Purser does'))).toEqual([]);
      await ben.sees(posted(name, 'Waiting for approval.'));
      await ana.press(posted(name), 'Cancel my request');
      await ben.sees(posted(name, 'Cancelled.'));
      expect(town.orders('payermax', '140.00 USD')).toEqual([]);
    },
  },
];
