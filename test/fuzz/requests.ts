// Requests as anybody could send them to the front door: a good one whose method, path, query, headers
// or body is bent, over HTTP as Node writes it, or bytes that are no HTTP at all.
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { bend, edits, nastyText } from './bending.ts';

export interface Wanted {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Bent {
  readonly method: string | undefined;
  readonly path: Parameters<typeof bend>[1] | undefined;
  readonly body: Parameters<typeof bend>[1] | undefined;
  readonly headers: readonly (readonly [name: string, value: string | undefined])[];
  readonly flipped: number | undefined;
}

const headerNames = [
  ...['sign', 'content-signature', 'authorization', 'x-signature', 'x-timestamp', 'x-partner-id'],
  ...['x-slack-signature', 'x-slack-request-timestamp', 'content-type', 'x-slack-retry-num'],
  ...['content-encoding', 'accept', 'host', 'x-forwarded-for', 'forwarded', 'expect', 'cookie'],
  ...['if-none-match', 'range', 'upgrade', 'x-http-method-override', '__proto__'],
];
const headerValue = fc.oneof(
  nastyText,
  fc.constantFrom(
    '',
    '0',
    '-1',
    'v0=',
    'v0=00',
    'Basic ',
    'Basic Og==',
    'application/json',
    'gzip',
  ),
  fc.constantFrom('multipart/form-data; boundary=x', 'text/plain; charset=utf-16', '100-continue'),
);
const never = fc.constant(undefined);

/** Mostly one thing is bent, so that what is behind it is reached. */
export const bent: fc.Arbitrary<Bent> = fc.record({
  method: fc.oneof(
    { weight: 12, arbitrary: never },
    { weight: 1, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS') },
    { weight: 1, arbitrary: fc.constantFrom('HEAD', 'TRACE', 'PROPFIND', 'REPORT') },
  ),
  path: fc.oneof({ weight: 6, arbitrary: never }, { weight: 1, arbitrary: edits }),
  body: fc.oneof({ weight: 2, arbitrary: never }, { weight: 1, arbitrary: edits }),
  headers: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.tuple(fc.constantFrom(...headerNames), fc.option(headerValue, { nil: undefined })),
        { maxLength: 3 },
      ),
    },
  ),
  /** One character of a header. */
  flipped: fc.oneof({ weight: 6, arbitrary: never }, { weight: 1, arbitrary: fc.nat(1000) }),
});

export function bendRequest(
  wanted: Wanted,
  { method, path, body, headers, flipped }: Bent,
): Wanted {
  const bentHeaders: Record<string, string> = { ...wanted.headers };
  for (const [name, value] of headers) {
    if (value === undefined) delete bentHeaders[name];
    else if (name !== '__proto__') bentHeaders[name] = toHeader(value);
  }
  const names = Object.keys(bentHeaders);
  const name = flipped === undefined ? undefined : names[flipped % Math.max(1, names.length)];
  if (name !== undefined && flipped !== undefined) {
    const value = bentHeaders[name] ?? '';
    const at = flipped % Math.max(1, value.length);
    const other = value[at] === 'A' ? 'B' : 'A';
    bentHeaders[name] = value.slice(0, at) + other + value.slice(at + 1);
  }
  return {
    method: method ?? wanted.method,
    path: path === undefined ? wanted.path : toPath(bend(wanted.path, path)),
    headers: bentHeaders,
    body: body === undefined ? wanted.body : bend(wanted.body, body),
  };
}

/** What Node lets stand in a header or in a path: everything else it would not send. */
function toHeader(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 4000);
}

function toPath(text: string): string {
  return `/${text.replace(/^\//, '').replace(/[^\x21-\xff]/g, '')}`.slice(0, 9000);
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Heard {
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  readonly body: string;
}

export function send(origin: string, { method, path, headers, body }: Wanted): Promise<Heard> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const gone = () => resolve({ status: 0, body: '' });
    const hear = (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', gone);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    };
    const bytes = Buffer.from(body);
    const all = { ...headers, 'content-length': String(bytes.length) };
    const outgoing = request({ hostname, port, method, path, headers: all, agent }, hear);
    outgoing.on('error', gone).on('upgrade', gone);
    outgoing.end(bytes);
  });
}

/** Bytes, and then an end: what comes back, if anything. */
export function sendBytes(origin: string, bytes: string): Promise<Heard> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? '0';
      resolve({ status: Number(status), body: text });
    });
    socket.end(bytes);
  });
}
