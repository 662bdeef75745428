// A limit that several bots share, or one that Discord's front has set, names no empty bucket: the
// headers are those of https://discord.com/developers/docs/topics/rate-limits (read 2026-11-27).
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createDiscordApi, type DiscordApi } from '../../src/bots/discord/api.ts';

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

async function open(limited: Record<string, string>): Promise<readonly string[]> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url?.split('?')[1] ?? '');
    const isFirst = asked.length === 1;
    response.writeHead(isFirst ? 429 : 200, {
      'content-type': 'application/json',
      ...(isFirst ? { 'retry-after': '0.05', ...limited } : {}),
    });
    // So that others still wait when the first may ask again.
    setTimeout(() => response.end('{"retry_after":0.05,"global":false}'), isFirst ? 0 : 40);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  api = createDiscordApi({ botToken: 'bot-token', apiUrl: `http://127.0.0.1:${port}/api` });
  return asked;
}

test.each([
  ['that several bots share', shared],
  ['that names no bucket', {}],
])('a limit %s holds up whoever asks, and nobody for ever', async (_name, limited) => {
  const asked = await open(limited);
  const names = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all(
    names.map((name) =>
      api.call('get', '/channels/200000000000000001', { query: new URLSearchParams({ name }) }),
    ),
  );
  // Whoever was told to wait waits at the head of the queue.
  expect(asked).toEqual(['a', ...names].map((name) => `name=${name}`));
});
