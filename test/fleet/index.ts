// Purser as its operators run it: real processes of the built program between a local Slack, a local
// Discord and the five simulators, which are in this process. Time is real; whoever waits, waits for
// something to be seen.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/clock.ts';
import type { RunningSandbox } from '../../src/providers/sandbox.ts';
import { deliverNotifications } from '../../src/sandboxes.ts';
import type { Chat } from '../bots/chat.ts';
import { type DiscordChat, startDiscordChat } from '../bots/discord-chat.ts';
import { type SlackChat, startSlackChat } from '../bots/slack-chat.ts';
import { tokens } from '../bots/slack-server/index.ts';
import { createDice } from '../disorder/dice.ts';
import { createRecordingLog } from '../support.ts';
import {
  discordEnvironment,
  makeGuests,
  slackEnvironment,
  startAllSandboxes,
  withUses,
} from '../town/index.ts';
import { accounts, channels, composeTeamFile, type Platform } from '../town/team.ts';
import type { Database } from './database.ts';
import { createReplica, type Replica } from './replica.ts';
import { findTroubles } from './troubles.ts';

export type { Line, Replica } from './replica.ts';

export interface Fleet {
  readonly platforms: readonly Platform[];
  readonly slack: SlackChat;
  readonly discord: DiscordChat;
  readonly replicas: readonly Replica[];
  readonly database: Database;
  readonly sandboxes: readonly RunningSandbox[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  chat(platform: Platform): Chat;
  sandbox(provider: string): RunningSandbox;
  /** What the provider says of every order of this amount on its books. */
  orders(provider: string, amount: string): string[];
  /** Starts so many that are down, one after the other; all, when absent. */
  start(count?: number): Promise<void>;
  replica(name: string): Replica;
  /** All of what people do in Slack goes to this one, as long as it is there; undefined: by chance. */
  steerSlack(name: string | undefined): void;
  /** Who took the last thing that somebody did in Slack. */
  slackTaker(): Replica;
  /** Purser, the providers and the platforms are so much later. */
  advance(ms: number): Promise<void>;
  /** How far it all is ahead of this machine. */
  aheadMs(): number;
  /** What nobody may ever see, beside what the test says is to be expected. */
  listTroubles(expected?: readonly RegExp[]): string[];
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly database: Database;
  readonly replicas: number;
  readonly platforms?: readonly Platform[];
  readonly seed?: number;
  /** Slack calls the replicas in turns, as a balancer would have it, instead of keeping sockets. */
  readonly isSlackByHttp?: boolean;
  /** Accounts by person, instead of the town's. */
  readonly people?: Readonly<Record<Platform, Readonly<Record<string, string>>>>;
  /** Keys of the team file that are other than usual. */
  readonly team?: object;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where the providers report: something in front of the replicas takes each to one that is up. */
const publicUrl = 'https://purser.example';

export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { database, platforms = ['slack', 'discord'], people = accounts, seed = 1 } = options;
  const dice = createDice(seed);
  let aheadMs = 0;
  let steered: string | undefined;
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  const pick = (labels: readonly string[]) => {
    const at = labels.indexOf(`${tokens.app}-${steered}`);
    return at >= 0 ? at : dice.below(labels.length);
  };
  const [slack, discord, folder, sandboxes] = await Promise.all([
    startSlackChat({
      people: people.slack,
      channels: Object.values(channels.slack),
      deliveries: { pick, redeliveriesMax: 3 },
    }),
    startDiscordChat({
      people: people.discord,
      channels: Object.values(channels.discord),
      now: clock.now,
    }),
    mkdtemp(join(tmpdir(), 'purser-fleet-')),
    startAllSandboxes(clock),
  ]);
  if (options.people === undefined) makeGuests(slack, discord);
  const teamFile = composeTeamFile({ platforms, sandboxes, changes: options.team ?? {} });
  await writeFile(join(folder, 'team.yaml'), teamFile);
  const environment: Record<string, string> = {
    TEAM_FILE: join(folder, 'team.yaml'),
    PUBLIC_URL: publicUrl,
    HTTP_HOST: '127.0.0.1',
    ...(platforms.includes('slack') ? slackEnvironment(slack) : {}),
    ...(platforms.includes('discord') ? discordEnvironment(discord) : {}),
    ...Object.assign({}, ...sandboxes.map((one) => one.environment)),
    ...options.environment,
  };
  const ports = await findFreePorts(options.replicas);
  const replicas = ports.map((port, index) => {
    const name = `r${index + 1}`;
    const own = () => ({
      ...composeOwn(name, port, { environment, isHttp: options.isSlackByHttp === true }),
      ...database.environmentOf(name),
    });
    return createReplica({ name, folder, environment: own, aheadMs: () => aheadMs });
  });
  const up = () => replicas.flatMap((one, index) => (one.state === 'up' ? [ports[index]] : []));
  let turn = 0;
  const nextOrigin = () => {
    const open = up();
    turn += 1;
    return `http://127.0.0.1:${open[turn % Math.max(open.length, 1)] ?? ports[0]}`;
  };
  if (options.isSlackByHttp === true) {
    slack.server.setTarget({
      get url() {
        return `${nextOrigin()}/slack/events`;
      },
      signingSecret: tokens.signingSecret,
    });
  }
  const reached = sandboxes.map((one) => ({
    ...one,
    takeWebhooks: () =>
      one
        .takeWebhooks()
        .map((hook) => ({ ...hook, url: hook.url.replace(publicUrl, nextOrigin()) })),
  }));
  const deliveryLog = createRecordingLog();
  const delivering = setInterval(() => void deliverNotifications(reached, deliveryLog), 50);
  const replica = (name: string) => {
    const found = replicas.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no replica is named ${name}`);
    return found;
  };
  const sandbox = (provider: string) => {
    const found = sandboxes.find(({ id }) => id === provider);
    if (found === undefined) throw new Error(`no sandbox of ${provider}`);
    return found;
  };
  return {
    platforms,
    slack,
    discord,
    replicas,
    database,
    sandboxes,
    folder,
    environment,
    replica,
    sandbox,
    chat: (platform) => withUses(platform === 'slack' ? slack : discord, channels[platform]),
    orders: (provider, wanted) =>
      sandbox(provider)
        .books()
        .filter(({ amount, currency }) => `${amount} ${currency}` === wanted)
        .map(({ status }) => status),
    async start(count = replicas.length) {
      const down = replicas.filter(({ state }) => state === 'down');
      for (const one of down.slice(0, count)) await one.start();
    },
    steerSlack(name) {
      steered = name;
    },
    slackTaker() {
      const label = slack.server.people.sent.at(-1)?.takenBy ?? '';
      return replica(label.replace(`${tokens.app}-`, ''));
    },
    aheadMs: () => aheadMs,
    async advance(ms) {
      aheadMs += ms;
      slack.server.workspace.passTime(ms);
      await Promise.all(replicas.map((one) => one.setAhead(aheadMs)));
    },
    listTroubles: (expected = []) =>
      [
        ...findTroubles(replicas, { ...environment, ...database.environmentOf('r1') }),
        ...slack.complaints().map((text) => `Slack: ${text}`),
        ...discord.complaints().map((text) => `Discord: ${text}`),
      ].filter((text) => !expected.some((one) => one.test(text))),
    async stop() {
      clearInterval(delivering);
      await Promise.all(replicas.map((one) => one.kill()));
      await Promise.all([slack.stop(), discord.stop(), ...sandboxes.map((one) => one.close())]);
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Common {
  readonly environment: Readonly<Record<string, string>>;
  readonly isHttp: boolean;
}

/** What each process has of its own: its port, and an app-level token with its name in it. */
function composeOwn(
  name: string,
  port: number,
  { environment, isHttp }: Common,
): Record<string, string> {
  const { SLACK_APP_TOKEN: appToken, ...rest } = environment;
  const own = { ...rest, HTTP_PORT: String(port) };
  if (appToken === undefined) return own;
  return isHttp
    ? { ...own, SLACK_SIGNING_SECRET: tokens.signingSecret }
    : { ...own, SLACK_APP_TOKEN: `${appToken}-${name}` };
}

async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((one) => new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))),
  );
  const ports = servers.map((one) => {
    const address = one.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((one) => new Promise((resolve) => one.close(resolve))));
  return ports;
}
