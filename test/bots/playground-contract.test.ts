// The playground keeps the contract of bots, over HTTP.
import { describeBotContract } from '../contracts/bot.ts';
import { startPlaygroundChat } from './playground-chat.ts';
import { startPlaygroundWith } from './playground-support.ts';

const away = 'the playground is its own platform: there is nothing to be away from';
const once = 'a browser sends a line or a click once';

describeBotContract({
  name: 'the playground',
  async open(script) {
    const playground = await startPlaygroundWith(script);
    const { bot, url, log } = playground;
    const chat = await startPlaygroundChat(url, ['ana', 'ben']);
    return {
      bot,
      chat,
      script,
      log,
      channelIds: { approvals: 'approvals', general: 'general' },
      accountOf: (user) => ({ platform: 'playground', user }),
      restart: () => Promise.reject(new Error('it would forget its messages')),
      async stop() {
        await chat.stop();
        await bot.stop();
      },
    };
  },
  skips: {
    'does nothing twice when a line is delivered twice': once,
    'does nothing twice when a click is delivered twice': once,
    'delivers an answer after the platform was away, once, or says that it is lost': away,
    'hears and answers again when the platform is back': away,
    'says that a message is gone instead of changing it': 'nobody can delete a message there',
    'takes the old buttons of an earlier start to the dispatcher':
      'a restart forgets every message, and its buttons with it',
  },
});
