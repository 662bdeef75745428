// `npm run doctor`: looks at everything that Purser needs from others, and says of each what is wrong
// and what to do. It changes nothing and pays nothing, and may run beside a running Purser.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createBalanceDesk } from './balances.ts';
import type { Finding } from './bots/types.ts';
import { createBots } from './bots.ts';
import type { Clock } from './clock.ts';
import { commands } from './commands/registry.ts';
import type { ConnectedProvider } from './commands/types.ts';
import { type Config, isPlayground } from './config.ts';
import { type ConnectDeps, connectProviders } from './connect.ts';

export interface DoctorDeps extends ConnectDeps {
  /** Where the build put the playground's page. */
  readonly assetsDir: string;
}

/** Signatures of providers and platforms hold for a few minutes; well before that it must be seen. */
const clockDriftMaxMs = 30_000;
const askMaxMs = 5000;

/** Never rejects for what it looks at. */
export async function examine(config: Config, deps: DoctorDeps): Promise<readonly Finding[]> {
  const { log, connected, close } = await connectProviders(config, deps);
  try {
    const bots = await createBots(
      {
        ...config.chats,
        team: config.team,
        playground: {
          port: config.playgroundPort,
          money: '',
          hasExamplePayees: false,
          assetsDir: deps.assetsDir,
        },
      },
      { clock: deps.clock, log, commands },
    );
    const found = await Promise.all([
      ...bots.map((bot) => bot.check()),
      examineProviders(connected, deps.clock),
      examineClocks(listOrigins(config), deps.clock),
      examineFolder(config.dataDir),
    ]);
    return [...describeMode(config), ...found.flat(), ...findIdleChannels(config)];
  } finally {
    await close();
  }
}

function describeMode(config: Config): Finding[] {
  if (!isPlayground(config)) return [];
  const text =
    'No Slack or Discord token is set, so Purser starts the playground. docs/slack.md and docs/discord.md say how to connect.';
  return [{ level: 'fine', what: 'Chat', text }];
}

async function examineProviders(
  connected: readonly ConnectedProvider[],
  clock: Clock,
): Promise<Finding[]> {
  const desk = createBalanceDesk(
    connected.map(({ provider }) => provider),
    { clock },
  );
  const results = await desk.read(connected.map(({ module }) => module.id));
  return connected.map(({ module, provider, host, isSandbox }): Finding => {
    const what = module.name;
    const where = isSandbox ? `its sandbox at ${host}` : host;
    const result = results.find((one) => one.provider === module.id);
    if (result === undefined || !result.ok) {
      const why = result === undefined ? 'It was not asked.' : result.error.message;
      const remedy = result?.error.remedy;
      return { level: 'problem', what, text: remedy === undefined ? why : `${why} ${remedy}` };
    }
    const { lines, failures } = result.now.reading;
    const [failure] = failures;
    if (failure !== undefined) {
      const text = `${failures.length} of its accounts failed; ${failure.account}: ${failure.error.message} ${failure.error.remedy ?? ''}`;
      return { level: 'warning', what, text: text.trim() };
    }
    const pays = provider.payouts === undefined ? 'it cannot pay out as it is set' : 'it can pay';
    const count = `${lines.length} ${lines.length === 1 ? 'account' : 'accounts'}`;
    const took = `${Math.round(result.tookMs)} ms`;
    return { level: 'fine', what, text: `${where} answers in ${took} with ${count}; ${pays}.` };
  });
}

/** Of every server that checks what time Purser writes on its requests. */
function listOrigins({ chats, providers }: Config): string[] {
  const urls = [
    chats.slack?.apiUrl,
    chats.discord?.apiUrl,
    ...providers.flatMap(({ module, config }) =>
      module.environment.flatMap(({ name, kind }) =>
        kind === 'url' ? [config.environment[name]] : [],
      ),
    ),
  ];
  return [...new Set(urls.flatMap((url) => (url === undefined ? [] : [new URL(url).origin])))];
}

