// Puts one Purser together from its configuration: providers, store, payouts, commands, bots.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { createBalanceDesk, type TimedReading } from './balances.ts';
import type { Bot, Started } from './bots/types.ts';
import { createBots } from './bots.ts';
import type { Clock } from './clock.ts';
import { createClocks, listAlertChannels } from './clocks.ts';
import { createDispatcher } from './commands/dispatch.ts';
import { createRates } from './commands/rates.ts';
import { actions, commands } from './commands/registry.ts';
import type { ConnectedProvider, World } from './commands/types.ts';
import { type Config, isLoopback, isPlayground } from './config.ts';
import { type ConnectDeps, connectProviders, describeMoney } from './connect.ts';
import {
  type BalanceHistory,
  createBalanceHistory,
  createDigestOffice,
  createPictures,
} from './digests/index.ts';
import type { Receive } from './door/index.ts';
import { StoreError } from './errors.ts';
import { addExampleHistory } from './example-history.ts';
import { addExamplePayees, findExamplePair } from './example-payees.ts';
import type { Log } from './log.ts';
import { createMetricSources } from './metric-sources.ts';
import type { PurserMetrics } from './metrics.ts';
import { newPayoutId, newReference } from './names.ts';
import { createPayoutOffice, type PayoutOffice } from './payouts/index.ts';
import type { RunningSandbox } from './providers/sandbox.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { repeat } from './repeat.ts';
import { compareEveryMs, createReplicas } from './replicas.ts';
import { deliverNotifications } from './sandboxes.ts';
import type { Stoppable } from './signals.ts';
import { createStops, type Stops } from './stops.ts';
import { meterStore, openLowdbStore, openPostgresStore, watchStore } from './store/index.ts';
import type { Store } from './store/types.ts';

export interface PurserDeps extends ConnectDeps {
  /** Where the build put the playground's page. */
  readonly assetsDir: string;
  /** Between two looks for work that is due; a second, when absent. */
  readonly tickMs?: number;
  /** For tests whose few people do the work of hundreds: nobody is told to wait. */
  readonly hasNoPace?: boolean;
  /** Hears of each bot as soon as people can use it: another may still wait for its platform. */
  onStarted?(started: Started): void;
  /** Hears how to stop it, before anything waits for a platform. */
  onBegun?(begun: Stoppable): void;
}

export interface RunningPurser {
  /** Of the playground's page. */
  readonly url: string | undefined;
  readonly log: Log;
  readonly connected: readonly ConnectedProvider[];
  /** Whether real money could move, in a sentence. */
  readonly money: string;
  /** Of the providers that are not configured. */
  readonly sandboxes: readonly RunningSandbox[];
  /** Twice is fine. */
  stop(): Promise<void>;
}

