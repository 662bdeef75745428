// Facts about what a person is answered.
import { expect } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import {
  all,
  type BotFact,
  cardOf,
  eventually,
  everybody,
  expectWords,
  forAll,
  plain,
  privately,
  titled,
} from './bot-subject.ts';

const rich: Card = {
  tone: 'warning',
  title: 'PayerMax balances',
  text: 'One of two accounts answered.\n\nLook at the other one.',
  fields: [
    { label: 'From', value: 'PayerMax, main' },
    { label: 'Needs', value: '2 of Ana Torres, Ben Okafor (over 1,000.00 USD)' },
  ],
  table: {
    caption: 'Balances by account',
    columns: [
      { label: 'Account', align: 'start' },
      { label: 'Currency', align: 'start' },
      { label: 'Available', align: 'end', isHeadline: true },
    ],
    groups: [
      {
        title: 'PayerMax',
        status: '0.2 s',
        rows: [[{ text: 'main' }, { text: 'USD', tone: 'quiet' }, { text: '40,000.00' }]],
      },
      {
        title: 'SmilePayz',
        status: 'timed out',
        tone: 'bad',
        text: 'It gave no answer within 10 s.',
        rows: [[{ text: 'payout ••1031' }, { text: 'PEN' }, { text: '—', tone: 'quiet' }]],
      },
    ],
  },
  notes: ['— means that the provider does not give this figure.', 'Not given at all: held.'],
  reference: 'K7M2QX',
  mark: 'P7K2M9QX4 · reference P34YD13KUQL0E5WH',
};

/** Every word of the rich card. The caption is for those who cannot see the table. */
const richWords = [
  ...[rich.title, 'One of two accounts answered.', 'Look at the other one.'],
  ...['From', 'PayerMax, main', 'Needs', '2 of Ana Torres, Ben Okafor (over 1,000.00 USD)'],
  ...['Available', '40,000.00', 'SmilePayz', 'timed out', 'It gave no answer within 10 s.'],
  ...['payout ••1031', 'PEN', 'does not give this figure', 'Not given at all: held.'],
  ...['K7M2QX', 'P7K2M9QX4 · reference P34YD13KUQL0E5WH'],
];

const hostile =
  '@everyone @here <!channel> <@U123> <#C1> <@100000000000000001> *b* _i_ ~s~ `c` [a](https://x.y) ' +
  '||s|| https://evil.example :smile: <t:0> &lt; <b>';

