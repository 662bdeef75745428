// Requests with every header in the test's hand, which `fetch` does not allow, and a reader of
// server-sent events.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Beat, Hello, Message } from '../../src/bots/playground/protocol.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export type Headers = Record<string, string>;

export async function ask(
  url: string,
  options: { method?: string; headers?: Headers; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  const outgoing = request(url, { method, headers, agent: false });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

/** As the page does it; `headers` replace its own, an empty one is left out. */
export async function post(
  origin: string,
  path: string,
  body: object | string,
  headers: Headers = {},
): Promise<Answer> {
  const all = { origin, 'content-type': 'application/json', ...headers };
  return await ask(`${origin}${path}`, {
    method: 'POST',
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export async function say(origin: string, as: string, text: string, channel = 'general') {
  return await post(origin, '/api/lines', { as, channel, text });
}

export interface StreamEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

export interface StreamReader {
  readonly events: readonly StreamEvent[];
  /** Everything that came over the wire. */
  raw(): string;
  /** Versions of messages, in the order of arrival. */
  messages(): Message[];
  /** As the first event says. */
  boot(): string;
  /** As the newest beat says. */
  windows(): number;
  /** Resolves when what has arrived satisfies it. */
  until(isEnough: (reader: StreamReader) => boolean): Promise<void>;
  readonly ended: Promise<void>;
  pause(): void;
  close(): void;
}

const noEvent: StreamEvent = { event: '', id: undefined, data: {} };

export async function openStream(
  origin: string,
  as: string,
  headers: Headers = {},
  query = '',
): Promise<StreamReader> {
  const outgoing = request(`${origin}/api/events?as=${as}${query}`, { headers, agent: false });
  outgoing.on('error', () => {}); // a server that stops resets the connection
  outgoing.end();
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  incoming.setEncoding('utf8');
  let text = '';
  const events: StreamEvent[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  incoming.on('data', (chunk: string) => {
    text += chunk;
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event !== undefined) events.push(event);
    }
    for (const check of waiting) check();
  });
  const find = (name: string) => events.findLast(({ event }) => event === name) ?? noEvent;
  const reader: StreamReader = {
    events,
    raw: () => text,
    messages: () =>
      events.filter(({ event }) => event === 'message').map(({ data }) => data as Message),
    boot: () => (find('hello').data as Hello).boot,
    windows: () => (find('beat').data as Beat).windows,
    until: async (isEnough) =>
      await new Promise((resolve) => {
        const check = () => {
          if (!isEnough(reader)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    ended: new Promise((resolve) => incoming.on('close', resolve)),
    pause: () => incoming.pause(),
    close: () => outgoing.destroy(),
  };
  await reader.until(() => events.some(({ event }) => event === 'beat'));
  return reader;
}

function parseEvent(block: string): StreamEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return { event: fields.get('event') ?? '', id: fields.get('id'), data: JSON.parse(data) };
}
