// What a person does with cards: presses, confirms, fills in, downloads, watches them change.
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hostile, hostileCard, payoutCard } from '../bots/playground-cards.ts';
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

const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** The words of what has the keyboard, or its class where it has none. */
const focused = async (page: Page) =>
  await page.evaluate(`(() => {
    const element = document.activeElement;
    return element.labels?.[0]?.innerText ?? (element.id || element.textContent.trim());
  })()`);
const untilFocused = async (page: Page, what: string) =>
  await expect.poll(() => focused(page)).toBe(what);
const said = async (page: Page) => await page.locator('#announcer p').allTextContents();

describe('a form', () => {
  const payee = 'Name of the payee *';

  test('is filled in, corrected and sent with the keyboard alone', async () => {
    const page = await windows.open('ana');
    await page.keyboard.type('/form');
    await page.keyboard.press('Enter');
    await untilFocused(page, payee);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('x'.repeat(31));
    expect(await page.locator('.count').allTextContents()).toEqual(['', '', '1 too many']);
    await page.keyboard.press('Control+Enter');
    await untilFocused(page, payee);
    const input = page.getByLabel('Name of the payee');
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    const described = (await input.getAttribute('aria-describedby'))?.split(' ') ?? [];
    const words = described.map((id) => page.locator(`[id="${id}"]`).textContent());
    expect((await Promise.all(words)).join(' ')).toContain('This cannot be empty. As the bank');
    expect(await page.getByLabel('Note').inputValue()).toBe('x'.repeat(31));
    await page.keyboard.type('Nadia');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Wal');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await untilFocused(page, 'Note optional');
    expect(await input.inputValue()).toBe('Nadia');
    expect(await input.getAttribute('aria-invalid')).toBeNull();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await card(page, 'Saved Nadia').waitFor();
    expect(await page.locator('.card').count()).toBe(1);
    expect(playground.dispatcher.presses.at(-1)?.values).toEqual({
      payee: 'Nadia',
      route: 'wallet',
      note: 'x'.repeat(30),
    });
    const place = 'document.activeElement.className';
    await expect.poll(() => page.evaluate(place)).toContain('card');
  });

  test('is left with Escape and keeps what is in it', async () => {
    const page = await windows.open('ana');
    await send(page, '/form');
    await untilFocused(page, payee);
    await page.keyboard.type('Na/dia');
    await page.keyboard.press('Escape');
    await untilFocused(page, 'Message #general, or / for commands');
    await send(page, 'something else');
    await page.locator('.said', { hasText: 'something else' }).waitFor();
    expect(await page.getByLabel('Name of the payee').inputValue()).toBe('Na/dia');
  });

  test('keeps what is in it while another channel is looked at', async () => {
    const page = await windows.open('ana');
    await send(page, '/form');
    await untilFocused(page, payee);
    await page.keyboard.type('Nadia');
    await page.getByLabel('How it is paid').selectOption('Wallet');
    await page.getByLabel('Note').fill('x'.repeat(29));
    await page.getByRole('link', { name: 'alerts' }).click();
    await page.getByLabel('Name of the payee').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'general' }).click();
    expect(await page.getByLabel('Name of the payee').inputValue()).toBe('Nadia');
    expect(await page.getByLabel('How it is paid').inputValue()).toBe('wallet');
    expect(await page.locator('.count').allTextContents()).toEqual(['', '', '1 left']);
    await button(page, 'Save the payee').click();
    await card(page, 'Saved Nadia').waitFor();
    expect(playground.dispatcher.presses.at(-1)?.values).toMatchObject({ route: 'wallet' });
  });

  test('that answers a button gets the keyboard too', async () => {
    const page = await windows.open('ben');
    await playground.bot.poster.post('general', {
      ...payoutCard('Waiting for approval'),
      buttons: [{ action: 'reject.why', label: 'Reject', style: 'danger' }],
    });
    await button(page, 'Reject').click();
    await untilFocused(page, payee);
  });

  test('does not interrupt somebody who is typing', async () => {
    const page = await windows.open('ana');
    await page.keyboard.type('half');
    const account = { platform: 'playground', user: 'ana' } as const;
    await playground.bot.poster.tell(account, hostileCard);
    await page.locator('.form').waitFor();
    await page.keyboard.type(' a thought');
    expect(await page.locator('#line').inputValue()).toBe('half a thought');
  });

  test('and the question before a press stay text, whatever is in them', async () => {
    const page = await windows.open('ana');
    await playground.bot.poster.post('general', hostileCard);
    await page.locator('.form').waitFor();
    expect(await page.locator('.form input').inputValue()).toBe(hostile);
    await page.locator('.button-danger').click();
    const dialog = page.getByRole('dialog', { name: hostile });
    await dialog.waitFor();
    expect(await dialog.getByText('<img src=x').count()).toBe(3);
    expect(await page.locator('.form, dialog').locator('img, script').count()).toBe(0);
    expect(await page.title()).toMatch(/^#general/);
  });
});

