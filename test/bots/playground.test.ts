import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { ask, openStream, post, say } from './playground-http.ts';
import { type Playground, startPlayground } from './playground-support.ts';

let playground: Playground;
let url: string;
let port: string;

beforeAll(async () => {
  playground = await startPlayground();
  url = playground.url;
  port = new URL(url).port;
});

afterAll(async () => {
  await playground.bot.stop();
});

const line = { as: 'ana', channel: 'general', text: 'hello' };

describe('the page', () => {
  test('comes with a policy that allows its own files and its import map alone', async () => {
    const { status, headers, text } = await ask(`${url}/?as=ana`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const scripts = [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)]
      .map(([, content]) => content ?? '')
      .filter((content) => content !== '');
    expect(scripts).toHaveLength(1);
    const hash = createHash('sha256').update(scripts.join('')).digest('base64');
    expect(String(headers['content-security-policy']).split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'self' 'sha256-${hash}'`,
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types lit-html',
    ]);
  });

  test('names nothing from another server', async () => {
    const paths = ['/', '/assets/tokens.css', '/assets/style.css', '/assets/app.js'];
    for (const path of paths) {
      const { status, text } = await ask(`${url}${path}`);
      expect(status).toBe(200);
      expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\/|@import/);
    }
  });

  test.each(['/', '/assets/app.js', '/api/team', '/nothing', '/api/events?as=nobody'])(
    'sends the protecting headers with %s',
    async (path) => {
      const { headers } = await ask(`${url}${path}`);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  test('serves its modules, and lit-html beside them', async () => {
    for (const path of ['app.js', 'vendor/lit-html/lit-html.js']) {
      const { status, headers } = await ask(`${url}/assets/${path}`);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    }
  });

  test.each([
    '/assets/../../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f..%2findex.js',
    '/assets//etc/passwd',
    '/assets/constructor',
    '/assets/',
  ])('gives no other file away: %s', async (path) => {
    expect(await ask(`${url}/`, { headers: {} })).toMatchObject({ status: 200 });
    const { status, text } = await ask(url + path);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toEqual({ error: expect.stringMatching(/^There is no/) });
  });

  test('tells who and where: general comes first, and once', async () => {
    const { text } = await ask(`${url}/api/team`);
    expect(JSON.parse(text)).toMatchObject({
      people: [{ id: 'ana', name: 'Ana Torres' }, { id: 'ben' }, { id: 'cy' }],
      channels: ['general', 'approvals', 'alerts'],
      money: 'No real money can move.',
      hasExamplePayees: true,
    });
  });
});

describe('the guard', () => {
  const paths = ['/', '/assets/app.js', '/api/team', '/api/complete?as=ana&line=/', '/api/events'];

  test.each(paths)('refuses another Host for %s', async (path) => {
    const names = ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1', 'localhost'];
    for (const host of [...names, `127.0.0.1.evil.example:${port}`, `0.0.0.0:${port}`]) {
      expect(await ask(url + path, { headers: { host } })).toMatchObject({ status: 403 });
    }
  });

  test('answers to its loopback names', async () => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`]) {
      expect(await ask(`${url}/api/team`, { headers: { host } })).toMatchObject({ status: 200 });
    }
  });

  test.each(['', 'null', 'http://evil.example', 'http://127.0.0.1:1', 'https://127.0.0.1'])(
    'refuses a POST with the Origin "%s"',
    async (origin) => {
      for (const path of ['/api/lines', '/api/presses']) {
        expect(await post(url, path, line, { origin })).toMatchObject({ status: 403 });
      }
    },
  );

  test('refuses a POST from the other loopback name', async () => {
    const origin = `http://localhost:${port}`;
    expect(await post(url, '/api/lines', line, { origin })).toMatchObject({ status: 403 });
    const host = `localhost:${port}`;
    expect(await post(url, '/api/lines', line, { origin, host })).toMatchObject({ status: 204 });
  });

  test.each(['cross-site', 'same-site', 'unheard-of'])(
    'refuses requests that are %s, whatever they ask for',
    async (site) => {
      const headers = { 'sec-fetch-site': site };
      for (const path of paths) {
        expect(await ask(url + path, { headers })).toMatchObject({ status: 403 });
      }
      expect(await post(url, '/api/lines', line, headers)).toMatchObject({ status: 403 });
    },
  );

  test('lets a person follow a link to the page, and to nothing else', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(await ask(`${url}/?as=ben`, { headers })).toMatchObject({ status: 200 });
    expect(await ask(`${url}/api/team`, { headers })).toMatchObject({ status: 403 });
    expect(await post(url, '/', line, headers)).toMatchObject({ status: 403 });
  });

  test('takes no body that a form of another page could send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
      const answer = await post(url, '/api/lines', line, { 'content-type': type });
      expect(answer).toMatchObject({ status: 415 });
    }
  });
});

