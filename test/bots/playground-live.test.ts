import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../src/bots/playground/protocol.ts';
import { ask, openStream, post, type StreamReader, say } from './playground-http.ts';
import { createSteeredDispatcher, type Playground, startPlayground } from './playground-support.ts';

let playground: Playground;
let url: string;

beforeEach(async () => {
  playground = await startPlayground();
  url = playground.url;
});

afterEach(async () => {
  await playground.bot.stop();
});

const texts = (messages: readonly Message[]) =>
  messages.map(({ body }) =>
    body.kind === 'line' ? body.text : body.kind === 'card' ? body.card.title : body.kind,
  );
const latest = (stream: StreamReader) => [
  ...new Map(stream.messages().map((message) => [message.id, message])).values(),
];
const hasCard = (title: string) => (stream: StreamReader) =>
  texts(stream.messages()).includes(title);
/** Runs a line that everybody sees after all that was before it. */
const mark = async (streams: readonly StreamReader[], text: string) => {
  await say(url, 'cy', text);
  for (const stream of streams) await stream.until(() => texts(latest(stream)).includes(text));
};
const answerBalance = () => {
  for (let step = 0; step < 5; step += 1) playground.dispatcher.step();
};

describe('what people say', () => {
  test('reaches everybody, in order', async () => {
    const streams = [await openStream(url, 'ana'), await openStream(url, 'ben')];
    await say(url, 'ana', 'one');
    await say(url, 'ben', ' two ', 'approvals');
    await mark(streams, 'three');
    for (const stream of streams) {
      expect(stream.messages()).toMatchObject([
        { author: 'ana', channel: 'general', position: 1, body: { kind: 'line', text: 'one' } },
        { author: 'ben', channel: 'approvals', position: 2, body: { text: 'two' } },
        { author: 'cy', position: 3 },
      ]);
      expect(stream.raw()).not.toContain('onlyFor');
    }
    expect(playground.dispatcher.lines).toEqual([]);
  });
});

describe('a private answer', () => {
  test('is never sent to anybody else, not even while it is made', async () => {
    const [ana, ben] = [await openStream(url, 'ana'), await openStream(url, 'ben')];
    await say(url, 'ana', '/balance');
    answerBalance();
    await ana.until(({ raw }) => raw().includes('b7k2m9'));
    await mark([ana, ben], 'after');
    const late = await openStream(url, 'ben');
    for (const other of [ben, late]) {
      expect(texts(other.messages())).toEqual(['after']);
      expect(other.raw()).not.toMatch(/balance|PayerMax|"ana"|b7k2m9/i);
    }
    expect(latest(ana)).toMatchObject([
      { author: 'ana', onlyFor: 'ana', body: { kind: 'line', text: '/balance' } },
      { onlyFor: 'ana', body: { kind: 'card' } },
      { author: 'cy' },
    ]);
  });

  test('reaches all windows of its asker', async () => {
    const windows = [await openStream(url, 'ana'), await openStream(url, 'ana')];
    await say(url, 'ana', '/nope');
    for (const one of windows) await one.until(hasCard('No such command'));
  });

  test('shows work going on in one place, then the outcome in the same', async () => {
    const ana = await openStream(url, 'ana');
    await say(url, 'ana', '/balance');
    answerBalance();
    await ana.until(({ raw }) => raw().includes('b7k2m9'));
    const versions = ana.messages().filter(({ author }) => author === undefined);
    expect(new Set(versions.map(({ id, position }) => `${id} ${position}`)).size).toBe(1);
    const seen = versions.map(({ body }) =>
      body.kind === 'card' ? (body.card.progress?.done ?? 'outcome') : body.kind,
    );
    expect(seen).toEqual(['working', 0, 1, 2, 3, 4, 'outcome']);
  });

  test('is not touched by progress that comes after it', async () => {
    const steered = createSteeredDispatcher();
    let later = () => {};
    const hasty = await startPlayground(
      {},
      {
        ...steered,
        async run(input, onProgress) {
          later = () => onProgress({ tone: 'neutral', title: 'too late' });
          return await steered.run(input, onProgress);
        },
      },
    );
    const ana = await openStream(hasty.url, 'ana');
    await say(hasty.url, 'ana', '/nope');
    await ana.until(hasCard('No such command'));
    later();
    await say(hasty.url, 'ana', 'after');
    await ana.until(() => texts(latest(ana)).includes('after'));
    expect(texts(latest(ana))).toEqual(['/nope', 'No such command', 'after']);
    await hasty.bot.stop();
  });
});

