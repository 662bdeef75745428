// The other end of the wire for the tests of the HTTP layer: a sandbox behind a relay that counts,
// and servers that speak bytes, for what no HTTP library would send. All stop after each test.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { ProviderError } from '../src/errors.ts';
import { createScrubber } from '../src/log.ts';
import {
  createProviderHttp,
  type ProviderHttp,
  type ProviderHttpConfig,
} from '../src/providers/http.ts';
import {
  type RunningSandbox,
  type SandboxAnswer,
  type SandboxRequest,
  startSandbox,
} from '../src/providers/sandbox.ts';
import { createFakeClock, createRecordingLog } from './support.ts';

export const secret = 'pür/ser+"key" 1234567890';

/** A sandbox that answers `{"ok":true}` to everything, unless told otherwise. */
export async function startEcho(
  answer: (request: SandboxRequest) => Partial<SandboxAnswer> = () => ({}),
): Promise<RunningSandbox & { processed: SandboxRequest[] }> {
  const processed: SandboxRequest[] = [];
  const sandbox = await startSandbox(
    {
      id: 'echo',
      faults: {},
      answer: (request) => {
        processed.push(request);
        return { status: 200, headers: {}, body: '{"ok":true}', ...answer(request) };
      },
      connect: () => ({ environment: {}, settings: undefined }),
    },
    { clock: createFakeClock() },
  );
  onTestFinished(() => sandbox.close());
  return { ...sandbox, processed };
}

/** Passes bytes on between a client and a server, and counts. */
export async function startRelay(target: string) {
  const { hostname, port } = new URL(target);
  const counts = { connections: 0, open: 0, openMax: 0, bytesFromServer: 0, bytesFromClient: 0 };
  const origin = await startRaw((client) => {
    counts.connections += 1;
    counts.open += 1;
    counts.openMax = Math.max(counts.openMax, counts.open);
    const server = connect(Number(port), hostname);
    client.on('data', (bytes) => {
      counts.bytesFromClient += bytes.length;
    });
    server.on('data', (bytes) => {
      counts.bytesFromServer += bytes.length;
    });
    client.on('close', () => {
      counts.open -= 1;
      server.destroy();
    });
    server.on('error', () => client.destroy()).on('close', () => client.destroySoon());
    client.pipe(server).pipe(client);
  });
  return { origin, counts };
}

/** A server of bytes; gives its origin. */
export async function startRaw(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  const origin = await listen(server);
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await once(server.close(), 'close');
  });
  return origin;
}

/** Calls back for each whole request without a body, or with one that comes in the same piece. */
export function startRawHttp(
  onRequest: (socket: Socket, nth: { onConnection: number; ofConnections: number }) => void,
): Promise<string> {
  let ofConnections = 0;
  return startRaw((socket) => {
    ofConnections += 1;
    const connection = ofConnections;
    let onConnection = 0;
    socket.on('data', () => {
      onConnection += 1;
      onRequest(socket, { onConnection, ofConnections: connection });
    });
  });
}

/** Where nothing listens any more. */
export async function takeDeadOrigin(): Promise<string> {
  const server = createServer();
  const origin = await listen(server);
  await once(server.close(), 'close');
  return origin;
}

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
}

export function openHttp(baseUrl: string, options: Partial<ProviderHttpConfig> = {}) {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const http = createProviderHttp({
    provider: 'echo',
    name: 'Echo',
    baseUrl,
    authRemedy: 'Check ECHO_KEY.',
    clock,
    log,
    scrub: createScrubber([secret]),
    ...options,
  });
  onTestFinished(() => http.close());
  return { http, clock, log };
}

export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('nothing');
  const thrown = await promise.then(
    () => nothing,
    (error: unknown) => error,
  );
  if (thrown === nothing) throw new Error('expected a failure');
  return thrown;
}

export const get = { method: 'GET', path: '/balance' } as const;

export const readOnce = (http: ProviderHttp) => http.read('balance', (send) => send(get));

/** As a provider does it: the HTTP status first, then JSON. */
export const readJson = (http: ProviderHttp) =>
  http.read('balance', async (send) => {
    const answer = await send(get);
    const failure = http.errorOfStatus('balance', answer);
    if (failure !== undefined) throw failure;
    return JSON.parse(answer.text);
  });

export async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const thrown = await thrownBy(promise);
  if (thrown instanceof ProviderError) return thrown;
  throw new Error('not a ProviderError', { cause: thrown });
}
