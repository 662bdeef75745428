// The Discord bot keeps the contract of bots: the real discord.js against the local Discord.
import { createDiscordBot } from '../../src/bots/discord/index.ts';
import { commands } from '../../src/commands/registry.ts';
import { describeBotContract } from '../contracts/bot.ts';
import { withNames } from '../contracts/bot-subject.ts';
import { createRecordingLog } from '../support.ts';
import { startDiscordChat } from './discord-chat.ts';
import {
  accounts,
  createHurriedClock,
  hastyGateway,
  other,
  people,
  room,
} from './discord-support.ts';

const channelIds = { approvals: room, general: other };
const users: Readonly<Record<string, string>> = accounts;

describeBotContract({
  name: 'the Discord bot',
  async open(script) {
    const chat = await startDiscordChat({ people: users, channels: Object.values(channelIds) });
    const log = createRecordingLog();
    let ids = 0;
    const create = () =>
      createDiscordBot(chat.botConfig, {
        clock: createHurriedClock(),
        log,
        newReference: () => 'REF234',
        newId: () => `id${++ids}`,
        commands,
        people,
        channels: Object.values(channelIds),
        gateway: hastyGateway,
      });
    let bot = create();
    await bot.start(script);
    return {
      bot,
      chat: withNames(chat, channelIds),
      script,
      log,
      channelIds,
      accountOf: (who) => ({ platform: 'discord', user: users[who] ?? who }),
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
