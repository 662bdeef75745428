// Broken set-ups, each before the real program: its cause is one line, which says what to do, and
// nothing else is called a problem.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openLowdbStore } from '../../src/store/index.ts';
import { permissions } from '../bots/discord-server/index.ts';
import { change } from '../contracts/store-subject.ts';
import { accounts, channels, openTown, type Town, type TownOptions } from '../town/index.ts';
import { runDoctor, type Told } from './program.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A town in which all is well, with one provider and one chat so that it is quick. */
async function settle(options: TownOptions = {}): Promise<Town> {
  const town = await openTown({ isAsleep: true, platforms: ['slack'], ...options });
  stops.push(() => town.stop());
  const guest = town.slack.server.workspace.users.get(accounts.slack.gus);
  if (guest !== undefined) guest.is_restricted = false;
  const member = town.discord.server.state.members.get(accounts.discord.gus);
  if (member !== undefined) member.flags = 0;
  return town;
}

const others = /^(ALIGNET|PAYCROSS|PAYNETEASY|SMILEPAYZ)_/;

async function examine(
  { environment, teamFile }: Town,
  changes: Readonly<Record<string, string>> = {},
  text = teamFile,
): Promise<Told> {
  const own = Object.entries(environment).filter(([name]) => !others.test(name));
  return await runDoctor({
    environment: { ...Object.fromEntries(own), ...changes },
    teamFile: text,
  });
}

function expectOne(told: Told, cause: RegExp): void {
  expect(told.problems).toEqual([expect.stringMatching(cause)]);
  expect(told.code).toBe(1);
  expect(told.out).toMatch(/\n1 problem[.,;]/);
  expect(told.err).toBe('');
}

async function writeLedger(dataDir: string): Promise<void> {
  const store = await openLowdbStore({
    dataDir,
    clock: { now: () => 1_764_000_000_000, sleep: async () => {} },
    log: (await import('../support.ts')).createRecordingLog(),
  });
  for (const n of [1, 2, 3]) {
    await store.commit([change({ id: `p${n}`, isOpen: false, value: { n } })], [{ n }]);
  }
  await store.close();
}

test('a set-up in which all is well is told so, and ends with 0', async () => {
  const told = await examine(await settle({ platforms: ['slack', 'discord'] }));
  expect(told.out).toContain('All is well.');
  expect({ ...told, out: '' }).toEqual({
    ...{ code: 0, out: '', err: '' },
    ...{ problems: [], warnings: [], unchecked: [] },
  });
  for (const area of ['Configuration', 'This machine', 'Data', 'Slack', 'Discord', 'Providers']) {
    expect(told.out).toMatch(new RegExp(`^${area}$`, 'm'));
  }
});