describe('a public answer', () => {
  test('comes to the others with the line that asked for it, once it is there', async () => {
    const ben = await openStream(url, 'ben');
    await say(url, 'ana', '/say good morning');
    await ben.until(hasCard('ana says'));
    expect(ben.messages()).toMatchObject([
      { author: 'ana', body: { text: '/say good morning' } },
      { body: { kind: 'card', card: { text: 'good morning' } } },
    ]);
    expect(ben.raw()).not.toContain('onlyFor');
  });
});

describe('a broken dispatcher', () => {
  test('still gives the person an answer, whose reference is in the log', async () => {
    const ana = await openStream(url, 'ana');
    await say(url, 'ana', '/reject');
    await ana.until(hasCard('Purser could not answer'));
    const [answer] = latest(ana).filter(({ author }) => author === undefined);
    expect(answer).toMatchObject({ onlyFor: 'ana' });
    const reference = answer?.body.kind === 'card' ? answer.body.card.reference : undefined;
    expect(reference).toMatch(/./);
    expect(ana.raw()).not.toContain('hunter2');
    expect(playground.log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { reference, person: 'ana' } },
    ]);
    expect(playground.log.text()).toContain('hunter2');
  });
});

describe('a button', () => {
  const showBalance = async () => {
    const ana = await openStream(url, 'ana');
    await say(url, 'ana', '/balance');
    answerBalance();
    await ana.until(({ raw }) => raw().includes('b7k2m9'));
    const message = latest(ana).find(({ author }) => author === undefined)?.id ?? '';
    return { ana, message };
  };

  test('shares an answer with the channel', async () => {
    const { message } = await showBalance();
    const ben = await openStream(url, 'ben');
    const answer = await post(url, '/api/presses', { as: 'ana', message, action: 'share' });
    expect(answer).toMatchObject({ status: 200 });
    await ben.until(hasCard('Balances'));
    expect(ben.messages()).toMatchObject([{ channel: 'general', body: { kind: 'card' } }]);
  });

  test('refuses privately', async () => {
    const { ana, message } = await showBalance();
    const ben = await openStream(url, 'ben');
    await post(url, '/api/presses', { as: 'ana', message, action: 'refuse' });
    await ana.until(hasCard('This is not for you'));
    await mark([ana, ben], 'after');
    expect(texts(ben.messages())).toEqual(['after']);
  });

  test('that somebody cannot see, or that is not there, does nothing', async () => {
    const { message } = await showBalance();
    const tries = [
      { as: 'ben', message, action: 'share' },
      { as: 'ana', message, action: 'pay-everything' },
      { as: 'ana', message: 'absent', action: 'share' },
    ];
    for (const one of tries) {
      const { status, text } = await post(url, '/api/presses', one);
      expect(status).toBe(404);
      expect(JSON.parse(text)).toEqual({
        error: 'This button is gone. Ask again for a new answer.',
      });
    }
    const ben = await openStream(url, 'ben');
    expect(ben.messages()).toEqual([]);
  });

  test('that breaks the dispatcher still gives an answer', async () => {
    const { ana, message } = await showBalance();
    const answer = await post(url, '/api/presses', { as: 'ana', message, action: 'reject' });
    expect(answer).toMatchObject({ status: 200 });
    await ana.until(hasCard('Purser could not answer'));
  });
});

