// Payouts that do not go straight to their end: stopped by people, out of time, failed, in doubt, come
// back, frozen. PayerMax's test environment ends an order as its remark says, which here is the note.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { approve, field, go, posted, press, request, says, setStories, told } from './story.ts';
import { send } from './window.ts';

const stories = setStories();

test('a payout is rejected by one approver, who must say why', async () => {
  const { ana, ben, cy } = await stories.open('ana', 'ben', 'cy');
  const title = '125.50 USD to Maria Santos';
  const card = await request(ana, '/payout payermax 125.50 USD maria invoice 42', title);
  await press(posted(ben, title), 'Reject');
  const question = told(ben, 'Reject this payout');
  await press(question, 'Reject');
  await says(question, 'Say why in 3 to 300 characters');
  await field(question, 'Why').fill('The invoice is paid already');
  await press(question, 'Reject');
  await says(told(ben, title), 'You rejected it.');
  for (const page of [ana, cy]) {
    await says(posted(page, title), 'Rejected. Ben Okafor said no: The invoice is paid already');
  }
  await says(told(ana, title), 'Rejected.');
  expect(await card.getByRole('button').count()).toBe(0);
  expect(stories.orders('payermax', '125.50 USD')).toEqual([]);
});

test('a payout is taken back by who asked for it, and by nobody else', async () => {
  const { ana, ben } = await stories.open('ana', 'ben');
  const title = '126.00 USD to Maria Santos';
  await request(ana, '/payout payermax 126.00 USD maria invoice 42', title);
  await press(posted(ben, title), 'Cancel my request');
  await says(
    told(ben, 'Waiting for approval: nothing has changed'),
    'Only Ana Torres, who asked for it, can cancel it. Approvers can reject it.',
  );
  await press(posted(ana, title), 'Cancel my request');
  await says(told(ana, title), 'You took it back. Nothing was sent.');
  await says(posted(ben, title), 'Cancelled. Ana Torres took it back.');
  expect(stories.orders('payermax', '126.00 USD')).toEqual([]);
});

test('a payout that nobody decides on expires, and an old button says so', async () => {
  const { ana, ben } = await stories.open('ana', 'ben');
  const title = '127.00 USD to Maria Santos';
  await request(ana, '/payout payermax 127.00 USD maria invoice 42', title);
  const hint = ben.getByRole('button', { name: `${title} Decide · expires in 24 h` });
  await hint.click();
  const old = told(ben, title);
  await old.waitFor();
  stories.clock.advance(21 * 3_600_000);
  await go(ben, 'alerts');
  await says(
    posted(ben, `Waiting for approval: ${title}`),
    'It still waits for Ben Okafor or Cy Lindqvist.',
    'Ana Torres: nobody has decided yet.',
  );
  await go(ben, 'approvals');
  stories.clock.advance(3 * 3_600_000);
  await says(posted(ben, title), 'Expired. Too few people agreed in time.');
  await says(told(ana, title), 'Expired.');
  await press(old, 'Approve', 'Approve');
  await says(told(ben, 'Expired: nothing has changed'), 'expired already.');
  expect(stories.orders('payermax', '127.00 USD')).toEqual([]);
});

test('a payout that PayerMax does not pay says why, and the money is there again', async () => {
  const { ana, ben } = await stories.open('ana', 'ben');
  const title = '131.00 USD to Maria Santos';
  const card = await request(ana, '/payout payermax 131.00 USD maria FAILED', title);
  await approve(ben, title);
  await says(card, 'With the provider.');
  stories.clock.advance(5_000);
  await says(card, 'Failed.', 'Other errors');
  await says(told(ana, title), 'Failed.');
  await send(ana, '/balance payermax USD');
  await ana.getByRole('cell', { name: '184,203.77' }).waitFor();
  expect(stories.orders('payermax', '131.00 USD')).toEqual(['FAILED']);
});

test('a payout whose answer is lost is asked about and never sent again', async () => {
  const { ana, ben } = await stories.open('ana', 'ben');
  const title = '132.00 USD to Maria Santos';
  const payermax = stories.sandbox('payermax');
  const countCalls = () =>
    payermax.requests().filter(({ path }) => path.endsWith('/paymentOrderPay')).length;
  const callsBefore = countCalls();
  payermax.switchFault({ name: 'process_then_reset', path: 'paymentOrderPay' });
  payermax.switchFault({ name: 'http_500', path: 'paymentOrderQry' });
  const card = await request(ana, '/payout payermax 132.00 USD maria invoice 42', title);
  await approve(ben, title);
  await says(card, 'Outcome unknown. Nobody knows yet whether PayerMax took it.');
  await says(card, 'Purser asks and never sends it again.');
  await says(told(ana, title), 'Outcome unknown.');
  expect(await card.getByRole('button').count()).toBe(0);
  payermax.clearFaults();
  stories.clock.advance(60_000);
  await says(card, 'Paid.');
  expect(stories.orders('payermax', '132.00 USD')).toEqual(['SUCCESS']);
  expect(countCalls() - callsBefore).toBe(1);
});

