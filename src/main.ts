// The composition root, and the only reader of the process: its environment, arguments and signals.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { renderSlackManifest } from './bots.ts';
import { systemClock } from './clock.ts';
import { commands } from './commands/registry.ts';
import { type Config, isPlayground, loadConfig, readText } from './config.ts';
import { type Examined, examine, examineMistakes, renderFindings } from './doctor.ts';
import { ConfigError, StoreError, UserError } from './errors.ts';
import { createLog, type Log } from './log.ts';
import { providerModules } from './providers/registry.ts';
import { startPurser } from './purser.ts';
import { repeat } from './repeat.ts';
import { deliverNotifications, startSandboxes } from './sandboxes.ts';
import { stopOnSignal } from './signals.ts';
import { copyToPostgres, renderCopyReport } from './store/index.ts';

const usage = `Usage:
  purser                  start (without a chat token: the playground)
  purser doctor           is every token, channel, provider and clock in order?
  purser manifest [url]   the Slack app to paste once; with a public address for HTTP mode
  purser store copy       copy the data folder to the empty database of DATABASE_URL
  purser sandbox [port]   serve the five simulators from that port on (default 8101)
`;

/** Named where the folder in which Purser starts is no place for secrets: under systemd. */
const namedEnvFile = process.env['ENV_FILE']?.trim() || undefined;
const envFile = namedEnvFile ?? '.env';

const assetsDir = fileURLToPath(new URL('./bots/playground/page/', import.meta.url));

const signalDeps = {
  clock: systemClock,
  host: {
    on: (signal: 'SIGINT' | 'SIGTERM', listener: () => void) => process.on(signal, listener),
    exit: (code: number) => process.exit(code),
  },
};

await main(process.argv.slice(2));

async function main([command, ...rest]: string[]): Promise<void> {
  try {
    if (command === undefined) await start();
    else if (command === 'doctor') await runDoctor();
    else if (command === 'manifest') await printManifest(rest[0] ?? process.env['PUBLIC_URL']);
    else if (command === 'store' && rest.join(' ') === 'copy') await copyFolder();
    else if (command === 'sandbox') await serveSandboxes(rest[0] ?? '8101');
    else {
      process.stderr.write(usage);
      process.exitCode = 2;
    }
  } catch (error) {
    process.exitCode = 1;
    const isTold =
      error instanceof ConfigError || error instanceof StoreError || error instanceof UserError;
    if (!isTold) throw error;
    process.stderr.write(`${error.message}\n`);
  }
}

async function start(): Promise<void> {
  const config = readConfig();
  let log: Log | undefined;
  const purser = await startPurser(config, {
    clock: systemClock,
    openLog(secrets) {
      log = createLog({ level: config.logLevel, secrets, destination: process.stderr });
      return log;
    },
    modules: providerModules,
    assetsDir,
    onBegun: (begun) => stopOnSignal(begun, { ...signalDeps, log: () => log }),
    onStarted: ({ line }) => process.stdout.write(`\n  ${line}\n`),
  });
  const tips = isPlayground(config) ? [describePlaygroundTeam(config), ''] : [''];
  process.stdout.write(
    ['', ...tips, purser.money, 'Stop it with Ctrl-C.', '']
      .map((line) => (line === '' ? '\n' : `  ${line}\n`))
      .join('')
      .replace(/\n\n+/g, '\n\n'),
  );
}

function readConfig(): Config {
  return loadConfig({
    environment: { ...readDotEnv(), ...process.env },
    readFile,
    exampleTeamFile: fileURLToPath(new URL('../team.example.yaml', import.meta.url)),
    modules: providerModules,
  });
}

function describePlaygroundTeam({ team }: Config): string {
  const [first, ...others] = team.people.map(({ name }) => name);
  const rest =
    others.length === 0
      ? ', the only person in the team file: nobody else can agree to a payout'
      : `; each window can be another person (${others.join(', ')})`;
  return `Try /balance there. You are ${first}${rest}.`;
}

async function runDoctor(): Promise<void> {
  const findings = await examineAll();
  const { isTTY, columns } = process.stdout;
  const isColoured = isTTY && (process.env['NO_COLOR'] ?? '') === '';
  process.stdout.write(renderFindings(findings, { isColoured, ...(isTTY && { columns }) }));
  if (findings.some(({ level }) => level === 'problem')) process.exitCode = 1;
}

async function examineAll(): Promise<readonly Examined[]> {
  const machine = { nodeVersion: process.versions.node, envFile };
  try {
    return await examine(readConfig(), {
      clock: systemClock,
      // What goes wrong is on its line; a log beside it would say it twice.
      openLog: (secrets) => createLog({ level: 'silent', secrets, destination: process.stderr }),
      modules: providerModules,
      assetsDir,
      machine,
      // Over and over in one line, for whoever waits before a terminal.
      onProgress: (text = '') => process.stderr.isTTY && process.stderr.write(`\r\u001b[K${text}`),
    });
  } catch (error) {
    if (error instanceof ConfigError) return await examineMistakes(error, machine);
    throw error;
  }
}

async function printManifest(publicUrl: string | undefined): Promise<void> {
  if (publicUrl !== undefined && !/^https:\/\/[^/\s]+/.test(publicUrl)) {
    throw new UserError(
      `“${publicUrl}” is no address that Slack can call. It begins with https://.`,
    );
  }
  const manifest = await renderSlackManifest(commands, publicUrl);
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
}

async function copyFolder(): Promise<void> {
  const { dataDir, databaseUrl, logLevel, secrets } = readConfig();
  if (databaseUrl === undefined) {
    throw new UserError(
      'Set DATABASE_URL to the empty database to which the data folder is copied.',
    );
  }
  const log = createLog({ level: logLevel, secrets, destination: process.stderr });
  const url = databaseUrl;
  process.stdout.write(
    renderCopyReport(await copyToPostgres({ dataDir, url, clock: systemClock, log })),
  );
}

async function serveSandboxes(portText: string): Promise<void> {
  if (!/^\d{1,5}$/.test(portText) || Number(portText) > 65_530) {
    throw new UserError(`“${portText}” is not a port. Use a number from 0 to 65530.`);
  }
  const sandboxes = await startSandboxes(providerModules, Number(portText), systemClock);
  process.stdout.write(sandboxes.description);
  // Who writes that into a file would wait for nothing to be seen.
  if (!process.stdout.isTTY)
    process.stderr.write('The sandboxes are ready. Stop them with Ctrl-C.\n');
  const log = createLog({ level: 'warn', secrets: [], destination: process.stderr });
  const stopDelivery = repeat(log, () => deliverNotifications(sandboxes.running, log));
  const stop = async () => {
    await stopDelivery();
    await sandboxes.stop();
  };
  stopOnSignal({ stop, listLeft: () => ['the sandboxes'] }, { ...signalDeps, log: () => log });
}

function readDotEnv(): Record<string, string | undefined> {
  const file = readText(envFile, { readFile });
  const refuse = (problem: string, remedy: string) => {
    const path = namedEnvFile === undefined ? '.env' : 'ENV_FILE';
    return new ConfigError([{ path, problem, remedy }]);
  };
  if ('text' in file) {
    const values = parseEnv(file.text);
    if (!values['ENV_FILE']) return values;
    throw refuse('It names itself or another by ENV_FILE.', 'Set that where Purser is started.');
  }
  // Nobody needs the usual one; who names another means it.
  if (!file.isThere && namedEnvFile === undefined) return {};
  const which = namedEnvFile === undefined ? '' : 'that it names ';
  throw refuse(`The file ${which}${file.problem}.`, 'Make it a file, like .env.example.');
}

function readFile(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
