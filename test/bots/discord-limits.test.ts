// Answers of Discord, or of a proxy before it, that @discordjs/rest alone would hang on, ask again
// without end for, or die of. The headers of a shared limit are those of
// https://discord.com/developers/docs/topics/rate-limits (read 2026-11-27).
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createDiscordApi, type DiscordApi, isPassing } from '../../src/bots/discord/api.ts';
import { limits } from '../../src/bots/discord/limits.ts';

const shared = {
  ...{ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9', 'x-ratelimit-reset-after': '6' },
  ...{ 'x-ratelimit-scope': 'shared', 'x-ratelimit-bucket': 'local' },
};

let server: Server;
let api: DiscordApi;
afterEach(async () => {
  api.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function open(answer: RequestListener): Promise<void> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  api = createDiscordApi({ botToken: 'bot-token', apiUrl: `http://127.0.0.1:${port}/api` });
}

/** The first that asks is limited; gives who asked, in order. */
async function openLimited(headers: Record<string, string>): Promise<readonly string[]> {
  const asked: string[] = [];
  await open((request, response) => {
    asked.push(request.url?.split('=')[1] ?? '');
    const isFirst = asked.length === 1;
    const type = { 'content-type': 'application/json' };
    response.writeHead(isFirst ? 429 : 200, isFirst ? { ...type, ...headers } : type);
    // So that others still wait when the first may ask again.
    setTimeout(() => response.end('{"retry_after":0.05,"global":false}'), isFirst ? 0 : 40);
  });
  return asked;
}

const names = ['a', 'b', 'c', 'd', 'e'];
const askAll = () =>
  Promise.allSettled(
    names.map((name) =>
      api.call('get', '/channels/200000000000000001', { query: new URLSearchParams({ name }) }),
    ),
  );

test.each<[string, Record<string, string>]>([
  ['that several bots share', { 'retry-after': '0.05', ...shared }],
  ['that names no bucket', { 'retry-after': '0.05' }],
  ['of everything', { 'retry-after': '0.05', 'x-ratelimit-global': 'true' }],
])('a limit %s holds up whoever asks, and nobody for ever', async (_name, headers) => {
  const asked = await openLimited(headers);
  expect((await askAll()).map(({ status }) => status)).toEqual(names.map(() => 'fulfilled'));
  // Whoever was told to wait waits at the head of the queue.
  expect(asked).toEqual(['a', ...names]);
});

test.each<[string, Record<string, string>]>([
  ['that is too long', { 'retry-after': '11' }],
  ['that does not say how long', {}],
  ['that says nothing', { 'retry-after': '' }],
  ['that names a day', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }],
])('a limit %s is not slept through, and not asked again at once', async (_name, headers) => {
  const asked = await openLimited(headers);
  for (const result of await askAll()) {
    expect(result).toMatchObject({ status: 'rejected', reason: { name: expect.any(String) } });
    expect(isPassing((result as PromiseRejectedResult).reason)).toBe(true);
  }
  expect(asked).toEqual(['a']);
});

test('an interaction is over before a long limit is: its answer is not asked for again', async () => {
  const asked = await openLimited({ 'retry-after': '5' });
  const answering = api.respond('/interactions/1/token/callback', {});
  expect(isPassing(await answering.catch((error: unknown) => error))).toBe(true);
  expect(asked).toHaveLength(1);
});

test.each([429, 503])('a %i that breaks off ends no process', async (status) => {
  const errors: unknown[] = [];
  const note = (error: unknown) => void errors.push(error);
  // Vitest has listeners of its own, which would fail the run elsewhere.
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', note);
  try {
    let count = 0;
    const gone: Promise<unknown>[] = [];
    await open((_request, response) => {
      count += 1;
      gone.push(once(response, 'close'));
      const isFirst = count === 1;
      const length = isFirst ? { 'content-length': '1000' } : {};
      const wait = isFirst && status === 429 ? { 'retry-after': '0.05' } : {};
      const type = { 'content-type': 'application/json' };
      response.writeHead(isFirst ? status : 200, { ...type, ...length, ...wait });
      if (!isFirst) response.end('{}');
      else response.write('{"c', () => setTimeout(() => response.destroy(), 20));
    });
    expect(await api.call('get', '/channels/200000000000000001')).toEqual({});
    expect(count).toBe(2);
    await Promise.all(gone);
    // What the socket said last is heard by the end of another request.
    await api.call('get', '/channels/200000000000000001');
    expect(errors).toEqual([]);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  }
});

test.each([200, 404])('a %i that drips for ever ends, and its route goes on', async (status) => {
  const bounds: { answerMs: number } = limits;
  const { answerMs } = bounds;
  bounds.answerMs = 300;
  try {
    let count = 0;
    await open((_request, response) => {
      count += 1;
      if (count > 1) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const first = api.call('get', '/channels/200000000000000001');
    const next = api.call('get', '/channels/200000000000000001');
    expect(isPassing(await first.catch((error: unknown) => error))).toBe(true);
    expect(await next).toEqual({});
  } finally {
    bounds.answerMs = answerMs;
  }
});