describe('Slack', () => {
  test('a wrong bot token', async () => {
    const told = await examine(await settle(), { SLACK_BOT_TOKEN: 'xoxb-wrong' });
    expectOne(told, /^Slack token .*does not accept SLACK_BOT_TOKEN \(invalid_auth\)\. Copy it/);
    expect(told.unchecked.join('\n')).toMatch(/Channels on Slack .*Not checked: the token is ref/);
    expect(told.out).not.toContain('xoxb-wrong');
  });

  test('a wrong app token', async () => {
    const told = await examine(await settle(), { SLACK_APP_TOKEN: 'xapp-wrong' });
    expectOne(told, /^Slack app token .*SLACK_APP_TOKEN .*connections:write/);
  });

  test('a missing scope', async () => {
    const town = await settle();
    town.slack.server.scopes.delete('users:read');
    const told = await examine(town);
    expectOne(told, /^Slack scopes .*Missing: users:read\. Put the manifest .* install it again/);
    expect(told.unchecked).toEqual([expect.stringMatching(/^People on Slack .*users:read/)]);
  });

  test('a channel that the bot is not in', async () => {
    const town = await settle();
    const channel = town.slack.server.workspace.channels.get(channels.slack.approvals);
    if (channel !== undefined) channel.isMember = false;
    expectOne(await examine(town), /^slack:C01 .*not in #c01: write “\/invite @purser” there/);
  });

  test('a person whom the workspace does not know', async () => {
    const town = await settle();
    town.slack.server.workspace.users.delete(accounts.slack.ben);
    expectOne(await examine(town), /^Ben Okafor on Slack .*U0BEN .*check the id in the team file/);
  });

  test('an outage', async () => {
    const town = await settle();
    await town.slack.away();
    expectOne(await examine(town), /^Slack token .*cannot be reached\. Look at .* try again/);
    await town.slack.back();
  });
});

describe('Discord', () => {
  test('a wrong token', async () => {
    const told = await examine(await settle({ platforms: ['discord'] }), {
      DISCORD_BOT_TOKEN: 'wrong',
    });
    expectOne(told, /^Discord token .*refuses DISCORD_BOT_TOKEN: copy the token again/);
  });

  test('another server', async () => {
    const told = await examine(await settle({ platforms: ['discord'] }), {
      DISCORD_GUILD_ID: '999999999999999999',
    });
    expectOne(told, /^Discord server .*not in the server 9{18}: check DISCORD_GUILD_ID, or invite/);
  });

  test('commands that it may not register', async () => {
    const town = await settle({ platforms: ['discord'] });
    town.discord.server.state.mayRegister = false;
    expectOne(await examine(town), /^Discord commands .*may not register .*invite it again with/);
  });

  test('a channel that takes a permission away', async () => {
    const town = await settle({ platforms: ['discord'] });
    const { state } = town.discord.server;
    const channel = state.channels.get(channels.discord.audit);
    const deny = String(permissions.attachFiles);
    if (channel !== undefined) {
      channel.overwrites = [{ id: state.guild, type: 0, allow: '0', deny }];
    }
    expectOne(await examine(town), /^discord:2.*2 .*lacks in #.*: Attach Files\. Allow it/);
  });

  test('an outage', async () => {
    const town = await settle({ platforms: ['discord'] });
    await town.discord.away();
    expectOne(await examine(town), /^Discord token .*cannot be reached .*Look at .* try again/);
  });
});

describe('a provider', () => {
  test('that does not take the key', async () => {
    const told = await examine(await settle(), { PAYERMAX_APP_ID: 'wrong' });
    expectOne(told, /^PayerMax .*Check PAYERMAX_APP_ID/);
  });

  test('that is down', async () => {
    const town = await settle();
    town.sandbox('payermax').switchFault({ name: 'http_500' });
    expectOne(await examine(town), /^PayerMax .*a problem of its own \(HTTP 500\)/);
  });

  test('whose clock is another', async () => {
    const town = await settle();
    // The simulators go by the town’s clock, and the program by the machine’s.
    town.clock.advance(3_600_000);
    const told = await examine(town);
    expectOne(told, /^PayerMax .*refused the time of the request .*clock is .* Set it by NTP/);
    expect(told.warnings).toEqual([
      expect.stringMatching(/^Clock .*3[56]\d\d s ahead of all others/),
    ]);
  });

  test('whose setting was left out', async () => {
    const town = await settle({ team: { providers: { alignet: {} } } });
    const own = Object.entries(town.environment).filter(([name]) => name.startsWith('ALIGNET_'));
    const told = await examine(town, Object.fromEntries(own));
    expectOne(told, /^team\.yaml: providers\.alignet\.amount_decimals .*agree on it with Alignet/);
    expect(told.unchecked).toEqual([expect.stringMatching(/^Providers .*Not checked/)]);
  });
});

describe('the data', () => {
  test('a file in the place of the folder', async () => {
    const town = await settle();
    const place = join(town.dataDir, 'file');
    await writeFile(place, '');
    const told = await examine(town, { DATA_DIR: place });
    expectOne(told, /^DATA_DIR .*cannot be written by this user.*or set DATA_DIR to another/);
  });

  test('a folder that a Purser elsewhere may have', async () => {
    const town = await settle();
    await mkdir(join(town.dataDir, 'lock'));
    const holder = {
      ...{ pid: 7, host: 'another', boot: '00000000-0000-0000-0000-000000000000' },
      ...{ since: '2026-11-27T00:00:00.000Z', socket: '00.sock', isReleased: false },
    };
    await writeFile(join(town.dataDir, 'lock', '1.json'), JSON.stringify(holder));
    const told = await examine(town);
    expectOne(told, /^DATA_DIR .*process 7 on another.*Stop Purser there/);
  });

  test('an audit log that was changed', async () => {
    const town = await settle();
    await writeLedger(town.dataDir);
    const path = join(town.dataDir, 'audit.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"n":2', '"n":7'));
    const told = await examine(town);
    expectOne(told, /^Audit log .*from entry 2 on: entry 2 was changed\. Keep it as evidence/);
  });

  test('a damaged file', async () => {
    const town = await settle();
    await writeLedger(town.dataDir);
    const path = join(town.dataDir, 'open.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"sequence":3', '"sequence":2'));
    const told = await examine(town);
    expectOne(told, /^DATA_DIR .*open\.json is damaged.*Its copy .* is good/);
    expect(told.unchecked.map((line) => line.split('  ')[0])).toEqual(['Audit log', 'Payouts']);
  });

  test('of a newer Purser', async () => {
    const town = await settle();
    await writeLedger(town.dataDir);
    const path = join(town.dataDir, 'open.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"schema":1', '"schema":2'));
    expectOne(await examine(town), /^DATA_DIR .*newer Purser \(schema 2.*Start that version/);
  });
});

