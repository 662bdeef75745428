// Answers of a proxy before Slack that is overloaded: without a time, or broken off.
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createSlackApi } from '../../src/bots/slack/api.ts';
import { toFailure } from '../../src/bots/slack/failure.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The first answers are as given; `length` promises more than there is. */
async function open(status: number, headers: Record<string, string>, times = 1) {
  const clock = createFakeClock();
  let asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    const isOver = asked > times;
    const type = { 'content-type': 'application/json' };
    response.writeHead(isOver ? 200 : status, isOver ? type : { ...type, ...headers });
    if (isOver || headers['content-length'] === undefined) response.end('{"ok":true}');
    else response.write('{"o', () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const apiUrl = `http://127.0.0.1:${port}/api/`;
  const api = createSlackApi({ botToken: 'xoxb-1', apiUrl }, { clock, log: createRecordingLog() });
  return {
    clock,
    asked: () => asked,
    respond: () => api.respond(`${apiUrl}respond`, {}),
    post: () => api.call((client) => client.chat.postMessage({ channel: 'C01', text: 'x' })),
  };
}

const untimed: readonly Record<string, string>[] = [
  { 'retry-after': '' },
  { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' },
  { 'retry-after': '-1' },
];

test.each(untimed)('an answer is not brought again and again where %o', async (headers) => {
  const { respond, clock, asked } = await open(429, headers, 1_000);
  expect(await respond().catch(toFailure)).toMatchObject({ code: 'rate_limited', isPassing: true });
  expect(asked()).toBeLessThan(40);
  for (const ms of clock.slept) expect(ms).toBeGreaterThanOrEqual(250);
});

test.each<[number, Record<string, string>, object]>([
  [429, {}, { code: 'rate_limited' }],
  [429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, { code: 'rate_limited' }],
  [503, { 'content-length': '1000' }, { code: 'unreachable', isDoubtful: false }],
  [200, { 'content-length': '1000' }, { code: 'unreachable', isDoubtful: true }],
])('a message is worth another try after a %i with %o', async (status, headers, facts) => {
  const { post } = await open(status, headers);
  expect(await post().catch(toFailure)).toMatchObject({ ...facts, isPassing: true });
  expect(await post()).toMatchObject({ ok: true });
});

test('an answer whose receipt stands still is not posted again and again', () => {
  const stalled = toFailure(new DOMException('it took too long', 'TimeoutError'));
  expect(stalled).toMatchObject({ code: 'unreachable', isPassing: true, isDoubtful: true });
});
