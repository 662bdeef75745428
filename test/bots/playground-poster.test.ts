// Cards that Purser posts without being asked, in-place answers, forms, files and what waits.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Message, PressAnswer } from '../../src/bots/playground/protocol.ts';
import { BotError } from '../../src/errors.ts';
import { formCard, payoutCard, previewCard } from './playground-cards.ts';
import { ask, openStream, post, type StreamReader, say } from './playground-http.ts';
import { type Playground, startPlayground } from './playground-support.ts';

let playground: Playground;
let url: string;

beforeEach(async () => {
  playground = await startPlayground();
  url = playground.url;
});

afterEach(async () => {
  await playground.bot.stop();
});

const titleOf = ({ body }: Message) => (body.kind === 'card' ? body.card.title : body.kind);
const latest = (stream: StreamReader) => [
  ...new Map(stream.messages().map((message) => [message.id, message])).values(),
];
const untilTitle = async (stream: StreamReader, title: string) => {
  await stream.until((one) => latest(one).some((message) => titleOf(message) === title));
  const message = latest(stream).find((one) => titleOf(one) === title);
  if (message === undefined) throw new Error(`no ${title}`);
  return message;
};
const press = async (as: string, message: string, action: string, values?: object) =>
  await post(url, '/api/presses', { as, message, action, ...(values ? { values } : {}) });
const errorOf = ({ text }: { text: string }) => (JSON.parse(text) as { error: string }).error;

describe('the poster', () => {
  test('posts for everybody and changes the card in its place', async () => {
    const streams = [await openStream(url, 'ana'), await openStream(url, 'ben')];
    const { poster } = playground.bot;
    expect(poster.platform).toBe('playground');
    const id = await poster.post('approvals', payoutCard('Waiting for approval'));
    await say(url, 'cy', 'between', 'approvals');
    expect(await poster.update('approvals', id, payoutCard('Paid'))).toBe(true);
    for (const stream of streams) {
      await stream.until(({ raw }) => raw().includes('PayerMax has paid it.'));
      expect(latest(stream)).toMatchObject([
        { id, channel: 'approvals', position: 1, body: { card: { tone: 'good' } } },
        { author: 'cy', position: 2 },
      ]);
      expect(stream.raw()).not.toContain('onlyFor');
    }
  });

  test('names the channels that are there when asked for another', async () => {
    const posting = playground.bot.poster.post('secrets', payoutCard('Paid'));
    await expect(posting).rejects.toThrow(BotError);
    await expect(posting).rejects.toThrow('“secrets”. It has general, approvals, alerts.');
  });

  test('says that a message is gone: unknown, elsewhere, or pushed out by others', async () => {
    const { poster } = playground.bot;
    const id = await poster.post('approvals', payoutCard('Paid'));
    expect(await poster.update('approvals', 'absent', payoutCard('Paid'))).toBe(false);
    expect(await poster.update('general', id, payoutCard('Paid'))).toBe(false);
    for (let count = 0; count < 500; count += 1) {
      await poster.post('approvals', payoutCard('Waiting for approval'));
    }
    expect(await poster.update('approvals', id, payoutCard('Paid'))).toBe(false);
    const ana = await openStream(url, 'ana');
    expect(ana.messages()).toHaveLength(500);
    expect(ana.messages().some((message) => message.id === id)).toBe(false);
  });

  test('tells one person, where they last did something', async () => {
    const [ana, ben] = [await openStream(url, 'ana'), await openStream(url, 'ben')];
    const { poster } = playground.bot;
    const account = { platform: 'playground', user: 'ana' } as const;
    await poster.tell(account, { tone: 'neutral', title: 'first' });
    expect(await untilTitle(ana, 'first')).toMatchObject({ channel: 'general', onlyFor: 'ana' });
    await say(url, 'ana', 'hello', 'alerts');
    await poster.tell(account, { tone: 'neutral', title: 'second' });
    expect(await untilTitle(ana, 'second')).toMatchObject({ channel: 'alerts', onlyFor: 'ana' });
    const id = await poster.post('approvals', payoutCard('Waiting for approval'));
    playground.dispatcher.step();
    await press('ana', id, 'approve');
    await poster.tell(account, { tone: 'neutral', title: 'third' });
    expect(await untilTitle(ana, 'third')).toMatchObject({ channel: 'approvals', onlyFor: 'ana' });
    await say(url, 'cy', 'after');
    await ben.until(({ raw }) => raw().includes('after'));
    expect(ben.raw()).not.toMatch(/first|second|third/);
    for (const stranger of [
      { platform: 'playground', user: 'mallory' },
      { platform: 'discord', user: 'ana' },
    ] as const) {
      await expect(poster.tell(stranger, previewCard)).rejects.toThrow(BotError);
    }
  });

  test('works before the start, and all is forgotten at the end', async () => {
    const { bot, dispatcher } = playground;
    await bot.stop();
    const id = await bot.poster.post('general', payoutCard('Paid'));
    ({ url = '' } = await bot.start(dispatcher));
    const ana = await openStream(url, 'ana');
    expect(ana.messages()).toMatchObject([{ id }]);
    await bot.stop();
    expect(await bot.poster.update('general', id, payoutCard('Paid'))).toBe(false);
  });
});

