// What SmilePayz leaves in doubt. Only "00" is documented: every other answer, and none, may hide a
// payout that was made. For each, one request goes out and the outcome is unknown.
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import {
  createPath,
  expectNothingTold,
  failureOf,
  keyOf,
  orderOf,
  type PayoutScene,
  potOf,
  replayPayouts,
  startPayouts,
} from './smilepayz-scene.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(scene: PayoutScene = {}) {
  const started = await startPayouts(scene);
  closers.push(started.close);
  return started;
}

async function startReplay(...answer: Parameters<typeof replayPayouts>) {
  const started = await replayPayouts(...answer);
  closers.push(started.close);
  return started;
}

const order = orderOf('10.50');

/** Fault -> did it reach the books? For each the client must say that it does not know. */
const doubts: [fault: string, taken: number, message: RegExp][] = [
  ['timeout', 0, /did not answer within/],
  ['process_then_timeout', 1, /did not answer within/],
  ['reset', 0, /broke off/],
  ['process_then_reset', 1, /broke off/],
  ['http_500', 0, /HTTP 500/],
  ['http_429', 0, /HTTP 429/],
  ['http_401', 0, /refused Purser’s credentials/],
  ['html', 0, /web page/],
  ['invalid_json', 0, /not JSON/],
  ['truncated', 1, /broke off/],
  ['empty', 0, /it is empty/],
  ['huge', 0, /more than/],
  ['redirect', 0, /redirect/],
  ['bad_signature', 0, /code SBX_SIGNATURE/],
  ['echoed_string', 0, /code SBX_SIGNATURE.*\[secret\]/],
  ['stale_timestamp', 0, /code SBX_STALE/],
  ['unknown_code', 0, /code 7F, no message/],
  ['refused_but_taken', 1, /code 7E, “try later”, which is not documented to mean a refusal/],
  ['quoted_account', 1, /cashAccount ••8901 is busy/],
  ['other_order', 1, /another orderNo/],
];

test.each(doubts)('%s: one request, and its outcome is unknown', async (fault, taken, message) => {
  const scene = await start({ deadlineMs: 1_000 });
  scene.running.switchFault({ name: fault });
  const failure = await failureOf(scene.payouts.create(order));
  expect(failure).toMatchObject({ code: 'outcome_unknown', provider: 'smilepayz' });
  expect(failure.message).toMatch(message);
  expect(scene.calls(createPath)).toHaveLength(1);
  expect(scene.running.books()).toHaveLength(taken);
  expectNothingTold(scene, failure);
});

test.each([400, 403, 404, 409, 422, 503])('HTTP %i proves nothing', async (status) => {
  const { payouts, asked } = await startReplay('{"code":"400","message":"no"}', { status });
  expect((await failureOf(payouts.create(order))).code).toBe('outcome_unknown');
  expect(asked).toHaveLength(1);
});

test.each([
  ['no code', '{"status":"PROCESSING"}'],
  ['a status that is no text', '{"code":"00","status":7}'],
  ['money that is a text', '{"code":"00","status":"PROCESSING","money":"10.50 PEN"}'],
  ['a list', '[]'],
])('an answer with %s leaves the outcome unknown', async (_what, body) => {
  const { payouts } = await startReplay(body);
  expect((await failureOf(payouts.create(order))).code).toBe('outcome_unknown');
});

test('the code of a doubtful answer is kept for the support of SmilePayz', async () => {
  const { payouts, running } = await start();
  running.switchFault({ name: 'unknown_code' });
  const failure = await failureOf(payouts.create(order));
  expect(failure).toMatchObject({ providerCode: '7F', httpStatus: 200 });
});

test('a payout that never left is unavailable: nothing happened', async () => {
  const closed = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
  const environment = { SMILEPAYZ_BASE_URL: `http://127.0.0.1:${closed}` };
  const { payouts } = await start({ environment });
  expect((await failureOf(payouts.create(order))).code).toBe('unavailable');
});

test('what was in doubt is found by its reference, whatever became of it', async () => {
  const { payouts, getStatus, running, clock } = await start({ deadlineMs: 1_000 });
  running.switchFault({ name: 'process_then_reset', times: 1 });
  await failureOf(payouts.create(order));
  clock.advance(4_000);
  expect((await getStatus(keyOf(order))).state).toBe('paid');
});

test('a repeated reference is refused there, which is no proof for us', async () => {
  const { payouts, running } = await start();
  await payouts.create(order);
  const failure = await failureOf(payouts.create(order));
  expect([failure.code, failure.providerCode]).toEqual(['outcome_unknown', 'SBX_DUPLICATE']);
  expect(running.books()).toHaveLength(1);
});

test('processes_twice: the books show that a repeated reference was paid twice', async () => {
  const { payouts, running } = await start();
  running.switchFault({ name: 'processes_twice' });
  await payouts.create(order);
  await payouts.create(order);
  const references = running.books().map(({ reference }) => reference);
  expect(references).toEqual([order.reference, order.reference]);
});

test('insufficient funds have no documented code, so that they are in doubt too', async () => {
  const { payouts, running } = await start({ accounts: [potOf('PEN', { available: 1049n })] });
  const failure = await failureOf(payouts.create(order));
  expect([failure.code, failure.providerCode]).toEqual(['outcome_unknown', 'SBX_FUNDS']);
  expect(running.books()).toEqual([]);
});

test('a secret with long runs of digits is recognised before those are masked', async () => {
  const secret = 'c0ffee1234567890123abcdef9876543210fedcba';
  const said = `signed |${secret}| by 19312345678901 and 40028922123`;
  const { payouts, getStatus, log } = await startReplay(
    JSON.stringify({ code: '7F', message: said }),
    { secret },
  );
  const failure = await failureOf(payouts.create(order));
  const masked = 'signed |[secret]| by ••8901 and ••2123';
  expect(failure.message).toContain(masked);
  expect((await getStatus(keyOf(order))).reason).toContain(masked);
  log.error({ failure }, 'as the caller would log it');
  expect(log.text()).not.toMatch(/c0ffee|fedcba|19312345678901/);
});
