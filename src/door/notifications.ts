// Providers report at `/webhooks/<provider>`: what arrives is verified on its raw bytes and is only a
// hint; the provider is asked before anything is believed.
import { createBuckets } from '../buckets.ts';
import type { Log } from '../log.ts';
import type { FollowUp } from '../payouts/index.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from '../serve.ts';
import { sourceOf } from './headers.ts';
import { limits } from './limits.ts';

/** Undefined while Purser is still starting: the provider tries again. */
export type Receive = (
  ...input: Parameters<FollowUp['receive']>
) => Promise<Awaited<ReturnType<FollowUp['receive']>> | undefined>;

export interface NotificationDeps {
  /** Those that report. */
  readonly providers: readonly string[];
  readonly receive: Receive;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** Gives what resolves when nothing that came is still under way. */
export function addNotifications(
  server: FastifyInstance,
  { providers, receive, clock, log }: NotificationDeps,
): () => Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  const refusals = createBuckets(limits.refusals, clock);
  /** Those of which the log has a line. */
  const silenced = new Set<string>();
  let atOnce = 0;

  /** Behind a proxy that names nobody all callers are one: a forger silences one provider at most. */
  const callerOf = ({ ip, headers, params }: ProviderRequest) =>
    `${sourceOf(ip, headers)} to ${params.provider}`;

  const noteRefusal = (source: string) => {
    refusals.take(source);
    if (refusals.has(source)) return;
    if (silenced.size >= limits.sourcesMax) silenced.clear();
    if (!silenced.has(source)) {
      log.warn({ source }, 'a source that no provider signs for is not heard for a while');
    }
    silenced.add(source);
  };

  /** All that is decided before the body is read; undefined where it may come in. */
  const findRefusal = (request: ProviderRequest): [status: number, text: string] | undefined => {
    const caller = callerOf(request);
    if (!providers.includes(request.params.provider)) return [404, 'unknown'];
    if (!['GET', 'POST'].includes(request.method)) return [405, 'GET or POST'];
    if (!refusals.has(caller)) return [429, 'not verified too often'];
    silenced.delete(caller);
    if (atOnce >= limits.notificationsAtOnce) return [503, 'too many at once'];
    return undefined;
  };

  const onRequest = async (request: ProviderRequest, reply: FastifyReply) => {
    const refusal = findRefusal(request);
    if (refusal === undefined) {
      atOnce += 1;
      reply.raw.once('close', () => {
        atOnce -= 1;
      });
      return undefined;
    }
    const [status, text] = refusal;
    if (status === 405) reply.header('allow', 'GET, POST');
    if (status === 429 || status === 503) reply.header('retry-after', '5');
    // Its body is not waited for: the connection ends with the answer.
    return await reply.code(status).header('connection', 'close').type('text/plain').send(text);
  };

  const url = '/webhooks/:provider';
  server.all<Params>(url, { onRequest }, async (request, reply) => {
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
    if (answer.status === 401) noteRefusal(callerOf(request));
    return await reply.code(answer.status).type(answer.contentType).send(answer.body);
  });
  return async () => {
    await Promise.allSettled(underWay);
  };
}

interface Params {
  Params: { provider: string };
}
type ProviderRequest = FastifyRequest<Params>;
