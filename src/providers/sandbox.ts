// What all sandboxes share: a server on loopback, a control endpoint, and the faults of networks.
// A provider's own sandbox only turns one request into one answer, and shares no code with its
// client: it verifies with the other half of the algorithm.
import { once } from 'node:events';
import type { Clock } from '../clock.ts';
import { createServer, type FastifyReply, listenOnLoopback } from '../serve.ts';

export interface SandboxRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface SandboxAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface SandboxDeps {
  readonly clock: Clock;
}

export interface SandboxConnection {
  /** The variables with which a client reaches this sandbox, secrets and keys included. */
  readonly environment: Readonly<Record<string, string>>;
  /** `providers.<id>` of the team file that fits this sandbox; undefined where none is needed. */
  readonly settings: unknown;
}

/** One payout as the provider sees it: the witness of what was really ordered. */
export interface SandboxOrder {
  readonly reference: string;
  /** Decimal text in major units. */
  readonly amount: string;
  readonly currency: string;
  /** The provider's own status. */
  readonly status: string;
}

/** A notification that the provider would send now. */
export interface SandboxWebhook {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Sandbox {
  readonly id: string;
  /** Faults of this provider's own: name -> what it does. */
  readonly faults: Readonly<Record<string, string>>;
  /** `fault` is the one of `faults` that is switched on for this request. */
  answer(request: SandboxRequest, fault: string | undefined): SandboxAnswer;
  connect(origin: string): SandboxConnection;
  /** Every order ever taken, oldest first; the same reference twice means paid twice. */
  books?(): readonly SandboxOrder[];
  /** The notifications that are due, each given once; whoever runs the sandbox delivers them. */
  takeWebhooks?(): readonly SandboxWebhook[];
}

/** Faults that every sandbox offers: name -> what it does. */
export const transportFaults = {
  slow: 'answers after `ms` milliseconds',
  timeout: 'takes the request and never answers; nothing is processed',
  process_then_timeout: 'processes the request and never answers',
  reset: 'breaks the connection; nothing is processed',
  process_then_reset: 'processes the request, then breaks the connection',
  http_500: 'answers HTTP 500 with a text; nothing is processed',
  http_429: 'answers HTTP 429 with `Retry-After: retryAfterS`; nothing is processed',
  html: 'answers HTTP 200 with a web page; nothing is processed',
  invalid_json: 'answers HTTP 200 with half a JSON text; nothing is processed',
  truncated: 'processes the request and breaks the connection in the middle of the answer',
  empty: 'answers HTTP 200 without a body; nothing is processed',
  huge: 'answers HTTP 200 with 50 MB of JSON; nothing is processed',
  redirect: 'answers HTTP 302 to another host; nothing is processed',
} as const;

export interface FaultSwitch {
  readonly name: string;
  /** For how many requests; all, when absent. */
  readonly times?: number;
  /** Only for paths that contain this. */
  readonly path?: string;
  readonly ms?: number;
  readonly retryAfterS?: number;
}

export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly fault: string | undefined;
  readonly body: string;
}

export interface RunningSandbox extends SandboxConnection {
  readonly id: string;
  readonly origin: string;
  /** Throws `RangeError` for a fault that this sandbox does not know. */
  switchFault(fault: FaultSwitch): void;
  clearFaults(): void;
  /** The requests seen, oldest first, the last 1,000. */
  requests(): readonly RequestRecord[];
  books(): readonly SandboxOrder[];
  takeWebhooks(): readonly SandboxWebhook[];
  close(): Promise<void>;
}

const requestsKeptMax = 1000;
const hugeBytes = 50 * 1024 * 1024;

