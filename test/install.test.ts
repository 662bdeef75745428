// The commands by which the operator's page installs and upgrades under systemd, run as they stand there,
// below another root, with a systemctl that writes down what it was asked and which program it saw.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const page = readFileSync(fileURLToPath(new URL('../docs/operations.md', import.meta.url)), 'utf8');
const blocks = [...page.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = '']) => block);
const blockWith = (...lines: readonly string[]) =>
  blocks.filter((block) => lines.every((line) => block.includes(`${line}\n`)));
const install = blockWith('systemctl enable --now purser').join('');
const upgrade = blockWith('systemctl stop purser', 'mv -T /opt/purser.new /opt/purser').join('');

const uid = process.getuid?.() ?? 0;

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'purser-install-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string>>, mode: number): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true, mode: mode | 0o100 });
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
  }
}

/** As whoever has built it left it: not root, and with a mask that lets nobody else read. */
function build(version: string, names: readonly string[]): string {
  const folder = makeFolder();
  const packages = names.map((name) => [`node_modules/${name}/index.js`, version]);
  const unit = { 'deploy/purser.service': '[Service]\n' };
  write(folder, { 'dist/main.js': version, 'docs/operations.md': '', ...unit }, 0o600);
  write(folder, { ...Object.fromEntries(packages), 'package.json': '{}' }, 0o666);
  write(folder, { 'team.example.yaml': '', 'team.yaml': '', '.env': 'A=1\n' }, 0o644);
  symlinkSync('one/index.js', join(folder, 'node_modules/link.js'));
  if (uid === 0) execFileSync('chown', ['-R', '1234:1234', folder]);
  return folder;
}

function makeMachine(): string {
  const machine = makeFolder();
  const told = `#!/bin/sh\necho "$*: $(cat '${machine}/opt/purser/dist/main.js')" >> '${machine}/told'\n`;
  write(machine, { 'bin/systemctl': told, 'bin/journalctl': '#!/bin/sh\n' }, 0o755);
  for (const name of ['opt', 'etc/systemd/system']) {
    mkdirSync(join(machine, name), { recursive: true, mode: 0o755 });
  }
  return machine;
}

function run(block: string, { machine, folder }: { machine: string; folder: string }): string {
  rmSync(join(machine, 'told'), { force: true });
  const moved = block.replace(/ \/(opt|etc)\//g, ` ${machine}/$1/`);
  const env = { PATH: `${machine}/bin:${process.env['PATH'] ?? ''}` };
  execFileSync('sh', ['-ec', `umask 077\n${moved}`], { cwd: folder, env, stdio: 'pipe' });
  return readFileSync(join(machine, 'told'), 'utf8');
}

/** Everybody may read it, and nobody but its owner, who runs the commands, may write. */
function expectGiven(path: string): void {
  const found = lstatSync(path);
  expect([path, found.uid]).toEqual([path, uid]);
  if (found.isSymbolicLink()) return;
  const wanted = found.isDirectory() ? 0o755 : 0o644;
  expect([path, (found.mode & 0o777).toString(8)]).toEqual([path, wanted.toString(8)]);
  if (!found.isDirectory()) return;
  for (const name of readdirSync(path)) expectGiven(join(path, name));
}

const isLinux = process.platform === 'linux';

test.runIf(isLinux)('what is installed is root’s, and the service may read it', () => {
  const machine = makeMachine();
  const told = run(install, { machine, folder: build('1', ['one']) });
  expect(told).toBe('daemon-reload: 1\nenable --now purser: 1\n');
  expectGiven(join(machine, 'opt/purser'));
  expect(lstatSync(join(machine, 'opt/purser/node_modules/link.js')).isSymbolicLink()).toBe(true);
  const modeOf = (name: string) => lstatSync(join(machine, name)).mode & 0o777;
  expect(modeOf('etc/purser')).toBe(0o755);
  expect(modeOf('etc/purser/purser.env')).toBe(0o600);
  expect(modeOf('etc/purser/team.yaml')).toBe(0o644);
  expect(modeOf('etc/systemd/system/purser.service')).toBe(0o644);
});

test.runIf(isLinux)('an upgrade takes the place of the old program while nothing runs', () => {
  const machine = makeMachine();
  run(install, { machine, folder: build('1', ['one', 'gone']) });
  for (const version of ['2', '3']) {
    const told = run(upgrade, { machine, folder: build(version, ['one', 'new']) });
    const before = String(Number(version) - 1);
    expect(told.split('\n').slice(0, -1)).toEqual([
      `stop purser: ${before}`,
      `daemon-reload: ${version}`,
      `start purser: ${version}`,
    ]);
    expectGiven(join(machine, 'opt/purser'));
    expect(readdirSync(join(machine, 'opt')).sort()).toEqual(['purser', 'purser.old']);
    const packages = readdirSync(join(machine, 'opt/purser/node_modules')).sort();
    expect(packages).toEqual(['link.js', 'new', 'one']);
    expect(readFileSync(join(machine, 'opt/purser.old/dist/main.js'), 'utf8')).toBe(before);
  }
});
