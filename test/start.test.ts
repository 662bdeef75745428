// The built program, started as a person starts it: real process, real signals, an empty folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { privatePem } from './config/sources.ts';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly said: { out: string; err: string };
  /** Resolves with the first match in what was said, rejects when the program ends without it. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

let folder: string;
let running: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'purser-start-'));
  running = [];
});

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await rm(folder, { recursive: true });
});

function start(environment: Record<string, string>, ...words: string[]): Started {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(said.out + said.err);
        if (match !== null) resolve(match);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('close', () => reject(new Error(`it ended.\n${said.out}${said.err}`)));
      look();
    });
  return { child, said, until };
}

async function exitCodeOf({ child }: Started): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** Serves the sandboxes and connects one provider to its own, as README says. */
async function connectPayerMax(): Promise<string> {
  const sandboxes = start({}, 'sandbox', '0');
  await sandboxes.until(/The team file that fits/);
  const own = sandboxes.said.out.split('\n').filter((line) => line.startsWith('PAYERMAX_'));
  await writeFile(join(folder, '.env'), own.join('\n'));
  return /PAYERMAX_BASE_URL=http:\/\/([^/\s]+)/.exec(own.join('\n'))?.[1] ?? '';
}

/** It says why in sentences, not where in Purser, and ends with 1. */
async function expectRefusal(purser: Started, ...sentences: readonly string[]): Promise<void> {
  expect(await exitCodeOf(purser)).toBe(1);
  for (const sentence of sentences) expect(purser.said.err).toContain(sentence);
  expect(purser.said.err).not.toMatch(/\n\s+at /);
}

/** Reads the stream of a window until the answer's card is there. */
async function ask(url: string, line: string): Promise<string> {
  const stream = await fetch(`${url}/api/events?as=ana`);
  await fetch(`${url}/api/lines`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ as: 'ana', channel: 'general', text: line }),
  });
  let seen = '';
  for await (const chunk of stream.body ?? []) {
    seen += Buffer.from(chunk as Uint8Array).toString('utf8');
    if (seen.includes('of 5 providers answered in')) return seen;
  }
  throw new Error('the stream ended');
}

test('prints its address, answers from five sandboxes and stops on Ctrl-C', async () => {
  const purser = start({ PLAYGROUND_PORT: '0' });
  const [, url = ''] = await purser.until(/open at (http:\S+)/);
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>Purser');
  const answer = await ask(url, '/balance');
  expect(answer).toContain('5 of 5 providers answered');
  for (const name of ['Alignet', 'PayCross', 'PayerMax', 'PaynetEasy', 'SmilePayz']) {
    expect(answer).toContain(name);
  }
  await purser.until(/no real money can move/);
  purser.child.kill('SIGINT');
  expect(await exitCodeOf(purser)).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test('lists every mistake of the configuration and ends with 1', async () => {
  await writeFile(join(folder, '.env'), 'PLAYGROUND_PORT=99999\nSMILEPAYZ_PARTNER_ID=20001\n');
  const purser = start({ ALIGNET_BASE_URL: 'http://example.com' });
  expect(await exitCodeOf(purser)).toBe(1);
  for (const name of ['PLAYGROUND_PORT', 'SMILEPAYZ_MERCHANT_SECRET', 'ALIGNET_BASE_URL']) {
    expect(purser.said.err).toContain(name);
  }
  expect(purser.said.err).not.toMatch(/\n\s+at /);
});

test('reads its variables from the file that ENV_FILE names, as it reads .env', async () => {
  const path = join(folder, 'purser.env');
  const key = privatePem.replaceAll('\n', '\\n');
  await writeFile(path, `PLAYGROUND_PORT=99999\nHTTP_PORT=\nSMILEPAYZ_PRIVATE_KEY=${key}\n`);
  await writeFile(join(folder, '.env'), 'LOG_LEVEL=loud\n');
  const purser = start({ ENV_FILE: path, HTTP_PORT: 'none' });
  await expectRefusal(purser, 'PLAYGROUND_PORT', 'SMILEPAYZ_PARTNER_ID', 'HTTP_PORT');
  for (const name of ['SMILEPAYZ_PRIVATE_KEY', 'LOG_LEVEL']) {
    expect(purser.said.err).not.toContain(name);
  }
  await expectRefusal(start({ ENV_FILE: join(folder, 'gone') }), 'ENV_FILE', 'is not there');
  await writeFile(join(folder, '.env'), 'ENV_FILE=purser.env\n');
  await expectRefusal(start({}), '.env: It names itself or another by ENV_FILE.');
});

test('names another port when its own is taken', async () => {
  const first = start({ PLAYGROUND_PORT: '0' });
  const [, port = ''] = await first.until(/open at http:\/\/[^:]+:(\d+)/);
  const second = start({ PLAYGROUND_PORT: port });
  await expectRefusal(second, `port ${port} is already used`, 'PLAYGROUND_PORT=');
  const third = start({ PLAYGROUND_PORT: '0', HTTP_PORT: port });
  await expectRefusal(third, `port ${port} is already used`, 'HTTP_PORT=');
  await expectRefusal(start({}, 'sandbox', port), `port ${port} is already used`, 'sandbox ');
});

test('claims that no money can move only where it knows', async () => {
  const host = await connectPayerMax();
  const purser = start({ PLAYGROUND_PORT: '0' });
  await purser.until(/Stop it with/);
  expect(purser.said.out).toContain(
    `Purser asks PayerMax at ${host} and cannot know whether real money is there. ` +
      'The other 4 are sandboxes.',
  );
  expect(purser.said.out).not.toContain('no real money');
});

test('says in a sentence why it cannot keep its files', async () => {
  await connectPayerMax();
  const environment = { PLAYGROUND_PORT: '0', DATA_DIR: join(folder, 'data') };
  await start(environment).until(/Stop it with/);
  await expectRefusal(start(environment), 'set DATA_DIR to another folder');
  await writeFile(join(folder, 'file'), '');
  await expectRefusal(start({ ...environment, DATA_DIR: join(folder, 'file') }), 'DATA_DIR');
});

test('tells a team of one that nobody else can agree', async () => {
  await writeFile(
    join(folder, 'team.yaml'),
    'people:\n  - { id: ana, name: Ana, roles: [viewer, requester, approver] }\n',
  );
  const purser = start({ PLAYGROUND_PORT: '0' });
  await purser.until(/Stop it with/);
  expect(purser.said.out).toContain('You are Ana, the only person in the team file');
});

test('serves the sandboxes for other clients', async () => {
  const sandboxes = start({}, 'sandbox', '0');
  const [, url = ''] = await sandboxes.until(/SMILEPAYZ_BASE_URL=(\S+)/);
  await sandboxes.until(/The team file that fits/);
  await sandboxes.until(/The sandboxes are ready/);
  expect(sandboxes.said.out).not.toContain('are ready');
  const about = (await (await fetch(new URL('/_sandbox', url))).json()) as { id: string };
  expect(about.id).toBe('smilepayz');
  sandboxes.child.kill('SIGTERM');
  expect(await exitCodeOf(sandboxes)).toBe(0);
});

test('explains itself when it is called with something else', async () => {
  const purser = start({}, 'nonsense');
  expect(await exitCodeOf(purser)).toBe(2);
  expect(purser.said.err).toContain('Usage:');
});
