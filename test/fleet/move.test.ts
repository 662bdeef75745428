// A team outgrows one machine: a folder with history is copied to a PostgreSQL, and a second replica is
// started, with the commands of README. What stood in the chat before is answered by either.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { savePayee } from '../stories/cast.ts';
import { createPlayer, posted, told } from '../town/player.ts';
import { type Database, openFolder, openPostgres, type Postgres } from './database.ts';
import { type Fleet, openFleet } from './index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: Database;
let postgres: Postgres;
let fleet: Fleet;
let hasMoved = false;

beforeAll(async () => {
  folder = await openFolder();
  postgres = await openPostgres({ serverUrl: await (await fetch(inject('postgresGate'))).text() });
  const database: Database = {
    environmentOf: (name) => (hasMoved ? postgres : folder).environmentOf(name),
    openStore: () => postgres.openStore(),
    async close() {
      await folder.close();
      await postgres.close();
    },
  };
  fleet = await openFleet({ database, replicas: 2, platforms: ['slack'] });
});
afterAll(() => fleet?.stop());

/** `npm run <name> -- <words>`, but for the build, which is done already. */
async function runScript(name: string, words: readonly string[], environment: object) {
  const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8'));
  const [, command = ''] = /^npm run -s build && node (.*)$/.exec(scripts[name]) ?? [];
  expect(command).not.toBe('');
  return await promisify(execFile)(process.execPath, [...command.split(' '), ...words], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
  });
}

test('a team moves to PostgreSQL by one command, and an old button answers on a second replica', {
  timeout: 120_000,
}, async () => {
  const [ana, ben] = [createPlayer(fleet, 'ana', 'slack'), createPlayer(fleet, 'ben', 'slack')];
  const [paid, open] = ['20.00 USD to Maria Santos', '30.00 USD to Maria Santos'];
  await fleet.start(1);
  await savePayee({ ana, ben }, 'payermax');
  for (const title of [paid, open]) {
    await ana.type(`/payout payermax ${title.slice(0, 5)} USD maria`);
    await ana.press(told(`Ask for ${title}?`), 'Ask for approval');
    await ben.sees(posted(title, 'Waiting for approval.'));
  }
  await ben.press(posted(paid), 'Approve');
  await ben.sees(posted(paid, 'With the provider.'));
  await fleet.advance(10_000);
  await ben.sees(posted(paid, 'Paid.'));
  expect(await fleet.replicas[0]?.stop()).toBe(0);

  const { stdout } = await runScript('store', ['copy'], {
    ...fleet.environment,
    ...folder.environmentOf('r1'),
    HTTP_PORT: '0',
    DATABASE_URL: postgres.url,
  });
  expect(stdout).toMatch(/copied/i);
  expect(stdout).not.toContain(new URL(postgres.url).password);

  hasMoved = true;
  await fleet.start();
  fleet.steerSlack('r2');
  await ben.press(posted(open), 'Approve');
  await ben.sees(posted(open, 'With the provider.'));
  expect(fleet.slackTaker().name).toBe('r2');
  await fleet.advance(10_000);
  await ben.sees(posted(open, 'Paid.'));
  for (const name of ['r1', 'r2']) {
    fleet.steerSlack(name);
    await ben.type('/purser audit verify');
    await ben.sees(told('The audit log is intact'));
    await ben.type('/payout list');
    await ben.sees(told('Payouts'));
  }
  expect(fleet.orders('payermax', '20.00 USD')).toEqual(['SUCCESS']);
  expect(fleet.orders('payermax', '30.00 USD')).toEqual(['SUCCESS']);
  // The folder knows that it has moved: nobody goes on from it by mistake.
  await fleet.replicas[1]?.stop();
  hasMoved = false;
  await expect(fleet.replicas[1]?.start()).rejects.toThrow(/moved/);
});
