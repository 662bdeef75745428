// What whoever looks after Purser may ask, and what comes through a reverse proxy may not.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { limits } from '../../src/door/limits.ts';
import { createReadiness } from '../../src/readiness.ts';
import { dial, openDoor } from './open.ts';

const metrics = {
  render: async () => ({ contentType: 'text/plain', text: 'purser_is_first 1\n' }),
};
const proxies = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

test('the process lives, also while Purser starts and stops', async () => {
  const { ask, readiness } = await openDoor();
  for (const change of [() => {}, readiness.open, readiness.stop]) {
    change();
    const answer = await ask('/healthz');
    expect([answer.status, await answer.text()]).toEqual([200, 'ok\n']);
  }
});

test('it answers also where as many connections as may be are held open and silent', async () => {
  const { ask, door } = await openDoor();
  for (let number = 0; number < limits.connectionsMax; number += 1) {
    const { socket } = await dial(door.origin);
    const answered = once(socket, 'data');
    socket.write('GET /healthz HTTP/1.1\r\nhost: purser\r\n\r\n');
    await answered;
  }
  expect((await ask('/healthz')).status).toBe(200);
});

test('it is ready when it has started and the store answers', async () => {
  const { ask, readiness, clock } = await openDoor();
  const read = async () => {
    clock.advance(1_000);
    const answer = await ask('/readyz');
    return [answer.status, await answer.text()];
  };
  const connected = readiness.waitFor('slack is not connected yet.');
  expect(await read()).toEqual([503, 'Purser is starting.\nslack is not connected yet.\n']);
  connected();
  expect(await read()).toEqual([503, 'Purser is starting.\n']);
  readiness.open();
  // A platform that is waited for later, by the replica that takes over, keeps nobody out.
  readiness.waitFor('discord is not connected yet.');
  expect(await read()).toEqual([200, 'ready\n']);
  let store: () => Promise<string | undefined> = async () => undefined;
  readiness.watchStore(() => store());
  expect(await read()).toEqual([200, 'ready\n']);
  store = () => Promise.reject(new Error('password "hunter2" of db.example.com is refused'));
  expect(await read()).toEqual([503, 'The store does not answer.\n']);
  store = async () => 'The store takes no writes.';
  expect(await read()).toEqual([503, 'The store takes no writes.\n']);
  store = () => new Promise(() => {});
  expect(await read()).toEqual([503, 'The store does not answer.\n']);
  store = async () => undefined;
  expect(await read()).toEqual([200, 'ready\n']);
  readiness.stop();
  expect(await read()).toEqual([503, 'Purser is stopping.\n']);
});

test('many who ask at once are one question to the store', async () => {
  const readiness = createReadiness({ now: () => 0, sleep: () => new Promise(() => {}) });
  readiness.open();
  let asked = 0;
  readiness.watchStore(async () => {
    asked += 1;
    return undefined;
  });
  await Promise.all(Array.from({ length: 50 }, () => readiness.listCauses()));
  expect(asked).toBe(1);
});

test.each(proxies)('with %s there are no metrics and no causes', async (name) => {
  const { ask, readiness } = await openDoor({ metrics });
  readiness.waitFor('discord is not connected yet.');
  const headers = { [name]: 'for=203.0.113.7' };
  expect((await ask('/metrics', { headers })).status).toBe(404);
  const ready = await ask('/readyz', { headers });
  expect([ready.status, await ready.text()]).toEqual([503, 'not ready\n']);
  const inside = await ask('/metrics');
  expect([inside.status, await inside.text()]).toEqual([200, 'purser_is_first 1\n']);
});

test('without metrics there is no such page', async () => {
  const { ask } = await openDoor();
  expect((await ask('/metrics')).status).toBe(404);
});
