// A small dispatcher of its own for the playground's tests: real behaviour behind the port, steered
// by what is typed and by gates that a test opens.
import { fileURLToPath } from 'node:url';
import {
  createPlaygroundBot,
  type PlaygroundBot,
  type PlaygroundBotConfig,
} from '../../src/bots/playground/index.ts';
import type { Card, Group } from '../../src/commands/card.ts';
import type { Dispatcher, Outcome, Suggestion } from '../../src/commands/types.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';

export const people = [
  { id: 'ana', name: 'Ana Torres', roles: ['viewer', 'requester', 'admin'] },
  { id: 'ben', name: 'Ben Ito', roles: ['viewer', 'approver'] },
  { id: 'cy', name: 'Cy Okafor', roles: ['viewer'] },
];

const assetsDir = fileURLToPath(new URL('../../dist/bots/playground/page', import.meta.url));

export interface Playground {
  readonly bot: PlaygroundBot;
  readonly url: string;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly dispatcher: SteeredDispatcher;
}

export async function startPlayground(
  config: Partial<PlaygroundBotConfig> = {},
  dispatcher = createSteeredDispatcher(),
): Promise<Playground> {
  let ids = 0;
  const log = createRecordingLog();
  const prefix = `${Math.random().toString(36).slice(2, 8)}-`;
  const bot = createPlaygroundBot(
    { port: 0, people, channels: ['approvals', 'general', 'alerts'], assetsDir, ...config },
    {
      dispatcher,
      clock: createFakeClock(),
      log,
      newId() {
        ids += 1;
        return `${prefix}${ids}`;
      },
    },
  );
  const { url } = await bot.start();
  return { bot, url, log, dispatcher };
}

export interface SteeredDispatcher extends Dispatcher {
  /** Every line that was run. */
  readonly lines: readonly string[];
  /** Lets `/balance` show its next provider, or its answer after the last. */
  step(): void;
}

const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

/**
 * `/balance` goes on at each `step()`; `/say <text>` answers the channel; `/hostile` answers with
 * markup everywhere; `/reject` and `/reject-press` break the dispatcher's promise.
 */
export function createSteeredDispatcher(): SteeredDispatcher {
  const lines: string[] = [];
  const gates: (() => void)[] = [];
  let steps = 0;
  const pass = async () => {
    if (steps > 0) steps -= 1;
    else await new Promise<void>((resolve) => gates.push(resolve));
  };

  return {
    lines,
    step() {
      const open = gates.shift();
      if (open === undefined) steps += 1;
      else open();
    },
    async run({ account, line }, onProgress): Promise<Outcome> {
      lines.push(line);
      const [command, ...rest] = line.split(' ');
      if (command === '/balance') {
        for (let done = 0; done < groups.length; done += 1) {
          onProgress(balanceCard(done));
          await pass();
        }
        return { audience: 'asker', card: balanceCard(groups.length) };
      }
      if (command === '/say') {
        const title = `${account.user} says`;
        return { audience: 'channel', card: { tone: 'good', title, text: rest.join(' ') } };
      }
      if (command === '/hostile') return { audience: 'channel', card: hostileCard };
      if (command === '/reject') throw new Error('rejected on purpose: hunter2');
      const text = `${line.length} characters.`;
      return { audience: 'asker', card: { tone: 'warning', title: 'No such command', text } };
    },
    async press({ action }) {
      if (action === 'share') return { audience: 'channel', card: balanceCard(groups.length) };
      if (action === 'refuse') {
        return { audience: 'asker', card: { tone: 'bad', title: 'This is not for you' } };
      }
      throw new Error('rejected on purpose');
    },
    complete({ line }): Suggestion[] {
      const balance = { line: '/balance ', label: '/balance [provider|all] [currency]' };
      const commands = [
        { ...balance, help: 'What is available at each provider, now' },
        { line: '/purser help', label: '/purser help', help: 'What Purser can do' },
        { line: '/purser providers', label: '/purser providers', help: 'Who is connected' },
      ];
      const providers = ['alignet', 'paycross', 'payermax', 'payneteasy', 'smilepayz', 'all'];
      const values = providers.map((one) => ({
        line: `/balance ${one}`,
        label: one,
        help: one === 'alignet' ? 'Alignet, monnet, payme' : 'provider',
      }));
      const known = line.startsWith('/balance ') ? values : commands;
      return known.filter((one) => one.line.startsWith(line));
    },
  };
}

