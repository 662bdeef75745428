// Pictures of cards over HTTP: never in the stream, and for those alone who see their message.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Message, PictureView } from '../../src/bots/playground/protocol.ts';
import type { Picture } from '../../src/commands/card.ts';
import { digestCard, picture } from './playground-digest.ts';
import { ask, openStream, type StreamReader } from './playground-http.ts';
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

const account = (user: string) => ({ platform: 'playground', user }) as const;
const cardOf = ({ body }: Message) => (body.kind === 'card' ? body.card : undefined);
const shown = async (stream: StreamReader): Promise<PictureView> => {
  await stream.until((one) => one.messages().some((message) => cardOf(message)?.picture));
  const view = stream.messages().map(cardOf).at(-1)?.picture;
  if (view === undefined) throw new Error('no picture');
  return view;
};
const get = async (id: string, as: string) => await ask(`${url}/api/files/${id}?as=${as}`);

test('a picture is named in the stream and fetched apart', async () => {
  const ana = await openStream(url, 'ana');
  await playground.bot.poster.post('general', digestCard());
  const view = await shown(ana);
  expect(view).toEqual({
    id: expect.any(String),
    name: 'balances-2026-11-26.png',
    width: 1440,
    height: 1440,
    alt: picture.alt,
  });
  expect(ana.raw()).not.toMatch(/"png"|iVBOR/);
  const { status, headers } = await get(view.id, 'ana');
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'image/png',
    'content-length': String(picture.png.length),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['content-security-policy']).toContain("img-src 'self'");
});

test('whoever does not see the message does not get its picture', async () => {
  const [ana, ben] = [await openStream(url, 'ana'), await openStream(url, 'ben')];
  await playground.bot.poster.tell(account('ana'), digestCard());
  const { id } = await shown(ana);
  expect(await get(id, 'ana')).toMatchObject({ status: 200 });
  expect(await get(id, 'ben')).toMatchObject({ status: 404 });
  await playground.bot.poster.post('general', digestCard());
  // The same picture for everybody is another matter, though its address is the same.
  expect((await shown(ben)).id).toBe(id);
  expect(await get(id, 'ben')).toMatchObject({ status: 200 });
});

test('a card that changes around its picture keeps the address, and loses it with the picture', async () => {
  const ana = await openStream(url, 'ana');
  const { poster } = playground.bot;
  const id = await poster.post('general', digestCard());
  const before = await shown(ana);
  await poster.update('general', id, digestCard({ text: 'Muted for a day.' }));
  await ana.until(({ raw }) => raw().includes('Muted'));
  expect((await shown(ana)).id).toBe(before.id);
  const { picture: _, ...bare } = digestCard();
  await poster.update('general', id, bare);
  expect(await get(before.id, 'ana')).toMatchObject({ status: 404 });
});

test('a picture that is too large is told in words', async () => {
  const ana = await openStream(url, 'ana');
  const large: Picture = { ...picture, png: new Uint8Array(1024 * 1024 + 1) };
  await playground.bot.poster.post('general', digestCard({ picture: large }));
  await ana.until((one) => one.messages().length > 0);
  const card = ana.messages().map(cardOf)[0];
  expect(card?.picture).toBeUndefined();
  expect(card?.notes?.at(-1)).toBe(
    `A picture of 1 MB is left out; the playground keeps 1 MB. It shows: ${picture.alt}`,
  );
});

test('the oldest picture goes when there are too many', async () => {
  const ana = await openStream(url, 'ana');
  const post = async (index: number) =>
    await playground.bot.poster.post(
      'general',
      digestCard({ picture: { ...picture, name: `${index}.png` } }),
    );
  await post(0);
  const first = await shown(ana);
  for (let index = 1; index < 60; index += 1) await post(index);
  expect(await get(first.id, 'ana')).toMatchObject({ status: 200 });
  await post(60);
  expect(await get(first.id, 'ana')).toMatchObject({ status: 404 });
});

test('a message of the playground has an address within it', async () => {
  const { poster } = playground.bot;
  const id = await poster.post('approvals', digestCard());
  expect(poster.linkTo?.('approvals', id)).toBe(`/?in=approvals&at=${id}`);
});