describe('the network', () => {
  test('a port that another program has', async () => {
    const town = await settle();
    const server = createServer((_request, response) => response.end('another'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(async () => server.close());
    const { port } = server.address() as AddressInfo;
    const told = await examine(town, { HTTP_PORT: String(port) });
    expectOne(told, /^HTTP_PORT .*is used by another program\. Stop that program, or choose/);
  });

  test('a port of the playground that another program has', async () => {
    const server = createServer((_request, response) => response.end('another'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(async () => server.close());
    const { port } = server.address() as AddressInfo;
    const told = await runDoctor({ environment: { PLAYGROUND_PORT: String(port) } });
    expectOne(told, /^PLAYGROUND_PORT .*used by another program\. .*PLAYGROUND_PORT=\d+\./);
  });

  test('an address of another machine', async () => {
    const told = await examine(await settle(), { HTTP_HOST: '192.0.2.1', HTTP_PORT: '18082' });
    expectOne(told, /^HTTP_HOST .*no address 192\.0\.2\.1\. Choose one of its own/);
  });
});

describe('the team file', () => {
  test('names an approver who is nobody', async () => {
    const town = await settle();
    const told = await examine(town, {}, town.teamFile.replace('- ben', '- bob'));
    expectOne(told, /team\.yaml:\d+: approvals\[0\]\.from .*Nobody has the id bob.* Use ids from/);
  });

  test('has a rule that nobody can satisfy', async () => {
    const rule = { when: { currency: 'USD' }, need: 2, from: ['ana', 'ben'] };
    const people = [
      { id: 'ana', name: 'Ana Torres', roles: ['viewer', 'requester', 'approver', 'admin'] },
      { id: 'ben', name: 'Ben Okafor', roles: ['viewer', 'approver'] },
      { id: 'cy', name: 'Cy Lindqvist', roles: ['viewer', 'approver'] },
    ].map((one) => ({
      ...one,
      slack: { team: 'T01', user: accounts.slack[one.id as 'ana'] },
      discord: { user: accounts.discord[one.id as 'ana'] },
    }));
    const told = await examine(await settle({ team: { people, approvals: [rule] } }));
    expectOne(told, /^approvals\[0\] .*Nobody can ever satisfy it .*2 must agree.*lower need/);
  });
});

test('several mistakes of the configuration are each a line', async () => {
  const town = await settle();
  const told = await examine(town, {
    HTTP_PORT: '99999',
    SLACK_BOT_TOKN: 'xoxb-1',
    LOG_LEVEL: 'x',
  });
  expect(told.problems.map((line) => line.split(/ {2,}/)[0])).toEqual([
    'SLACK_BOT_TOKN',
    'LOG_LEVEL',
    'HTTP_PORT',
  ]);
  expect(told.out).toContain('\n3 problems; 4 not checked.\n');
  expect(told.code).toBe(1);
});

test('a file of secrets that everybody may read is a warning', async () => {
  const town = await settle();
  const { environment, teamFile } = town;
  const secret = `SLACK_BOT_TOKEN=${environment['SLACK_BOT_TOKEN']}\n`;
  const dotEnv = { text: secret, mode: 0o644 };
  const given = { environment: { ...environment, SLACK_BOT_TOKEN: undefined }, teamFile };
  const told = await runDoctor({ ...given, dotEnv });
  expect(told.problems).toEqual([]);
  expect(told.warnings).toEqual([expect.stringMatching(/^\.env .*mode 644.*chmod 600 \.env/)]);
  expect(told.code).toBe(0);
  const safe = await runDoctor({ ...given, dotEnv: { ...dotEnv, mode: 0o600 } });
  expect(safe.warnings).toEqual([]);
});

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('beside a running Purser it names its process, and disturbs nothing', async () => {
  const port = String(await findFreePort());
  const publicUrl = `http://127.0.0.1:${port}`;
  const town = await settle({ environment: { HTTP_PORT: port, PUBLIC_URL: publicUrl } });
  const before = await examine(town);
  expect(before.out).toMatch(/DATA_DIR .*; no Purser uses it now\./);
  expect(before.unchecked).toEqual([
    expect.stringMatching(/^PUBLIC_URL .*asked while Purser is running/),
  ]);
  await town.startPurser();
  const told = await examine(town);
  expect(told.problems).toEqual([]);
  expect(told.warnings).toEqual([]);
  expect(told.out).toContain(`a running Purser uses it (process ${process.pid}, since `);
  expect(told.out).toMatch(/HTTP_PORT .* is that of the Purser that is running\./);
  expect(told.out).toMatch(/PUBLIC_URL .* leads to the Purser that is running\./);
  const astray = await examine(town, { PUBLIC_URL: town.environment['PAYERMAX_BASE_URL'] ?? '' });
  expect(astray.problems).toEqual([]);
  expect(astray.warnings).toEqual([
    expect.stringMatching(/^PUBLIC_URL .*answered by something else \(HTTP 4\d\d\)\. Check the/),
  ]);
  // Whose time it asked for at an address that is no method.
  const isAsked = (text: string) => text.startsWith('Slack: unknown_method');
  expect(town.listTroubles().filter((text) => !isAsked(text))).toEqual([]);
}, 60_000);
