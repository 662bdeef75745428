// Puts one Purser together from its configuration: sandboxes, providers, commands, bots.
import { randomBytes } from 'node:crypto';
import { createBalanceDesk } from './balances.ts';
import { createPlaygroundBot } from './bots/playground/index.ts';
import type { Clock } from './clock.ts';
import { createDispatcher } from './commands/dispatch.ts';
import { commands } from './commands/registry.ts';
import type { ConnectedProvider } from './commands/types.ts';
import { type Config, configureProvider, isLoopback, listSecrets, showPath } from './config.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { createScrubber, type Log } from './log.ts';
import { type RunningSandbox, startSandbox } from './providers/sandbox.ts';
import type { ProviderConfig, ProviderModule } from './providers/types.ts';

export interface PurserDeps {
  readonly clock: Clock;
  /** Is given the secrets that no line may carry: those of sandboxes are known only here. */
  openLog(secrets: readonly string[]): Log;
  readonly modules: readonly ProviderModule[];
  /** Where the build put the playground's page. */
  readonly assetsDir: string;
}

export interface RunningPurser {
  readonly url: string;
  readonly log: Log;
  readonly connected: readonly ConnectedProvider[];
  /** Twice is fine. */
  stop(): Promise<void>;
}

/** Starts the playground, with a sandbox for every provider that is not configured. */
export async function startPurser(config: Config, deps: PurserDeps): Promise<RunningPurser> {
  const { clock, modules } = deps;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    // The bot goes first, so that nobody is answered by half a Purser.
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const sandboxes = new Map<string, RunningSandbox>();
    for (const module of modules) {
      if (config.providers.some((one) => one.module.id === module.id)) continue;
      const createSandbox = await module.loadSandbox();
      const sandbox = await startSandbox(createSandbox({ clock }), { clock });
      stops.push(() => sandbox.close());
      sandboxes.set(module.id, sandbox);
    }
    const configured = modules.map((module) => ({
      module,
      isSandbox: sandboxes.has(module.id),
      config: configFor(module, config, sandboxes.get(module.id)),
    }));
    const secrets = configured.flatMap((one) => listSecrets(one.module, one.config));
    const log = deps.openLog(secrets);
    const scrub = createScrubber(secrets);
    const connected = configured.map(({ module, isSandbox, config: one }): ConnectedProvider => {
      const provider = module.create(one, {
        clock,
        log: log.child({ provider: module.id }),
        newNonce: () => randomBytes(16).toString('hex'),
        scrub,
      });
      stops.push(() => provider.close());
      return { module, provider, host: hostOf(module, one), isSandbox };
    });
    const balances = createBalanceDesk(
      connected.map(({ provider }) => provider),
      { clock },
    );
    const world = { team: config.team, clock, connected, modules, balances, commands };
    const bot = createPlaygroundBot(
      {
        port: config.playgroundPort,
        people: config.team.people,
        channels: playgroundChannels(config),
        assetsDir: deps.assetsDir,
      },
      { dispatcher: createDispatcher({ world, log, newReference }), clock, log, newId },
    );
    stops.push(() => bot.stop());
    const { url } = await bot.start();
    return { url, log, connected, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configFor(
  module: ProviderModule,
  config: Config,
  sandbox: RunningSandbox | undefined,
): ProviderConfig {
  const own = config.providers.find((one) => one.module.id === module.id);
  if (own !== undefined) return own.config;
  if (sandbox === undefined) throw new TypeError(`${module.id} has neither keys nor a sandbox`);
  const problems: ConfigProblem[] = [];
  const made = configureProvider(
    module,
    sandbox.environment,
    sandbox.settings,
    (keys) => `the sandbox: ${showPath(keys)}`,
    problems,
  );
  if (made === undefined) throw new ConfigError(problems);
  return made;
}

function hostOf(module: ProviderModule, config: ProviderConfig): string {
  const base = module.environment.find(({ kind }) => kind === 'url');
  const url = base === undefined ? undefined : config.environment[base.name];
  if (url === undefined) return 'unknown';
  return isLoopback(url) ? new URL(url).host : new URL(url).hostname;
}

function playgroundChannels({ team }: Config): string[] {
  const named = Object.values(team.channels).flat();
  const own = named.flatMap((name) =>
    name.startsWith('playground:') ? [name.slice('playground:'.length)] : [],
  );
  return [...new Set(['general', ...own])];
}

/** No 0, O, 1, I or L: people read these out. */
const referenceLetters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

function newReference(): string {
  let reference = '';
  while (reference.length < 6) {
    for (const byte of randomBytes(8)) {
      const letter = referenceLetters[byte & 31];
      if (letter !== undefined && reference.length < 6) reference += letter;
    }
  }
  return reference;
}

function newId(): string {
  return randomBytes(12).toString('hex');
}
