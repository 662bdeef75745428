// Why a server cannot listen is a sentence with what to choose instead.
import { afterEach, expect, test } from 'vitest';
import { UserError } from '../src/errors.ts';
import { createServer, type FastifyInstance, listenOn } from '../src/serve.ts';

const servers: FastifyInstance[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const open = (port: number, host?: string) => {
  const server = createServer({ bodyBytesMax: 1 });
  servers.push(server);
  const what = { what: 'It', choice: 'HTTP_PORT=', ...(host === undefined ? {} : { host }) };
  return listenOn(server, { port, ...what });
};

test('is on this machine alone, unless it is told an address', async () => {
  expect(await open(0)).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await open(0, '127.0.0.2')).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
});

test('names another port for one that is taken', async () => {
  const port = Number(new URL(await open(0)).port);
  const other = port <= 65_525 ? port + 10 : port - 10;
  const refused = open(port);
  await expect(refused).rejects.toThrow(
    `It cannot start: port ${port} is already used by another program. Stop that program, or choose another port, for example HTTP_PORT=${other}.`,
  );
  await expect(refused).rejects.toBeInstanceOf(UserError);
});

test('says that an address is not of this machine', async () => {
  // Of the block that is for documents and nobody’s: https://www.rfc-editor.org/rfc/rfc5737
  const refused = open(0, '192.0.2.1');
  await expect(refused).rejects.toThrow(
    'It cannot start: this machine has no address 192.0.2.1. Choose one of its own for HTTP_HOST.',
  );
  await expect(refused).rejects.toBeInstanceOf(UserError);
});
