// How the real program stops: it says so at once to whoever asks whether it is ready, finishes what it
// began, and does not wait when it is told twice.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tokens } from '../bots/slack-server/index.ts';
import { createPlayer, told } from '../town/player.ts';
import { openFolder } from './database.ts';
import { type Fleet, openFleet } from './index.ts';
import { createReplica, type Replica } from './replica.ts';

let fleet: Fleet;
let replica: Replica;
let origin: string;

beforeEach(async () => {
  fleet = await openFleet({ database: await openFolder(), replicas: 1, platforms: ['slack'] });
  const port = await findFreePort();
  origin = `http://127.0.0.1:${port}`;
  const own = { HTTP_PORT: String(port), SLACK_APP_TOKEN: `${tokens.app}-r1` };
  replica = createReplica({
    name: 'r1',
    folder: fleet.folder,
    environment: () => ({ ...fleet.environment, ...own }),
    aheadMs: () => 0,
  });
  await replica.start();
});
afterEach(async () => {
  await replica.kill();
  await fleet.stop();
});

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const ready = async () => {
  const answer = await fetch(`${origin}/readyz`);
  return [answer.status, await answer.text()];
};

/** Ana has asked, and PayerMax takes its time. */
async function begin(ms: number) {
  const payermax = fleet.sandbox('payermax');
  payermax.switchFault({ name: 'slow', ms, times: 1 });
  const ana = createPlayer(fleet, 'ana', 'slack');
  const before = payermax.requests().length;
  await ana.type('/balance payermax');
  await expect.poll(() => payermax.requests().length).toBeGreaterThan(before);
  return ana;
}

test('health, readiness and metrics are there; told to stop, it is not ready and finishes', async () => {
  expect(await ready()).toEqual([200, 'ready\n']);
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  expect(metrics).toContain('purser_is_first 1\n');
  expect(metrics).toContain('process_resident_memory_bytes');
  const ana = await begin(1_500);
  const stopping = replica.stop();
  await expect.poll(ready, { timeout: 1_000 }).toEqual([503, 'Purser is stopping.\n']);
  await ana.sees(told('PayerMax'));
  expect(await stopping).toBe(0);
  const said = replica.lines.map(({ message }) => message);
  expect(said).toContain('Purser stops: what was begun comes to its end');
  expect(fleet.listTroubles()).toEqual([]);
});

test('told twice, it ends at once', async () => {
  await begin(9_000);
  void replica.stop();
  await replica.untilLine(({ message }) => message.startsWith('Purser stops'), 'it was told');
  expect(await replica.stop()).toBe(1);
});