describe('an answer in place', () => {
  test('replaces a card that only its user saw', async () => {
    const ana = await openStream(url, 'ana');
    await say(url, 'ana', '/preview', 'alerts');
    const { id } = await untilTitle(ana, previewCard.title);
    const { text } = await press('ana', id, 'ask');
    expect(JSON.parse(text) as PressAnswer).toEqual({ message: id });
    expect(await untilTitle(ana, 'Asked for approval')).toMatchObject({ id, onlyFor: 'ana' });
    expect(latest(ana)).toHaveLength(2);
    const { dispatcher } = playground;
    expect(dispatcher.spots).toEqual([{ channel: 'alerts' }]);
    expect(dispatcher.presses).toEqual([
      {
        account: { platform: 'playground', user: 'ana' },
        spot: { channel: 'alerts', message: id },
        action: 'ask',
      },
    ]);
    expect(errorOf(await press('ana', id, 'ask'))).toContain('This button is gone.');
    expect(dispatcher.presses).toHaveLength(1);
  });

  test('never replaces what everybody sees', async () => {
    const [ana, ben] = [await openStream(url, 'ana'), await openStream(url, 'ben')];
    const id = await playground.bot.poster.post('approvals', payoutCard('Waiting for approval'));
    playground.dispatcher.step();
    const { text } = await press('ana', id, 'approve');
    const answer = await untilTitle(ana, 'You approved');
    expect(JSON.parse(text)).toEqual({ message: answer.id });
    expect(answer).toMatchObject({ channel: 'approvals', onlyFor: 'ana' });
    expect(latest(ana).map(titleOf)).toEqual(['125.50 USD to Nadia', 'You approved']);
    expect(latest(ben).map(titleOf)).toEqual(['125.50 USD to Nadia']);
  });
});

describe('a form', () => {
  const open = async () => {
    const ana = await openStream(url, 'ana');
    await say(url, 'ana', '/form');
    return { ana, id: (await untilTitle(ana, 'New payee')).id };
  };

  test('takes its values to the dispatcher, and comes back with errors', async () => {
    const { ana, id } = await open();
    const wrong = { payee: '', route: 'bank', note: 'x'.repeat(31) };
    expect(await press('ana', id, 'form.send', wrong)).toMatchObject({ status: 200 });
    await ana.until(({ raw }) => raw().includes('This cannot be empty.'));
    expect(latest(ana).at(-1)).toMatchObject({ id, body: { card: formCard(wrong) } });
    const right = { payee: 'Nadia', route: 'bank', note: '' };
    await press('ana', id, 'form.send', right);
    expect(await untilTitle(ana, 'Saved Nadia')).toMatchObject({ id });
    expect(playground.dispatcher.presses.map(({ values }) => values)).toEqual([wrong, right]);
  });

  test.each([
    ['a field that is not there', { payee: 'Nadia', iban: '1' }, 'This form has other fields.'],
    ['a prototype', { constructor: '1' }, 'This form has other fields.'],
    ['a value far too long', { note: 'x'.repeat(231) }, '“Note” is 231 characters long; it can'],
    ['a number', { note: 5 }, 'not what the playground takes (values.note)'],
    ['a list', { note: ['x'] }, 'not what the playground takes (values.note)'],
    [
      'too many values',
      Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`f${index}`, ''])),
      'not what the playground takes (values)',
    ],
  ])('with %s is refused with a sentence', async (_name, values, sentence) => {
    const { id } = await open();
    const answer = await press('ana', id, 'form.send', values);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toContain(sentence);
    expect(playground.dispatcher.presses).toEqual([]);
  });

  test('is no button, and a button is no form', async () => {
    const { id } = await open();
    expect(await press('ana', id, 'form.send')).toMatchObject({ status: 404 });
    expect(await press('ana', id, 'drop', {})).toMatchObject({ status: 404 });
    expect(await press('ben', id, 'form.send', {})).toMatchObject({ status: 404 });
    expect(playground.dispatcher.presses).toEqual([]);
  });
});

