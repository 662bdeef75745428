// The contract of bots is itself tested: a bot that keeps it passes every fact, and for each fact
// there is a bot, broken on purpose, that fails it.
import { describe, expect, it } from 'vitest';
import { createReferenceBot, type Quirk } from '../bots/reference-bot.ts';
import { createRecordingLog } from '../support.ts';
import { type BotContract, botFacts, describeBotContract, proveBotFact } from './bot.ts';
import { patience } from './bot-subject.ts';

patience.ms = 200;

const contractOf = (name: string, ...quirks: Quirk[]): BotContract => ({
  name,
  async open(script) {
    const log = createRecordingLog();
    const made = createReferenceBot({ dispatcher: script, log }, new Set(quirks));
    const channelIds = { general: 'general', approvals: 'approvals' };
    return { ...made, script, log, channelIds, stop: async () => {} };
  },
});

describeBotContract(contractOf('the reference bot'));

const broken: Readonly<Record<Quirk, readonly string[]>> = {
  'drops the writer': ['takes a line to the dispatcher as its writer typed it'],
  shouts: ['answers the asker alone, where that is what the answer says'],
  whispers: ['answers everybody in the channel, where that is what the answer says'],
  'keeps progress': ['puts the answer in the place of what it showed before'],
  'forgets words': ['shows every word of a card'],
  'trusts text': ['shows what people wrote as they wrote it, and notifies nobody by it'],
  'cuts silently': ['says what it leaves out of a card that is too large, and keeps its buttons'],
  'loses files': ['gives a file to whom the answer goes'],
  'repeats errors': ['answers with a sentence when the dispatcher breaks its promise'],
  'presses for another': ['takes a button to the dispatcher as the one who pressed it'],
  overwrites: ['answers a button in private, and leaves the message for everybody as it is'],
  'forgets lines': ['runs a suggested line as the one who presses it'],
  'forgets values': ['opens a form, sends what was filled in, and shows what comes of it once'],
  'forgets errors': ['shows a form again with what is wrong beside what was typed'],
  'forgets arguments': [
    'asks a button’s question in a form, and sends the answer with the button’s argument',
  ],
  'always opens': ['answers a refusal where a form was announced'],
  'forgets buttons': ['takes the old buttons of an earlier start to the dispatcher'],
  'posts elsewhere': ['posts for everybody in the channel'],
  'never changes': ['changes what it has posted'],
  'always changes': ['says that a message is gone instead of changing it'],
  'finds anything': ['finds its own message by the mark, and nothing else'],
  'posts anywhere': ['refuses a channel that it cannot post to, with a sentence'],
  'ignores threads': ['puts what belongs under a message into its thread, where there are threads'],
  'tells everybody': ['tells one person alone'],
  'never notifies': ['notifies those who are named, and nobody else'],
  'hides pictures': ['shows a picture with its words'],
  'obeys twice': [
    'does nothing twice when a line is delivered twice',
    'does nothing twice when a click is delivered twice',
  ],
  'gives up silently': [
    'delivers an answer after the platform was away, once, or says that it is lost',
  ],
  'stays deaf': ['hears and answers again when the platform is back'],
  'stops once': ['stops twice, and is then silent'],
};

describe('the contract of a bot', () => {
  for (const [quirk, names] of Object.entries(broken)) {
    it.each(names)(`“%s” fails for one that ${quirk}`, async (name) => {
      const fact = botFacts.find((one) => one.name === name);
      if (fact === undefined) throw new TypeError(`no fact is named ${name}`);
      await expect(proveBotFact(fact, contractOf(quirk, quirk as Quirk))).rejects.toThrow();
    });
  }

  it('has no fact that nothing breaks', () => {
    const names = Object.values(broken).flat();
    expect(botFacts.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
  });
});
