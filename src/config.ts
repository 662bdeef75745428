// The environment and the team file become one checked Config. Every mistake is found in one go,
// with where it stands and what to write instead.

import { readEnvironment } from './config/environment.ts';
import { readTeamFile } from './config/team-file.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { type LogLevel, logLevels } from './log.ts';
import type { ProviderConfig, ProviderModule } from './providers/types.ts';
import { findTeamProblems, type Team } from './team.ts';

export interface ConfiguredProvider {
  readonly module: ProviderModule;
  readonly config: ProviderConfig;
}

export interface Config {
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly playgroundPort: number;
  readonly team: Team;
  /** `team.yaml`, or the example that ships with Purser. */
  readonly teamFile: string;
  /** Those whose variables are set. The playground adds sandboxes for the others. */
  readonly providers: readonly ConfiguredProvider[];
  /** Values that must not be written anywhere. */
  readonly secrets: readonly string[];
}

export interface ConfigSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Undefined when there is no such file. */
  readFile(path: string): string | undefined;
  /** The example team that ships with Purser; the playground uses it when there is no team file. */
  readonly exampleTeamFile: string;
  readonly modules: readonly ProviderModule[];
}

const chatVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'DISCORD_BOT_TOKEN',
] as const;

/** Throws `ConfigError` with every mistake found. */
export function loadConfig(sources: ConfigSources): Config {
  const problems: ConfigProblem[] = [];
  const { modules } = sources;
  const values = readEnvironment(sources, problems);

  for (const name of chatVariables) {
    if (values[name] !== undefined) {
      problems.push({
        path: name,
        problem: 'This version of Purser has the playground only, no Slack or Discord bot yet.',
        remedy: `Remove ${name} to start the playground.`,
      });
    }
  }

  const teamPath = values['TEAM_FILE'] ?? './team.yaml';
  const isTeamNamed = values['TEAM_FILE'] !== undefined;
  const isTeamThere = sources.readFile(teamPath) !== undefined;
  const teamFile = isTeamThere || isTeamNamed ? teamPath : sources.exampleTeamFile;
  const team = readTeamFile(teamFile, sources, problems);
  if (team !== undefined) {
    const known = modules.map(({ id }) => id);
    problems.push(
      ...findTeamProblems(team, known).map((one) => ({ ...one, path: `${teamFile}: ${one.path}` })),
    );
  }

  const providers: ConfiguredProvider[] = [];
  for (const module of modules) {
    const isOn = module.environment.some(({ name }) => values[name] !== undefined);
    if (!isOn || team === undefined) continue;
    const config = configureProvider(module, values, team.providers[module.id], teamFile, problems);
    if (config !== undefined) providers.push({ module, config });
    problems.push(...findOutsideHosts(module, config));
  }

  const config: Config | undefined =
    team === undefined
      ? undefined
      : {
          dataDir: values['DATA_DIR'] ?? './data',
          logLevel: readLogLevel(values['LOG_LEVEL'], problems),
          playgroundPort: readPort('PLAYGROUND_PORT', values['PLAYGROUND_PORT'], 8080, problems),
          team,
          teamFile,
          providers,
          secrets: providers.flatMap(({ module, config: one }) => listSecrets(module, one)),
        };
  if (problems.length > 0 || config === undefined) throw new ConfigError(problems);
  return config;
}

/** Checks one provider's variables and settings; undefined when a problem was added. */
export function configureProvider(
  module: ProviderModule,
  values: Readonly<Record<string, string | undefined>>,
  settings: unknown,
  teamFile: string,
  problems: ConfigProblem[],
): ProviderConfig | undefined {
  const before = problems.length;
  const environment: Record<string, string> = {};
  for (const variable of module.environment) {
    const value = values[variable.name] ?? variable.defaultValue;
    if (value !== undefined) environment[variable.name] = value;
    else if (variable.isRequired) {
      problems.push({
        path: variable.name,
        problem: `${module.name} is switched on, but this is not set.`,
        remedy: `${variable.help}${/[.]$/.test(variable.help) ? '' : '.'}`,
      });
    }
  }
  const parsed = module.settings.safeParse(settings ?? {});
  for (const issue of parsed.error?.issues ?? []) {
    const path = ['providers', module.id, ...issue.path].join('.');
    problems.push({
      path: `${teamFile}: ${path}`,
      problem: `${issue.message}.`.replace(/[.]{2,}$/, '.'),
      remedy: `See ${module.name} in team.example.yaml.`,
    });
  }
  if (problems.length > before || !parsed.success) return undefined;
  return { environment, settings: parsed.data };
}

/** The playground knows nobody, so real money must be out of its reach. */
function findOutsideHosts(
  module: ProviderModule,
  config: ProviderConfig | undefined,
): ConfigProblem[] {
  return module.environment.flatMap(({ name, kind }) => {
    const value = config?.environment[name];
    if (kind !== 'url' || value === undefined || isLoopback(value)) return [];
    return [
      {
        path: name,
        problem: `Without a chat token Purser starts the playground, where anybody at this machine may act, so it does not connect to ${new URL(value).host}.`,
        remedy: `Set ${name} to a loopback address, or remove the ${module.name} variables to use its sandbox.`,
      },
    ];
  });
}

export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

export function listSecrets(module: ProviderModule, config: ProviderConfig): string[] {
  const values = module.environment.flatMap(({ name, kind }) => {
    const value = config.environment[name];
    return value !== undefined && (kind === 'secret' || kind === 'private_key') ? [value] : [];
  });
  return values;
}

function readLogLevel(text: string | undefined, problems: ConfigProblem[]): LogLevel {
  const level = logLevels.find((one) => one === (text ?? 'info'));
  if (level !== undefined) return level;
  problems.push({
    path: 'LOG_LEVEL',
    problem: `“${text}” is not a level.`,
    remedy: `Use one of ${logLevels.join(', ')}.`,
  });
  return 'info';
}

function readPort(
  name: string,
  text: string | undefined,
  defaultPort: number,
  problems: ConfigProblem[],
): number {
  if (text === undefined) return defaultPort;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  problems.push({
    path: name,
    problem: `“${text}” is not a port.`,
    remedy: 'Use a number from 0 (any free port) to 65535.',
  });
  return defaultPort;
}
