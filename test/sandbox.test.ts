// What every sandbox promises, over real HTTP: the faults of networks, and who may switch them.
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type RunningSandbox,
  type Sandbox,
  type SandboxRequest,
  startSandbox,
  transportFaults,
} from '../src/providers/sandbox.ts';
import { createFakeClock } from './support.ts';

const faultNames = Object.keys(transportFaults);
const clock = createFakeClock();
const running: RunningSandbox[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

/** Counts what it processes and answers with the count. */
async function startTally(changes: Partial<Sandbox> = {}) {
  const processed: { request: SandboxRequest; fault: string | undefined }[] = [];
  const tally: Sandbox = {
    id: 'tally',
    faults: { odd: 'answers HTTP 418' },
    answer: (asked, fault) => {
      processed.push({ request: asked, fault });
      const body = JSON.stringify({ processed: processed.length, padding: 'x'.repeat(100) });
      return { status: fault === 'odd' ? 418 : 200, headers: { 'x-tally': 'yes' }, body };
    },
    connect: (origin) => ({ environment: { TALLY_BASE_URL: origin }, settings: { size: 1 } }),
    ...changes,
  };
  const sandbox = await startSandbox(tally, { clock });
  running.push(sandbox);
  return { sandbox, processed };
}

function open(
  sandbox: RunningSandbox,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): ClientRequest {
  const { body, ...rest } = options;
  return request(`${sandbox.origin}${path}`, { agent: false, ...rest }).end(body);
}

async function ask(...args: Parameters<typeof open>) {
  const [answer]: IncomingMessage[] = await once(open(...args), 'response');
  if (answer === undefined) throw new Error('no answer');
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, headers: answer.headers, text };
}

const switchOn = (sandbox: RunningSandbox, fault: unknown) =>
  ask(sandbox, '/_sandbox/faults', { method: 'PUT', body: JSON.stringify(fault) });

