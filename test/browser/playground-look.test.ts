// What can be measured of the looks: contrast in both themes, and nothing that sticks out on a phone.
// https://www.w3.org/TR/WCAG22/#contrast-minimum read 2026-11-20
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { formCard, hostileCard, payoutCard, previewCard } from '../bots/playground-cards.ts';
import { digestCard } from '../bots/playground-digest.ts';
import { startPlayground } from '../bots/playground-support.ts';
import { send, setStage } from './window.ts';

const stage = setStage();

/** Every text on the screen whose contrast with what is behind it is below 4.5, and how many are not. */
const measure = `(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const linear = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (parse(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const weak = [];
  let enough = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || !element.checkVisibility()) continue;
    const colours = [getComputedStyle(element).color, behind(element)];
    const [light, dark] = colours.map((one) => luminance(parse(one))).sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast >= 4.5) enough += 1;
    else weak.push([walker.currentNode.data.trim().slice(0, 40), ...colours].join(' '));
  }
  return { weak, enough };
})()`;

const fill = async (page: Page) => {
  const { poster } = stage.playground.bot;
  for (const card of [
    payoutCard('Waiting for approval'),
    payoutCard('Paid'),
    { ...previewCard, tone: 'warning' as const },
    hostileCard,
    digestCard({ mentions: ['ana', 'ben'] }),
    formCard({ payee: '', route: 'bank', note: 'x'.repeat(31) }),
  ]) {
    await poster.post('general', card);
  }
  for (let step = 0; step < 5; step += 1) stage.playground.dispatcher.step();
  await send(page, '/balance');
  await page.getByText('4 of 5 providers answered').first().waitFor();
  await send(page, '/file audit.csv 2000');
  await page.locator('.file').waitFor();
};

test.each(['light', 'dark'] as const)('every text can be read in the %s theme', async (theme) => {
  stage.playground.dispatcher.waiting.set('ana', [
    { line: '/x', label: 'A payout', help: 'Approve it' },
  ]);
  const page = await stage.windows.open('ana', { colorScheme: theme });
  await fill(page);
  await page.locator('.waiting-row').waitFor();
  const { weak, enough } = (await page.evaluate(measure)) as { weak: string[]; enough: number };
  expect(weak).toEqual([]);
  expect(enough).toBeGreaterThan(100);
  await page.locator('.button-danger').first().click();
  await page.getByRole('dialog').waitFor();
  expect(await page.evaluate(measure)).toMatchObject({ weak: [] });
});

test('nothing sticks out of a phone', async () => {
  const page = await stage.windows.open('ana', {
    viewport: { width: 375, height: 812 },
    hasTouch: true,
    isMobile: true,
  });
  await fill(page);
  const widest = `Math.max(...[...document.querySelectorAll(
    '.feed, .feed-inner, .message, .card, .control, .button, .chip, .file, .picture, .fields dd, .cells > *',
  )].map((element) => element.getBoundingClientRect().right))`;
  expect(await page.evaluate(widest)).toBeLessThanOrEqual(375);
  expect(await page.evaluate('document.querySelector(".feed").scrollWidth')).toBe(375);
  const cut = `[...document.querySelectorAll('.card')]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    .map(({ ariaLabel }) => ariaLabel)`;
  expect(await page.evaluate(cut)).toEqual([]);
});

/** A provider that fails, as `/purser providers` shows it: without a title, with a reason. */
const failing: Card = {
  tone: 'warning',
  title: 'Providers',
  table: {
    caption: 'Providers',
    columns: [
      { label: 'Provider', align: 'start', isHeadline: true },
      { label: 'Health', align: 'start' },
      { label: 'Asked at', align: 'start' },
    ],
    groups: [
      {
        tone: 'bad',
        text: 'PayerMax cannot be reached: nothing listens there.',
        rows: [[{ text: 'PayerMax' }, { text: 'fails', tone: 'bad' }, { text: '127.0.0.1' }]],
      },
    ],
  },
};

test.each([1280, 375])('a row that fails is red and says why, %d pixels wide', async (width) => {
  const page = await stage.windows.open('ana', { viewport: { width, height: 812 } });
  await stage.playground.bot.poster.post('general', failing);
  await page.getByText('PayerMax cannot be reached: nothing listens there.').waitFor();
  const colours = await page.evaluate(`(() => {
    const bad = document.createElement('i');
    bad.style.color = 'var(--bad)';
    document.body.append(bad);
    const cell = document.querySelector('.cell-bad');
    return [bad, cell, cell.nextElementSibling].map((one) => getComputedStyle(one).color);
  })()`);
  const [bad, cell, next] = colours as [string, string, string];
  expect(cell).toBe(bad);
  expect(next).not.toBe(bad);
});

test('promises no more about money than Purser knows', async () => {
  const money =
    'Purser asks PayerMax at 127.0.0.1:8103 and cannot know whether real money is there.';
  const other = await startPlayground({ money, hasExamplePayees: false });
  try {
    const page = await stage.windows.open('ana');
    await page.getByText('No real money can move.').waitFor();
    await page.getByText('/payout payermax 125.50 USD maria', { exact: true }).waitFor();
    await page.goto(`${other.url}/?as=ana`);
    await page.getByText(money).waitFor();
    await page.getByText('/payout', { exact: true }).waitFor();
    expect(await page.getByText('maria').count()).toBe(0);
    // Leaves before its server does: a page that lost it would complain.
    await page.goto('about:blank');
  } finally {
    await other.bot.stop();
  }
});
