// The front door: where others call in. Providers report here, a chat platform that calls instead of
// being called has its inbox here, and whoever looks after Purser asks how it is.
import type { Inbox } from '../bots/types.ts';
import type { Readiness } from '../readiness.ts';
import { createServer, type FastifyInstance, listenOn } from '../serve.ts';
import { limits } from './limits.ts';
import { addNotifications, type NotificationDeps } from './notifications.ts';
import { addProbes, type Metrics } from './probes.ts';

export type { Receive } from './notifications.ts';
export type { Metrics } from './probes.ts';

export interface RunningDoor {
  /** `http://127.0.0.1:8082` */
  readonly origin: string;
  stop(): Promise<void>;
}

export interface DoorConfig {
  /** 0 takes any. */
  readonly port: number;
  /** An address of this machine. */
  readonly host: string;
  readonly inboxes: readonly Inbox[];
  /** For tests: a request that is longer on its way is broken off. */
  readonly requestTimeoutMs?: number;
}

export interface DoorDeps extends NotificationDeps {
  readonly readiness: Readiness;
  /** Without it there are none. */
  readonly metrics?: Metrics | undefined;
}

export async function startDoor(config: DoorConfig, deps: DoorDeps): Promise<RunningDoor> {
  const { log } = deps;
  const requestTimeoutMs = config.requestTimeoutMs ?? limits.requestTimeoutMs;
  const server = createServer({
    bodyBytesMax: limits.bodyBytesMax,
    connectionsMax: limits.connectionsMax,
    requestTimeoutMs,
    headersTimeoutMs: Math.min(limits.headersTimeoutMs, requestTimeoutMs),
  });
  addInboxes(server, config.inboxes);
  addProbes(server, { readiness: deps.readiness, metrics: deps.metrics });
  const settle = addNotifications(server, deps);
  server.setErrorHandler(async (error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 500) log.error({ err: error }, 'a request at the front door has failed');
    // What is left of its body is not waited for.
    if (status < 500) reply.header('connection', 'close');
    return await reply.code(status).type('text/plain').send('not taken');
  });
  const origin = await listenOn(server, {
    port: config.port,
    host: config.host,
    what: 'The front door',
    choice: 'HTTP_PORT=',
  });
  return {
    origin,
    async stop() {
      await server.close();
      // Whose caller is gone by now is still to be written down.
      await settle();
    },
  };
}

/** Before anything reads the body: its owner verifies it as it came. */
function addInboxes(server: FastifyInstance, inboxes: readonly Inbox[]): void {
  let atOnce = 0;
  server.addHook('onRequest', async (request, reply) => {
    const [path] = request.url.split('?', 1);
    const inbox = inboxes.find((one) => one.path === path);
    if (inbox === undefined) return undefined;
    // Its owner reads the body whole before it can verify it, so its length must be known and small.
    const length = request.headers['content-length'];
    const bytes = length === undefined && request.method !== 'POST' ? 0 : Number(length);
    if (!(bytes <= limits.bodyBytesMax)) {
      return await reply.code(413).header('connection', 'close').send('not taken');
    }
    if (atOnce >= limits.inboxAtOnce) {
      return await reply.code(503).header('connection', 'close').send('too many at once');
    }
    atOnce += 1;
    reply.raw.once('close', () => {
      atOnce -= 1;
    });
    reply.hijack();
    inbox.listen(request.raw, reply.raw);
    return undefined;
  });
}
