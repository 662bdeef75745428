// What is told when a read over real HTTP fails, and how often it was tried.
import { describe, expect, it } from 'vitest';
import type { ProviderErrorCode } from '../src/errors.ts';
import type { Answer } from '../src/providers/http.ts';
import {
  failureOf,
  openHttp,
  readJson,
  secret,
  startEcho,
  takeDeadOrigin,
  thrownBy,
} from './http-servers.ts';

describe('retries of a read', () => {
  const codes: Record<ProviderErrorCode, number> = {
    unavailable: 3,
    rate_limited: 3,
    timed_out: 3,
    auth_failed: 1,
    not_found: 1,
    rejected: 1,
    outcome_unknown: 1,
    malformed_response: 1,
    unsupported: 1,
  };

  it.each(Object.entries(codes) as [ProviderErrorCode, number][])(
    'after %s: %i attempts in all',
    async (code, count) => {
      const { http, clock, log } = openHttp(await takeDeadOrigin());
      const failure = http.error({ code, operation: 'x', message: 'No.' });
      let attempts = 0;
      const read = http.read('x', async () => {
        attempts += 1;
        throw failure;
      });
      expect(await thrownBy(read)).toBe(failure);
      expect(attempts).toBe(count);
      expect(clock.slept).toEqual([200, 400].slice(0, count - 1));
      expect(log.lines.filter(({ level }) => level === 'info')).toHaveLength(count - 1);
    },
  );

  it('do not hide a programmer’s error', async () => {
    const { http } = openHttp(await takeDeadOrigin());
    const mistake = new RangeError('oops');
    let attempts = 0;
    const read = http.read('x', async () => {
      attempts += 1;
      throw mistake;
    });
    expect(await thrownBy(read)).toBe(mistake);
    expect(attempts).toBe(1);
  });

  it('end with the first success', async () => {
    const echo = await startEcho();
    echo.switchFault({ name: 'http_500', times: 1 });
    echo.switchFault({ name: 'reset', times: 1 });
    expect(await readJson(openHttp(echo.origin).http)).toEqual({ ok: true });
    expect(echo.requests().map(({ fault }) => fault)).toEqual(['http_500', 'reset', undefined]);
  });

  it.each([
    [429, '3', [3_000, 3_000]],
    [503, '3', [3_000, 3_000]],
    [429, '0', [200, 400]],
    [429, 'Fri, 20 Nov 2026 12:00:05 GMT', [5_000, 400]],
    [429, 'Fri, 20 Nov 2026 11:59:00 GMT', [200, 400]],
    [429, 'soon', [200, 400]],
    [429, '-3', [200, 400]],
    [429, '14', [14_000]],
    [429, '15', []],
    [429, '999999', []],
    [429, '99999999999999999999', [200, 400]],
  ])('after HTTP %i with Retry-After %j wait %j ms', async (status, retryAfter, slept) => {
    const echo = await startEcho(() => ({ status, headers: { 'retry-after': retryAfter } }));
    const { http, clock } = openHttp(echo.origin);
    const error = await failureOf(readJson(http));
    expect(error.httpStatus).toBe(status);
    expect(clock.slept).toEqual(slept);
    expect(echo.processed).toHaveLength(slept.length + 1);
  });
});

