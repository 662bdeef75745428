import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Playground, startPlayground } from '../bots/playground-support.ts';
import { launchBrowser } from '../browser.ts';
import { createWindows, send, type Windows } from './window.ts';

let browser: Browser;
let windows: Windows;
let playground: Playground;

beforeAll(async () => {
  browser = await launchBrowser();
  windows = createWindows(browser, () => playground.url);
});

beforeEach(async () => {
  playground = await startPlayground();
});

afterEach(async () => {
  await windows.close();
  await playground.bot.stop();
});

afterAll(async () => {
  await browser.close();
});

const answer = () => {
  for (let step = 0; step < 5; step += 1) playground.dispatcher.step();
};
const line = (page: Page) => page.locator('#line');
const main = (page: Page) => page.getByRole('main');
const options = (page: Page) => page.getByRole('option');
const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });
const untilLine = async (page: Page, value: string) =>
  await expect.poll(() => line(page).inputValue()).toBe(value);
const untilActive = async (page: Page, id: string | null) =>
  await expect.poll(() => line(page).getAttribute('aria-activedescendant')).toBe(id);

describe('a newcomer', () => {
  test('is greeted, clicks an example and sees the providers answer one by one', async () => {
    const page = await windows.open('ana');
    await page.getByRole('heading', { name: 'Hello, Ana' }).waitFor();
    await page.getByRole('button', { name: '/balance What is' }).click();
    const progress = page.getByRole('progressbar');
    await progress.waitFor();
    expect(await progress.getAttribute('aria-label')).toBe('0 of 5 done');
    expect(await main(page).getByText('asking…').count()).toBe(5);
    for (let done = 1; done < 5; done += 1) {
      playground.dispatcher.step();
      await main(page).getByText(`${done} of 5`, { exact: true }).waitFor();
      expect(await main(page).getByText('asking…').count()).toBe(5 - done);
      expect(await page.locator('.card').count()).toBe(1);
    }
    playground.dispatcher.step();
    await main(page).getByText('4 of 5 providers answered').waitFor();
    expect(await progress.count()).toBe(0);
    expect(await page.locator('.card').count()).toBe(1);
    const row = page.getByRole('row', { name: 'payfac 7781' });
    expect(await row.locator('.is-headline bdi').textContent()).toBe('184,220.51400');
  });

  test('who comes without a name is the first person, in general', async () => {
    const page = await windows.open('nobody');
    expect(new URL(page.url()).search).toBe('?as=ana&in=general');
    expect(await page.title()).toBe('#general · Ana Torres · Purser');
  });
});

describe('the keyboard', () => {
  test('completes a command word by word and sends it', async () => {
    const page = await windows.open('ana');
    await page.keyboard.type('/');
    await options(page).nth(2).waitFor();
    expect(await line(page).getAttribute('aria-expanded')).toBe('true');
    await untilActive(page, 'option-0');
    await page.keyboard.type('bal');
    await page.keyboard.press('Enter');
    await untilLine(page, '/balance ');
    await options(page).getByText('payermax').waitFor();
    await untilActive(page, null);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await untilActive(page, 'option-1');
    const chosen = page.getByRole('option', { selected: true });
    expect(await chosen.locator('.option-label').textContent()).toBe('paycross');
    await page.keyboard.press('Tab');
    await untilLine(page, '/balance paycross ');
    await page.keyboard.press('Enter');
    await page.locator('.command').waitFor();
    expect(playground.dispatcher.lines).toEqual(['/balance paycross']);
    await untilLine(page, '');
    await expect.poll(() => options(page).count()).toBe(0);
  });

  test('goes round the list, and Escape closes it and keeps the line', async () => {
    const page = await windows.open('ana');
    await page.keyboard.type('/purser ');
    await options(page).nth(1).waitFor();
    await page.keyboard.press('ArrowUp');
    await untilActive(page, 'option-1');
    await page.keyboard.press('ArrowDown');
    await untilActive(page, null);
    await page.keyboard.press('Escape');
    await expect.poll(() => options(page).count()).toBe(0);
    expect(await line(page).inputValue()).toBe('/purser ');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('send');
  });

  test('brings back the lines sent before, and the draft', async () => {
    const page = await windows.open('ana');
    await send(page, 'first');
    await send(page, 'second');
    await page.keyboard.type('draft');
    for (const [key, expected] of [
      ['ArrowUp', 'second'],
      ['ArrowUp', 'first'],
      ['ArrowUp', 'first'],
      ['ArrowDown', 'second'],
      ['ArrowDown', 'draft'],
    ] as const) {
      await page.keyboard.press(key);
      await untilLine(page, expected);
    }
    await page.reload();
    await line(page).focus();
    await page.keyboard.press('ArrowUp');
    await untilLine(page, 'second');
  });

  test('begins a command with / from anywhere, and changes channels with Alt', async () => {
    const page = await windows.open('ana');
    await page.getByRole('log').focus();
    await page.keyboard.press('/');
    await untilLine(page, '/');
    await options(page).first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('heading', { level: 1, name: 'approvals' }).waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('heading', { level: 1, name: 'alerts' }).waitFor();
    expect(new URL(page.url()).searchParams.get('in')).toBe('alerts');
  });
});

