// Forms in cards: with the keyboard alone, with errors, and never in the way.
import { describe, expect, test } from 'vitest';
import { hostile, hostileCard, payoutCard } from '../bots/playground-cards.ts';
import { button, card, send, setStage, untilFocused } from './window.ts';

const stage = setStage();

describe('a form', () => {
  const payee = 'Name of the payee *';

  test('is filled in, corrected and sent with the keyboard alone', async () => {
    const page = await stage.windows.open('ana');
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
    expect(await page.locator('.flash-odd').count()).toBe(0);
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
    expect(stage.playground.dispatcher.presses.at(-1)?.values).toEqual({
      payee: 'Nadia',
      route: 'wallet',
      note: 'x'.repeat(30),
    });
    const place = 'document.activeElement.className';
    await expect.poll(() => page.evaluate(place)).toContain('card');
  });

  test('is left with Escape and keeps what is in it', async () => {
    const page = await stage.windows.open('ana');
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
    const page = await stage.windows.open('ana');
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
    expect(stage.playground.dispatcher.presses.at(-1)?.values).toMatchObject({ route: 'wallet' });
  });

  test('that answers a button gets the keyboard too', async () => {
    const page = await stage.windows.open('ben');
    await stage.playground.bot.poster.post('general', {
      ...payoutCard('Waiting for approval'),
      buttons: [{ action: 'reject.why', label: 'Reject', style: 'danger' }],
    });
    await button(page, 'Reject').click();
    await untilFocused(page, payee);
  });

  test('does not interrupt somebody who is typing', async () => {
    const page = await stage.windows.open('ana');
    await page.keyboard.type('half');
    const account = { platform: 'playground', user: 'ana' } as const;
    await stage.playground.bot.poster.tell(account, hostileCard);
    await page.locator('.form').waitFor();
    await page.keyboard.type(' a thought');
    expect(await page.locator('#line').inputValue()).toBe('half a thought');
  });

  test('and the question before a press stay text, whatever is in them', async () => {
    const page = await stage.windows.open('ana');
    await stage.playground.bot.poster.post('general', hostileCard);
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