describe('errorOfStatus', () => {
  const answerOf = (status: number, headers: Answer['headers'] = {}): Answer => ({
    status,
    headers,
    body: Buffer.alloc(0),
    text: '',
  });
  const table: Partial<Record<ProviderErrorCode, number[]>> = {
    malformed_response: [300, 301, 302, 303, 304, 307, 308],
    rejected: [400, 402, 405, 406, 410, 413, 415, 418, 422, 423, 451],
    auth_failed: [401, 403],
    not_found: [404],
    timed_out: [408],
    rate_limited: [429],
    // A conflict may be with the same request, already carried out: not `rejected`.
    unavailable: [409, 425, 500, 501, 502, 503, 504, 522, 599],
  };

  it.each(Object.entries(table).flatMap(([code, all]) => all.map((status) => [status, code])))(
    'HTTP %i is %s, in a sentence with a remedy',
    (status, code) => {
      const { http } = openHttp('http://127.0.0.1:1');
      const error = http.errorOfStatus('pay', answerOf(Number(status), { 'x-request-id': 'r-7' }));
      expect(error).toMatchObject({ code, httpStatus: status, operation: 'pay', requestId: 'r-7' });
      expect(error?.message).toMatch(/^Echo .*\.$/);
      expect(error?.remedy).toMatch(/^[A-Z].*\.$/);
    },
  );

  it('leaves every 2xx to who knows the body', () => {
    const { http } = openHttp('http://127.0.0.1:1');
    for (const status of [200, 201, 202, 204, 299]) {
      expect(http.errorOfStatus('pay', answerOf(status))).toBeUndefined();
    }
  });

  it('tells how long to wait', () => {
    const { http } = openHttp('http://127.0.0.1:1');
    const error = http.errorOfStatus('pay', answerOf(429, { 'retry-after': '90' }));
    expect(error).toMatchObject({ retryAfterMs: 90_000, remedy: 'Ask again in 90 s.' });
  });
});

describe('errors', () => {
  it('carry no secret in any text', () => {
    const opened = openHttp('http://127.0.0.1:1').http;
    const error = opened.error({
      code: 'rejected',
      operation: 'pay',
      message: `Echo said ${secret} and ${encodeURIComponent(secret)}.`,
      remedy: `Look at ${Buffer.from(secret).toString('base64')}.`,
      providerCode: secret,
      requestId: JSON.stringify(secret),
    });
    expect(error).toMatchObject({
      message: 'Echo said [secret] and [secret].',
      providerCode: '[secret]',
      requestId: '"[secret]"',
    });
    expect(error.remedy).toContain('[secret]');
  });

  it('are one line of at most 400 whole characters', () => {
    const opened = openHttp('http://127.0.0.1:1').http;
    const facts = { code: 'rejected', operation: 'pay' } as const;
    const long = opened.error({ ...facts, message: `a${'💸'.repeat(5_000)}` }).message;
    expect([...long]).toHaveLength(400);
    expect(long).toBe(`a${'💸'.repeat(398)}…`);
    const broken = opened.error({ ...facts, message: ' one\r\n two\u0000\u001b[31m\tthree ' });
    expect(broken.message).toBe('one two [31m three');
  });

  it('say what to do, by code, when nobody knows better', () => {
    const opened = openHttp('http://127.0.0.1:1').http;
    const codes: ProviderErrorCode[] = ['not_found', 'rejected', 'timed_out', 'malformed_response'];
    for (const code of codes) {
      const { remedy } = opened.error({ code, operation: 'x', message: 'No.' });
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    }
    const refused = opened.error({ code: 'auth_failed', operation: 'x', message: 'No.' });
    expect(refused.remedy).toBe('Check ECHO_KEY.');
  });

  it('and log lines hold nothing of a request', async () => {
    const echo = await startEcho();
    const opened = openHttp(echo.origin);
    const headers = { authorization: 'plain-credential' };
    const request = {
      method: 'POST',
      path: '/no-such-path?k=v',
      headers,
      body: 'the body',
    } as const;
    await opened.http.read('balance', (send) => send(request));
    echo.switchFault({ name: 'reset' });
    await failureOf(opened.http.read('balance', (send) => send(request)));
    expect(opened.log.lines.map(({ message }) => message)).toEqual([
      'provider answered',
      'provider call failed',
      'provider read is retried',
      'provider call failed',
      'provider read is retried',
      'provider call failed',
    ]);
    expect(opened.log.lines[0]?.fields).toEqual({
      operation: 'balance',
      httpStatus: 200,
      ms: 0,
      bytes: 11,
    });
    expect(opened.log.text()).not.toMatch(/plain-credential|no-such-path|the body/);
  });
});
