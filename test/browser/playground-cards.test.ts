// What a person does with cards: presses, confirms, downloads, watches them change.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { payoutCard } from '../bots/playground-cards.ts';
import { button, card, send, setStage, untilFocused } from './window.ts';

const stage = setStage();

const said = async (page: Page) => await page.locator('#announcer p').allTextContents();

describe('a press', () => {
  test('shows that it is worked on, and holds the other buttons of the card', async () => {
    const page = await stage.windows.open('ben');
    await stage.playground.bot.poster.post('general', {
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
    stage.playground.dispatcher.step();
    await card(page, 'You approved').waitFor();
    await page.locator('.button[aria-disabled="true"]').first().waitFor({ state: 'detached' });
    expect(stage.playground.dispatcher.presses.map(({ action }) => action)).toEqual(['approve']);
  });

  test('by a double click, or by a key held down, happens once', async () => {
    const page = await stage.windows.open('ben');
    for (let step = 0; step < 2; step += 1) stage.playground.dispatcher.step();
    await stage.playground.bot.poster.post('general', payoutCard('Waiting for approval'));
    await button(page, 'Approve').dblclick({ delay: 60 });
    await card(page, 'You approved').waitFor();
    expect(stage.playground.dispatcher.presses).toHaveLength(1);
    await button(page, 'Approve').focus();
    await page.keyboard.down('Enter');
    await expect.poll(() => card(page, 'You approved').count()).toBe(2);
    for (let count = 0; count < 3; count += 1) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(stage.playground.dispatcher.presses).toHaveLength(2);
  });

  test('where money moves is asked for once more: Escape is no', async () => {
    const page = await stage.windows.open('ana');
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
    expect(stage.playground.dispatcher.presses).toEqual([]);
    await page.keyboard.press('Enter');
    await untilFocused(page, 'Go back');
    await page.keyboard.press('Tab');
    await untilFocused(page, 'Ask now');
    await page.keyboard.press('Enter');
    await card(page, 'Asked for approval').waitFor();
    expect(await page.locator('.card').count()).toBe(1);
    expect(stage.playground.dispatcher.presses.map(({ action }) => action)).toEqual(['ask']);
  });

  test('by a double click does not answer its own question', async () => {
    const page = await stage.windows.open('ana');
    await send(page, '/preview');
    await button(page, 'Ask for approval').dblclick();
    await page.getByRole('dialog').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await button(page, 'Ask now').dispatchEvent('click', { detail: 2 });
    expect(await page.getByRole('dialog').count()).toBe(1);
    expect(stage.playground.dispatcher.presses).toEqual([]);
  });

  test('further up brings its answer into sight, unless that is in place', async () => {
    const page = await stage.windows.open('ana');
    await send(page, '/preview');
    await button(page, 'Drop it').waitFor();
    await stage.playground.bot.poster.post('general', {
      ...payoutCard('Waiting for approval'),
      buttons: [{ action: 'refuse', label: 'Approve', style: 'primary' }],
    });
    for (let count = 0; count < 40; count += 1) await send(page, `line ${count}`);
    await page.locator('.said', { hasText: 'line 39' }).waitFor();
    const top = async () =>
      Number(await page.evaluate("document.querySelector('.feed').scrollTop"));
    await expect.poll(top).toBeGreaterThan(500);
    await page.evaluate("document.querySelector('.feed').scrollTop = 0");
    await page.locator('.to-newest').waitFor();
    await button(page, 'Drop it').click();
    await card(page, 'Dropped').waitFor();
    await page.locator('.button[aria-disabled="true"]').waitFor({ state: 'detached' });
    expect(await top()).toBeLessThan(100);
    await button(page, 'Approve').click();
    await card(page, 'This is not for you').waitFor();
    await expect.poll(top).toBeGreaterThan(500);
  });

  test('on a button that has just gone says so', async () => {
    const page = await stage.windows.open('ben');
    const { poster } = stage.playground.bot;
    const id = await poster.post('general', payoutCard('Waiting for approval'));
    await button(page, 'Approve').waitFor();
    await page.route('**/api/presses', async (route) => {
      await poster.update('general', id, payoutCard('Paid'));
      await route.continue();
    });
    await button(page, 'Approve').click();
    await page.locator('.notice').getByText('This button is gone. Ask again').waitFor();
    expect(stage.windows.takeComplaints().join()).toContain('404');
  });
});

describe('a posted card', () => {
  test('changes before all eyes, and is announced when its state is another', async () => {
    const pages = [await stage.windows.open('ana'), await stage.windows.open('ben')];
    const { poster } = stage.playground.bot;
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
      await stage.windows.open('ana', { reducedMotion: 'no-preference' }),
      await stage.windows.open('ben', { reducedMotion: 'reduce' }),
    ];
    const id = await stage.playground.bot.poster.post(
      'general',
      payoutCard('Waiting for approval'),
    );
    await button(calm, 'Approve').waitFor();
    await button(moving, 'Approve').waitFor();
    await stage.playground.bot.poster.update('general', id, payoutCard('Paid'));
    const duration = async (page: Page) => {
      await page.locator('.flash-odd').waitFor();
      const style = "getComputedStyle(document.querySelector('.card')).animationDuration";
      return await page.evaluate(style);
    };
    expect(await duration(moving)).toBe('1.6s');
    expect(await duration(calm)).toBe('0s');
  });

  test('never turns a button into another under the keyboard', async () => {
    const page = await stage.windows.open('ben');
    const { poster } = stage.playground.bot;
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
    expect(stage.playground.dispatcher.presses).toEqual([]);
  });
});

test('a file is saved by its asker and by nobody else', async () => {
  const [ana, ben] = [await stage.windows.open('ana'), await stage.windows.open('ben')];
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
  expect(stage.windows.takeComplaints().join()).toContain('404');
});

describe('what waits for a person', () => {
  const entry = { line: '/say on it', label: '125.50 USD to Nadia', help: 'Approve or reject' };

  test('is counted, follows every change, and runs with a click', async () => {
    const [ana, ben] = [await stage.windows.open('ana'), await stage.windows.open('ben')];
    await ben.getByText('Nothing waits for you.').waitFor();
    stage.playground.dispatcher.waiting.set('ben', [entry]);
    await stage.playground.bot.poster.post('approvals', payoutCard('Waiting for approval'));
    await ben.getByRole('heading', { name: 'Waiting for you 1' }).waitFor();
    expect(await ana.getByText('Nothing waits for you.').count()).toBe(1);
    await ben.getByRole('button', { name: '125.50 USD to Nadia Approve or reject' }).click();
    await card(ana, 'ben says').waitFor();
    expect(stage.playground.dispatcher.lines).toEqual(['/say on it']);
    stage.playground.dispatcher.waiting.delete('ben');
    await send(ana, 'done');
    await ben.getByText('Nothing waits for you.').waitFor();
  });

  test('is found on a phone', async () => {
    stage.playground.dispatcher.waiting.set('ana', [entry]);
    const phone = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };
    const page = await stage.windows.open('ana', phone);
    await page.getByRole('button', { name: 'Open the menu, 1 waiting for you' }).click();
    await page.getByRole('button', { name: '125.50 USD to Nadia Approve or reject' }).click();
    await card(page, 'ana says').waitFor();
    await expect.poll(() => page.locator('.sidebar.is-open').count()).toBe(0);
  });
});
