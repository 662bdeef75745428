// Facts about what goes wrong between a platform and its bot.
import { expect } from 'vitest';
import {
  all,
  type BotFact,
  cardOf,
  eventually,
  forAll,
  patience,
  privately,
  titled,
} from './bot-subject.ts';

export const troubleFacts: readonly BotFact[] = [
  {
    name: 'does nothing twice when a line is delivered twice',
    async prove(subject) {
      const { chat, script } = subject;
      script.answer('purser freeze', () => forAll({ title: 'Frozen' }));
      await chat.type('ana', 'general', '/purser freeze all a strange mail');
      await chat.until('ben', 'general', titled('Frozen'));
      await chat.redeliver();
      script.answer('purser help', () => privately({ title: 'Help' }));
      await chat.type('ana', 'general', '/purser help');
      await chat.until('ana', 'general', titled('Help'));
      expect(script.heard.map(({ what }) => what)).toEqual(['purser freeze', 'purser help']);
      expect(all(subject, 'ben', 'Frozen')).toHaveLength(1);
    },
  },
  {
    name: 'does nothing twice when a click is delivered twice',
    async prove(subject) {
      const { chat, bot, script, channelIds } = subject;
      const buttons = [{ action: 'share:K7M2QX', label: 'Share here', style: 'plain' }] as const;
      await bot.poster.post(channelIds.approvals, cardOf({ title: 'Balances', buttons }));
      script.answer('share', () => forAll({ title: 'Shared' }));
      await chat.press(
        'ana',
        await chat.until('ana', 'approvals', titled('Balances')),
        'Share here',
      );
      await chat.until('ben', 'approvals', titled('Shared'));
      await chat.redeliver();
      await chat.press(
        'ben',
        await chat.until('ben', 'approvals', titled('Balances')),
        'Share here',
      );
      await eventually(() => expect(all(subject, 'ben', 'Shared')).toHaveLength(2));
      expect(script.heard).toHaveLength(2);
    },
  },
  {
    name: 'delivers an answer after the platform was away, once, or says that it is lost',
    async prove(subject) {
      const { chat, script, log } = subject;
      let open = () => {};
      script.answer('balance', async () => {
        await new Promise<void>((resolve) => {
          open = resolve;
        });
        return privately({ title: 'Balances', reference: 'K7M2QX' });
      });
      await chat.type('ana', 'general', '/balance');
      await script.until(1);
      await chat.away();
      open();
      await eventually(() => expect(log.text()).toMatch(/could not be delivered/));
      await chat.back();
      await eventually(() => {
        const isLost = log.lines.some(({ message }) => message.includes('answer was lost'));
        expect(all(subject, 'ana', 'Balances').length + (isLost ? 1 : 0)).toBe(1);
      });
    },
  },
  {
    name: 'hears and answers again when the platform is back',
    async prove({ chat, script }) {
      script.answer('purser help', () => privately({ title: 'Help' }));
      await chat.away();
      await chat.back();
      // Until it is connected again, people are told so by the platform, and try once more.
      const typeAgain = async () => {
        if (script.heard.length === 0) await chat.type('ana', 'general', '/purser help');
        return script.heard.length;
      };
      await expect
        .poll(typeAgain, { timeout: patience.ms, interval: 100 })
        .toBeGreaterThanOrEqual(1);
      await chat.until('ana', 'general', titled('Help'));
    },
  },
  {
    name: 'stops twice, and is then silent',
    async prove({ bot }) {
      await Promise.all([bot.stop(), bot.stop()]);
      await bot.stop();
    },
  },
];
