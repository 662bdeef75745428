// Makes clients of providers: of those that are configured and, in the playground, of a sandbox for
// each of the others.
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { ConnectedProvider } from './commands/types.ts';
import {
  type Config,
  configureProvider,
  isLoopback,
  isPlayground,
  listSecrets,
  showPath,
} from './config.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { createScrubber, type Log } from './log.ts';
import type { Meter } from './meter.ts';
import type { RunningSandbox } from './providers/sandbox.ts';
import type { Provider, ProviderConfig, ProviderDeps, ProviderModule } from './providers/types.ts';

export interface ConnectDeps {
  readonly clock: Clock;
  /** Is given the secrets that no line may carry: those of sandboxes are known only here. */
  openLog(secrets: readonly string[]): Log;
  readonly modules: readonly ProviderModule[];
  readonly meter?: Pick<Meter, 'called'> | undefined;
}

export interface Connections {
  readonly log: Log;
  readonly connected: readonly ConnectedProvider[];
  readonly sandboxes: readonly RunningSandbox[];
  close(): Promise<void>;
}

export async function connectProviders(config: Config, deps: ConnectDeps): Promise<Connections> {
  const { clock, modules } = deps;
  const stops: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const sandboxes = new Map<string, RunningSandbox>();
    const isOn = (module: ProviderModule) =>
      config.providers.some((one) => one.module.id === module.id);
    for (const module of modules) {
      if (isOn(module) || !isPlayground(config)) continue;
      // Loaded where one is needed: with real providers Purser serves nothing, and needs no server.
      const { startSandbox } = await import('./providers/sandbox.ts');
      const createSandbox = await module.loadSandbox();
      const sandbox = await startSandbox(createSandbox({ clock }), { clock });
      stops.push(() => sandbox.close());
      sandboxes.set(module.id, sandbox);
    }
    const configured = modules
      .filter((module) => isOn(module) || sandboxes.has(module.id))
      .map((module) => ({
        module,
        isSandbox: sandboxes.has(module.id),
        config: configFor(module, config, sandboxes.get(module.id)),
      }));
    const secrets = [
      ...config.secrets,
      ...configured.flatMap((one) => listSecrets(one.module, one.config)),
    ];
    const log = deps.openLog(secrets);
    const scrub = createScrubber(secrets);
    const problems: ConfigProblem[] = [];
    const connected = configured.flatMap(({ module, isSandbox, config: one }) => {
      const provider = create(module, one, problems, {
        clock,
        log: log.child({ provider: module.id }),
        newNonce: () => randomBytes(16).toString('hex'),
        scrub,
        meter: deps.meter,
      });
      if (provider === undefined) return [];
      stops.push(() => provider.close());
      return [{ module, provider, host: hostOf(module, one), isSandbox }];
    });
    if (problems.length > 0) throw new ConfigError(problems);
    return { log, connected, sandboxes: [...sandboxes.values()], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Undefined when problems were added: those of the others are told in the same go. */
function create(
  module: ProviderModule,
  config: ProviderConfig,
  problems: ConfigProblem[],
  deps: ProviderDeps,
): Provider | undefined {
  try {
    return module.create(config, deps);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
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

/** Where money could be, in a sentence for whoever sees Purser start. */
export function describeMoney(connected: readonly ConnectedProvider[]): string {
  const real = connected.filter(({ isSandbox }) => !isSandbox);
  const count = connected.length - real.length;
  if (real.length === 0) {
    return `All ${count} providers are sandboxes on this machine: no real money can move.`;
  }
  const asked = real.map(({ module, host }) => `${module.name} at ${host}`).join(', ');
  const others =
    count === 0 ? '' : ` The other ${count === 1 ? 'one is a sandbox' : `${count} are sandboxes`}.`;
  return `Purser asks ${asked} and cannot know whether real money is there.${others}`;
}

function hostOf(module: ProviderModule, config: ProviderConfig): string {
  const base = module.environment.find(({ kind }) => kind === 'url');
  const url = base === undefined ? undefined : config.environment[base.name];
  if (url === undefined) return 'unknown';
  return isLoopback(url) ? new URL(url).host : new URL(url).hostname;
}
