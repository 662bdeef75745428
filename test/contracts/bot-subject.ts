// What the facts about bots have in common: a chat with the bot under test in it, and a dispatcher
// that answers what the fact tells it to and keeps what it was asked.
import { expect } from 'vitest';
import type { Bot } from '../../src/bots/types.ts';
import type { Card } from '../../src/commands/card.ts';
import { findCommand, splitLine } from '../../src/commands/parse.ts';
import { commands } from '../../src/commands/registry.ts';
import type { Account, Dispatcher, Outcome, Spot } from '../../src/commands/types.ts';
import type { Chat, Seen } from '../bots/chat.ts';
import type { createRecordingLog } from '../support.ts';

/** The people of every chat in these tests, and the channels that the bot is in. */
export const everybody = ['ana', 'ben'] as const;
export const channels = ['approvals', 'general'] as const;

export interface BotUnderTest {
  readonly chat: Chat;
  readonly bot: Bot;
  readonly script: Script;
  readonly log: ReturnType<typeof createRecordingLog>;
  /** Channel ids as the poster takes them, by the names that people see. */
  readonly channelIds: Readonly<Record<(typeof channels)[number], string>>;
  accountOf(who: string): Account;
  /** The bot stops, and another one of the same kind starts in its place. */
  restart(): Promise<Bot>;
  stop(): Promise<void>;
}

export interface BotFact {
  readonly name: string;
  prove(subject: BotUnderTest): Promise<void>;
}

export interface Heard {
  /** `balance` of a line, `payout.approve` of a button or form. */
  readonly what: string;
  /** As it came: a line, or an action with its argument. */
  readonly text: string;
  readonly account: Account;
  readonly spot: Spot;
  readonly values?: Readonly<Record<string, string>>;
}

type Reply = (heard: Heard, progress: (card: Card) => void) => Outcome | Promise<Outcome>;

export interface Script extends Dispatcher {
  readonly heard: readonly Heard[];
  /** Answers what is called so from now on; a form is announced where `opensForm`. */
  answer(what: string, reply: Reply, opensForm?: boolean): void;
  /** Resolves when that many things were heard. */
  until(count: number): Promise<void>;
}

export function createScript(): Script {
  const heard: Heard[] = [];
  const replies = new Map<string, { reply: Reply; opensForm: boolean }>();
  const waiting = new Set<() => void>();
  const nameOf = (line: string) => {
    const words = splitLine(line);
    return findCommand(words, commands)?.path.join(' ') ?? words.join(' ');
  };
  const hear = async (one: Heard, progress: (card: Card) => void): Promise<Outcome> => {
    heard.push(one);
    for (const look of waiting) look();
    const reply = replies.get(one.what)?.reply ?? (() => privately({ title: 'Not in the script' }));
    return await reply(one, progress);
  };
  return {
    heard,
    answer: (what, reply, opensForm = false) => void replies.set(what, { reply, opensForm }),
    until: (count) =>
      new Promise((resolve, reject) => {
        const fail = setTimeout(
          () => reject(new Error(`heard ${JSON.stringify(heard)}, not ${count}`)),
          patience.ms,
        );
        const look = () => {
          if (heard.length < count) return;
          clearTimeout(fail);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    run: ({ account, spot, line, named = {} }, progress) => {
      const text = [line, ...Object.values(named)].join(' ');
      return hear({ what: nameOf(line), text, account, spot }, progress);
    },
    press: ({ account, spot, action, values }) => {
      const [what = ''] = action.split(':', 1);
      const one = { what, text: action, account, spot };
      return hear(values === undefined ? one : { ...one, values }, () => {});
    },
    opensForm: (input) => {
      const what = 'line' in input ? nameOf(input.line) : (input.action.split(':', 1)[0] ?? '');
      return replies.get(what)?.opensForm ?? false;
    },
    complete: async ({ line }) => [
      { line: `${line}payermax`, label: 'payermax', help: 'PayerMax' },
    ],
    listWaiting: async () => [],
  };
}

type CardParts = Partial<Card> & { title: string };

export function cardOf(parts: CardParts): Card {
  return { tone: 'neutral', ...parts };
}

export function privately(parts: CardParts): Outcome {
  return { audience: 'asker', card: cardOf(parts) };
}

export function forAll(parts: CardParts): Outcome {
  return { audience: 'channel', card: cardOf(parts) };
}

/** The first message of that title. */
export const titled = (title: string) => (seen: Seen) => seen.title.includes(title);

/** Every message of that title that this person sees anywhere. */
export function all({ chat }: BotUnderTest, who: string, title: string): Seen[] {
  const seen = ['general', 'approvals', 'dm'].flatMap((one) => [...chat.look(who, one)]);
  // A dialog is seen wherever its person looks.
  return [...new Map(seen.map((one) => [one.id, one])).values()].filter(titled(title));
}

/** The chat, with channels by the names that the facts use. */
export function withNames(chat: Chat, ids: Readonly<Record<string, string>>): Chat {
  const idOf = (channel: string) => ids[channel] ?? channel;
  return {
    ...chat,
    type: (who, channel, line) => chat.type(who, idOf(channel), line),
    look: (who, channel) => chat.look(who, idOf(channel)),
    until: (who, channel, fits) => chat.until(who, idOf(channel), fits),
  };
}

/** White space is the platform's business: a word in a table is a word. */
export function plain(words: string): string {
  return words.replace(/\s+/g, ' ').trim();
}

export function expectWords(seen: Seen, ...texts: readonly string[]): void {
  for (const text of texts) expect(plain(seen.words)).toContain(plain(text));
}

/** How long a fact waits for what must come; it is never waited out where all is well. */
export const patience = { ms: 10_000 };

/** Waits for what the chat shows by itself. */
export async function eventually(check: () => void): Promise<void> {
  await expect
    .poll(
      () => {
        check();
        return true;
      },
      { timeout: patience.ms },
    )
    .toBe(true);
}

/** Until this person is told of the error and has the form before them again, however that is done. */
export async function correct({ chat }: BotUnderTest, who: string, error: string): Promise<void> {
  const isBeside = () =>
    chat.form(who)?.fields.some((field) => plain(field.error ?? '').includes(error)) ?? false;
  const findOffer = () =>
    ['general', 'approvals', 'dm']
      .flatMap((channel) => [...chat.look(who, channel)])
      .find(({ words, buttons }) => plain(words).includes(error) && buttons.length > 0);
  await eventually(() => expect(isBeside() || findOffer() !== undefined).toBe(true));
  if (isBeside()) return;
  const offer = findOffer();
  const button = offer?.buttons.find((label) => /correct/i.test(label));
  if (offer === undefined || button === undefined) throw new Error('nothing offers a correction');
  await chat.press(who, offer, button);
  await eventually(() => expect(chat.form(who)).toBeDefined());
}
