// What networks and servers do wrong, for every sandbox. "Processed" matters more than what the
// client sees: after `process_then_reset` a payout exists that its sender knows nothing of.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../clock.ts';
import type { FastifyReply } from '../serve.ts';

export interface SandboxAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
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
export type TransportFault = keyof typeof transportFaults;

export interface FaultScene {
  readonly ms: number | undefined;
  readonly retryAfterS: number | undefined;
  readonly clock: Clock;
  readonly reply: FastifyReply;
  /** Lets the provider's sandbox do its work. */
  process(): SandboxAnswer;
}

export const transportEffects: Readonly<
  Record<TransportFault, (scene: FaultScene) => void | Promise<void>>
> = {
  slow: async ({ ms = 1000, clock, reply, process }) => {
    await clock.sleep(ms);
    await sendAnswer(reply, process());
  },
  timeout: ({ reply }) => {
    reply.hijack();
  },
  process_then_timeout: ({ reply, process }) => {
    process();
    reply.hijack();
  },
  reset: ({ reply }) => breakConnection(reply),
  process_then_reset: ({ reply, process }) => {
    process();
    breakConnection(reply);
  },
  http_500: ({ reply }) => sendText(reply, 500, 'Internal Server Error'),
  http_429: ({ reply, retryAfterS = 1 }) =>
    sendText(reply, 429, 'Too Many Requests', { 'retry-after': String(retryAfterS) }),
  html: ({ reply }) =>
    sendText(reply, 200, '<!doctype html><title>Maintenance</title><p>We will be back soon.</p>', {
      'content-type': 'text/html',
    }),
  invalid_json: ({ reply }) =>
    sendText(reply, 200, '{"code":"00","data":{"amount":12', {
      'content-type': 'application/json',
    }),
  truncated: ({ reply, process }) => {
    const { status, headers, body } = process();
    const whole = Buffer.from(body);
    reply.hijack();
    reply.raw.writeHead(status, { ...headers, 'content-length': whole.length });
    reply.raw.flushHeaders();
    // Not reset: that could overtake the half which is on its way.
    reply.raw.write(whole.subarray(0, Math.floor(whole.length / 2)), () =>
      reply.raw.socket?.destroy(),
    );
  },
  empty: ({ reply }) => sendText(reply, 200, ''),
  huge: async ({ reply }) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'application/json' });
    // Whoever has had enough hangs up, which is all that can go wrong here.
    await pipeline(Readable.from(hugeJson()), reply.raw).catch(() => {});
  },
  redirect: ({ reply }) => sendText(reply, 302, '', { location: 'https://elsewhere.invalid/' }),
};

export async function sendAnswer(reply: FastifyReply, answer: SandboxAnswer): Promise<void> {
  await reply.code(answer.status).headers(answer.headers).send(answer.body);
}

async function sendText(
  reply: FastifyReply,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<void> {
  await sendAnswer(reply, { status, headers, body });
}

function breakConnection(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

function* hugeJson(): Generator<Buffer | string> {
  const spaces = Buffer.alloc(64 * 1024, ' ');
  for (let sent = 0; sent < 50 * 1024 * 1024; sent += spaces.length) yield spaces;
  yield '{}';
}
