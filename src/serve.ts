// The one place that makes HTTP servers: the playground, the sandboxes and, later, webhooks.
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';

export type { FastifyInstance, FastifyReply, FastifyRequest };

export interface ServerConfig {
  bodyBytesMax: number;
  /** Sandboxes that answer late on purpose need longer than a person would wait. */
  requestTimeoutMs?: number;
}

/** Takes every body as raw bytes: signatures are verified on what was sent, not on what it meant. */
export function createServer(config: ServerConfig): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: config.bodyBytesMax,
    forceCloseConnections: true,
    requestTimeout: config.requestTimeoutMs ?? 30_000,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  return server;
}

/** Listens on loopback only; gives the origin, like `http://127.0.0.1:8080`. Port 0 takes any. */
export async function listenOnLoopback(server: FastifyInstance, port: number): Promise<string> {
  return await server.listen({ host: '127.0.0.1', port });
}