describe('two windows', () => {
  test('are two people, who talk', async () => {
    const ana = await windows.open('ana');
    const opened = ana.context().waitForEvent('page');
    await ana.getByRole('link', { name: 'Open a window as Ben', exact: true }).click();
    const ben = await opened;
    await ben.getByRole('heading', { name: 'Hello, Ben' }).waitFor();
    await send(ana, 'hello Ben');
    await main(ben).getByText('hello Ben', { exact: true }).waitFor();
    await send(ben, 'hello Ana');
    await main(ana).getByText('hello Ana', { exact: true }).waitFor();
    expect(await ana.locator('.author').allInnerTexts()).toEqual(['Ana Torres', 'Ben Ito']);
  });

  test('a private answer looks private, and the other window has nothing of it', async () => {
    const [ana, ben] = [await windows.open('ana'), await windows.open('ben')];
    answer();
    await send(ana, '/balance');
    await main(ana).getByText('4 of 5 providers answered').waitFor();
    expect(await ana.locator('.private-note').allInnerTexts()).toEqual(['Only you can see this']);
    expect(await main(ana).getByText('Only you can see this').count()).toBe(2);
    const style = "getComputedStyle(document.querySelector('.message')).borderTopStyle";
    expect(await ana.evaluate(style)).toBe('dashed');
    await send(ana, 'done');
    await main(ben).getByText('done', { exact: true }).waitFor();
    expect(await ben.locator('.message').count()).toBe(1);
    expect(await ben.content()).not.toContain('184,220');
    await ana.getByRole('button', { name: 'Share here' }).click();
    await card(ben, 'Balances').waitFor();
    expect(await main(ben).getByText('Only you can see this').count()).toBe(0);
  });

  test('unread messages are marked in the channel list and the title', async () => {
    const [ana, ben] = [await windows.open('ana'), await windows.open('ben')];
    await ben.getByRole('link', { name: 'approvals' }).click();
    await send(ben, 'please look');
    await send(ben, 'it is urgent');
    const unread = ana.getByRole('link', { name: 'approvals 2 new' });
    await unread.waitFor();
    await expect.poll(() => ana.title()).toMatch(/^\(2\) #general/);
    await unread.click();
    await main(ana).getByText('it is urgent').waitFor();
    expect(await ana.locator('.divider-new').textContent()).toBe('New');
    expect(await ana.title()).toMatch(/^#approvals/);
    expect(await ana.locator('.badge').count()).toBe(0);
    expect(await ben.locator('.badge').count()).toBe(0);
  });

  test('a reader further up stays there and is told of new messages', async () => {
    const [ana, ben] = [await windows.open('ana'), await windows.open('ben')];
    for (let count = 0; count < 40; count += 1) await send(ben, `line ${count}`);
    await main(ana).getByText('line 39').waitFor();
    const top = async () => Number(await ana.evaluate("document.querySelector('.feed').scrollTop"));
    const gap = async () =>
      Number(
        await ana.evaluate(`(() => {
          const feed = document.querySelector('.feed');
          return feed.scrollHeight - feed.clientHeight - feed.scrollTop;
        })()`),
      );
    await expect.poll(top).toBeGreaterThan(500);
    await expect.poll(gap).toBeLessThan(2);
    await ana.evaluate("document.querySelector('.feed').scrollTop = 200");
    await ana.getByRole('button', { name: 'Go to the end' }).waitFor();
    await send(ben, 'news');
    await ana.getByRole('button', { name: 'New messages: go to the end' }).waitFor();
    expect(await top()).toBe(200);
    await ana.getByRole('button', { name: 'New messages: go to the end' }).click();
    await ana.locator('.to-newest').waitFor({ state: 'detached' });
    expect(await gap()).toBeLessThan(2);
  });
});

describe('what a card or a person says', () => {
  test('stays text, whatever is in it', async () => {
    const [ana, ben] = [await windows.open('ana'), await windows.open('ben')];
    await send(ana, '/hostile');
    await send(ana, '<b>bold</b> <script>document.title = 1</script>');
    await main(ben).getByText('<b>bold</b>').waitFor();
    for (const page of [ana, ben]) {
      expect(await page.locator('.feed').locator('img, script, b, iframe').count()).toBe(0);
      expect(await main(page).getByText('<img src=x', { exact: false }).count()).toBeGreaterThan(8);
      expect(await page.title()).toMatch(/^#general/);
    }
  });

  test('of 10,000 characters scrolls in itself, and of more is given back', async () => {
    const page = await windows.open('ana');
    await send(page, 'word '.repeat(2_000).trim());
    const said = page.locator('.said.is-long');
    await said.waitFor();
    expect((await said.boundingBox())?.height).toBeLessThan(300);
    const long = 'x'.repeat(10_001);
    await send(page, long);
    await page.getByRole('alert').getByText('This is 10,001 characters long').waitFor();
    expect(await line(page).inputValue()).toBe(long);
    expect(windows.takeComplaints().join()).toContain('413');
  });

  test('is stopped by the policy when it gets past the page', async () => {
    const page = await windows.open('ana');
    await page.evaluate(`(() => {
      const image = document.createElement('img');
      image.src = 'http://localhost:1/leak';
      document.body.append(image);
      document.body.setAttribute('style', 'color: red');
    })()`);
    await expect(page.evaluate("document.body.innerHTML = '<b>x</b>'")).rejects.toThrow(
      'TrustedHTML',
    );
    await expect
      .poll(() => windows.takeComplaints().join(), { timeout: 5_000 })
      .toContain('img-src');
  });
});

describe('buttons', () => {
  test('tell what came of them, and the reference can be copied', async () => {
    const page = await windows.open('ana', { permissions: ['clipboard-read', 'clipboard-write'] });
    answer();
    await send(page, '/balance');
    await page.getByRole('button', { name: 'Approve' }).click();
    await card(page, 'This is not for you').waitFor();
    await page.getByRole('button', { name: 'Copy the reference b7k2m9' }).click();
    await page.getByRole('status').getByText('Copied b7k2m9').waitFor({ state: 'attached' });
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('b7k2m9');
    await page.getByRole('button', { name: '/balance payermax USD', exact: true }).last().click();
    await expect.poll(() => playground.dispatcher.lines.at(-1)).toBe('/balance payermax USD');
  });
});

describe('a server that goes away', () => {
  test('is noticed quietly; its return reloads the state and keeps the draft', async () => {
    const page = await windows.open('ana');
    await send(page, 'before');
    await main(page).getByText('before', { exact: true }).waitFor();
    await page.keyboard.type('half a thou');
    const port = Number(new URL(playground.url).port);
    await playground.bot.stop();
    await main(page).getByText('Reconnecting…').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Purser does not answer').waitFor();
    expect(await line(page).inputValue()).toBe('half a thou');
    playground = await startPlayground({ port });
    await main(page).getByText('Purser was restarted. Earlier messages are gone.').waitFor();
    await main(page).getByText('Reconnecting…').waitFor({ state: 'detached' });
    expect(await page.locator('.message').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.locator('.said').getByText('half a thou').waitFor();
    for (const complaint of windows.takeComplaints()) {
      expect(complaint).toMatch(
        /ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/,
      );
    }
  });
});
