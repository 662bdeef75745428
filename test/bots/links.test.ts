// Links that Purser itself puts into a card, as Slack and Discord get them. Nothing that people wrote
// can become one, nor break out of one.
import { afterEach, expect, test } from 'vitest';
import type { Card, Field } from '../../src/commands/card.ts';
import { openDiscordScene, room } from './discord-support.ts';
import { openSlackScene } from './slack-support.ts';

const link = 'https://acme.slack.com/archives/C01/p1764150000000100';
const value = 'P7K2M9QX4: 125.50 USD at PayerMax, outcome unknown';
const cardOf = (field: Field): Card => ({ tone: 'warning', title: 'Balances', fields: [field] });

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function onSlack(field: Field): Promise<string> {
  const { bot, server, stop } = await openSlackScene();
  stops.push(stop);
  await bot.poster.post('C01', cardOf(field));
  return JSON.stringify(server.workspace.messages.at(-1)?.blocks);
}

async function onDiscord(field: Field): Promise<string> {
  const { bot, server, stop } = await openDiscordScene();
  stops.push(stop);
  await bot.poster.post(room, cardOf(field));
  return JSON.stringify([...server.state.messages.values()].at(-1)?.components);
}

test('a field leads to where it is told in full', async () => {
  const field = { label: 'To look at', value, link };
  expect(await onSlack(field)).toContain(`<${link}|${value}>`);
  expect(await onDiscord(field)).toContain(`](${link})`);
});

test('an address of another kind is no link', async () => {
  const field = { label: 'To look at', value, link: 'javascript:alert(1)' };
  expect(await onSlack(field)).not.toContain('javascript');
  expect(await onDiscord(field)).not.toContain('javascript');
});

test('words with signs of markup in them become no link, and stay what they are', async () => {
  const field = { label: 'To look at', value: 'x> <https://evil.example|here> @everyone', link };
  const slack = await onSlack(field);
  expect(slack).not.toContain(`<${link}|`);
  expect(slack).toContain('"plain_text"');
  const discord = await onDiscord(field);
  expect(discord).not.toContain('](https://evil');
});
