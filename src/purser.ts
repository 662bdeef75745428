// Puts one Purser together from its configuration: providers, store, payouts, commands, bots.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { createBalanceDesk } from './balances.ts';
import { createPlaygroundBot } from './bots/playground/index.ts';
import { createDispatcher } from './commands/dispatch.ts';
import { actions, commands } from './commands/registry.ts';
import type { ConnectedProvider, World } from './commands/types.ts';
import type { Config } from './config.ts';
import { type ConnectDeps, connectProviders, describeMoney } from './connect.ts';
import { addExamplePayees, findExamplePair } from './example-payees.ts';
import type { Log } from './log.ts';
import { newPayoutId, newReference } from './names.ts';
import { createPayoutOffice, type PayoutOffice } from './payouts/index.ts';
import type { RunningSandbox } from './providers/sandbox.ts';
import { repeat } from './repeat.ts';
import { deliverNotifications } from './sandboxes.ts';
import { openLowdbStore } from './store/index.ts';
import type { Store } from './store/types.ts';
import { startWebhooks } from './webhooks.ts';

export interface PurserDeps extends ConnectDeps {
  /** Where the build put the playground's page. */
  readonly assetsDir: string;
  /** Between two looks for work that is due; a second, when absent. */
  readonly tickMs?: number;
}

export interface RunningPurser {
  readonly url: string;
  readonly log: Log;
  readonly connected: readonly ConnectedProvider[];
  /** Whether real money could move, in a sentence. */
  readonly money: string;
  /** Of the providers that are not configured. */
  readonly sandboxes: readonly RunningSandbox[];
  /** Twice is fine. */
  stop(): Promise<void>;
}

/** Starts the playground, with a sandbox for every provider that is not configured. */
export async function startPurser(config: Config, deps: PurserDeps): Promise<RunningPurser> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    // The bot goes first, so that nobody is answered by half a Purser.
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const { log, connected, sandboxes, close } = await connectProviders(config, deps);
    stops.push(close);
    const isExample = connected.every(({ isSandbox }) => isSandbox);
    const store = await openStore(config, { deps, log, isExample, stops });
    const money = describeMoney(connected);
    const bot = createPlaygroundBot(
      {
        port: config.playgroundPort,
        people: config.team.people,
        channels: playgroundChannels(config),
        money,
        hasExamplePayees: isExample && findExamplePair(config.team) !== undefined,
        assetsDir: deps.assetsDir,
      },
      { clock: deps.clock, log, newId: () => randomBytes(12).toString('hex') },
    );
    let office: PayoutOffice | undefined;
    const webhooks = await startWebhooks(config.httpPort ?? 0, {
      log,
      receive: async (provider, request) => office?.followUp.receive(provider, request),
    });
    stops.push(() => webhooks.stop());
    const { world, announcer } = composeWorld(config, {
      deps,
      log,
      connected,
      store,
      poster: bot.poster,
      callbackOrigin: webhooks.origin,
    });
    const { payouts } = world;
    office = payouts;
    if (isExample) await addExamplePayees(connected, { payouts, team: config.team, log });
    const announcing = announcer();
    await payouts.followUp.recover();
    await announcing.recover();
    stops.push(async () => {
      await payouts.settle();
      await announcing.settle();
    });
    // Apart, so that a provider that hangs delays nothing else.
    stops.push(
      repeat(log, () => payouts.followUp.tick(), deps.tickMs),
      repeat(log, () => announcing.tick(), deps.tickMs),
      repeat(log, () => deliverNotifications(sandboxes, log), deps.tickMs),
    );
    stops.push(() => bot.stop());
    const { url } = await bot.start(createDispatcher({ world, log, newReference }));
    return { url, log, connected, money, sandboxes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Opening {
  readonly deps: PurserDeps;
  readonly log: Log;
  readonly isExample: boolean;
  readonly stops: (() => Promise<void>)[];
}

/** Sandboxes forget their orders when they stop; a record of those would outlive what it is about. */
async function openStore(config: Config, { deps, log, isExample, stops }: Opening): Promise<Store> {
  let { dataDir } = config;
  if (isExample) {
    const folder = await mkdtemp(join(tmpdir(), 'purser-'));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    dataDir = folder;
  }
  const store = await openLowdbStore({ dataDir, clock: deps.clock, log });
  stops.push(() => store.close());
  return store;
}

interface WorldParts {
  readonly deps: PurserDeps;
  readonly log: Log;
  readonly connected: readonly ConnectedProvider[];
  readonly store: Store;
  readonly poster: Parameters<typeof createAnnouncer>[0]['posters'][number];
  readonly callbackOrigin: string;
}

function composeWorld(
  { team }: Config,
  { deps, log, connected, store, poster, callbackOrigin }: WorldParts,
): { world: World; announcer: () => Announcer } {
  const { clock, modules } = deps;
  const balances = createBalanceDesk(
    connected.map(({ provider }) => provider),
    { clock },
  );
  let announcing: Announcer | undefined;
  const payouts = createPayoutOffice({
    store,
    team,
    payers: connected.flatMap(({ module: { id, name }, provider }) =>
      provider.payouts === undefined ? [] : [{ id, name, payouts: provider.payouts }],
    ),
    balances,
    clock,
    log,
    referencePrefix: 'P',
    newId: newPayoutId,
    callbackUrlFor: (provider) => `${callbackOrigin}/webhooks/${provider}`,
    notify: (notice) => announcing?.notify(notice),
  });
  const world = { team, clock, connected, modules, balances, payouts, commands, actions };
  return {
    world,
    announcer() {
      announcing = createAnnouncer({ store, team, payouts, posters: [poster], clock, log });
      return announcing;
    },
  };
}

function playgroundChannels({ team }: Config): string[] {
  const named = Object.values(team.channels).flat();
  const own = named.flatMap((name) =>
    name.startsWith('playground:') ? [name.slice('playground:'.length)] : [],
  );
  return [...new Set(['general', ...own])];
}