export async function startSandbox(
  sandbox: Sandbox,
  deps: SandboxDeps,
  port = 0,
): Promise<RunningSandbox> {
  const server = createServer({ bodyBytesMax: 1024 * 1024, requestTimeoutMs: 0 });
  const knownFaults: Record<string, string> = { ...transportFaults, ...sandbox.faults };
  const active: { fault: FaultSwitch; left: number }[] = [];
  const seen: RequestRecord[] = [];

  const switchFault = (fault: FaultSwitch) => {
    if (!Object.hasOwn(knownFaults, fault.name)) {
      throw new RangeError(`${sandbox.id} has no fault named ${fault.name}`);
    }
    active.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  };
  const takeFault = (path: string): FaultSwitch | undefined => {
    const entry = active.find(
      ({ fault, left }) => left > 0 && (fault.path === undefined || path.includes(fault.path)),
    );
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.fault;
  };

  // A page in a browser could otherwise switch faults on a sandbox that it cannot even read.
  server.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin !== undefined) await reply.code(403).send('not for web pages\n');
  });
  server.get('/_sandbox', async () => ({
    id: sandbox.id,
    faults: knownFaults,
    active: active.filter(({ left }) => left > 0).map(({ fault }) => fault),
    requests: seen.length,
  }));
  server.get('/_sandbox/requests', async () => seen);
  server.get('/_sandbox/books', async () => sandbox.books?.() ?? []);
  server.put('/_sandbox/faults', async (request, reply) => {
    try {
      switchFault(JSON.parse(String(request.body)) as FaultSwitch);
      return await reply.code(204).send();
    } catch {
      return await reply.code(400).send({
        error: 'send {"name": …} with one of these faults',
        faults: knownFaults,
      });
    }
  });
  server.delete('/_sandbox/faults', async (_request, reply) => {
    active.length = 0;
    return await reply.code(204).send();
  });
  server.all('/*', async (incoming, reply) => {
    const url = new URL(incoming.url, 'http://sandbox.invalid');
    const request: SandboxRequest = {
      method: incoming.method,
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers as Record<string, string | undefined>,
      body: Buffer.isBuffer(incoming.body) ? incoming.body : Buffer.alloc(0),
    };
    const fault = takeFault(url.pathname);
    seen.push({
      method: request.method,
      path: incoming.url,
      fault: fault?.name,
      body: request.body.toString('utf8'),
    });
    if (seen.length > requestsKeptMax) seen.shift();
    await answerWithFault(sandbox, request, fault, reply, deps.clock);
    return reply;
  });

  const origin = await listenOnLoopback(server, port);
  return {
    id: sandbox.id,
    origin,
    ...sandbox.connect(origin),
    switchFault,
    clearFaults: () => {
      active.length = 0;
    },
    requests: () => seen,
    books: () => sandbox.books?.() ?? [],
    takeWebhooks: () => sandbox.takeWebhooks?.() ?? [],
    close: () => server.close(),
  };
}

async function answerWithFault(
  sandbox: Sandbox,
  request: SandboxRequest,
  fault: FaultSwitch | undefined,
  reply: FastifyReply,
  clock: Clock,
): Promise<void> {
  const send = (answer: SandboxAnswer) =>
    reply.code(answer.status).headers(answer.headers).send(answer.body);
  const breakConnection = () => {
    reply.hijack();
    reply.raw.socket?.resetAndDestroy();
  };
  switch (fault?.name as keyof typeof transportFaults | undefined) {
    case 'slow':
      await clock.sleep(fault?.ms ?? 1000);
      await send(sandbox.answer(request, undefined));
      return;
    case 'timeout':
      reply.hijack();
      return;
    case 'process_then_timeout':
      sandbox.answer(request, undefined);
      reply.hijack();
      return;
    case 'reset':
      breakConnection();
      return;
    case 'process_then_reset':
      sandbox.answer(request, undefined);
      breakConnection();
      return;
    case 'http_500':
      await send({ status: 500, headers: {}, body: 'Internal Server Error' });
      return;
    case 'http_429':
      await send({
        status: 429,
        headers: { 'retry-after': String(fault?.retryAfterS ?? 1) },
        body: 'Too Many Requests',
      });
      return;
    case 'html':
      await send({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Maintenance</title><p>We will be back soon.</p>',
      });
      return;
    case 'invalid_json':
      await send({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"code":"00","data":{"amount":12',
      });
      return;
    case 'empty':
      await send({ status: 200, headers: {}, body: '' });
      return;
    case 'redirect':
      await send({
        status: 302,
        headers: { location: 'https://elsewhere.invalid/' },
        body: '',
      });
      return;
    case 'truncated': {
      const { status, headers, body } = sandbox.answer(request, undefined);
      const whole = Buffer.from(body);
      reply.hijack();
      reply.raw.writeHead(status, { ...headers, 'content-length': whole.length });
      reply.raw.write(whole.subarray(0, Math.floor(whole.length / 2)), () =>
        reply.raw.socket?.resetAndDestroy(),
      );
      return;
    }
    case 'huge':
      await sendHuge(reply);
      return;
    default:
      await send(sandbox.answer(request, fault?.name));
  }
}

async function sendHuge(reply: FastifyReply): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.on('error', () => {});
  raw.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(64 * 1024, ' ');
  for (let sent = 0; sent < hugeBytes && !raw.destroyed; sent += chunk.length) {
    if (!raw.write(chunk)) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
  }
  raw.end('{}');
}
