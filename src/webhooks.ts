// Where providers report: `/webhooks/<provider>`. What arrives is verified on its raw bytes and is
// only a hint; the provider is asked before anything is believed.
import type { Log } from './log.ts';
import type { FollowUp } from './payouts/index.ts';
import { createServer, listenOnLoopback } from './serve.ts';

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

/** Loopback only, as long as the playground is the only bot. Port 0 takes any. */
export async function startWebhooks(
  port: number,
  { receive, log }: { receive: Receive; log: Log },
): Promise<RunningWebhooks> {
  const server = createServer({ bodyBytesMax });
  server.get('/healthz', () => 'ok');
  server.all<{ Params: { provider: string } }>('/webhooks/:provider', async (request, reply) => {
    const [, query] = request.url.split(/\?(.*)/s);
    const answer = await receive(request.params.provider, {
      method: request.method,
      query: new URLSearchParams(query),
      headers: request.headers as Record<string, string | undefined>,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    });
    if (answer === undefined) return await reply.code(503).send('starting');
    return await reply.code(answer.status).type(answer.contentType).send(answer.body);
  });
  server.setErrorHandler(async (error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 500) log.error({ err: error }, 'a notification could not be taken');
    return await reply.code(status).type('text/plain').send('not taken');
  });
  const origin = await listenOnLoopback(server, {
    port,
    what: 'Listening for notifications',
    choice: 'HTTP_PORT=',
  });
  return { origin, stop: () => server.close() };
}
