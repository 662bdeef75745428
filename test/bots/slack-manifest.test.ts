// The manifest, against limits of Slack's manifest reference (https://docs.slack.dev/reference/app-manifest,
// read 2026-11-26), and the setup guide against the manifest.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { botScopes, renderManifest } from '../../src/bots/slack/index.ts';
import { commands } from '../../src/commands/registry.ts';
import type { Command } from '../../src/commands/types.ts';

const manifestSchema = z.strictObject({
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000),
          should_escape: z.literal(false),
          url: z.url().optional(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      bot_events: z.array(z.string()),
      request_url: z.url().optional(),
    }),
    interactivity: z.strictObject({
      is_enabled: z.literal(true),
      request_url: z.url().optional(),
    }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

test('has one slash command for each first word, with what can follow it', () => {
  const manifest = renderManifest(commands);
  expect(() => manifestSchema.parse(manifest)).not.toThrow();
  const { slash_commands: slash } = manifest.features;
  const words = new Set(commands.map(({ path }) => `/${path[0]}`));
  expect(slash.map(({ command }) => command)).toEqual([...words]);
  const payout = slash.find(({ command }) => command === '/payout');
  expect(payout?.usage_hint).toContain('[request] [provider] [amount]');
  expect(payout?.usage_hint).toContain('cancel <');
  expect(manifest.settings).toMatchObject({
    socket_mode_enabled: true,
    event_subscriptions: { bot_events: ['app_home_opened'] },
  });
});

test('for HTTP names the address everywhere and connects no socket', () => {
  const manifest = renderManifest(commands, { publicUrl: 'https://purser.example.com/' });
  expect(() => manifestSchema.parse(manifest)).not.toThrow();
  const url = 'https://purser.example.com/slack/events';
  expect(manifest.settings.socket_mode_enabled).toBe(false);
  expect(manifest.settings.interactivity.request_url).toBe(url);
  expect(manifest.settings.event_subscriptions.request_url).toBe(url);
  expect(new Set(manifest.features.slash_commands.map((one) => one.url))).toEqual(new Set([url]));
});

test('of hundreds of subcommands still fits', () => {
  const [first] = commands;
  if (first === undefined) throw new Error('no commands');
  const many: Command[] = Array.from({ length: 400 }, (_, index) => ({
    ...first,
    path: ['balance', `sub${index}`],
  }));
  expect(() => manifestSchema.parse(renderManifest(many))).not.toThrow();
});

test('asks for the scopes that the guide explains, and the guide explains no others', () => {
  const guide = readFileSync(new URL('../../docs/slack.md', import.meta.url), 'utf8');
  expect(renderManifest(commands).oauth_config.scopes.bot).toEqual(
    botScopes.map(({ name }) => name),
  );
  const explained = [...guide.matchAll(/^\| `([a-z:]+)` +\| (.+?) +\|$/gm)];
  expect(explained.map(([, name, why]) => ({ name, why }))).toEqual(botScopes);
});