describe('a request', () => {
  const sentence = (text: string) => (JSON.parse(text) as { error: string }).error;

  test('of 10,000 characters is answered, of one more refused with both numbers', async () => {
    const stream = await openStream(url, 'ana');
    expect(await say(url, 'ana', `/${'x'.repeat(9_999)}`)).toMatchObject({ status: 204 });
    await stream.until(({ raw }) => raw().includes('10000 characters.'));
    stream.close();
    const { status, text } = await say(url, 'ana', 'é'.repeat(10_001));
    expect(status).toBe(413);
    expect(sentence(text)).toBe('This is 10,001 characters long; a message can have 10,000.');
  });

  test('beyond 64 KiB is refused with a sentence', async () => {
    const { status, text } = await say(url, 'ana', 'x'.repeat(70_000));
    expect(status).toBe(413);
    expect(sentence(text)).toBe('This is too long; a message can have 10,000 characters.');
  });

  test.each([
    ['no JSON', '{"as":', 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['an empty text', { ...line, text: ' \n ' }, 400],
    ['a number for a text', { ...line, text: 5 }, 400],
    ['a field too many', { ...line, onlyFor: 'ben' }, 400],
    ['a field too few', { as: 'ana', text: 'hi' }, 400],
    ['nobody known', { ...line, as: 'mallory' }, 404],
    ['no channel known', { ...line, channel: 'secrets' }, 404],
    ['a prototype', { ...line, as: '__proto__' }, 404],
  ])('with %s is refused with a sentence', async (_name, body, expected) => {
    const { status, text } = await post(url, '/api/lines', body);
    expect(status).toBe(expected);
    expect(sentence(text)).toMatch(/^[A-Z].*[.)]$/);
    expect(text).not.toContain('mallory');
  });

  test('for completions is checked too', async () => {
    const complete = async (query: string) => await ask(`${url}/api/complete?${query}`);
    expect(JSON.parse((await complete('as=ana&line=/purser h')).text)).toEqual([
      { line: '/purser help', label: '/purser help', help: 'What Purser can do' },
    ]);
    expect(await complete('as=mallory&line=/')).toMatchObject({ status: 404 });
    expect(await complete('as=ana')).toMatchObject({ status: 400 });
    expect(await complete('as=ana&as=ben&line=/')).toMatchObject({ status: 400 });
    expect(await complete(`as=ana&line=${'x'.repeat(10_001)}`)).toMatchObject({ status: 400 });
  });

  test('of a 21st command at once is refused until one is answered', async () => {
    const own = await startPlayground();
    for (let count = 0; count < 20; count += 1) {
      expect(await say(own.url, 'ana', '/balance')).toMatchObject({ status: 204 });
    }
    const refused = await say(own.url, 'ana', '/balance');
    expect(refused.status).toBe(429);
    expect(sentence(refused.text)).toContain('20 of your commands wait');
    expect(own.dispatcher.lines).toHaveLength(20);
    expect(await say(own.url, 'ben', '/nope')).toMatchObject({ status: 204 });
    await own.bot.stop();
  });
});

describe('starting and stopping', () => {
  const folders: string[] = [];

  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  test('says which port is taken and how to choose another', async () => {
    const second = startPlayground({ port: Number(port) });
    await expect(second).rejects.toThrow(UserError);
    await expect(second).rejects.toThrow(
      `port ${port} is already used by another program. Stop that program, or choose another ` +
        `port, for example PLAYGROUND_PORT=${Number(port) + 10}.`,
    );
  });

  test('says when the page is not built', async () => {
    const assetsDir = await mkdtemp(join(tmpdir(), 'playground-'));
    folders.push(assetsDir);
    const empty = startPlayground({ assetsDir });
    await expect(empty).rejects.toThrow(UserError);
    await expect(empty).rejects.toThrow('npm run build');
    await expect(startPlayground({ assetsDir: join(assetsDir, 'absent') })).rejects.toThrow(
      UserError,
    );
  });

  test('stops twice, ends the streams and starts again', async () => {
    const { bot, dispatcher, url: first } = await startPlayground();
    const stream = await openStream(first, 'ana');
    await bot.stop();
    await bot.stop();
    await stream.ended;
    await expect(ask(`${first}/api/team`)).rejects.toThrow('ECONNREFUSED');
    const { url: again } = await bot.start(dispatcher);
    expect(await ask(`${again}/api/team`)).toMatchObject({ status: 200 });
    await expect(bot.start(dispatcher)).rejects.toThrow('running already');
    await bot.stop();
  });

  test('listens on loopback only', () => {
    expect(url).toBe(`http://127.0.0.1:${port}`);
  });
});
