// A small dispatcher of its own for the playground's tests: real behaviour behind the port, steered
// by what is typed and by gates that a test opens.
import { fileURLToPath } from 'node:url';
import { createPlaygroundBot, type PlaygroundBotConfig } from '../../src/bots/playground/index.ts';
import type { Bot } from '../../src/bots/types.ts';
import type { Card } from '../../src/commands/card.ts';
import type { Dispatcher, Outcome, Spot, Suggestion, TextFile } from '../../src/commands/types.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { balanceCard, formCard, groups, hostileCard, previewCard } from './playground-cards.ts';

export const people = [
  { id: 'ana', name: 'Ana Torres', roles: ['viewer', 'requester', 'admin'] },
  { id: 'ben', name: 'Ben Ito', roles: ['viewer', 'approver'] },
  { id: 'cy', name: 'Cy Okafor', roles: ['viewer'] },
];

const assetsDir = fileURLToPath(new URL('../../dist/bots/playground/page', import.meta.url));

export interface Playground {
  readonly bot: Bot;
  readonly url: string;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly dispatcher: SteeredDispatcher;
}

export async function startPlayground(
  config: Partial<PlaygroundBotConfig> = {},
  dispatcher = createSteeredDispatcher(),
): Promise<Playground> {
  return { ...(await startPlaygroundWith(dispatcher, config)), dispatcher };
}

export async function startPlaygroundWith(
  dispatcher: Dispatcher,
  config: Partial<PlaygroundBotConfig> = {},
): Promise<Omit<Playground, 'dispatcher'>> {
  let ids = 0;
  const log = createRecordingLog();
  const prefix = `${Math.random().toString(36).slice(2, 8)}-`;
  const bot = createPlaygroundBot(
    {
      port: 0,
      people,
      channels: ['approvals', 'general', 'alerts'],
      money: 'No real money can move.',
      hasExamplePayees: true,
      assetsDir,
      ...config,
    },
    {
      clock: createFakeClock(),
      log,
      newReference: () => 'REF234',
      newId() {
        ids += 1;
        return `${prefix}${ids}`;
      },
    },
  );
  const { url = '' } = await bot.start(dispatcher);
  return { bot, url, log };
}

export interface SteeredDispatcher extends Dispatcher {
  /** What waits for each person, for the test to change. */
  readonly waiting: Map<string, Suggestion[]>;
  /** Every press. */
  readonly presses: readonly Press[];
  /** Where each line was typed. */
  readonly spots: readonly Spot[];
  /** Every line that was run. */
  readonly lines: readonly string[];
  /** Lets `/balance` show its next provider, or its answer after the last. */
  step(): void;
}

type Press = Parameters<Dispatcher['press']>[0];

/**
 * `/balance` goes on at each `step()`; `/say <text>` answers the channel; `/hostile` answers with
 * markup everywhere; `/form`, `/preview` and `/file <name> <bytes>` answer with one; `/reject` and `/reject-press` break the dispatcher's promise.
 */
export function createSteeredDispatcher(): SteeredDispatcher {
  const lines: string[] = [];
  const spots: Spot[] = [];
  const presses: Press[] = [];
  const waiting = new Map<string, Suggestion[]>();
  const gates: (() => void)[] = [];
  let steps = 0;
  const pass = async () => {
    if (steps > 0) steps -= 1;
    else await new Promise<void>((resolve) => gates.push(resolve));
  };

  return {
    lines,
    spots,
    presses,
    waiting,
    opensForm: (input) => 'line' in input && input.line === '/form',
    listWaiting: async ({ user }) => waiting.get(user) ?? [],
    step() {
      const open = gates.shift();
      if (open === undefined) steps += 1;
      else open();
    },
    async run({ account, spot, line }, onProgress): Promise<Outcome> {
      lines.push(line);
      spots.push(spot);
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
      if (command === '/form') return { audience: 'asker', card: formCard() };
      if (command === '/preview') return { audience: 'asker', card: previewCard };
      if (command === '/file') {
        const card = { tone: 'good', title: 'Here it is' } as const;
        return { audience: 'asker', card, file: fileOf(rest[0] ?? '', Number(rest[1])) };
      }
      if (command === '/reject') throw new Error('rejected on purpose: hunter2');
      const text = `${line.length} characters.`;
      return { audience: 'asker', card: { tone: 'warning', title: 'No such command', text } };
    },
    async press(input): Promise<Outcome> {
      presses.push(input);
      const { action, values } = input;
      if (action === 'share') return { audience: 'channel', card: balanceCard(groups.length) };
      if (action === 'refuse') {
        return { audience: 'asker', card: { tone: 'bad', title: 'This is not for you' } };
      }
      if (action === 'reject.why') return { audience: 'asker', card: formCard() };
      if (action === 'drop') return inPlace({ tone: 'warning', title: 'Dropped' });
      if (action === 'approve') {
        await pass();
        return inPlace({ tone: 'good', title: 'You approved' });
      }
      if (action === 'ask') return inPlace({ tone: 'good', title: 'Asked for approval' });
      if (action === 'form.send' && values !== undefined) {
        const card = formCard(values);
        const isWrong = card.form?.fields.some(({ error }) => error !== undefined);
        return inPlace(isWrong ? card : { tone: 'good', title: `Saved ${values['payee']}` });
      }
      throw new Error('rejected on purpose');
    },
    async complete({ line }): Promise<Suggestion[]> {
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

function inPlace(card: Card): Outcome {
  return { audience: 'asker', card, isInPlace: true };
}

function fileOf(name: string, bytes: number): TextFile {
  return { name, contentType: 'text/csv; charset=utf-8', text: 'x'.repeat(bytes) };
}
