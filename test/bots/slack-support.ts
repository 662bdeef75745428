// A Slack bot in front of the local Slack, with a dispatcher that a test steers.
import { createSlackBot, type SlackBotConfig } from '../../src/bots/slack/index.ts';
import type { Bot } from '../../src/bots/types.ts';
import type { Clock } from '../../src/clock.ts';
import type { Card } from '../../src/commands/card.ts';
import { commands } from '../../src/commands/registry.ts';
import type { Account, Dispatcher, Outcome, Spot, Suggestion } from '../../src/commands/types.ts';
import type { Person } from '../../src/team.ts';
import { createRecordingLog } from '../support.ts';
import { type SlackChat, startSlackChat } from './slack-chat.ts';

export const people: Person[] = [
  {
    id: 'ana',
    name: 'Ana Torres',
    roles: ['viewer', 'requester', 'admin'],
    slack: { team: 'T01', user: 'U0ANA' },
  },
  {
    id: 'ben',
    name: 'Ben Ito',
    roles: ['viewer', 'approver'],
    slack: { team: 'T01', user: 'U0BEN' },
  },
];

export interface Asked {
  readonly account: Account;
  readonly spot: Spot;
  readonly line?: string;
  readonly action?: string;
  readonly values?: Readonly<Record<string, string>>;
}

export interface SteeredDispatcher extends Dispatcher {
  readonly asked: Asked[];
  /** What is answered next; by default a card that repeats what was asked. */
  answer(next: (asked: Asked, progress: (card: Card) => void) => Outcome | Promise<Outcome>): void;
  waiting: readonly Suggestion[];
}

export function createSteeredDispatcher(): SteeredDispatcher {
  const asked: Asked[] = [];
  let next = (one: Asked, _progress: (card: Card) => void): Outcome | Promise<Outcome> =>
    say(`You said ${one.line ?? one.action}`);
  return {
    asked,
    waiting: [],
    answer(other) {
      next = other;
    },
    async run(input, onProgress) {
      asked.push(input);
      return next(input, onProgress);
    },
    async press(input) {
      asked.push(input);
      return next(input, () => {});
    },
    opensForm: () => false,
    complete: async () => [],
    async listWaiting() {
      return this.waiting;
    },
  };
}

export function say(title: string, more: Partial<Card> = {}, outcome: Partial<Outcome> = {}) {
  const card: Card = { tone: 'neutral', title, ...more };
  return { card, audience: 'asker', ...outcome } satisfies Outcome;
}

/** Waits a fiftieth of what it is told, so that outages of seconds are over in a moment. */
export function createHurriedClock(): Clock & { advance(ms: number): void } {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    advance(ms) {
      offsetMs += ms;
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.ceil(ms / 50))),
  };
}

export interface SlackScene {
  readonly bot: Bot;
  readonly chat: SlackChat;
  readonly server: SlackChat['server'];
  readonly dispatcher: SteeredDispatcher;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly clock: ReturnType<typeof createHurriedClock>;
  stop(): Promise<void>;
}

export async function openSlackScene(
  more: { config?: Partial<SlackBotConfig>; isStarted?: boolean } = {},
): Promise<SlackScene> {
  const chat = await startSlackChat({
    people: { ana: 'U0ANA', ben: 'U0BEN', eve: 'U0EVE' },
    channels: ['C01', 'C02'],
  });
  const log = createRecordingLog();
  const clock = createHurriedClock();
  const dispatcher = createSteeredDispatcher();
  let ids = 0;
  const bot = createSlackBot(
    { ...chat.botConfig, ...more.config },
    {
      clock,
      log,
      newReference: () => 'REF234',
      newId() {
        ids += 1;
        return `id${ids}`;
      },
      commands,
      people,
      channels: ['C01', 'C02'],
    },
  );
  if (more.isStarted !== false) await bot.start(dispatcher);
  return {
    bot,
    chat,
    server: chat.server,
    dispatcher,
    log,
    clock,
    async stop() {
      await bot.stop();
      await chat.stop();
    },
  };
}