describe('a file', () => {
  const open = async (line: string) => {
    const ana = await openStream(url, 'ana');
    await say(url, 'ana', line);
    const { body } = await untilTitle(ana, 'Here it is');
    ana.close();
    return body.kind === 'card' ? body : undefined;
  };
  const get = async (id: string | undefined, as: string) =>
    await ask(`${url}/api/files/${id}?as=${as}`);

  test('is downloaded by whoever sees its message, and by nobody else', async () => {
    const body = await open('/file audit.csv 2000');
    expect(body?.file).toEqual({ id: expect.any(String), name: 'audit.csv', bytes: 2000 });
    const { status, headers, text } = await get(body?.file?.id, 'ana');
    expect({ status, text }).toEqual({ status: 200, text: 'x'.repeat(2000) });
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="audit.csv"; filename*=UTF-8''audit.csv`,
      'x-content-type-options': 'nosniff',
    });
    for (const as of ['ben', 'mallory']) {
      const refused = await get(body?.file?.id, as);
      expect(refused.status).toBe(404);
      expect(refused.text).not.toContain('xxx');
    }
    expect(await ask(`${url}/api/files/${body?.file?.id}`)).toMatchObject({ status: 400 });
    expect(await get('absent', 'ana')).toMatchObject({ status: 404 });
  });

  test('of any name breaks no header', async () => {
    const body = await open('/file é"\'\\;\u0001%.csv 1');
    const { headers } = await get(body?.file?.id, 'ana');
    expect(headers['content-disposition']).toBe(
      'attachment; filename="_______.csv"; filename*=UTF-8\'\'%C3%A9%22%27%5C%3B%01%25.csv',
    );
  });

  test('is gone when twenty newer ones are kept, and says so', async () => {
    const first = await open('/file first.csv 1');
    for (let count = 0; count < 20; count += 1) {
      expect(await get(first?.file?.id, 'ana')).toMatchObject({ status: 200 });
      await say(url, 'ana', '/file next.csv 1');
    }
    const gone = await get(first?.file?.id, 'ana');
    expect(gone.status).toBe(404);
    expect(errorOf(gone)).toBe(
      'This file is gone, or not for you. The last 20 are kept: ask for it again.',
    );
  });

  test('beyond 5 MB is not kept; the card says so', async () => {
    expect((await open(`/file small.csv ${5 * 1024 * 1024}`))?.file).toBeDefined();
    await playground.bot.stop();
    ({ url = '' } = await playground.bot.start(playground.dispatcher));
    const body = await open(`/file big.csv ${6 * 1024 * 1024}`);
    expect(body?.file).toBeUndefined();
    expect(body?.card.notes).toEqual([
      '“big.csv” has 6 MB and the playground keeps 5 MB: ask for a part of it.',
    ]);
  });
});

test('what waits for a person is listed for that person', async () => {
  const entry = { line: '/payout show P1', label: '125.50 USD to Nadia', help: 'Approve it' };
  playground.dispatcher.waiting.set('ben', [entry]);
  const list = async (as: string) => await ask(`${url}/api/waiting?as=${as}`);
  expect(JSON.parse((await list('ben')).text)).toEqual([entry]);
  expect(JSON.parse((await list('ana')).text)).toEqual([]);
  expect(await list('mallory')).toMatchObject({ status: 404 });
  expect(await ask(`${url}/api/waiting`)).toMatchObject({ status: 400 });
});