describe('a press', () => {
  test('shows that it is worked on, and holds the other buttons of the card', async () => {
    const page = await windows.open('ben');
    await playground.bot.poster.post('general', {
      ...payoutCard('Waiting for approval'),
      buttons: [
        { action: 'approve', label: 'Approve', style: 'primary' },
        { action: 'drop', label: 'Reject', style: 'danger' },
      ],
    });
    await button(page, 'Approve').click();
    await page.locator('.button[aria-busy="true"]', { hasText: 'Approve' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.button', { hasText: 'Reject' }).click({ force: true });
    expect(await page.locator('.button[aria-disabled="true"]').count()).toBe(2);
    playground.dispatcher.step();
    await card(page, 'You approved').waitFor();
    await page.locator('.button[aria-disabled="true"]').first().waitFor({ state: 'detached' });
    expect(playground.dispatcher.presses.map(({ action }) => action)).toEqual(['approve']);
  });

  test('by a double click, or by a key held down, happens once', async () => {
    const page = await windows.open('ben');
    for (let step = 0; step < 2; step += 1) playground.dispatcher.step();
    await playground.bot.poster.post('general', payoutCard('Waiting for approval'));
    await button(page, 'Approve').dblclick({ delay: 60 });
    await card(page, 'You approved').waitFor();
    expect(playground.dispatcher.presses).toHaveLength(1);
    await button(page, 'Approve').focus();
    await page.keyboard.down('Enter');
    await expect.poll(() => card(page, 'You approved').count()).toBe(2);
    for (let count = 0; count < 3; count += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(playground.dispatcher.presses).toHaveLength(2);
  });

  test('where money moves is asked for once more: Escape is no', async () => {
    const page = await windows.open('ana');
    await send(page, '/preview');
    await button(page, 'Ask for approval').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Pay 125.50 USD?' });
    await dialog.waitFor();
    expect(await dialog.getByText('It cannot be called back.').count()).toBe(1);
    await untilFocused(page, 'Go back');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await untilFocused(page, 'Ask for approval');
    await page.keyboard.press('Enter');
    await untilFocused(page, 'Go back');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(playground.dispatcher.presses).toEqual([]);
    await page.keyboard.press('Enter');
    await untilFocused(page, 'Go back');
    await page.keyboard.press('Tab');
    await untilFocused(page, 'Ask now');
    await page.keyboard.press('Enter');
    await card(page, 'Asked for approval').waitFor();
    expect(await page.locator('.card').count()).toBe(1);
    expect(playground.dispatcher.presses.map(({ action }) => action)).toEqual(['ask']);
  });

  test('by a double click does not answer its own question', async () => {
    const page = await windows.open('ana');
    await send(page, '/preview');
    await button(page, 'Ask for approval').dblclick();
    await page.getByRole('dialog').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await button(page, 'Ask now').dispatchEvent('click', { detail: 2 });
    expect(await page.getByRole('dialog').count()).toBe(1);
    expect(playground.dispatcher.presses).toEqual([]);
  });

  test('on a button that has just gone says so', async () => {
    const page = await windows.open('ben');
    const { poster } = playground.bot;
    const id = await poster.post('general', payoutCard('Waiting for approval'));
    await button(page, 'Approve').waitFor();
    await page.route('**/api/presses', async (route) => {
      await poster.update('general', id, payoutCard('Paid'));
      await route.continue();
    });
    await button(page, 'Approve').click();
    await page.locator('.notice').getByText('This button is gone. Ask again').waitFor();
    expect(windows.takeComplaints().join()).toContain('404');
  });
});

describe('a posted card', () => {
  test('changes before all eyes, and is announced when its state is another', async () => {
    const pages = [await windows.open('ana'), await windows.open('ben')];
    const { poster } = playground.bot;
    const open = payoutCard('Waiting for approval');
    const id = await poster.post('general', open);
    for (const page of pages) await card(page, open.title).waitFor();
    const before = await Promise.all(pages.map(said));
    await poster.update('general', id, { ...open, notes: ['Reminded once.'] });
    for (const [index, page] of pages.entries()) {
      await card(page, open.title).getByText('Reminded once.').waitFor();
      expect(await page.locator('.flash-odd').count()).toBe(1);
      expect(await said(page)).toEqual(before[index]);
    }
    await poster.update('general', id, payoutCard('Paid'));
    for (const page of pages) {
      await card(page, open.title).getByText('PayerMax has paid it.').waitFor();
      expect(await page.locator('.flash-even').count()).toBe(1);
      expect(await page.locator('.card').count()).toBe(1);
      expect((await said(page)).at(-1)).toContain(`${open.title}. Paid. PayerMax has paid it.`);
    }
  });

  test('has no movement for those who want none', async () => {
    const [moving, calm] = [
      await windows.open('ana', { reducedMotion: 'no-preference' }),
      await windows.open('ben', { reducedMotion: 'reduce' }),
    ];
    const id = await playground.bot.poster.post('general', payoutCard('Waiting for approval'));
    await button(calm, 'Approve').waitFor();
    await button(moving, 'Approve').waitFor();
    await playground.bot.poster.update('general', id, payoutCard('Paid'));
    const duration = async (page: Page) => {
      await page.locator('.flash-odd').waitFor();
      const style = "getComputedStyle(document.querySelector('.card')).animationDuration";
      return await page.evaluate(style);
    };
    expect(await duration(moving)).toBe('1.6s');
    expect(await duration(calm)).toBe('0s');
  });

  test('never turns a button into another under the keyboard', async () => {
    const page = await windows.open('ben');
    const { poster } = playground.bot;
    const open = payoutCard('Waiting for approval');
    const id = await poster.post('general', open);
    await button(page, 'Approve').focus();
    await poster.update('general', id, {
      ...open,
      buttons: [{ action: 'refuse', label: 'It was paid', style: 'plain' }],
    });
    await button(page, 'It was paid').waitFor();
    expect(await page.evaluate('document.activeElement.className')).toContain('card');
    await page.keyboard.press('Enter');
    expect(playground.dispatcher.presses).toEqual([]);
  });
});

test('a file is saved by its asker and by nobody else', async () => {
  const [ana, ben] = [await windows.open('ana'), await windows.open('ben')];
  await send(ana, '/file audit-2026-11.csv 20000');
  const link = ana.getByRole('link', { name: 'audit-2026-11.csv 20 KB' });
  const waiting = ana.waitForEvent('download');
  await link.click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('audit-2026-11.csv');
  expect(await readFile(await download.path(), 'utf8')).toBe('x'.repeat(20_000));
  const address = (await link.getAttribute('href'))?.replace('as=ana', 'as=ben');
  const status = await ben.evaluate(`fetch('${address}').then(({ status }) => status)`);
  expect(status).toBe(404);
  expect(windows.takeComplaints().join()).toContain('404');
});

describe('what waits for a person', () => {
  const entry = { line: '/say on it', label: '125.50 USD to Nadia', help: 'Approve or reject' };

  test('is counted, follows every change, and runs with a click', async () => {
    const [ana, ben] = [await windows.open('ana'), await windows.open('ben')];
    await ben.getByText('Nothing waits for you.').waitFor();
    playground.dispatcher.waiting.set('ben', [entry]);
    await playground.bot.poster.post('approvals', payoutCard('Waiting for approval'));
    await ben.getByRole('heading', { name: 'Waiting for you 1' }).waitFor();
    expect(await ana.getByText('Nothing waits for you.').count()).toBe(1);
    await ben.getByRole('button', { name: '125.50 USD to Nadia Approve or reject' }).click();
    await card(ana, 'ben says').waitFor();
    expect(playground.dispatcher.lines).toEqual(['/say on it']);
    playground.dispatcher.waiting.delete('ben');
    await send(ana, 'done');
    await ben.getByText('Nothing waits for you.').waitFor();
  });

  test('is found on a phone', async () => {
    playground.dispatcher.waiting.set('ana', [entry]);
    const phone = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };
    const page = await windows.open('ana', phone);
    await page.getByRole('button', { name: 'Open the menu, 1 waiting for you' }).click();
    await page.getByRole('button', { name: '125.50 USD to Nadia Approve or reject' }).click();
    await card(page, 'ana says').waitFor();
    await expect.poll(() => page.locator('.sidebar.is-open').count()).toBe(0);
  });
});

describe('a person who types faster than the page draws', () => {
  /** All in one turn, between two drawings. */
  const type = (text: string) => `(() => {
    const input = document.querySelector('#line');
    input.value += ${JSON.stringify(text)};
    input.dispatchEvent(new Event('input', { bubbles: true }));
  })();`;
  const enter = `document.querySelector('#line').dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }),
  ) && document.querySelector('#line').form.requestSubmit();`;

  test('starts every line with an empty one', async () => {
    const page = await windows.open('ana');
    await page.evaluate(type('first') + enter + type('second') + enter + enter + type('draft'));
    await page.locator('.said').nth(1).waitFor();
    expect(await page.locator('.said').allTextContents()).toEqual(['first', 'second']);
    expect(await page.locator('#line').inputValue()).toBe('draft');
  });

  test('keeps the new line when the one before could not be sent', async () => {
    const page = await windows.open('ana');
    await page.evaluate(type('x'.repeat(10_001)) + enter + type('next'));
    await page.getByRole('alert').getByText('This is 10,001 characters long').waitFor();
    expect(await page.locator('#line').inputValue()).toBe('next');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.locator('#line').inputValue()).toHaveLength(10_001);
    expect(windows.takeComplaints().join()).toContain('413');
  });

  test('is never given a completion of an earlier line', async () => {
    const page = await windows.open('ana');
    await page.keyboard.type('/bal');
    await page.getByRole('option', { selected: true }).waitFor();
    await page.evaluate(type('x') + enter);
    await page.locator('.command', { hasText: '/balx' }).waitFor();
    expect(playground.dispatcher.lines).toEqual(['/balx']);
  });

  test('keeps the completion that was chosen while the answer was on its way', async () => {
    const page = await windows.open('ana');
    await page.keyboard.type('/purser');
    await page.getByRole('option').nth(1).waitFor();
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/complete?*', async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.type(' ');
    await page.keyboard.press('ArrowUp');
    const chosen = () => page.locator('#line').getAttribute('aria-activedescendant');
    await expect.poll(chosen).toBe('option-1');
    const answered = page.waitForResponse('**/api/complete?*');
    answer();
    await (await answered).finished();
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve()))');
    expect(await chosen()).toBe('option-1');
  });
});
