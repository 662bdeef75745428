// The one place that makes HTTP servers: the playground, the sandboxes, and where others call in.
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { UserError } from './errors.ts';

export type { FastifyInstance, FastifyReply, FastifyRequest };

export interface ServerConfig {
  bodyBytesMax: number;
  /**
   * How long a whole request may be on its way; 30 s, when absent. Sandboxes that answer late on
   * purpose need longer than a person would wait.
   */
  requestTimeoutMs?: number;
  /** The same for its headers. */
  headersTimeoutMs?: number;
  /** More are closed at once; those that are kept open and silent make room for new ones. */
  connectionsMax?: number;
}

/** Takes every body as raw bytes: signatures are verified on what was sent, not on what it meant. */
export function createServer(config: ServerConfig): FastifyInstance {
  const requestTimeout = config.requestTimeoutMs ?? 30_000;
  const headersTimeout = config.headersTimeoutMs ?? requestTimeout;
  // Node looks at its connections every half minute, and would break nothing off before that.
  // https://nodejs.org/docs/latest-v24.x/api/http.html#httpcreateserveroptions-requestlistener (read 2026-11-27)
  const connectionsCheckingInterval = Math.min(1_000, headersTimeout || 1_000);
  const server = fastify({
    logger: false,
    bodyLimit: config.bodyBytesMax,
    forceCloseConnections: true,
    requestTimeout,
    http: { requestTimeout, headersTimeout, connectionsCheckingInterval },
  });
  if (config.connectionsMax !== undefined) boundConnections(server, config.connectionsMax);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  return server;
}

function boundConnections({ server }: FastifyInstance, most: number): void {
  server.maxConnections = most;
  let count = 0;
  server.on('connection', (socket) => {
    count += 1;
    socket.once('close', () => {
      count -= 1;
    });
    if (count >= most) server.closeIdleConnections();
  });
}

export interface ListenConfig {
  /** 0 takes any. */
  readonly port: number;
  /** `The playground` */
  readonly what: string;
  /** What stands before another port where a person types it: `PLAYGROUND_PORT=`. */
  readonly choice: string;
  /** An address of this machine; loopback, when absent. */
  readonly host?: string;
}

/** Gives the origin, like `http://127.0.0.1:8080`. Throws `UserError` when the port is taken, not allowed or elsewhere. */
export async function listenOn(
  server: FastifyInstance,
  { port, what, choice, host = '127.0.0.1' }: ListenConfig,
): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRNOTAVAIL') {
      const why = `this machine has no address ${host}. Choose one of its own for HTTP_HOST.`;
      throw new UserError(`${what} cannot start: ${why}`, { cause });
    }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause;
    // Ten on: the sandboxes take five in a row.
    const other = port < 1024 ? 8080 : port <= 65_525 ? port + 10 : port - 10;
    const why =
      code === 'EACCES'
        ? 'is not allowed for this user. Choose'
        : 'is already used by another program. Stop that program, or choose';
    throw new UserError(
      `${what} cannot start: port ${port} ${why} another port, for example ${choice}${other}.`,
      { cause },
    );
  }
}
