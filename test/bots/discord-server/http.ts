// The HTTP side: authorisation, bodies and uploads, rate limits, and faults that a test orders.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Refused, refusals } from './errors.ts';
import type { Upload } from './messages.ts';
import { type Call, isOpenRoute } from './routes.ts';

/** What happens to the next requests that match. */
export interface Fault {
  readonly match: RegExp;
  readonly times: number;
  /** `cut` ends the connection after the work was done; `hang` never answers. */
  readonly what: 401 | 429 | 500 | 502 | 'cut' | 'hang';
  /** In seconds, of a 429. */
  readonly retryAfter?: number;
  readonly isGlobal?: boolean;
}

export interface HttpDeps {
  readonly token: string;
  isAway(): boolean;
  take(call: Call): object | undefined;
  complain(text: string): void;
}

export interface HttpSide {
  readonly server: Server;
  /** `POST /channels/1/messages`, as they came. */
  readonly requests: string[];
  fail(fault: Fault): void;
}

const prefix = '/api/v10';

export function createHttpSide(deps: HttpDeps): HttpSide {
  const requests: string[] = [];
  const faults: { fault: Fault; left: number }[] = [];
  const nextFault = (line: string): Fault | undefined => {
    const found = faults.find(({ fault, left }) => left > 0 && fault.match.test(line));
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(url.pathname).replace(prefix, '');
    const method = request.method ?? 'GET';
    const line = `${method} ${path}`;
    const { body, uploads } = await readBody(request);
    if (deps.isAway()) {
      request.socket.destroy();
      return;
    }
    requests.push(line);
    const fault = nextFault(line);
    if (fault?.what === 'hang') return;
    if (fault !== undefined && fault.what !== 'cut') {
      refuse(response, fault);
      return;
    }
    try {
      if (!url.pathname.startsWith(prefix)) throw refusals.unknownRoute();
      const isAuthorised = request.headers.authorization === `Bot ${deps.token}`;
      if (!isOpenRoute(path) && !isAuthorised) throw refusals.unauthorized();
      const found = deps.take({ method, path, query: url.searchParams, body, uploads });
      if (fault?.what === 'cut') {
        request.socket.destroy();
        return;
      }
      send(response, found === undefined ? 204 : 200, found);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      send(response, error.status, error.toBody());
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      deps.complain(`the local Discord failed: ${error instanceof Error ? error.stack : error}`);
      response.writeHead(500).end();
    });
  });
  return { server, requests, fail: (fault) => faults.push({ fault, left: fault.times }) };
}

function send(response: ServerResponse, status: number, body: object | undefined): void {
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '999',
    'x-ratelimit-reset-after': '1',
    'x-ratelimit-bucket': 'local',
  };
  response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body));
}

function refuse(response: ServerResponse, { what, retryAfter = 0.01, isGlobal }: Fault): void {
  if (what !== 429) {
    response.writeHead(Number(what), { 'content-type': 'text/html' }).end('<html>oh no</html>');
    return;
  }
  const headers = {
    'content-type': 'application/json',
    'retry-after': String(retryAfter),
    'x-ratelimit-scope': isGlobal ? 'global' : 'user',
    ...(isGlobal ? { 'x-ratelimit-global': 'true' } : {}),
    'x-ratelimit-bucket': 'local',
  };
  const body = {
    message: 'You are being rate limited.',
    retry_after: retryAfter,
    global: isGlobal ?? false,
  };
  response.writeHead(429, headers).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<{ body: unknown; uploads: Upload[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) {
    return { body: bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8')), uploads: [] };
  }
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const uploads: Upload[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string' || !/^files\[\d+\]$/.test(name)) continue;
    const content = Buffer.from(await value.arrayBuffer());
    uploads.push({ name: value.name, bytes: content, contentType: value.type });
  }
  return { body: JSON.parse(String(form.get('payload_json') ?? '{}')), uploads };
}