test('a payout that nobody can ask about is closed by two people who say the same', async () => {
  const { ana, ben, cy } = await stories.open('ana', 'ben', 'cy');
  const title = '150.00 PEN to Diego Sanchez Carranza';
  stories.sandbox('alignet').switchFault({ name: 'process_then_reset', path: '/payouts' });
  const card = await request(ana, '/payout alignet 150.00 PEN diego', title);
  await approve(ben, title);
  await says(card, 'Outcome unknown.', 'two people close it here', 'It is never sent again.');
  await go(ana, 'alerts');
  await says(posted(ana, `Outcome unknown: ${title}`), 'Alignet cannot be asked');
  await go(ana, 'approvals');

  await press(posted(ana, title), 'It was paid');
  await says(told(ana, 'Outcome unknown: nothing has changed'), 'your own request');
  await answer(ben, title, 'It was paid', 'Line 12 of the portal');
  await says(told(ben, title), 'A second person must say the same.');
  await says(card, 'Ben Okafor says “It was paid”', 'must say the same');
  await answer(cy, title, 'It was never sent', 'I do not find it');
  await says(card, 'Outcome unknown.');
  await answer(cy, title, 'It was paid', 'Found it: line 12');
  await says(told(cy, title), 'Two people have said so; it is closed.');
  await says(card, 'Paid.', 'Line 12 of the portal', 'Found it: line 12');
  expect(stories.sandbox('alignet').books()).toHaveLength(1);
});

test('a payout that comes back is said loudly', async () => {
  const { ana, ben } = await stories.open('ana', 'ben');
  const title = '133.00 USD to Maria Santos';
  const card = await request(ana, '/payout payermax 133.00 USD maria BOUNCEBACK', title);
  await approve(ben, title);
  await says(card, 'With the provider.');
  stories.clock.advance(5_000);
  await says(card, 'Paid.');
  await go(ben, 'alerts');
  stories.clock.advance(30_000);
  await says(card, 'Came back. It was paid, and the money came back to PayerMax.');
  await says(posted(ben, `Came back: ${title}`), 'Find out why before it is asked for again.');
  await says(told(ana, title), 'Came back.');
  expect(stories.orders('payermax', '133.00 USD')).toEqual(['BOUNCEBACK']);
});

test('a payout is not approved while its provider is frozen; two others lift that', async () => {
  const { ana, ben, cy } = await stories.open('ana', 'ben', 'cy');
  const title = '128.00 USD to Maria Santos';
  const card = await request(ana, '/payout payermax 128.00 USD maria invoice 42', title);
  await send(cy, '/purser freeze payermax the bank file looks odd');
  await posted(ben, 'Payouts at PayerMax are frozen').waitFor();
  await go(cy, 'alerts');
  await cy.getByRole('region', { name: /are frozen$/ }).waitFor();
  await press(posted(ben, title), 'Approve', 'Approve');
  const refusal = told(ben, 'That did not work');
  await says(
    refusal,
    'It cannot be approved now.',
    'frozen by Cy Lindqvist: the bank file looks odd',
  );
  await says(card, 'Waiting for approval.');

  await send(cy, '/purser unfreeze payermax');
  await says(
    told(cy, 'Nothing has changed'),
    'You froze it yourself; two other approvers lift it.',
  );
  await send(ben, '/purser unfreeze payermax');
  await posted(ana, 'Payouts at PayerMax are still frozen').waitFor();
  await send(ben, '/purser unfreeze payermax');
  await says(told(ben, 'Nothing has changed'), 'another approver must too');
  expect(stories.orders('payermax', '128.00 USD')).toEqual([]);
  await send(ana, '/purser unfreeze payermax');
  await posted(ben, 'Payouts at PayerMax go on').waitFor();
  await approve(ben, title);
  await says(card, 'With the provider.');
  stories.clock.advance(5_000);
  await says(card, 'Paid.');
  expect(stories.orders('payermax', '128.00 USD')).toEqual(['SUCCESS']);
});

/** Says how it ended, with the reason that is asked for. */
async function answer(page: Page, title: string, verdict: string, why: string): Promise<void> {
  await press(posted(page, title), verdict);
  const question = told(page, verdict);
  await field(question, 'Why').fill(why);
  await press(question, verdict);
  await question.waitFor({ state: 'detached' });
}
