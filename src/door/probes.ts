// For whoever looks after Purser: whether the process lives, whether it can do its work, and its
// metrics. What they say in detail is for the inside; who comes through a reverse proxy does not get it.
import type { Readiness } from '../readiness.ts';
import type { FastifyInstance } from '../serve.ts';
import { isProxied } from './headers.ts';

export interface Metrics {
  render(): Promise<{ contentType: string; text: string }>;
}

export function addProbes(
  server: FastifyInstance,
  { readiness, metrics }: { readiness: Readiness; metrics: Metrics | undefined },
): void {
  server.get('/healthz', () => 'ok\n');
  server.get('/readyz', async (request, reply) => {
    const causes = await readiness.listCauses();
    if (causes.length === 0) return 'ready\n';
    const lines = isProxied(request.headers) ? ['not ready'] : causes;
    return await reply.code(503).send(lines.map((line) => `${line}\n`).join(''));
  });
  server.get('/metrics', async (request, reply) => {
    if (metrics === undefined || isProxied(request.headers)) {
      return await reply.code(404).send('not found\n');
    }
    const { contentType, text } = await metrics.render();
    return await reply.type(contentType).send(text);
  });
}
