// Where others call in. Providers report at `/webhooks/<provider>`: what arrives is verified on its raw
// bytes and is only a hint; the provider is asked before anything is believed. A chat platform that
// calls instead of being called has its inbox here.
import type { Inbox } from './bots/types.ts';
import type { Log } from './log.ts';
import type { FollowUp } from './payouts/index.ts';
import { createServer, listenOn } from './serve.ts';

export interface RunningWebhooks {
  /** `http://127.0.0.1:8082` */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Undefined while Purser is still starting: the provider tries again. */
type Receive = (
  ...input: Parameters<FollowUp['receive']>
) => Promise<Awaited<ReturnType<FollowUp['receive']>> | undefined>;

/** No documented notification comes near this. */
const bodyBytesMax = 256 * 1024;

export interface WebhooksConfig {
  /** 0 takes any. */
  readonly port: number;
  /** An address of this machine. */
  readonly host: string;
  readonly inboxes: readonly Inbox[];
}

export async function startWebhooks(
  { port, host, inboxes }: WebhooksConfig,
  { receive, log }: { receive: Receive; log: Log },
): Promise<RunningWebhooks> {
  const server = createServer({ bodyBytesMax });
  const underWay = new Set<Promise<unknown>>();
  // Before anything reads the body: its owner verifies it as it came.
  server.addHook('onRequest', async (request, reply) => {
    const [path] = request.url.split('?', 1);
    const inbox = inboxes.find((one) => one.path === path);
    if (inbox === undefined) return undefined;
    // Its owner reads the body whole before it can verify it, so its length must be known and small.
    const length = request.headers['content-length'];
    const bytes = length === undefined && request.method !== 'POST' ? 0 : Number(length);
    if (!(bytes <= bodyBytesMax)) return await reply.code(413).send('not taken');
    reply.hijack();
    inbox.listen(request.raw, reply.raw);
    return undefined;
  });
  server.get('/healthz', () => 'ok');
  server.all<{ Params: { provider: string } }>('/webhooks/:provider', async (request, reply) => {
    const [, query] = request.url.split(/\?(.*)/s);
    const receiving = receive(request.params.provider, {
      method: request.method,
      query: new URLSearchParams(query),
      headers: request.headers as Record<string, string | undefined>,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    });
    underWay.add(receiving);
    const answer = await receiving.finally(() => underWay.delete(receiving));
    if (answer === undefined) return await reply.code(503).send('starting');
    return await reply.code(answer.status).type(answer.contentType).send(answer.body);
  });
  server.setErrorHandler(async (error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 500) log.error({ err: error }, 'a notification could not be taken');
    return await reply.code(status).type('text/plain').send('not taken');
  });
  const origin = await listenOn(server, {
    port,
    host,
    what: 'Listening for notifications',
    choice: 'HTTP_PORT=',
  });
  return {
    origin,
    async stop() {
      await server.close();
      // Whose caller is gone by now is still to be written down.
      await Promise.allSettled(underWay);
    },
  };
}
