// What the front door takes from providers, and what it ends before it costs anything.
import { expect, test } from 'vitest';
import { limits } from '../../src/door/limits.ts';
import { dial, openDoor } from './open.ts';

const acknowledged = { status: 200, contentType: 'text/plain', body: 'OK' };
const unsigned = { status: 401, contentType: 'text/plain', body: 'not verified' };

test('gives what came, byte for byte, and the answer that its provider wants', async () => {
  const { ask, taken } = await openDoor();
  const body = '{"a": 1.10}';
  const posted = await ask('/webhooks/payermax?x=1', { method: 'POST', body });
  expect([posted.status, await posted.text()]).toEqual([200, '{"code":"SUCCESS"}']);
  await ask('/webhooks/payermax?status=paid');
  expect(taken).toEqual([
    { provider: 'payermax', method: 'POST', query: 'x=1', body },
    { provider: 'payermax', method: 'GET', query: 'status=paid', body: '' },
  ]);
});

test.each([
  ['/webhooks/alignet', 'POST', 404],
  ['/webhooks/payermax', 'PUT', 405],
])('%s by %s is answered before its body comes', async (path, method, status) => {
  const { door, taken } = await openDoor();
  const { socket, heard } = await dial(door.origin);
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n`);
  const answer = await heard();
  expect(answer).toContain(`HTTP/1.1 ${status} `);
  expect(taken).toEqual([]);
});

test.each(['content-length: 262145', 'transfer-encoding: chunked'])(
  'a body that is too long is not taken: %s',
  async (header) => {
    const { door, taken } = await openDoor();
    const { socket, heard } = await dial(door.origin);
    socket.write(`POST /webhooks/payermax HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n`);
    if (header.startsWith('transfer')) {
      const size = limits.bodyBytesMax + 1;
      socket.write(`${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`);
    }
    expect(await heard()).toContain('HTTP/1.1 413 ');
    expect(taken).toEqual([]);
  },
);

test.each([
  ['its headers', 'POST /webhooks/payermax HTTP/1.1\r\nhost: x\r\n'],
  ['its body', 'POST /webhooks/payermax HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{'],
])('who never ends %s is hung up on', async (_what, text) => {
  const { door, taken } = await openDoor({ requestTimeoutMs: 100 });
  const { socket, heard } = await dial(door.origin);
  socket.write(text);
  expect(await heard()).toContain('HTTP/1.1 408 ');
  expect(taken).toEqual([]);
});

test('of too many at once the rest is to come again, and then may', async () => {
  const waiting: ((answer: typeof acknowledged) => void)[] = [];
  let begun = () => {};
  const { ask } = await openDoor({
    receive: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === limits.notificationsAtOnce) begun();
      }),
  });
  const isFull = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const send = async () => (await ask('/webhooks/payermax', { method: 'POST', body: '{}' })).status;
  const all = Array.from({ length: limits.notificationsAtOnce }, send);
  await isFull;
  const more = await ask('/webhooks/payermax', { method: 'POST', body: '{}' });
  expect([more.status, more.headers.get('retry-after')]).toEqual([503, '5']);
  for (const answer of waiting.splice(0)) answer(acknowledged);
  expect(new Set(await Promise.all(all))).toEqual(new Set([200]));
  const later = send();
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]?.(acknowledged);
  expect(await later).toBe(200);
});

test('a source for which nobody signs is not heard for a while, and the log says it once', async () => {
  let receiving = 0;
  const { ask, clock, log } = await openDoor({
    receive: async (_provider, { body }) => {
      receiving += 1;
      return body.toString('utf8') === 'good' ? acknowledged : unsigned;
    },
  });
  const send = async (body: string, from: string) => {
    const headers = { 'x-forwarded-for': `10.9.8.7, ${from}` };
    return (await ask('/webhooks/payermax', { method: 'POST', body, headers })).status;
  };
  for (let sent = 0; sent < 200; sent += 1) expect(await send('good', '203.0.113.7')).toBe(200);
  const { burst } = limits.refusals;
  for (let sent = 0; sent < burst; sent += 1) expect(await send('bad', '203.0.113.7')).toBe(401);
  const before = receiving;
  expect([await send('bad', '203.0.113.7'), await send('good', '203.0.113.7')]).toEqual([429, 429]);
  expect(receiving).toBe(before);
  // Another one is heard all the same.
  expect(await send('good', '203.0.113.8')).toBe(200);
  clock.advance(1_000);
  expect(await send('good', '203.0.113.7')).toBe(200);
  const told = log.lines.filter(({ message }) => message.includes('not heard for a while'));
  expect(told).toMatchObject([
    { level: 'warn', fields: { source: '127.0.0.1 203.0.113.7 to payermax' } },
  ]);
});

test('behind a proxy that names nobody a forger silences one provider at most', async () => {
  const { ask } = await openDoor({
    providers: ['payermax', 'smilepayz'],
    receive: async (_provider, { body }) =>
      body.toString('utf8') === 'good' ? acknowledged : unsigned,
  });
  const send = async (provider: string, body: string) =>
    (await ask(`/webhooks/${provider}`, { method: 'POST', body })).status;
  for (let sent = 0; sent < limits.refusals.burst; sent += 1) await send('payermax', 'bad');
  expect(await send('payermax', 'good')).toBe(429);
  expect(await send('smilepayz', 'good')).toBe(200);
});

test('before Purser has started a provider is to come again', async () => {
  const { ask } = await openDoor({ receive: async () => undefined });
  expect((await ask('/webhooks/payermax', { method: 'POST', body: '{}' })).status).toBe(503);
});

test('a mistake inside is said without its words', async () => {
  const { ask, log } = await openDoor({
    receive: async () => {
      throw new Error('secret-value');
    },
  });
  const answer = await ask('/webhooks/payermax', { method: 'POST', body: '{}' });
  expect([answer.status, await answer.text()]).toEqual([500, 'not taken']);
  expect(log.text()).toContain('a request at the front door has failed');
});

test('stopping waits for what was taken', async () => {
  const waiting: (() => void)[] = [];
  const { door, ask } = await openDoor({
    receive: () => new Promise((resolve) => waiting.push(() => resolve(acknowledged))),
  });
  const sending = ask('/webhooks/payermax', { method: 'POST', body: '{}' }).catch(() => {});
  await expect.poll(() => waiting.length).toBe(1);
  let isStopped = false;
  const stopping = door.stop().then(() => {
    isStopped = true;
  });
  await sending;
  expect(isStopped).toBe(false);
  waiting[0]?.();
  await stopping;
});
