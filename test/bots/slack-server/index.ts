// A Slack of its own on loopback: the Web API, Socket Mode, uploads and answer addresses, as strict as
// Slack is, with faults on demand. A plain module: tests and benchmarks both start it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { Refused } from './answers.ts';
import { createDeliveries, type DeliveryOptions, type Target } from './delivery.ts';
import { createAddresses } from './messages.ts';
import { type Arguments, type MethodDeps, methods, neededScopes } from './methods.ts';
import { createPeople, type People } from './people.ts';
import { createTriggers } from './views.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

export const tokens = { bot: 'xoxb-1-test', app: 'xapp-1-test', signingSecret: 'shhh' } as const;

/** What goes wrong at the next calls, in order; a method's own list goes before `*`. */
export type Fault =
  | { readonly status: 429; readonly retryAfter: number }
  | { readonly status: 500 }
  | { readonly error: string }
  /** The call has its effect, and its answer is lost. */
  | { readonly isLost: true }
  /** It has its effect, and its answer breaks off after its headers. */
  | { readonly isCut: true };

export interface SlackCall {
  readonly method: string;
  readonly args: Arguments;
  /** It had no effect. */
  readonly isRefused?: boolean;
}

export interface SlackServer {
  /** `http://127.0.0.1:1234/api/` */
  readonly apiUrl: string;
  readonly workspace: Workspace;
  readonly people: People;
  /** What the token may do; tests take some away. */
  readonly scopes: Set<string>;
  /** Calls so far, by method; `respond` for the answer addresses. */
  readonly calls: readonly SlackCall[];
  /** By method, `respond`, `upload` or `*`. */
  fail(method: string, ...faults: Fault[]): void;
  setFileReadyMs(ms: number): void;
  /** From now on events go there instead of over a socket. */
  setTarget(target: Target | undefined): void;
  /** Out of reach: every connection ends, and none is taken. */
  away(): void;
  back(): void;
  /** As Slack does every few hours; the app is to connect anew. */
  refreshSockets(): void;
  /** Cuts the sockets without a word. */
  dropSockets(): void;
  readonly socketCount: () => number;
  stop(): Promise<void>;
}

const allScopes = [
  'chat:write',
  'commands',
  'users:read',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
  'im:write',
  'files:write',
];

export type { DeliveryOptions } from './delivery.ts';