async function examineClocks(origins: readonly string[], clock: Clock): Promise<Finding[]> {
  const drifts = await Promise.all(origins.map((origin) => measureDrift(origin, clock)));
  const known = drifts.flatMap((one) => one ?? []);
  if (known.length === 0) return [];
  // One server may be wrong itself; the one that agrees best with this clock speaks for it.
  const [best = 0] = known.map((ms) => Math.abs(ms)).sort((a, b) => a - b);
  if (best <= clockDriftMaxMs) {
    const count = `${known.length} ${known.length === 1 ? 'server' : 'servers'}`;
    return [
      { level: 'fine', what: 'Clock', text: `It agrees with ${count} that it is used with.` },
    ];
  }
  const seconds = Math.round(best / 1000);
  const text = `This machine’s clock is ${seconds} s off: signed requests are refused. Switch on time synchronisation (NTP).`;
  return [{ level: 'problem', what: 'Clock', text }];
}

/** Undefined where the server gives no time, or none within a few seconds. */
async function measureDrift(origin: string, clock: Clock): Promise<number | undefined> {
  try {
    const startedAt = clock.now();
    const answer = await fetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(askMaxMs),
    });
    const theirs = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return undefined;
    // The header has whole seconds; the middle of the exchange is the best guess for ours.
    return (startedAt + clock.now()) / 2 - (theirs + 500);
  } catch {
    return undefined;
  }
}

async function examineFolder(dataDir: string): Promise<Finding[]> {
  const what = 'DATA_DIR';
  const folder = resolve(dataDir);
  const found = await findExisting(folder);
  try {
    await access(found, constants.R_OK | constants.W_OK);
    // A file in the place of a folder can be written to, and nothing can be made in it.
    if (!(await stat(found)).isDirectory()) throw new TypeError(`${found} is no folder`);
    const text = found === folder ? 'can be read and written.' : 'is made at the first start.';
    return [{ level: 'fine', what, text: `${folder} ${text}` }];
  } catch {
    const text = `${folder} cannot be written by this user. Give it to the user that runs Purser, or set DATA_DIR to another folder.`;
    return [{ level: 'problem', what, text }];
  }
}

/** Itself, or the nearest folder above it that is there: the rest is made in it. */
async function findExisting(path: string): Promise<string> {
  const above = dirname(path);
  if (above === path) return path;
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? path : findExisting(above);
}

/** Whoever wrote them expects messages there. */
function findIdleChannels({ team, chats }: Config): Finding[] {
  const named = [
    ...Object.values(team.channels).flat(),
    ...team.digests.flatMap(({ to }) => to),
  ].filter((key) => isOff(key, chats));
  return [...new Set(named)].map((what) => {
    const platform = platformNames[what.split(':')[0] ?? ''] ?? 'its platform';
    const text = `The team file names it, but ${platform} is not switched on: nothing is posted there.`;
    return { level: 'warning', what, text };
  });
}

const platformNames: Readonly<Record<string, string>> = {
  slack: 'Slack',
  discord: 'Discord',
  playground: 'the playground',
};

function isOff(key: string, { slack, discord }: Config['chats']): boolean {
  if (key.startsWith('slack:')) return slack === undefined;
  if (key.startsWith('playground:')) return slack !== undefined || discord !== undefined;
  return key.startsWith('discord:') && discord === undefined;
}

const marks: Readonly<Record<Finding['level'], string>> = {
  fine: '✓',
  warning: '!',
  problem: '✗',
  unchecked: '·',
};

/** One line each, and what it comes to at the end. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length), 0);
  const lines = findings.map(
    ({ level, what, text }) => `  ${marks[level]} ${what.padEnd(width)}  ${text}`,
  );
  const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const say = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const end =
    problems + warnings === 0
      ? 'All is well.'
      : `${say(problems, 'problem')}, ${say(warnings, 'warning')}.`;
  return `\n${lines.join('\n')}\n\n  ${end}\n\n`;
}
