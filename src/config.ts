// The environment and the team file become one checked Config. Every mistake is found in one go,
// with where it stands and what to write instead.

import {
  type ChatsConfig,
  type DiscordConfig,
  discordVariables,
  findChatProblems,
  isChatWanted,
  readChats,
  type SlackConfig,
  slackVariables,
} from './config/chats.ts';
import { listDatabaseSecrets, readDatabaseUrl } from './config/database.ts';
import { generalVariables, isLoopback, readEnvironment } from './config/environment.ts';
import { type FileSources, readText } from './config/files.ts';
import { explainIssues, type Locate, showPath, toSentence, wordIssue } from './config/issues.ts';
import { type Listening, readListening } from './config/listening.ts';
import { readTeamFile, type TeamFile } from './config/team-file.ts';
import { findTeamProblems } from './config/team-problems.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { type LogLevel, logLevels } from './log.ts';
import type { ProviderConfig, ProviderModule } from './providers/types.ts';
import type { Team } from './team.ts';

export {
  type ChatsConfig,
  type DiscordConfig,
  discordVariables,
  generalVariables,
  isLoopback,
  readText,
  type SlackConfig,
  showPath,
  slackVariables,
};

export interface ConfiguredProvider {
  readonly module: ProviderModule;
  readonly config: ProviderConfig;
}

export interface Config extends Listening {
  readonly dataDir: string;
  /** Of a PostgreSQL, which then holds all that would stand in `dataDir`. */
  readonly databaseUrl?: string;
  readonly logLevel: LogLevel;
  /** Where none is on, the playground is. */
  readonly chats: ChatsConfig;
  readonly team: Team;
  /** `team.yaml`, or the example that ships with Purser. */
  readonly teamFile: string;
  /** Those whose variables are set. The playground adds sandboxes for the others. */
  readonly providers: readonly ConfiguredProvider[];
  /** Values that must not be written anywhere. */
  readonly secrets: readonly string[];
}

export interface ConfigSources extends FileSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The example team that ships with Purser; the playground uses it when there is no team file. */
  readonly exampleTeamFile: string;
  readonly modules: readonly ProviderModule[];
}

type Values = Readonly<Record<string, string | undefined>>;

/** It never runs beside a chat: it believes every window who it says it is. */
export function isPlayground({ chats }: Pick<Config, 'chats'>): boolean {
  return chats.slack === undefined && chats.discord === undefined;
}

/** Throws `ConfigError` with every mistake found. */
export function loadConfig(sources: ConfigSources): Config {
  const problems: ConfigProblem[] = [];
  const { modules } = sources;
  const values = readEnvironment(sources, problems);
  const isChat = isChatWanted(sources.environment);
  const chats = readChats(values, problems);
  const { path: teamPath, file } = findTeamFile(values, sources, isChat, problems);
  if (file !== undefined) {
    const known = modules.map(({ id }) => id);
    problems.push(...findTeamProblems(file.draft, known, file.locate));
    if (file.team !== undefined) {
      problems.push(...findChatProblems(file.team, chats, file.locate));
    }
  }
  const providers = modules.flatMap((module): ConfiguredProvider[] => {
    if (!isSwitchedOn(module, sources.environment)) {
      readIdleSettings(module, file, problems);
      return [];
    }
    const config = readProvider(module, values, file, problems);
    if (!isChat) problems.push(...findOutsideHosts(module, values, problems));
    return config === undefined ? [] : [{ module, config }];
  });
  const logLevel = readLogLevel(values['LOG_LEVEL'], problems);
  const listening = readListening(values, isChat, problems);
  const isAnyProviderOn = modules.some((module) => isSwitchedOn(module, sources.environment));
  const databaseUrl = readDatabaseUrl(
    values['DATABASE_URL'],
    { keepsNothing: !isChat && !isAnyProviderOn },
    problems,
  );
  if (isChat && !isAnyProviderOn) problems.push(noProvider);
  const team = file?.team;
  if (problems.length > 0 || team === undefined) throw new ConfigError(problems);
  return {
    dataDir: values['DATA_DIR'] ?? './data',
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    logLevel,
    chats,
    ...listening,
    team,
    teamFile: teamPath,
    providers,
    secrets: [
      ...providers.flatMap(({ module, config }) => listSecrets(module, config)),
      ...[chats.slack?.botToken, chats.slack?.appToken, chats.slack?.signingSecret].filter(isThere),
      ...[chats.discord?.botToken].filter(isThere),
      ...listDatabaseSecrets(databaseUrl),
    ],
  };
}

function isThere(value: string | undefined): value is string {
  return value !== undefined;
}

const noProvider: ConfigProblem = {
  path: 'environment',
  problem: 'No provider is switched on, so there would be nothing to ask and nobody to pay.',
  remedy:
    'Set the variables of one, as .env.example shows; `npm run -s sandbox` prints those of its simulators.',
};