export async function startSlackServer(options: DeliveryOptions = {}): Promise<SlackServer> {
  const workspace = createWorkspace();
  const triggers = createTriggers(workspace);
  const addresses = createAddresses(workspace);
  const scopes = new Set(allScopes);
  const calls: SlackCall[] = [];
  const faults = new Map<string, Fault[]>();
  const connections = new Set<Socket>();
  /** By address of a socket, whose it is. */
  const tickets = new Map<string, string>();
  let fileReadyMs = 0;
  let target: Target | undefined;
  let isAway = false;
  const deliveries = createDeliveries(workspace, () => target, options);
  const http = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      workspace.complaints.push(`the server itself failed: ${String(error)}`);
      response.destroy();
    });
  });
  const origin = () => `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const deps: MethodDeps = {
    workspace,
    triggers,
    scopes,
    origin,
    newSocketUrl(label) {
      const ticket = workspace.newId('ticket');
      tickets.set(ticket, label);
      return `${origin().replace('http', 'ws')}/link/?ticket=${ticket}`;
    },
    fileReadyMs: () => fileReadyMs,
  };

  const nextFault = (method: string) => faults.get(method)?.shift() ?? faults.get('*')?.shift();

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const path = new URL(request.url ?? '/', origin()).pathname;
    const method = path.startsWith('/api/')
      ? path.slice('/api/'.length)
      : (path.split('/')[1] ?? '');
    const fault = nextFault(method);
    if (fault !== undefined && 'status' in fault) {
      const headers = fault.status === 429 ? { 'retry-after': String(fault.retryAfter) } : {};
      response.writeHead(fault.status, headers).end('{"ok":false,"error":"ratelimited"}');
      return;
    }
    const answer = answerTo({ method, path, body, request }, fault);
    if (fault !== undefined && 'isLost' in fault) {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined && 'isCut' in fault) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"o', () => setTimeout(() => response.destroy(), 20));
      return;
    }
    const isRefusedAddress = method === 'respond' && answer.ok === false;
    response.writeHead(isRefusedAddress ? 404 : 200, {
      'content-type': 'application/json',
      'x-oauth-scopes': [...scopes].join(','),
    });
    response.end(JSON.stringify(answer));
  }

  interface Call {
    readonly method: string;
    readonly path: string;
    readonly body: Buffer;
    readonly request: IncomingMessage;
  }

  function answerTo(
    call: Call,
    fault: Fault | undefined,
  ): { ok: boolean; [name: string]: unknown } {
    try {
      if (fault !== undefined && 'error' in fault) throw new Refused(fault.error);
      return { ok: true, ...run(call) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { ok: false, error: error.code, ...error.extra };
    }
  }

  function note(call: SlackCall, work: () => object): object {
    const at = calls.push(call) - 1;
    try {
      return work();
    } catch (error) {
      calls[at] = { ...call, isRefused: true };
      throw error;
    }
  }

  function run({ method, path, body, request }: Call): object {
    if (method === 'upload') {
      const file = workspace.files.get(path.split('/')[2] ?? '');
      if (file === undefined) throw new Refused('not_found');
      file.bytes = readUpload(request.headers['content-type'] ?? '', body);
      return {};
    }
    if (method === 'respond') {
      const args = JSON.parse(body.toString('utf8'));
      return note({ method, args: { ...args, path } }, () => {
        addresses.use(path, args);
        return {};
      });
    }
    const known = methods[method];
    if (known === undefined) {
      workspace.complaints.push(`unknown_method: ${method}`);
      throw new Refused('unknown_method');
    }
    const args = readForm(body.toString('utf8'));
    return note({ method, args }, () => {
      const token = request.headers.authorization?.replace(/^Bearer /, '');
      // An app may have several app-level tokens, each with a name of its own.
      const isRight =
        method === 'apps.connections.open' ? token?.startsWith(tokens.app) : token === tokens.bot;
      if (token === undefined || isRight !== true) throw new Refused('invalid_auth');
      const needed = neededScopes[method];
      if (needed !== undefined && !needed.some((scope) => scopes.has(scope))) {
        throw new Refused('missing_scope', { needed: needed[0], provided: [...scopes].join(',') });
      }
      return known({ ...args, token }, deps);
    });
  }

  const sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', origin()).searchParams.get('ticket') ?? '';
    const label = tickets.get(ticket);
    tickets.delete(ticket);
    if (label === undefined) {
      workspace.complaints.push('a socket was opened with a used address');
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (link) => deliveries.addSocket(link, label));
  });
  http.on('connection', (socket) => {
    if (isAway) {
      socket.destroy();
      return;
    }
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));

  const cutAll = () => {
    for (const socket of connections) socket.destroy();
  };

  return {
    apiUrl: `${origin()}/api/`,
    workspace,
    people: createPeople({
      ...{ workspace, triggers, addresses, deliveries, origin },
      countCalls: () => calls.length,
    }),
    scopes,
    calls,
    fail(method, ...more) {
      faults.set(method, [...(faults.get(method) ?? []), ...more]);
    },
    setFileReadyMs(ms) {
      fileReadyMs = ms;
    },
    setTarget(next) {
      target = next;
    },
    away() {
      isAway = true;
      cutAll();
    },
    back() {
      isAway = false;
    },
    refreshSockets() {
      for (const socket of deliveries.sockets) {
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
      }
    },
    dropSockets() {
      for (const socket of deliveries.sockets) socket.terminate();
    },
    socketCount: () => deliveries.sockets.size,
    async stop() {
      cutAll();
      sockets.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** Nested values come as JSON inside the form. */
function readForm(text: string): Arguments {
  const entries = [...new URLSearchParams(text)].map(([name, value]) => {
    const isJson = /^[[{]/.test(value) && name !== 'text';
    return [
      name,
      isJson ? JSON.parse(value) : value === 'true' ? true : value === 'false' ? false : value,
    ];
  });
  return Object.fromEntries(entries);
}

/** The bytes of the one file in a multipart body, or the body itself. */
function readUpload(contentType: string, body: Buffer): Buffer {
  const boundary = /boundary=(.+)$/.exec(contentType)?.[1];
  if (boundary === undefined) return body;
  const start = body.indexOf('\r\n\r\n') + 4;
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return body.subarray(start, end);
}
