// Facts about what a bot says without being asked.
import { expect } from 'vitest';
import { BotError } from '../../src/errors.ts';
import {
  all,
  type BotFact,
  cardOf,
  eventually,
  everybody,
  patience,
  titled,
} from './bot-subject.ts';

const mark = 'P7K2M9QX4 · reference P34YD13KUQL0E5WH';

export const postFacts: readonly BotFact[] = [
  {
    name: 'posts for everybody in the channel',
    async prove({ chat, bot, channelIds }) {
      await bot.poster.post(channelIds.approvals, cardOf({ title: 'Waiting' }));
      for (const who of everybody) {
        const seen = await chat.until(who, 'approvals', titled('Waiting'));
        expect(seen.isPrivate).toBe(false);
      }
      expect(chat.look('ana', 'general').filter(titled('Waiting'))).toEqual([]);
    },
  },
  {
    name: 'changes what it has posted',
    async prove(subject) {
      const { bot, channelIds } = subject;
      const { poster } = bot;
      const buttons = [{ action: 'share:K7M2QX', label: 'Share here', style: 'plain' }] as const;
      const id = await poster.post(channelIds.approvals, cardOf({ title: 'Waiting', buttons }));
      const isThere = await poster.update(channelIds.approvals, id, cardOf({ title: 'Paid' }));
      expect(isThere).toBe(true);
      await eventually(() => expect(all(subject, 'ben', 'Paid')).toMatchObject([{ buttons: [] }]));
      expect(all(subject, 'ben', 'Waiting')).toEqual([]);
    },
  },
  {
    name: 'says that a message is gone instead of changing it',
    async prove({ chat, bot, channelIds }) {
      const { poster } = bot;
      const id = await poster.post(channelIds.approvals, cardOf({ title: 'Waiting' }));
      const seen = await chat.until('ana', 'approvals', titled('Waiting'));
      await chat.remove(seen);
      expect(await poster.update(channelIds.approvals, id, cardOf({ title: 'Paid' }))).toBe(false);
    },
  },
  {
    name: 'finds its own message by the mark, and nothing else',
    async prove({ bot, channelIds }) {
      const { poster } = bot;
      const find = (wanted: string, sinceMs = 0) =>
        poster.find(channelIds.approvals, wanted, sinceMs);
      expect(await find(mark)).toBeUndefined();
      await poster.post(channelIds.approvals, cardOf({ title: 'Other', mark: 'P2 · reference X' }));
      // Somebody's words are no mark, wherever they stand.
      const fields = [{ label: 'Note', value: mark }];
      const quoting = { title: mark, text: mark, fields, notes: [`Note: ${mark}`] };
      await poster.post(channelIds.approvals, cardOf(quoting));
      expect(await find(mark)).toBeUndefined();
      const id = await poster.post(channelIds.approvals, cardOf({ title: 'Waiting', mark }));
      await poster.post(channelIds.general, cardOf({ title: 'Elsewhere', mark }));
      expect(await find(mark)).toBe(id);
      expect(await find('P7K2M9QX4 · reference P34YD13KUQL0E5WZ')).toBeUndefined();
      await poster.update(channelIds.approvals, id, cardOf({ title: 'Paid', mark }));
      expect(await find(mark)).toBe(id);
    },
  },
  {
    name: 'refuses a channel that it cannot post to, with a sentence',
    async prove({ bot, chat }) {
      const nowhere = { slack: 'C0NOWHERE', discord: '299999999999999999', playground: 'nowhere' };
      const posting = bot.poster.post(nowhere[chat.platform], cardOf({ title: 'Waiting' }));
      const error: unknown = await posting.catch((one: unknown) => one);
      expect(error).toBeInstanceOf(BotError);
      expect((error as BotError).message).toMatch(/^\p{Lu}.*\.$/u);
    },
  },
  {
    name: 'puts what belongs under a message into its thread, where there are threads',
    async prove({ chat, bot, channelIds }) {
      const { poster } = bot;
      const id = await poster.post(channelIds.approvals, cardOf({ title: 'Waiting' }));
      const reply = cardOf({ title: 'It still waits' });
      await poster.post(channelIds.approvals, reply, id);
      await poster.post(channelIds.approvals, cardOf({ title: 'Expired' }), id);
      for (const title of ['It still waits', 'Expired']) {
        const seen = await chat.until('ben', 'approvals', titled(title));
        expect(seen.under).toBe(poster.hasThreads ? id : undefined);
      }
    },
  },
  {
    name: 'tells one person alone',
    async prove(subject) {
      const { bot, accountOf } = subject;
      await bot.poster.tell(accountOf('ana'), cardOf({ title: 'Your payout was paid' }));
      await eventually(() => expect(all(subject, 'ana', 'Your payout')).toHaveLength(1));
      expect(all(subject, 'ben', 'Your payout')).toEqual([]);
    },
  },
  {
    name: 'notifies those who are named, and nobody else',
    async prove({ chat, bot, channelIds }) {
      const card = cardOf({ title: 'It still waits', mentions: ['ben'] });
      await bot.poster.post(channelIds.approvals, card);
      const seen = await chat.until('ana', 'approvals', titled('It still waits'));
      expect(seen.mentions).toEqual(['ben']);
    },
  },
  {
    name: 'shows a picture with its words',
    async prove({ chat, bot, channelIds }) {
      // The smallest picture that every program reads: one white dot.
      const png = Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsd9VlAAAAABJRU5ErkJggg==',
        'base64',
      );
      const picture = { name: 'trend.png', png, width: 1, height: 1, alt: 'USD fell to 4,000.00.' };
      await bot.poster.post(channelIds.general, cardOf({ title: 'Balances today', picture }));
      await expect
        .poll(() => chat.look('ben', 'general').flatMap(({ pictures }) => pictures), {
          timeout: patience.ms,
        })
        .toEqual([{ alt: picture.alt, bytes: png.length }]);
      await chat.until('ben', 'general', titled('Balances today'));
    },
  },
];