export const answerFacts: readonly BotFact[] = [
  {
    name: 'takes a line to the dispatcher as its writer typed it',
    async prove({ chat, script, accountOf, channelIds }) {
      script.answer('balance', () => privately({ title: 'Balances' }));
      await chat.type('ben', 'general', '/balance payermax USD');
      await script.until(1);
      expect(script.heard).toMatchObject([
        {
          text: '/balance payermax USD',
          account: accountOf('ben'),
          spot: { channel: channelIds.general },
        },
      ]);
    },
  },
  {
    name: 'answers the asker alone, where that is what the answer says',
    async prove(subject) {
      const { chat, script } = subject;
      script.answer('balance', () => privately({ title: 'Balances' }));
      await chat.type('ana', 'general', '/balance');
      expect((await chat.until('ana', 'general', titled('Balances'))).isPrivate).toBe(true);
      expect(all(subject, 'ben', 'Balances')).toEqual([]);
    },
  },
  {
    name: 'answers everybody in the channel, where that is what the answer says',
    async prove(subject) {
      const { chat, script } = subject;
      script.answer('purser freeze', () => forAll({ title: 'All payouts are frozen' }));
      await chat.type('ana', 'general', '/purser freeze all a strange mail');
      for (const who of everybody) {
        const seen = await chat.until(who, 'general', titled('All payouts are frozen'));
        expect(seen.isPrivate).toBe(false);
      }
      // Nothing is left that says it is still being worked on.
      await eventually(() => {
        const own = chat.look('ana', 'general').filter(({ isPrivate }) => isPrivate);
        expect(own.filter(({ words }) => /working|thinking|…$/i.test(words))).toEqual([]);
      });
    },
  },
  {
    name: 'puts the answer in the place of what it showed before',
    async prove(subject) {
      const { chat, script } = subject;
      script.answer('balance', async (_heard, progress) => {
        for (let done = 0; done < 4; done += 1) progress(cardOf({ title: `Asking, ${done} of 4` }));
        return privately({ title: 'Balances' });
      });
      await chat.type('ana', 'general', '/balance');
      await chat.until('ana', 'general', titled('Balances'));
      expect(all(subject, 'ana', 'Asking')).toEqual([]);
      expect(all(subject, 'ana', 'Balances')).toHaveLength(1);
    },
  },
  {
    name: 'shows every word of a card',
    async prove({ chat, script }) {
      script.answer('balance', () => ({ audience: 'asker', card: rich }));
      await chat.type('ana', 'general', '/balance');
      expectWords(await chat.until('ana', 'general', titled(rich.title)), ...richWords);
    },
  },
  {
    name: 'shows what people wrote as they wrote it, and notifies nobody by it',
    async prove({ chat, script }) {
      const card = cardOf({
        title: `Title ${hostile.slice(0, 60)}`,
        text: hostile,
        fields: [{ label: 'Note', value: hostile }],
        table: {
          caption: hostile,
          columns: [{ label: 'Payee', align: 'start' }],
          groups: [{ title: hostile, rows: [[{ text: hostile }]] }],
        },
        notes: [hostile],
      });
      script.answer('balance', () => ({ audience: 'channel', card }));
      await chat.type('ana', 'general', '/balance');
      const seen = await chat.until('ana', 'general', titled('Title'));
      expect(plain(seen.words).split(plain(hostile)).length - 1).toBeGreaterThanOrEqual(5);
      expect(seen.mentions).toEqual([]);
    },
  },
  {
    name: 'says what it leaves out of a card that is too large, and keeps its buttons',
    async prove({ chat, script }) {
      const rows = Array.from({ length: 400 }, (_, row) => [
        { text: `row ${row} ${'x'.repeat(60)}` },
      ]);
      const card = cardOf({
        title: 'Long',
        text: 'word '.repeat(3_000),
        table: { caption: 'Rows', columns: [{ label: 'Row', align: 'start' }], groups: [{ rows }] },
        buttons: [{ action: 'share:K7M2QX', label: 'Share here', style: 'plain' }],
      });
      script.answer('balance', () => ({ audience: 'asker', card }));
      await chat.type('ana', 'general', '/balance');
      const seen = await chat.until('ana', 'general', titled('Long'));
      expect(seen.buttons).toContain('Share here');
      const shown = seen.words.match(/row \d+ x/g)?.length ?? 0;
      expect(shown).toBeGreaterThan(5);
      if (shown < 400) expect(seen.words).toMatch(/more/);
    },
  },
  {
    name: 'gives a file to whom the answer goes',
    async prove(subject) {
      const { chat, script } = subject;
      const file = { name: 'audit.csv', contentType: 'text/csv', text: 'a;b\r\n"é"\r\n' };
      script.answer('purser audit export', () => ({ ...privately({ title: 'Audit log' }), file }));
      await chat.type('ana', 'general', '/purser audit export 2026-11');
      await chat.until('ana', 'general', titled('Audit log'));
      const filesOf = (who: string) =>
        ['general', 'dm'].flatMap((where) => chat.look(who, where).flatMap(({ files }) => files));
      await eventually(() =>
        expect(filesOf('ana')).toEqual([{ name: file.name, text: file.text }]),
      );
      expect(filesOf('ben')).toEqual([]);
    },
  },
  {
    name: 'answers with a sentence when the dispatcher breaks its promise',
    async prove({ chat, script }) {
      script.answer('balance', () => Promise.reject(new Error('broken')));
      await chat.type('ana', 'general', '/balance');
      const seen = await chat.until('ana', 'general', titled('Purser could not answer'));
      expect(seen.isPrivate).toBe(true);
      expect(seen.words).not.toContain('broken');
    },
  },
];
