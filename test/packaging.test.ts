// What the image, the compose file and the unit promise, as far as that shows without running them; and
// that Purser starts from what the image holds, for a user who may write none of it.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { discordVariables, generalVariables, slackVariables } from '../src/config.ts';
import { providerModules } from '../src/providers/registry.ts';
import { stopWithinMs } from '../src/signals.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const linesOf = (text: string) =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

const variables = new Set(
  [
    ...generalVariables,
    ...slackVariables,
    ...discordVariables,
    ...providerModules.flatMap(({ environment }) => environment),
  ].map(({ name }) => name),
);
const isVariable = (name: string) =>
  variables.has(name) || variables.has(name.replace(/_FILE$/, ''));
const secondsOf = (text: unknown) => Number(/^(\d+)s$/.exec(String(text))?.[1]);

interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly [key: string]: unknown;
}
const compose = parse(read('compose.yaml')) as {
  readonly services: { readonly purser: Service; readonly db: Service };
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: { readonly back: { readonly internal?: boolean } };
};

test('the image is built in one stage and run in another, by a user who is not root', () => {
  const lines = linesOf(read('Dockerfile'));
  const last = lines.findLastIndex((line) => line.startsWith('FROM '));
  expect(lines.filter((line) => line.startsWith('FROM '))).toEqual([
    'FROM node:24-slim AS build',
    'FROM node:24-slim',
  ]);
  const run = lines.slice(last);
  expect(run.filter((line) => /^(USER|VOLUME|STOPSIGNAL|EXPOSE) /.test(line))).toEqual([
    'USER 1000:1000',
    'VOLUME /data',
    'EXPOSE 8082',
    'STOPSIGNAL SIGTERM',
  ]);
  expect(lines[lines.findIndex((line) => line.includes('npm run build'))]).toContain(
    'npm ci --omit=dev',
  );
  const words = JSON.parse(/^ENTRYPOINT (.*)$/.exec(lines.at(-1) ?? '')?.[1] ?? '[]');
  const { scripts } = JSON.parse(read('package.json'));
  expect(`${words.join(' ').replace('/app/', '')}`).toBe(scripts.start.split(' && ').at(-1));
  const set = run.find((line) => line.startsWith('ENV '))?.matchAll(/([A-Z_]+)=/g) ?? [];
  for (const [, name = ''] of set) expect(name === 'NODE_ENV' || isVariable(name)).toBe(true);
});

test('the check of its health passes where Purser answers, and fails where nobody does', async () => {
  const line = linesOf(read('Dockerfile')).find((one) => one.startsWith('HEALTHCHECK ')) ?? '';
  const [, ...words] = JSON.parse(/CMD (\[.*\])$/.exec(line)?.[1] ?? '[]') as string[];
  const { openDoor } = await import('./door/open.ts');
  const { door } = await openDoor();
  const check = promisify(execFile);
  const env = { PATH: process.env['PATH'] ?? '', HTTP_PORT: new URL(door.origin).port };
  await check(process.execPath, words, { env });
  await door.stop();
  await expect(check(process.execPath, words, { env })).rejects.toMatchObject({ code: 1 });
});

test('nothing goes into the image but what it is built from', () => {
  const [all, ...kept] = linesOf(read('.dockerignore'));
  expect(all).toBe('*');
  const copied = linesOf(read('Dockerfile'))
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(kept.map((line) => line.slice(1)).sort()).toEqual([...copied].sort());
  for (const name of copied) expect(existsSync(join(root, name)), name).toBe(true);
});

test('compose runs it with nothing that it does not need, as often as one wants', () => {
  const { purser } = compose.services;
  expect(purser).toMatchObject({
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    depends_on: { db: { condition: 'service_healthy' } },
  });
  for (const name of ['container_name', 'ports', 'privileged', 'user']) {
    expect(purser).not.toHaveProperty(name);
  }
  // Whoever starts it again without a number would have one.
  expect(purser).toHaveProperty('deploy.replicas', `$\{PURSER_REPLICAS:-1}`);
  expect(read('docs/operations.md') + read('compose.yaml')).not.toMatch(/--scale[ =]/);
  expect(read('docs/operations.md')).toContain("echo 'PURSER_REPLICAS=2' >> .env\n");
  expect(purser.volumes).toEqual(['./team.yaml:/etc/purser/team.yaml:ro']);
  expect(secondsOf(purser['stop_grace_period']) * 1_000).toBeGreaterThan(stopWithinMs);
});

test('compose keeps the database to itself, and its data', () => {
  const { db } = compose.services;
  expect(db.image).toMatch(/^postgres:\d\d$/);
  // Since 18 the image keeps its data below this folder, in one of the version.
  expect(db.volumes).toEqual(['db:/var/lib/postgresql']);
  expect([db.networks, compose.networks.back.internal]).toEqual([['back'], true]);
  expect(db).toHaveProperty('healthcheck.test');
  expect(db).not.toHaveProperty('ports');
});

test('every secret of compose is a file, and every variable is one that Purser reads', () => {
  const { purser, db } = compose.services;
  const used = [...purser.secrets, ...db.secrets].sort();
  expect(Object.keys(compose.secrets).sort()).toEqual([...new Set(used)]);
  for (const [name, { file }] of Object.entries(compose.secrets)) {
    expect(file).toBe(`./secrets/${name}`);
  }
  for (const [name, value] of Object.entries(purser.environment)) {
    expect(isVariable(name), name).toBe(true);
    const secret = name.replace(/_FILE$/, '').toLowerCase();
    expect([name.endsWith('_FILE'), value]).toEqual([true, `/run/secrets/${secret}`]);
    expect(purser.secrets).toContain(secret);
  }
});

