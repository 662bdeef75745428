// What a person sees of a digest: its picture, its links, and that they are called.
import { expect, test } from 'vitest';
import { createPictures } from '../../src/digests/picture.ts';
import { payoutCard } from '../bots/playground-cards.ts';
import { digestCard, picture } from '../bots/playground-digest.ts';
import { risingSeries, trendOf } from '../digests/trends.ts';
import { card, setStage } from './window.ts';

const stage = setStage();
const title = 'Morning digest';
const drawTrend = async () => await createPictures().drawTrend(trendOf(risingSeries()));

test('a picture is shown with its words, and opens in full size and back', async () => {
  const page = await stage.windows.open('ana');
  const drawn = await drawTrend();
  await stage.playground.bot.poster.post('general', digestCard({ picture: drawn }));
  const image = card(page, title).getByRole('img', { name: drawn.alt });
  await image.waitFor();
  const loaded = "[...document.querySelectorAll('img')].map((one) => one.naturalWidth)";
  await expect.poll(() => page.evaluate(loaded)).toEqual([1440]);
  const box = await image.boundingBox();
  expect(box?.width).toBe(480);
  expect(box?.height).toBeCloseTo((480 * drawn.height) / drawn.width, 0);
  const open = page.getByRole('button', { name: 'Open the picture in full size' });
  await open.focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Picture' });
  await viewer.getByRole('img', { name: drawn.alt }).waitFor();
  expect((await viewer.getByRole('img').boundingBox())?.width).toBeGreaterThan(800);
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.className')).toBe('picture-open');
  await open.click();
  await viewer.getByRole('button', { name: 'Close' }).click();
  await viewer.waitFor({ state: 'detached' });
  await open.click();
  await page.mouse.click(5, 5);
  await viewer.waitFor({ state: 'detached' });
});

test('a picture that is gone leaves its words', async () => {
  const page = await stage.windows.open('ana');
  await page.route('**/api/files/**', (route) => route.fulfill({ status: 404 }));
  await stage.playground.bot.poster.post('general', digestCard());
  await card(page, title).getByRole('img', { name: picture.alt }).waitFor();
  await expect
    .poll(() => stage.windows.takeComplaints().join())
    .toContain('Failed to load resource');
});

test('a picture fits a phone, and is scrolled in full size', async () => {
  const phone = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };
  const page = await stage.windows.open('ana', phone);
  await stage.playground.bot.poster.post('general', digestCard());
  const image = card(page, title).getByRole('img');
  const box = await image.boundingBox();
  expect(box?.width).toBeGreaterThan(280);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(375);
  await page.getByRole('button', { name: 'Open the picture in full size' }).tap();
  await page.getByRole('dialog').waitFor();
  const frame =
    "(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.querySelector('.viewer-frame'))";
  const [inside, outside] = (await page.evaluate(frame)) as [number, number];
  expect(inside).toBe(720);
  expect(outside).toBeLessThanOrEqual(375);
});

test('a link leads to https elsewhere, and to nothing else', async () => {
  const page = await stage.windows.open('ana');
  await stage.playground.bot.poster.post('general', digestCard());
  const links = card(page, title).getByRole('link');
  await links.first().waitFor();
  expect(await links.allTextContents()).toEqual(['P1']);
  expect(await links.first().getAttribute('href')).toBe('https://example.com/p1?a=1&b=2');
  expect(await links.first().getAttribute('rel')).toBe('noopener noreferrer');
  expect(await links.first().getAttribute('target')).toBe('_blank');
  expect(await card(page, title).getByText('P2').count()).toBe(1);
});

test('a link to a message goes there, or says that it is gone', async () => {
  const page = await stage.windows.open('ana');
  const { poster } = stage.playground.bot;
  const id = await poster.post('approvals', payoutCard('Waiting for approval'));
  for (let count = 0; count < 30; count += 1) {
    await poster.post('approvals', { tone: 'neutral', title: `Later ${count}` });
  }
  const rows = [id, 'absent'].map((message) => {
    const link = poster.linkTo?.('approvals', message) ?? '';
    return [{ text: message === id ? 'There' : 'Gone', link }];
  });
  const columns = [{ label: 'Payout', align: 'start' as const }];
  const table = { caption: 'Payouts', columns, groups: [{ rows }] };
  await poster.post('general', digestCard({ table }));
  await page.getByRole('link', { name: 'There' }).click();
  await expect
    .poll(() => page.evaluate('document.activeElement.ariaLabel'))
    .toBe('125.50 USD to Nadia');
  const box = await card(page, '125.50 USD to Nadia').boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(800);
  await page.getByRole('link', { name: /^general/ }).click();
  await page.getByRole('link', { name: 'Gone' }).click();
  await page.locator('.notice').getByText('This message is not kept any more.').waitFor();
});

test('who is called sees it: in the title, at the channel and on the message', async () => {
  const [ana, ben] = [await stage.windows.open('ana'), await stage.windows.open('ben')];
  const { poster } = stage.playground.bot;
  await poster.post('alerts', digestCard());
  await expect.poll(() => ben.title()).toBe('(@1) #general · Ben Ito · Purser');
  await expect.poll(() => ana.title()).toBe('(1) #general · Ana Torres · Purser');
  await ben.getByRole('link', { name: 'alerts @1 new, you are mentioned' }).click();
  await ana.getByRole('link', { name: 'alerts 1 new' }).click();
  await ben.locator('.message.is-mention').getByText('@Ben Ito').waitFor();
  await card(ana, title).getByText('@Ben Ito').waitFor();
  expect(await ana.locator('.is-mention, .is-me').count()).toBe(0);
  expect(await ben.title()).toBe('#alerts · Ben Ito · Purser');
  await poster.post('alerts', digestCard({ title: 'Another digest' }));
  await expect
    .poll(() => ben.locator('#announcer p').last().textContent())
    .toContain('All is well. You are mentioned.');
});

test('a mark is small print', async () => {
  const page = await stage.windows.open('ana');
  await stage.playground.bot.poster.post('general', digestCard());
  const mark = card(page, title).getByText('digest morning 2026-11-26');
  await mark.waitFor();
  const size = "parseFloat(getComputedStyle(document.querySelector('.card-mark')).fontSize)";
  expect(await page.evaluate(size)).toBeLessThan(12);
});