const hostileCard: Card = {
  tone: 'bad',
  title: hostile,
  text: `${hostile}\n\n\u202Eright to left`,
  fields: [{ label: hostile, value: hostile }],
  table: {
    caption: hostile,
    columns: [{ label: hostile, align: 'start' }],
    groups: [{ title: hostile, status: hostile, text: hostile, rows: [[{ text: hostile }]] }],
  },
  notes: [hostile],
  suggestions: [hostile],
  buttons: [{ action: 'refuse', label: hostile, style: 'danger' }],
  reference: hostile,
};

const row = (account: string, currency: string, ...amounts: string[]) => [
  { text: account },
  { text: currency, tone: 'quiet' } as const,
  ...amounts.map((text) => (text === '—' ? ({ text, tone: 'quiet' } as const) : { text })),
];

const groups: Group[] = [
  {
    title: 'Alignet',
    status: '82 ms',
    rows: [row('payfac 7781', 'PEN', '184,220.51400', '—', '—', '—')],
  },
  {
    title: 'PayCross',
    status: '140 ms',
    rows: [
      row('card', 'USD', '48,310.22', '52,010.22', '3,700.00', '—'),
      row('card', 'EUR', '9,004.10', '9,004.10', '0.00', '—'),
      row('apm gateway 1234', 'IDR', '730,500,000.00', '—', '—', '—'),
    ],
  },
  {
    title: 'PayerMax',
    status: '310 ms',
    rows: [
      row('merchant P01010114229508', 'USD', '125,884.07', '131,200.00', '—', '5,315.93'),
      row('merchant P01010114229508', 'KWD', '-12.40', '88.00', '—', '—').map((cell) =>
        cell.text === '-12.40' ? { ...cell, tone: 'bad' as const } : cell,
      ),
    ],
  },
  {
    title: 'PaynetEasy',
    status: 'no answer',
    tone: 'bad',
    text: 'PaynetEasy did not answer within 10 s. Ask again; if it goes on, look at its status page. Shown is its last good answer, 4 min ago.',
    rows: [
      row('merchant pne-live', 'EUR', '8,854.000', '9,120.500', '266.500', '—').map((cell) => ({
        ...cell,
        tone: 'quiet' as const,
      })),
    ],
  },
  {
    title: 'SmilePayz',
    status: '95 ms',
    rows: [
      row('pay-in 21120030202403071001', 'PEN', '61,200.00', '61,200.00', '—', '—'),
      row('pay-out 21120030202403071031', 'PEN', '20,015.75', '20,015.75', '—', '—'),
    ],
  },
];

/** What `/balance` shows when so many providers have answered. */
export function balanceCard(done: number): Card {
  const isDone = done >= groups.length;
  return {
    tone: done > 3 ? 'warning' : 'neutral',
    title: 'Balances',
    ...(isDone ? { text: '4 of 5 providers answered in 310 ms.' } : {}),
    table: {
      caption: 'Balances, by provider and account',
      columns: [
        { label: 'Account', align: 'start' },
        { label: 'Currency', align: 'start' },
        { label: 'Available', align: 'end', isHeadline: true },
        { label: 'Total', align: 'end' },
        { label: 'Held', align: 'end' },
        { label: 'Settling', align: 'end' },
      ],
      groups: groups.map((group, index) =>
        index < done ? group : { title: group.title ?? '', status: 'asking…', rows: [] },
      ),
    },
    ...(isDone
      ? {
          notes: [
            '— means that the provider does not give this figure; it is not zero.',
            'Not given at all: reserve, in flight.',
          ],
          buttons: [
            { action: 'share', label: 'Share here', style: 'plain' },
            { action: 'refuse', label: 'Approve', style: 'primary' },
            { action: 'reject', label: 'Reject', style: 'danger' },
          ],
          suggestions: ['/balance payermax USD'],
          reference: 'b7k2m9',
        }
      : { progress: { done, of: groups.length } }),
  };
}
