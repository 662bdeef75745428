// The Slack bot keeps the contract of bots: the real Bolt against the local Slack.

import { createSlackBot } from '../../src/bots/slack/index.ts';
import { commands } from '../../src/commands/registry.ts';
import { describeBotContract } from '../contracts/bot.ts';
import { withNames } from '../contracts/bot-subject.ts';
import { createRecordingLog } from '../support.ts';
import { startSlackChat } from './slack-chat.ts';
import { createHurriedClock, people } from './slack-support.ts';

const channelIds = { approvals: 'C01', general: 'C02' };
const users: Readonly<Record<string, string>> = { ana: 'U0ANA', ben: 'U0BEN' };

describeBotContract({
  name: 'the Slack bot',
  async open(script) {
    const chat = await startSlackChat({ people: users, channels: Object.values(channelIds) });
    const log = createRecordingLog();
    let ids = 0;
    const create = () =>
      createSlackBot(chat.botConfig, {
        clock: createHurriedClock(),
        log,
        newReference: () => 'REF234',
        newId: () => `id${++ids}`,
        commands,
        people,
        channels: Object.values(channelIds),
      });
    let bot = create();
    await bot.start(script);
    return {
      bot,
      chat: withNames(chat, channelIds),
      script,
      log,
      channelIds,
      accountOf: (who) => ({ platform: 'slack', team: 'T01', user: users[who] ?? who }),
      async restart() {
        await bot.stop();
        bot = create();
        await bot.start(script);
        return bot;
      },
      async stop() {
        await bot.stop();
        await chat.stop();
      },
    };
  },
});
