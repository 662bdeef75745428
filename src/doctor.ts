// `npm run doctor`: looks at everything that a set-up can have wrong, and says of each in one line what
// is wrong and what to do. It changes nothing and pays nothing, and may run beside a running Purser.
// One cause is one problem: what hangs on it is said not to have been checked.
import type { Finding } from './bots/types.ts';
import { createBots } from './bots.ts';
import { commands } from './commands/registry.ts';
import { type Config, isPlayground } from './config.ts';
import { type ConnectDeps, type Connections, connectProviders } from './connect.ts';
import { examineClocks } from './doctor/clocks.ts';
import { type DataLook, examineFolder } from './doctor/data.ts';
import { lookAtDatabase } from './doctor/database.ts';
import { type Area, type Examined, fine, inArea, problem, unchecked } from './doctor/findings.ts';
import { examineLedger } from './doctor/ledger.ts';
import { examineMachine, type Machine } from './doctor/machine.ts';
import { examinePorts } from './doctor/ports.ts';
import { examineProviders } from './doctor/providers.ts';
import { examineTeam } from './doctor/team.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import type { Log } from './log.ts';

export type { Examined } from './doctor/findings.ts';
export { type Machine, nodeVersionMin } from './doctor/machine.ts';
export { renderFindings } from './doctor/render.ts';

export interface DoctorDeps extends ConnectDeps {
  /** Where the build put the playground's page. */
  readonly assetsDir: string;
  readonly machine: Machine;
  /** Hears what takes long; undefined when that is over. */
  onProgress?(text: string | undefined): void;
}

/** Never rejects for what it looks at. */
export async function examine(config: Config, deps: DoctorDeps): Promise<readonly Examined[]> {
  const { connections, mistakes } = await connect(config, deps);
  const { log, connected, close } = connections;
  try {
    const examiningData = examineData(config, { ...deps, log, connections });
    const [clocks, machine, bots, data] = await Promise.all([
      examineClocks(config, deps.clock),
      examineMachine(deps.machine),
      examineBots(config, deps, log),
      examiningData,
    ]);
    const [providers, ports] = await Promise.all([
      examineProviders(connected, { clock: deps.clock, isClockOff: clocks.isOff }),
      examinePorts(config, data),
    ]);
    return [
      ...inArea('Configuration', [...mistakes.map(toFinding), ...describeMode(config, mistakes)]),
      ...inArea('This machine', [...machine, ...clocks.findings]),
      ...inArea('Data', data.findings),
      ...inArea('Team file', examineTeam(config)),
      ...bots,
      ...inArea('Providers', mistakes.length > 0 ? [providersUnchecked] : providers),
      ...inArea('Network', ports),
    ];
  } finally {
    await close();
  }
}

/** Where the configuration itself is wrong there is nothing to ask with; the rest is said to wait. */
export async function examineMistakes(
  error: ConfigError,
  machine: Machine,
): Promise<readonly Examined[]> {
  const why = 'the configuration must be right first';
  return [
    ...inArea('Configuration', error.problems.map(toFinding)),
    ...inArea('This machine', await examineMachine(machine)),
    ...inArea('Data', [unchecked('Storage', why)]),
    ...inArea('Team file', [unchecked('People and rules', why)]),
    ...inArea('Providers', [unchecked('Platforms and providers', why)]),
    ...inArea('Network', [unchecked('Ports', why)]),
  ];
}

function toFinding({ path, problem: what, remedy }: ConfigProblem): Finding {
  return problem(path, `${what} ${remedy}`);
}

const providersUnchecked = unchecked('Providers', 'the configuration must be right first');

interface Connecting {
  readonly connections: Omit<Connections, 'sandboxes'>;
  /** What only a provider’s own client finds in its configuration. */
  readonly mistakes: readonly ConfigProblem[];
}

async function connect(config: Config, deps: DoctorDeps): Promise<Connecting> {
  try {
    return { connections: await connectProviders(config, deps), mistakes: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const log = deps.openLog(config.secrets);
    const connections = { log, connected: [], close: async () => {} };
    return { connections, mistakes: error.problems };
  }
}

function describeMode(config: Config, mistakes: readonly ConfigProblem[]): Finding[] {
  if (mistakes.length > 0) return [];
  if (!isPlayground(config)) return [fine('Variables', `In order, with ${config.teamFile}.`)];
  const text =
    'No Slack or Discord token is set, so Purser starts the playground. docs/slack.md and docs/discord.md say how to connect.';
  return [fine('Chat', text)];
}

const areaOf: Readonly<Record<string, Area>> = { slack: 'Slack', discord: 'Discord' };

async function examineBots(config: Config, deps: DoctorDeps, log: Log): Promise<Examined[]> {
  const playground = {
    port: config.playgroundPort,
    money: '',
    hasExamplePayees: false,
    assetsDir: deps.assetsDir,
  };
  const bots = await createBots(
    { ...config.chats, team: config.team, playground },
    { clock: deps.clock, log, commands },
  );
  const found = await Promise.all(
    bots.map(async (bot) => inArea(areaOf[bot.platform] ?? 'Playground', await bot.check())),
  );
  return found.flat();
}

interface DataDeps extends DoctorDeps {
  readonly log: Log;
  readonly connections: Connecting['connections'];
}

async function examineData(config: Config, deps: DataDeps): Promise<DataLook> {
  const { connected } = deps.connections;
  if (isPlayground(config) && connected.every(({ isSandbox }) => isSandbox)) {
    const text = 'The playground with its own sandboxes keeps nothing.';
    return { findings: [fine('Storage', text)], books: undefined, hasPurser: false };
  }
  const { databaseUrl, dataDir } = config;
  const read = (look: DataLook) => addLedger(look, config, deps);
  if (databaseUrl !== undefined) {
    return await lookAtDatabase({ url: databaseUrl, dataDir }, deps, read);
  }
  return await read(await examineFolder(dataDir, deps.log));
}

async function addLedger(look: DataLook, config: Config, deps: DataDeps): Promise<DataLook> {
  if (look.books === undefined) return look;
  const ledger = await examineLedger(look.books, {
    clock: deps.clock,
    team: config.team,
    providerNames: new Map(deps.modules.map(({ id, name }) => [id, name])),
    onProgress: (text) => deps.onProgress?.(text),
  });
  deps.onProgress?.(undefined);
  return { ...look, findings: [...look.findings, ...ledger] };
}
