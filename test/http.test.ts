// Reads over real HTTP: one connection kept, every deadline held, answers bounded.
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock.ts';
import { readHeader, requestIdOf } from '../src/providers/http.ts';
import {
  failureOf,
  get,
  openHttp,
  readJson,
  readOnce,
  startEcho,
  startRaw,
  startRawHttp,
  startRelay,
  takeDeadOrigin,
} from './http-servers.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';

describe('requests', () => {
  it('go out below the base URL, byte for byte', async () => {
    const echo = await startEcho();
    const { http } = openHttp(`${echo.origin}/paynet/`);
    const body = Uint8Array.of(0, 255, 10, 195, 40);
    await http.read('x', (send) =>
      send({ method: 'POST', path: '/api/v2?a=%20&a=2', headers: { 'X-Sign': 'ab=' }, body }),
    );
    expect(echo.processed).toHaveLength(1);
    expect(echo.processed[0]).toMatchObject({
      method: 'POST',
      path: '/paynet/api/v2',
      headers: { 'x-sign': 'ab=', 'content-length': '5' },
    });
    expect(echo.processed[0]?.query.toString()).toBe('a=+&a=2');
    expect(echo.processed[0]?.body).toEqual(Buffer.from(body));
  });

  it('give back the bytes, the text without its mark, and headers in lower case', async () => {
    const body = Buffer.from('\ufeff{"größe":"1"}');
    const headers = { 'X-Request-Id': 'r-1', 'x-odd': 'yes' };
    const echo = await startEcho(() => ({ status: 207, headers, body }));
    const answer = await readOnce(openHttp(echo.origin).http);
    expect(answer.status).toBe(207);
    expect(answer.body).toEqual(body);
    expect(answer.text).toBe('{"größe":"1"}');
    expect(readHeader(answer, 'x-odd')).toBe('yes');
    expect(readHeader(answer, 'x-none')).toBeUndefined();
    expect(requestIdOf(answer)).toBe('r-1');
    expect(readHeader({ ...answer, headers: { a: ['1', '2'] } }, 'a')).toBe('1');
  });

  it('put an answer together that comes in pieces', async () => {
    const origin = await startRawHttp((socket) => {
      const pieces = [
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
        '3\r\n{"a\r\n',
        '4\r\n":1}\r\n0\r\n\r\n',
      ];
      const next = () => {
        const piece = pieces.shift();
        if (piece !== undefined) socket.write(piece, () => setImmediate(next));
      };
      next();
    });
    expect(await readJson(openHttp(origin).http)).toEqual({ a: 1 });
  });

  it('take one connection, one after another', async () => {
    const echo = await startEcho();
    const relay = await startRelay(echo.origin);
    const { http } = openHttp(relay.origin);
    for (let count = 0; count < 10; count += 1) await readOnce(http);
    expect(echo.processed).toHaveLength(10);
    expect(relay.counts.connections).toBe(1);
  });

  it('are never more at once than allowed, and all are answered', async () => {
    let underWay = 0;
    let underWayMax = 0;
    const server = createServer((_request, response) => {
      underWay += 1;
      underWayMax = Math.max(underWayMax, underWay);
      setTimeout(() => {
        underWay -= 1;
        response.end('{}');
      }, 5);
    });
    const origin = await startRaw((socket) => void server.emit('connection', socket));
    const relay = await startRelay(origin);
    const { http } = openHttp(relay.origin, { concurrentMax: 3 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => readOnce(http)));
    expect(answers.map(({ text }) => text)).toEqual(Array(20).fill('{}'));
    expect(underWayMax).toBe(3);
    expect(relay.counts).toMatchObject({ connections: 3, openMax: 3 });
  });

  it('that HTTP cannot carry are refused before anything is sent, without their value', async () => {
    const echo = await startEcho();
    const { http, log } = openHttp(echo.origin);
    const headers = { authorization: 'line\nbreak-in-the-key' };
    const error = await failureOf(http.read('x', (send) => send({ ...get, headers })));
    expect(error).toMatchObject({
      code: 'unsupported',
      message: 'A request to Echo cannot be written as HTTP: invalid authorization header.',
    });
    expect(error.message + error.remedy + log.text()).not.toContain('break-in-the-key');
    expect(echo.processed).toEqual([]);
  });
});

