// What every bot must do, as facts that run against any of them, with the platform's real SDK where
// it has one. bot.selftest.test.ts proves that each fact fails on a bot that breaks it.
import { describe, expect, it } from 'vitest';
import { answerFacts } from './bot-answers.ts';
import { clickFacts } from './bot-clicks.ts';
import { postFacts } from './bot-posts.ts';
import { type BotFact, type BotUnderTest, createScript, type Script } from './bot-subject.ts';
import { troubleFacts } from './bot-trouble.ts';

export type { BotFact, BotUnderTest, Script };

export interface BotContract {
  readonly name: string;
  /** A bot that has started, with this dispatcher, in a chat of the people and channels of the facts. */
  open(script: Script): Promise<BotUnderTest>;
  /** Names of facts that the platform makes impossible, each with its reason. */
  readonly skips?: Readonly<Record<string, string>>;
}

export const botFacts: readonly BotFact[] = [
  ...answerFacts,
  ...clickFacts,
  ...postFacts,
  ...troubleFacts,
];

export async function proveBotFact(fact: BotFact, contract: BotContract): Promise<void> {
  const subject = await contract.open(createScript());
  try {
    await fact.prove(subject);
    expect(subject.chat.complaints()).toEqual([]);
  } finally {
    await subject.stop();
  }
}

export function describeBotContract(contract: BotContract): void {
  const { name, skips = {} } = contract;
  describe(`${name} keeps the contract of a bot`, () => {
    for (const fact of botFacts) {
      const reason = skips[fact.name];
      if (reason === undefined) it(fact.name, () => proveBotFact(fact, contract));
      else it(`${fact.name} (not here: ${reason})`, ({ skip }) => skip(reason));
    }
    it('skips only facts that there are', () => {
      const names = botFacts.map((fact) => fact.name);
      expect(Object.keys(skips).filter((one) => !names.includes(one))).toEqual([]);
    });
  });
}
