// The two kinds of process that are compared: the whole Purser, built, with its configuration from
// the environment as anybody starts it, and the bare SDKs. Slack and Discord are in this process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DiscordChat, startDiscordChat } from '../test/bots/discord-chat.ts';
import { type SlackChat, startSlackChat } from '../test/bots/slack-chat.ts';
import type { Served } from './connect.ts';

export interface Chats {
  readonly slack: SlackChat;
  readonly discord: DiscordChat;
  stop(): Promise<void>;
}

export interface App {
  readonly pid: number;
  /** Resolves with the milliseconds from its start until both chats have it. */
  connected(): Promise<number>;
  stop(): Promise<void>;
}

export const slackRoom = 'C01';
export const discordRoom = '200000000000000001';
const connectMs = 30_000;

export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
  readonly slack: { readonly team: string; readonly user: string };
  readonly discord: { readonly user: string };
}

export const ana = composePerson(1, 'ana', ['viewer', 'requester']);
export const ben = composePerson(2, 'ben', ['viewer', 'approver']);

function composePerson(number: number, id: string, roles: readonly string[]): Person {
  return {
    id,
    roles,
    slack: { team: 'T01', user: `U${String(number).padStart(4, '0')}` },
    discord: { user: `1${String(number).padStart(17, '0')}` },
  };
}

/** Colleagues who may look and nothing else. */
export function composeCrowd(count: number): Person[] {
  return Array.from({ length: count }, (_, at) => composePerson(at + 10, `p${at}`, ['viewer']));
}

export async function openChats(people: readonly Person[]): Promise<Chats> {
  const slack = await startSlackChat({
    people: Object.fromEntries(people.map((one) => [one.id, one.slack.user])),
    channels: [slackRoom],
  });
  const discord = await startDiscordChat({
    people: Object.fromEntries(people.map((one) => [one.id, one.discord.user])),
    channels: [discordRoom],
  });
  return {
    slack,
    discord,
    async stop() {
      await Promise.all([slack.stop(), discord.stop()]);
    },
  };
}

/** In a folder of its own, which may hold a store already. */
export async function startWholePurser(
  chats: Chats,
  options: { folder: string; people: readonly Person[]; providers: readonly Served[] },
): Promise<App> {
  const { folder, people, providers } = options;
  await mkdir(folder, { recursive: true });
  const channels = [`slack:${slackRoom}`, `discord:${discordRoom}`];
  const team = {
    providers: Object.fromEntries(providers.map(({ id, settings }) => [id, settings])),
    people: people.map((one) => ({ ...one, name: one.id })),
    channels: { approvals: channels, audit: channels, alerts: channels },
    approvals: [{ when: { currency: 'USD' }, need: 1, from: 'approver' }],
    thresholds: [{ provider: 'payermax', currency: 'USD', warning: '1.00' }],
    digests: [{ id: 'morning', at: '09:00', zone: 'America/Lima', days: 'mon-fri', to: channels }],
  };
  // JSON is YAML.
  await writeFile(join(folder, 'team.yaml'), JSON.stringify(team, null, 2));
  const script = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  return start(chats, folder, [...(await readStartFlags()), script], {
    ...slackOf(chats),
    ...discordOf(chats),
    DATA_DIR: join(folder, 'data'),
    ...Object.assign({}, ...providers.map(({ environment }) => environment)),
  });
}

/**
 * Node's flags of `npm start`. One of them keeps the young part of the heap small, which suits a
 * program that mostly waits: it saves 20 MB. A bare app runs as Node comes.
 */
async function readStartFlags(): Promise<string[]> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const found = /&& node (.*)dist\/main\.js$/.exec(JSON.parse(text).scripts.start);
  if (found === null) throw new Error('npm start has changed');
  return found[1]?.trim().split(' ') ?? [];
}

export function startBareSdks(
  chats: Chats,
  { folder, only }: { folder: string; only?: 'slack' | 'discord' },
): Promise<App> {
  const environment = {
    ...(only === 'discord' ? {} : slackOf(chats)),
    ...(only === 'slack' ? {} : discordOf(chats)),
  };
  const script = fileURLToPath(new URL('./bare.mjs', import.meta.url));
  return start(chats, folder, [script], environment);
}

type Environment = Readonly<Record<string, string>>;

function slackOf({ slack: { botConfig } }: Chats): Environment {
  const { botToken, appToken, apiUrl } = botConfig;
  return {
    SLACK_BOT_TOKEN: botToken,
    SLACK_APP_TOKEN: appToken,
    SLACK_API_URL: apiUrl.replace(/\/$/, ''),
  };
}

function discordOf({ discord: { botConfig } }: Chats): Environment {
  const { botToken, guildId, apiUrl } = botConfig;
  return { DISCORD_BOT_TOKEN: botToken, DISCORD_GUILD_ID: guildId, DISCORD_API_URL: apiUrl };
}

async function start(
  chats: Chats,
  folder: string,
  command: readonly string[],
  environment: Environment,
): Promise<App> {
  await mkdir(folder, { recursive: true });
  // Into a file: reading what it writes would be work for this process.
  const outputPath = join(folder, 'output.log');
  const output = await open(outputPath, 'w');
  const startedAt = performance.now();
  const child = spawn(process.execPath, command, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', output.fd, output.fd],
  });
  await output.close();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.join(' ')} cannot be started`);
  const isHere = () =>
    (environment['SLACK_API_URL'] === undefined || chats.slack.server.socketCount() > 0) &&
    (environment['DISCORD_API_URL'] === undefined || chats.discord.server.gateway.isConnected);
  const connecting = waitFor(isHere, child).then(
    () => performance.now() - startedAt,
    async (error: unknown) => {
      const cause = await readFile(outputPath, 'utf8');
      throw new Error(`${command.join(' ')} did not connect:\n${cause}`, { cause: error });
    },
  );
  connecting.catch(() => {});
  return {
    pid,
    connected: () => connecting,
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function waitFor(is: () => boolean, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + connectMs;
  while (!is()) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error('in vain');
    await pause(1);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
