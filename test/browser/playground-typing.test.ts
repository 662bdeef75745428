// A person who types faster than the page draws: all in one turn, between two drawings.
import { expect, test } from 'vitest';
import { setStage } from './window.ts';

const stage = setStage();

const type = (text: string) => `(() => {
  const input = document.querySelector('#line');
  input.value += ${JSON.stringify(text)};
  input.dispatchEvent(new Event('input', { bubbles: true }));
})();`;
const enter = `document.querySelector('#line').dispatchEvent(
  new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }),
) && document.querySelector('#line').form.requestSubmit();`;

test('starts every line with an empty one', async () => {
  const page = await stage.windows.open('ana');
  await page.evaluate(type('first') + enter + type('second') + enter + enter + type('draft'));
  await page.locator('.said').nth(1).waitFor();
  expect(await page.locator('.said').allTextContents()).toEqual(['first', 'second']);
  expect(await page.locator('#line').inputValue()).toBe('draft');
});

test('keeps the new line when the one before could not be sent', async () => {
  const page = await stage.windows.open('ana');
  await page.evaluate(type('x'.repeat(10_001)) + enter + type('next'));
  await page.getByRole('alert').getByText('This is 10,001 characters long').waitFor();
  expect(await page.locator('#line').inputValue()).toBe('next');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => page.locator('#line').inputValue()).toHaveLength(10_001);
  expect(stage.windows.takeComplaints().join()).toContain('413');
});

test('is never given a completion of an earlier line', async () => {
  const page = await stage.windows.open('ana');
  await page.keyboard.type('/bal');
  await page.getByRole('option', { selected: true }).waitFor();
  await page.evaluate(type('x') + enter);
  await page.locator('.command', { hasText: '/balx' }).waitFor();
  expect(stage.playground.dispatcher.lines).toEqual(['/balx']);
});
