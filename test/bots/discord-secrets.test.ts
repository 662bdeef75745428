// Discord's own errors carry the request, and with it what a log must not have.

import { createServer, type Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDiscordApi, type DiscordApi } from '../../src/bots/discord/api.ts';
import { createLog } from '../../src/log.ts';

let server: Server;
let api: DiscordApi;
let status = 400;
beforeEach(async () => {
  server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 50035, message: 'Invalid Form Body' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  api = createDiscordApi({ botToken: 'bot-token', apiUrl: `http://127.0.0.1:${port}/api` });
});
afterEach(async () => {
  api.stop();
  await new Promise((resolve) => server.close(resolve));
});

async function logOf(work: Promise<unknown>): Promise<string> {
  const destination = new PassThrough();
  const log = createLog({ level: 'debug', secrets: [], destination });
  const err: unknown = await work.catch((error: unknown) => error);
  expect(err).toBeInstanceOf(Error);
  log.error({ err }, 'failed');
  return String(destination.read());
}

const token = 'aW50ZXJhY3Rpb246dG9rZW4';
const body = { content: 'account 9988776655' };

test.each([400, 503])(
  'no token of an interaction and no request is logged, at %i',
  async (code) => {
    status = code;
    const texts = [
      await logOf(api.respond(`/interactions/1/${token}/callback`, body)),
      await logOf(
        api.call('patch', `/webhooks/2/${token}/messages/@original`, { auth: false, body }),
      ),
    ];
    for (const text of texts) {
      expect(text).toContain('[token]');
      expect(text).not.toContain(token);
      expect(text).not.toContain('9988776655');
    }
  },
);
