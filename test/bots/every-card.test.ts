// Every kind of card, made by the real commands, in Slack and in Discord: within the documented limits
// and types, and with every word of it before its reader on both. The local servers judge the JSON by
// rules written from the documents; Discord's is held against its own library's rules too.
import { type APIComponentInContainer, ComponentType, ContainerBuilder } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDiscordBot } from '../../src/bots/discord/index.ts';
import { createSlackBot } from '../../src/bots/slack/index.ts';
import type { Bot } from '../../src/bots/types.ts';
import type { Card, Form } from '../../src/commands/card.ts';
import { commands } from '../../src/commands/registry.ts';
import { createScript, eventually, type Script } from '../contracts/bot-subject.ts';
import { createRecordingLog } from '../support.ts';
import type { Chat } from './chat.ts';
import { type DiscordChat, startDiscordChat } from './discord-chat.ts';
import { accounts, createHurriedClock, hastyGateway, people, room } from './discord-support.ts';
import { collectEveryCard } from './every-card.ts';
import { startSlackChat } from './slack-chat.ts';

interface Stage {
  readonly name: string;
  readonly channel: string;
  readonly chat: Chat;
  readonly bot: Bot;
  readonly script: Script;
}

let cards: readonly Card[];
let stages: readonly Stage[];
let discord: DiscordChat;

beforeAll(async () => {
  cards = await collectEveryCard();
  const slack = await startSlackChat({ people: { ana: 'U0ANA' }, channels: ['C01'] });
  discord = await startDiscordChat({ people: { ana: accounts.ana }, channels: [room] });
  const [log, clock] = [createRecordingLog(), createHurriedClock()];
  let ids = 0;
  const deps = {
    clock,
    log,
    commands,
    people,
    newReference: () => 'REF234',
    newId: () => `id${++ids}`,
  };
  stages = [
    {
      name: 'Slack',
      channel: 'C01',
      chat: slack,
      bot: createSlackBot(slack.botConfig, { ...deps, channels: ['C01'] }),
      script: createScript(),
    },
    {
      name: 'Discord',
      channel: room,
      chat: discord,
      bot: createDiscordBot(discord.botConfig, {
        ...{ ...deps, channels: [room], gateway: hastyGateway },
      }),
      script: createScript(),
    },
  ];
  for (const { bot, script } of stages) await bot.start(script);
});

afterAll(async () => {
  for (const { bot, chat } of stages) {
    await bot.stop();
    await chat.stop();
  }
});

test('there is one of every kind', () => {
  const titles = cards.map(({ title, text = '' }) => `${title}: ${text.split('.')[0]}`).join('\n');
  for (const kind of kinds) expect(titles).toMatch(kind);
  const forms = new Set(cards.flatMap(({ form }) => form?.action.split(':')[0] ?? []));
  expect([...forms].sort()).toEqual([
    ...['digest.note', 'payee.form', 'payee.way', 'payout.close.paid'],
    ...['payout.form', 'payout.reject'],
  ]);
});

const kinds = [
  ...[/^Balances: /m, /^PayerMax balances in USD: /m, /^Ask for 125.50 USD to Maria Santos\?: /m],
  ...[/USD to Maria Santos: Waiting for approval/, /: With the provider/, /: Paid/],
  ...[/: Outcome unknown/, /: Came back/, /: Failed/, /: Rejected/, /: Cancelled/, /: Expired/],
  ...[/^Payee rosa: Rosa Reyes: /m, /^Payees: /m, /^Who may approve what/m, /^Providers/m],
  ...[/^What Purser can do/m, /^Payouts that are not over/m, /^Payouts of the last 30 days/m],
  ...[
    /^Payouts at PayerMax are frozen/m,
    /^Payouts at PayerMax go on/m,
    /^The audit log is intact/m,
  ],
  ...[/^Audit log of 2026-11/m, /^Balances, \w+ \d+ Nov/m, /^Digests/m, /^Came back: /m],
  ...[
    /^Waiting for approval: .*: It still waits/m,
    /nothing has changed: /,
    /^Purser does not know you/m,
  ],
];

describe('every card', () => {
  test('without a form stands in the channel, within the limits, word for word', async () => {
    for (const { name, bot, chat, channel } of stages) {
      for (const card of cards.filter(({ form }) => form === undefined)) {
        const id = await bot.poster.post(channel, card);
        const seen = chat.look('ana', channel).find((one) => one.id === id);
        const missing = listTexts(card).filter((text) => !holds(seen?.words ?? '', text));
        expect({ name, title: card.title, missing }).toEqual({
          name,
          title: card.title,
          missing: [],
        });
        const labels = (card.buttons ?? []).map(({ label }) => label);
        expect(seen?.buttons.slice(0, labels.length)).toEqual(labels);
        expect(seen?.buttons.slice(labels.length)).toEqual(
          (card.suggestions ?? []).slice(0, (seen?.buttons.length ?? 0) - labels.length),
        );
      }
      expect(chat.complaints()).toEqual([]);
    }
  });

  test('with a form opens as one, with each field, what helps and what is wrong', async () => {
    for (const { name, chat, channel, script } of stages) {
      for (const card of cards) {
        const { form } = card;
        if (form === undefined || hasErrors(form)) continue;
        script.answer('payout', () => ({ card, audience: 'asker' }), true);
        await chat.type('ana', channel, '/payout');
        // The first page, where there are several.
        const first = form.fields.slice(0, 4);
        const texts = [form.title, ...first.flatMap(({ label, help = '' }) => [label, help])];
        await eventually(() => {
          const words = chat.form('ana')?.words ?? '';
          const missing = texts.filter((text) => !holds(words, text));
          expect({ name, title: card.title, missing }).toEqual({
            ...{ name, title: card.title },
            missing: [],
          });
        });
      }
      expect(chat.complaints()).toEqual([]);
    }
  });

  test('is within what Discord’s own library allows', () => {
    const messages = [...discord.server.state.messages.values()];
    const containers = messages.flatMap(({ components }) =>
      components.filter(({ type }) => type === ComponentType.Container),
    );
    expect(containers.length).toBeGreaterThan(40);
    for (const { components } of containers as unknown as {
      components: APIComponentInContainer[];
    }[]) {
      const builder = new ContainerBuilder({ type: ComponentType.Container, components });
      expect(() => builder.toJSON()).not.toThrow();
    }
  });
});

function hasErrors({ fields }: Form): boolean {
  return fields.some(({ error }) => error !== undefined);
}

/** Everything that a reader is to read. */
function listTexts(card: Card): string[] {
  const { title, text, fields = [], table, notes = [], reference, mark } = card;
  return [
    title,
    ...(text ?? '').split('\n\n'),
    ...fields.flatMap(({ label, value }) => [label, value]),
    ...(table?.groups ?? []).flatMap((group) => [
      ...[group.title ?? '', group.status ?? '', group.text ?? ''],
      ...group.rows.flatMap((row) => row.map((cell) => cell.text)),
    ]),
    ...notes,
    ...[reference ?? '', mark ?? ''],
  ].filter((one) => one !== '');
}

/** White space is the platform's business. */
function holds(words: string, text: string): boolean {
  const bare = (one: string) => one.replace(/[\s\u2060]+/g, '');
  return bare(words).includes(bare(text));
}