describe('a stream', () => {
  test('gives a window that comes back what changed since, by header or by query', async () => {
    const ana = await openStream(url, 'ana');
    await say(url, 'ana', '/balance');
    await say(url, 'ben', 'seen');
    await ana.until(() => texts(latest(ana)).includes('seen'));
    const last = ana.events.findLast(({ event }) => event === 'message')?.id ?? '';
    ana.close();
    answerBalance();
    await say(url, 'ben', 'missed');
    const ben = await openStream(url, 'ben');
    await ben.until(() => texts(latest(ben)).includes('missed'));
    for (const [headers, query] of [
      [{ 'last-event-id': last }, ''],
      [{}, `&after=${last}`],
    ] as const) {
      const back = await openStream(url, 'ana', headers, query);
      await back.until(({ raw }) => raw().includes('b7k2m9'));
      expect(texts(latest(back))).toEqual(expect.arrayContaining(['Balances', 'missed']));
      expect(texts(back.messages())).not.toContain('seen');
    }
    const stranger = await openStream(url, 'ben', { 'last-event-id': last });
    expect(texts(latest(stranger))).toEqual(['missed']);
  });

  test('starts anew for an id of another boot, and for nonsense', async () => {
    await say(url, 'ana', 'one');
    const current = (await openStream(url, 'ben')).boot();
    const other = current.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'));
    for (const id of [`${other}.1`, '', '.', `${current}.x`, `${current}.${'9'.repeat(30)}`]) {
      const ben = await openStream(url, 'ben', { 'last-event-id': id });
      expect(texts(ben.messages())).toEqual(['one']);
    }
    const boot = async () => (await openStream(url, 'ben')).boot();
    const before = await boot();
    const later = await openStream(url, 'ben', { 'last-event-id': `${before}.1` });
    expect(later.messages()).toEqual([]);
    await playground.bot.stop();
    ({ url = '' } = await playground.bot.start(playground.dispatcher));
    expect(await boot()).not.toBe(before);
  });

  test('keeps the last 500 messages of a channel', async () => {
    for (let count = 1; count <= 505; count += 1) await say(url, 'ana', `line ${count}`);
    await say(url, 'ana', 'elsewhere', 'alerts');
    const ben = await openStream(url, 'ben');
    const shown = texts(ben.messages());
    expect(shown).toHaveLength(501);
    expect(shown[0]).toBe('line 6');
    expect(shown.at(-1)).toBe('elsewhere');
  });

  test('beats, and says how many windows are open', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const own = await startPlayground();
      const ana = await openStream(own.url, 'ana');
      const beats = () => ana.events.filter(({ event }) => event === 'beat').length;
      const before = beats();
      vi.advanceTimersByTime(10_000);
      await ana.until(() => beats() > before);
      const ben = await openStream(own.url, 'ben');
      await ana.until(() => ana.windows() === 2);
      ben.close();
      await ana.until(() => ana.windows() === 1);
      await own.bot.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  test('is refused to nobody known, and beyond 64 windows', async () => {
    expect(await ask(`${url}/api/events?as=mallory`)).toMatchObject({ status: 404 });
    expect(await ask(`${url}/api/events`)).toMatchObject({ status: 400 });
    expect(await ask(`${url}/api/events?as=ana`, { method: 'HEAD' })).toMatchObject({
      status: 404,
    });
    for (let count = 0; count < 64; count += 1) await openStream(url, 'ana');
    const { status, text } = await ask(`${url}/api/events?as=ana`);
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({ error: '64 windows are open. Close some of them.' });
  });

  test('is cut off when its window does not read', async () => {
    const [ana, ben] = [await openStream(url, 'ana'), await openStream(url, 'ben')];
    await ana.until(() => ana.windows() === 2);
    ben.pause();
    const long = 'x'.repeat(10_000);
    let sent = 0;
    for (; sent < 2_000 && ana.windows() === 2; sent += 1) await say(url, 'ana', long);
    expect(ana.windows()).toBe(1);
    expect(sent * long.length).toBeGreaterThan(4 * 1024 * 1024);
  });
});