describe('a sandbox', () => {
  it('hands each request to the provider’s part as it came', async () => {
    const { sandbox, processed } = await startTally();
    const headers = { 'content-type': 'application/json', 'X-Sign': 'abc' };
    const path = '/api//pay%20out?a=1&a=2&b=%20';
    const answer = await ask(sandbox, path, { method: 'POST', headers, body: '{"a": 1}' });
    expect(answer).toMatchObject({ status: 200, headers: { 'x-tally': 'yes' } });
    expect(processed).toHaveLength(1);
    expect(processed[0]).toMatchObject({
      fault: undefined,
      request: { method: 'POST', path: '/api//pay%20out', headers: { 'x-sign': 'abc' } },
    });
    expect(processed[0]?.request.query.getAll('a')).toEqual(['1', '2']);
    expect(processed[0]?.request.query.get('b')).toBe(' ');
    expect(processed[0]?.request.body).toEqual(Buffer.from('{"a": 1}'));
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'made/up', ''])(
    'takes a body of type %j as raw bytes',
    async (type) => {
      const { sandbox, processed } = await startTally();
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      await ask(sandbox, '/', { method: 'POST', headers, body: 'a=1&b=%FF' });
      expect(processed[0]?.request.body.toString()).toBe('a=1&b=%FF');
    },
  );

  it('listens on loopback, and tells how to reach it', async () => {
    const { sandbox } = await startTally();
    expect(sandbox.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(sandbox).toMatchObject({
      id: 'tally',
      environment: { TALLY_BASE_URL: sandbox.origin },
      settings: { size: 1 },
    });
  });

  it('remembers the last thousand requests, with the fault that each met', async () => {
    const { sandbox } = await startTally();
    sandbox.switchFault({ name: 'odd', times: 1 });
    await ask(sandbox, '/first?x=1', { method: 'POST', body: 'hello' });
    const seen = sandbox.requests();
    expect(seen).toEqual([{ method: 'POST', path: '/first?x=1', fault: 'odd', body: 'hello' }]);
    for (let count = 0; count < 1000; count += 1) await ask(sandbox, `/${count}`);
    expect(seen).toHaveLength(1);
    expect(sandbox.requests()).toHaveLength(1000);
    expect(sandbox.requests()[0]?.path).toBe('/0');
  });

  it('has empty books and no webhooks where the provider’s part keeps none', async () => {
    const { sandbox } = await startTally();
    expect(sandbox.books()).toEqual([]);
    expect(sandbox.takeWebhooks()).toEqual([]);
    const order = { reference: 'r1', amount: '1.00', currency: 'USD', status: 'PAID' };
    const { sandbox: keeping } = await startTally({ books: () => [order] });
    expect(keeping.books()).toEqual([order]);
    expect(JSON.parse((await ask(keeping, '/_sandbox/books')).text)).toEqual([order]);
  });

  it('closes although a request hangs, and answers nobody afterwards', async () => {
    const { sandbox } = await startTally();
    sandbox.switchFault({ name: 'timeout' });
    const hanging = once(open(sandbox, '/'), 'response');
    await seenRequests(sandbox, 1);
    await Promise.all([expect(hanging).rejects.toThrow('socket hang up'), sandbox.close()]);
    await expect(ask(sandbox, '/')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('transport faults', () => {
  it('slow: answers after ms milliseconds of its clock', async () => {
    const { sandbox, processed } = await startTally();
    const before = clock.now();
    sandbox.switchFault({ name: 'slow', ms: 7_000, times: 1 });
    expect(await ask(sandbox, '/')).toMatchObject({ status: 200 });
    expect(clock.now() - before).toBe(7_000);
    expect(processed).toHaveLength(1);
  });

  it.each([
    ['timeout', 0],
    ['process_then_timeout', 1],
  ])('%s: never answers; %i processed', async (name, count) => {
    const { sandbox, processed } = await startTally();
    sandbox.switchFault({ name, times: 1 });
    const hanging = open(sandbox, '/');
    let isAnswered = false;
    hanging.on('response', () => {
      isAnswered = true;
    });
    await seenRequests(sandbox, 1);
    // Another one is answered meanwhile.
    await ask(sandbox, '/');
    expect(isAnswered).toBe(false);
    expect(processed).toHaveLength(count + 1);
    hanging.on('error', () => {}).destroy();
  });

  it.each([
    ['reset', 0],
    ['process_then_reset', 1],
  ])('%s: breaks the connection; %i processed', async (name, count) => {
    const { sandbox, processed } = await startTally();
    sandbox.switchFault({ name });
    await expect(ask(sandbox, '/')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(processed).toHaveLength(count);
  });

  it.each([
    ['http_500', 500, {}, 'Internal Server Error'],
    ['http_429', 429, { 'retry-after': '1' }, 'Too Many Requests'],
    ['html', 200, { 'content-type': 'text/html' }, expect.stringMatching(/^<!doctype html>/)],
    [
      'invalid_json',
      200,
      { 'content-type': expect.stringMatching(/json/) },
      expect.stringMatching(/^\{/),
    ],
    ['empty', 200, {}, ''],
    ['redirect', 302, { location: 'https://elsewhere.invalid/' }, ''],
  ])('%s: answers HTTP %i; nothing is processed', async (name, status, headers, text) => {
    const { sandbox, processed } = await startTally();
    sandbox.switchFault({ name });
    const answer = await ask(sandbox, '/');
    expect(answer).toMatchObject({ status, headers, text });
    if (name !== 'http_429') expect(answer.headers['retry-after']).toBeUndefined();
    expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
    expect(processed).toEqual([]);
  });

  it('http_429: says how long to wait', async () => {
    const { sandbox } = await startTally();
    sandbox.switchFault({ name: 'http_429', retryAfterS: 30 });
    expect((await ask(sandbox, '/')).headers['retry-after']).toBe('30');
  });

  it('truncated: processes, and sends the first half of the answer', async () => {
    const { sandbox, processed } = await startTally();
    const whole = (await ask(sandbox, '/')).text;
    sandbox.switchFault({ name: 'truncated' });
    const headers = { connection: 'keep-alive' };
    const [answer]: IncomingMessage[] = await once(open(sandbox, '/', { headers }), 'response');
    let text = '';
    answer?.on('data', (chunk) => {
      text += chunk;
    });
    const [error] = await once(answer ?? process, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(answer?.headers).toMatchObject({
      'x-tally': 'yes',
      'content-length': `${whole.length}`,
    });
    expect(text).toHaveLength(Math.floor(whole.length / 2));
    expect(processed).toHaveLength(2);
  });

  it('huge: answers with 50 MB of JSON to whoever takes it', async () => {
    const { sandbox, processed } = await startTally();
    sandbox.switchFault({ name: 'huge' });
    const { status, text } = await ask(sandbox, '/');
    expect(status).toBe(200);
    expect(text).toHaveLength(50 * 1024 * 1024 + 2);
    expect(JSON.parse(text)).toEqual({});
    expect(processed).toEqual([]);
  });

  it('huge: stops without a complaint when the client hangs up', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const { sandbox } = await startTally();
    sandbox.switchFault({ name: 'huge', times: 1 });
    const [answer]: IncomingMessage[] = await once(open(sandbox, '/'), 'response');
    let bytes = 0;
    for await (const chunk of answer ?? []) {
      bytes += chunk.length;
      // Far enough that a listener added for each piece would be noticed.
      if (bytes > 30 * 1024 * 1024) break;
    }
    expect(await ask(sandbox, '/')).toMatchObject({ status: 200 });
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('switching faults', () => {
  it('counts times, goes by path, and takes the first that fits', async () => {
    const { sandbox } = await startTally();
    sandbox.switchFault({ name: 'odd', path: '/balance', times: 2 });
    sandbox.switchFault({ name: 'http_500', path: 'ance' });
    const statuses = [];
    for (const path of [
      '/x?y=/balance',
      '/v1/balance',
      '/balance',
      '/balance',
      '/other',
      '/ance',
    ]) {
      statuses.push((await ask(sandbox, path)).status);
    }
    expect(statuses).toEqual([200, 418, 418, 500, 200, 500]);
    sandbox.clearFaults();
    expect(await ask(sandbox, '/balance')).toMatchObject({ status: 200 });
  });

  it('refuses a fault that the sandbox does not have', async () => {
    const { sandbox } = await startTally();
    for (const name of ['', 'toString', 'http_501', '__proto__']) {
      expect(() => sandbox.switchFault({ name })).toThrow(RangeError);
      expect(await switchOn(sandbox, { name })).toMatchObject({ status: 400 });
    }
    expect(await ask(sandbox, '/')).toMatchObject({ status: 200 });
  });

  it('does not start where a provider’s fault would hide one of the network', async () => {
    await expect(startTally({ faults: { timeout: 'another' } })).rejects.toThrow(TypeError);
  });

  it('is done over HTTP too: list, switch on, clear', async () => {
    const { sandbox } = await startTally();
    const fault = { name: 'http_429', times: 2, path: '/b', retryAfterS: 3 };
    expect(await switchOn(sandbox, fault)).toMatchObject({ status: 204 });
    expect((await ask(sandbox, '/b')).headers['retry-after']).toBe('3');
    const state = JSON.parse((await ask(sandbox, '/_sandbox')).text);
    expect(state).toMatchObject({ id: 'tally', active: [fault], requests: 1 });
    expect(Object.keys(state.faults).sort()).toEqual([...faultNames, 'odd'].sort());
    expect(JSON.parse((await ask(sandbox, '/_sandbox/requests')).text)).toMatchObject([
      { method: 'GET', path: '/b', fault: 'http_429' },
    ]);
    const cleared = await ask(sandbox, '/_sandbox/faults', { method: 'DELETE' });
    expect(cleared).toMatchObject({ status: 204 });
    expect(await ask(sandbox, '/b')).toMatchObject({ status: 200 });
  });

  it.each([
    '',
    'reset',
    'null',
    '"reset"',
    '{}',
    '{"name":1}',
    '{"name":"reset","times":"2"}',
    '{"name":"reset","times":0}',
    '{"name":"reset","path":5}',
    '{"name":"slow","ms":-1}',
    '{"name":"reset","time":1}',
  ])('refuses %j and lists what there is', async (body) => {
    const { sandbox } = await startTally();
    const answer = await ask(sandbox, '/_sandbox/faults', { method: 'PUT', body });
    expect(answer.status).toBe(400);
    expect(Object.keys(JSON.parse(answer.text).faults)).toEqual(
      expect.arrayContaining([...faultNames, 'odd']),
    );
    expect(await ask(sandbox, '/')).toMatchObject({ status: 200 });
  });

  it('is refused to web pages, like everything else', async () => {
    const { sandbox, processed } = await startTally();
    const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    const body = '{"name":"reset"}';
    for (const [method, path] of [
      ['PUT', '/_sandbox/faults'],
      ['DELETE', '/_sandbox/faults'],
      ['GET', '/_sandbox'],
      ['GET', '/_sandbox/requests'],
      ['GET', '/_sandbox/books'],
      ['POST', '/pay'],
      ['GET', '/no/such/page'],
    ] as const) {
      const answer = await ask(sandbox, path, {
        method,
        headers,
        ...(method.startsWith('P') ? { body } : {}),
      });
      expect(answer, path).toMatchObject({ status: 403, text: 'not for web pages\n' });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(processed).toEqual([]);
    expect(await ask(sandbox, '/')).toMatchObject({ status: 200 });
  });
});

/** Waits by asking, not by time. */
async function seenRequests(sandbox: RunningSandbox, count: number): Promise<void> {
  while (sandbox.requests().length < count) await ask(sandbox, '/_sandbox');
}
