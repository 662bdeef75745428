// A Discord bot in front of the local Discord, with a dispatcher that a test steers.
import { createDiscordBot, type DiscordBotConfig } from '../../src/bots/discord/index.ts';
import type { Bot } from '../../src/bots/types.ts';
import type { Clock } from '../../src/clock.ts';
import type { Card } from '../../src/commands/card.ts';
import { commands } from '../../src/commands/registry.ts';
import type {
  Account,
  Command,
  Dispatcher,
  Outcome,
  Spot,
  Suggestion,
} from '../../src/commands/types.ts';
import type { Person } from '../../src/team.ts';
import { createRecordingLog } from '../support.ts';
import { type DiscordChat, startDiscordChat } from './discord-chat.ts';

export const accounts = {
  ana: '100000000000000001',
  ben: '100000000000000002',
  eve: '100000000000000005',
} as const;
export const [room, other] = ['200000000000000001', '200000000000000002'];

export const people: Person[] = [
  {
    id: 'ana',
    name: 'Ana Torres',
    roles: ['viewer', 'requester', 'admin'],
    discord: { user: accounts.ana },
  },
  { id: 'ben', name: 'Ben Ito', roles: ['viewer', 'approver'], discord: { user: accounts.ben } },
];

/** discord.js waits five seconds between two new sessions. */
export const hastyGateway = { buildIdentifyThrottler: () => ({ waitForIdentify: async () => {} }) };

export interface Asked {
  readonly account: Account;
  readonly spot: Spot;
  readonly line?: string;
  readonly named?: Readonly<Record<string, string>>;
  readonly action?: string;
  readonly values?: Readonly<Record<string, string>>;
}

type Answer = (asked: Asked, progress: (card: Card) => void) => Outcome | Promise<Outcome>;

export interface SteeredDispatcher extends Dispatcher {
  readonly asked: Asked[];
  /** What is answered from now on; by default a card that repeats what was asked. */
  answer(next: Answer): void;
  /** Actions and lines whose answer is announced as a form. */
  readonly forms: Set<string>;
  suggestions: readonly Suggestion[];
}

export function createSteeredDispatcher(): SteeredDispatcher {
  const asked: Asked[] = [];
  const forms = new Set<string>();
  let next: Answer = (one) => say(`You said ${one.line ?? one.action}`);
  return {
    asked,
    forms,
    suggestions: [],
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
    opensForm: (input) => forms.has('line' in input ? input.line : input.action),
    async complete() {
      return this.suggestions;
    },
    listWaiting: async () => [],
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

export interface DiscordScene {
  readonly bot: Bot;
  readonly chat: DiscordChat;
  readonly server: DiscordChat['server'];
  readonly dispatcher: SteeredDispatcher;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly clock: ReturnType<typeof createHurriedClock>;
  /** Another bot for the same Discord, as after a restart; it is started. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface SceneOptions {
  readonly config?: Partial<DiscordBotConfig>;
  readonly commands?: readonly Command[];
  readonly isStarted?: boolean;
  readonly chat?: DiscordChat;
}

export async function openDiscordScene(options: SceneOptions = {}): Promise<DiscordScene> {
  const chat =
    options.chat ?? (await startDiscordChat({ people: accounts, channels: [room, other] }));
  const log = createRecordingLog();
  const clock = createHurriedClock();
  const dispatcher = createSteeredDispatcher();
  let ids = 0;
  const create = () =>
    createDiscordBot(
      { ...chat.botConfig, ...options.config },
      {
        clock,
        log,
        newReference: () => 'REF234',
        newId() {
          ids += 1;
          return `id${ids}`;
        },
        commands: options.commands ?? commands,
        people,
        channels: [room, other],
        gateway: hastyGateway,
      },
    );
  let bot = create();
  if (options.isStarted !== false) await bot.start(dispatcher);
  return {
    get bot() {
      return bot;
    },
    chat,
    server: chat.server,
    dispatcher,
    log,
    clock,
    async restart() {
      await bot.stop();
      bot = create();
      await bot.start(dispatcher);
    },
    async stop() {
      await bot.stop();
      await chat.stop();
    },
  };
}

/** Presses the button with that custom_id, wherever in the channel it is. */
export function click(
  { server }: Pick<DiscordScene, 'server'>,
  customId: string,
  channel: string,
  user: string = accounts.ana,
) {
  const source = [...server.state.messages.values()].find(
    (one) => one.channel === channel && JSON.stringify(one.components).includes(`"${customId}"`),
  );
  if (source === undefined) throw new Error(`nobody sees ${customId}`);
  return server.act({
    kind: 'component',
    user,
    channel,
    source,
    data: { component_type: 2, custom_id: customId, id: 1 },
  });
}
