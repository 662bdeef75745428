// Payouts from the request to the money, before the eyes of everybody whom they concern, and the
// payees to whom they go.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { approve, field, posted, press, request, says, setStories, told } from './story.ts';
import { button, send, untilFocused } from './window.ts';

const stories = setStories();

describe('a payout', () => {
  test('is asked for in a line, approved by another person, and paid once', async () => {
    const { ana, ben } = await stories.open('ana', 'ben');
    const title = '125.50 USD to Maria Santos';
    await send(ana, '/payout payermax 125.50 USD maria invoice 42');
    const preview = told(ana, `Ask for ${title}?`);
    await says(preview, '••7890', '184,203.77 USD, 184,078.27 USD after it', 'invoice 42');
    await says(preview, '1 of Ben Okafor, Cy Lindqvist (up to 1,000.00 USD at PayerMax)');
    expect(await ben.getByRole('article').count()).toBe(0);
    await press(preview, 'Ask for approval');
    await says(told(ana, title), 'You have asked for it.');
    await says(posted(ben, title), 'Waiting for approval.', 'Ana Torres, 20 Nov, 12:00 UTC');

    await press(posted(ana, title), 'Approve', 'Approve');
    await says(told(ana, 'Waiting for approval: nothing has changed'), 'It is your own request');
    await ben.getByRole('heading', { name: 'Waiting for you 1' }).waitFor();
    expect(await ben.getByText('It is your own request').count()).toBe(0);

    await press(posted(ben, title), 'Approve');
    const dialog = ben.getByRole('dialog', { name: 'Pay 125.50 USD?' });
    await says(dialog, 'To Maria Santos with PayerMax.', 'cannot be called back');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await says(told(ben, title), 'You agreed.');
    for (const page of [ana, ben]) await says(posted(page, title), 'With the provider.');
    expect(stories.orders('payermax', '125.50 USD')).toEqual(['PENDING']);

    stories.clock.advance(5_000);
    for (const page of [ana, ben]) {
      await says(posted(page, title), 'Paid. PayerMax has paid it.', 'Ben Okafor approved');
      expect(await posted(page, title).getByRole('button').count()).toBe(0);
    }
    await says(told(ana, title), 'Paid.');
    await ben.getByText('Nothing waits for you.').waitFor();
    expect(stories.orders('payermax', '125.50 USD')).toEqual(['SUCCESS']);
    await send(ben, '/balance payermax USD');
    await ben.getByRole('cell', { name: '184,078.27' }).waitFor();
    await send(ben, '/purser audit verify');
    await told(ben, 'The audit log is intact').waitFor();
  });

  test('is asked for in a form, which keeps what was typed until it is right', async () => {
    const { ana, ben } = await stories.open('ana', 'ben');
    const title = '126.00 USD to Maria Santos';
    await send(ana, '/payout');
    const form = told(ana, 'Ask for a payout');
    await press(form, 'Preview');
    await says(form, 'Choose a payee.');
    const payee = 'maria: Maria Santos, PayerMax, Philippines, bank account';
    await field(form, 'Payee').selectOption({ label: payee });
    await field(form, 'Amount').fill('1,260');
    await field(form, 'Currency').fill('usd');
    await field(form, 'Note').fill('invoice 43');
    await press(form, 'Preview');
    await says(form, '1260 or 1.260');
    await field(form, 'Amount').fill('126');
    await press(form, 'Preview');
    const preview = told(ana, `Ask for ${title}?`);
    await says(preview, 'invoice 43');
    await press(preview, 'Ask for approval');
    await posted(ben, title).waitFor();
    await approve(ben, title);
    await says(posted(ana, title), 'With the provider.');
    stories.clock.advance(5_000);
    await says(posted(ana, title), 'Paid.');
    expect(stories.orders('payermax', '126.00 USD')).toEqual(['SUCCESS']);
  });

  test('is asked for and approved with the keyboard alone, and every state is said', async () => {
    const { ana, ben } = await stories.open('ana', 'ben');
    const title = '127.00 USD to Maria Santos';
    await untilFocused(ana, 'Message #approvals, or / for commands');
    await ana.keyboard.type('/payout payermax 127.00 USD maria by keyboard');
    await ana.keyboard.press('Enter');
    await button(ana, 'Ask for approval').waitFor();
    await walkBackTo(ana, 'Ask for approval');
    await ana.keyboard.press('Enter');
    await hears(ben, `Purser: ${title}. Waiting for approval.`);

    await untilFocused(ben, 'Message #approvals, or / for commands');
    await walkBackTo(ben, 'Approve');
    await ben.keyboard.press('Enter');
    await untilFocused(ben, 'Go back');
    await ben.keyboard.press('Tab');
    await untilFocused(ben, 'Approve');
    await ben.keyboard.press('Enter');
    await says(posted(ben, title), 'With the provider.');
    stories.clock.advance(5_000);
    for (const page of [ana, ben]) await hears(page, `Purser: ${title}. Paid.`);
    expect(stories.orders('payermax', '127.00 USD')).toEqual(['SUCCESS']);
  });
});