describe('a deadline', () => {
  it('ends an exchange that is never answered', async () => {
    const echo = await startEcho();
    echo.switchFault({ name: 'timeout' });
    const { http } = openHttp(echo.origin, { deadlineMs: 500 });
    const error = await failureOf(readOnce(http));
    expect(error).toMatchObject({
      code: 'timed_out',
      message: 'Echo did not answer within 0.5 s.',
      cause: { name: 'DeadlineError' },
    });
    expect(echo.requests()).toHaveLength(3);
  });

  it('ends an answer that drips for ever', async () => {
    let drips = 0;
    const origin = await startRawHttp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const drip = setInterval(() => {
        drips += 1;
        socket.write(' ');
      }, 10);
      socket.on('close', () => clearInterval(drip));
    });
    const { http } = openHttp(origin, { deadlineMs: 500 });
    expect(await failureOf(readOnce(http))).toMatchObject({ code: 'timed_out' });
    expect(drips).toBeGreaterThan(3);
  });

  it('holds while the connection is still being made', async () => {
    const silent = (await startRaw(() => {})).replace('http:', 'https:');
    const { http } = openHttp(silent, { deadlineMs: 60 });
    const startedAt = performance.now();
    expect(await failureOf(readOnce(http))).toMatchObject({ code: 'timed_out' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('is cut to what is left of the budget, and then speaks of the budget', async () => {
    const echo = await startEcho();
    echo.switchFault({ name: 'timeout' });
    const { http } = openHttp(echo.origin, {
      deadlineMs: 10_000,
      budgetMs: 500,
      clock: systemClock,
    });
    const error = await failureOf(readOnce(http));
    expect(error).toMatchObject({
      code: 'timed_out',
      message: 'Echo did not answer within 0.5 s.',
    });
    expect(echo.requests()).toHaveLength(1);
  });

  it('is not for those who wait: their budget is, and it ends promptly', async () => {
    const echo = await startEcho();
    echo.switchFault({ name: 'timeout' });
    const options = { concurrentMax: 1, deadlineMs: 10_000, budgetMs: 150, clock: systemClock };
    const { http } = openHttp(echo.origin, options);
    const startedAt = performance.now();
    const reads = Array.from({ length: 30 }, () => failureOf(readOnce(http)));
    const codes = new Set((await Promise.all(reads)).map(({ code }) => code));
    expect(codes).toEqual(new Set(['timed_out']));
    // One after another they would have taken 4.5 s.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(echo.requests().length).toBeLessThan(5);
  });
});

describe('an answer', () => {
  it('of 50 MB is cut off at 1 MiB, and is not asked for again', async () => {
    const echo = await startEcho();
    echo.switchFault({ name: 'huge' });
    const relay = await startRelay(echo.origin);
    const error = await failureOf(readOnce(openHttp(relay.origin).http));
    expect(error).toMatchObject({
      code: 'malformed_response',
      message: 'Echo answered with more than 1048576 bytes; the rest was not read.',
    });
    expect(relay.counts.connections).toBe(1);
    // What the sockets in between hold comes on top of what was read.
    expect(relay.counts.bytesFromServer).toBeGreaterThan(1024 * 1024);
    expect(relay.counts.bytesFromServer).toBeLessThan(16 * 1024 * 1024);
  });

  it.each(['content-length: 101', 'transfer-encoding: chunked'])(
    'may be as long as the limit and no longer, with %s',
    async (header) => {
      for (const length of [100, 101]) {
        const body = 'x'.repeat(length);
        const isChunked = header.startsWith('transfer');
        const origin = await startRawHttp((socket) => {
          const head = isChunked ? header : `content-length: ${length}`;
          const wire = isChunked ? `${length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
          socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${wire}`);
        });
        const read = readOnce(openHttp(origin, { answerBytesMax: 100 }).http);
        if (length === 100) expect((await read).text).toBe(body);
        else expect(await failureOf(read)).toMatchObject({ code: 'malformed_response' });
      }
    },
  );

  it('that redirects is not followed', async () => {
    const other = await startEcho();
    const headers = { location: `${other.origin}/balance` };
    const echo = await startEcho(() => ({ status: 307, headers }));
    const error = await failureOf(readJson(openHttp(echo.origin).http));
    expect(error).toMatchObject({ code: 'malformed_response', httpStatus: 307 });
    expect(other.processed).toEqual([]);
    expect(echo.processed).toHaveLength(1);
  });

  it.each([
    ['reset', 'unavailable', 3],
    ['truncated', 'unavailable', 3],
    ['http_500', 'unavailable', 3],
    ['http_429', 'rate_limited', 3],
    ['redirect', 'malformed_response', 1],
  ] as const)('lost to %s is %s after %i requests', async (name, code, count) => {
    const echo = await startEcho();
    echo.switchFault({ name });
    const error = await failureOf(readJson(openHttp(echo.origin).http));
    expect(error).toMatchObject({ code, provider: 'echo', operation: 'balance' });
    expect(error.message).toMatch(/^(The connection to )?Echo.*\.$/);
    expect(error.remedy).toMatch(/\.$/);
    expect(echo.requests()).toHaveLength(count);
  });

  it.each([
    [
      'chunked and cut',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a":',
      'unavailable',
    ],
    ['shorter than it says', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}', 'unavailable'],
    ['not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'malformed_response'],
    ['all headers', `HTTP/1.1 200 OK\r\na: ${'x'.repeat(99_999)}`, 'malformed_response'],
    ['nothing', '', 'unavailable'],
  ])('that is %s is no answer', async (_what, bytes, code) => {
    const origin = await startRawHttp((socket) => socket.end(bytes));
    expect(await failureOf(readOnce(openHttp(origin).http))).toMatchObject({ code });
  });
});

describe('no connection', () => {
  it('is unavailable, and says where', async () => {
    const dead = await takeDeadOrigin();
    const error = await failureOf(readOnce(openHttp(dead).http));
    expect(error).toMatchObject({
      code: 'unavailable',
      message: `Echo cannot be reached at ${new URL(dead).host}: nothing is listening there.`,
    });
  });

  it('over TLS to a server that speaks none is unavailable, and names TLS', async () => {
    const echo = await startEcho();
    const { http } = openHttp(echo.origin.replace('http:', 'https:'));
    const error = await failureOf(readOnce(http));
    expect(error.code).toBe('unavailable');
    expect(error.message).toMatch(/^No trusted TLS connection to Echo at 127\.0\.0\.1:\d+ \(/);
  });

  it('is made anew when the server closed a kept one under the request', async () => {
    const requests: unknown[] = [];
    const origin = await startRawHttp((socket, nth) => {
      requests.push(nth);
      if (nth.onConnection === 1) socket.write(ok);
      else socket.destroy();
    });
    const { http } = openHttp(origin);
    expect((await readOnce(http)).text).toBe('{}');
    expect((await readOnce(http)).text).toBe('{}');
    expect(requests).toEqual([
      { onConnection: 1, ofConnections: 1 },
      { onConnection: 2, ofConnections: 1 },
      { onConnection: 1, ofConnections: 2 },
    ]);
  });
});
