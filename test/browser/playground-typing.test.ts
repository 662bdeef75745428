// A person who types faster than the page draws: all in one turn, between two drawings.
import { expect, test } from 'vitest';
import { findSlashHint } from '../../src/bots/playground/page/slash.ts';
import { send, setStage } from './window.ts';

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

test.each([
  ['balance payermax', 'Did you mean /balance? Commands begin with /.'],
  ['Help', 'Did you mean /purser help? Commands begin with /.'],
])('is said as it is, and hinted at when it begins like a command: %s', async (line, hint) => {
  const page = await stage.windows.open('ana');
  await send(page, line);
  await page.locator('.notice', { hasText: hint }).waitFor();
  expect(await page.locator('.said').allTextContents()).toEqual([line]);
  await send(page, 'something else');
  await page.locator('.notice').waitFor({ state: 'detached' });
});

test.each(['help me with this, Ben', 'our balance is low', '/', 'b'])(
  'is not hinted at when it is meant for people: %s',
  (line) => {
    const commands = ['/balance ', '/purser help'].map((one) => ({
      line: one,
      label: '',
      help: '',
    }));
    expect(findSlashHint(line, commands)).toBeUndefined();
  },
);