test('git keeps no secret of compose', () => {
  expect(read('.gitignore').split('\n')).toEqual(expect.arrayContaining(['secrets/', '.env']));
});

test('the unit gives Purser its folder and nothing else, and waits until it has ended', () => {
  const lines = linesOf(read('deploy/purser.service'));
  const settings = new Map(
    lines
      .filter((line) => line.includes('='))
      .map((line) => line.split(/=(.*)/s) as [string, string]),
  );
  for (const [name, value] of Object.entries({
    DynamicUser: 'yes',
    StateDirectory: 'purser',
    ProtectSystem: 'strict',
    NoNewPrivileges: 'yes',
    CapabilityBoundingSet: '',
    Restart: 'always',
    KillSignal: 'SIGTERM',
  })) {
    expect(settings.get(name), name).toBe(value);
  }
  expect(secondsOf(settings.get('TimeoutStopSec')) * 1_000).toBeGreaterThan(stopWithinMs);
  const { scripts } = JSON.parse(read('package.json'));
  const start = String(scripts.start.split(' && ').at(-1)).replace('dist/', '/opt/purser/dist/');
  expect(settings.get('ExecStart')).toBe(`/usr/bin/${start}`);
  for (const line of lines.filter((one) => one.startsWith('Environment='))) {
    const name = line.split('=')[1] ?? '';
    expect(['NODE_ENV', 'ENV_FILE'].includes(name) || isVariable(name), name).toBe(true);
  }
});

test('the unit leaves the file of secrets to Purser, and doctor is asked with the same of it', () => {
  const unit = linesOf(read('deploy/purser.service'));
  // It drops the backslashes of keys, and its empty lines go before what Environment= sets.
  expect(unit.filter((line) => line.startsWith('EnvironmentFile='))).toEqual([]);
  const pathIn = (name: string) => `ENV_FILE=/run/credentials/${name}/purser.env`;
  expect(unit).toContain(`Environment=${pathIn('%n')}`);
  const [, run = ''] = /^(systemd-run (?:.*\\\n)+.*)$/m.exec(read('docs/operations.md')) ?? [];
  const words = run.replace(/\\\n/g, '').split(/\s+/);
  const shared = /^(DynamicUser|StateDirectory(Mode)?|LoadCredential|WorkingDirectory)=/;
  const wanted = unit.flatMap((line) => {
    if (shared.test(line)) return [`--property=${line}`];
    return /^Environment=(DATA_DIR|TEAM_FILE)=/.test(line)
      ? [line.replace('Environment=', '--setenv=')]
      : [];
  });
  expect(wanted).toHaveLength(7);
  const given = words.filter((word) => /^--(property|setenv)=/.test(word));
  expect(given.sort()).toEqual(
    [...wanted, '--property=User=purser', `--setenv=${pathIn('purser-doctor.service')}`].sort(),
  );
  expect(words.slice(-3)).toEqual(['/usr/bin/node', '/opt/purser/dist/main.js', 'doctor']);
});

const analyse = '/usr/bin/systemd-analyze';
test.skipIf(!existsSync(analyse) || !existsSync('/usr/bin/node'))(
  'systemd finds nothing wrong with the unit',
  () => {
    const words = ['verify', '--man=no', join(root, 'deploy/purser.service')];
    const said = execFileSync(analyse, words, { encoding: 'utf8', stdio: 'pipe' });
    expect(said).toBe('');
  },
);

test('the unit lets Node start: V8 asks for memory protection keys as soon as it runs', () => {
  const filters = linesOf(read('deploy/purser.service')).filter((line) =>
    line.startsWith('SystemCallFilter='),
  );
  expect(filters).toEqual(['SystemCallFilter=@system-service @pkey']);
});

test.skipIf(!existsSync(analyse))('the calls that the unit allows have pkey_alloc', () => {
  const [, sets = ''] = /^SystemCallFilter=(.*)$/m.exec(read('deploy/purser.service')) ?? [];
  const words = ['syscall-filter', '--no-pager', ...sets.split(' ')];
  const listed = execFileSync(analyse, words, { encoding: 'utf8' });
  const calls = listed.split('\n').map((line) => line.trim());
  expect(calls).toEqual(expect.arrayContaining(['pkey_alloc', 'pkey_free', 'pkey_mprotect']));
});

/** The compiled program and the packages that it declares, without those for developing it. */
function copyProduction(): string {
  const folder = mkdtempSync(join(tmpdir(), 'purser-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const names = Object.entries(packages).flatMap(([path, one]) =>
    path.split('node_modules/').length === 2 && !one.dev && !one.devOptional ? [path] : [],
  );
  for (const name of ['dist', 'package.json', 'team.example.yaml', ...names]) {
    if (!existsSync(join(root, name))) continue;
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    execFileSync('cp', ['-a', join(root, name), target]);
  }
  execFileSync('chmod', ['-R', 'a-w,a+rX', folder]);
  onTestFinished(() => void execFileSync('chmod', ['-R', 'u+w', folder]));
  return folder;
}

test('it starts from what the image holds, and writes only where it is told to', async () => {
  const folder = copyProduction();
  const tmp = mkdtempSync(join(tmpdir(), 'purser-tmp-'));
  onTestFinished(() => rmSync(tmp, { recursive: true }));
  chmodSync(tmp, 0o777);
  const child = spawn(process.execPath, [join(folder, 'dist/main.js')], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmp, PLAYGROUND_PORT: '0', HTTP_PORT: '0' },
    // Root may write what nobody else may.
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const started = new Promise<void>((resolve) => {
    child.stdout.on('data', (text) => {
      said += text;
      if (said.includes('Stop it with Ctrl-C')) resolve();
    });
  });
  const ended = once(child, 'exit');
  await Promise.race([started, ended.then(() => Promise.reject(new Error(said)))]);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}, 60_000);
