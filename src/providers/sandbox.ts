// What all sandboxes share: a server on loopback, a control endpoint, and the faults of networks.
// A provider's own sandbox only turns one request into one answer, and shares no code with its
// client: it verifies with the other half of the algorithm.
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { createServer, type FastifyInstance, listenOn } from '../serve.ts';
import {
  type SandboxAnswer,
  sendAnswer,
  transportEffects,
  transportFaults,
} from './sandbox-faults.ts';

export type { SandboxAnswer } from './sandbox-faults.ts';
export { transportFaults } from './sandbox-faults.ts';

export interface SandboxRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
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

const faultSwitch = z.strictObject({
  name: z.string(),
  times: z.int().min(1).exactOptional(),
  path: z.string().min(1).exactOptional(),
  ms: z.int().min(0).max(600_000).exactOptional(),
  retryAfterS: z.int().min(0).exactOptional(),
});

export async function startSandbox(
  sandbox: Sandbox,
  deps: SandboxDeps,
  port = 0,
): Promise<RunningSandbox> {
  const server = createServer({ bodyBytesMax: 1024 * 1024, requestTimeoutMs: 0 });
  const faults = createFaultBoard(sandbox);
  const seen: RequestRecord[] = [];
  const books = () => sandbox.books?.() ?? [];

  // A page in a browser could otherwise switch faults on a sandbox that it cannot even read.
  server.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin !== undefined) await reply.code(403).send('not for web pages\n');
  });
  addControl(server, faults);
  server.get('/_sandbox', async () => ({
    id: sandbox.id,
    faults: faults.known,
    active: faults.list(),
    requests: seen.length,
  }));
  server.get('/_sandbox/requests', async () => seen);
  server.get('/_sandbox/books', async () => books());
  server.all('/*', async (incoming, reply) => {
    const [path = '', query] = incoming.url.split(/\?(.*)/s);
    const request: SandboxRequest = {
      method: incoming.method,
      path,
      query: new URLSearchParams(query),
      headers: incoming.headers as Record<string, string | undefined>,
      body: Buffer.isBuffer(incoming.body) ? incoming.body : Buffer.alloc(0),
    };
    const fault = faults.take(path);
    seen.push({
      method: request.method,
      path: incoming.url,
      fault: fault?.name,
      body: request.body.toString('utf8'),
    });
    if (seen.length > requestsKeptMax) seen.shift();
    if (fault !== undefined && isTransportFault(fault.name)) {
      const { ms, retryAfterS } = fault;
      const process = () => sandbox.answer(request, undefined);
      await transportEffects[fault.name]({ ms, retryAfterS, clock: deps.clock, reply, process });
    } else {
      await sendAnswer(reply, sandbox.answer(request, fault?.name));
    }
    return reply;
  });

  const origin = await listenOn(server, {
    port,
    what: `The sandbox of ${sandbox.id}`,
    choice: 'npm run sandbox ',
  });
  return {
    id: sandbox.id,
    origin,
    ...sandbox.connect(origin),
    switchFault: faults.switchOn,
    clearFaults: faults.clear,
    requests: () => [...seen],
    books,
    takeWebhooks: () => sandbox.takeWebhooks?.() ?? [],
    close: () => server.close(),
  };
}

function createFaultBoard(sandbox: Sandbox) {
  const known: Record<string, string> = { ...sandbox.faults, ...transportFaults };
  const taken = Object.keys(sandbox.faults).filter(isTransportFault);
  if (taken.length > 0) throw new TypeError(`${sandbox.id} redefines the faults ${taken}`);
  let active: { fault: FaultSwitch; left: number }[] = [];
  return {
    known,
    list: () => active.map(({ fault }) => fault),
    switchOn(fault: FaultSwitch) {
      if (!Object.hasOwn(known, fault.name)) {
        throw new RangeError(`${sandbox.id} has no fault named ${fault.name}`);
      }
      active.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    clear() {
      active = [];
    },
    /** The first one switched on that fits, for this one request. */
    take(path: string): FaultSwitch | undefined {
      const entry = active.find(({ fault, left }) => left > 0 && path.includes(fault.path ?? ''));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      active = active.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}

/** For people with curl: tests in the same process call `switchFault`. */
function addControl(server: FastifyInstance, faults: ReturnType<typeof createFaultBoard>): void {
  server.put('/_sandbox/faults', async (request, reply) => {
    try {
      faults.switchOn(faultSwitch.parse(JSON.parse(String(request.body))));
      return await reply.code(204).send();
    } catch {
      return await reply.code(400).send({
        error: 'send {"name": …} with one of these faults, and maybe times, path, ms, retryAfterS',
        faults: faults.known,
      });
    }
  });
  server.delete('/_sandbox/faults', async (_request, reply) => {
    faults.clear();
    return await reply.code(204).send();
  });
}

function isTransportFault(name: string): name is keyof typeof transportFaults {
  return Object.hasOwn(transportFaults, name);
}