/** Starts every bot that is configured; else the playground, with a sandbox for each other provider. */
export async function startPurser(config: Config, deps: PurserDeps): Promise<RunningPurser> {
  const stops = createStops();
  const readiness = createReadiness(deps.clock);
  const stop = async () => {
    readiness.stop();
    await stops.run();
  };
  deps.onBegun?.({ stop, listLeft: stops.listLeft });
  try {
    const metrics = await loadMetrics(config, deps);
    const meter = metrics?.meter;
    const { log, connected, sandboxes, close } = await connectProviders(config, { ...deps, meter });
    stops.add('the providers', close);
    const isExample = isPlayground(config) && connected.every(({ isSandbox }) => isSandbox);
    const opened = await openStore(config, { deps, log, isExample, stops });
    const watched = watchStore(opened, deps.clock);
    readiness.watchStore(watched.look);
    const store =
      meter === undefined ? watched.store : meterStore(watched.store, meter, deps.clock);
    const money = describeMoney(connected);
    const bots = await createBots(
      {
        ...config.chats,
        team: config.team,
        playground: {
          port: config.playgroundPort,
          money,
          hasExamplePayees: isExample && findExamplePair(config.team) !== undefined,
          assetsDir: deps.assetsDir,
        },
      },
      {
        ...{ clock: deps.clock, log, commands },
        takeOnce: (key) => takeOnce(store, key),
      },
    );
    let office: PayoutOffice | undefined;
    const callbackUrlFor = await listen(config, {
      ...{ bots, connected, log, stops, readiness, metrics, clock: deps.clock },
      receive: async (provider, request) => office?.followUp.receive(provider, request),
    });
    const history = createBalanceHistory({ store, clock: deps.clock, log });
    stops.add('the history of balances', () => history.settle());
    const { world, announcer } = composeWorld(config, {
      deps,
      log,
      connected,
      store,
      bots,
      history,
      lastGood: await history.loadLast(),
      callbackUrlFor,
    });
    const { payouts } = world;
    office = payouts;
    if (isExample) await addExamplePayees(connected, { payouts, team: config.team, log });
    if (isExample) {
      const ids = connected.map(({ module }) => module.id);
      const { balances } = world;
      const adding = addExampleHistory(ids, { balances, store, clock: deps.clock, log });
      stops.add('the example’s history', () => adding);
    }
    const announcing = announcer();
    const { team } = config;
    const { digests } = world;
    metrics?.watch(createMetricSources({ team, payouts, digests, announcing, clock: deps.clock }));
    stops.add('messages to the channels', () => announcing.settle());
    stops.add('payouts that are being sent', () => payouts.settle());
    stops.add(
      'what repeats',
      repeat(log, () => announcing.tick(), deps.tickMs),
    );
    const stopDelivery = repeat(log, () => deliverNotifications(sandboxes, log), deps.tickMs);
    stops.add('the sandboxes’ notifications', stopDelivery);
    if (config.databaseUrl !== undefined) {
      const replicas = createReplicas({ store, team, connected, clock: deps.clock, log });
      const stopComparing = repeat(log, () => replicas.compare(), compareEveryMs);
      stops.add('the look at the other replicas', stopComparing);
    }
    const rates = deps.hasNoPace ? undefined : createRates(deps.clock);
    const dispatcher = createDispatcher({ world, log, rates, meter, newReference });
    const start = async (bot: Bot) => {
      const connected = readiness.waitFor(`${bot.platform} is not connected yet.`);
      const one = await bot.start(dispatcher);
      connected();
      deps.onStarted?.(one);
      return one;
    };
    const clocks = createClocks(config, {
      ...{ deps, log, store, bots, world, announcing, start },
      onFirst: (isFirst) => meter?.led(isFirst),
    });
    stops.add('the clocks', () => clocks.stop());
    for (const bot of bots)
      if (bot.servedBy === 'every') {
        stops.add(bot.platform, () => bot.stop());
      }
    const [first, ...others] = await Promise.all([
      clocks.start(),
      ...bots.filter(({ servedBy }) => servedBy === 'every').map(start),
    ]);
    const started = [...first, ...others];
    readiness.open();
    const url = started.map((one) => one.url).find((one) => one !== undefined);
    return { url, log, connected, money, sandboxes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Longer than a platform delivers an event again. */
const deliveredForMs = 15 * 60_000;

async function takeOnce(store: Store, key: string): Promise<boolean> {
  try {
    return await store.remember(`event ${key}`, true, deliveredForMs);
  } catch (error) {
    // The store is away, and will say so to whoever asks; nothing is decided by this alone.
    if (error instanceof StoreError) return true;
    throw error;
  }
}

interface Listening {
  readonly bots: readonly Bot[];
  readonly connected: readonly ConnectedProvider[];
  readonly log: Log;
  readonly stops: Stops;
  readonly receive: Receive;
  readonly readiness: Readiness;
  readonly metrics: PurserMetrics | undefined;
  readonly clock: Clock;
}

/** Loaded where somebody can ask for them. */
async function loadMetrics(
  { httpPort }: Config,
  { clock }: PurserDeps,
): Promise<PurserMetrics | undefined> {
  if (httpPort === undefined) return undefined;
  const { createMetrics } = await import('./metrics.ts');
  return createMetrics(clock);
}

/** Opens the port where others call in, if there is one; gives the address that a provider is told. */
async function listen(
  config: Config,
  { bots, connected, stops, ...deps }: Listening,
): Promise<(provider: string) => string | undefined> {
  const { httpPort, httpHost, publicUrl } = config;
  if (httpPort === undefined && !isPlayground(config)) return () => undefined;
  const inboxes = bots.flatMap(({ inbox }) => inbox ?? []);
  // Loaded where somebody calls in: a server is 3 MB that Socket Mode and the gateway do not need.
  const { startDoor } = await import('./door/index.ts');
  const providers = connected.flatMap(({ provider: { id, payouts } }) =>
    payouts?.webhook === undefined ? [] : [id],
  );
  const door = await startDoor(
    { port: httpPort ?? 0, host: httpHost, inboxes },
    { providers, ...deps },
  );
  stops.add('the front door', () => door.stop());
  return (provider) => {
    const host = connected.find(({ module }) => module.id === provider)?.host ?? '';
    // Only a provider on this machine can reach it by its own address.
    const own = isLoopback(`http://${host}`) ? door.origin : undefined;
    const origin = publicUrl ?? own;
    return origin === undefined ? undefined : `${origin}/webhooks/${provider}`;
  };
}

interface Opening {
  readonly deps: PurserDeps;
  readonly log: Log;
  readonly isExample: boolean;
  readonly stops: Stops;
}

/** Sandboxes forget their orders when they stop; a record of those would outlive what it is about. */
async function openStore(config: Config, { deps, log, isExample, stops }: Opening): Promise<Store> {
  const { clock } = deps;
  let { dataDir } = config;
  if (isExample) {
    const folder = await mkdtemp(join(tmpdir(), 'purser-'));
    stops.add('the example’s folder', () => rm(folder, { recursive: true, force: true }));
    dataDir = folder;
  }
  const { databaseUrl } = config;
  const store =
    databaseUrl === undefined
      ? await openLowdbStore({ dataDir, clock, log })
      : await openPostgresStore({ url: databaseUrl, clock, log });
  stops.add('the store', () => store.close());
  return store;
}

interface WorldParts {
  readonly deps: PurserDeps;
  readonly log: Log;
  readonly connected: readonly ConnectedProvider[];
  readonly store: Store;
  readonly bots: readonly Bot[];
  readonly history: BalanceHistory;
  readonly lastGood: ReadonlyMap<string, TimedReading>;
  callbackUrlFor(provider: string): string | undefined;
}

function composeWorld(
  { team }: Config,
  { deps, log, connected, store, bots, history, lastGood, callbackUrlFor }: WorldParts,
): { world: World; announcer: () => Announcer } {
  const { clock, modules } = deps;
  const balances = createBalanceDesk(
    connected.map(({ provider }) => provider),
    { clock, lastGood, onReading: history.keep },
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
    callbackUrlFor,
    notify: (notice) => announcing?.notify(notice),
  });
  const posters = bots.map(({ poster }) => poster);
  const digests = createDigestOffice({
    store,
    team,
    providers: connected.map(({ module: { id, name } }) => ({ id, name })),
    balances,
    payouts,
    pictures: createPictures(),
    alertChannels: listAlertChannels(team, bots),
    clock,
    log,
  });
  return {
    world: {
      ...{ team, clock, connected, modules, balances, payouts, digests, commands, actions },
      memory: store,
    },
    announcer() {
      announcing = createAnnouncer({ store, team, payouts, posters, clock, log });
      return announcing;
    },
  };
}