describe('two approvers', () => {
  test('are needed above the rule’s amount, and the card says who is missing', async () => {
    const { ana, ben, cy } = await stories.open('ana', 'ben', 'cy');
    const title = '1,500.00 USD to Maria Santos';
    const card = await request(ana, '/payout payermax 1500.00 USD maria deposit', title);
    await says(card, 'Ben Okafor or Cy Lindqvist can decide; 2 of them must agree.');
    await approve(ben, title, 'You agreed. 1 more must agree.');
    await says(card, 'Cy Lindqvist can decide.', 'Ben Okafor approved');
    await press(posted(ben, title), 'Approve', 'Approve');
    await says(told(ben, 'Waiting for approval: nothing has changed'), 'done already');
    expect(stories.orders('payermax', '1500.00 USD')).toEqual([]);
    await approve(cy, title);
    await says(card, 'With the provider.', 'Cy Lindqvist approved');
    stories.clock.advance(5_000);
    await says(card, 'Paid.');
    expect(stories.orders('payermax', '1500.00 USD')).toEqual(['SUCCESS']);
  });

  test('are needed for what may be the same payout again', async () => {
    const { ana, ben, cy } = await stories.open('ana', 'ben', 'cy');
    const title = '130.00 USD to Maria Santos';
    const line = '/payout payermax 130.00 USD maria';
    const first = await request(ana, line, title);
    await approve(ben, title);
    await says(first, 'With the provider.');
    stories.clock.advance(5_000);
    await says(first, 'Paid.');

    await send(ana, line);
    const preview = told(ana, `Ask for ${title}?`);
    await says(preview, 'Possible duplicate', '(paid)', 'One more person must agree.');
    await press(preview, 'Ask for approval');
    await says(posted(ben, title), '2 of them must agree.', 'Possible duplicate');
    await approve(ben, title, 'You agreed. 1 more must agree.');
    expect(stories.orders('payermax', '130.00 USD')).toHaveLength(1);
    await approve(cy, title);
    await says(posted(ana, title), 'With the provider.');
    expect(stories.orders('payermax', '130.00 USD')).toHaveLength(2);
  });
});

test('a payee is added in a form, agreed to by a second person, and then paid', async () => {
  const { ana, ben } = await stories.open('ana', 'ben');
  await send(ana, '/payee add');
  const form = told(ana, 'Add a payee');
  await field(form, 'Paid by').selectOption({
    label: 'PayerMax: Philippines, bank account (PHP, USD)',
  });
  await press(form, 'Next');
  await field(form, 'Short name').fill('rosa');
  await field(form, 'Name').fill('Rosa Reyes');
  await field(form, 'Bank').fill('SEC');
  await press(form, 'Save for agreement');
  await says(form, 'Account number is missing.');
  await field(form, 'Account number').fill('1234509876');
  await press(form, 'Save for agreement');
  await says(told(ana, 'Payee rosa: Rosa Reyes'), '••9876', 'Ben Okafor or Cy Lindqvist');

  await send(ana, '/payout payermax 20.00 USD rosa');
  await says(told(ana, 'That did not work'), 'rosa waits for a second person’s approval');
  await press(posted(ana, 'Payee rosa: Rosa Reyes'), 'Agree', 'Agree');
  await told(ana, 'That is your own payee').waitFor();
  await press(posted(ben, 'Payee rosa: Rosa Reyes'), 'Agree', 'Agree');
  await says(told(ben, 'You agreed to rosa'), 'It can be paid from now on.');
  await says(posted(ana, 'Payee rosa: Rosa Reyes'), 'agreed by Ben Okafor');

  const title = '20.00 USD to Rosa Reyes';
  const card = await request(ana, '/payout payermax 20.00 USD rosa', title);
  await approve(ben, title);
  await says(card, 'With the provider.');
  stories.clock.advance(5_000);
  await says(card, 'Paid.');
  expect(stories.orders('payermax', '20.00 USD')).toEqual(['SUCCESS']);
  expect(await ana.getByText('1234509876').count()).toBe(0);
});

describe('the example payee', () => {
  test.each([
    ['smilepayz', '100.00 PEN', 'luz', 'Luz Rodriguez Lopez', 'SUCCESS'],
    ['paycross', '80.00 USD', 'jonas', 'Jonas Weber', 'successful'],
    ['payneteasy', '25.00 USD', 'vera', 'Vera Novak', 'approved'],
  ])('of %s is paid', async (provider, amount, id, name, status) => {
    const { ana, ben, cy } = await stories.open('ana', 'ben', 'cy');
    const title = `${amount} to ${name}`;
    const card = await request(ana, `/payout ${provider} ${amount} ${id}`, title);
    await approve(ben, title);
    if (amount.endsWith('USD')) await approve(cy, title);
    await says(card, 'With the provider.');
    stories.clock.advance(10_000);
    await says(card, 'Paid.');
    expect(stories.orders(provider, amount)).toEqual([status]);
  });

  test('of alignet is taken, and two people say when it was paid', async () => {
    const { ana, ben } = await stories.open('ana', 'ben');
    const title = '150.00 PEN to Diego Sanchez Carranza';
    const card = await request(ana, '/payout alignet 150.00 PEN diego', title);
    await approve(ben, title);
    await says(card, 'With the provider. Alignet has taken it and cannot be asked.');
    await card.getByRole('button', { name: 'It was paid' }).waitFor();
    expect(stories.sandbox('alignet').books()).toHaveLength(1);
  });
});

/** Backwards, from the line to a button of the newest cards. */
async function walkBackTo(page: Page, name: string): Promise<void> {
  for (let steps = 0; steps < 12; steps += 1) {
    await page.keyboard.press('Shift+Tab');
    if ((await page.locator(':focus').innerText()).trim() === name) return;
  }
  throw new Error(`the keyboard does not come to “${name}”`);
}

/** Waits until a screen reader is given this to say. */
async function hears(page: Page, text: string): Promise<void> {
  await page.getByRole('status').getByText(text).first().waitFor({ state: 'attached' });
}