function findTeamFile(
  values: Values,
  sources: ConfigSources,
  isChat: boolean,
  problems: ConfigProblem[],
): { path: string; file: TeamFile | undefined } {
  const named = values['TEAM_FILE'];
  const own = readText(named ?? './team.yaml', sources);
  // The people of the example are nobody's colleagues: only the playground knows them.
  const isOwn = named !== undefined || own.isThere || isChat;
  const path = isOwn ? (named ?? './team.yaml') : sources.exampleTeamFile;
  const text = isOwn ? own : readText(path, sources);
  if ('text' in text) return { path, file: readTeamFile(path, text.text, problems) };
  problems.push({
    path: named === undefined ? path : 'TEAM_FILE',
    problem: `The file${named === undefined ? '' : ' that it names'} ${text.problem}.`,
    remedy: 'Copy team.example.yaml to team.yaml and write your people and rules into it.',
  });
  return { path, file: undefined };
}

/** A variable with a mistake in it switches on too: whoever set it wants the provider. */
function isSwitchedOn(module: ProviderModule, environment: ConfigSources['environment']): boolean {
  const isGiven = (name: string) => (environment[name]?.trim() ?? '') !== '';
  return module.environment.some(({ name }) => isGiven(name) || isGiven(`${name}_FILE`));
}

function readProvider(
  module: ProviderModule,
  values: Values,
  file: TeamFile | undefined,
  problems: ConfigProblem[],
): ProviderConfig | undefined {
  if (file?.draft.providers !== undefined) {
    const settings = file.draft.providers[module.id];
    return configureProvider(module, values, settings, file.locate, problems);
  }
  // Without the team file's part its mistakes are not known, but those of the variables are.
  readVariables(module, values, problems);
  return undefined;
}

/** A mistake is told while the file is being written, not on the day the provider is switched on. */
function readIdleSettings(
  module: ProviderModule,
  file: TeamFile | undefined,
  problems: ConfigProblem[],
): void {
  const settings = file?.draft.providers?.[module.id] ?? undefined;
  if (file !== undefined && settings !== undefined) {
    readSettings(module, settings, file.locate, problems);
  }
}

/** Checks one provider's variables and settings; undefined when a problem was added. */
export function configureProvider(
  module: ProviderModule,
  values: Values,
  settings: unknown,
  locate: Locate,
  problems: ConfigProblem[],
): ProviderConfig | undefined {
  const before = problems.length;
  const environment = readVariables(module, values, problems);
  const parsed = readSettings(module, settings ?? {}, locate, problems);
  return problems.length > before ? undefined : { environment, settings: parsed };
}

function readSettings(
  module: ProviderModule,
  settings: unknown,
  locate: Locate,
  problems: ConfigProblem[],
): unknown {
  const parsed = module.settings.safeParse(settings, { error: wordIssue });
  const remedy = `See ${module.name} in team.example.yaml.`;
  const issues = parsed.error?.issues ?? [];
  problems.push(...explainIssues(issues, ['providers', module.id], locate, remedy));
  return parsed.data;
}

function readVariables(
  module: ProviderModule,
  values: Values,
  problems: ConfigProblem[],
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { name, defaultValue, isRequired, help } of module.environment) {
    const value = values[name] ?? defaultValue;
    if (value !== undefined) environment[name] = value;
    else if (isRequired && !isReported(name, problems)) {
      problems.push({
        path: name,
        problem: `${module.name} is switched on, but this is not set.`,
        remedy: toSentence(help),
      });
    }
  }
  return environment;
}

/** What was given and is wrong is neither missing nor left to its default. */
function isReported(name: string, problems: readonly ConfigProblem[]): boolean {
  return problems.some(({ path }) => path === name || path === `${name}_FILE`);
}

/** The playground knows nobody, so real money must be out of its reach. */
function findOutsideHosts(
  module: ProviderModule,
  values: Values,
  problems: readonly ConfigProblem[],
): ConfigProblem[] {
  return module.environment.flatMap(({ name, kind, defaultValue }) => {
    const value = values[name] ?? defaultValue;
    if (kind !== 'url' || value === undefined || isLoopback(value)) return [];
    if (isReported(name, problems)) return [];
    return [
      {
        path: name,
        problem: `Without a chat token Purser starts the playground, where anybody at this machine may act, so it does not connect to ${new URL(value).host}.`,
        remedy: `Set ${name} to a loopback address, or remove the ${module.name} variables to use its sandbox.`,
      },
    ];
  });
}

export function listSecrets(module: ProviderModule, config: ProviderConfig): string[] {
  return module.environment.flatMap(({ name, kind }) => {
    const value = config.environment[name];
    return value !== undefined && (kind === 'secret' || kind === 'private_key') ? [value] : [];
  });
}

function readLogLevel(text: string | undefined, problems: ConfigProblem[]): LogLevel {
  const level = logLevels.find((one) => one === (text ?? 'info'));
  if (level !== undefined) return level;
  problems.push({
    path: 'LOG_LEVEL',
    problem: 'It is not a level.',
    remedy: `Use one of ${logLevels.join(', ')}.`,
  });
  return 'info';
}
